"""`discharge MRN123 goals met on 11/20`: an episode ends."""

import re
from datetime import date

from bot.grammar.call import sentences
from bot.grammar.call.command import Call, Command, Section
from bot.grammar.call.leftovers import refuse_times
from bot.grammar.call.line import CallLine
from bot.grammar.log.notes import warnings
from bot.grammar.parsed import Parsed
from bot.grammar.problems import ProblemCode
from bot.grammar.text import blanks, phrases
from bot.grammar.text.lexicon import EVENT_WORDS
from bot.grammar.text.phrases import quoted
from bot.grammar.text.scan import Item
from bot.grammar.text.wordlists import words
from bot.grammar.when.dates import date_of
from services.care.requests import Discharge

_EXAMPLE = "discharge MRN123 goals met on 11/3"
_WHICH_DAY = (
    "Does {word} belong to the reason, or did care end on it? To end it today, {day}, and keep those words, send "
    "this:"
)
_TO_COME = re.compile(
    r"(?:\W|\b(?:is|was|the|pt|patient|to|be)\b)*(?:not (?:yet|now|ready|today|until|going|to be|sure)|don't|do "
    r"not|when|if|once|until|unless|maybe|might"
    r"|may|planning|plan to|plans to|pending|soon|tomorrow|next|will|should|consider\w*|possibl\w*|cancel\w*|later"
    r"|upcoming|wait|scheduled|refus\w* discharge|yet)\b"
)
_MARKS = words("effective eff of dated date")
#: Words before a date that make it the date of something else, even where `on` stands between.
_EVENTS = EVENT_WORDS | words(
    "contact contacts call calls visit session spoke talked reached attempt attempted attempts appt"
)
_KEPT_AFTER = words(
    "since until till til by before after from to through thru next upcoming due every each prior dob"
)
_MARK_AT_END = re.compile(r"[\s,;]*\b(?:effective|eff|as of|dated)[\s.]*$", re.IGNORECASE)
_NO_REASON = "No reason: say why care ends, such as goals met, or moved away."


def read(call: Call) -> Parsed:
    """The patient, the reason as typed, and the day: after `on`, or before the reason."""
    line = CallLine(call)
    if more := line.refuse_more_lines():
        return more
    patient = line.patient()
    refuse_times(line)
    dates = line.dates_left()
    named = [item for item in dates if _is_the_day(line, item)]
    doubtful = [] if named else [item for item in dates if _may_be_the_day(line, item)]
    found = [line.take_item(item) for item in named]
    on: date | None = line.one_past(found) if found else line.today
    reason = _MARK_AT_END.sub("", line.rest()).strip('"“” ')
    _check(line, reason)
    if doubtful and patient is not None and not line.problems:
        _ask_which_day(line, doubtful[-1], reason)
    if line.problems or patient is None or on is None:
        when = f"on {on.month}/{on.day}/{on.year}" if on and on != line.today else ""
        return line.refused(
            (patient.text if patient else blanks.PATIENT, reason or blanks.Blank("___", "goals met"), when)
        )
    said = (*line.remarks, *warnings(reason))
    return line.understood(Discharge(patient=patient, on=on, reason=reason, remarks=said))


def _check(line: CallLine, reason: str) -> None:
    most = line.call.context.limits.note_characters
    if not reason:
        line.find(ProblemCode.NO_REASON, _NO_REASON)
    elif len(reason) > most:
        line.find(ProblemCode.NOTE_TOO_LONG, sentences.too_long("reason", len(reason), most))
    elif _TO_COME.match(reason.casefold()) or line.line.plain.rstrip().endswith("?"):
        line.says_otherwise = True
        message = sentences.SAYS_OTHERWISE.format(word=quoted(reason), command=line.call.command.name)
        line.find(ProblemCode.EXTRA_WORDS, message)


def _is_the_day(line: CallLine, item: Item) -> bool:
    """`on 10/3` is the day of discharge, and so is a date before the reason; `no contact since 10/3` keeps its date."""
    before = _words_before(line, item)
    marked = line.plain[item.start : item.end].startswith("on ") or (before[-1:] and before[-1] in _MARKS)
    if marked:
        return before[-1:] == [] or before[-1] not in _EVENTS
    return not before


def _may_be_the_day(line: CallLine, item: Item) -> bool:
    """A date that closes the reason, or follows an event: `last contact 11/3`."""
    before = _words_before(line, item)
    return before[-1] not in _KEPT_AFTER and not line.plain[item.end :].strip(" |,;:.-")


def _words_before(line: CallLine, item: Item) -> list[str]:
    return [word.strip(",;:.") for word in line.plain[: item.start].replace("|", " ").strip(" ,;:-").split()]


def _ask_which_day(line: CallLine, item: Item, reason: str) -> None:
    """Today with the date left in the reason, or that date."""
    named = line.call.command.name
    plain = line.line.plain
    word = line.line.shown[item.start : item.end]
    today, reading = line.today, date_of(plain[item.start : item.end], line.now)
    patient = next(line.line.shown[one.start : one.end] for one in line.named_patients)
    message = _WHICH_DAY.format(word=quoted(word), day=phrases.day(today))
    kept = reason.replace('"', "")
    example = f'{named} {patient} "{kept}" on {today.month}/{today.day}/{today.year}'
    line.find(ProblemCode.TWO_DATES, message, item.start, item.end, example=example)
    rest = " ".join(part.strip(" ,;") for part in kept.rsplit(word, 1)).strip(" ,;")
    for day in (reading.day, reading.other):
        if day is None or day > today:
            continue
        example = f'{named} {patient} "{rest}" on {day.month}/{day.day}/{day.year}'
        message = sentences.OR_THIS_DATE.format(day=phrases.full_day(day))
        line.find(ProblemCode.TWO_DATES, message, item.start, item.end, example=example)


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
        "The reason is kept as you write it: goals met, referred to specialty care, moved away, no contact since "
        "9/1. "
        "When care goes on later, enroll the patient again: a new episode begins."
    ),
    read=read,
)
