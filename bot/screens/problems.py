"""What is shown when something is not done: problems in a line, refusals, and failures of the program."""

from collections.abc import Mapping
from types import MappingProxyType

from bot import kit
from bot.grammar import Parsed, ParseProblem
from bot.grammar.text.blanks import GAP
from bot.grammar.text.lines import lines_of
from bot.ids import ActionId, listed
from bot.replies import Block, Reply

NOT_DONE = "Not done."
NOT_LOGGED = "*Not logged.* Nothing was stored."
BUSY = "Busy. Nothing was stored. Send it again in a moment."
SEND_LINE = "Send this line"
FILL_IN = f"Copy it with your own words in the place of `{GAP}`."
NOT_UNDERSTOOD = "*Not understood.* Nothing was changed."
WORDS_BACK = "Your message, to copy and correct:"
#: Characters of a refusal beside which a message of 4,000 has room.
_ROOM = 7_500
#: More problems than this in one message are counted, not listed.
SHOWN = 10


def sendable(text: str, parsed: Parsed) -> tuple[str, ...]:
    """The suggested lines that can be sent as they stand: complete, and in the place of the whole message."""
    if "\n" in text.strip():
        return ()
    lines = dict.fromkeys(problem.example for problem in parsed.problems[:SHOWN])
    return tuple(line for line in lines if line and GAP not in line and line.split()[0] != "help")


def problems(text: str, parsed: Parsed, buttons: Mapping[str, str] = MappingProxyType({})) -> Reply:
    """Every problem of a message at once, and by each suggested line the button that sends it.

    Args:
        text: what was typed.
        parsed: its problems.
        buttons: the opaque id under which each complete line is kept.
    """
    blocks: list[Block] = [kit.section(NOT_LOGGED if parsed.draft_wanted else NOT_UNDERSTOOD)]
    offered = dict(buttons)
    blocks += [
        _problem(text, problem, offered.pop(problem.example, None), place)
        for place, problem in enumerate(parsed.problems[:SHOWN])
    ]
    more = len(parsed.problems) - SHOWN
    if more > 0:
        blocks.append(kit.context(_more_problems(more)))
    return Reply(text=NOT_DONE, blocks=tuple(blocks))


def with_words_back(reply: Reply, text: str) -> Reply:
    """A refusal with the message below it, where it has several lines: nobody is to type all of them again."""
    lines = lines_of(text)
    if len(lines) < 2 or len(str(reply.blocks)) > _ROOM:  # noqa: PLR2004 - one line is quickly typed again
        return reply
    words = "\n".join(line.shown.strip() for line in lines)
    parts = [words[at : at + kit.SECTION_TEXT] for at in range(0, len(words), kit.SECTION_TEXT)]
    return Reply(
        text=reply.text, blocks=(*reply.blocks, kit.context(WORDS_BACK), *map(kit.plain_section, parts))
    )


def storage_error(sentence: str, reference: str) -> str:
    """The database refused."""
    return f"{kit.escape(sentence)}\nIf it keeps happening, give your administrator this reference: `{reference}`."


def unexpected(reference: str) -> str:
    """A fault of the program."""
    return (
        "That did not work, and it is not your fault. Check with `/cocm today` whether it was saved before you "
        f"send it again, and give your administrator this reference: `{reference}`."
    )


def problem_words(text: str, problem: ParseProblem) -> str:
    """One problem: its words marked in the line, why it cannot be, a line that works."""
    said = kit.escape(problem.message)
    example = f"\n`/cocm {kit.escape(problem.example)}`" if problem.example else ""
    if GAP in problem.example:
        example += f"\n{FILL_IN}"
    return f"{_marked(text, problem)}{said}{example}"


def _problem(text: str, problem: ParseProblem, kept: str | None, place: int) -> Block:
    said = problem_words(text, problem)
    if kept is None:
        return kit.section(said)
    line = f"number {place + 1}: {problem.example}"
    return kit.section(
        said, accessory=kit.button(SEND_LINE, listed(ActionId.SEND_LINE, place), kept, about=line)
    )


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


def busy(words: str | None = None) -> Reply:
    """More was asked for at once than can be done in time; a command's words are given back, since Slack drops them."""
    blocks = [kit.section(BUSY)]
    if words and "\n" not in words.strip():
        blocks.append(kit.section(f"> `/cocm {kit.escape(kit.clip(words.strip(), 1_000))}`"))
    return Reply(text="Busy.", blocks=tuple(blocks))


def _quoted(part: str) -> str:
    return kit.escape(part.replace("\n", " "))


def _more_problems(count: int) -> str:
    """Problems beyond those shown."""
    return f"And {count} more {'problem' if count == 1 else 'problems'} below."
