"""Members and their roles: who takes part, what each role can do, who asks to take part and what was decided."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from billing.people import Member
from bot import kit
from bot.ids import ActionId
from bot.replies import Reply, Screens, Viewer
from bot.screens.lines import fitting, sections
from bot.screens.phrases import count, more
from services.messages.joining import Decided
from services.messages.newcomers import Decision, Newcomer
from services.people.memberships import Changed, Listed, Standing
from services.people.rights import TABLE, Action, people, spoken_roles

REQUEST_PUSH = "Somebody asks to take part."
DECISION_PUSH = "An administrator has decided."
MEMBERS_PUSH = "Members of the practice."
ROLES_PUSH = "Who can do what."
CHANGED_PUSH = "Membership changed."
APPROVE = "Approve as care manager"
REFUSE = "Refuse"
_REQUEST_FOOT = (
    "Until you decide they see and store nothing. For another role, instead of a button: "
    "`/cocm roles @{name} biller`."
)
_START = "Try it: `/cocm help`, or tell me what you did: `/cocm 15m MRN123 phone check-in`."
_STANDINGS = {
    Standing.WAITING: "asked to take part; waits for an administrator",
    Standing.REFUSED: "asked to take part; refused",
    Standing.ENDED: "membership ended",
}


def request(found: Newcomer, _viewer: Viewer) -> Reply:
    """Somebody whom nobody has named, with the buttons that decide about them."""
    name = kit.escape(found.display_name)
    said = f"*Somebody asks to take part:* <@{found.slack_user_id}> ({name} in Slack), who is no member here yet."
    if found.has_namesake:
        said += f"\n*A member goes by {name} already.* Make sure that this is somebody else, or refuse."
    value = f"{found.request_id}"
    return Reply(
        text=REQUEST_PUSH,
        blocks=(
            kit.section(said),
            kit.actions(
                [
                    kit.button(APPROVE, ActionId.APPROVE_MEMBER, value, style="primary"),
                    kit.button(REFUSE, ActionId.REFUSE_MEMBER, value),
                ]
            ),
            kit.context(_REQUEST_FOOT.format(name=name)),
        ),
    )


def decision(found: Decision, _viewer: Viewer) -> Reply:
    """What was decided, for the person who asked."""
    if found.roles is None:
        said = (
            "*An administrator decided that you do not take part here.* Nothing of what you sent was stored. Ask "
            "them if that is a mistake."
        )
        return Reply(text=DECISION_PUSH, blocks=(kit.section(said),))
    said = f"*You are a member now:* {spoken_roles(found.roles)}. What you sent before was not stored; send it again."
    return Reply(text=DECISION_PUSH, blocks=(kit.section(said), kit.context(_START)))


def decided(done: Decided) -> Reply:
    """What an administrator has decided, with the way to change it."""
    name = kit.escape(done.request.display_name)
    who = f"<@{done.request.slack_user_id}> ({name})"
    if done.member is None:
        said = (
            f"*Refused:* {who} takes no part, and is sent word of it. To change that: "
            f"`/cocm roles @{name} care_manager`."
        )
    else:
        said = (
            f"*Approved:* {who} is {spoken_roles(done.member.roles)} now, and is sent word of it. To change that: "
            f"`/cocm roles @{name} biller`, or `/cocm members @{name} ends`."
        )
    return Reply(text=CHANGED_PUSH, blocks=(kit.section(said),))


def changed(done: Changed) -> Reply:
    """A membership as it is now, with the way back."""
    member, before = done.member, done.before
    name = kit.escape(member.display_name)
    roles = spoken_roles(member.roles)
    if before is None:
        said = f"*Added:* {name} is {roles} now. To change that: `/cocm members @{name} ends`."
    elif not member.active:
        said = (
            f"*Ended:* {name} takes no part any more; what they did stays. To change that: "
            f"`/cocm members @{name} returns`."
        )
        if done.assigned:
            their = count(done.assigned, "patient")
            said += (
                f"\n{their} still assigned to them: `/cocm assign MRN123 @ana` gives one to somebody else."
            )
    elif not before.active:
        said = f"*Returned:* {name} is {roles} again. To change that: `/cocm members @{name} ends`."
    else:
        # Somebody from a file may have had none, and a member cannot be left without.
        back = f"roles @{name} {' '.join(sorted(before.roles))}" if before.roles else f"members @{name} ends"
        said = f"*Changed:* {name} is {roles} now. To change that: `/cocm {back}`."
    return Reply(text=CHANGED_PUSH, blocks=(kit.section(said),))


def members(found: Sequence[Listed]) -> Reply:
    """Who takes part, one line each."""
    lines = fitting([_member(one) for one in found])
    left = len(found) - len(lines)
    taking_part = sum(one.standing is Standing.MEMBER for one in found)
    blocks = sections([f"*{count(taking_part, 'member')}*", *lines])
    blocks += [kit.context(more(left, "person"))] if left else []
    foot = "What each role can do: `/cocm roles`. Administrators: `/cocm roles @ana biller`, `/cocm members @ana ends`."
    return Reply(text=MEMBERS_PUSH, blocks=(*blocks, kit.context(foot)))


def roles_of(member: Member) -> Reply:
    """What one member is."""
    roles = spoken_roles(member.roles) or "without a role"
    ended = "" if member.active else " Their membership has ended."
    said = f"{kit.escape(member.display_name)} is {roles} here.{ended}"
    return Reply(text=ROLES_PUSH, blocks=(kit.section(said),))


def _to_you(words: str) -> str:
    """A row of the table as it is said to the person it is about."""
    return words.replace("their own", "your own").replace("that they ", "that you ")


def rights(member: Member, own: AbstractSet[Action]) -> Reply:
    """The table of rights, from one member's side."""
    can = [f"• {kit.escape(_to_you(right.words))}" for action, right in TABLE.items() if action in own]
    cannot = [
        f"• {kit.escape(right.words)} ({people(right.roles)})"
        for action, right in TABLE.items()
        if action not in own
    ]
    lines = [f"*You are {spoken_roles(member.roles) or 'without a role'} here. You can:*", *can]
    lines += ["*Others can:*", *cannot] if cannot else []
    foot = (
        "Administrators give roles: `/cocm roles @ana care_manager biller`. Who has which: `/cocm members`."
    )
    return Reply(text=ROLES_PUSH, blocks=(*sections(lines), kit.context(foot)))


def _member(one: Listed) -> str:
    what = _STANDINGS.get(one.standing) or spoken_roles(one.roles) or "no role"
    return f"{kit.escape(one.name)} · {what}"


SCREENS: Screens = {Newcomer: request, Decision: decision}
