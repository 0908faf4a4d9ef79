"""A person's patients of the month, and those within reach of the next code."""

from bot import kit, overview_words, words
from bot.blocks.lines import fitting, sections
from bot.replies import Block, Reply
from services.months.caseload import Caseload


def caseload(load: Caseload) -> Reply:
    """All of them, as far as a message holds them."""
    if not load.lines:
        blocks = [kit.section(overview_words.NO_PATIENTS)]
    else:
        lines = [overview_words.caseload_line(line, load.today) for line in load.lines]
        blocks = [kit.section(overview_words.caseload_heading(load)), *_listed(lines)]
        blocks.append(kit.context(overview_words.CASELOAD_FOOT))
    return Reply(text=overview_words.CASELOAD_PUSH, blocks=tuple(blocks))


def near(load: Caseload) -> Reply:
    """Those within reach, nearest first."""
    lines = [overview_words.near_line(line, load.today) for line in load.near]
    blocks = [kit.section(overview_words.near_heading(load) if lines else words.NOBODY_NEAR), *_listed(lines)]
    blocks.append(kit.context(overview_words.NEAR_FOOT))
    return Reply(text=overview_words.NEAR_PUSH, blocks=tuple(blocks))


def _listed(lines: list[str]) -> list[Block]:
    shown = fitting(lines)
    blocks = sections(shown)
    if len(shown) < len(lines):
        blocks.append(kit.context(overview_words.more(len(lines) - len(shown), "patient")))
    return blocks
