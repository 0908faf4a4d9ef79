"""`cover @ben 12/1 to 12/8`: who looks after a caseload for some days."""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.grammar.call.command import Call, Command, Section
from bot.grammar.call.days import take_days
from bot.grammar.call.leftovers import refuse_leftovers
from bot.grammar.call.line import CallLine
from bot.grammar.parsed import Arguments, Parsed
from bot.grammar.text.blanks import Blank
from bot.grammar.text.phrases import quoted
from bot.grammar.text.scan import PATIENT
from bot.grammar.text.wordlists import words

_EXAMPLE = "cover @ben 12/1 to 12/8"
_ENDS = re.compile(
    r"(?<![\w@])(?:ends?(?!\s+of)|ended|ending|stops?|over(?!\s+\w)|cancel|is back|back|returned)\b"
)
_ME = re.compile(r"(?<![\w@])(?:for\s+)?(?:me|my (?:patients|caseload))\b")
_JOINTS = re.compile(
    r"(?<![\w@])(?:for|the|of|with|covers?|covered|covering|patients|caseload|please|from|is|are|and|all|list|show"
    r"|over|during|now|while|when|i'm|i am|away|out|off|vacation|leave|pto)\b"
)
_NO_MEMBER = "Who looks after the patients? Pick the person with Slack's @ list: cover @ben 12/1 to 12/8."
_TWO_MEMBERS = "Two people: say whose patients, and who looks after them: cover @ana by @ben 12/1 to 12/8."
_NO_DAYS = "For which days? Such as cover @ben 12/1 to 12/8, cover @ben next week, or cover @ben for 3 days."
_ENDS_TODAY = (
    "cover end ends a cover at once, and does not take a day. For another last day, end it and set the new days: "
    "cover @ben until 12/5."
)
_ONE_PATIENT = (
    "A cover hands over all of somebody's patients for some days. To give {word} alone to a colleague, assign the "
    "patient; that holds until you assign the patient back."
)


class CoverProblem(StrEnum):
    """What can be wrong with a cover besides `ProblemCode`."""

    NO_MEMBER = "no_member"
    WHOSE_PATIENTS = "whose_patients"
    ONE_PATIENT = "one_patient"
    NO_DAYS = "no_days"
    ENDS_TODAY = "ends_today"


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
    away, covered_by = _who(line, by, named, ends=ends)
    if _names_patient(line, covered_by):
        return line.refused(())
    first, last = take_days(line, example=_EXAMPLE, needed=not ends)
    line.take_all(_JOINTS)
    refuse_leftovers(line)
    if covered_by is None and not ends and (first or last) and not line.problems:
        line.find(CoverProblem.NO_MEMBER, _NO_MEMBER)
    if ends and first is not None and not line.problems:
        line.find(CoverProblem.ENDS_TODAY, _ENDS_TODAY)
    if (away or covered_by) and first is None and not ends and not line.problems:
        line.find(CoverProblem.NO_DAYS, _NO_DAYS)
    if line.problems:
        return line.refused(
            (
                "end" if ends else "",
                f"@{away}" if away else "",
                (f"by @{covered_by}" if away else f"@{covered_by}")
                if covered_by
                else ("" if ends else Blank("@___", "@ben")),
                "" if ends else _shown(first, last),
            )
        )
    return Parsed(
        command=call.command.name,
        arguments=CoverArguments(away=away, covered_by=covered_by, first_day=first, last_day=last, ends=ends),
    )


def _shown(first: date | None, last: date | None) -> str | Blank:
    if first is None or last is None or last < first:
        return Blank("___ to ___", "tomorrow to tomorrow")
    return f"{first.month}/{first.day}/{first.year} to {last.month}/{last.day}/{last.year}"


def _names_patient(line: CallLine, covered_by: str | None) -> bool:
    """Whether a patient is named, whom no cover is about: the line that assigns the patient is offered."""
    named = line.items(PATIENT)
    if not named:
        return False
    first = named[0]
    message = _ONE_PATIENT.format(word=quoted(line.line.shown[first.start : first.end]))
    example = f"assign {line.ref(first).text} {f'@{covered_by}' if covered_by else '@___'}"
    line.find(CoverProblem.ONE_PATIENT, message, first.start, first.end, example=example)
    return True


def _who(line: CallLine, by: str | None, named: list[str], *, ends: bool) -> tuple[str | None, str | None]:
    """Whose patients, and who looks after them."""
    if len(named) > (2 if by is None else 1) or (by is None and len(named) == 2):  # noqa: PLR2004 - a pair
        line.find(CoverProblem.WHOSE_PATIENTS, _TWO_MEMBERS)
        return None, None
    if by is not None or ends:
        return (named[0] if named else None), by
    return None, named[0] if named else None


COMMAND = Command(
    name="cover",
    section=Section.PEOPLE,
    place=15,
    usage="cover [@manager] [by @colleague] <days> | cover end",
    summary="Have a colleague look after your patients for some days",
    example=_EXAMPLE,
    aliases=("covers", "handover"),
    keywords=words("vacation leave away absence handover stand-in"),
    topic=(
        "cover @ben 12/1 to 12/8 gives your patients to Ben for those days, the first and the last included: his "
        "morning message, Home, lists and safety notices hold them, yours do not. They come back by themselves; "
        "who the care manager is does not change. Days as you say them: tomorrow, next week, for 3 days, "
        "until friday, the week of 12/7.\n"
        "Supervisors and administrators write it for others: cover @ana by @ben 12/1 to 12/8. cover alone lists what "
        "is set; cover end ends yours at once."
    ),
    read=read,
)
