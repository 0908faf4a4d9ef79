"""`state MRN123 necessity`: a statement that a finding asks for."""

import re
from enum import StrEnum

from billing.clinical import StatementKind
from bot.grammar.call import sentences
from bot.grammar.call.command import Call, Command, Section
from bot.grammar.call.leftovers import refuse_leftovers, refuse_other_commands
from bot.grammar.call.line import CallLine
from bot.grammar.parsed import Parsed
from bot.grammar.problems import ProblemCode
from bot.grammar.text import blanks
from bot.grammar.text.blanks import Blank
from bot.grammar.text.phrases import all_quoted
from bot.grammar.text.wordlists import words
from services.care.requests import MakeStatement

_EXAMPLE = "state MRN123 necessity"
_WORDS = {
    StatementKind.NON_DUPLICATION: re.compile(
        r"\b(?:non[ -]?duplication|no duplication|not duplicat(?:ed|ing|ive)|non[ -]?duplicative)\b"
    ),
    StatementKind.NECESSITY: re.compile(r"\b(?:(?:of\s+)?(?:medical(?:ly)?\s+)?(?:necessity|necessary))\b"),
    StatementKind.PRIOR_AUTHORIZATION: re.compile(
        r"\b(?:prior[ -]?)?(?:auth|authorization|authorisation|authorized|authorised)\b"
    ),
}
_NAMES = {
    StatementKind.NON_DUPLICATION: "non-duplication",
    StatementKind.NECESSITY: "necessity",
    StatementKind.PRIOR_AUTHORIZATION: "authorization",
}
_UNTIL_BEFORE = "{word} is over before it begins on {made}. Give the last day for which it holds."
_NO_KIND = "State what? Add necessity, non-duplication or authorization."


class StateProblem(StrEnum):
    """What can be wrong with a statement besides `ProblemCode`."""

    STATEMENT_KIND = "statement_kind"


def read(call: Call) -> Parsed:
    """The patient, what is stated, and for how long it holds."""
    line = CallLine(call)
    if more := line.refuse_more_lines():
        return more
    refuse_other_commands(line)
    kinds = [kind for kind, pattern in _WORDS.items() if line.take_all(pattern)]
    last_words, until = line.ahead_behind("(?:valid\\s+)?(?:until|till|through|thru|expires|to)")
    on = line.day()
    patient = line.patient()
    if not kinds:
        line.find(StateProblem.STATEMENT_KIND, _NO_KIND)
    elif len(kinds) > 1:
        named = all_quoted(_NAMES[kind] for kind in kinds)
        line.find(ProblemCode.TWO_KINDS, sentences.TWO_KINDS.format(words=named))
    if last_words is not None and until and on and until < on:
        message = _UNTIL_BEFORE.format(word=all_quoted((last_words.shown,)), made=f"{on:%b} {on.day}")
        line.find(ProblemCode.DATES_OUT_OF_ORDER, message, last_words.start, last_words.end)
    refuse_leftovers(line)
    if line.problems or patient is None or on is None:
        return line.refused(
            (
                patient.text if patient else blanks.PATIENT,
                _NAMES[kinds[0]] if len(kinds) == 1 else Blank("___", "necessity"),
            )
        )
    return line.understood(
        MakeStatement(patient=patient, kind=kinds[0], on=on, until=until, remarks=tuple(line.remarks))
    )


COMMAND = Command(
    name="state",
    section=Section.CARE,
    place=80,
    usage="state <patient> necessity|non-duplication|authorization [on <date>] [until <date>]",
    summary="Record a statement that a finding asks for",
    example=_EXAMPLE,
    keywords=words("statement statements necessity duplication non-duplication authorization"),
    topic=(
        "necessity: continued care is medically necessary. "
        "non-duplication: care management does not repeat an outside therapist's work. "
        "authorization: the payer authorized further months, until the date given.\n"
        "Recorded under your name, today or on the date given."
    ),
    read=read,
)
