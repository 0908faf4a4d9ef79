"""What a biller's Home shows: the month by code and payer, what blocks lines and who can fix it, and the close."""

from dataclasses import dataclass

from billing.closing import MonthStatus
from billing.months import BillingMonth
from billing.people import Member
from services.context import Context
from services.home.figures import MonthFigures, figures_of
from services.months.overpaid import overpaid_lines
from services.months.state import month_state
from services.people.rights import Action, needs


@dataclass(frozen=True, slots=True, kw_only=True)
class BillingHome:
    """The months that a biller works on: the last one while it is open, and this one."""

    months: tuple[MonthFigures, ...]
    #: Lines of last month that bill less than was submitted.
    overpaid: int


@needs(Action.REPORT)
def billing_home(context: Context, actor: Member) -> BillingHome:  # noqa: ARG001 - whoever looks is checked
    """The practice's months in figures."""
    first, last = open_months(context)
    overpaid = overpaid_lines(context, last.plus(-1))
    return BillingHome(months=figures_of(context, first, last), overpaid=len(overpaid))


def open_months(context: Context) -> tuple[BillingMonth, BillingMonth]:
    """The first and the last of the months to look at: this one, and the last one until it is closed."""
    this = BillingMonth.of(context.today)
    last = this.plus(-1)
    is_closed = month_state(context, last).status is MonthStatus.CLOSED
    return (this if is_closed else last), this
