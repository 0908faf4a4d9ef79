"""A story as it stands in its file: what happens, and below each happening what was seen.

Lines at the margin are the story's own: a heading and a paragraph, the practice and its people, then steps, each with
its local date and time. Lines that begin with `    | ` go on with what was typed or imported. All other indented lines
are what was seen; they are left out when a story is read, and written again when it is told.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import takewhile

from billing.people import MemberRole

INDENT = "    "
_MORE = "    | "
_PRACTICE = re.compile(r"Practice in ([\w/+-]+)(?:, by (strict|midpoint) time)?\.")
_PERSON = re.compile(r"(\w+): ([^,]+), ([a-z ]+?)(?:, in ([A-Z]\w+/\w+))?(?:, (\w[\w ]*) department)?\.")
_STEP = re.compile(r"(\d{4}-\d\d-\d\d \d\d:\d\d) (.+)")


class StoryError(Exception):
    """A story that cannot be read or told, with the line that is to blame."""


def must(holds: object, sentence: str) -> None:
    """Stop the story with a sentence unless something holds.

    Raises:
        StoryError: it does not.
    """
    if not holds:
        raise StoryError(sentence)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One of the practice's people."""

    handle: str
    name: str
    roles: tuple[MemberRole, ...]
    #: IANA name; empty for the practice's own zone.
    zone: str = ""
    department: str = ""

    @property
    def user_id(self) -> str:
        """Their id in Slack."""
        return f"U0{self.handle.upper()}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing that happens, at a local time of whoever does it."""

    at: datetime
    #: What stands behind the time: `ana> 15m MRN123 call`, `import payers`.
    words: str
    more: tuple[str, ...] = ()
    #: The step as it stands in the file.
    lines: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """A whole story, without what was seen."""

    title: str
    zone: str
    time_rule: str
    people: Mapping[str, Person]
    #: In the order of the file: lines to be kept as they are, and steps.
    parts: tuple[str | Step, ...]

    @property
    def steps(self) -> Iterator[Step]:
        """What happens, in order."""
        return (part for part in self.parts if isinstance(part, Step))

    def told(self, seen: Mapping[Step, Sequence[str]]) -> str:
        """The file's text, with what was seen below each step."""
        lines: list[str] = []
        for part in self.parts:
            if isinstance(part, str):
                lines.append(part)
                continue
            lines += part.lines
            lines += [f"{INDENT}{line}".rstrip() for line in seen.get(part, ())]
        return "\n".join(lines).rstrip("\n") + "\n"


def read_story(text: str) -> Story:
    """Read a story's file.

    Raises:
        StoryError: naming the first line that is neither set-up, step, remark nor blank.
    """
    lines = text.splitlines()
    if len(lines) < 2 or set(lines[1]) != {"="}:
        raise StoryError("A story begins with its heading, underlined with =.")
    parts: list[str | Step] = []
    people: dict[str, Person] = {}
    practice: re.Match[str] | None = None
    position = 0
    while position < len(lines):
        line = lines[position]
        position += 1
        step = _STEP.fullmatch(line)
        if line.startswith(INDENT) and practice is not None:
            continue
        if step is not None and practice is not None:
            more = list(takewhile(lambda each: each.startswith(_MORE), lines[position:]))
            position += len(more)
            parts.append(_step(step, line, more))
            continue
        parts.append(line)
        if practice is None:
            practice = _PRACTICE.fullmatch(line)
        elif person := _PERSON.fullmatch(line):
            people[person[1]] = _person(person)
        elif line and not line.startswith("#"):
            raise StoryError(f"Line {position} cannot be read: {line}")
    if practice is None:
        raise StoryError("No line says where the practice is: Practice in America/New_York.")
    return Story(
        title=lines[0],
        zone=practice[1],
        time_rule=practice[2] or "strict",
        people=people,
        parts=tuple(parts),
    )


def _step(match: re.Match[str], line: str, more: Sequence[str]) -> Step:
    return Step(
        at=datetime.fromisoformat(match[1]),
        words=match[2],
        more=tuple(each.removeprefix(_MORE) for each in more),
        lines=(line, *more),
    )


def _person(match: re.Match[str]) -> Person:
    roles = tuple(MemberRole(role.replace(" ", "_")) for role in match[3].split(" and "))
    return Person(handle=match[1], name=match[2], roles=roles, zone=match[4] or "", department=match[5] or "")
