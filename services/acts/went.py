"""What became otherwise when an act was taken back or put back, and where patients stand since."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from billing.claim_facts import ClaimFactKind
from billing.months import BillingMonth
from billing.people import Member, Patient
from services.acts.references import FactReference
from services.context import Context
from services.entries.receipts import EntryView, views
from services.months.after_close import closed_remark
from services.months.standing import Standing, standing
from storage import CLAIM_FACT, ENTRY, SET_ASIDE, TIMER, Act, Change, FactVersion, VersionKind

#: Values that are members.
_PEOPLE = (
    *("care_manager", "consultant", "attested_by", "made_by", "recorded_by", "seen_by", "set_by"),
    *("away", "covered_by"),
)
#: Months whose standing is shown, the latest ones.
_MONTHS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryWent:
    """An entry as it stood and as it stands; None where it does not count."""

    before: EntryView | None
    after: EntryView | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FactWent:
    """Another fact as it stood and as it stands; None where it does not count."""

    #: `episode`, `score`: what the values are.
    kind: str
    #: `c-7fk`; empty for what has none.
    reference: str
    patient: Patient | None = field(repr=False)
    before: Mapping[str, Any] | None = field(repr=False)
    after: Mapping[str, Any] | None = field(repr=False)

    @property
    def changed(self) -> tuple[str, ...]:
        """The names of the values that are otherwise."""
        old, new = self.before or {}, self.after or {}
        return tuple(name for name in (new or old) if old.get(name) != new.get(name))


Went = EntryWent | FactWent


class TurnedRound(StrEnum):
    """What was done about an act."""

    UNDONE = "Undone"
    #: Something undone is there again.
    PUT_BACK = "Put back"
    #: Taken back by its reference, for a reason.
    VOIDED = "Voided"


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenBack:
    """The answer to an undo, to a void of a care fact, or to putting back what was taken back."""

    #: Its own number, by which it is taken back in its turn.
    act_id: int
    how: TurnedRound
    #: `the discharge`: what was taken back or put back.
    names: tuple[str, ...]
    went: tuple[Went, ...]
    standings: tuple[Standing, ...]
    #: Which of the months touched are closed.
    remarks: tuple[str, ...]
    #: The local date it is for the person.
    today: date
    #: True when Slack delivered the same request again and nothing was done twice.
    repeated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MoreToUndo:
    """Nothing was taken back: it was asked for a second time within a minute."""

    #: The act that would go now, how people call it, and what it changed.
    act_id: int
    name: str
    went: tuple[Went, ...]
    #: The undo just done, which can be put back instead, and what it took back.
    undone_by: int
    undone: tuple[str, ...]
    seconds_ago: int
    today: date


def went_of(context: Context, changes: Iterable[Change]) -> tuple[Went, ...]:
    """What some changes changed, in their order."""
    went = [_went(context, change) for change in changes]
    return tuple(one for one in went if not _only_says_what_held(one, went))


def _only_says_what_held(one: Went, went: Iterable[Went]) -> bool:
    """Whether a fact of a claim does nothing but say what holds until another of the same kind."""
    if not isinstance(one, FactWent) or one.kind != CLAIM_FACT:
        return False
    mine = one.after or one.before or {}
    others = (
        other.after or other.before or {}
        for other in went
        if isinstance(other, FactWent) and other.kind == CLAIM_FACT and other.patient == one.patient
    )
    return any(
        other.get("kind") == mine.get("kind")
        and other.get("from_day", date.min) > mine.get("from_day", date.min)
        for other in others
    )


def standings_after(context: Context, reader: Member, went: Iterable[Went]) -> tuple[Standing, ...]:
    """Where each patient stands in each month that was touched; in the present one, too, where care changed."""
    touched: dict[tuple[Patient, BillingMonth], None] = {}
    present = BillingMonth.of(context.today_of(reader))
    for one in went:
        patient = _patient(one)
        months = sorted({month for month in _months(one) if month <= present})[-_MONTHS:]
        if patient is not None:
            touched |= dict.fromkeys((patient, month) for month in months)
            if isinstance(one, FactWent):
                touched[patient, present] = None
    return tuple(standing(context, reader, patient, month) for patient, month in touched)


def remarks_on(context: Context, went: Iterable[Went]) -> tuple[str, ...]:
    """The sentence for each closed month that was touched."""
    months = sorted({month for one in went for month in _months(one)})
    said = (closed_remark(context, month.first_day) for month in months)
    return tuple(remark for remark in said if remark)


def timers_not_back(context: Context, acts: Iterable[Act]) -> tuple[str, ...]:
    """The sentence for a timer that was stopped by an act that goes, and does not run again."""
    touched = {one.fact_id for one in context.uow.acts.changes if one.kind == TIMER}
    for change in (one for act in acts for one in act.changes if one.kind == TIMER):
        if change.before is None or change.fact_id in touched:
            continue
        member = context.uow.facts.versions(TIMER, change.fact_id)[0].values["member_id"]
        why = "another one runs by now" if context.uow.timers.running(member) else "it began long ago"
        return (f"The timer was not started again, because {why}.",)
    return ()


def _timer_values(context: Context, values: Mapping[str, Any]) -> Mapping[str, Any]:
    """A timer in words: whose it is, and whether it runs."""
    member = context.uow.members.by_id(values["member_id"])
    patient = context.uow.patients.by_id(values["patient_id"]) if values["patient_id"] is not None else None
    zone = context.zone_of(member) if member is not None else context.settings.zone
    began = f"{values['started_at'].astimezone(zone):%I:%M %p}".lstrip("0").lower()
    state = values["outcome"] or f"running since {began}"
    return {"mrn": patient.mrn if patient is not None else "", "state": state}


def _went(context: Context, change: Change) -> Went:
    if change.kind == ENTRY:
        return EntryWent(
            before=_entry(context, change.fact_id, change.before),
            after=_entry(context, change.fact_id, change.after),
        )
    if change.kind == SET_ASIDE:
        patient = context.uow.patients.by_id(change.fact_id)
        return FactWent(
            kind=change.kind,
            reference="",
            patient=patient,
            before={"month": change.before} if change.before else None,
            after={"month": change.after} if change.after else None,
        )
    versions = context.uow.facts.versions(change.kind, change.fact_id)
    last = versions[change.after - 1]
    return FactWent(
        kind=change.kind,
        reference=FactReference.shown(change.kind, change.fact_id),
        patient=context.uow.patients.by_id(last.patient_id) if last.patient_id is not None else None,
        before=values_of(context, versions[change.before - 1]) if change.before else None,
        after=values_of(context, last),
    )


def values_of(context: Context, version: FactVersion) -> Mapping[str, Any] | None:
    """What a version holds, people by their names; None where it does not count."""
    if version.void:
        return None
    values = version.values
    if version.kind == TIMER:
        return _timer_values(context, values)
    named = {name: _display_name(context, values[name]) for name in _PEOPLE if name in values}
    if version.kind == CLAIM_FACT and values["kind"] == ClaimFactKind.CARE_MANAGER and values["value"]:
        named["value"] = _display_name(context, int(values["value"]))
    return {**values, **named}


def _display_name(context: Context, member_id: int | None) -> str:
    member = context.uow.members.by_id(member_id) if member_id is not None else None
    return member.display_name if member else ""


def _entry(context: Context, entry_id: int, n: int | None) -> EntryView | None:
    if n is None:
        return None
    version = context.uow.ledger.versions(entry_id)[n - 1]
    if version.kind is VersionKind.VOID:
        return None
    return views(context, [version.entry], {entry_id: version.note})[0]


def _patient(went: Went) -> Patient | None:
    if isinstance(went, FactWent):
        return went.patient
    view = went.after or went.before
    return view.patient if view else None


def _months(went: Went) -> Iterable[BillingMonth]:
    if isinstance(went, EntryWent):
        return [BillingMonth.of(one.entry.service_date) for one in (went.before, went.after) if one]
    if went.patient is None:
        return []
    values = [source[name] for source in (went.before, went.after) if source for name in went.changed]
    return [
        value if isinstance(value, BillingMonth) else BillingMonth.of(value)
        for value in values
        if isinstance(value, (date, BillingMonth)) and not isinstance(value, datetime)
    ]
