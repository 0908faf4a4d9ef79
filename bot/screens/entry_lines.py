"""Lines about single entries: logged, undone, and in a list."""

from collections.abc import Sequence
from datetime import date

from billing.durations import spoken
from billing.references import entry_reference
from bot import kit
from bot.replies import Block
from bot.screens.pages import Page
from bot.screens.phrases import day_name
from services.entries.receipts import EntryView
from services.people.patients import shown_mrn

#: Entries in one section.
ROWS = 5


def logged_line(view: EntryView, today: date) -> str:
    """`Logged 15 min for MRN123 · phone · today`."""
    return f"*Logged {_entry(view)}* · {_about(view, today)}"


def undone_line(view: EntryView) -> str:
    """`Undone: 15 min for MRN123`."""
    return f"*Undone: {_entry(view)}.* It is not counted; its history is kept."


def entry_line(view: EntryView, today: date) -> str:
    """One entry in a list: `15 min · MRN123 · phone · today · e-k7f`."""
    return f"*{spoken(view.entry.seconds)}* · {named_entry(view, today)}"


def named_entry(view: EntryView, today: date) -> str:
    """An entry without its time: `MRN123 · phone · today · e-k7f`."""
    return f"{kit.escape(shown_mrn(view.patient.mrn))} · {_about(view, today)}"


def newest_first(entries: Sequence[EntryView], today: date, number: int, what: str) -> list[Block]:
    """A screen of the entries, and the buttons that turn the page.

    Args:
        entries: in the order they were written.
        today: the reader's local date.
        number: the page's, from 0.
        what: names the list in the buttons' values.
    """
    page = Page.of_list(tuple(reversed(entries)), number)
    blocks = [
        kit.section("\n".join(entry_line(view, today) for view in page.here[start : start + ROWS]))
        for start in range(0, len(page.here), ROWS)
    ]
    return [*blocks, *page.turners(what, "entry")]


def _entry(view: EntryView) -> str:
    return f"{spoken(view.entry.seconds)} for {kit.escape(shown_mrn(view.patient.mrn))}"


def _about(view: EntryView, today: date) -> str:
    entry = view.entry
    parts = [entry.activity.label, day_name(entry.service_date, today)]
    if entry.performed_by != entry.recorded_by:
        parts.append(f"by {kit.escape(view.performer.display_name)}")
    if view.partners:
        parts.append(f"with {', '.join(kit.escape(one.display_name) for one in view.partners)}")
    parts.append(f"`{entry_reference(entry.entry_id)}`")
    return " · ".join(parts)
