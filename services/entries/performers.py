"""Decides whose minutes a line is, and whether who typed it may write them down."""

from billing.people import Member, Role
from services.context import Context
from services.entries.requests import LogDraft, LogRequest
from services.errors import NotAllowed
from services.people import members
from services.people.rights import WORKING, Action, allowed, people, roles_of, spoken_roles

#: What a line of time may come to; whose time it is decides, line by line.
WRITES = (Action.LOG_OWN, Action.LOG_FOR_PROVIDER, Action.LOG_FOR_ANYONE)


def check(context: Context, actor: Member, draft: LogDraft) -> None:
    """Refuse minutes that the actor may not write down, before anything is asked about them.

    Raises:
        UnknownPerson: when nobody goes by a name behind `for`.
        NotAllowed: as for `performer_of`.
    """
    for line in draft.lines:
        choices = line.question.choices if line.question is not None else ()
        for request in (*line.requests, *(one for choice in choices for one in choice.requests)):
            performer_of(context, actor, request)


def performer_of(context: Context, actor: Member, request: LogRequest) -> Member:
    """Whose work it was. Supervisors may write for anyone, everybody for a consultant or treating provider.

    Raises:
        UnknownPerson: when nobody goes by the name behind `for`.
        NotAllowed: when that person has no minutes of their own, or the actor may not write them down.
    """
    performer = actor if request.performed_by is None else members.named(context, request.performed_by)
    if performer.member_id == actor.member_id:
        if not allowed(context, actor, Action.LOG_OWN):
            raise NotAllowed(_no_minutes_of_your_own(context, actor))
        return performer
    if performer.working_role is None:
        raise NotAllowed(
            f"{performer.display_name} is {spoken_roles(performer.roles) or 'without a role'} here, and only "
            f"{people(WORKING)} have minutes. Nothing was stored. Name whoever did the work after 'for'."
        )
    if allowed(context, actor, Action.LOG_FOR_ANYONE):
        return performer
    if performer.working_role is not Role.CARE_MANAGER and allowed(context, actor, Action.LOG_FOR_PROVIDER):
        return performer
    if actor.member_id in request.participants and allowed(context, actor, Action.LOG_OWN):
        # Joint time is one entry, and either of them may write it down.
        return performer
    raise NotAllowed(
        f"Only a supervisor can log time for {performer.display_name}. Nothing was stored. "
        f"Ask {performer.display_name} to log it, or leave out the words after 'for'."
    )


def worked_as(performer: Member) -> Role:
    """The role in which somebody worked who was found to have minutes of their own."""
    role = performer.working_role
    assert role is not None, "whoever has no minutes of their own was refused"
    return role


def _no_minutes_of_your_own(context: Context, actor: Member) -> str:
    roles = roles_of(context, actor)
    if allowed(context, actor, Action.LOG_FOR_ANYONE):
        way = "You can log it for whoever did it: add for @ana."
    else:
        way = (
            "Whoever did it can log it, or a supervisor for them; for a consultant or treating provider you can: "
            "add for @dr."
        )
    return (
        f"You are {spoken_roles(roles)} here, and only {people(WORKING)} have minutes of their own. Nothing was "
        f"stored. {way} If you do this work yourself, an administrator can give you the role: "
        f"`/cocm roles @{actor.display_name} care_manager`."
    )
