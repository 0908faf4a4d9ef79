"""Collects what stands in the way of taking an import back, in sentences that say what to do first."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from billing.closing import MonthStatus
from billing.months import BillingMonth
from billing.payer_names import payer_key
from billing.references import entry_reference
from services.context import Context
from services.errors import Refusal
from services.months.state import month_state
from storage import (
    FEE_CONTENT,
    MEMBER_CONTENT,
    PATIENT_CONTENT,
    PAYER_CONTENT,
    SERVICE_CONTENT,
    FileImport,
    ImportChange,
)

#: So many things are named in a sentence.
_NAMED = 5


class CannotUndoImport(Refusal):
    """That import cannot be taken back. Nothing was changed."""

    code = "cannot_undo_import"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedFact:
    """A fact that an import added or changed: about whom, and the first local date on which it can matter."""

    patient_id: int | None
    first_day: date


@dataclass(slots=True, kw_only=True)
class Obstacles:
    """Why an import cannot be taken back, sentence by sentence; none, and it can."""

    sentences: list[str] = field(default_factory=list)

    def add(self, *sentences: str) -> None:
        """Keep more of them."""
        self.sentences += sentences

    def refuse(self, number: int) -> None:
        """Refuse, if there is anything.

        Raises:
            CannotUndoImport: saying all of it.
        """
        if self.sentences:
            first = f"Import {number} was not taken back, and nothing was changed."
            raise CannotUndoImport("\n".join((first, *self.sentences)))


class ClosedSince:
    """The months that are closed, and were closed when an import was on file."""

    def __init__(self, context: Context, imported: FileImport) -> None:
        self._context = context
        states = [
            month_state(context, month)
            for month in sorted({one for one, _ in context.uow.closes.revisions()})
        ]
        #: With the revision that stands.
        self._months = {
            state.month: state.revision
            for state in states
            if state.status is MonthStatus.CLOSED
            and state.last_close is not None
            and state.last_close.closed_at >= imported.at
        }

        #: Of these it is said already that they stand in the way.
        self._said = set[BillingMonth]()

    def _unsaid(self) -> list[tuple[BillingMonth, int]]:
        return [(month, revision) for month, revision in self._months.items() if month not in self._said]

    def holding_entries(self, by_day: Mapping[date, int]) -> Iterable[str]:
        """What is said of months that hold entries: how many there are of each local date."""
        held: Counter[BillingMonth] = Counter()
        for day, count in by_day.items():
            held[BillingMonth.of(day)] += count
        for month in sorted(held.keys() & self._months.keys()):
            self._said.add(month)
            what = _counted(held[month], "of its entries", "of its entries")
            yield f"{_named(month)} is closed and holds {what}. {_reopen(month)}"

    def judged_with(self, facts: Iterable[ImportedFact]) -> Iterable[str]:
        """What is said of months that were judged with facts about patients."""
        first: dict[int, date] = {}
        for one in facts:
            if one.patient_id is not None:
                first[one.patient_id] = min(one.first_day, first.get(one.patient_id, date.max))
        for month, revision in self._unsaid() if first else ():
            lines = self._context.uow.closes.patients(month, revision)
            count = sum(day <= month.last_day and patient_id in lines for patient_id, day in first.items())
            if count:
                who = _counted(count, "patient", "patients")
                yield f"{_named(month)} is closed and judged {who} by what it stored. {_reopen(month)}"

    def priced_with(self, changes: Iterable[ImportChange]) -> Iterable[str]:
        """What is said of months that were judged by payers' rules, or estimated by rates."""
        kinds = {change.kind for change in changes}
        payers = {_payer_name(change) for change in changes if change.kind == PAYER_CONTENT.kind}
        for month, revision in self._unsaid() if kinds & {PAYER_CONTENT.kind, FEE_CONTENT.kind} else ():
            count = sum(
                FEE_CONTENT.kind in kinds or payer_key(line.rules.payer) in payers
                for line in self._context.uow.closes.lines(month, revision)
            )
            if count:
                who = _counted(count, "line", "lines")
                yield f"{_named(month)} is closed, with {who} judged or estimated by it. {_reopen(month)}"


def built_on(context: Context, numbers: Iterable[int]) -> Iterable[str]:
    """What is said of later imports that changed what one stored, the last first: in that order they go."""
    for number in sorted(set(numbers), reverse=True):
        later = context.uow.import_log.by_number(number)
        assert later is not None, "what is looked at was imported"
        day = later.at.astimezone(context.settings.zone).date()
        yield (
            f"Import {number} ({later.kind}, {day}) builds on it. Take that one back first: "
            f"`cocm import undo {number}`."
        )


def entries_changed(entry_ids: Collection[int]) -> Iterable[str]:
    """What is said of entries that were changed since."""
    if entry_ids:
        named = _listed([entry_reference(entry_id) for entry_id in sorted(entry_ids)])
        was = "was" if len(entry_ids) == 1 else "were"
        it = "it" if len(entry_ids) == 1 else "each"
        yield (
            f"{_counted(len(entry_ids), 'of its entries', 'of its entries')} {was} corrected since: {named}. Void {it} "
            "first (`/cocm void` with the reference and a reason), or take the correction back."
        )


def facts_changed(references: Collection[str]) -> Iterable[str]:
    """What is said of care facts that people changed since."""
    if references:
        named = _listed(sorted(references))
        was = "was" if len(references) == 1 else "were"
        what = _counted(len(references), "thing that it stored", "things that it stored")
        yield (
            f"{what} {was} changed since: {named}. "
            "`/cocm history` with the reference shows who did; take that change back first (`/cocm void` with its "
            "reference and a reason)."
        )


def contents_changed(kinds: Collection[str]) -> Iterable[str]:
    """What is said of patients, members or payers that were changed since."""
    for kind, count in Counter(kinds).items():
        one, many = _CONTENT_WORDS[kind]
        was = "was" if count == 1 else "were"
        yield (
            f"{_counted(count, one, many)} that it changed {was} changed again since. Bring that up to date by a file "
            "instead, and leave the import as it is."
        )


def people_needed(words: tuple[str, str], named: Collection[str], why: str, remedy: str) -> str:
    """What is said of patients or members who are needed by something else.

    Args:
        words: What one of them is called, and several.
        named: Their MRNs or names.
        why: What they have, after `that it added`.
        remedy: A sentence that says what to do.
    """
    said = _counted(len(named), *words)
    have = why.replace("have", "has", 1) if len(named) == 1 else why
    return f"{said} that it added {have}: {_listed(sorted(named))}. {remedy}"


#: What is called of each kind without versions.
_CONTENT_WORDS = {
    PATIENT_CONTENT.kind: ("patient", "patients"),
    MEMBER_CONTENT.kind: ("member", "members"),
    PAYER_CONTENT.kind: ("payer", "payers"),
    FEE_CONTENT.kind: ("fee schedule", "fee schedules"),
    SERVICE_CONTENT.kind: ("service", "services"),
    "membership_request": ("request to take part", "requests to take part"),
}


def first_day_of(kind: str, values: Mapping[str, object]) -> date:
    """The first local date on which a fact can matter; the first of all for what holds without a day."""
    value = values.get(_DAYS.get(kind, ""))
    if isinstance(value, BillingMonth):
        return value.first_day
    if isinstance(value, str):
        value = date.fromisoformat(value)
    return value.replace(day=1) if isinstance(value, date) else date.min


#: The column of a fact before whose month it changes nothing.
_DAYS = {
    "score": "measured_on",
    "case_review": "reviewed_on",
    "admission": "admitted_on",
    "attestation": "month",
    "claim_fact": "from_day",
    SERVICE_CONTENT.kind: "service_on",
}


def _payer_name(change: ImportChange) -> str:
    rows = (change.left or change.stood or [[]])[0]
    return payer_key(str(rows[0]["name"])) if rows else ""


def _named(month: BillingMonth) -> str:
    return f"{month.name} {month.year}"


def _reopen(month: BillingMonth) -> str:
    return f"Reopen it first: `cocm reopen {month} --by USER --reason REASON`."


def _counted(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"


def _listed(names: list[str]) -> str:
    more = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" and {more} more" if more > 0 else "")
