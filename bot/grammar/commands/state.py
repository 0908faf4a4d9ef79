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
from services.care.requests import MakeStatement, SettleReviews

_EXAMPLE = "state MRN123 necessity"
_WORDS = {
    StatementKind.NON_DUPLICATION: re.compile(
        r"\b(?:non[ -]?duplication|no duplication|not duplicat(?:ed|ing|ive)|non[ -]?duplicative)\b"
    ),
    StatementKind.NECESSITY: re.compile(r"\b(?:(?:of\s+)?(?:medical(?:ly)?\s+)?(?:necessity|necessary))\b"),
    StatementKind.PRIOR_AUTHORIZATION: re.compile(
        r"\b(?:prior[ -]?)?(?:auth|authorization|authorisation|authorized|authorised)\b"
    ),
    StatementKind.SAME_REVIEW: re.compile(
        r"\b(?:(?:the\s+|it\s+was\s+)?(?:the\s+)?(?:same|one|1|a\s+single|joint)\s+(?:case\s+)?reviews?)\b"
    ),
    StatementKind.TWO_REVIEWS: re.compile(
        r"\b(?:(?:two|2|separate|different)(?:\s+(?:separate|different))?\s+(?:case\s+)?reviews)\b"
    ),
}
_REVIEWS = {StatementKind.SAME_REVIEW: True, StatementKind.TWO_REVIEWS: False}
_NAMES = {
    StatementKind.NON_DUPLICATION: "non-duplication",
    StatementKind.NECESSITY: "necessity",
    StatementKind.PRIOR_AUTHORIZATION: "authorization",
    StatementKind.SAME_REVIEW: "same review",
    StatementKind.TWO_REVIEWS: "two reviews",
}
_UNTIL_BEFORE = "{word} is over before it begins on {made}. Give the last day for which it holds."
_NO_KIND = "State what? Add necessity, non-duplication, authorization, same review or two reviews."
_NO_UNTIL = "Whether reviews are the same is about their own day. Leave out {word}."


class StateProblem(StrEnum):
    """What can be wrong with a statement besides `ProblemCode`."""

    STATEMENT_KIND = "statement_kind"
    NO_UNTIL = "no_until"


def read(call: Call) -> Parsed:
    """The patient, what is stated, and for how long it holds; or whether two reviews of a day are the same."""
    line = CallLine(call)
    if more := line.refuse_more_lines():
        return more
    refuse_other_commands(line)
    kinds = [kind for kind, pattern in _WORDS.items() if line.take_all(pattern)]
    last_words, until = line.ahead_behind("(?:valid\\s+)?(?:until|till|through|thru|expires|to)")
    said_on = line.given_day()
    on = said_on or line.day()
    patient = line.patient()
    if not kinds:
        line.find(StateProblem.STATEMENT_KIND, _NO_KIND)
    elif len(kinds) > 1:
        named = all_quoted(_NAMES[kind] for kind in kinds)
        line.find(ProblemCode.TWO_KINDS, sentences.TWO_KINDS.format(words=named))
    if last_words is not None and until and on and until < on:
        message = _UNTIL_BEFORE.format(word=all_quoted((last_words.shown,)), made=f"{on:%b} {on.day}")
        line.find(ProblemCode.DATES_OUT_OF_ORDER, message, last_words.start, last_words.end)
    is_one = _REVIEWS.get(kinds[0]) if len(kinds) == 1 else None
    if is_one is not None and last_words is not None:
        message = _NO_UNTIL.format(word=all_quoted((last_words.shown,)))
        line.find(StateProblem.NO_UNTIL, message, last_words.start, last_words.end)
    refuse_leftovers(line)
    if line.problems or patient is None or on is None:
        return line.refused(
            (
                patient.text if patient else blanks.PATIENT,
                _NAMES[kinds[0]] if len(kinds) == 1 else Blank("___", "necessity"),
            )
        )
    if is_one is not None:
        settled = SettleReviews(patient=patient, is_one=is_one, on=said_on, remarks=tuple(line.remarks))
        return line.understood(settled)
    return line.understood(
        MakeStatement(patient=patient, kind=kinds[0], on=on, until=until, remarks=tuple(line.remarks))
    )


COMMAND = Command(
    name="state",
    section=Section.CARE,
    place=80,
    usage="state <patient> necessity|non-duplication|authorization|same review|two reviews [on <date>] [until <date>]",
    summary="Record a statement that a finding asks for",
    example=_EXAMPLE,
    keywords=words("statement statements necessity duplication non-duplication authorization reviews"),
    topic=(
        "necessity: continued care is medically necessary. "
        "non-duplication: care management does not repeat an outside therapist's work. "
        "authorization: the payer authorized further months, until the date given. "
        "same review, two reviews: whether the case reviews that the care manager and the consultant each wrote down "
        "on one day are the same.\n"
        "Recorded under your name, today or on the date given."
    ),
    read=read,
)
