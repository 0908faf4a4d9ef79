"""What changed of an entry, thing by thing: `15 min → 25 min`."""

from collections.abc import Iterator
from datetime import date

from billing.durations import spoken
from billing.references import entry_reference
from bot import kit
from bot.ids import ActionId
from bot.replies import Reply
from bot.screens.entry_lines import entry_line, named_entry
from bot.screens.phrases import day_name
from services.entries.amending import WhichEntry, WhyAsked
from services.entries.receipts import EntryView
from services.people.patients import shown_mrn

WHY_PUSH = "A reason is needed before this is changed."
WHICH_PUSH = "Which entry do you mean?"
GIVE_REASON = "Give the reason"
_UNCHANGED = "Nothing is changed until you give it. The question expires in 15 minutes."
_PICK = "Nothing is changed until you pick one. The question expires in 15 minutes."
#: A note in a line.
_WORDS = 120


def changes(before: EntryView, after: EntryView, today: date) -> str:
    """Each thing that is otherwise, as it was and as it is, joined by dots; mrkdwn."""
    return " · ".join(_changes(before, after, today))


def why_asked(asked: WhyAsked) -> Reply:
    """What would change, why that needs a reason, and the button that takes it."""
    what = f"*{changes(asked.before, asked.after, asked.today)}* for {named_entry(asked.before, asked.today)}"
    return Reply(
        text=WHY_PUSH,
        blocks=(
            kit.section(f"{what}\n{kit.escape(asked.sentence)}"),
            kit.actions([kit.button(GIVE_REASON, ActionId.GIVE_REASON, asked.pending_id, style="primary")]),
            kit.context(_UNCHANGED),
        ),
    )


def which_entry(asked: WhichEntry) -> Reply:
    """The entries written last, each with the button that picks it."""
    blocks = [kit.section("*Which entry do you mean?*")]
    for number, view in enumerate(asked.entries):
        reference = entry_reference(view.entry.entry_id)
        value = f"{asked.pending_id}:{reference}"
        button = kit.button("This one", f"{ActionId.PICK_ENTRY}_{number}", value, about=reference)
        blocks.append(kit.section(entry_line(view, asked.today), accessory=button))
    return Reply(text=WHICH_PUSH, blocks=(*blocks, kit.context(_PICK)))


def _changes(before: EntryView, after: EntryView, today: date) -> Iterator[str]:
    was, now = before.entry, after.entry
    pairs = (
        (spoken(was.seconds), spoken(now.seconds)),
        (kit.escape(shown_mrn(before.patient.mrn)), kit.escape(shown_mrn(after.patient.mrn))),
        (day_name(was.service_date, today), day_name(now.service_date, today)),
        (was.activity.label, now.activity.label),
    )
    yield from (f"{old} → {new}" for old, new in pairs if old != new)
    if before.note != after.note:
        yield f"note “{_quoted(before.note)}” → “{_quoted(after.note)}”"
    if not any(old != new for old, new in pairs) and before.note == after.note:
        yield "no longer held" if was.is_held and not now.is_held else "clock times"


def _quoted(text: str) -> str:
    return kit.escape(kit.clip(text.replace("\n", " "), _WORDS))
