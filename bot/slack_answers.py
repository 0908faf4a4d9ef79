"""Decides from Slack's answers, errors and time-outs whether a message was sent."""

from collections.abc import Awaitable
from typing import Any, Final, cast

from aiohttp import ClientError
from slack_sdk.errors import SlackApiError, SlackClientError

from services.messages.deliveries import Ambiguous, Limited, Refused, Trouble, Uploaded

#: Slack's words for having failed in the middle: it may have done what was asked.
_MAY_BE_DONE: Final = frozenset(
    {"fatal_error", "internal_error", "service_unavailable", "request_timeout", "service_timeout"}
)
_LIMITED: Final = frozenset({"ratelimited", "rate_limited", "message_limit_exceeded"})
_OK, _TOO_MANY, _SERVER_ERROR = 200, 429, 500
#: Seconds to pause when Slack does not say how long.
_PAUSE = 1.0


async def asked(call: Awaitable[Any]) -> dict[str, Any] | Trouble:
    """Await one request; the body of Slack's answer, or what went wrong."""
    answer = await _answered(call)
    return answer if isinstance(answer, Trouble) else cast("dict[str, Any]", answer.data)


async def uploaded(call: Awaitable[Any]) -> Uploaded | Trouble:
    """Await the upload of a file's bytes, which is answered outside the Web API."""
    answer = await _answered(call)
    if isinstance(answer, Trouble):
        return answer
    if answer.status == _TOO_MANY:
        return Limited(seconds=_PAUSE)
    if answer.status >= _SERVER_ERROR:
        return Ambiguous()
    return Uploaded() if answer.status == _OK else Refused(code="upload_refused")


async def _answered(call: Awaitable[Any]) -> Any | Trouble:
    try:
        return await call
    except SlackApiError as error:
        return trouble_of(error)
    except (TimeoutError, OSError, ClientError, SlackClientError):
        return Ambiguous()


def trouble_of(error: SlackApiError) -> Trouble:
    """What an answer that is not `ok` means."""
    answer: Any = error.response
    # Where the body could not be read, the SDK hands over aiohttp's own response.
    status = int(getattr(answer, "status_code", 0) or getattr(answer, "status", 0))
    data = getattr(answer, "data", None)
    body: dict[str, Any] = data if isinstance(data, dict) else {}
    code = body.get("error")
    if status == _TOO_MANY or code in _LIMITED:
        return Limited(seconds=_wait(getattr(answer, "headers", None) or {}))
    if status >= _SERVER_ERROR or code is None or code in _MAY_BE_DONE:
        return Ambiguous()
    if code == "missing_scope" and "channels:read" in str(body.get("needed")):
        # Only to read a public channel would Slack ask for this scope, which the bot does without.
        return Refused(code="channel_not_private")
    return Refused(code=str(code))


def _wait(headers: Any) -> float:
    asked_for = headers.get("Retry-After") or headers.get("retry-after")
    # aiohttp's headers hold one value, those of a stored answer a list of them.
    first = asked_for[0] if isinstance(asked_for, list) else asked_for
    return float(first) if first and str(first).replace(".", "", 1).isdigit() else _PAUSE
