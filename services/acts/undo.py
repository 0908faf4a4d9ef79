"""Takes back what a person did last, or by its button, within 24 hours; and puts back what was undone."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta

from billing.people import Member
from billing.references import entry_reference
from services.acts.enrollments import keep_one_at_a_time
from services.acts.inverses import TakingBack, put_as_before
from services.acts.ways import WAYS
from services.acts.went import (
    MoreToUndo,
    TakenBack,
    TurnedRound,
    remarks_on,
    standings_after,
    timers_not_back,
    went_of,
)
from services.context import Context
from services.entries.amend import is_theirs
from services.entries.linked_reviews import withdraw_with
from services.errors import AlreadyUndone, CannotTakeBack, NotAllowed, NothingToUndo, TooLateToUndo
from services.people.rights import Action, check, needs
from services.practice.judged_months import keep_closed_months
from services.taking_back import UNDO_WITHIN
from storage import ENTRY, Act, ActKind, Change, NotFound, StoredReceipt

#: A further undo so soon may be a slip, and is asked about.
ASKS_WITHIN = timedelta(minutes=1)
#: So many entries are named in a sentence.
_NAMED = 5
#: What is chosen for everybody, and not for oneself.
_OF_PRACTICE = "practice_reminder_choice"

_HOW = {
    ActKind.UNDO: TurnedRound.UNDONE,
    ActKind.PUT_BACK: TurnedRound.PUT_BACK,
    ActKind.VOID: TurnedRound.VOIDED,
}


@needs(Action.CORRECT_OWN)
def undo_last(context: Context, actor: Member, *, request_key: str | None = None) -> TakenBack | MoreToUndo:
    """Take back the last thing that a person did, or ask, when they took something back a moment ago.

    Args:
        context: Where the use case works.
        actor: The member who typed.
        request_key: Slack's own id of the delivery. The same key again takes nothing back, and is answered with
            what it took back before.

    Raises:
        NothingToUndo: when they have done nothing in the last 24 hours that still stands.
        CannotTakeBack: when it is no act that undo takes back; what does is said.
        ChangedSince: when somebody changed it since.
    """
    context.uow.episodes.hold()
    if request_key is not None and (known := context.uow.acts.of_request(request_key)) is not None:
        return _told_again(context, actor, known)
    recent = context.uow.acts.since(actor.member_id, context.now - UNDO_WITHIN)
    last = next((act for act in recent if _stands(act)), None)
    if last is None:
        return _undo_unrecorded(context, actor, recent, request_key)
    just = next((act for act in recent if act.kind is ActKind.UNDO and act.undone_by is None), None)
    if just is not None and context.now - just.at <= ASKS_WITHIN:
        _check(context, actor, last)
        return MoreToUndo(
            act_id=last.act_id,
            name=WAYS[last.kind].name,
            went=went_of(context, last.changes),
            undone_by=just.act_id,
            undone=_names(context, context.uow.acts.undone_by(just.act_id)),
            seconds_ago=max(1, round((context.now - just.at).total_seconds())),
            today=context.today_of(actor),
        )
    return _take_back(context, actor, [last], ActKind.UNDO, request_key)


@needs(Action.CORRECT_OWN)
def undo_act(context: Context, actor: Member, act_id: int) -> TakenBack:
    """Take back one act of the person's own, by its button.

    Raises:
        NotAllowed: when somebody else did it.
        TooLateToUndo: when it is older than 24 hours.
        AlreadyUndone: when it was taken back before.
        CannotTakeBack: when it is no act that undo takes back.
        ChangedSince: when somebody changed it since.
    """
    context.uow.episodes.hold()
    act = _own_act(context, actor, act_id)
    if act.undone_by is not None:
        raise AlreadyUndone
    return _take_back(context, actor, [act], ActKind.UNDO)


@needs(Action.CORRECT_OWN)
def put_back(context: Context, actor: Member, act_id: int) -> TakenBack:
    """Put back what an undo of the person's own took back.

    Raises:
        NotAllowed: when somebody else took it back.
        TooLateToUndo: when that was more than 24 hours ago.
        AlreadyUndone: when it is back already.
        ChangedSince: when somebody changed it since.
    """
    context.uow.episodes.hold()
    act = _own_act(context, actor, act_id)
    if act.undone_by is not None:
        raise AlreadyUndone("That is back already. Nothing was changed.")
    return _take_back(context, actor, [act], ActKind.PUT_BACK)


@needs(Action.CORRECT_OWN)
def undo_receipt(context: Context, actor: Member, receipt_id: int) -> TakenBack:
    """Take back every entry of one receipt that still stands, with what the person changed about it since.

    Raises:
        NotAllowed: when somebody else wrote it.
        TooLateToUndo: when it is older than 24 hours.
        AlreadyUndone: when nothing of it stands any more.
        ChangedSince: when somebody else changed one of its entries since.
    """
    context.uow.episodes.hold()
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
    return _undo_receipt(context, actor, stored)


def _stands(act: Act) -> bool:
    """Whether an act can be the last that a person did: an undo is not, what was undone is no more."""
    return act.kind is not ActKind.UNDO and act.undone_by is None


def _own_act(context: Context, actor: Member, act_id: int) -> Act:
    act = context.uow.acts.by_id(act_id)
    if act is None:
        raise AlreadyUndone
    if act.actor != actor.member_id:
        raise NotAllowed("Only the person who did this can take it back. Ask them, or a supervisor.")
    if context.now - act.at > UNDO_WITHIN:
        raise TooLateToUndo
    return act


def _check(context: Context, actor: Member, act: Act) -> None:
    """Make sure that a person may take an act back: that it can be, and that they may do such things still.

    Raises:
        CannotTakeBack: when undo does not take such an act back.
        NotAllowed: when their roles are others now.
    """
    _refuse_final(act)
    check(context, actor, *WAYS[_first(context, act).kind].rights)
    if any(change.kind == _OF_PRACTICE for change in act.changes):
        check(context, actor, Action.REMIND_PRACTICE)
    for entry_id in (change.fact_id for change in act.changes if change.kind == ENTRY):
        if not is_theirs(actor, context.uow.ledger.versions(entry_id)[-1].entry):
            check(context, actor, Action.CORRECT_ANY)


def _refuse_final(act: Act) -> None:
    if refusal := WAYS[act.kind].refusal:
        raise CannotTakeBack(refusal)


def _take_back(
    context: Context, actor: Member, acts: Sequence[Act], kind: ActKind, request_key: str | None = None
) -> TakenBack:
    """Put back what some acts changed, the newest first, as an act of its own."""
    for act in acts:
        _check(context, actor, act)
    context.uow.acts.begin(kind, by=actor.member_id, at=context.now, request_key=request_key)
    taking = TakingBack(
        context=context,
        actor=actor,
        reason="put back by its author" if kind is ActKind.PUT_BACK else "undone by its author",
    )
    for act in acts:
        for change in reversed(act.changes):
            put_as_before(taking, change)
    return _done(context, actor, acts)


def _undo_receipt(
    context: Context, actor: Member, stored: StoredReceipt, request_key: str | None = None
) -> TakenBack:
    involved = _involved(context, actor, stored)
    for act in involved:
        _check(context, actor, act)
    context.uow.acts.begin(ActKind.UNDO, by=actor.member_id, at=context.now, request_key=request_key)
    taking = TakingBack(context=context, actor=actor, reason="undone by its author")
    for entry in stored.entries:
        change = Change(kind=ENTRY, fact_id=entry.entry_id, before=None, after=entry.version)
        put_as_before(replace(taking, whole=True), change)
    if involved:
        for change in (change for act in involved for change in reversed(act.changes)):
            if change.kind != ENTRY:
                put_as_before(taking, change)
    else:
        # Written by a version of the program that kept no acts.
        withdraw_with(context, actor, stored.entries)
    return _done(context, actor, involved)


def _involved(context: Context, actor: Member, stored: StoredReceipt) -> list[Act]:
    """The person's acts about a receipt, the newest first: what wrote it, and what they changed of that since."""
    own = [act for act in context.uow.acts.since(actor.member_id, stored.recorded_at) if _stands(act)]
    facts = {(ENTRY, entry.entry_id) for entry in stored.entries}
    involved: list[Act] = []
    # The act that wrote the receipt wrote a review, too; that the review was sent came with an act of its own.
    for _ in own:
        involved = [act for act in own if any((one.kind, one.fact_id) in facts for one in act.changes)]
        facts |= {(one.kind, one.fact_id) for act in involved for one in act.changes}
    return involved


def _undo_unrecorded(
    context: Context, actor: Member, recent: Iterable[Act], request_key: str | None
) -> TakenBack:
    """Take back the last receipt of a version of the program that kept no acts."""
    stored = context.uow.ledger.last_receipt(actor.member_id, context.now - UNDO_WITHIN)
    known = {one.fact_id for act in recent for one in act.changes if one.kind == ENTRY}
    if stored is None or stored.receipt_id in known:
        raise NothingToUndo
    if any(act.kind is ActKind.UNDO and context.now - act.at <= ASKS_WITHIN for act in recent):
        entries = ", ".join(f"`{entry_reference(entry.entry_id)}`" for entry in stored.entries[:_NAMED])
        raise CannotTakeBack(
            "You took something back less than a minute ago, so nothing more was taken back. Before that you logged "
            f"{entries}. To take that back as well, wait a minute and send undo again."
        )
    return _undo_receipt(context, actor, stored, request_key)


def _done(context: Context, actor: Member, acts: Sequence[Act]) -> TakenBack:
    uow = context.uow
    uow.acts.takes_back([act.act_id for act in acts])
    current = uow.acts.current
    assert current is not None, "taking back is an act itself"
    uow.audit.record(
        at=context.now,
        actor=actor.member_id,
        action="act.put_back" if current.kind is ActKind.PUT_BACK else "act.undone",
        subject=f"act:{','.join(str(act.act_id) for act in acts)}" if acts else "receipt",
    )
    keep_one_at_a_time(context)
    keep_closed_months(context, uow.acts.changes)
    made = told(context, actor, current.kind, names=_names(context, acts))
    made = replace(made, remarks=(*made.remarks, *timers_not_back(context, acts)))
    uow.commit()
    return made


def told(context: Context, actor: Member, kind: ActKind, *, names: tuple[str, ...]) -> TakenBack:
    """What the act in progress took back or put back."""
    acts = context.uow.acts
    act = Act(act_id=acts.number(), kind=kind, actor=actor.member_id, at=context.now, changes=acts.changes)
    return _told(context, actor, act, names)


def _told_again(context: Context, actor: Member, act: Act) -> TakenBack:
    names = _names(context, context.uow.acts.undone_by(act.act_id))
    return replace(_told(context, actor, act, names), repeated=True)


def _told(context: Context, actor: Member, act: Act, names: tuple[str, ...]) -> TakenBack:
    went = went_of(context, act.changes)
    return TakenBack(
        act_id=act.act_id,
        how=_HOW[act.kind],
        names=names,
        went=went,
        standings=standings_after(context, actor, went),
        remarks=remarks_on(context, went),
        today=context.today_of(actor),
    )


def _names(context: Context, acts: Iterable[Act]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_name(context, act) for act in acts))


def _name(context: Context, act: Act) -> str:
    """How people call an act; of an undo, what it undid."""
    return WAYS[_first(context, act).kind].name


def _first(context: Context, act: Act) -> Act:
    """What was done at first, of an act that takes back or puts back."""
    while act.kind in {ActKind.UNDO, ActKind.PUT_BACK} and (inner := context.uow.acts.undone_by(act.act_id)):
        act = inner[0]
    return act
