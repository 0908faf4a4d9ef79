"""Undo: the Undo button takes back its own receipt, the word `undo` the person's last one, within 24 hours."""

from datetime import timedelta

from billing.people import Member
from services import split
from services.care import case_review
from services.desk import Desk
from services.errors import AlreadyUndone, CannotCorrect, NotAllowed, NothingToUndo, TooLateToUndo
from services.receipts import Receipt, standings, views
from storage import NotFound
from storage import Receipt as StoredReceipt

#: How long a person may take back what they wrote without giving a reason.
UNDO_WITHIN = timedelta(hours=24)


def undo_last(desk: Desk, actor: Member) -> Receipt:
    """Void every entry of the person's last receipt.

    Raises:
        CannotCorrect: when it was a split, for that would lose the time.
        NothingToUndo: when they have written nothing in the last 24 hours that still stands.
    """
    stored = desk.uow.ledger.last_receipt(actor.member_id, desk.now - UNDO_WITHIN)
    if stored is None:
        raise NothingToUndo
    return _void(desk, actor, stored)


def undo_receipt(desk: Desk, actor: Member, receipt_id: int) -> Receipt:
    """Void every entry of one receipt that still stands.

    Raises:
        NotAllowed: when somebody else wrote it.
        TooLateToUndo: when it is older than 24 hours.
        AlreadyUndone: when nothing of it stands any more.
    """
    try:
        stored = desk.uow.ledger.receipt(receipt_id)
    except NotFound:
        raise AlreadyUndone from None
    if stored.recorded_by != actor.member_id:
        raise NotAllowed("Only the person who logged this can undo it. Ask them, or a supervisor.")
    if desk.now - stored.recorded_at > UNDO_WITHIN:
        raise TooLateToUndo
    if not stored.entries:
        raise AlreadyUndone
    return _void(desk, actor, stored)


def _void(desk: Desk, actor: Member, stored: StoredReceipt) -> Receipt:
    if stored.source == split.SOURCE:
        raise CannotCorrect(
            "What you wrote last is a split, and undoing it would lose the time that was split. "
            "Put its entries right one by one with edit or void."
        )
    shown = views(desk, stored.entries)
    desk.uow.ledger.void(
        [entry.entry_id for entry in stored.entries],
        by=actor.member_id,
        at=desk.now,
        reason="undone by its author",
    )
    case_review.withdraw_with(desk, actor, stored.entries)
    receipt = Receipt(
        receipt_id=stored.receipt_id,
        entries=shown,
        standings=standings(desk, shown),
        today=desk.today_of(actor),
    )
    desk.uow.commit()
    return receipt
