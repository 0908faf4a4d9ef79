"""Handles every error: a refusal is shown as its sentence, anything else as a reference that finds the log line."""

import secrets
import traceback

import structlog
from slack_sdk.errors import SlackApiError

from bot import kit, measures
from bot.replies import Reply
from bot.screens import problems
from services.errors import Refusal, StorageError

log = structlog.get_logger(__name__)


def reply_to(error: BaseException) -> Reply:
    """What the person is told of an error.

    A refusal says what to fix. Anything else is ours or the operator's: the person gets a short
    reference, the log the same reference with type and frames, and never the error's own text, which
    may hold what was typed.
    """
    if isinstance(error, Refusal):
        log.info("refused", code=error.code)
        return Reply(text=problems.NOT_DONE, blocks=(kit.section(kit.escape(error.sentence)),))
    reference = secrets.token_hex(4)
    measures.FAILED.labels(type(error).__name__).inc()
    if isinstance(error, StorageError):
        # Its text names no patient and no words of a person, as storage guarantees.
        log.error("storage error", reference=reference, error=type(error).__name__, owner=error.owner)
        return Reply(
            text=problems.NOT_DONE, blocks=(kit.section(problems.storage_error(error.sentence, reference)),)
        )
    log.error(
        "unexpected error",
        reference=reference,
        error=type(error).__qualname__,
        **code_of(error),
        frames=[
            f"{frame.filename}:{frame.lineno} {frame.name}"
            for frame in traceback.extract_tb(error.__traceback__)
        ],
    )
    return Reply(text=problems.NOT_DONE, blocks=(kit.section(problems.unexpected(reference)),))


def code_of(error: BaseException) -> dict[str, str]:
    """Slack's own word for what it refused, for the log: it says nothing of a patient."""
    if not isinstance(error, SlackApiError):
        return {}
    return {"code": str(error.response.get("error")) if error.response is not None else "no answer"}
