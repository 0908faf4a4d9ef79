"""Withdraws case reviews that were recorded together with time when that time is taken back."""

from collections.abc import Collection

from billing.clinical import CaseReview
from billing.entries import TimeEntry
from billing.people import Member
from services.context import Context


def withdraw_with(context: Context, actor: Member, entries: Collection[TimeEntry]) -> None:
    """Withdraw the reviews whose time was taken back; one recorded by mistake must not stand for the month."""
    for one in context.uow.reviews.of_entries([entry.entry_id for entry in entries]):
        context.uow.reviews.withdraw(one.review_id, by=actor.member_id, at=context.now)
        audit_review(context, actor, "review.withdrawn", one)


def audit_review(context: Context, actor: Member, action: str, one: CaseReview) -> None:
    """Record in the audit chain what became of a review."""
    context.uow.audit.record(
        at=context.now,
        actor=actor.member_id,
        action=action,
        subject=f"review:{one.review_id}",
        details={
            "patient": one.patient_id,
            "reviewed_on": one.reviewed_on.isoformat(),
            "consultant": one.consultant,
            "entry": one.entry_id,
            "sent_on": one.sent_on.isoformat() if one.sent_on else None,
        },
    )
