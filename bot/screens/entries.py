"""An entry voided, corrected, split, or shown with all its versions."""

from datetime import date
from zoneinfo import ZoneInfo

from billing.durations import spoken
from billing.references import entry_reference
from bot import kit
from bot.ids import ActionId
from bot.replies import Block, Reply
from bot.screens.acts import undo_button
from bot.screens.entry_changes import why_asked
from bot.screens.entry_lines import logged_line
from bot.screens.lines import fitting, sections
from bot.screens.phrases import QUESTION_EXPIRES, clock, day_name
from bot.screens.receipt import changed_entries, held_buttons, held_line
from bot.screens.standings import all_missing, all_to_dos, standing_lines
from services.entries.amending import WhyAsked
from services.entries.history import EntryHistory, VersionView
from services.entries.other_patient import Changed, WhichPatient
from services.entries.receipts import EntryView, Receipt
from services.people.patients import shown_mrn

VOIDED_PUSH = "Voided."
CORRECTED_PUSH = "Corrected."
SPLIT_PUSH = "Split."
NOTHING_CHANGED = "Nothing was changed."
QUESTION_PUSH = "One question before the entry is changed."
HISTORY_PUSH = "An entry's history."
#: A note or reason in a line; the whole is in the form behind Edit.
_WORDS = 200


def voided(made: Receipt) -> Reply:
    """What counts no more, where the patient stands without it, and the way back."""
    lines = [_voided_line(view) for view in made.entries]
    lines.append(standing_lines(made.standings, made.today))
    return Reply(text=VOIDED_PUSH, blocks=(kit.section("\n".join(lines)), *_remarks(made), *_undo(made)))


def changed(outcome: Changed | WhichPatient | WhyAsked | None) -> Reply:
    """An entry corrected or split, the question that stands before it, or word that nothing was changed."""
    if isinstance(outcome, WhyAsked):
        return why_asked(outcome)
    if outcome is None:
        return Reply(text=NOTHING_CHANGED, blocks=(kit.section(NOTHING_CHANGED),))
    if isinstance(outcome, Changed):
        return split(outcome.receipt) if outcome.was_split else corrected(outcome.receipt)
    buttons = [
        kit.button(label, f"{ActionId.ANSWER_CHANGE}_{number}", f"{outcome.pending_id}:{number}")
        for number, label in enumerate(outcome.choices)
    ]
    return Reply(
        text=QUESTION_PUSH,
        blocks=(
            kit.section(kit.escape(outcome.message)),
            kit.actions(buttons),
            kit.context(QUESTION_EXPIRES),
        ),
    )


def corrected(made: Receipt) -> Reply:
    """The entry as it now is, where every patient and month that it touches stands, and the way back."""
    view = made.entries[0]
    blocks = [kit.section(_corrected_lines(view, made.today))]
    blocks += [kit.plain_context(view.note)] if view.note else []
    blocks += [kit.context(held_line(view)), kit.actions(held_buttons(view))] if view.entry.is_held else []
    blocks += [*_remarks(made), kit.section(standing_lines(made.standings, made.today))]
    missing = all_missing(made.standings)
    blocks += [kit.context(*missing)] if missing else []
    to_dos = all_to_dos(made.standings)
    blocks += [kit.context(*to_dos)] if to_dos else []
    return Reply(text=CORRECTED_PUSH, blocks=(*blocks, *_undo(made)))


def split(made: Receipt) -> Reply:
    """The new entries, and the way back to the one that was split."""
    lines = [logged_line(view, made.today) for view in made.entries]
    blocks = [kit.section(_split_sentence(len(made.entries))), *sections(fitting(lines))]
    blocks += sections(fitting(standing_lines(made.standings, made.today).split("\n"), 4_000))
    return Reply(text=SPLIT_PUSH, blocks=(*blocks, *_remarks(made), *_undo(made)))


def history(told: EntryHistory, zone: ZoneInfo) -> Reply:
    """Every version, the newest first, so that what is left out is the oldest."""
    lines = [
        _version_lines(
            view,
            _stamp(
                day_name(view.version.at.astimezone(zone).date(), told.today),
                clock(view.version.at, zone),
            ),
            told.today,
        )
        for view in reversed(told.versions)
    ]
    shown = fitting(lines)
    blocks = [kit.section(_history_heading(told)), *sections(shown)]
    if len(shown) < len(lines):
        blocks.append(kit.context(_more_versions(len(lines) - len(shown))))
    return Reply(text=HISTORY_PUSH, blocks=tuple(blocks))


def _undo(made: Receipt) -> list[Block]:
    return [] if made.act_id is None else [kit.actions([undo_button(made.act_id, changed_entries(made))])]


def _remarks(made: Receipt) -> list[Block]:
    remarks = tuple(dict.fromkeys(remark for view in made.entries for remark in view.remarks))
    return [kit.context(*(kit.escape(remark) for remark in remarks))] if remarks else []


def _voided_line(view: EntryView) -> str:
    """`Voided: 15 min for MRN123`."""
    what = f"{spoken(view.entry.seconds)} for {kit.escape(shown_mrn(view.patient.mrn))}"
    reference = entry_reference(view.entry.entry_id)
    return f"*Voided: {what}.* It is not counted; `/cocm history {reference}` shows what it was."


def _corrected_lines(view: EntryView, today: date) -> str:
    """`Corrected: 25 min for MRN123 · phone · today`, and where the versions are."""
    entry = view.entry
    reference = entry_reference(entry.entry_id)
    parts = [
        f"*Corrected: {spoken(entry.seconds)} for {kit.escape(shown_mrn(view.patient.mrn))}*",
        entry.activity.label,
        day_name(entry.service_date, today),
    ]
    return f"{' · '.join(parts)}\n`/cocm history {reference}` shows what it was before."


def _split_sentence(entries: int) -> str:
    """What stands now."""
    return f"*Split into {entries} entries.* The original entry is void; its history is kept."


def _history_heading(told: EntryHistory) -> str:
    """The entry, and how many versions it has."""
    number = len(told.versions)
    return f"*`{entry_reference(told.entry_id)}`* · {number} {'version' if number == 1 else 'versions'}"


def _version_lines(view: VersionView, stamp: str, today: date) -> str:
    """`2 · Nov 18, 2:05 pm · Ana Flores · corrected: 25 min for MRN123 · phone · today`, and why."""
    one = view.version
    kind = {"first": "written", "correction": "corrected", "void": "voided"}[one.kind]
    kind = "put back" if one.restores is not None else kind
    parts = [
        (
            f"*{one.entry.version}* · {stamp} · {kit.escape(view.author.display_name)} · *{kind}*: "
            f"{spoken(one.entry.seconds)} for {kit.escape(shown_mrn(view.patient.mrn))}"
        ),
        one.entry.activity.label,
        day_name(one.entry.service_date, today),
    ]
    if view.performer != view.author:
        parts.append(f"work of {kit.escape(view.performer.display_name)}")
    said = [" · ".join(parts)]
    said += [f"Note: {_quoted(one.note)}"] if one.note else []
    said += [f"Reason: {_quoted(one.reason)}"] if one.reason else []
    return "\n".join(said)


def _stamp(day: str, clock: str) -> str:
    """`today, 2:05 pm`."""
    return f"{day}, {clock}"


def _quoted(text: str) -> str:
    return kit.escape(kit.clip(text.replace("\n", " "), _WORDS))


def _more_versions(number: int) -> str:
    """Versions beyond those shown."""
    return f"And {number} earlier {'version' if number == 1 else 'versions'}."
