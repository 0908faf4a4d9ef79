"""Finds the rates of a line: the payer's fee schedule, else the practice's own, else Medicare's."""

from datetime import date

from billing.medicare_rates import MEDICARE
from billing.money import FeeSchedule
from billing.payer import PayerTerms
from services.context import Context

#: Name under which a practice keeps the rates that hold for every payer without a schedule of its own.
PRACTICE_SCHEDULE = "Practice"

_DECEMBER = 12


class Prices:
    """The fee schedules of one practice, read once."""

    def __init__(self, context: Context) -> None:
        self._own = context.uow.fee_schedules.all()
        own = {schedule.name.strip().casefold(): schedule for schedule in self._own}
        self._by_name = {MEDICARE.name.casefold(): MEDICARE} | own
        self._usual = own.get(PRACTICE_SCHEDULE.casefold(), MEDICARE)

    def all(self) -> tuple[FeeSchedule, ...]:
        """Every schedule on file, by name."""
        return tuple(self._by_name[name] for name in sorted(self._by_name))

    def schedule(self, payer: PayerTerms | None) -> FeeSchedule:
        """The rates by which lines of that payer are estimated."""
        named = payer.fee_schedule.strip().casefold() if payer is not None else ""
        return self._by_name.get(named, self._usual)

    def missing_years(self, today: date) -> tuple[tuple[str, int], ...]:
        """Schedules in use that have no rate today, or from December on none for January 1; each with that year."""
        days = [today, *([date(today.year + 1, 1, 1)] if today.month == _DECEMBER else [])]
        in_use = {schedule.name: schedule for schedule in (*self._own, self._usual)}
        return tuple(
            (name, day.year)
            for name, schedule in sorted(in_use.items())
            for day in days
            if not any(rate.holds_on(day) for rate in schedule.rates)
        )
