"""Void an entry, however old: it counts nowhere, and its history stays."""

from dataclasses import replace

from billing.people import Member
from services.after_close import closed_remark
from services.amend import standing_entry
from services.care import case_review
from services.desk import Desk
from services.errors import CannotCorrect
from services.receipts import Receipt, standings, views


def void(desk: Desk, actor: Member, entry_id: int, reason: str) -> Receipt:
    """Take an entry out of every sum; for its author or a supervisor, at any time.

    Raises:
        UnknownEntry: when there is none, or it is void already.
        NotAllowed: when it is another person's.
        CannotCorrect: without a reason.
    """
    if not reason.strip():
        raise CannotCorrect("An entry is voided for a reason. Add it: logged for the wrong patient.")
    entry = standing_entry(desk, actor, entry_id)
    remark = closed_remark(desk, entry.service_date)
    shown = tuple(replace(one, remarks=(remark,) if remark else ()) for one in views(desk, [entry]))
    receipt_id = desk.uow.ledger.versions(entry_id)[0].receipt_id
    desk.uow.ledger.void([entry_id], by=actor.member_id, at=desk.now, reason=reason.strip())
    case_review.withdraw_with(desk, actor, [entry])
    receipt = Receipt(
        receipt_id=receipt_id, entries=shown, standings=standings(desk, shown), today=desk.today_of(actor)
    )
    desk.uow.commit()
    return receipt
