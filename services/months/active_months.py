"""Finds in which months patients had counted CoCM time, as far as a gap in care can hang on them (R-253, R-325).

Few months are asked about at all. Of those before them only days are read, and held against episodes, consents and
stays: what was clerical, held, in General BHI, after discharge or in a facility is no care that keeps an episode alive.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta
from typing import NamedTuple

from billing.care_days import CareDays, last_before_episodes
from billing.clinical import Admission
from billing.months import BillingMonth
from billing.people import Role
from billing.rules import ConsultantMinutes
from services.months.open_month import OpenMonth
from storage import UnitOfWork


class _Asked(NamedTuple):
    """A patient's month, from when on its active months matter, and whose time is left out of them."""

    patient_id: int
    month: BillingMonth
    since: BillingMonth
    without: str


class ActiveMonths:
    """In which months there was such time: from some month on all of them, before it the last one alone."""

    def __init__(self, uow: UnitOfWork, months: Iterable[OpenMonth]) -> None:
        self._uow = uow
        self._found: dict[tuple[int, BillingMonth], tuple[BillingMonth, ...]] = {}
        self._before: dict[tuple[int, BillingMonth], tuple[date, ...]] = {}
        asked: dict[_Asked, OpenMonth] = {}
        for one in months:
            since = one.active_since()
            if since is not None:
                excludes = one.rules.practice.consultant_minutes is ConsultantMinutes.EXCLUDE
                without = Role.CONSULTANT.value if excludes else ""
                asked[_Asked(one.patient.patient_id, one.month, since, without)] = one
        if asked:
            self._read(asked)

    def _read(self, asked: Mapping[_Asked, OpenMonth]) -> None:
        days = self._care_days(asked)
        earlier = self._last_before(days)
        later = self._since(days)
        for one in asked:
            found = (earlier.get(one), *later.get(one, ()))
            self._found[one.patient_id, one.month] = tuple(month for month in found if month is not None)

    def _care_days(self, asked: Mapping[_Asked, OpenMonth]) -> dict[_Asked, CareDays]:
        """The days of each patient that lie in CoCM care."""
        stays: Mapping[int, tuple[Admission, ...]] = {}
        ids = {key.patient_id for key, one in asked.items() if not one.rules.practice.inpatient_counts}
        if ids:
            last = max(key.month for key in asked).last_day
            stays = self._uow.admissions.of_patients(ids, date.min, last)
        return {
            key: CareDays.of(
                one.episodes,
                () if one.rules.practice.inpatient_counts else stays.get(key.patient_id, ()),
            )
            for key, one in asked.items()
        }

    def _last_before(self, days: Mapping[_Asked, CareDays]) -> dict[_Asked, BillingMonth]:
        """The last month with such time before the one from which all are known."""
        found: dict[_Asked, BillingMonth] = {}
        pending = {one: one.since.first_day for one in days}
        while pending:
            wanted: dict[tuple[date, str], list[_Asked]] = defaultdict(list)
            for one, before in pending.items():
                wanted[before, one.without].append(one)
            pending = {}
            for (before, without), some in wanted.items():
                worked = self._uow.ledger.last_counting_days(_ids(some), before, without=without)
                for one in some:
                    day = worked.get(one.patient_id)
                    last = None if day is None else days[one].last_until(day)
                    if last == day and last is not None:
                        found[one] = BillingMonth.of(last)
                    elif last is not None:
                        pending[one] = last + timedelta(days=1)
        return found

    def _since(self, days: Mapping[_Asked, CareDays]) -> dict[_Asked, tuple[BillingMonth, ...]]:
        """All months with such time from then on, up to the one asked about."""
        found: dict[_Asked, tuple[BillingMonth, ...]] = {}
        wanted: dict[tuple[BillingMonth, str], list[_Asked]] = defaultdict(list)
        for one in days:
            if one.since < one.month:
                wanted[one.since, one.without].append(one)
        for (since, without), some in wanted.items():
            last = max(one.month for one in some).last_day
            worked = self._uow.ledger.counting_days(_ids(some), since.first_day, last, without=without)
            for one in some:
                own = [day for day in worked.get(one.patient_id, ()) if days[one].holds(day)]
                before = last_before_episodes(days[one].episodes, own)
                if before:
                    self._before[one.patient_id, one.month] = before
                months = dict.fromkeys(map(BillingMonth.of, own))
                found[one] = tuple(month for month in months if month <= one.month)
        return found

    def of(self, month: OpenMonth) -> tuple[BillingMonth, ...]:
        """Those up to a month, oldest first."""
        return self._found.get((month.patient.patient_id, month.month), ())

    def before_episodes(self, month: OpenMonth) -> tuple[date, ...]:
        """Last days with such time before a CoCM episode began, in the month in which it did."""
        return self._before.get((month.patient.patient_id, month.month), ())


def _ids(some: Iterable[_Asked]) -> Collection[int]:
    return {one.patient_id for one in some}
