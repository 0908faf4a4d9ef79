"""Sees to it that a line that is suggested works, whichever command suggests it."""

from collections.abc import Callable
from dataclasses import replace

from bot.grammar.parsed import Parsed
from bot.grammar.problems import ParseProblem, ProblemCode
from bot.grammar.text.blanks import DAY, GAP, PATIENT

#: Where nothing that could be suggested works.
_HELP = "help"
#: A line's own refusal suggests another, which may be refused for the next thing that is wrong.
_STEPS = 4
_LOGS = "log "
#: What is tried in the place of a log's gaps; its time comes first.
_FILLED = ((f"{_LOGS}{GAP}", f"{_LOGS}15m"), (PATIENT.shown, PATIENT.sample), (DAY.shown, DAY.sample))

Read = Callable[[str], Parsed]


def with_lines_that_work(parsed: Parsed, read: Read, own: str) -> Parsed:
    """A message's refusal with suggested lines that are understood once their gaps are filled; all else as it is.

    Args:
        parsed: What became of the message.
        read: Reads a line for the same person.
        own: The command whose refusals suggest only what they have read before.
    """
    if not parsed.problems:
        return parsed
    problems = tuple(
        one if parsed.command == own and one.code != ProblemCode.MIXED_COMMANDS else _with_one(one, read)
        for one in parsed.problems
    )
    return replace(parsed, problems=problems)


def _with_one(problem: ParseProblem, read: Read) -> ParseProblem:
    """The same problem; a line of it that is not understood gives way to what its own refusal would suggest."""
    example = problem.example
    for _ in range(_STEPS):
        tried = _tried(example)
        found = read(tried) if tried else None
        if found is None or found.ok:
            return problem if example == problem.example else replace(problem, example=example)
        example = found.problems[0].example
    return replace(problem, example=_HELP)


def _tried(example: str) -> str:
    """What to read to know that a line works; empty where only the person can tell what its gaps stand for."""
    if GAP not in example:
        return example
    if not example.startswith(_LOGS):
        return ""
    for gap, sample in _FILLED:
        example = example.replace(gap, sample)
    return "" if GAP in example else example
