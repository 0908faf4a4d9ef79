"""`cover @ben 12/1 to 12/8`: who looks after a caseload for some days."""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.grammar.call.command import Call, Command, Section
from bot.grammar.call.leftovers import refuse_leftovers
from bot.grammar.call.line import CallLine
from bot.grammar.parsed import Arguments, Parsed
from bot.grammar.problems import ProblemCode
from bot.grammar.text.blanks import Blank
from bot.grammar.text.wordlists import words

_EXAMPLE = "cover @ben 12/1 to 12/8"
_ENDS = re.compile(r"(?<![\w@])(?:ends?|ended|ending|stops?|over|cancel|is back|back|returned)\b")
_ME = re.compile(r"(?<![\w@])(?:for\s+)?(?:me|my (?:patients|caseload))\b")
_JOINTS = re.compile(
    r"(?<![\w@])(?:for|the|of|with|covers?|covered|covering|patients|caseload|please|from|is|are|and|all|list|show)\b"
)
_BETWEEN = re.compile(r"(?<=\|)\s*[-–—]\s*(?=\|)")
_TO = "to|until|till|through|thru"
_NO_MEMBER = "Who looks after the patients? Pick the person with Slack's @ list: cover @ben 12/1 to 12/8."
_TWO_MEMBERS = "Two people: say whose patients, and who looks after them: cover @ana by @ben 12/1 to 12/8."
_TOO_MANY_DATES = "Give the first day and the last day, no more: cover @ben 12/1 to 12/8."
_BACKWARDS = "The last day is before the first. Check the two dates."
_NO_LAST_DAY = "Until when? Give the last day, too: cover @ben 12/1 to 12/8."


class CoverProblem(StrEnum):
    """What can be wrong with a cover besides `ProblemCode`."""

    NO_MEMBER = "no_member"
    WHOSE_PATIENTS = "whose_patients"
    NO_LAST_DAY = "no_last_day"


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverArguments(Arguments):
    """`cover` for the list; `cover @ana by @ben 12/1 to 12/8`; `cover end`."""

    #: Whose patients, a Slack user id or display name; None for the person's own.
    away: str | None = None
    #: Who looks after them; None asks for the list, or ends what there is.
    covered_by: str | None = None
    first_day: date | None = None
    last_day: date | None = None
    ends: bool = False


def read(call: Call) -> Parsed:
    """Who covers whom, from when to when."""
    line = CallLine(call)
    if more := line.refuse_more_lines():
        return more
    by = line.one_member("by", bare=False)
    named = [line.who(one) for one in line.members("for|with|to", bare=True)]
    ends = line.take(_ENDS) is not None
    line.take_all(_ME)
    first, last = _days(line, ends=ends)
    line.take_all(_JOINTS)
    away, covered_by = _who(line, by, named, ends=ends)
    refuse_leftovers(line)
    if covered_by is None and not ends and (first or last) and not line.problems:
        line.find(CoverProblem.NO_MEMBER, _NO_MEMBER)
    if line.problems:
        return line.refused(
            (
                "end" if ends else "",
                f"@{away}" if away else "",
                (f"by @{covered_by}" if away else f"@{covered_by}")
                if covered_by
                else ("" if ends else Blank("@___", "@ben")),
                f"{first.month}/{first.day}/{first.year}" if first else "",
                f"to {last.month}/{last.day}/{last.year}" if last and first and last >= first else "",
            )
        )
    return Parsed(
        command=call.command.name,
        arguments=CoverArguments(away=away, covered_by=covered_by, first_day=first, last_day=last, ends=ends),
    )


def _who(line: CallLine, by: str | None, named: list[str], *, ends: bool) -> tuple[str | None, str | None]:
    """Whose patients, and who looks after them."""
    if len(named) > (2 if by is None else 1) or (by is None and len(named) == 2):  # noqa: PLR2004 - a pair
        line.find(CoverProblem.WHOSE_PATIENTS, _TWO_MEMBERS)
        return None, None
    if by is not None or ends:
        return (named[0] if named else None), by
    return None, named[0] if named else None


def _days(line: CallLine, *, ends: bool) -> tuple[date | None, date | None]:
    """The first and the last day; today where only the last is given."""
    until, last = line.ahead_behind(_TO)
    found = [line.claim(item.start, item.end) for item in line.dates_left()]
    line.take_all(_BETWEEN)
    days = [line.ahead(one) for one in found]
    if line.problems or None in days:
        return None, None
    given = [day for day in days if day is not None]
    if len(given) > (1 if until else 2):
        line.find(ProblemCode.TWO_DATES, _TOO_MANY_DATES)
        return None, None
    first = given[0] if given else line.today if until else None
    if until is None and len(given) == 2:  # noqa: PLR2004 - from and to
        last = given[1]
    if first is not None and last is not None and last < first:
        line.find(ProblemCode.DATES_OUT_OF_ORDER, _BACKWARDS)
    if first is not None and last is None and not ends and not line.problems:
        line.find(CoverProblem.NO_LAST_DAY, _NO_LAST_DAY)
    return first, last


COMMAND = Command(
    name="cover",
    section=Section.PEOPLE,
    place=15,
    usage="cover [@manager] [by @colleague] [<first day>] to <last day> | cover end",
    summary="Have a colleague look after your patients for some days",
    example=_EXAMPLE,
    aliases=("covers", "handover"),
    keywords=words("vacation leave away absence handover stand-in"),
    topic=(
        "cover @ben 12/1 to 12/8 gives your patients to Ben for those days, the first and the last included: his "
        "morning message, Home, lists and safety notices hold them, yours do not. They come back by themselves; "
        "who the care manager is does not change.\n"
        "Supervisors and administrators write it for others: cover @ana by @ben 12/1 to 12/8. cover alone lists what "
        "is set; cover end ends yours at once."
    ),
    read=read,
)
