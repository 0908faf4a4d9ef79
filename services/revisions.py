"""What the billing channel is owed when a month was closed, or closed again."""

from datetime import timedelta

from billing.months import BillingMonth
from services.deliveries import BILLING, JobName, Owed, deliveries_for, random_id
from services.delivery_store import put_in
from services.desk import Desk

_USEFUL = timedelta(days=45)


def owe_revision(desk: Desk, month: BillingMonth, revision: int) -> None:
    """Put a revision's post into the outbox, in the transaction of the close itself.

    A first close is told where the channel was told of the month before it was final; months of years ago that are
    closed one after the other are nobody's news.
    """
    if not desk.settings.has_billing_channel:
        return
    told = f"{JobName.MONTH_END}:{month}", str(BILLING)
    if revision == 1 and told not in desk.uow.deliveries.keys(desk.now):
        return
    owed = Owed(
        job=JobName.REVISION,
        period=f"{JobName.REVISION}:{month}:{revision}",
        recipient=BILLING,
        due_at=desk.now,
        useful_until=desk.now + _USEFUL,
    )
    put_in(desk, deliveries_for(owed, desk.now, random_id))
