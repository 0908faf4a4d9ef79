"""Sends word of positive answers about suicide, and of those taken back, to the patient's own people.

What is to be sent is found each minute by what is on file, so that nothing that changes a score can forget it: a
correction, an undo, a void, an import taken back, a merge. What was written at one instant makes one message.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Final

from billing.people import Member, Patient
from billing.safety import SafetySignal, stands_since
from services.care.safety import Addressee, circle, signal_of
from services.context import Context
from services.messages.audience import SafetyWord
from storage import SentMessage, StoredSignal

SAFETY_NAME: Final = "safety"
#: What nobody could be sent for so long is in the mornings alone. Shorter than the message is of use, so that
#: whatever is looked at again has its delivery on file.
SEND_WITHIN: Final = timedelta(days=7)
#: How long the message is of use.
SAFETY_USEFUL: Final = timedelta(days=14)
_SCORE: Final = "score"
_IMPORT: Final = "import"


@dataclass(frozen=True, slots=True, kw_only=True)
class SafetyItem:
    """What a member is sent about one patient's positive answer."""

    patient: Patient = field(repr=False)
    signal: SafetySignal
    #: None for what came with a file.
    recorded_by: Member | None
    #: Who else is sent this.
    others: tuple[Addressee, ...] = ()
    #: The answer of that scale and day that it puts right.
    before: SafetySignal | None = None
    #: When it came back, where it had been taken back in between.
    again_at: datetime | None = None
    #: Who has marked it as seen, and when: aware, UTC.
    seen_by: Member | None = None
    seen_at: datetime | None = None
    #: When it was taken back; what is on file of that scale and day instead, if anything.
    gone_at: datetime | None = None
    gone_by: Member | None = None
    instead: StoredSignal | None = None

    @property
    def is_open(self) -> bool:
        """Whether nobody has marked it as seen yet."""
        return self.seen_at is None and self.gone_at is None


@dataclass(frozen=True, slots=True, kw_only=True)
class SafetyNotice:
    """What was written at one instant, for one member."""

    at: datetime
    items: tuple[SafetyItem, ...]


def words_due(context: Context) -> tuple[SafetyWord, ...]:
    """Who is to be sent word of what, whether or not they have been; usually nothing.

    What is in the outbox for somebody is there for everybody, and is not looked at again.
    """
    signals = context.uow.signals
    instants: dict[datetime, list[int]] = {}
    for score_id, versions in signals.lately(context.now - SEND_WITHIN).items():
        n = stands_since([(n, void) for n, void, _ in versions])
        if n is not None:
            at = next(at for number, _, at in versions if number == n)
            instants.setdefault(at, []).append(score_id)
    if not instants:
        return ()
    known = context.uow.deliveries.periods([period_of(at) for at in instants])
    return tuple(
        SafetyWord(member_id=member_id, period=period_of(at), at=at)
        for at, score_ids in sorted(instants.items())
        if period_of(at) not in known
        for member_id in sorted(_readers(context, score_ids))
    )


def period_of(at: datetime) -> str:
    """The period of what was written at an instant."""
    return f"{SAFETY_NAME}:{at.astimezone(UTC).isoformat()}"


def safety_word(context: Context, member: Member, at: datetime) -> SafetyNotice | None:
    """What a member is sent; None when all of it is as it was before, or was seen or put right meanwhile."""
    items = [_news(context, member, score_id, at) for score_id in context.uow.signals.written_at(at)]
    found = tuple(one for one in items if one is not None)
    return SafetyNotice(at=at, items=found) if found else None


def safety_notice(context: Context, member: Member, at: datetime) -> SafetyNotice:
    """What a member was sent of an instant, as it stands now: seen by whom, corrected, taken back."""
    items = {}
    for score_id in context.uow.signals.written_at(at):
        item = _as_it_stands(context, member, score_id, at)
        if item is not None:
            items[item.signal.score_id] = item
    return SafetyNotice(at=at, items=tuple(items.values()))


def _news(context: Context, member: Member, score_id: int, at: datetime) -> SafetyItem | None:
    """What is news of a score since an instant; None where the member knows it, or it is otherwise by now."""
    found = _Found.of(context, score_id)
    if found is None:
        return None
    told = _told(context, found.own)
    if found.stored.withdrawn_at is not None:
        # What stands in its place is sent by itself.
        is_news = found.stored.withdrawn_at == at and found.positive is None and member.member_id in told
        return _gone(context, found) if is_news else None
    if found.stored.seen_at is not None or member.member_id not in circle(context, found.patient_id).ids:
        return None
    before = next((one for one in reversed(found.own) if one.answer and one.withdrawn_at == at), None)
    if before is not None and before.answer == found.stored.answer and member.member_id in told:
        # Of the total alone, which is no news here.
        return None
    made = _standing(context, member, found, before)
    return made if at == found.signal.recorded_at else replace(made, again_at=at)


def _as_it_stands(context: Context, member: Member, score_id: int, at: datetime) -> SafetyItem | None:
    found = _Found.of(context, score_id)
    if found is None or member.member_id not in circle(context, found.patient_id).ids | _told(
        context, found.own
    ):
        return None
    if found.stored.withdrawn_at is None:
        return _standing(context, member, found)
    if found.positive is None:
        return _gone(context, found)
    if found.stored.withdrawn_at == at:
        return None
    follower = _Found.of(context, found.positive.score_id)
    if follower is not None and found.positive.answer == found.stored.answer:
        return _standing(context, member, follower)
    return _gone(context, found)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """A positive score, and every score of its scale and day."""

    stored: StoredSignal
    signal: SafetySignal
    own: tuple[StoredSignal, ...]

    @classmethod
    def of(cls, context: Context, score_id: int) -> "_Found | None":
        """None where there is none, or it is history."""
        stored = context.uow.signals.of_score(score_id)
        signal = signal_of(stored) if stored is not None else None
        if stored is None or signal is None:
            return None
        own = context.uow.signals.of_day(stored.patient_id, stored.scale, stored.measured_on)
        return cls(stored=stored, signal=signal, own=own)

    @property
    def patient_id(self) -> int:
        """Whose it is."""
        return self.stored.patient_id

    @property
    def positive(self) -> StoredSignal | None:
        """The positive answer of that scale and day that stands."""
        return next((one for one in self.own if one.withdrawn_at is None and one.answer), None)


def _standing(
    context: Context, member: Member, found: _Found, before: StoredSignal | None = None
) -> SafetyItem:
    stored = found.stored
    sent = circle(context, stored.patient_id).without(stored.recorded_by)
    return SafetyItem(
        patient=_patient(context, stored.patient_id),
        signal=found.signal,
        recorded_by=_member(context, stored.recorded_by),
        others=tuple(one for one in sent if one.member.member_id != member.member_id),
        before=signal_of(before) if before is not None else None,
        seen_by=_member(context, stored.seen_by),
        seen_at=stored.seen_at,
    )


def _gone(context: Context, found: _Found) -> SafetyItem:
    stored = found.stored
    standing = [one for one in found.own if one.withdrawn_at is None]
    return SafetyItem(
        patient=_patient(context, stored.patient_id),
        signal=found.signal,
        recorded_by=_member(context, stored.recorded_by),
        gone_at=stored.withdrawn_at,
        gone_by=_member(context, stored.withdrawn_by),
        instead=standing[-1] if standing else None,
    )


def _readers(context: Context, score_ids: Iterable[int]) -> set[int]:
    """Who is sent word of some scores as they are now."""
    found: set[int] = set()
    for score_id in score_ids:
        stored = context.uow.signals.of_score(score_id)
        if stored is None or signal_of(stored) is None:
            continue
        if stored.withdrawn_at is None:
            reached = circle(context, stored.patient_id).without(stored.recorded_by)
            found |= {one.member.member_id for one in reached}
        else:
            own = context.uow.signals.of_day(stored.patient_id, stored.scale, stored.measured_on)
            # Whoever took it back knows; the others must not go on believing it.
            found |= _told(context, own) - {stored.withdrawn_by}
    return found


def _told(context: Context, own: Collection[StoredSignal]) -> set[int]:
    """The members who were sent that an answer of one scale and day is positive."""
    messages = context.uow.deliveries.sent_to_members(_periods(context, own))
    sent = {one.member_id for one in messages}
    if sent and any(one.act == _IMPORT for one in own):
        # A file names patients of several people.
        patient_id = next(one.patient_id for one in own)
        sent &= circle(context, patient_id).ids
    return sent


def messages_about(context: Context, score_id: int) -> tuple[tuple[Member, SentMessage], ...]:
    """The messages about a score's patient that people have in Slack: with [Seen], the older ones are seen, too."""
    stored = context.uow.signals.of_score(score_id)
    if stored is None:
        return ()
    own = context.uow.signals.of_patient(stored.patient_id)
    found = []
    for one in context.uow.deliveries.sent_to_members(_periods(context, own)):
        reader = _member(context, one.member_id)
        if reader is not None and reader.active:
            found.append((reader, one))
    return tuple(found)


def instant_of(period: str) -> datetime:
    """The instant that a period names, with or without its kind."""
    return datetime.fromisoformat(period.removeprefix(f"{SAFETY_NAME}:"))


def _periods(context: Context, own: Iterable[StoredSignal]) -> list[str]:
    return [
        period_of(version.at)
        for one in own
        if one.answer
        for version in context.uow.facts.versions(_SCORE, one.score_id)
        if version.at is not None
    ]


def _patient(context: Context, patient_id: int) -> Patient:
    return context.uow.patients.many({patient_id})[patient_id]


def _member(context: Context, member_id: int | None) -> Member | None:
    return context.uow.members.by_id(member_id) if member_id is not None else None
