"""Overhears Slack's answers: how its clock goes, whether it takes our tokens, and which words it refuses with."""

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final
from urllib.parse import urlsplit

import structlog
from slack_sdk.http_retry.async_handler import AsyncRetryHandler
from slack_sdk.http_retry.request import HttpRequest
from slack_sdk.http_retry.response import HttpResponse
from slack_sdk.http_retry.state import RetryState

from services.clock import Clock

log = structlog.get_logger(__name__)

#: Slack's words for a token that it takes no more.
REVOKED: Final = frozenset(
    {"token_revoked", "token_expired", "account_inactive", "invalid_auth", "not_authed", "app_uninstalled"}
)
#: What the token of an app begins with; all others are the bot's.
_APP_TOKEN: Final = "xapp-"  # noqa: S105 - no token, only how one begins
#: The same refusal is written to the log again after so many seconds.
_LOG_AGAIN = 60.0
#: So many kinds of refusal are told apart; what comes beyond, by a Slack gone mad, is counted together.
_KINDS = 200
_OTHER = ("other", "other")
BOT, APP = "bot", "app"


class Overheard(AsyncRetryHandler):
    """Is given every answer of Slack's by the SDK, remembers what operators ask about, and never tries again."""

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self._clock = clock
        #: Why Slack takes a token no more, by whose it is: `bot` or `app`.
        self.refused_tokens: dict[str, str] = {}
        #: Seconds that our clock is ahead of Slack's; None before Slack has said what time it is.
        self.clock_offset: float | None = None
        #: How often Slack refused, by method and its word.
        self.refusals: Counter[tuple[str, str]] = Counter()
        self._logged: dict[tuple[str, str], datetime] = {}

    async def can_retry_async(
        self,
        *,
        state: RetryState,  # noqa: ARG002 - the SDK's signature
        request: HttpRequest,
        response: HttpResponse | None = None,
        error: Exception | None = None,
    ) -> bool:
        """Listen; what comes of an answer is for whoever asked."""
        if response is not None and error is None:
            self.hear(request.url, request.headers or {}, response)
        return False

    def hear(self, url: str, headers: Mapping[str, object], response: HttpResponse) -> None:
        """Take in one answer."""
        self._compare_clocks(response.headers)
        body = response.body
        if not isinstance(body, dict) or "ok" not in body:
            return
        whose = APP if _APP_TOKEN in str(headers.get("Authorization", "")) else BOT
        if body["ok"]:
            self.refused_tokens.pop(whose, None)
            return
        code = str(body.get("error") or "unknown")
        if code in REVOKED:
            self.refused_tokens[whose] = code
        self._count(urlsplit(url).path.rpartition("/")[2] or "unknown", code)

    def _count(self, method: str, code: str) -> None:
        key = (method, code)
        if key not in self.refusals and len(self.refusals) >= _KINDS:
            key = _OTHER
        self.refusals[key] += 1
        now = self._clock.now()
        last = self._logged.get(key)
        if last is None or abs((now - last).total_seconds()) >= _LOG_AGAIN:
            self._logged[key] = now
            # Neither the method nor Slack's word says anything of a patient.
            log.warning("slack refused", method=key[0], code=key[1], times=self.refusals[key])

    def _compare_clocks(self, headers: Mapping[str, object]) -> None:
        found = next((value for name, value in headers.items() if name.casefold() == "date"), None)
        said = found[0] if isinstance(found, list) and found else found
        try:
            theirs = parsedate_to_datetime(str(said)) if said else None
        except ValueError:
            return
        if theirs is not None:
            # A date without a zone is of no use elsewhere, and Greenwich's here.
            theirs = theirs if theirs.tzinfo else theirs.replace(tzinfo=UTC)
            self.clock_offset = (self._clock.now() - theirs).total_seconds()
