"""Ends memberships of people whose Slack account no longer takes part, and says what they leave behind."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from billing.people import Member
from services.context import Context
from services.people.accounts import Account


class Why(StrEnum):
    """Why a membership ended."""

    DEACTIVATED = "deactivated"
    GUEST = "guest"
    OUTSIDE = "outside"
    #: A file said so.
    FILE = "file"


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftBehind:
    """What somebody whose membership ended was in the midst of."""

    #: Patients whose care manager they are.
    patients: int = 0
    #: Aware instant at which the timer began that still runs; None where none does.
    timer_since: datetime | None = None
    #: Whose patients they were looking after, by name, and up to which local date.
    covered: tuple[tuple[str, date], ...] = ()
    #: Who looks after theirs meanwhile, and up to which local date.
    covered_by: tuple[tuple[str, date], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Departure:
    """A membership that ended without an administrator."""

    member_id: int
    name: str
    why: Why
    left: LeftBehind


def departure_of(subject: str) -> tuple[int, Why]:
    """The member and the reason that a message about a departure is about: `12:guest:` and the instant.

    Raises:
        ValueError: for what is no such thing.
    """
    number, why, _ = subject.split(":", 2)
    return int(number), Why(why)


def left_behind(context: Context, member: Member) -> LeftBehind:
    """What of somebody's work waits for somebody else now."""
    today = context.today
    timer = context.uow.timers.running(member.member_id)
    covers = context.uow.covers.since(today)
    return LeftBehind(
        patients=len(
            {
                episode.patient_id
                for episode in context.uow.episodes.of_care_manager(member.member_id)
                if episode.discharged_on is None or episode.discharged_on >= today
            }
        ),
        timer_since=timer.started_at if timer else None,
        covered=tuple(
            (_name(context, one.away), one.last_day) for one in covers if one.covered_by == member.member_id
        ),
        covered_by=tuple(
            (_name(context, one.covered_by), one.last_day) for one in covers if one.away == member.member_id
        ),
    )


def departure(context: Context, member_id: int, why: Why) -> Departure | None:
    """What administrators are to be told, as it stands; None once the person is a member again."""
    member = context.uow.members.by_id(member_id)
    if member is None or member.active:
        return None
    left = left_behind(context, member)
    return Departure(member_id=member_id, name=member.display_name, why=why, left=left)


def why_unfit(account: Account) -> Why | None:
    """Why an account no longer takes part; None for one that does, and for an app's, which never did."""
    if account.is_deactivated:
        return Why.DEACTIVATED
    if account.is_outside:
        return Why.OUTSIDE
    return Why.GUEST if account.is_guest else None


def ended(context: Context, slack_user_id: str, why: Why) -> Member | None:
    """End the membership of somebody whose account takes no part any more; the caller tells and commits.

    Nobody who was deactivated can act, so that even the last administrator is none from here on; whoever runs the bot
    names another in COCM_ADMINS, which is why those whom that names stay.

    Returns:
        Who they were; None for somebody who is no member, or none any more, or named in that setting.
    """
    before = context.uow.members.by_slack_id(slack_user_id)
    if before is None or not before.active or slack_user_id in context.settings.admins:
        return None
    after = replace(before, active=False)
    context.uow.members.update(after)
    context.uow.audit.record(
        at=context.now,
        actor=None,
        action="member.ended",
        subject=f"member:{before.member_id}",
        details={"roles": sorted(before.roles), "why": why.value, "active": False},
    )
    return after


def _name(context: Context, member_id: int) -> str:
    found = context.uow.members.by_id(member_id)
    return found.display_name if found else "somebody"
