"""Notices a line that states scores and no time, `PHQ-9 14 item9 2 MRN123`: a score, and never minutes."""

import re
from dataclasses import replace

from billing.clinical import Scale
from bot.grammar.call.command import Call, Command
from bot.grammar.call.line import CareArguments
from bot.grammar.commands.assess import AssessProblem, may_have_score
from bot.grammar.parsed import ParseContext, Parsed, StatedScores
from bot.grammar.problems import ProblemCode
from bot.grammar.text.lines import Line, line_of
from services.care.requests import Assess

#: Words of one who says what the figures are, or took it for a log.
_VERB = re.compile(r"^(?:please\s+)?(?:log|record|enter|add|note|scores?|scored)\b[:\s]*", re.IGNORECASE)
#: Where no scale is named nothing is read twice: logs are many, scores are few.
_SCALE = re.compile(
    rf"\b(?:{'|'.join(sorted({re.split(r'[-0-9]', one.value.lower())[0] for one in Scale}))}|cssrs)"
)
#: Stands for a patient who is not named, while the rest is read.
SOMEBODY = "MRN0000000000001"


def stated(line: Line, context: ParseContext, assess: Command) -> StatedScores | Parsed | None:
    """The scores that a line states, or why they cannot be; None for a line that states none.

    Args:
        line: the whole message.
        context: who speaks when.
        assess: the command that records scores.
    """
    words = _VERB.sub("", line.shown.strip())
    if not may_have_score(line_of(words).plain):
        return None
    parsed = _read(words, context, assess)
    named = not _lacks_patient(parsed)
    if not named:
        words = f"{SOMEBODY} {words}"
        parsed = _read(words, context, assess)
    left: list[str] = []
    if _has_extra_words(parsed):
        typed = words
        for problem in sorted(parsed.problems, key=lambda one: -one.start):
            left.insert(0, typed[problem.start : problem.end].strip(" ,;:."))
            words = f"{words[: problem.start]} {words[problem.end :]}"
        words = " ".join(words.split()).rstrip(" ,;:.")
        parsed = _read(words, context, assess)
    asked = parsed.arguments.request if isinstance(parsed.arguments, CareArguments) else None
    if isinstance(asked, Assess) and not _may_be_no_patient(asked, context):
        return StatedScores(request=asked, line=words, named=named, left=tuple(left))
    if parsed.problems and named and all(one.code == AssessProblem.SCORE_RANGE for one in parsed.problems):
        return parsed if words == line.shown.strip() else None
    return None


def _read(words: str, context: ParseContext, assess: Command) -> Parsed:
    whole = line_of(f"{assess.name} {words}")
    return assess.read(
        Call(command=assess, lines=[line_of(words)], whole=whole, context=context, commands=())
    )


def _may_be_no_patient(asked: Assess, context: ParseContext) -> bool:
    """Whether the patient is a bare number that is nobody's, which may as well be minutes: `PHQ-9 14 15`."""
    ref = asked.patient
    return ref.text.strip().isdigit() and ref.identity not in context.roster


def _lacks_patient(parsed: Parsed) -> bool:
    return any(one.code == ProblemCode.NO_PATIENT for one in parsed.problems)


def _has_extra_words(parsed: Parsed) -> bool:
    """Whether words that say nothing of a score are all that stands in the way; none that deny or put it off."""
    return bool(parsed.problems) and all(
        one.code == ProblemCode.EXTRA_WORDS and one.example and one.end > one.start for one in parsed.problems
    )


def with_scores(parsed: Parsed, line: Line, context: ParseContext, assess: Command) -> Parsed:
    """A message read as a log or as nothing, with the scores that it states instead of any time."""
    clear = parsed.draft is not None and parsed.draft.open_question is None
    if clear or _SCALE.search(line.plain) is None:
        return parsed
    found = stated(line, context, assess)
    if isinstance(found, Parsed):
        return found
    if found is None or (found.left and not parsed.problems):
        return parsed
    return replace(parsed, scored=found)
