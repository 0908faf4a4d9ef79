"""Several lines before they are logged: how each was read, which are not clear, and what is left to correct."""

from collections.abc import Sequence
from datetime import date

from billing.durations import spoken
from bot import kit
from bot.grammar.parsed import TypedLine
from bot.ids import ActionId
from bot.replies import Block, Reply
from bot.screens.lines import fitting, sections
from bot.screens.phrases import QUESTION_EXPIRES, count, day_name
from bot.screens.problems import SHOWN, problem_words
from services.entries.pending import Offered
from services.entries.requests import DraftLine

OFFER_PUSH = "Some lines are not clear."
LOG_NOTHING = "Log nothing"
TO_CORRECT = "*Not logged yet:* correct and send"
#: A note is shown as far as it takes to recognize it.
_NOTE = 60


def offer(text: str, lines: Sequence[TypedLine], offered: Offered) -> Reply:
    """Each line as it was read, what is wrong with the others, and a button that logs those that are clear."""
    clear = sum(line.draft is not None for line in lines)
    said: list[str] = []
    blocks: list[Block] = [kit.section(_how_many(clear, len(lines)))]
    shown = 0
    for number, line in enumerate(lines, 1):
        if line.draft is not None:
            said.append(f"{number}. {_reading(line.draft, offered.today)}")
            continue
        said.append(f"{number}. *Not clear:* {kit.escape(kit.clip(_one_line(line.text), _NOTE))}")
        for problem in line.problems[:1] if shown < SHOWN else ():
            shown += 1
            blocks.append(kit.section(f"*Line {number}*\n{problem_words(text, problem)}"))
    buttons = [
        kit.button(_log_clear(clear), f"{ActionId.ANSWER}_0", f"{offered.pending_id}:0", style="primary"),
        kit.button(LOG_NOTHING, f"{ActionId.ANSWER}_1", f"{offered.pending_id}:1"),
    ]
    return Reply(
        text=OFFER_PUSH,
        blocks=(
            blocks[0],
            *sections(fitting(said, 6_000)),
            *blocks[1:],
            kit.actions(buttons),
            kit.context(QUESTION_EXPIRES),
        ),
    )


def readings(lines: Sequence[DraftLine], today: date) -> list[Block]:
    """How each of several lines was read, in order, the one that is asked about marked."""
    open_line = next((line for line in lines if line.question is not None), None)
    return sections(
        fitting(
            [
                f"{number}. {_reading(line, today)}{' · *asked below*' if line is open_line else ''}"
                for number, line in enumerate(lines, 1)
            ],
            6_000,
        )
    )


def to_correct(left: Sequence[str]) -> list[Block]:
    """Lines that were not logged, to the letter, so that nothing typed is lost."""
    return [kit.section(TO_CORRECT), kit.plain_section("\n".join(left))] if left else []


def _reading(line: DraftLine, today: date) -> str:
    """`15 min · MRN1 · phone · today · “check-in”`; of several patients, each."""
    first = line.requests[0]
    whom = ", ".join(
        dict.fromkeys(f"{spoken(one.seconds)} · {kit.escape(one.patient.text)}" for one in line.requests)
    )
    parts = [whom, first.activity.label, day_name(first.service_date, today)]
    if first.note:
        parts.append(f"“{kit.escape(kit.clip(_one_line(first.note), _NOTE))}”")
    return " · ".join(parts)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _how_many(clear: int, lines: int) -> str:
    """How far the message was understood."""
    return (
        f"*{clear} of {count(lines, 'line')} {'is' if clear == 1 else 'are'} clear.* Nothing is stored yet."
    )


def _log_clear(clear: int) -> str:
    """The button that logs the lines which were understood."""
    return "Log the clear line" if clear == 1 else f"Log the {clear} clear lines"
