"""Prints what the bot would understand of a text."""

from collections.abc import Iterator

from billing.durations import spoken
from bot.grammar import Parsed
from services.entries.requests import LogRequest


def plain_lines(parsed: Parsed) -> Iterator[str]:
    """A few lines that say how a text was read."""
    yield f"{'Understood' if parsed.ok else 'Not understood'}: {parsed.command}"
    for request in parsed.draft.requests if parsed.draft else ():
        yield f"  {_entry(request)}"
        if request.held_because:
            yield f"    Held, not counted until someone says what it was: {request.held_because}."
        for remark in request.remarks:
            yield f"    {remark}"
    for line in parsed.draft.lines if parsed.draft else ():
        if line.question is not None:
            yield f"  Asked first: {line.question.message}"
            yield f"    {' | '.join(choice.label for choice in line.question.choices)}"
    for problem in parsed.problems:
        yield f"  {problem.message}"
        yield f"    For example: {problem.example}"


def _entry(request: LogRequest) -> str:
    clock = ""
    if request.started_at is not None and request.ended_at is not None:
        clock = f" ({request.started_at:%H:%M}-{request.ended_at:%H:%M})"
    note = f": {request.note}" if request.note else ""
    return (
        f"{spoken(request.seconds)}{clock} for {request.patient.text} on {request.service_date}, "
        f"{request.activity.label}{note}"
    )
