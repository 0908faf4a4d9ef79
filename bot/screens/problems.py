"""What is shown when something is not done: problems in a line, refusals, and failures of the program."""

from bot import kit
from bot.grammar import Parsed, ParseProblem
from bot.replies import Block, Reply

NOT_DONE = "Not done."
NOT_LOGGED = "*Not logged.* Nothing was stored."
NOT_UNDERSTOOD = "*Not understood.* Nothing was changed."
#: More problems than this in one message are counted, not listed.
SHOWN = 10


def problems(text: str, parsed: Parsed) -> Reply:
    """Every problem of a message at once."""
    blocks: list[Block] = [kit.section(NOT_LOGGED if parsed.draft_wanted else NOT_UNDERSTOOD)]
    blocks += [_problem(text, problem) for problem in parsed.problems[:SHOWN]]
    more = len(parsed.problems) - SHOWN
    if more > 0:
        blocks.append(kit.context(_more_problems(more)))
    return Reply(text=NOT_DONE, blocks=tuple(blocks))


def storage_error(sentence: str, reference: str) -> str:
    """The database refused."""
    return f"{kit.escape(sentence)}\nIf it keeps happening, give your administrator this reference: `{reference}`."


def unexpected(reference: str) -> str:
    """A fault of the program."""
    return (
        "That did not work, and it is not your fault. Check with `/cocm today` whether it was saved before you "
        f"send it again, and give your administrator this reference: `{reference}`."
    )


def _problem(text: str, problem: ParseProblem) -> Block:
    said = kit.escape(problem.message)
    example = f"\n`/cocm {kit.escape(problem.example)}`" if problem.example else ""
    return kit.section(f"{_marked(text, problem)}{said}{example}")


def _marked(text: str, problem: ParseProblem) -> str:
    """The line with the problem's words in bold between arrows, so that color and weight are not the only sign."""
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


def _more_problems(count: int) -> str:
    """Problems beyond those shown."""
    return f"And {count} more {'problem' if count == 1 else 'problems'} below."
