"""Finds the entries that a person speaks of without naming their references."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from billing.entries import TimeEntry
from billing.people import Member
from services.context import Context
from services.entries.amend import is_theirs, standing_entry
from services.entries.receipts import EntryView, views
from services.entries.searches import EntrySearch
from services.people import patients
from services.people.rights import Action, allowed, needs

#: Entries shown at once; those before them are counted.
SHOWN = 5
_FIRST_DAY = date(2000, 1, 1)
_EVER = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundEntries:
    """Entries that fit what was said best, the newest first."""

    entries: tuple[EntryView, ...]
    #: Further ones that fit as well.
    more: int
    #: True when all that was said fits.
    fits: bool
    today: date
    search: EntrySearch
    #: Those that the person may change.
    changeable: frozenset[int]


@needs(Action.SEE_OWN_TIME, Action.SEE_PATIENTS)
def find(context: Context, actor: Member, search: EntrySearch) -> FoundEntries:
    """The entries of the last weeks that a person may mean.

    Raises:
        UnknownPatient: when nobody is known by a name given.
        UnknownEntry: when the reference given names none that stands.
        NotAllowed: when it names another person's.
    """
    today = context.today_of(actor)
    candidates = [entry for entry in _candidates(context, actor, search, today) if _is_wanted(entry, search)]
    scores = {entry.entry_id: _fitting(entry, search) for entry in candidates}
    best = max(scores.values(), default=0)
    chosen = sorted(
        (entry for entry in candidates if scores[entry.entry_id] == best),
        key=lambda entry: (entry.recorded_at, entry.entry_id),
        reverse=True,
    )
    return FoundEntries(
        entries=views(context, chosen[:SHOWN]),
        more=max(0, len(chosen) - SHOWN),
        fits=bool(chosen) and best == bool(search.lengths) + (search.day is not None),
        today=today,
        search=search,
        changeable=frozenset(entry.entry_id for entry in chosen if _may_change(context, actor, entry)),
    )


@needs(Action.SEE_OWN_TIME)
def has_logged(context: Context, actor: Member) -> bool:
    """Whether a person has logged anything that still stands."""
    return context.uow.ledger.last_receipt(actor.member_id, _EVER) is not None


def _candidates(context: Context, actor: Member, search: EntrySearch, today: date) -> Iterable[TimeEntry]:
    ledger = context.uow.ledger
    if search.entry_id is not None:
        return [standing_entry(context, actor, search.entry_id)]
    recent = today - timedelta(days=context.settings.backdate_days)
    # What is held counts nowhere, however old it is.
    first = _FIRST_DAY if search.held else recent
    if not search.patients:
        own = ledger.member_days(actor.member_id, first, today)
        if not search.held or not allowed(context, actor, Action.CORRECT_ANY):
            return own
        known = {entry.entry_id for entry in own}
        return [*own, *(entry for entry in ledger.month(recent, today) if entry.entry_id not in known)]
    return [
        entry
        for ref in search.patients
        for entry in ledger.patient_month(patients.need(context, ref).patient_id, first, today)
        if search.asks or _may_change(context, actor, entry)
    ]


def _may_change(context: Context, actor: Member, entry: TimeEntry) -> bool:
    return is_theirs(actor, entry) or allowed(context, actor, Action.CORRECT_ANY)


def _is_wanted(entry: TimeEntry, search: EntrySearch) -> bool:
    return entry.is_held or not search.held


def _fitting(entry: TimeEntry, search: EntrySearch) -> int:
    return (entry.seconds in search.lengths) + (search.day is not None and entry.service_date == search.day)
