"""Where answers may be posted that come after an acknowledgment: to Slack, and nowhere else."""

from typing import Any, Final
from urllib.parse import urlsplit

import structlog
from aiohttp import ClientError
from slack_bolt.async_app import AsyncBoltRequest
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.tally import Tally

log = structlog.get_logger(__name__)

#: Slack's own, of the commercial and of the government cloud.
SLACKS: Final = frozenset(("https", host, 443) for host in ("hooks.slack.com", "hooks.slack-gov.com"))
_OK = 200
_SECONDS = 10


class AnswerUrls:
    """Tells the addresses that Slack gives for answers from any other."""

    def __init__(self, api_url: str) -> None:
        """Remember where Slack is.

        Args:
            api_url: the Web API's address. Where it is not Slack's own, answers may go to that server too.
        """
        self._base = _origin(api_url)
        self._refused = Tally("response_url refused")

    def are_slacks(self, url: str) -> bool:
        """Whether an answer may be posted there."""
        origin = _origin(url)
        return origin is not None and (origin == self._base or origin in SLACKS)

    def keep_slacks(self, request: AsyncBoltRequest) -> None:
        """Take addresses that are not Slack's out of a request, before anybody answers there."""
        url = request.body.get("response_url")
        if url and not (isinstance(url, str) and self.are_slacks(url)):
            self._refused.note("not Slack's")
            request.body.pop("response_url")
            request.context.pop("response_url", None)
        listed = request.body.get("response_urls")
        if listed:
            # Nothing here is answered at these: forms say themselves where their answer goes.
            request.body["response_urls"] = []

    async def post(self, url: str, message: dict[str, Any]) -> bool:
        """Post an answer; False where it is not taken: the address has expired, is used up, or is not Slack's."""
        if not self.are_slacks(url):
            self._refused.note("not Slack's")
            return False
        try:
            sent = await AsyncWebhookClient(url, timeout=_SECONDS, retry_handlers=[]).send_dict(message)
        except (TimeoutError, OSError, ClientError) as error:
            # Perhaps it came: an answer seen twice is better than none.
            log.warning("answer not posted", error=type(error).__name__)
            return False
        return bool(sent.status_code == _OK)


def _origin(url: str) -> tuple[str, str, int] | None:
    """Scheme, host and port; None for what is no such address, or holds more than one."""
    try:
        parts = urlsplit(url)
        port = parts.port or {"https": 443, "http": 80}.get(parts.scheme)
    except ValueError:
        return None
    if port is None or not parts.hostname or parts.username is not None or parts.password is not None:
        return None
    if "\\" in url or " " in url or not url.isprintable():
        return None
    return parts.scheme, parts.hostname.lower(), port
