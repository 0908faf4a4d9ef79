"""Closes a month, and has the files sent to the billing channel. Roles: biller or administrator."""

from billing.months import BillingMonth
from billing.people import Member
from services.context import Context
from services.messages.deliveries import BILLING, DueDelivery, deliveries_for, random_id
from services.messages.kinds import MONTH_END, REVISION
from services.messages.store import put_in
from services.months.close import ATTESTATION, Closed, freeze_month
from services.people.rights import Action, needs


@needs(Action.CLOSE)
def close_month(
    context: Context,
    actor: Member,
    month: BillingMonth,
    attestation: str = ATTESTATION,
    reason: str = "",
    seen: str | None = None,
) -> Closed:
    """Freeze every line of a month as it stands, and owe the billing channel the revision, both or neither.

    Args:
        context: Where the use case works.
        actor: The closer.
        month: A month that is over.
        attestation: The sentence that the closer puts their name to.
        reason: Why it is closed again; the reason of the reopening stands in for it.
        seen: `MonthReview.seen` of what the closer attests, where they looked at it.

    Raises:
        NotAllowed: for anybody but a biller or an administrator.
        CannotChangeMonth: while the month runs, when it is closed, or without attestation.
        MonthChanged: when it is not what was seen any more.
    """
    closed = freeze_month(context, actor, month, attestation, reason, seen)
    _owe(context, month, closed.close.revision)
    context.uow.commit()
    return closed


@needs(Action.CLOSE)
def close_as_seen(context: Context, actor: Member, month: BillingMonth, seen: str) -> Closed:
    """Close a month that still is what the closer reviewed and attests.

    Args:
        context: Where the use case works.
        actor: The closer.
        month: The month.
        seen: `MonthReview.seen` of what they looked at.

    Raises:
        NotAllowed: for anybody but a biller or an administrator.
        CannotChangeMonth: while the month runs, or when it is closed.
        MonthChanged: when its lines are not those that were seen any more.
    """
    return close_month(context, actor, month, seen=seen)


def _owe(context: Context, month: BillingMonth, revision: int) -> None:
    """Put a revision's post into the outbox.

    A first close is told where the channel was told of the month before it was final; months of years ago that are
    closed one after the other are nobody's news.
    """
    if not context.settings.has_billing_channel:
        return
    told = f"{MONTH_END.name}:{month}", str(BILLING)
    if revision == 1 and told not in context.uow.deliveries.keys(context.now):
        return
    due = DueDelivery(
        kind=REVISION.name,
        period=f"{REVISION.name}:{month}:{revision}",
        recipient=BILLING,
        due_at=context.now,
        useful_until=context.now + REVISION.useful,
    )
    put_in(context, deliveries_for(due, context.now, random_id))
