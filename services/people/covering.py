"""Hands a caseload to a colleague for some days, and says in whose hands patients are on a day."""

from dataclasses import dataclass
from datetime import date, timedelta

from billing.covers import Cover, in_hands_of, stand_ins
from billing.people import Member, MemberRole
from services.context import Context
from services.errors import NotAllowed, Refusal
from services.people.memberships import NothingToChange, someone
from services.people.rights import Action, allowed, needs, refusal
from storage import ActKind, Notice, NoticeOf
from storage.caseloads import LookedAfter

_DAY = timedelta(days=1)
#: Longer than that, patients are assigned to somebody else.
LONGEST_DAYS = 90
#: A date further ahead is a slip of the year.
FURTHEST_DAYS = 183


class CannotCover(Refusal):
    """A caseload cannot be handed over like that. Nothing was changed."""

    code = "cannot_cover"


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverRequest:
    """Who is to look after whose patients, on local dates from the first to the last, both included."""

    #: Slack user id or display name; None for the person's own patients.
    away: str | None = None
    covered_by: str
    first_day: date
    last_day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverView:
    """A cover with the people whom it is about."""

    cover: Cover
    away: Member
    covered_by: Member
    recorded_by: Member


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverDone:
    """A cover as it is now."""

    view: CoverView
    #: The reader's local date.
    today: date
    #: How many patients it is about today.
    patients: int
    #: True where it was ended.
    ended: bool = False
    act_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Covers:
    """What is set, from today on."""

    today: date
    views: tuple[CoverView, ...]


def in_hands(context: Context, member: Member, day: date) -> tuple[int, ...]:
    """The members whose patients are in a member's hands on a local date; their own, too, unless they are away."""
    return in_hands_of(_standing(context, day), member.member_id, day)


def stand_in(context: Context, care_manager: int, day: date) -> int:
    """Who looks after a care manager's patients on a local date: they themselves unless they are covered."""
    return stand_ins(_standing(context, day), day).get(care_manager, care_manager)


def _standing(context: Context, day: date) -> tuple[Cover, ...]:
    """The covers from a day on by people who can look after patients; with a membership or role, the cover ends."""
    return tuple(one for one in context.uow.covers.since(day) if _still_holds(context, one))


def _still_holds(context: Context, one: Cover) -> bool:
    by = context.uow.members.by_id(one.covered_by)
    return by is not None and _looks_after(by)


def _looks_after(person: Member) -> bool:
    return person.active and MemberRole.CARE_MANAGER in person.roles


def days_away(context: Context, member: Member, first: date, last: date) -> frozenset[date]:
    """The local dates of a stretch on which a colleague looks after a member's own patients."""
    mine = [one for one in _standing(context, first) if one.away == member.member_id]
    days = (first + _DAY * step for step in range((last - first).days + 1))
    return frozenset(day for day in days if any(one.holds_on(day) for one in mine))


def looked_after(
    context: Context, member: Member, day: date, *, own_always: bool = False
) -> tuple[LookedAfter, ...]:
    """The patients in a member's hands on a local date, by number; one of two episodes twice.

    Args:
        context: Where the use case works.
        member: Whose hands.
        day: Their local date.
        own_always: Whether somebody who is away sees their own patients all the same, because they ask.
    """
    managers = in_hands(context, member, day)
    if own_always:
        managers = tuple(dict.fromkeys((member.member_id, *managers)))
    found = [one for manager in managers for one in context.uow.caseloads.looked_after(manager, day)]
    return tuple(sorted(found))


def away_until(context: Context, member: Member, day: date) -> CoverView | None:
    """The cover by which a member's own patients are in other hands on a local date."""
    covers = _standing(context, day)
    if member.member_id not in stand_ins(covers, day):
        return None
    return next(_view(context, one) for one in covers if one.away == member.member_id and one.holds_on(day))


@needs(Action.SEE_MEMBERS)
def listed(context: Context, actor: Member) -> Covers:
    """Every cover that holds today or later; none by somebody who looks after nobody any more."""
    today = context.today_of(actor)
    return Covers(today=today, views=tuple(_view(context, one) for one in _standing(context, today)))


@needs(Action.COVER, Action.COVER_ANYONE)
def hand_over(context: Context, actor: Member, asked: CoverRequest) -> CoverDone:
    """Put a care manager's patients into a colleague's hands for some days.

    Raises:
        UnknownPerson: When nobody, or more than one, goes by a name.
        NotAllowed: For another's patients, where the actor is no supervisor or administrator.
        CannotCover: For days that are over or too many, people who cannot, and days that are covered already.
    """
    away = _whose(context, actor, asked.away)
    by = someone(context, actor, asked.covered_by)
    today = context.today_of(actor)
    _check(context, away, by, asked, today)
    context.uow.acts.begin(ActKind.COVER, by=actor.member_id, at=context.now)
    _end_left_behind(context, actor, away, asked, today)
    made = context.uow.covers.add(
        away=away.member_id,
        covered_by=by.member_id,
        first_day=asked.first_day,
        last_day=asked.last_day,
        by=actor.member_id,
        at=context.now,
    )
    _tell(context, actor, made)
    _audit(context, actor, made, "cover.recorded")
    act_id = context.uow.acts.number()
    context.uow.commit()
    return _done(context, made, today, act_id)


@needs(Action.COVER, Action.COVER_ANYONE)
def end(context: Context, actor: Member, name: str | None) -> CoverDone:
    """End the cover of a care manager's patients that holds today or comes next; they have them back at once.

    Raises:
        NothingToChange: When there is none.
        NotAllowed: For another's patients, where the actor is no supervisor or administrator.
    """
    away = _whose(context, actor, name)
    today = context.today_of(actor)
    made = next((one for one in _standing(context, today) if one.away == away.member_id), None)
    if made is None:
        whose = "Your patients are" if away == actor else f"{away.display_name}'s patients are"
        raise NothingToChange(f"{whose} in nobody else's hands, now or later. Nothing was changed.")
    context.uow.acts.begin(ActKind.COVER, by=actor.member_id, at=context.now)
    context.uow.covers.end(made, today - _DAY, by=actor.member_id, at=context.now)
    _tell(context, actor, made)
    _audit(context, actor, made, "cover.ended")
    act_id = context.uow.acts.number()
    context.uow.commit()
    return CoverDone(
        view=_view(context, made),
        today=today,
        patients=_patients(context, made, today),
        ended=True,
        act_id=act_id,
    )


def _whose(context: Context, actor: Member, name: str | None) -> Member:
    away = actor if name is None else someone(context, actor, name)
    if away.member_id != actor.member_id and not allowed(context, actor, Action.COVER_ANYONE):
        raise NotAllowed(refusal(context, actor, Action.COVER_ANYONE))
    return away


def _check(context: Context, away: Member, by: Member, asked: CoverRequest, today: date) -> None:
    if away.member_id == by.member_id:
        raise CannotCover("Nobody covers for themselves: name the colleague who does. Nothing was changed.")
    for person in (away, by):
        if not _looks_after(person):
            raise CannotCover(
                f"{person.display_name} is not a care manager here, so they cannot look after patients. Nothing was "
                "changed. `/cocm members` shows who is."
            )
    if asked.last_day < today:
        raise CannotCover("Those days are over. Give days from today on. Nothing was changed.")
    if (asked.first_day - today).days > FURTHEST_DAYS:
        first = asked.first_day
        raise CannotCover(
            f"That would begin on {first:%b} {first.day}, {first.year}. Give days that begin within six months. "
            "Nothing was changed."
        )
    if (asked.last_day - asked.first_day).days >= LONGEST_DAYS:
        raise CannotCover(
            f"A cover is for {LONGEST_DAYS} days at most. For longer, assign the patients: "
            "`/cocm assign MRN123 @ben`. Nothing was changed."
        )
    for one in _standing(context, asked.first_day):
        if one.away == away.member_id and one.meets(asked.first_day, asked.last_day):
            other = _view(context, one)
            raise CannotCover(
                f"{other.covered_by.display_name} covers for {away.display_name} already, {_days(one)}. End that "
                "first: `/cocm cover end`. Nothing was changed."
            )


def _end_left_behind(context: Context, actor: Member, away: Member, asked: CoverRequest, today: date) -> None:
    """End what somebody who left was to cover on these days, so that it does not come back with their membership."""
    for one in context.uow.covers.since(asked.first_day):
        if (
            one.away == away.member_id
            and one.meets(asked.first_day, asked.last_day)
            and not _still_holds(context, one)
        ):
            context.uow.covers.end(
                one, min(today, asked.first_day) - _DAY, by=actor.member_id, at=context.now
            )


def _days(one: Cover) -> str:
    first, last = one.first_day, one.last_day
    return f"{first:%b} {first.day} to {last:%b} {last.day}"


def _done(context: Context, made: Cover, today: date, act_id: int) -> CoverDone:
    return CoverDone(
        view=_view(context, made), today=today, patients=_patients(context, made, today), act_id=act_id
    )


def _patients(context: Context, made: Cover, today: date) -> int:
    return len({one.patient_id for one in context.uow.caseloads.looked_after(made.away, today)})


def _view(context: Context, one: Cover) -> CoverView:
    def member(member_id: int) -> Member:
        found = context.uow.members.by_id(member_id)
        assert found is not None, "covers refer to members, and members are never deleted"
        return found

    return CoverView(
        cover=one,
        away=member(one.away),
        covered_by=member(one.covered_by),
        recorded_by=member(one.recorded_by),
    )


def _tell(context: Context, actor: Member, made: Cover) -> None:
    context.uow.notices.add(
        Notice(member_id=who, at=context.now, by=actor.member_id, what=NoticeOf.COVER, n=made.cover_id)
        for who in (made.away, made.covered_by)
        if who != actor.member_id
    )


def _audit(context: Context, actor: Member, made: Cover, action: str) -> None:
    context.uow.audit.record(
        at=context.now,
        actor=actor.member_id,
        action=action,
        subject=f"member:{made.away}",
        details={
            "covered_by": made.covered_by,
            "first_day": made.first_day.isoformat(),
            "last_day": made.last_day.isoformat(),
        },
    )
