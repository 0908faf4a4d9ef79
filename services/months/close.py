"""Closes months and reopens them. Roles: biller or administrator."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from billing.closing import (
    CloseRefused,
    Difference,
    FrozenLine,
    MonthClose,
    Reopening,
    check_reopening,
    differences,
    next_close,
    overpayments,
)
from billing.evaluate import MonthResult
from billing.months import BillingMonth
from billing.people import Member
from services.context import Context
from services.errors import CannotChangeMonth
from services.months.attested import Figures, MonthChanged
from services.months.claims import claims_of
from services.months.gather import EVERYBODY, gather
from services.months.judge import judge
from services.months.overpaid import identified_by_close
from services.months.state import MonthState, month_state
from services.people.rights import Action, needs
from services.program import judged_by
from storage import MONTH, ActKind

#: What a closer puts their name to where they give no words of their own.
ATTESTATION = "I reviewed this month's lines and findings, and they may be billed as shown."
#: Whatever a clock says, a close comes after the reopening before it, and a reopening after the close.
_NEXT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """A month as it was closed."""

    close: MonthClose
    lines: int
    #: Against the revision before; empty for the first.
    differences: tuple[Difference, ...] = ()
    #: Those of them that lower what was submitted: money that may have to go back.
    overpaid: tuple[Difference, ...] = ()


@needs(Action.CLOSE)
def freeze_month(
    context: Context,
    actor: Member,
    month: BillingMonth,
    attestation: str = ATTESTATION,
    reason: str = "",
    seen: str | None = None,
) -> Closed:
    """Freeze every line of a month as it stands, under the closer's attestation; the caller commits.

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
        MonthChanged: when the lines are not those that were seen any more.
    """
    # What is read from here on stands still until the month is frozen.
    context.uow.months.freeze(month)
    state, close = prepared_close(context, actor, month, attestation, reason)
    _begin(context, actor, ActKind.CLOSE, month, close.revision)
    results: list[MonthResult] = []
    lines = context.uow.closes.close(close, _freeze(context, month, results))
    _check_seen(month, seen, results)
    closed = _compared(context, state, close, lines, results)
    identified_by_close(
        context, actor, month, close.revision, [difference.patient_id for difference in closed.overpaid]
    )
    _record(context, actor, closed)
    return closed


@needs(Action.CLOSE)
def prepared_close(
    context: Context, actor: Member, month: BillingMonth, attestation: str = ATTESTATION, reason: str = ""
) -> tuple[MonthState, MonthClose]:
    """Where the month stands, and the close that `freeze_month` would make of it now; stores nothing.

    Raises:
        NotAllowed: for anybody but a biller or an administrator.
        CannotChangeMonth: while the month runs, when it is closed, or without attestation.
    """
    state = month_state(context, month)
    if not reason.strip() and state.reopenings:
        reason = state.reopenings[-1].reason
    wanted = MonthClose(
        month=month,
        revision=0,
        closed_by=actor.member_id,
        closed_at=max([context.now, *(one.reopened_at + _NEXT for one in state.reopenings)]),
        attestation=attestation,
        reason=reason if state.closes else "",
    )
    try:
        return state, next_close(wanted, state.status, state.closes)
    except CloseRefused as refused:
        raise CannotChangeMonth(str(refused)) from refused


@needs(Action.CLOSE)
def reopen_month(context: Context, actor: Member, month: BillingMonth, reason: str) -> Reopening:
    """Open a closed month again; its frozen revisions stay as they are.

    Raises:
        NotAllowed: for anybody but a biller or an administrator.
        CannotChangeMonth: when it is not closed, or no reason is given.
    """
    context.uow.months.freeze(month)
    state = month_state(context, month)
    reopening = Reopening(
        month=month,
        reopened_by=actor.member_id,
        reopened_at=max([context.now, *(one.closed_at + _NEXT for one in state.closes)]),
        reason=reason.strip(),
    )
    try:
        check_reopening(reopening, state.status)
    except CloseRefused as refused:
        raise CannotChangeMonth(str(refused)) from refused
    _begin(context, actor, ActKind.REOPEN, month, state.revision)
    context.uow.closes.reopen(reopening)
    context.uow.audit.record(
        at=context.now,
        actor=actor.member_id,
        action="month.reopened",
        subject=f"month:{month}",
        details={"revision": state.revision},
    )
    context.uow.commit()
    return reopening


def changes_since_close(context: Context, month: BillingMonth) -> tuple[Difference, ...]:
    """What closing the month again would change against its last revision; nothing for one never closed."""
    state = month_state(context, month)
    if not state.revision:
        return ()
    now = [one.result for one in judge(context, EVERYBODY, (month,))]
    return differences(_results_of(context, month, state.revision), now)


def _begin(context: Context, actor: Member, kind: ActKind, month: BillingMonth, revision: int) -> None:
    """Close and reopening are acts, which undo does not take back."""
    context.uow.acts.begin(kind, by=actor.member_id, at=context.now)
    context.uow.acts.changed(MONTH, month.year * 100 + month.month, revision, revision)


def _freeze(context: Context, month: BillingMonth, results: list[MonthResult]) -> Iterator[FrozenLine]:
    """Every line of a month as it is frozen; their results are added to `results`."""
    for gathered in gather(context, EVERYBODY, (month,), words=True):
        line = FrozenLine.of(gathered.facts, gathered.rules, judged_by())
        results.append(line.result)
        yield line


def _check_seen(month: BillingMonth, seen: str | None, results: list[MonthResult]) -> None:
    """Refuse to freeze other lines than those that are attested."""
    if seen is None:
        return
    attested, now = Figures.read(seen), Figures.of(results)
    if attested is None or attested.mark != now.mark:
        raise MonthChanged(month, attested, now)


def _results_of(context: Context, month: BillingMonth, revision: int) -> Iterator[MonthResult]:
    return (line.result for line in context.uow.closes.lines(month, revision))


def _compared(
    context: Context, state: MonthState, close: MonthClose, lines: int, results: list[MonthResult]
) -> Closed:
    before = state.last_close
    if before is None:
        return Closed(close=close, lines=lines)
    found = differences(_results_of(context, close.month, before.revision), results)
    return Closed(
        close=close,
        lines=lines,
        differences=found,
        overpaid=overpayments(found, claims_of(context, close.month)),
    )


def _record(context: Context, actor: Member, closed: Closed) -> None:
    subject = f"month:{closed.close.month}"
    context.uow.audit.record(
        at=context.now,
        actor=actor.member_id,
        action="month.closed",
        subject=subject,
        details={
            "revision": closed.close.revision,
            "lines": closed.lines,
            "differences": len(closed.differences),
        },
    )
    if closed.overpaid:
        context.uow.audit.record(
            at=context.now,
            actor=actor.member_id,
            action="month.overpayment",
            subject=subject,
            details={
                "revision": closed.close.revision,
                "patients": [difference.patient_id for difference in closed.overpaid],
            },
        )
