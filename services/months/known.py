"""Loads patients' facts besides time, one statement for each kind of fact that can matter to one of their months."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Generic, TypeVar

from billing.clinical import Admission, Attestation, CaseReview, OtherService, Score, Statement
from billing.months import BillingMonth
from services.months.active_months import ActiveMonths
from services.months.open_month import REVIEWS_SINCE_MONTHS, Days, OpenMonth
from storage import UnitOfWork

F = TypeVar("F")

#: Facts of some patients that hold on some days, by patient.
_Ask = Callable[[Collection[int], date, date], Mapping[int, tuple[F, ...]]]


class _Kind(Generic[F]):
    """One kind of fact: read for all months to which it can matter, handed out to each as far as it does."""

    def __init__(
        self,
        months: Iterable[OpenMonth],
        ask: _Ask[F],
        matters: Callable[[OpenMonth], Days | None],
        holds: Callable[[F], tuple[date, date | None]],
    ) -> None:
        self._matters = matters
        self._holds = holds
        self._found: dict[int, tuple[F, ...]] = {}
        wanted: dict[int, Days] = {}
        for one in months:
            days = matters(one)
            if days is not None:
                patient_id = one.patient.patient_id
                since, until = wanted.get(patient_id, days)
                wanted[patient_id] = min(since, days[0]), max(until, days[1])
        for ids, first, last in _alike(wanted):
            self._found |= ask(ids, first, last)

    def of(self, month: OpenMonth) -> tuple[F, ...]:
        """Those that hold on a day that matters to the month."""
        found = self._found.get(month.patient.patient_id)
        days = self._matters(month) if found else None
        if not found or days is None:
            return ()
        first, last = days
        return tuple(
            fact
            for fact in found
            for since, until in (self._holds(fact),)
            if since <= last and (until is None or first <= until)
        )


def _alike(wanted: Mapping[int, Days]) -> Iterator[tuple[list[int], date, date]]:
    """Patients to ask about together: those of whom the same days matter, as of most, and the few others."""
    if not wanted:
        return
    usual, _ = Counter(wanted.values()).most_common(1)[0]
    plain = [patient_id for patient_id, days in wanted.items() if days == usual]
    yield plain, *usual
    others = {patient_id: days for patient_id, days in wanted.items() if days != usual}
    if others:
        first, last = min(days[0] for days in others.values()), max(days[1] for days in others.values())
        yield list(others), first, last


class Known:
    """The facts of some months, beside their entries and episodes."""

    def __init__(self, uow: UnitOfWork, months: Sequence[OpenMonth]) -> None:
        self._reviews = _Kind[CaseReview](
            months, _reviews(uow), OpenMonth.reviews, lambda one: (one.reviewed_on, one.reviewed_on)
        )
        self.scores = _Kind[Score](
            months, uow.scores.of_patients, OpenMonth.scores, lambda one: (one.measured_on, one.measured_on)
        )
        self.statements = _Kind[Statement](
            months,
            uow.statements.of_patients,
            OpenMonth.statements,
            lambda one: (one.made_on, one.valid_until),
        )
        self.admissions = _Kind[Admission](
            months,
            uow.admissions.of_patients,
            OpenMonth.admissions,
            lambda one: (one.admitted_on, one.left_on),
        )
        self.other_services = _Kind[OtherService](
            months,
            uow.other_services.of_patients,
            OpenMonth.other_services,
            lambda one: (one.service_on, one.service_on),
        )
        self._attestations = _attestations(uow, months)
        self._active_months = ActiveMonths(uow, months)

    def reviews(self, month: OpenMonth) -> tuple[CaseReview, ...]:
        """Those of the month; without any, the last one before it."""
        found = self._reviews.of(month)
        own = tuple([one for one in found if one.reviewed_on in month.month])
        return own or found[-1:]

    def attestations(self, month: OpenMonth) -> tuple[Attestation, ...]:
        """What people vouched for in the month."""
        return self._attestations.get((month.patient.patient_id, month.month), ())

    def active_months(self, month: OpenMonth) -> tuple[BillingMonth, ...]:
        """Months with time up to this one, as far as a gap in care can hang on them."""
        return self._active_months.of(month)

    def care_before(self, month: OpenMonth) -> tuple[date, ...]:
        """Last days with such time before an episode began, of those months in which one began."""
        return self._active_months.before_episodes(month)


def _reviews(uow: UnitOfWork) -> _Ask[CaseReview]:
    """Reviews of the months, and of those before them where a month has none of its own to show.

    Most patients are reviewed each month, so of many the earlier reviews are asked for apart, and of few.
    """

    def ask(ids: Collection[int], first_day: date, last_day: date) -> Mapping[int, tuple[CaseReview, ...]]:
        if len(ids) == 1:
            return uow.reviews.of_patients(ids, first_day, last_day)
        first = BillingMonth.of(first_day).plus(REVIEWS_SINCE_MONTHS)
        found = uow.reviews.of_patients(ids, first.first_day, last_day)
        last = first.last_day
        unseen = [one for one in ids if one not in found or found[one][0].reviewed_on > last]
        if unseen:
            earlier = uow.reviews.of_patients(unseen, first_day, first.plus(-1).last_day)
            found |= {one: reviews + found.get(one, ()) for one, reviews in earlier.items()}
        return found

    return ask


def _attestations(
    uow: UnitOfWork, months: Iterable[OpenMonth]
) -> dict[tuple[int, BillingMonth], tuple[Attestation, ...]]:
    wanted: dict[BillingMonth, list[int]] = defaultdict(list)
    for one in months:
        if one.attestations() is not None:
            wanted[one.month].append(one.patient.patient_id)
    return {
        (patient_id, month): found
        for month, ids in wanted.items()
        for patient_id, found in uow.attestations.of_patients(ids, month).items()
    }
