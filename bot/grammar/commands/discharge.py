"""`discharge MRN123 goals met on 11/20`: an episode ends."""

from datetime import date

from bot.grammar.call import sentences
from bot.grammar.call.command import Call, Command, Section
from bot.grammar.call.line import CallLine
from bot.grammar.log.notes import warnings
from bot.grammar.parsed import Parsed
from bot.grammar.problems import ProblemCode
from bot.grammar.text.lexicon import NOT_SERVICE_DATE_AFTER
from bot.grammar.text.scan import Item
from bot.grammar.text.wordlists import words
from services.care.requests import Discharge

_EXAMPLE = "discharge MRN123 goals met on 11/3"
_NO_REASON = "No reason: say why care ends, such as goals met, or moved away."


def read(call: Call) -> Parsed:
    """The patient, the reason as typed, and the day: after `on`, or at either end of what is left."""
    line = CallLine(call)
    if more := line.refuse_more_lines():
        return more
    patient = line.patient()
    found = [line.take_item(item) for item in line.dates_left() if _is_the_day(line, item)]
    on: date | None = line.one_past(found) if found else line.today
    reason = line.rest().strip('"“” ')
    most = call.context.limits.note_characters
    if not reason:
        line.find(ProblemCode.NO_REASON, _NO_REASON)
    elif len(reason) > most:
        message = sentences.too_long("reason", len(reason), most)
        line.find(ProblemCode.NOTE_TOO_LONG, message)
        reason = ""
    if line.problems or patient is None or on is None:
        when = f"on {on.month}/{on.day}/{on.year}" if on and on != line.today else ""
        return line.refused((patient.text if patient else "MRN123", reason or "goals met", when))
    said = (*line.remarks, *warnings(reason))
    return line.understood(Discharge(patient=patient, on=on, reason=reason, remarks=said))


def _is_the_day(line: CallLine, item: Item) -> bool:
    """`no contact since 10/3` keeps its date; `on 10/3`, and a date at either end, is the day of discharge."""
    plain = line.plain
    if plain[item.start : item.end].startswith("on "):
        return True
    before, after = plain[: item.start].strip(" |,;:-"), plain[item.end :].strip(" |,;:.-")
    if not before:
        return True
    return not after and before.split()[-1] not in NOT_SERVICE_DATE_AFTER


COMMAND = Command(
    name="discharge",
    section=Section.CARE,
    place=70,
    usage="discharge <patient> <reason> [on <date>]",
    summary="End a patient's episode of care, with the reason",
    example=_EXAMPLE,
    keywords=words("discharged reason goals"),
    topic=(
        "Ends the open episode today, or on the date given after on. Time after that day does not count.\n"
        "The reason is kept as you write it: goals met, referred to specialty care, moved away, no contact since 9/1. "
        "When care goes on later, enroll the patient again: a new episode begins."
    ),
    read=read,
)
