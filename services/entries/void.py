"""Voids an entry, however old: it is not counted, and its history stays."""

from dataclasses import replace

from billing.months import BillingMonth
from billing.people import Member
from services.context import Context
from services.entries.amend import standing_entry
from services.entries.linked_reviews import withdraw_with
from services.entries.receipts import Receipt, standings, views
from services.errors import CannotCorrect
from services.months.after_close import closed_remark
from services.people.rights import Action, needs
from storage import ActKind


@needs(Action.CORRECT_OWN, Action.CORRECT_ANY)
def void(context: Context, actor: Member, entry_id: int, reason: str) -> Receipt:
    """Take an entry out of every sum; for its author or a supervisor, at any time.

    Raises:
        UnknownEntry: when there is none, or it is void already.
        NotAllowed: when it is another person's.
        CannotCorrect: without a reason.
    """
    if not reason.strip():
        raise CannotCorrect("Voiding an entry needs a reason. Add it: logged for the wrong patient.")
    entry = standing_entry(context, actor, entry_id)
    # Before it is asked whether the month is closed.
    context.uow.months.share([BillingMonth.of(entry.service_date)])
    remark = closed_remark(context, entry.service_date)
    shown = tuple(replace(one, remarks=(remark,) if remark else ()) for one in views(context, [entry]))
    receipt_id = context.uow.ledger.versions(entry_id)[0].receipt_id
    context.uow.acts.begin(ActKind.VOID, by=actor.member_id, at=context.now)
    context.uow.ledger.void([entry_id], by=actor.member_id, at=context.now, reason=reason.strip())
    withdraw_with(context, actor, [entry])
    receipt = Receipt(
        receipt_id=receipt_id,
        entries=shown,
        standings=standings(context, actor, shown),
        today=context.today_of(actor),
        act_id=context.uow.acts.number(),
    )
    context.uow.commit()
    return receipt
