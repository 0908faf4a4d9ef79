"""`members @ana ends`: who takes part, and the end of a membership."""

import re
from dataclasses import dataclass
from enum import StrEnum

from bot.grammar.call.command import Call, Command, Section
from bot.grammar.call.line import CallLine
from bot.grammar.call.people import person
from bot.grammar.parsed import Arguments, Parsed
from bot.grammar.text.phrases import quoted

_ENDS = re.compile(
    r"(?<![\w@])(?:ends?|ended|leaves|left|has left|remove|removed|deactivate|deactivated|inactive|is gone|gone)\b"
)
_RETURNS = re.compile(
    r"(?<![\w@])(?:returns?|returned|is back|back|comes back|renews?|renewed|again|reactivate|active)\b"
)
_JOINTS = re.compile(
    r"(?<![\w@])(?:and|to|is|an?|as|of|the|my|from|please|now|has|all|list|show|everybody)\b"
)
_EXAMPLE = "members @ana ends"
_WHAT = "What about {word}? Write members @ana ends to end a membership, or members @ana returns to renew it."
_WHO = "Whose membership? Name the person with Slack's @ list: members @ana ends."
_BOTH = "A membership ends or returns, not both. Keep the one that you mean."


class MembersProblem(StrEnum):
    """What can be wrong with a membership besides `ProblemCode`."""

    NO_CHANGE = "no_change"
    WHOSE_MEMBERSHIP = "whose_membership"
    BOTH = "ends_and_returns"


@dataclass(frozen=True, slots=True, kw_only=True)
class MembersArguments(Arguments):
    """`members` for the list; `members @ana ends`."""

    #: Slack user id, display name or `me`; None asks for the list.
    name: str | None = None
    #: Whether the membership is to end, or to be renewed.
    ends: bool = False


def read(call: Call) -> Parsed:
    """A person, and whether they leave or return."""
    line = CallLine(call)
    if more := line.refuse_more_lines():
        return more
    ends, returns = line.take_all(_ENDS), line.take_all(_RETURNS)
    line.take_all(_JOINTS)
    name = person(line)
    if ends and returns:
        line.find(MembersProblem.BOTH, _BOTH)
    elif (ends or returns) and name is None and not line.problems:
        line.find(MembersProblem.WHOSE_MEMBERSHIP, _WHO)
    elif name is not None and not ends and not returns:
        line.find(MembersProblem.NO_CHANGE, _WHAT.format(word=quoted(f"@{name}")))
    if line.problems:
        return line.refused((f"@{name}" if name else "@ana", "returns" if returns else "ends"))
    return Parsed(command=call.command.name, arguments=MembersArguments(name=name, ends=bool(ends)))


COMMAND = Command(
    name="members",
    section=Section.PEOPLE,
    place=10,
    usage="members [@person ends|returns]",
    summary="Show who takes part, and end or renew a membership",
    example=_EXAMPLE,
    aliases=("member",),
    topic=(
        "Lists the members with their roles; administrators see who asked to take part and who has left, too.\n"
        "Administrators end a membership with members @ana ends, and renew it with members @ana returns. What the "
        "person did stays."
    ),
    read=read,
)
