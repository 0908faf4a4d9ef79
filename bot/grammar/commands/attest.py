"""`attest MRN123 october late time`: vouch for the time that decides a patient's month."""

import re
from enum import StrEnum

from billing.clinical import AttestationKind
from bot.grammar.call import sentences
from bot.grammar.call.command import Call, Command, Section
from bot.grammar.call.leftovers import refuse_leftovers
from bot.grammar.call.line import CallLine
from bot.grammar.call.month import month_words, need_month
from bot.grammar.parsed import Parsed
from bot.grammar.problems import ProblemCode
from bot.grammar.text import blanks
from bot.grammar.text.blanks import Blank
from bot.grammar.text.phrases import all_quoted
from bot.grammar.text.wordlists import words
from services.care.requests import Attest

_EXAMPLE = "attest MRN123 last month late time"
_TIME = r"(?:\s+(?:time|minutes|entry|entries))?\b"
_WORDS = {
    # Before late time, whose pattern takes the word alone.
    AttestationKind.LATE_RECORD: re.compile(
        r"\blate\s+(?:records?|reviews?|consents?|scores?|assessments?)\b"
    ),
    AttestationKind.OTHER_CLAIM: re.compile(r"\b(?:other|own|another)\s+claims?\b"),
    AttestationKind.APCM: re.compile(r"\bapcm\b"),
    AttestationKind.LAST_DAY_TIME: re.compile(rf"\blast[ -]day(?:'s)?{_TIME}"),
    AttestationKind.LATE_TIME: re.compile(rf"\blate{_TIME}"),
    AttestationKind.CONSULTANT_TIME: re.compile(rf"\bconsultant(?:'s)?{_TIME}"),
    AttestationKind.CORRECTED_TIME: re.compile(rf"\bcorrect(?:ed|ions?){_TIME}"),
    AttestationKind.COVERAGE: re.compile(r"\bcoverage\b"),
}
_NAMES = {
    AttestationKind.LATE_RECORD: "late record",
    AttestationKind.OTHER_CLAIM: "other claim",
    AttestationKind.APCM: "apcm",
    AttestationKind.LAST_DAY_TIME: "last-day time",
    AttestationKind.LATE_TIME: "late time",
    AttestationKind.CONSULTANT_TIME: "consultant time",
    AttestationKind.CORRECTED_TIME: "corrected time",
    AttestationKind.COVERAGE: "coverage",
}
_NO_KIND = "Attest what? Add late, consultant, corrected or last-day time, late record, coverage, other claim or apcm."


class AttestProblem(StrEnum):
    """What can be wrong with an attestation besides `ProblemCode`."""

    ATTESTATION_KIND = "attestation_kind"


def read(call: Call) -> Parsed:
    """The patient, the month, and which of its time is vouched for."""
    line = CallLine(call)
    if more := line.refuse_more_lines():
        return more
    kinds = [kind for kind, pattern in _WORDS.items() if line.take_all(pattern)]
    month = need_month(line)
    patient = line.patient()
    if not kinds:
        line.find(AttestProblem.ATTESTATION_KIND, _NO_KIND)
    elif len(kinds) > 1:
        named = all_quoted(_NAMES[kind] for kind in kinds)
        line.find(ProblemCode.TWO_KINDS, sentences.TWO_KINDS.format(words=named))
    refuse_leftovers(line)
    if line.problems or patient is None or month is None:
        kind = _NAMES[kinds[0]] if len(kinds) == 1 else Blank("___ time", "late time")
        return line.refused((patient.text if patient else blanks.PATIENT, month_words(month), kind))
    return line.understood(Attest(patient=patient, month=month, kind=kinds[0]))


COMMAND = Command(
    name="attest",
    section=Section.CARE,
    place=90,
    usage="attest <patient> <month> late|consultant|corrected|last-day time, late record, coverage, other claim, apcm",
    summary="Vouch for what decides a patient's month; billers and supervisors only",
    example=_EXAMPLE,
    keywords=words("attestation attestations late consultant corrected record coverage claim apcm"),
    topic=(
        "A month that only reaches its code through late entries, corrections, time of the last day or the "
        "consultant's minutes waits for somebody who has looked at that time and vouches for it.\n"
        "A supervisor attests late, corrected and last-day time; a biller or supervisor the consultant's.\n"
        "*late record*: a consent, assessment, score or case review that was recorded late decides the month, and a "
        "supervisor has looked at it.\n"
        "*coverage*: two payers cover the month, and a biller has said that the payer shown is right.\n"
        "*other claim*: a biller has looked into another claim of these codes, which is this line's own or was "
        "withdrawn.\n"
        "*apcm*: a biller bills this line's codes, and no APCM add-on, for a patient in Advanced Primary Care "
        "Management.\n"
        "The month is a name, last month, or 2026-10."
    ),
    read=read,
)
