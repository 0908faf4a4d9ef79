"""Carries out `cocm ready`: asks a running bot over its local port."""

import http.client
import json
import os
from typing import Any, Final
from urllib.parse import urlsplit

from cocm.errors import EnvironmentFault
from cocm.terminal import out

#: Where the bot answers operators unless COCM_OPS_PORT says otherwise: Prometheus' exporters listen near here.
PORT: Final = 9464
#: A bot that hangs is not ready, and whoever asks has other things to do.
_PATIENCE_SECONDS = 8


def ask(url: str) -> None:
    """Print that the bot is ready.

    Args:
        url: of its page of readiness; empty for the local one.

    Raises:
        EnvironmentFault: with what stands in the way, or when nobody answers.
    """
    address = url or f"http://127.0.0.1:{os.environ.get('COCM_OPS_PORT') or PORT}/readyz"
    try:
        wrong = _wrong_at(address)
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise EnvironmentFault(
            f"Nothing answers at {address} as the bot would. Start it with: cocm serve. Where it uses another port, "
            "set COCM_OPS_PORT or give --url."
        ) from error
    if wrong:
        raise EnvironmentFault("Not ready. " + " ".join(f"{part}: {said}" for part, said in wrong.items()))
    out.print("Ready.", markup=False)


def _wrong_at(address: str) -> dict[str, str]:
    """What the page says stands in the way, by part."""
    parts = urlsplit(address)
    if parts.scheme != "http" or not parts.hostname:
        raise ValueError("not an address of the bot's own pages")
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=_PATIENCE_SECONDS)
    try:
        connection.request("GET", parts.path or "/readyz")
        said: Any = json.loads(connection.getresponse().read())
    finally:
        connection.close()
    if not (isinstance(said, dict) and isinstance(said.get("wrong"), dict)):
        raise http.client.HTTPException
    return {str(part): str(sentence) for part, sentence in said["wrong"].items()}
