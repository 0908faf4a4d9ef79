"""Reads a person's words about work that a timer measured with the grammar of a log."""

from dataclasses import replace

from billing.people import Member, Patient
from bot.context import BotContext
from bot.grammar import Parsed
from bot.grammar.log.own_notes import with_own_note
from services.entries.requests import LogRequest
from services.errors import Refusal
from services.people.patient_ref import PatientRef
from services.people.patients import shown_mrn

#: What a timer measured takes the place of the time that is read here.
_ANY_TIME = "15m"


class NoteTooLong(Refusal):
    """The notes of the start and the stop do not fit together."""

    code = "note_too_long"


async def described(
    bot: BotContext, member: Member, refs: tuple[PatientRef, ...], begun: str, said: str
) -> tuple[LogRequest, ...]:
    """What was done, for each of the patients that it may have been for.

    Args:
        bot: use cases and settings.
        member: who worked.
        refs: at least one patient.
        begun: the note of the start.
        said: that of the stop.

    Raises:
        NoteTooLong: when the two together do not fit in a note; the timer goes on.
    """
    note = _joined(begun, said)
    most = bot.reading(bot.zone_of(member)).limits.note_characters
    if len(note) > most:
        raise NoteTooLong(
            f"The note would have {len(note)} characters, {len(note) - most} more than the {most} that fit. Your timer "
            "keeps running, and nothing was logged. Stop it with fewer words."
        )
    read = await bot.understand(f"{_ANY_TIME} MRN1 {note}", member)
    request = _plainly_read(bot, member, read) or await _as_it_stands(bot, member, note)
    return tuple(replace(request, patient=ref) for ref in refs)


def ref_of(patient: Patient) -> PatientRef:
    """A patient on file as a request names them."""
    return PatientRef(text=shown_mrn(patient.mrn), identity=patient.identity)


def _joined(begun: str, said: str) -> str:
    parts = [part.strip().rstrip(";,") for part in (begun, said)]
    if parts[1].casefold() == parts[0].casefold():
        parts = parts[:1]
    return "; ".join(part for part in parts if part)


def _plainly_read(bot: BotContext, member: Member, read: Parsed) -> LogRequest | None:
    """The one entry of words that leave nothing open: whose work, with whom, how it went, what is next."""
    if read.draft is None or read.draft.open_question is not None or len(read.draft.requests) != 1:
        return None
    request = read.draft.requests[0]
    today = bot.practice.clock.now().astimezone(bot.zone_of(member)).date()
    plain = request.service_date == today and request.other_date is None and request.started_at is None
    # Whatever else a line of a log takes for a slot, such as a day, is a word about work that was measured.
    return request if plain and request.patient.identity == "1" and not read.left else None


async def _as_it_stands(bot: BotContext, member: Member, note: str) -> LogRequest:
    """The note to the letter: nothing in it is read as anything but the kind of work."""
    read = await bot.understand(f"{_ANY_TIME} MRN1", member)
    assert read.draft is not None, "a length and a patient are a log"
    return with_own_note(read.draft.lines[0], note).requests[0]
