"""Positive answers about suicide: which nobody has marked as seen yet, who is sent word of them, and marking them."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Final

from billing.people import Member, MemberRole, Patient, Role
from billing.safety import SafetySignal, is_history
from services.care.episodes import latest
from services.context import Context
from services.errors import Refusal
from services.people.covering import stand_in
from services.people.rights import Action, needs
from storage import ActKind, StoredSignal

#: Who worked for a patient this long ago is still their consultant, or their treating provider.
_WORKED_WITHIN: Final = timedelta(days=365)
#: Where nobody is known to be a patient's, all of a role are, up to so many; more would learn to look away.
_FEW: Final = 5
_IMPORT: Final = "import"


class UnknownSignal(Refusal):
    """That score is not on file any more. Nothing was changed."""

    code = "unknown_signal"


class Tie(StrEnum):
    """Why somebody is sent word, in words."""

    CARE_MANAGER = "care manager"
    CONSULTANT = "consultant"
    TREATING_PROVIDER = "treating provider"
    SUPERVISOR = "supervisor"


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressee:
    """Somebody who is sent word of a patient's positive answer."""

    member: Member
    tie: Tie


@dataclass(frozen=True, slots=True, kw_only=True)
class Circle:
    """Who is sent word of a patient's positive answers, each once."""

    told: tuple[Addressee, ...]
    #: The patient's own people who are no active members in Slack, and so are sent nothing.
    out_of_reach: tuple[Addressee, ...] = ()

    @property
    def ids(self) -> frozenset[int]:
        """The numbers of those who are sent it."""
        return frozenset(one.member.member_id for one in self.told)

    def without(self, member_id: int | None) -> tuple[Addressee, ...]:
        """Those who are sent a message when a member wrote the answer down: they know it."""
        return tuple(one for one in self.told if one.member.member_id != member_id)


class SeenState(StrEnum):
    """What became of marking a positive answer as seen."""

    MARKED = "marked"
    #: Somebody had done so before.
    ALREADY = "already"
    #: The answer on file is another one by now.
    CORRECTED = "corrected"
    #: The score was taken back.
    GONE = "gone"


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenAnswer:
    """The answer to [Seen]."""

    state: SeenState
    patient: Patient = field(repr=False)
    #: As it stands; as it stood, where it was taken back.
    signal: SafetySignal
    seen_by: Member | None = None
    #: Aware, UTC.
    seen_at: datetime | None = None
    #: The act by which it can be taken back; None where nothing was changed.
    act_id: int | None = None


def unseen(context: Context, patient_ids: Collection[int]) -> Mapping[int, SafetySignal]:
    """The newest signal of each patient that nobody has marked as seen; others are left out."""
    found = map(signal_of, context.uow.signals.unseen(patient_ids))
    return {one.patient_id: one for one in found if one is not None}


def signal_of(stored: StoredSignal) -> SafetySignal | None:
    """A stored answer as a signal; None for one that is not positive, or came as history with a file."""
    if not stored.answer:
        return None
    at = stored.recorded_at or datetime.combine(stored.measured_on, time(), UTC)
    if is_history(stored.measured_on, at, imported=stored.act == _IMPORT):
        return None
    return SafetySignal(
        score_id=stored.score_id,
        patient_id=stored.patient_id,
        scale=stored.scale,
        level=stored.answer,
        measured_on=stored.measured_on,
        recorded_at=at,
        recorded_by=stored.recorded_by,
        total=stored.value,
    )


def circle(context: Context, patient_id: int) -> Circle:
    """Who is sent word of a patient's positive answers.

    The care manager; the consultant who reviewed the patient last, else every consultant; the treating providers who
    worked for the patient, else every one, as long as they are few. A supervisor where there is none of these.
    """
    members = {member.member_id: member for member in context.uow.members.all()}
    known, worked = _own_people(context, patient_id)
    told: dict[int, Addressee] = {}
    absent: dict[int, Addressee] = {}

    def send(tie: Tie, ids: Iterable[int]) -> bool:
        reached = False
        for member_id in ids:
            member = members[member_id]
            is_there = member.active and member.slack_user_id is not None
            (told if is_there else absent).setdefault(member_id, Addressee(member=member, tie=tie))
            reached = reached or is_there
        return reached

    def few(role: MemberRole) -> list[int]:
        all_of_role = [
            one.member_id
            for one in members.values()
            if one.active and one.slack_user_id is not None and role in one.roles
        ]
        return all_of_role if len(all_of_role) <= _FEW else []

    send(Tie.CARE_MANAGER, known[Tie.CARE_MANAGER])
    if not send(Tie.CONSULTANT, known[Tie.CONSULTANT]):
        send(Tie.CONSULTANT, few(MemberRole.CONSULTANT))
    if not send(Tie.TREATING_PROVIDER, worked):
        send(Tie.TREATING_PROVIDER, few(MemberRole.TREATING_PROVIDER))
    if not told:
        send(Tie.SUPERVISOR, few(MemberRole.SUPERVISOR))
    return Circle(
        told=tuple(told.values()),
        out_of_reach=tuple(one for member_id, one in absent.items() if member_id not in told),
    )


def _own_people(context: Context, patient_id: int) -> tuple[Mapping[Tie, list[int]], list[int]]:
    """A patient's care manager and last consultant; and the treating providers who worked for them."""
    uow, today = context.uow, context.today
    episode = latest(uow.episodes.of_patient(patient_id))
    manager = episode.care_manager if episode is not None else None
    entries = uow.ledger.patient_month(patient_id, today - _WORKED_WITHIN, today + timedelta(days=1))
    reviews = uow.reviews.of_patients((patient_id,), date.min, date.max).get(patient_id, ())
    consulted = [(one.reviewed_on, one.consultant) for one in reviews]
    consulted += [(one.service_date, one.performed_by) for one in entries if one.role is Role.CONSULTANT]
    last = max(consulted, default=None)
    worked = {one.performed_by for one in entries if one.role is Role.TREATING_PROVIDER}
    return {
        Tie.CARE_MANAGER: [stand_in(context, manager, today)] if manager is not None else [],
        Tie.CONSULTANT: [last[1]] if last is not None else [],
    }, sorted(worked)


@needs(Action.MARK_SEEN)
def see(context: Context, actor: Member, score_id: int) -> SeenAnswer:
    """Mark a patient's positive answer as seen, and with it the older ones that nobody has seen.

    Raises:
        UnknownSignal: when there never was such an answer.
    """
    context.uow.episodes.hold()
    asked = context.uow.signals.of_score(score_id)
    if asked is None or not asked.answer:
        raise UnknownSignal
    standing = asked if asked.withdrawn_at is None else _put_right(context, asked)
    if standing is None:
        return _answer(context, SeenState.GONE, asked)
    if standing.answer != asked.answer:
        return _answer(context, SeenState.CORRECTED, standing)
    if standing.seen_at is not None:
        return _answer(context, SeenState.ALREADY, standing)
    context.uow.acts.begin(ActKind.SEEN, by=actor.member_id, at=context.now)
    for one in context.uow.signals.unseen((standing.patient_id,)):
        if one.score_id == standing.score_id or _is_before(one, standing):
            context.uow.scores.see(one.score_id, by=actor.member_id, at=context.now)
    context.uow.audit.record(
        at=context.now,
        actor=actor.member_id,
        action="signal.seen",
        subject=f"score:{standing.score_id}",
    )
    act_id = context.uow.acts.number()
    context.uow.commit()
    return _answer(context, SeenState.MARKED, standing, act_id)


def _is_before(one: StoredSignal, other: StoredSignal) -> bool:
    return one.recorded_at is None or (other.recorded_at is not None and one.recorded_at <= other.recorded_at)


def _put_right(context: Context, gone: StoredSignal) -> StoredSignal | None:
    """What stands in the place of a score that was withdrawn: the positive one of its scale and day."""
    own = context.uow.signals.of_day(gone.patient_id, gone.scale, gone.measured_on)
    standing = [one for one in own if one.withdrawn_at is None and one.answer]
    return standing[-1] if standing else None


def _answer(
    context: Context, state: SeenState, stored: StoredSignal, act_id: int | None = None
) -> SeenAnswer:
    current = context.uow.signals.of_score(stored.score_id) or stored
    patient = context.uow.patients.many({current.patient_id})[current.patient_id]
    signal = signal_of(current)
    if signal is None:
        raise UnknownSignal
    return SeenAnswer(
        state=state,
        patient=patient,
        signal=signal,
        seen_by=context.uow.members.by_id(current.seen_by) if current.seen_by is not None else None,
        seen_at=current.seen_at,
        act_id=act_id,
    )
