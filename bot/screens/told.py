"""What somebody else did to a person's entries and patients."""

from collections.abc import Iterator
from datetime import date

from billing.references import entry_reference
from bot import kit
from bot.replies import Reply, Screens, Viewer
from bot.screens.entry_changes import changes
from bot.screens.entry_lines import entry_line, named_entry
from bot.screens.lines import fitting, sections
from bot.screens.phrases import count, day_name, more
from services.messages.told import CoverNews, DoneByOthers, EntryByOther, ImportGone, PatientGone
from services.people.patients import shown_mrn

PUSH = "Somebody else changed an entry or a patient of yours."
_FOOT = (
    "`/cocm history {reference}` shows every version with its reason. If something is not right, ask the person named, "
    "or correct it with `/cocm edit`."
)
#: A reason in a line; the whole stands in the history.
_WORDS = 200


def done_by_others(found: DoneByOthers, viewer: Viewer) -> Reply:
    """Each thing on a line of its own: who, what, before and after, and why."""
    lines = [
        *(_entry_line(one, viewer.today) for one in found.entries),
        *(_patient_line(one, viewer.today) for one in found.patients),
        *map(_import_line, found.imports),
        *(_cover_line(one, viewer.today) for one in found.covers),
    ]
    shown = fitting(lines)
    blocks = [*sections(shown)]
    if len(shown) < len(lines):
        blocks.append(kit.context(more(len(lines) - len(shown), "change")))
    if found.entries:
        reference = entry_reference(found.entries[-1].after.entry.entry_id)
        blocks.append(kit.context(_FOOT.format(reference=reference)))
    return Reply(text=PUSH, blocks=tuple(blocks))


def _entry_line(one: EntryByOther, today: date) -> str:
    who = kit.escape(one.by.display_name)
    if one.was_void:
        said = f"*{who} put your entry back:* {entry_line(one.after, today)}. It is counted again."
    elif one.before is None:
        said = f"*{who} wrote an entry for you:* {entry_line(one.after, today)}"
    elif one.voided:
        said = f"*{who} voided your entry:* {entry_line(one.after, today)}. It is not counted."
    else:
        what = changes(one.before, one.after, today)
        said = f"*{who} changed your entry:* {what} for {named_entry(one.after, today)}"
    return "\n".join((said, *_reason(one.reason)))


def _patient_line(one: PatientGone, today: date) -> str:
    who, mrn = kit.escape(one.by.display_name), kit.escape(shown_mrn(one.patient.mrn))
    if one.given_to is not None:
        said = f"*{who} assigned {mrn} to {kit.escape(one.given_to.display_name)}.* Until then the patient was yours."
    else:
        assert one.discharged_on is not None, "a patient who is gone was discharged or given to somebody"
        said = f"*{who} discharged {mrn}*, your patient, as of {day_name(one.discharged_on, today)}."
    return "\n".join((said, *_reason(one.reason)))


def _import_line(one: ImportGone) -> str:
    who = f"{kit.escape(one.by.display_name)} took import {one.number} back" if one.by else ""
    said = f"*{who or f'Import {one.number} was taken back'}:* {count(one.entries, 'entry')} of yours came with it"
    return f"{said} and {'is' if one.entries == 1 else 'are'} not counted any more."


def _cover_line(one: CoverNews, today: date) -> str:
    who, away, by = (kit.escape(each.display_name) for each in (one.by, one.away, one.covered_by))
    if one.ended:
        return f"*{who} ended the cover of {away}'s patients by {by}.* They are back with {away}."
    first, last = (day_name(day, today) for day in (one.cover.first_day, one.cover.last_day))
    return (
        f"*{who} put {away}'s patients into {by}'s hands, {first} to {last}.* Morning message, Home, lists and safety "
        "notices follow; they come back by themselves. `/cocm cover` lists what is set."
    )


def _reason(reason: str) -> Iterator[str]:
    if reason:
        yield f"Reason: {kit.escape(kit.clip(reason.replace(chr(10), ' '), _WORDS))}"


SCREENS: Screens = {DoneByOthers: done_by_others}
