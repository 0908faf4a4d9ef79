"""The files that were imported, the newest first, each with the way back."""

from collections.abc import Iterator, Sequence
from zoneinfo import ZoneInfo

from bot import kit
from bot.ids import ActionId, listed
from bot.replies import Block, Reply
from bot.screens.pages import Page
from bot.screens.phrases import clock, count, full_day
from services.imports.undo import ListedImport

PUSH = "Imports of the practice."
LIST = "imports"
_HOW = (
    "To import a table, send it to me here as a file, CSV or Excel. I show what it holds, and store nothing before you "
    "press Import."
)


def imports(found: Sequence[ListedImport], zone: ZoneInfo, number: int = 0) -> Reply:
    """A page of them."""
    if not found:
        return Reply(text=PUSH, blocks=(kit.section(f"*Nothing was imported yet.* {_HOW}"),))
    page = Page.of_list(found, number)
    blocks = [block for place, one in enumerate(page.here) for block in _import(one, place, zone)]
    blocks += page.turners(LIST, "import")
    return Reply(text=PUSH, blocks=(*blocks, kit.context(_HOW)))


def _import(one: ListedImport, place: int, zone: ZoneInfo) -> Iterator[Block]:
    imported = one.imported
    local = imported.at.astimezone(zone)
    by = kit.escape(one.imported_by.display_name) if one.imported_by else "the command line"
    said = (
        f"*Import {imported.number}* · {count(imported.rows, 'row')} of {imported.kind} · {full_day(local.date())}, "
        f"{clock(imported.at, zone)}, by {by}\n{imported.added:,} new, {imported.changed:,} changed"
    )
    if imported.undone_at is not None:
        back = f" by {kit.escape(one.undone_by.display_name)}" if one.undone_by else ""
        yield kit.section(f"{said} · taken back {full_day(imported.undone_at.astimezone(zone).date())}{back}")
        return
    action_id, number = listed(ActionId.UNDO_IMPORT, place), f"{imported.number}"
    yield kit.section(
        said, accessory=kit.button("Undo", action_id, number, about=f"import {number}", style="danger")
    )
