"""Close a month, and owe the billing channel its figures in the same transaction."""

from datetime import timedelta

from billing.months import BillingMonth
from billing.people import Member
from services.context import Context
from services.errors import CannotChangeMonth
from services.messages.deliveries import BILLING, JobName, Owed, deliveries_for, random_id
from services.messages.store import put_in
from services.months.close import ATTESTATION, Closed, freeze_month
from services.months.review import before_close

_USEFUL = timedelta(days=45)


def close_month(
    context: Context, actor: Member, month: BillingMonth, attestation: str = ATTESTATION, reason: str = ""
) -> Closed:
    """Freeze a month's lines, and owe the billing channel what they come to.

    Args:
        context: Where the use case works.
        actor: The closer.
        month: A month that is over.
        attestation: The sentence that the closer puts their name to.
        reason: Why it is closed again; the reason of the reopening stands in for it.

    Raises:
        NotAllowed: for anybody but a biller or an administrator.
        CannotChangeMonth: while the month runs, when it is closed, or without attestation.
    """
    closed = freeze_month(context, actor, month, attestation, reason)
    _owe_revision(context, month, closed.close.revision)
    context.uow.commit()
    return closed


def close_as_seen(context: Context, actor: Member, month: BillingMonth, seen: str) -> Closed:
    """Close a month that still is what the closer reviewed and attests.

    Args:
        context: Where the use case works.
        actor: The closer.
        month: The month.
        seen: `MonthReview.seen` of what they looked at.

    Raises:
        NotAllowed: for anybody but a biller or an administrator.
        CannotChangeMonth: while the month runs, when it is closed, or when it has changed since.
    """
    if before_close(context, actor, month).seen != seen:
        raise CannotChangeMonth(
            f"{month.name} {month.year} has changed since you looked at it, so nothing was closed. "
            f"Review it again: close {month}."
        )
    return close_month(context, actor, month)


def _owe_revision(context: Context, month: BillingMonth, revision: int) -> None:
    """Put a revision's post into the outbox, in the transaction of the close itself.

    A first close is told where the channel was told of the month before it was final; months of years ago that are
    closed one after the other are nobody's news.
    """
    if not context.settings.has_billing_channel:
        return
    told = f"{JobName.MONTH_END}:{month}", str(BILLING)
    if revision == 1 and told not in context.uow.deliveries.keys(context.now):
        return
    owed = Owed(
        job=JobName.REVISION,
        period=f"{JobName.REVISION}:{month}:{revision}",
        recipient=BILLING,
        due_at=context.now,
        useful_until=context.now + _USEFUL,
    )
    put_in(context, deliveries_for(owed, context.now, random_id))
