"""Puts single facts back as they were before an act, for each kind of fact in its own way."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from billing.months import BillingMonth
from billing.people import Member
from billing.references import entry_reference
from billing.stretches import elapsed
from billing.timers import LONG_SECONDS, TimerOutcome
from services.acts.references import FactReference
from services.acts.said import said_in
from services.context import Context
from services.errors import Refusal
from storage import (
    CLAIM_FACT,
    ENTRY,
    FACT_KINDS,
    SET_ASIDE,
    TIMER,
    Change,
    EntryVersion,
    FactVersion,
    VersionKind,
)

_ANOTHER_RUNS = (
    "Another timer of yours runs by now, and one runs at a time. Nothing was changed. Stop or cancel that one first: "
    "`/cocm timer` shows it."
)
#: A flag beside a fact's columns.
_VOID = "void"
_PATIENT = "patient_id"
#: That somebody has seen it, which changes nothing of what a person said.
_SEEN = frozenset({"seen_by", "seen_at"})


class ChangedSince(Refusal):
    """Somebody changed it in the meantime, so nothing was taken back."""

    code = "changed_since"

    def __init__(self, sentence: str | None = None, *, reference: str = "", by: int | None = None) -> None:
        super().__init__(sentence)
        #: What was changed, `c-7fk`; empty for what has none.
        self.reference = reference
        #: The member who did; None where that is not known, or was an import.
        self.by = by


@dataclass(frozen=True, slots=True, kw_only=True)
class TakingBack:
    """Who puts facts back, and why."""

    context: Context
    actor: Member
    #: For the history.
    reason: str
    #: True where later changes of the same fact go with it: of an entry, the person's own; of a care fact, anybody's,
    #: for whoever gives a reason.
    whole: bool = False


def put_as_before(taking: TakingBack, change: Change) -> None:
    """Make a fact be as it was before a change, as a further version.

    Raises:
        ChangedSince: when what was changed has been changed again since.
    """
    INVERSES[change.kind](taking, change)


def _entry(taking: TakingBack, change: Change) -> None:
    context, actor = taking.context, taking.actor
    versions = context.uow.ledger.versions(change.fact_id)
    present = versions[-1]
    if taking.whole:
        others = [one for one in versions if one.by != actor.member_id and not one.is_move]
    else:
        others = [] if entry_state(versions) == entry_state(versions[: change.after]) else [present]
    if others:
        reference = entry_reference(change.fact_id)
        raise changed_since(context, actor, reference, others[-1].by, others[-1].at)
    context.uow.ledger.restore(
        change.fact_id,
        change.before,
        present.entry.version,
        by=actor.member_id,
        at=context.now,
        reason=taking.reason,
        patient_id=_whose(context, versions, change.before),
    )


def _whose(context: Context, versions: Sequence[EntryVersion], n: int | None) -> int | None:
    """The patient of a version that is put back; one who was merged since is the one who has everything now."""
    if n is None or versions[n - 1].kind is VersionKind.VOID:
        return None
    return context.uow.merges.whose(said_in(versions[:n]))


def entry_state(versions: Sequence[EntryVersion]) -> tuple[bool, int]:
    """What an entry is by its last version: void, or what the version of that number said.

    That two patients were merged or taken apart in the meantime changes nothing of what a person said.
    """
    last = said_in(versions)
    return last.kind is VersionKind.VOID, 0 if last.kind is VersionKind.VOID else last.entry.version


def _fact(taking: TakingBack, change: Change) -> None:
    """Only what the change changed goes back: what others changed beside it stays."""
    facts = taking.context.uow.facts
    versions = facts.versions(change.kind, change.fact_id)
    present, after = _state(versions[-1]), _state(versions[change.after - 1])
    if change.before is not None:
        before = _state(versions[change.before - 1])
        touched = [name for name in after if after[name] != before[name]]
    else:
        # What was new goes whole, so that it must be as it was made.
        before, touched = (facts.absent(change.kind) or {}) | {_VOID: True}, list(after)
    # Whose it is changes with a merge alone, and what a person said of it stays.
    touched = [name for name in touched if name != _PATIENT]
    if _VOID in touched:
        # What was taken away or comes back is news again, and no reason to refuse.
        present |= {name: None for name in _SEEN if name in present}
        touched = [name for name in touched if name not in _SEEN]
    clash = [name for name in touched if present[name] != after[name]]
    if clash and not (taking.whole and change.before is None):
        _refuse_fact(taking, change, versions, clash)
    wanted = present | {name: before[name] for name in touched if name in before}
    void = wanted.pop(_VOID)
    facts.restore(
        change.kind,
        change.fact_id,
        wanted,
        void=void,
        by=taking.actor.member_id,
        at=taking.context.now,
        reason=taking.reason,
    )
    taking.context.uow.patients.forget()
    taking.context.uow.setting_changes.forget()
    taking.context.uow.members.forget(change.fact_id)


def _claim_fact(taking: TakingBack, change: Change) -> None:
    """A fact of a claim goes back only while no later one was said beside it: together they say what holds when."""
    uow = taking.context.uow
    version = uow.facts.versions(CLAIM_FACT, change.fact_id)[change.after - 1]
    whose = uow.facts.versions(CLAIM_FACT, change.fact_id)[-1].patient_id
    if whose is not None and version.at is not None:
        for other in uow.claim_facts.of_patient(whose):
            first = uow.facts.versions(CLAIM_FACT, other.fact_id)[0]
            if first.values["kind"] == version.values["kind"] and first.at and version.at < first.at:
                reference = FactReference.shown(CLAIM_FACT, other.fact_id)
                raise changed_since(taking.context, taking.actor, reference, first.by, first.at)
    _fact(taking, change)


def _state(version: FactVersion) -> dict[str, Any]:
    return {**version.values, _VOID: version.void}


def _refuse_fact(
    taking: TakingBack, change: Change, versions: tuple[FactVersion, ...], clash: list[str]
) -> None:
    after = _state(versions[change.after - 1])
    since = next(
        one for one in versions[change.after :] if any(_state(one)[name] != after[name] for name in clash)
    )
    reference = FactReference.shown(change.kind, change.fact_id)
    raise changed_since(taking.context, taking.actor, reference, since.by, since.at)


def _set_aside(taking: TakingBack, change: Change) -> None:
    """Before and after are the month, as 202611, or 0."""
    uow, actor = taking.context.uow, taking.actor
    if change.after:
        uow.set_aside.take_back(_month(change.after), change.fact_id)
    else:
        uow.set_aside.put(
            _month(change.before or 0), change.fact_id, by=actor.member_id, at=taking.context.now
        )
    uow.acts.changed(SET_ASIDE, change.fact_id, change.after, change.before or 0)


def _month(number: int) -> BillingMonth:
    return BillingMonth(year=number // 100, month=number % 100)


def changed_since(
    context: Context, actor: Member, reference: str, by: int | None, at: datetime | None
) -> ChangedSince:
    """The refusal that says who changed something since, and when.

    Args:
        context: Where the use case works.
        actor: The person who reads it.
        reference: What was changed, `e-36`; empty for what has none.
        by: The member who changed it.
        at: Aware instant.
    """
    author = context.uow.members.by_id(by) if by is not None else None
    who = "You" if author == actor else author.display_name if author else "An import"
    when = ""
    if at is not None:
        local = at.astimezone(context.zone_of(actor))
        clock = f"{local:%I:%M %p}".lstrip("0").lower()
        when = f" on {local:%a %b} {local.day}, {clock}"
    look = f" Look at it first: `/cocm history {reference}`" if reference else ""
    return ChangedSince(
        f"{who} changed {f'`{reference}`' if reference else 'it'}{when}, after what you want to take back. Nothing was "
        f"changed.{look}",
        reference=reference,
        by=by,
    )


def _timer(taking: TakingBack, change: Change) -> None:
    """A timer is as it was: it runs again, unless another does, or it has become too long to go on unseen."""
    uow, actor = taking.context.uow, taking.actor
    versions = uow.facts.versions(TIMER, change.fact_id)
    present, after = versions[-1], versions[change.after - 1]
    if _state(present) != _state(after):
        raise changed_since(taking.context, actor, "", versions[-1].by, versions[-1].at)
    before = versions[change.before - 1] if change.before is not None else None
    if before is not None and not before.void and before.values["ended_at"] is None:
        other = uow.timers.running(actor.member_id)
        if other is not None and other.timer_id != change.fact_id:
            if after.values["outcome"] == TimerOutcome.LOGGED:
                return
            raise Refusal(_ANOTHER_RUNS)
        was_logged = after.values["outcome"] == TimerOutcome.LOGGED
        if was_logged and elapsed(before.values["started_at"], taking.context.now) > LONG_SECONDS:
            return
    uow.facts.restore(
        TIMER,
        change.fact_id,
        present.values if before is None else before.values,
        void=before is None or before.void,
        by=actor.member_id,
        at=taking.context.now,
        reason=taking.reason,
    )


#: For each kind of fact, how it is put back as it was.
INVERSES: Mapping[str, Callable[[TakingBack, Change], None]] = {
    ENTRY: _entry,
    SET_ASIDE: _set_aside,
    **dict.fromkeys(FACT_KINDS, _fact),
    CLAIM_FACT: _claim_fact,
    TIMER: _timer,
}
