"""A refusal: the person's own words with the wrong one marked, why, and a line that works."""

from bot import kit, words
from bot.grammar import Parsed, ParseProblem
from bot.replies import Block, Reply

#: More problems than this in one message are counted, not listed.
SHOWN = 10


def problems(text: str, parsed: Parsed) -> Reply:
    """Every problem of a message at once."""
    blocks: list[Block] = [kit.section(words.NOT_LOGGED if parsed.draft_wanted else words.NOT_UNDERSTOOD)]
    blocks += [_problem(text, problem) for problem in parsed.problems[:SHOWN]]
    more = len(parsed.problems) - SHOWN
    if more > 0:
        blocks.append(kit.context(words.more_problems(more)))
    return Reply(text=words.NOT_DONE, blocks=tuple(blocks))


def _problem(text: str, problem: ParseProblem) -> Block:
    said = kit.escape(problem.message)
    example = f"\n`/cocm {kit.escape(problem.example)}`" if problem.example else ""
    return kit.section(f"{_marked(text, problem)}{said}{example}")


def _marked(text: str, problem: ParseProblem) -> str:
    """The line with the problem's words in bold between arrows, so that colour and weight are not the only sign."""
    if problem.end <= problem.start:
        return ""
    line_start = text.rfind("\n", 0, problem.start) + 1
    line_end = text.find("\n", problem.start)
    line_end = len(text) if line_end < 0 else line_end
    before, word, after = (
        _quoted(part)
        for part in (
            text[line_start : problem.start],
            text[problem.start : problem.end],
            text[problem.end : line_end],
        )
    )
    return f"> {kit.clip(before, 200)}»{kit.clip(word, 200)}«{kit.clip(after, 200)}\n"


def _quoted(part: str) -> str:
    return kit.escape(part.replace("\n", " "))
