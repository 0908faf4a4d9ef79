"""Records what people choose about scheduled messages: when, off, snoozed; administrators for everybody."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from billing.people import Member
from services.context import Context
from services.errors import NotAllowed, Refusal
from services.messages.audience import Person, PracticeTimes, QuietHours
from services.messages.kind import AnyKind, DirectMessage, Heading, Schedule
from services.messages.kinds import CALENDAR, DIGEST, MORNING
from services.messages.requests import ReminderRequest
from services.messages.wanted import own_time, usual_time
from services.people.rights import Action, allowed, needs
from storage import ActKind
from storage.reminders import ReminderChoice

#: Names of what can be chosen about; notices of what cannot be delivered are no reminders.
EVERY = frozenset[str]().union(*(kind.names for kind in CALENDAR))
#: What people can switch off for themselves.
PERSONAL = frozenset[str]().union(*(kind.names for kind in CALENDAR if isinstance(kind, DirectMessage)))
#: Who gets what can be chosen about.
_ROLES = {kind.name: kind.roles for kind in CALENDAR} | {
    heading.name: heading.roles for kind in CALENDAR for heading in kind.headings
}
#: Parts that come at the time of the message that they stand in.
_PARTS = {
    heading.name: heading for kind in CALENDAR for heading in kind.headings if heading.name != kind.name
}
#: Ways to name all of the morning message where its time is chosen.
_WHOLE_MORNING = (frozenset[str](), MORNING, frozenset({DIGEST.name}))


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadingStanding:
    """Whether a message has one of its parts."""

    heading: Heading
    is_on: bool
    #: Off for everybody, whatever the member chose.
    is_off_for_all: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class KindStanding:
    """When one kind of message comes, and whether."""

    kind: AnyKind
    when: Schedule
    #: The local time that holds.
    at: time
    is_on: bool
    #: Off for everybody, whatever the member chose.
    is_off_for_all: bool = False
    #: At a time that the member chose, which goes before quiet hours.
    is_chosen: bool = False
    #: Its parts, where it has any.
    headings: tuple[HeadingStanding, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderStanding:
    """What is set, for a member or for the practice."""

    of_practice: bool
    zone: ZoneInfo
    #: Those that come to the member; for the practice, all.
    kinds: tuple[KindStanding, ...]
    #: None where there are none.
    quiet: QuietHours | None
    #: The quiet hours are the practice's, not the member's own.
    quiet_of_practice: bool
    #: Aware instant; None when nothing is put off.
    snoozed_until: datetime | None
    #: The practice's own days off from today on.
    days_off: tuple[date, ...]


@needs(Action.REMIND_SELF)
def standing(context: Context, actor: Member, request: ReminderRequest) -> ReminderStanding:
    """What is set, for the member or for the practice; anybody may know."""
    return _of_practice(context) if _concerns_practice(request) else _of_member(context, actor)


@needs(Action.REMIND_SELF, Action.REMIND_PRACTICE)
def carry_out(context: Context, actor: Member, request: ReminderRequest) -> ReminderStanding:
    """Change what is wanted, and say what is set then.

    Raises:
        PartHasNoTime: when a time is asked for what comes as a part of another message.
        NotAllowed: when it concerns the practice and the member is no administrator, or is about messages
            that do not go to the member.
    """
    _refuse_time_of_parts(request)
    context.uow.acts.begin(ActKind.REMIND, by=actor.member_id, at=context.now)
    if _concerns_practice(request):
        _choose_for_practice(context, actor, request)
    else:
        _choose_for_oneself(context, actor, request)
    context.uow.commit()
    return standing(context, actor, request)


class PartHasNoTime(Refusal):
    """That is a part of the morning message, and comes with it."""

    code = "part_has_no_time"


def _refuse_time_of_parts(request: ReminderRequest) -> None:
    if request.at is None or not request.kinds or not request.kinds <= _PARTS.keys():
        return
    part = _PARTS[min(request.kinds)]
    whose = "practice " if request.for_practice else ""
    raise PartHasNoTime(
        f"The {part.title} is a part of the {DIGEST.title}, and comes with it. Nothing was changed. To move the whole "
        f"message: `/cocm remind {whose}{request.at:%H:%M}`. To leave that part out: "
        f"`/cocm remind {whose}{part.title} off`."
    )


def _concerns_practice(request: ReminderRequest) -> bool:
    """Whether it is about more than the person's own messages; those of the channel are nobody's own."""
    return request.for_practice or not request.kinds <= PERSONAL


def quiet_hours(choice: ReminderChoice) -> QuietHours | None:
    """The quiet hours chosen, if any."""
    if choice.quiet_from is None or choice.quiet_to is None:
        return None
    return QuietHours(start=choice.quiet_from, end=choice.quiet_to)


def _choose_for_practice(context: Context, actor: Member, request: ReminderRequest) -> None:
    if not allowed(context, actor, Action.REMIND_PRACTICE):
        raise NotAllowed(
            "Only an administrator decides when the practice's messages come. Your own are set with "
            "`/cocm remind 8:30`. Nothing was changed."
        )
    choice = _changed(context, context.uow.reminder_choices.of_practice(), request, EVERY)
    context.uow.reminder_choices.put_for_practice(choice)
    context.uow.audit.record(
        at=context.now,
        actor=actor.member_id,
        action="reminders.chosen",
        subject="practice",
        details={
            "off": sorted(choice.off),
            "times": {name: f"{at:%H:%M}" for name, at in sorted(choice.times.items())},
            "quiet": str(quiet_hours(choice) or ""),
            "snoozed_until": choice.snoozed_until.isoformat() if choice.snoozed_until else "",
        },
    )


def _choose_for_oneself(context: Context, actor: Member, request: ReminderRequest) -> None:
    if request.kinds and all(actor.roles.isdisjoint(_ROLES[name]) for name in request.kinds):
        raise NotAllowed(
            "That message does not come to you, so there is nothing to set. For everybody, an administrator sets it: "
            "`/cocm remind practice`. Nothing was changed."
        )
    if request.at is not None and not request.kinds and actor.roles.isdisjoint(DIGEST.roles):
        raise NotAllowed(
            "You do not get a morning message: it is for care managers, consultants, supervisors and administrators. "
            "Nothing was changed. `/cocm remind` lists what you get."
        )
    choice = _choice(context, actor)
    at = request.at
    if at is not None and request.kinds in _WHOLE_MORNING:
        # The one time for all of the morning is kept with the member, where imports set it, too.
        member = context.uow.members.by_id(actor.member_id)
        assert member is not None, "whoever acts is a member"
        context.uow.members.update(replace(member, digest_at=at))
        # Who names a time for it wants it; what they left out of it stays out.
        off = choice.off - MORNING if DIGEST.is_off(choice.off, actor.roles) else choice.off
        everything_was_off = all(one.is_off(choice.off) for one in CALENDAR if one.names <= PERSONAL)
        choice = replace(
            choice, off=frozenset() if everything_was_off else off, times=_without(choice, MORNING)
        )
    else:
        choice = _changed(context, choice, request, PERSONAL)
    context.uow.reminder_choices.put(actor.member_id, choice)


def _changed(
    context: Context, choice: ReminderChoice, request: ReminderRequest, every: frozenset[str]
) -> ReminderChoice:
    """A choice with one thing changed; `every` is all that it can be about."""
    if request.at is not None:
        named = request.kinds or MORNING
        return replace(
            choice, times={**choice.times, **dict.fromkeys(named, request.at)}, off=choice.off - named
        )
    if request.on is not None:
        named = request.kinds or every
        off = choice.off - named if request.on else choice.off | named
        # Who wants messages again wants them now.
        ends_snooze = request.on and not request.kinds
        return replace(choice, off=off, snoozed_until=None if ends_snooze else choice.snoozed_until)
    if request.quiet is not None:
        if request.quiet.start == request.quiet.end:
            return replace(choice, quiet_from=None, quiet_to=None)
        return replace(choice, quiet_from=request.quiet.start, quiet_to=request.quiet.end)
    if request.snooze_seconds is not None:
        until = context.now + timedelta(seconds=request.snooze_seconds)
        return replace(choice, snoozed_until=until if request.snooze_seconds else None)
    return choice


def _of_practice(context: Context) -> ReminderStanding:
    choice = context.uow.reminder_choices.of_practice()
    return ReminderStanding(
        of_practice=True,
        zone=context.settings.zone,
        kinds=tuple(
            KindStanding(
                kind=kind,
                when=when,
                at=choice.times.get(kind.name, when.at),
                is_on=not kind.is_off(choice.off),
                headings=tuple(
                    HeadingStanding(heading=one, is_on=one.name not in choice.off) for one in kind.headings
                ),
            )
            for kind, when in CALENDAR.items()
        ),
        quiet=quiet_hours(choice),
        quiet_of_practice=True,
        snoozed_until=_still(context, choice.snoozed_until),
        days_off=_days_off(context, context.today),
    )


def _of_member(context: Context, actor: Member) -> ReminderStanding:
    own, common = _choice(context, actor), context.uow.reminder_choices.of_practice()
    member = context.uow.members.by_id(actor.member_id) or actor
    person = Person(
        member_id=actor.member_id,
        roles=actor.roles,
        zone=context.zone_of(actor),
        digest_at=member.digest_at,
        times=own.times,
        off=own.off,
    )
    practice = PracticeTimes(zone=context.settings.zone, off=common.off, times=common.times)
    until = max(filter(None, (own.snoozed_until, common.snoozed_until)), default=None)
    return ReminderStanding(
        of_practice=False,
        zone=person.zone,
        kinds=tuple(
            _kind_of_member(person, practice, kind, when)
            for kind, when in CALENDAR.items()
            if not actor.roles.isdisjoint(kind.roles)
        ),
        quiet=quiet_hours(own) or quiet_hours(common),
        quiet_of_practice=quiet_hours(own) is None,
        snoozed_until=_still(context, until),
        days_off=_days_off(context, context.today_of(actor)),
    )


def _kind_of_member(person: Person, practice: PracticeTimes, kind: AnyKind, when: Schedule) -> KindStanding:
    chosen = own_time(person, kind, practice)
    off = person.off | practice.off
    return KindStanding(
        kind=kind,
        when=when,
        at=chosen or usual_time(person, kind, when, practice),
        is_chosen=chosen is not None,
        is_on=not kind.is_off(off, person.roles),
        is_off_for_all=kind.is_off(practice.off, person.roles),
        headings=tuple(
            HeadingStanding(heading=one, is_on=one.name not in off, is_off_for_all=one.name in practice.off)
            for one in kind.headings_of(person.roles)
        ),
    )


def _choice(context: Context, actor: Member) -> ReminderChoice:
    return context.uow.reminder_choices.of(actor.member_id)


def _without(choice: ReminderChoice, kinds: AbstractSet[str]) -> dict[str, time]:
    return {name: at for name, at in choice.times.items() if name not in kinds}


def _still(context: Context, until: datetime | None) -> datetime | None:
    return until if until is not None and until > context.now else None


def _days_off(context: Context, today: date) -> tuple[date, ...]:
    return tuple(sorted(day for day in context.days_off if day >= today))
