"""Members and their roles: who takes part, what each role can do, who asks to take part and what was decided."""

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from zoneinfo import ZoneInfo

from billing.people import Member, MemberRole
from bot import kit
from bot.ids import ActionId
from bot.ids import listed as listed_id
from bot.replies import Block, Reply, Screens, Viewer
from bot.screens.lines import sections
from bot.screens.pages import Page
from bot.screens.phrases import clock, count, full_day
from services.messages.joining import Decided
from services.messages.newcomers import Decision, Newcomer
from services.people.damaged import Damaged
from services.people.departures import Departure, LeftBehind, Why
from services.people.memberships import Changed, Listed, Standing
from services.people.rights import ROLE_NAMES, TABLE, Action, people, spoken_roles
from services.people.vain_reads import VainReads

REQUEST_PUSH = "Somebody asks to take part."
DECISION_PUSH = "An administrator has decided."
MEMBERS_PUSH = "Members of the practice."
ROLES_PUSH = "Who can do what."
CHANGED_PUSH = "Membership changed."
DAMAGED_PUSH = "Something in the database is damaged."
#: Damaged rows named in one message.
_ROWS_NAMED = 10
DEPARTED_PUSH = "A membership ended."
UNKNOWN_READS_PUSH = "Somebody looks up many unknown patients."
_WHY = {
    Why.DEACTIVATED: "their Slack account was deactivated.",
    Why.GUEST: "their Slack account became a guest's, and guests take no part.",
    Why.OUTSIDE: "their Slack account belongs to another workspace now.",
    Why.FILE: "a members file says so.",
}
_DEPARTED_FOOT = (
    "An account that comes back does not come back as a member: renew the membership then. Who takes part: "
    "`/cocm members`."
)
#: Names the list in the buttons that turn its pages.
LIST = "members"
APPROVE = "Approve as care manager"
REFUSE = "Refuse"
_REQUEST_FOOT = (
    "Until you decide they see and store nothing. For another role, instead of a button: "
    "`/cocm roles @{name} biller`."
)
_START = "Try it: `/cocm help`, or tell me what you did: `/cocm 15m MRN123 phone check-in`."
#: People named beside a role.
_NAMED = 8
_STANDINGS = {
    Standing.WAITING: "asked to take part; waits for an administrator",
    Standing.REFUSED: "asked to take part; refused",
    Standing.ENDED: "membership ended",
}


def request(found: Newcomer, _viewer: Viewer) -> Reply:
    """Somebody whom nobody has named, with the buttons that decide about them."""
    name = kit.escape(found.display_name)
    said = f"*Somebody asks to take part:* <@{found.slack_user_id}> ({name} in Slack), who is not a member here yet."
    if found.has_namesake:
        said += f"\n*A member goes by {name} already.* Make sure that this is somebody else, or refuse."
    value, who = f"{found.request_id}", found.display_name
    return Reply(
        text=REQUEST_PUSH,
        blocks=(
            kit.section(said),
            kit.actions(
                [
                    kit.button(APPROVE, ActionId.APPROVE_MEMBER, value, about=who, style="primary"),
                    kit.button(REFUSE, ActionId.REFUSE_MEMBER, value, about=who),
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
            f"*Refused:* {who} is not a member, and is notified. To change that: "
            f"`/cocm roles @{name} care_manager`."
        )
    else:
        said = (
            f"*Approved:* {who} is {spoken_roles(done.member.roles)} now, and is notified. To change that: "
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
        said += "".join(f"\n{line}" for line in _left_lines(done.left))
    elif not before.active:
        said = f"*Returned:* {name} is {roles} again. To change that: `/cocm members @{name} ends`."
    else:
        # Somebody from a file may have had none, and a member cannot be left without.
        back = f"roles @{name} {' '.join(sorted(before.roles))}" if before.roles else f"members @{name} ends"
        said = f"*Changed:* {name} is {roles} now. To change that: `/cocm {back}`."
    return Reply(text=CHANGED_PUSH, blocks=(kit.section(said), kit.actions([_way_back(done)])))


def _way_back(done: Changed) -> Block:
    """The button that makes a membership what it was."""
    member, before = done.member, done.before
    if not member.active:
        return kit.button("Renew membership", ActionId.CHANGE_MEMBERSHIP, f"returns:{member.member_id}")
    if before is None or not before.active or not before.roles:
        return kit.button("End membership", ActionId.CHANGE_MEMBERSHIP, f"ends:{member.member_id}")
    roles = ",".join(sorted(before.roles))
    return kit.button("Change back", ActionId.CHANGE_MEMBERSHIP, f"roles:{member.member_id}:{roles}")


def members(found: Sequence[Listed], zone: ZoneInfo, number: int = 0, *, manages: bool = False) -> Reply:
    """Who takes part: a page of them, with what an administrator can do next."""
    page = Page.of_list(found, number)
    taking_part = sum(one.standing is Standing.MEMBER for one in found)
    blocks = [kit.section(f"*{count(taking_part, 'member')}*")]
    if manages:
        blocks += [block for place, one in enumerate(page.here) for block in _managed(one, place, zone)]
    else:
        blocks += sections([_member(one, zone) for one in page.here])
    blocks += page.turners(LIST, "person" if len(found) == 1 else "member")
    foot = "What each role can do: `/cocm roles`."
    if manages:
        foot += " For somebody who is not listed: `/cocm roles @ana biller`, or a members file sent here."
    return Reply(text=MEMBERS_PUSH, blocks=(*blocks, kit.context(foot)))


def _managed(one: Listed, place: int, zone: ZoneInfo) -> Iterator[Block]:
    """Somebody with what can be done about them."""
    line = _member(one, zone)
    if one.standing is Standing.MEMBER and one.member_id is not None:
        options = [
            kit.option("Change roles", f"roles:{one.member_id}"),
            kit.option("End membership", f"ends:{one.member_id}"),
        ]
        yield kit.section(
            line,
            accessory={
                "type": "overflow",
                "action_id": listed_id(ActionId.MEMBER_MENU, place),
                "options": options,
            },
        )
    elif one.standing is Standing.ENDED and one.member_id is not None:
        renew = kit.button(
            "Renew", listed_id(ActionId.CHANGE_MEMBERSHIP, place), f"returns:{one.member_id}", about=one.name
        )
        yield kit.section(line, accessory=renew)
    else:
        yield kit.section(line)
        yield kit.actions(_answers(one, place))


def _answers(one: Listed, place: int) -> list[Block]:
    """What can be answered to somebody who asked."""
    value = f"{one.request_id}"
    approve = kit.button(
        APPROVE, listed_id(ActionId.APPROVE_MEMBER, place), value, about=one.name, style="primary"
    )
    other = kit.button(
        "Other role",
        listed_id(ActionId.GIVE_OTHER_ROLE, place),
        one.slack_user_id or one.name,
        about=one.name,
    )
    refuse_ = kit.button(REFUSE, listed_id(ActionId.REFUSE_MEMBER, place), value, about=one.name)
    return [approve, other, *([] if one.standing is Standing.REFUSED else [refuse_])]


def roles_of(member: Member) -> Reply:
    """What one member is."""
    roles = spoken_roles(member.roles) or "without a role"
    ended = "" if member.active else " Their membership has ended."
    said = f"{kit.escape(member.display_name)} is {roles} here.{ended}"
    return Reply(text=ROLES_PUSH, blocks=(kit.section(said),))


#: What each role is there for, in a line.
_ROLE_WORDS = {
    MemberRole.CARE_MANAGER: "log their minutes, and record consents, scores and case reviews",
    MemberRole.CONSULTANT: "log their minutes, and record case reviews with what they recommend",
    MemberRole.TREATING_PROVIDER: "log their minutes, and record what they know of the care",
    MemberRole.SUPERVISOR: "see how time is kept, correct anybody's entries, and attest",
    MemberRole.BILLER: "see the report, close months, and mark claims as submitted",
    MemberRole.ADMIN: "decide who takes part, and change settings and payers",
}


def roles(member: Member, who: Mapping[MemberRole, Sequence[str]]) -> Reply:
    """Every role with what it is there for and who has it; all that it can do is a tap away."""
    own = spoken_roles(member.roles) or "without a role"
    blocks = [kit.section(f"*You are {own} here.*")]
    for place, (role, name) in enumerate(ROLE_NAMES.items()):
        have = who.get(role, ())
        named = ", ".join(map(kit.escape, have[:_NAMED]))
        left = f" and {len(have) - _NAMED:,} more" if len(have) > _NAMED else ""
        said = f"*{name.capitalize()}s* {_ROLE_WORDS[role]}.\n{named + left or 'Nobody has this role.'}"
        button = kit.button("Details", listed_id(ActionId.ROLE_RIGHTS, place), role.value, about=f"{name}s")
        blocks.append(kit.section(said, accessory=button))
    blocks.append(
        kit.actions([kit.button("What I can do", listed_id(ActionId.ROLE_RIGHTS, len(ROLE_NAMES)), "me")])
    )
    foot = (
        "Administrators give roles: `/cocm roles @ana care_manager biller`. Who has which: `/cocm members`."
    )
    return Reply(text=ROLES_PUSH, blocks=(*blocks, kit.context(foot)))


def role_rights(role: MemberRole) -> Reply:
    """Everything that one role can do."""
    can = [f"• {kit.escape(right.words)}" for right in TABLE.values() if role in right.roles]
    cannot = [f"• {kit.escape(right.words)}" for right in TABLE.values() if role not in right.roles]
    lines = [f"*{ROLE_NAMES[role].capitalize()}s can:*", *can, "*They cannot:*", *cannot]
    return Reply(text=ROLES_PUSH, blocks=tuple(sections(lines)))


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


def _member(one: Listed, zone: ZoneInfo) -> str:
    what = _STANDINGS.get(one.standing) or spoken_roles(one.roles) or "no role"
    parts = [kit.escape(one.name), what]
    if one.decided_at is not None:
        by = f" by {kit.escape(one.decided_by)}" if one.decided_by else ""
        parts.append(f"since {full_day(one.decided_at.astimezone(zone).date())}{by}")
    elif one.asked_at is not None:
        parts.append(f"asked {full_day(one.asked_at.astimezone(zone).date())}")
    return " · ".join(parts)


def departed(found: Departure, viewer: Viewer) -> Reply:
    """A membership that ended without an administrator: why, what waits for somebody now, and the way back."""
    name = kit.escape(found.name)
    lines = [
        f"*{name}'s membership ended:* {_WHY[found.why]} They see and store nothing any more; what they did stays.",
        *_left_lines(found.left, viewer.zone),
    ]
    renew = kit.button(
        "Renew membership", ActionId.CHANGE_MEMBERSHIP, f"returns:{found.member_id}", about=found.name
    )
    return Reply(
        text=DEPARTED_PUSH,
        blocks=(kit.section("\n".join(lines)), kit.actions([renew]), kit.context(_DEPARTED_FOOT)),
    )


def _left_lines(left: LeftBehind, zone: ZoneInfo | None = None) -> Iterator[str]:
    """What waits for somebody else now, and what to do about each."""
    if left.patients:
        have = "has" if left.patients == 1 else "have"
        yield (
            f"• {count(left.patients, 'patient')} {have} no care manager: `/cocm assign MRN123 @ben` gives one to a "
            "colleague, a patients file with the column care\\_manager all of them."
        )
    if left.timer_since is not None:
        when = ""
        if zone is not None:
            day = left.timer_since.astimezone(zone).date()
            when = f" since {clock(left.timer_since, zone)} on {full_day(day)}"
        yield (
            f"• A timer of theirs runs{when}. None of it is logged or counted. If work was done: renew the "
            "membership, log it for them, and end it again."
        )
    for whose, until in left.covered:
        yield (
            f"• They looked after {kit.escape(whose)}'s patients until {full_day(until)}; those are back with "
            f"{kit.escape(whose)} now: `/cocm cover @{kit.escape(whose)} by @colleague` hands them to somebody else."
        )
    for by, until in left.covered_by:
        yield f"• {kit.escape(by)} looks after their patients until {full_day(until)}. Assign them before."


def many_unknown(found: VainReads, _viewer: Viewer) -> Reply:
    """Somebody who asks about many MRNs that nobody has."""
    name = kit.escape(found.name)
    said = (
        f"*{name} asked about more than 30 MRNs in ten minutes that nobody has.* They wait before they may ask about "
        "another one; patients on file and logging work as always.\nAsk them what they are looking for: it may be a "
        f"list from another system. If it was not them: `/cocm members @{name} ends`."
    )
    return Reply(text=UNKNOWN_READS_PUSH, blocks=(kit.section(said),))


def damaged_rows(found: Damaged, _viewer: Viewer) -> Reply:
    """Rows that cannot be read: which, that they count nowhere, and what to do."""
    named = ", ".join(f"`{one.table} {one.key}`" for one in found.rows[:_ROWS_NAMED])
    more = f" and {len(found.rows) - _ROWS_NAMED:,} more" if len(found.rows) > _ROWS_NAMED else ""
    they, count_ = (
        ("It cannot be read and counts", "row is")
        if len(found.rows) == 1
        else ("They cannot be read and count", "rows are")
    )
    said = (
        f"*{len(found.rows):,} {count_} damaged:* {named}{more}. {they} nowhere, so figures may be too low; everything "
        "else works. Whoever runs the bot looks with `cocm audit verify`, and restores a backup or has it corrected."
    )
    return Reply(text=DAMAGED_PUSH, blocks=(kit.section(said),))


SCREENS: Screens = {
    Newcomer: request,
    Decision: decision,
    Departure: departed,
    VainReads: many_unknown,
    Damaged: damaged_rows,
}
