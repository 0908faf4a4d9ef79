"""Reads the fields of a form with the same grammar as a typed line."""

from billing.people import Member
from bot.context import BotContext
from bot.grammar import Parsed
from bot.grammar.log.own_notes import with_own_note
from bot.ids import BlockId
from services.entries.requests import LogDraft, LogRequest


async def understand_fields(bot: BotContext, member: Member, fields: dict[str, str], patient: str) -> Parsed:
    """Read a form's duration and date for a patient as the line `15m MRN123 on 2026-11-18`."""
    return await bot.understand(f"{fields[BlockId.DURATION]} {patient} on {fields[BlockId.DAY]}", member)


def errors_at_fields(parsed: Parsed, fields: dict[str, str], patient: str) -> dict[str, str]:
    """Each problem's sentence at the field whose words it marks."""
    duration_ends = len(fields[BlockId.DURATION])
    patient_ends = duration_ends + 1 + len(patient)
    errors: dict[str, str] = {}
    for problem in parsed.problems:
        if problem.start < duration_ends or BlockId.PATIENT not in fields:
            block = BlockId.DAY if problem.start > patient_ends else BlockId.DURATION
        else:
            block = BlockId.PATIENT if problem.start <= patient_ends else BlockId.DAY
        errors.setdefault(block, problem.message)
    return errors


def asked_in(parsed: Parsed) -> LogRequest:
    """The one entry that a form's fields asked for."""
    assert parsed.draft is not None, "fields without problems are a log"
    return parsed.draft.requests[0]


def with_note(parsed: Parsed, note: str) -> LogDraft:
    """The draft with the form's own note: nothing in it is read as anything else."""
    assert parsed.draft is not None, "fields without problems are a log"
    return LogDraft(lines=tuple(with_own_note(line, note) for line in parsed.draft.lines))
