"""Takes what a claim is made of off a command's line: NPIs, diagnosis, place of service, APCM, and from when on."""

import re
from datetime import date, timedelta
from enum import StrEnum

from billing.npi import is_valid_npi
from bot.grammar.call import sentences
from bot.grammar.call.claimed import Found
from bot.grammar.call.line import CallLine
from bot.grammar.log import sentences as log_sentences
from bot.grammar.problems import ProblemCode
from bot.grammar.text.phrases import quoted
from bot.grammar.text.scan import DATE, WEAK_DATE
from bot.grammar.when.dates import Doubt, date_of

#: Words with which another fact begins: a payer's name ends before them.
BEGINS = (
    r"(?:billing|referring|treating)\s+npi|npi|dx|diagnos[ei]s|icd(?:-?10)?|pos|place\s+of\s+service|apcm"
)
_FROM = re.compile(
    r"\b(?:(?:effective|starting|beginning)(?:\s+(?:on|from))?|as\s+of|from|since)\b[:=]?\s+(?!\|)"
)
_UNTIL = re.compile(r"\b(?:(?:up\s+)?to|until|till?|thr(?:ough|u)|ending)\b[:=]?\s+(?!\|)")
_NPI = r"\bnpi\b(?:\s*(?:is\b|no\.?|number|[:#=]))?\s*([\w-]*)"
_REFERRING = re.compile(rf"(?:\b(?:referring|treating)\s+)?{_NPI}")
_BILLING = re.compile(rf"\bbilling\s+{_NPI}")
_CODE = r"[a-tv-z]\d[0-9a-z](?:\.?[0-9a-z]{1,4})?(?![\w.]\w)"
_DIAGNOSIS = re.compile(
    r"\b(?:dx|(?:diagnos[ei]s|icd(?:-?10)?)(?:\s+codes?)?)\b\s*(?:is\b|are\b|[:=])?\s*"
    rf"((?:{_CODE}(?:\s*[,;/&+]\s*|\s+and\s+|\s+)?)*)"
)
_PLACE = re.compile(r"\b(?:pos|place\s+of\s+service)\b\s*(?:is\b|[:#=])?\s*([\w-]*)")
_APCM = re.compile(r"(?:\bin(?:to)?\s+)?\bapcm\b\s*(?:is\b|[:=])?\s*(yes|no|true|false|y|n)?\b")
_DIGITS = re.compile(r"\d")
#: `12/1`, said in November, is hardly the December of last year.
_SOON = timedelta(days=62)
_A_PLACE = re.compile(r"\d{1,2}")
_NOT_AN_NPI = (
    "{word} is not an NPI, which has ten digits, the last a check digit. Check it against the referral."
)
_NO_NPI = "npi needs ten digits after it."
_NO_CODES = "{word} needs ICD-10 codes after it, such as F32.1."
_NOT_A_PLACE = (
    "{word} is not a place of service, which has two digits: 11 for an office, 10 for telehealth at home."
)
_TWO_FROM = (
    "One message takes one day, and here are {days[0]} and {days[1]}. Send what holds from "
    "each day as a message by itself."
)
_NO_LAST_DAY = (
    "What is on file holds until something else does, so no last day is taken. Leave it out, and send what holds "
    "then as a message by itself, with its own day."
)
_NO_ANSWER = "apcm needs yes or no after it."


class ClaimProblem(StrEnum):
    """What can be wrong with what is said of a claim besides `ProblemCode`."""

    NPI = "npi"
    DIAGNOSIS = "diagnosis"
    PLACE = "place_of_service"
    APCM = "apcm"


def referring_npi(line: CallLine) -> str:
    """Cut the NPI of the treating or referring practitioner; that of who bills must have been cut before."""
    return _npi(line, _REFERRING)


def billing_npi(line: CallLine) -> str:
    """Cut the NPI of who bills."""
    return _npi(line, _BILLING)


def _npi(line: CallLine, pattern: re.Pattern[str]) -> str:
    found = line.take(pattern)
    if found is None:
        return ""
    if not _DIGITS.search(found.group):
        line.find(ClaimProblem.NPI, _NO_NPI, found.start, found.start + len(found.shown.split()[0]))
        return ""
    npi = found.group.replace("-", "")
    if not is_valid_npi(npi):
        word = quoted(found.shown_group)
        line.find(ClaimProblem.NPI, _NOT_AN_NPI.format(word=word), found.start, found.end)
        return ""
    return npi


def diagnosis_codes(line: CallLine) -> tuple[str, ...]:
    """Cut ICD-10 codes, in capitals, with their point, each once."""
    found = line.take(_DIAGNOSIS)
    if found is None:
        return ()
    codes = [_pointed(code.upper()) for code in re.findall(_CODE, found.group)]
    if not codes:
        word = found.shown.rstrip()
        message = _NO_CODES.format(word=word)
        line.find(ClaimProblem.DIAGNOSIS, message, found.start, found.start + len(word))
    return tuple(dict.fromkeys(codes))


def _pointed(code: str) -> str:
    return code if "." in code or len(code) <= 3 else f"{code[:3]}.{code[3:]}"  # noqa: PLR2004 - the point follows the third


def place_of_service(line: CallLine) -> str:
    """Cut a place of service, in two digits."""
    found = line.take(_PLACE)
    if found is None:
        return ""
    if not _A_PLACE.fullmatch(found.group):
        word = quoted(found.shown_group or found.shown.strip())
        line.find(ClaimProblem.PLACE, _NOT_A_PLACE.format(word=word), found.start, found.end)
        return ""
    return found.group.zfill(2)


def apcm(line: CallLine) -> bool | None:
    """Cut whether the patient is enrolled in Advanced Primary Care Management; None when nothing is said."""
    found = line.take(_APCM)
    if found is None:
        return None
    if not found.group:
        line.find(ClaimProblem.APCM, _NO_ANSWER, found.start, found.end)
        return None
    return found.group[0] in "yt"


def one_from(line: CallLine) -> Found | None:
    """Cut a lead word such as `from`, with the date behind it; a second day, or a last one, is refused."""
    since = _take(line, _FROM)
    while since is not None and (other := _take(line, _FROM)) is not None:
        if other.group != since.group:
            days = (quoted(since.shown_group), quoted(other.shown_group))
            line.find(ProblemCode.TWO_DATES, _TWO_FROM.format(days=days), other.start, other.end)
    last = _take(line, _UNTIL) if since is not None else None
    if last is not None:
        line.find(ProblemCode.TWO_DATES, _NO_LAST_DAY, last.start, last.end)
    return since


def _take(line: CallLine, lead: re.Pattern[str]) -> Found | None:
    """Cut a lead word with the date behind it."""
    for match in lead.finditer(line.plain):
        date_item = next((item for item in line.items(DATE, WEAK_DATE) if item.start == match.end()), None)
        if date_item is not None:
            group, shown = line.plain[date_item.start : date_item.end], line.line.shown
            found = line.claim(match.start(), date_item.end)
            return Found(
                plain=found.plain,
                shown=found.shown,
                start=found.start,
                end=found.end,
                group=group,
                shown_group=shown[date_item.start : date_item.end],
            )
    return None


def nearest(line: CallLine, found: Found) -> date | None:
    """The day that some words name, past or soon to come; asked about where it may be either. None after a problem."""
    reading = date_of(found.group, line.now)
    day, word = reading.day, found.shown_group
    if day is None:
        message = sentences.NO_SUCH_DATE.format(word=quoted(word))
        line.no_day(ProblemCode.NO_SUCH_DATE, message, found)
        return None
    if reading.doubt is Doubt.TWO_READINGS and reading.other is not None:
        line.ask_which(found, (day, reading.other))
        return None
    if reading.doubt is Doubt.SUPPLIED and not reading.past_only and not reading.weekday_only:
        ahead = _next_year(day)
        if ahead - line.today <= _SOON:
            return ahead
        if ahead - line.today < line.today - day:
            line.ask_which(found, (day, ahead))
            return None
    if reading.weekday_only:
        line.remarks.append(log_sentences.took_date(word, day, line.today))
    return day


def _next_year(day: date) -> date:
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return day.replace(year=day.year + 1, day=28)
