"""Takes what Slack sends over a socket: looked at as over HTTP, and never a traceback that says what it was."""

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse

from bot.door.bodies import NotAFormError, checked
from bot.errors import reply_to
from bot.tally import Tally

_refused = Tally("envelopes refused")


class SocketDoor(AsyncSocketModeHandler):
    """Bolt's handler of envelopes, behind the same door as requests over HTTP."""

    async def handle(self, client: SocketModeClient, req: SocketModeRequest) -> None:  # type: ignore[override]
        """Answer one envelope; one that is none of Slack's is acknowledged, or it would come again."""
        try:
            checked(req.payload)
        except NotAFormError as why:
            _refused.note(str(why))
            await client.send_socket_mode_response(SocketModeResponse(envelope_id=req.envelope_id))
            return
        try:
            await super().handle(client, req)
        except Exception as error:  # noqa: BLE001 - the SDK would print it with what it was about
            reply_to(error)
