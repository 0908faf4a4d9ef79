"""The sentence for a person who changes something in a closed month: it becomes an addendum."""

from datetime import date

from billing.months import BillingMonth
from services.context import Context
from services.months.across import closed_at


def closed_remark(context: Context, service_date: date) -> str | None:
    """The sentence for an entry of that local date; None while its month is not closed."""
    month = BillingMonth.of(service_date)
    if closed_at(context, month) is None:
        return None
    return (
        f"{month.name} {month.year} is closed and its figures stand: this is an addendum, in the sum shown here "
        "and not billed until the month is reopened and closed again."
    )
