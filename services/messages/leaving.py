"""Tells administrators of memberships that ended without them, and of people who ask for MRNs that nobody has."""

from datetime import timedelta
from typing import Final

from billing.people import Member
from services.context import Context
from services.errors import Refusal
from services.messages.joining import owe_administrators
from services.messages.kinds import DAMAGED, MEMBER_LEFT, UNKNOWN_READS
from services.people import departures, members
from services.people.accounts import Account
from services.people.departures import Why

#: So many MRNs that nobody has may one person ask about within this time.
MOST_UNKNOWN: Final = 30
WITHIN: Final = timedelta(minutes=10)
_MINUTE = timedelta(minutes=1)


class AskedTooOften(Refusal):
    """You have asked about too many MRNs that nobody has. Wait a few minutes."""

    code = "asked_too_often"


def account_changed(context: Context, slack_user_id: str, account: Account) -> Member | None:
    """Take in what Slack says of an account: whoever may no longer take part is a member no more.

    Returns:
        Whose membership ended; None where none did.
    """
    why = departures.why_unfit(account)
    left = departures.ended(context, slack_user_id, why) if why is not None else None
    if left is not None and why is not None:
        members.welcome_admins(context)
        tell(context, left, why)
        context.uow.commit()
    return left


def tell(context: Context, left: Member, why: Why) -> None:
    """Have administrators be told what somebody leaves behind; the caller commits."""
    owe_administrators(context, MEMBER_LEFT, f"{left.member_id}:{why.value}:{context.now.isoformat()}")


def accounts_to_look_at(context: Context, key: str) -> tuple[str, ...]:
    """Slack user ids of the active members, once for each key; none where another node has them already."""
    if context.uow.requests.seen(key) is not None:
        return ()
    context.uow.requests.remember(key, context.now)
    found = tuple(
        member.slack_user_id
        for member in context.uow.members.all()
        if member.active and member.slack_user_id is not None
    )
    context.uow.commit()
    return found


def tell_damage(context: Context) -> None:
    """Have administrators be told, once a day, of rows that cannot be read."""
    members.welcome_admins(context)
    owe_administrators(context, DAMAGED, context.today.isoformat())
    context.uow.commit()


def asked_in_vain(context: Context, member: Member) -> Refusal | None:
    """Count that somebody asked about an MRN that nobody has.

    Returns:
        The sentence for whoever does so too often, which is for the caller to show: raised, it would take back that
        administrators are told.
    """
    context.uow.unknown_reads.purge(context.now - WITHIN)
    number, first = context.uow.unknown_reads.since(member.member_id, context.now - WITHIN)
    if number < MOST_UNKNOWN or first is None:
        context.uow.unknown_reads.add(member.member_id, context.now)
        context.uow.commit()
        return None
    members.welcome_admins(context)
    owe_administrators(context, UNKNOWN_READS, f"{member.member_id}:{context.today.isoformat()}")
    context.uow.commit()
    minutes = max(1, -(-(first + WITHIN - context.now) // _MINUTE))
    wait = "1 minute" if minutes == 1 else f"{minutes} minutes"
    return AskedTooOften(
        f"You have asked about more than {MOST_UNKNOWN} MRNs in ten minutes that nobody has. Wait {wait} before you "
        "ask about another one, and check the list that you work from. Administrators see it, too. Patients on file "
        "and logging work as always."
    )
