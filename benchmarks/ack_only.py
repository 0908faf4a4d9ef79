"""A server that verifies and acknowledges, and does nothing else: what Bolt and uvicorn cost by themselves.

Served plainly, by Python's own event loop and h11, whatever else is installed: figures are ratios to it.
"""

import json
import sys

import uvicorn
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from benchmarks.load import SECRET
from cocm.door_server import listening_socket


async def _authorize() -> AuthorizeResult:
    return AuthorizeResult(enterprise_id=None, team_id="T0CLINIC", bot_token="xoxb-bench")


async def _acknowledge(ack: AsyncAck) -> None:
    await ack({"response_type": "ephemeral", "text": "ok"})


def main() -> None:
    """Serve on a free port, and say which."""
    app = AsyncApp(
        name="floor",
        client=AsyncWebClient(),
        signing_secret=SECRET,
        authorize=_authorize,
        process_before_response=True,
    )
    app.command("/cocm")(_acknowledge)
    handler = AsyncSlackRequestHandler(app)

    async def events(request: Request) -> Response:
        return await handler.handle(request)

    web = Starlette(routes=[Route("/slack/events", events, methods=["POST"])])
    server = uvicorn.Server(
        uvicorn.Config(
            web, port=0, log_config=None, access_log=False, lifespan="off", loop="asyncio", http="h11"
        )
    )
    sock = listening_socket("127.0.0.1", 0)
    sys.stderr.write(json.dumps({"port": sock.getsockname()[1]}) + "\n")
    sys.stderr.flush()
    server.run(sockets=[sock])


if __name__ == "__main__":
    main()
