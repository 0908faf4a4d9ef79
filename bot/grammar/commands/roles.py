"""`roles @ana care_manager biller`: what each role can do, and who has which."""

import re
from dataclasses import dataclass
from enum import StrEnum

from billing.people import MemberRole
from bot.grammar.call.command import Call, Command, Section
from bot.grammar.call.line import CallLine
from bot.grammar.call.people import person
from bot.grammar.parsed import Arguments, Parsed
from bot.grammar.text.wordlists import words
from services.people.requests import RoleEdit

_ROLES = {
    "care_manager": MemberRole.CARE_MANAGER,
    "caremanager": MemberRole.CARE_MANAGER,
    "consultant": MemberRole.CONSULTANT,
    "treating_provider": MemberRole.TREATING_PROVIDER,
    "provider": MemberRole.TREATING_PROVIDER,
    "biller": MemberRole.BILLER,
    "supervisor": MemberRole.SUPERVISOR,
    "admin": MemberRole.ADMIN,
    "administrator": MemberRole.ADMIN,
}
_ROLE = re.compile(
    r"\b(?:psychiatric )?(care[ _-]?manager|consultant|treating[ _-]provider|provider|biller|supervisor"
    r"|administrator|admin)s?\b"
)
_EDIT = re.compile(r"(?<![\w@])(add|give|plus|remove|take|minus|without|set|only)\b")
_EDITS = {
    **dict.fromkeys(("add", "give", "plus"), RoleEdit.ADD),
    **dict.fromkeys(("remove", "take", "minus", "without"), RoleEdit.REMOVE),
    **dict.fromkeys(("set", "only"), RoleEdit.SET),
}
_JOINTS = re.compile(r"(?<![\w@])(?:and|to|is|an?|as|of|the|my|from|please|now|role|roles)\b")
_EXAMPLE = "roles @ana care_manager"
_ONE_CHANGE = "Add roles, or remove roles; one message does one of them. Or name every role they are to have."
_NO_PERSON = "Whose roles? Name the person with Slack's @ list: roles @ana care_manager."


class RolesProblem(StrEnum):
    """What can be wrong with roles besides `ProblemCode`."""

    WHOSE_ROLES = "whose_roles"
    TWO_CHANGES = "two_changes"


@dataclass(frozen=True, slots=True, kw_only=True)
class RolesArguments(Arguments):
    """`roles` for the table, `roles @ana` for a person's, `roles @ana biller` to give them."""

    #: Slack user id, display name or `me`; None asks for the table.
    name: str | None = None
    roles: frozenset[MemberRole] = frozenset()
    how: RoleEdit = RoleEdit.SET


def read(call: Call) -> Parsed:
    """A person, and the roles they are to have."""
    line = CallLine(call)
    if more := line.refuse_more_lines():
        return more
    named = line.take_all(_ROLE)
    roles = frozenset(_ROLES[re.sub("[ -]", "_", one.group)] for one in named)
    edits = line.take_all(_EDIT) if roles else []
    line.take_all(_JOINTS)
    hows = {_EDITS[one.group] for one in edits}
    name = person(line)
    if len(hows) > 1:
        line.find(RolesProblem.TWO_CHANGES, _ONE_CHANGE)
    if roles and name is None and not line.problems:
        line.find(RolesProblem.WHOSE_ROLES, _NO_PERSON)
    if line.problems:
        return line.refused(
            (f"@{name}" if name else "@ana", " ".join(sorted(roles)) or MemberRole.CARE_MANAGER)
        )
    how = hows.pop() if hows else RoleEdit.SET
    return Parsed(command=call.command.name, arguments=RolesArguments(name=name, roles=roles, how=how))


COMMAND = Command(
    name="roles",
    section=Section.PEOPLE,
    place=20,
    usage="roles [@person [add|remove] <role> ...]",
    summary="Show what each role can do, and give people their roles",
    example=_EXAMPLE,
    aliases=("role", "rights"),
    keywords=words("permissions"),
    topic=(
        "roles alone shows what you can do and what others can. Administrators give roles: roles @ana care_manager "
        "biller sets them, roles @ana add supervisor adds one, roles @ana remove biller takes one away.\n"
        "Roles: care_manager, consultant, treating_provider, biller, supervisor, admin."
    ),
    read=read,
)
