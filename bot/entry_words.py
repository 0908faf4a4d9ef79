"""What is said when an entry is voided or split, and of an entry's history."""

from datetime import date

from billing.durations import spoken
from billing.references import entry_reference
from bot.kit import clip, escape
from bot.words import day_name
from services.entries.history import EntryHistory, VersionView
from services.entries.receipts import EntryView
from services.people.patients import shown_mrn

VOIDED_PUSH = "Voided."
CORRECTED_PUSH = "Corrected."
SPLIT_PUSH = "Split."
HISTORY_PUSH = "An entry's history."
#: A note or reason in a line; the whole is in the form behind Edit.
_WORDS = 200


def voided(view: EntryView) -> str:
    """`Voided: 15 min for MRN123`."""
    what = f"{spoken(view.entry.seconds)} for {escape(shown_mrn(view.patient.mrn))}"
    reference = entry_reference(view.entry.entry_id)
    return f"*Voided: {what}.* It counts nowhere; `/cocm history {reference}` shows what it was."


def corrected(view: EntryView, today: date) -> str:
    """`Corrected: 25 min for MRN123 · phone · today`, and where the versions are."""
    entry = view.entry
    reference = entry_reference(entry.entry_id)
    parts = [
        f"*Corrected: {spoken(entry.seconds)} for {escape(shown_mrn(view.patient.mrn))}*",
        entry.activity.label,
        day_name(entry.service_date, today),
    ]
    return f"{' · '.join(parts)}\n`/cocm history {reference}` shows what it was before."


def split(entries: int) -> str:
    """What stands now."""
    return f"*Split into {entries} entries.* The one before is void; its history is kept."


def history_heading(told: EntryHistory) -> str:
    """The entry, and how many versions it has."""
    number = len(told.versions)
    return f"*`{entry_reference(told.entry_id)}`* · {number} {'version' if number == 1 else 'versions'}"


def version(view: VersionView, stamp: str, today: date) -> str:
    """`2 · Nov 18, 2:05 pm · Ana Flores · corrected: 25 min for MRN123 · phone · today`, and why."""
    one = view.version
    kind = {"first": "written", "correction": "corrected", "void": "voided"}[one.kind]
    parts = [
        (
            f"*{one.entry.version}* · {stamp} · {escape(view.author.display_name)} · *{kind}*: "
            f"{spoken(one.entry.seconds)} for {escape(shown_mrn(view.patient.mrn))}"
        ),
        one.entry.activity.label,
        day_name(one.entry.service_date, today),
    ]
    if view.performer != view.author:
        parts.append(f"work of {escape(view.performer.display_name)}")
    said = [" · ".join(parts)]
    said += [f"Note: {_quoted(one.note)}"] if one.note else []
    said += [f"Reason: {_quoted(one.reason)}"] if one.reason else []
    return "\n".join(said)


def stamp(day: str, clock: str) -> str:
    """`today, 2:05 pm`."""
    return f"{day}, {clock}"


def _quoted(text: str) -> str:
    return escape(clip(text.replace("\n", " "), _WORDS))


def more_versions(number: int) -> str:
    """Versions beyond those shown."""
    return f"And {number} earlier {'version' if number == 1 else 'versions'}."
