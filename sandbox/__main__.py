"""Run the sandbox alone: `python -m sandbox --port 4000`."""

import argparse

from sandbox.app import create_app
from sandbox.config import small_clinic
from sandbox.server import SandboxServer


def main() -> None:
    """Serve a small clinic until interrupted, and say how an app connects to it."""
    parser = argparse.ArgumentParser(prog="sandbox", description="A local Slack with a chat page.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=4000)
    parser.add_argument(
        "--request-url", help="post commands, clicks and events here; without it, Socket Mode"
    )
    asked = parser.parse_args()
    config = small_clinic(request_url=asked.request_url)
    address = f"http://{asked.host}:{asked.port}"
    app = config.app
    lines = (
        f"Chat page       {address}/",
        f"Web API         {address}/api/",
        f"Bot token       {app.bot_token}",
        f"App token       {app.app_token}",
        f"Signing secret  {app.signing_secret}",
    )
    print("\n".join(lines), flush=True)  # noqa: T201 - what this program has to say
    SandboxServer(create_app(config), host=asked.host, port=asked.port).run()


if __name__ == "__main__":
    main()
