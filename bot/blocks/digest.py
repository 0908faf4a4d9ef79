"""The morning digest and the true-up list, within Slack's limits however many patients there are."""

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from bot import kit
from bot import unasked_words as words
from bot.blocks.lines import fitting, sections
from bot.ids import ActionId
from bot.replies import Block, Reply
from services.messages.morning import Digest, TrueUp
from services.messages.nearness import PatientMonth

T = TypeVar("T")

#: Patients with buttons; a patient near a code takes two blocks of Slack's fifty, one who is due one.
NEAR_LISTED = 12
DUE_LISTED = 8
#: Patients of a list without buttons, and its characters: all lists together stay within Slack's 12,000.
LISTED = 15
_LIST_TEXT = 2_000
_LINE_TEXT = 400


def digest(found: Digest) -> Reply:
    """A care manager's morning."""
    blocks = [kit.header(words.digest_heading(found)), *_due(found), *_near(found)]
    blocks += _list(words.MISSING, found.missing, words.missing)
    blocks += _list(words.UNTOUCHED, found.untouched, lambda one: words.untouched(one, found.today))
    return Reply(text=words.DIGEST_PUSH, blocks=(*blocks, kit.context(words.DIGEST_FOOT)))


def true_up(found: TrueUp) -> Reply:
    """What can still be put right before the month ends."""
    blocks = [kit.header(words.true_up_heading(found))]
    blocks += _list(words.MISSING, found.missing, words.missing)
    blocks += _list(words.HELD, found.held, words.held)
    if found.empty_days:
        blocks.append(kit.section(f"{words.EMPTY_DAYS}\n{words.days(found.empty_days, found.today)}"))
    return Reply(text=words.TRUE_UP_PUSH, blocks=(*blocks, kit.context(words.TRUE_UP_FOOT)))


def _due(found: Digest) -> Iterator[Block]:
    if found.due:
        yield kit.section(words.DUE)
    for place, one in enumerate(found.due[:DUE_LISTED]):
        yield kit.section(_line(words.due(one, found.today)), accessory=_log(one, f"due_{place}"))
    yield from _more(len(found.due) - DUE_LISTED)


def _near(found: Digest) -> Iterator[Block]:
    if found.near:
        yield kit.section(words.NEAR)
    for place, one in enumerate(found.near[:NEAR_LISTED]):
        yield kit.section(_line(words.near(one, found.today)))
        value = f"{one.patient.handle}:{found.month}"
        not_indicated = kit.button(words.NOT_INDICATED, f"{ActionId.SET_ASIDE}_{place}", value)
        yield kit.actions([_log(one, f"near_{place}"), not_indicated])
    yield from _more(len(found.near) - NEAR_LISTED)


def _list(title: str, found: Sequence[T], line: Callable[[T], str]) -> Iterator[Block]:
    if not found:
        return
    lines = fitting([_line(line(one)) for one in found[:LISTED]], _LIST_TEXT)
    yield from sections([title, *lines])
    yield from _more(len(found) - len(lines))


def _more(number: int) -> Iterator[Block]:
    if number > 0:
        yield kit.context(words.more(number))


def _line(text: str) -> str:
    return kit.clip(text, _LINE_TEXT)


def _log(one: PatientMonth, place: str) -> Block:
    return kit.button(words.LOG_TIME, f"{ActionId.LOG_FOR}_{place}", one.patient.handle)
