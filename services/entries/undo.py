"""Takes back a receipt by its button, or the person's last one by the word `undo`, within 24 hours."""

from datetime import timedelta

from billing.people import Member
from services.context import Context
from services.entries import split
from services.entries.linked_reviews import withdraw_with
from services.entries.receipts import Receipt, standings, views
from services.errors import AlreadyUndone, CannotCorrect, NotAllowed, NothingToUndo, TooLateToUndo
from services.people.rights import Action, needs
from storage import NotFound, StoredReceipt

#: How long a person may take back what they wrote without giving a reason.
UNDO_WITHIN = timedelta(hours=24)


@needs(Action.CORRECT_OWN)
def undo_last(context: Context, actor: Member) -> Receipt:
    """Void every entry of the person's last receipt.

    Raises:
        CannotCorrect: when it was a split, for that would lose the time.
        NothingToUndo: when they have written nothing in the last 24 hours that still stands.
    """
    stored = context.uow.ledger.last_receipt(actor.member_id, context.now - UNDO_WITHIN)
    if stored is None:
        raise NothingToUndo
    return _void(context, actor, stored)


@needs(Action.CORRECT_OWN)
def undo_receipt(context: Context, actor: Member, receipt_id: int) -> Receipt:
    """Void every entry of one receipt that still stands.

    Raises:
        NotAllowed: when somebody else wrote it.
        TooLateToUndo: when it is older than 24 hours.
        AlreadyUndone: when nothing of it stands any more.
    """
    try:
        stored = context.uow.ledger.receipt(receipt_id)
    except NotFound:
        raise AlreadyUndone from None
    if stored.recorded_by != actor.member_id:
        raise NotAllowed("Only the person who logged this can undo it. Ask them, or a supervisor.")
    if context.now - stored.recorded_at > UNDO_WITHIN:
        raise TooLateToUndo
    if not stored.entries:
        raise AlreadyUndone
    return _void(context, actor, stored)


def _void(context: Context, actor: Member, stored: StoredReceipt) -> Receipt:
    if stored.source == split.SOURCE:
        raise CannotCorrect(
            "What you wrote last is a split, and undoing it would lose the time that was split. "
            "Correct its entries one by one with edit or void."
        )
    shown = views(context, stored.entries)
    context.uow.ledger.void(
        [entry.entry_id for entry in stored.entries],
        by=actor.member_id,
        at=context.now,
        reason="undone by its author",
    )
    withdraw_with(context, actor, stored.entries)
    receipt = Receipt(
        receipt_id=stored.receipt_id,
        entries=shown,
        standings=standings(context, actor, shown),
        today=context.today_of(actor),
    )
    context.uow.commit()
    return receipt
