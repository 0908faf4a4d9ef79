"""Entries that fit what somebody said, each with the buttons that correct it."""

from collections.abc import Iterator

from billing.references import entry_reference
from bot import kit
from bot.ids import ActionId, listed
from bot.replies import Block, Reply
from bot.screens.entry_lines import entry_line
from bot.screens.receipt import held_buttons, held_line
from services.entries.finding import FoundEntries
from services.entries.receipts import EntryView

PUSH = "Entries on file."
NOTHING_CHANGED = "*Nothing was changed.*"


def found(told: FoundEntries) -> Reply:
    """What fits, and what can be done with it; nothing has been changed."""
    blocks = [kit.section(_heading(told))]
    for place, view in enumerate(told.entries):
        blocks += _entry(view, told, place)
    if told.more:
        blocks.append(kit.context(_more(told.more)))
    return Reply(text=PUSH, blocks=tuple(blocks))


def _heading(told: FoundEntries) -> str:
    if told.search.held:
        return (
            "These entries are held until somebody says what they were:"
            if told.entries
            else "Nothing waits to be confirmed."
        )
    start = "*Nothing was logged.*" if told.search.asks else NOTHING_CHANGED
    if not told.entries:
        return f"{start} No entry of the last weeks fits what you said. `/cocm today` and `/cocm week` list yours."
    if not told.fits and (told.search.lengths or told.search.day):
        return f"{start} No entry fits all that you said; the nearest:"
    if told.search.asks:
        return f"{start} On file:"
    one = len(told.entries) == 1 and not told.more
    return f"{start} {'Is it this entry?' if one else 'Which of these entries is it?'}"


def _entry(view: EntryView, told: FoundEntries, place: int) -> Iterator[Block]:
    yield kit.section(entry_line(view, told.today))
    if view.note:
        yield kit.plain_context(view.note)
    if view.entry.entry_id not in told.changeable:
        return
    reference = entry_reference(view.entry.entry_id)
    if view.entry.is_held:
        yield kit.context(held_line(view))
    buttons = held_buttons(view, place)
    buttons.append(kit.button("Edit", listed(ActionId.EDIT, place), reference, about=reference))
    void = kit.button("Void", listed(ActionId.VOID, place), reference, about=reference, style="danger")
    buttons.append(void)
    yield kit.actions(buttons)


def _more(count: int) -> str:
    """Entries beyond those shown."""
    entries = "entry" if count == 1 else "entries"
    return f"And {count} earlier {entries}. Name the patient, the time or the date to see fewer."
