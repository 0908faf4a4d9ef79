"""Sums a person's own week or month: by day, by kind of work, by patient."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TypeVar

from billing.activities import Activity
from billing.entries import TimeEntry
from billing.months import BillingMonth
from billing.people import Member, Patient
from services.context import Context
from services.months.state import MonthState, month_state
from services.people.rights import Action, needs

K = TypeVar("K")

_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    """Time of several entries. Whole seconds."""

    entries: int
    patients: int
    seconds: int

    @classmethod
    def of(cls, entries: Sequence[TimeEntry]) -> "Sum":
        """Add entries up."""
        return cls(
            entries=len(entries),
            patients=len({entry.patient_id for entry in entries}),
            seconds=sum(entry.seconds for entry in entries),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnTime:
    """What one person did on local dates from `first` to `last`, both included."""

    first: date
    last: date
    #: The local date it is for them.
    today: date
    total: Sum
    #: Days with entries, in order.
    days: tuple[tuple[date, Sum], ...]
    #: Kinds of work, the most time first.
    activities: tuple[tuple[Activity, Sum], ...]
    #: Patients, the most time first.
    patients: tuple[tuple[Patient, Sum], ...] = field(repr=False)
    #: Entries that are held until their activity is confirmed.
    held: int
    #: Where the month stands; None for a week.
    state: MonthState | None = None


@needs(Action.SEE_OWN_TIME)
def week(context: Context, actor: Member, *, last: bool = False) -> OwnTime:
    """The week from Monday to today, or the whole week before."""
    today = context.today_of(actor)
    monday = today - timedelta(days=today.weekday())
    first, end = (monday - _WEEK, monday - timedelta(days=1)) if last else (monday, today)
    return _own_time(context, actor, first, end)


@needs(Action.SEE_OWN_TIME)
def month(context: Context, actor: Member, wanted: BillingMonth | None = None) -> OwnTime:
    """A calendar month by the person's local dates of service; this one when none is given."""
    chosen = wanted or BillingMonth.of(context.today_of(actor))
    return _own_time(context, actor, chosen.first_day, chosen.last_day, month_state(context, chosen))


def _grouped(keyed: Iterable[tuple[K, TimeEntry]]) -> dict[K, Sum]:
    found: dict[K, list[TimeEntry]] = defaultdict(list)
    for key, entry in keyed:
        found[key].append(entry)
    return {key: Sum.of(entries) for key, entries in found.items()}


def _most_first(sums: dict[K, Sum]) -> tuple[tuple[K, Sum], ...]:
    return tuple(sorted(sums.items(), key=lambda pair: (-pair[1].seconds, str(pair[0]))))


def _own_time(
    context: Context, actor: Member, first: date, last: date, state: MonthState | None = None
) -> OwnTime:
    entries = context.uow.ledger.member_days(actor.member_id, first, last)
    by_patient = _grouped((entry.patient_id, entry) for entry in entries)
    patients = context.uow.patients.many(set(by_patient))
    return OwnTime(
        first=first,
        last=last,
        today=context.today_of(actor),
        total=Sum.of(entries),
        days=tuple(sorted(_grouped((entry.service_date, entry) for entry in entries).items())),
        activities=_most_first(_grouped((entry.activity, entry) for entry in entries)),
        patients=tuple((patients[number], own) for number, own in _most_first(by_patient)),
        held=sum(entry.is_held for entry in entries),
        state=state,
    )
