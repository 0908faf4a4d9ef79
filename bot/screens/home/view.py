"""The whole Home tab: the parts that a member's roles give them, and the switch between them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot import kit
from bot.ids import ActionId, listed
from bot.replies import Block
from bot.screens.home.administration import administration_blocks
from bot.screens.home.billing import billing_blocks
from bot.screens.home.care import care_blocks
from bot.screens.home.frame import TABLE, Frame
from bot.screens.home.naming import ViewSettings
from bot.screens.home.reviews import reviews_blocks
from bot.screens.home.supervision import supervision_blocks
from bot.screens.phrases import clock
from services.home.home import Home
from services.home.parts import Part

NO_PART = (
    "*Welcome.* Your roles here show nothing on Home. `/cocm help` says what you can do; an administrator gives "
    "roles: `/cocm roles @you care_manager`."
)
#: What the switch calls each part.
PART_NAMES = {
    Part.CARE: "Care manager",
    Part.REVIEWS: "Consultant",
    Part.BILLING: "Biller",
    Part.SUPERVISION: "Supervisor",
    Part.PRACTICE: "Administrator",
}
_BLOCKS: dict[Part, Callable[[Frame, Any], Iterator[Block]]] = {
    Part.CARE: care_blocks,
    Part.REVIEWS: reviews_blocks,
    Part.BILLING: billing_blocks,
    Part.SUPERVISION: supervision_blocks,
    Part.PRACTICE: administration_blocks,
}
#: Slack's limits: blocks of a view; characters of the cells of all its tables, with room to spare.
_MOST_BLOCKS, _TABLES_TEXT = 100, 9_400


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """For whom and when Home is shown, beside what it holds."""

    settings: ViewSettings
    now: datetime
    zone: ZoneInfo
    takes_tables: bool
    #: What was just done by a button of Home, in words that name no patient; empty for nothing.
    done: str = ""


def home_view(home: Home, shown: Shown) -> dict[str, Any]:
    """The whole tab as Slack takes it."""
    blocks = [*_top(home, shown)]
    if not home.shown:
        blocks.append(kit.section(NO_PART))
    for part, content in home.shown:
        frame = Frame(
            part=part,
            settings=shown.settings,
            now=shown.now,
            zone=shown.zone,
            today=home.today,
            takes_tables=shown.takes_tables and TABLE not in home.not_taken,
            table_text=_TABLES_TEXT // len(home.shown),
        )
        blocks += _BLOCKS[part](frame, content)
    foot = kit.context(f"As of {clock(shown.now, shown.zone)}. Sums are of the calendar month.")
    return {"type": "home", "blocks": [*blocks[: _MOST_BLOCKS - 1], foot]}


def has_table(view: dict[str, Any]) -> bool:
    """Whether a view holds a block that a workspace may not take."""
    return any(block["type"] == TABLE for block in view["blocks"])


def _top(home: Home, shown: Shown) -> Iterator[Block]:
    """What was just done, and the switch between the parts of somebody with several roles."""
    if shown.done:
        yield kit.context(f"{shown.done} The answer is in Messages.")
    if len(home.parts) == 1 or not home.shown:
        return
    front = home.shown[0][0]
    yield kit.actions(
        [
            kit.button(
                PART_NAMES[part],
                listed(ActionId.HOME_PART, number),
                part,
                style="primary" if part is front else None,
            )
            for number, part in enumerate(home.parts)
        ]
    )
