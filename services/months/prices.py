"""Finds the rates of a line: the payer's fee schedule, else the practice's own, else Medicare's."""

from billing.medicare_rates import MEDICARE
from billing.money import FeeSchedule
from billing.payer import PayerTerms
from services.context import Context

#: Name under which a practice keeps the rates that hold for every payer without a schedule of its own.
PRACTICE_SCHEDULE = "Practice"


class Prices:
    """The fee schedules of one practice, read once."""

    def __init__(self, context: Context) -> None:
        own = {schedule.name.strip().casefold(): schedule for schedule in context.uow.fee_schedules.all()}
        self._by_name = {MEDICARE.name.casefold(): MEDICARE} | own
        self._usual = own.get(PRACTICE_SCHEDULE.casefold(), MEDICARE)

    def schedule(self, payer: PayerTerms | None) -> FeeSchedule:
        """The rates by which lines of that payer are estimated."""
        named = payer.fee_schedule.strip().casefold() if payer is not None else ""
        return self._by_name.get(named, self._usual)
