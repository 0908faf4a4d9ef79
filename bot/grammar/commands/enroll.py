"""`enroll MRN123 payer Cedar Health npi 1234567893 with @ana`: an episode begins."""

from enum import StrEnum

from billing.episodes import Program
from bot.grammar.call.claim_words import (
    BEGINS,
    apcm,
    billing_npi,
    diagnosis_codes,
    nearest,
    one_from,
    place_of_service,
    referring_npi,
)
from bot.grammar.call.command import Call, Command, Section
from bot.grammar.call.leftovers import refuse_leftovers, refuse_other_commands, refuse_times
from bot.grammar.call.line import CallLine
from bot.grammar.parsed import Parsed
from bot.grammar.text import blanks
from bot.grammar.text.later import later
from bot.grammar.text.patterns import DATE, PATIENT
from bot.grammar.text.phrases import quoted
from bot.grammar.text.wordlists import words
from services.care.requests import Enroll

_EXAMPLE = "enroll MRN123 payer Cedar Health on 11/3"
_PROGRAMS = {"cocm": Program.COCM, "collaborative care": Program.COCM, "bhi": Program.BHI}
_PROGRAM = later(
    r"(?:\bin(?:to)?\s+(?:the\s+)?)?(?:\bprogram(?:me)?\s*[:=]?\s*)?"
    r"\b(?:general\s+)?(cocm|bhi|collaborative care)\b(?:\s+program(?:me)?\b)?"
)
_OTHER_PROGRAM = later(r"\bprogram(?:me)?\s*[:=]?\s*([\w-]+)")
#: A payer's name goes on to the next thing that the command knows, or to the end.
_PAYER_ENDS = (
    rf"(?=\s*(?:[,;|]|$)|(?<!\S)(?:(?:{BEGINS}|program|programme|cocm|bhi)\b|(?:(?:with|for|to)\s+)?@"
    rf"|on\s+{DATE}|(?:yesterday|today|tomorrow|(?:last|next)\s)|\d{{1,4}}[/-]\d|{PATIENT.replace('CUSTOM', '')}))"
)
_PAYER = later(rf"\bpayer\b\s*[:=]?\s*(\"[^\"]*\"|.*?){_PAYER_ENDS}")
_NO_PAYER = "payer needs its name after it."
_NOT_A_PROGRAM = "{word} is not a program. Write cocm or bhi."


class EnrollProblem(StrEnum):
    """What can be wrong with an enrollment besides `ProblemCode`."""

    NO_PAYER = "no_payer"
    UNKNOWN_PROGRAM = "unknown_program"


def read(call: Call) -> Parsed:
    """The patient, and whatever of program, care manager, begin and the facts of claims is said."""
    line = CallLine(call)
    if more := line.refuse_more_lines():
        return more
    refuse_other_commands(line, rf"payer|{BEGINS}|program\w*|cocm|bhi|with\s+@")
    refuse_times(line)
    since = one_from(line)
    payer, billing, npi = _payer(line), billing_npi(line), referring_npi(line)
    codes, place, in_apcm = diagnosis_codes(line), place_of_service(line), apcm(line)
    program = _program(line)
    manager = line.one_member("for|with|to|manager|by")
    on = line.given_day()
    says_claim = any((payer, npi, billing, codes, place, manager)) or in_apcm is not None
    claim_from = None
    if since is not None and says_claim:
        claim_from = nearest(line, since)
    elif since is not None:
        on = line.past(since)
    patient = line.patient()
    refuse_leftovers(line)
    if line.problems or patient is None:
        return line.refused(
            (
                patient.text if patient else blanks.PATIENT,
                f"payer {payer}" if payer else "",
                f"npi {npi}" if npi else "",
                f"billing npi {billing}" if billing else "",
                f"dx {' '.join(codes)}" if codes else "",
                f"pos {place}" if place else "",
                f"apcm {'yes' if in_apcm else 'no'}" if in_apcm is not None else "",
                f"program {program.value.lower()}" if program else "",
                f"with @{manager}" if manager else "",
                f"on {on.month}/{on.day}/{on.year}" if on else "",
                f"from {claim_from.month}/{claim_from.day}/{claim_from.year}" if claim_from else "",
            )
        )
    return line.understood(
        Enroll(
            patient=patient,
            on=on,
            program=program,
            payer=payer,
            npi=npi,
            billing_npi=billing,
            diagnosis_codes=codes,
            place_of_service=place,
            apcm=in_apcm,
            claim_from=claim_from,
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
    usage=(
        "enroll <patient> [payer <name>] [npi <10 digits>] [billing npi <10 digits>] [dx <codes>] "
        "[pos <2 digits>] [apcm yes|no] [program cocm|bhi] [with @manager] [on <date>] [from <date>]"
    ),
    summary="Begin a patient's episode of care, or add to it",
    example=_EXAMPLE,
    aliases=("enrol",),
    keywords=words(
        "enrolment enrollment payer npi billing dx diagnosis icd pos place apcm coverage program programme "
        "roster episode"
    ),
    topic=(
        "Begins an episode today, or on the date given; the program is CoCM unless bhi is said, and a care manager "
        "who enrolls looks after the patient unless another is named.\n"
        "For a patient already enrolled nothing is doubled: an earlier date is updated, and a payer, an NPI, "
        "diagnosis codes (dx), a place of service (pos), apcm or a care manager changes from today on, or from the "
        "date given: enroll MRN123 payer Medicare from 11/16. Earlier days keep what was on file; what was missing "
        "is filled in from the start. After a discharge, a new episode begins.\n"
        "npi is the treating or referring practitioner's. Then record consent and the initial assessment: "
        "consent MRN123 verbal, assess MRN123 PHQ-9 14."
    ),
    read=read,
)
