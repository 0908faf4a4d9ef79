"""Long lists, a screen at a time: twelve rows, and the buttons that turn the page."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from bot import kit
from bot.ids import ActionId, listed
from bot.replies import Block
from bot.screens.phrases import several

T = TypeVar("T")

#: Rows of a screen: what a phone shows in two swipes.
ROWS = 12
SHOW_EARLIER = "Show earlier"


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[T]):
    """The rows of a list that one screen shows."""

    here: Sequence[T]
    #: Place of the first of them in the whole list.
    first: int
    #: Rows of the whole list.
    of: int

    @classmethod
    def of_list(cls, rows: Sequence[T], number: int) -> "Page[T]":
        """A page by its number from 0; the last one where the list has become shorter."""
        last = max(0, (len(rows) - 1) // ROWS)
        first = min(max(number, 0), last) * ROWS
        return cls(here=rows[first : first + ROWS], first=first, of=len(rows))

    def turners(self, what: str, thing: str) -> list[Block]:
        """The buttons that turn the page, and which rows these are; none where all are here.

        Args:
            what: names the list in the buttons' values: `caseload`.
            thing: what a row is, in words: `patient`.
        """
        if self.of <= ROWS:
            return []
        things = several(thing)
        number, left = self.first // ROWS, self.of - self.first - len(self.here)
        buttons = []
        if left:
            label = f"Show {min(left, ROWS)} more"
            action, value = listed(ActionId.SHOW_PAGE, 1), f"{what}:{number + 1}"
            buttons.append(kit.button(label, action, value, about=things))
        if number:
            action, value = listed(ActionId.SHOW_PAGE, 0), f"{what}:{number - 1}"
            buttons.append(kit.button(SHOW_EARLIER, action, value, about=things))
        where = f"{self.first + 1:,} to {self.first + len(self.here):,} of {self.of:,} {things}"
        return [kit.context(where), kit.actions(buttons)]
