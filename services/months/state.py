"""Reads whether a practice's month is open, in draft, closed or reopened."""

from dataclasses import dataclass

from billing.closing import MonthClose, MonthStatus, Reopening, month_status
from billing.months import BillingMonth
from services.context import Context


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthState:
    """A month's status with its history."""

    month: BillingMonth
    status: MonthStatus
    #: The first first.
    closes: tuple[MonthClose, ...] = ()
    reopenings: tuple[Reopening, ...] = ()

    @property
    def last_close(self) -> MonthClose | None:
        """The latest revision; None for a month never closed."""
        return self.closes[-1] if self.closes else None

    @property
    def revision(self) -> int:
        """The latest revision's number; 0 for a month never closed."""
        return self.closes[-1].revision if self.closes else 0

    @property
    def edition(self) -> str:
        """What a report of the month is: `revision 2` of a closed one, else a `draft`."""
        return f"revision {self.revision}" if self.status is MonthStatus.CLOSED else "draft"


def month_state(context: Context, month: BillingMonth) -> MonthState:
    """Where the practice's month stands at this moment."""
    closes = context.uow.closes.of(month)
    reopenings = context.uow.closes.reopenings(month) if closes else ()
    return MonthState(
        month=month,
        status=month_status(month, context.today, closes, reopenings),
        closes=closes,
        reopenings=reopenings,
    )
