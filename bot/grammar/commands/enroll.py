"""`enroll MRN123 payer Cedar Health npi 1234567893 with @ana`: an episode begins."""

import re
from enum import StrEnum

from billing.episodes import Program
from billing.npi import is_valid_npi
from bot.grammar.call.command import Call, Command, Section
from bot.grammar.call.leftovers import refuse_leftovers, refuse_other_commands, refuse_times
from bot.grammar.call.line import CallLine
from bot.grammar.parsed import Parsed
from bot.grammar.text import blanks
from bot.grammar.text.patterns import DATE, PATIENT
from bot.grammar.text.phrases import quoted
from bot.grammar.text.wordlists import words
from services.care.requests import Enroll

_EXAMPLE = "enroll MRN123 payer Cedar Health on 11/3"
_NPI = re.compile(r"\bnpi\b(?:\s*(?:is\b|no\.?|number|[:#=]))?\s*([\w-]*)")
_DIGITS = re.compile(r"\d")
_PROGRAMS = {"cocm": Program.COCM, "collaborative care": Program.COCM, "bhi": Program.BHI}
_PROGRAM = re.compile(
    r"(?:\bin(?:to)?\s+(?:the\s+)?)?(?:\bprogram(?:me)?\s*[:=]?\s*)?"
    r"\b(?:general\s+)?(cocm|bhi|collaborative care)\b(?:\s+program(?:me)?\b)?"
)
_OTHER_PROGRAM = re.compile(r"\bprogram(?:me)?\s*[:=]?\s*([\w-]+)")
#: A payer's name goes on to the next thing that the command knows, or to the end.
_PAYER_ENDS = (
    r"(?=\s*(?:[,;|]|$)|(?<!\S)(?:(?:npi|program|programme|cocm|bhi)\b|(?:(?:with|for|to)\s+)?@"
    rf"|on\s+{DATE}|(?:yesterday|today|last\s)|\d{{1,4}}[/-]\d|{PATIENT.replace('CUSTOM', '')}))"
)
_PAYER = re.compile(rf"\bpayer\b\s*[:=]?\s*(\"[^\"]*\"|.*?){_PAYER_ENDS}")
_NOT_AN_NPI = (
    "{word} is not an NPI: ten digits, the last of them a check digit. Check it against the referral."
)
_NO_NPI = "npi needs its ten digits behind it."
_NO_PAYER = "payer needs its name behind it."
_NOT_A_PROGRAM = "{word} is not a program. Write cocm or bhi."


class EnrollProblem(StrEnum):
    """What can be wrong with an enrollment besides `ProblemCode`."""

    NPI = "npi"
    NO_PAYER = "no_payer"
    UNKNOWN_PROGRAM = "unknown_program"


def read(call: Call) -> Parsed:
    """The patient, and whatever of payer, NPI, program, care manager and date is said."""
    line = CallLine(call)
    if more := line.refuse_more_lines():
        return more
    refuse_other_commands(line, r"payer|npi|program\w*|cocm|bhi|with\s+@")
    refuse_times(line)
    payer, npi = _payer(line), _npi(line)
    program = _program(line)
    manager = line.one_member("for|with|to|manager|by")
    on = line.given_day()
    patient = line.patient()
    refuse_leftovers(line)
    if line.problems or patient is None:
        return line.refused(
            (
                patient.text if patient else blanks.PATIENT,
                f"payer {payer}" if payer else "",
                f"npi {npi}" if npi else "",
                f"program {program.value.lower()}" if program else "",
                f"with @{manager}" if manager else "",
                f"on {on.month}/{on.day}/{on.year}" if on else "",
            )
        )
    return line.understood(
        Enroll(
            patient=patient,
            on=on,
            program=program,
            payer=payer,
            npi=npi,
            care_manager=manager,
            remarks=tuple(line.remarks),
        )
    )


def _payer(line: CallLine) -> str:
    found = line.take(_PAYER)
    if found is None:
        return ""
    name = " ".join(found.shown_group.strip('"“” .').split())
    if not name:
        line.find(EnrollProblem.NO_PAYER, _NO_PAYER, found.start, found.start + len("payer"))
    return name


def _npi(line: CallLine) -> str:
    found = line.take(_NPI)
    if found is None:
        return ""
    if not _DIGITS.search(found.group):
        line.find(EnrollProblem.NPI, _NO_NPI, found.start, found.start + len("npi"))
        return ""
    npi = found.group.replace("-", "")
    if not is_valid_npi(npi):
        word = quoted(found.shown_group)
        line.find(EnrollProblem.NPI, _NOT_AN_NPI.format(word=word), found.start, found.end)
        return ""
    return npi


def _program(line: CallLine) -> Program | None:
    found = line.take(_PROGRAM)
    if found is not None:
        return _PROGRAMS[found.group]
    other = line.take(_OTHER_PROGRAM)
    if other is not None:
        message = _NOT_A_PROGRAM.format(word=quoted(other.shown_group))
        line.find(EnrollProblem.UNKNOWN_PROGRAM, message, other.start, other.end)
    return None


COMMAND = Command(
    name="enroll",
    section=Section.CARE,
    place=10,
    usage="enroll <patient> [payer <name>] [npi <10 digits>] [program cocm|bhi] [with @manager] [on <date>]",
    summary="Begin a patient's episode of care, or add to it",
    example=_EXAMPLE,
    aliases=("enrol",),
    keywords=words("enrolment enrollment payer npi program programme roster episode"),
    topic=(
        "Begins an episode today, or on the date given; the program is CoCM unless bhi is said, and a care manager "
        "who enrolls looks after the patient unless another is named.\n"
        "For a patient already enrolled nothing is doubled: a payer, an NPI, a care manager or an earlier "
        "date is updated. After a discharge, a new episode begins.\n"
        "npi is the treating or referring practitioner's. Then record consent and the initial assessment: "
        "consent MRN123 verbal, assess MRN123 PHQ-9 14."
    ),
    read=read,
)
