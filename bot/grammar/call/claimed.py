"""What a command's line has given up, and what is wrong with it."""

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What is wrong, before the line that fixes it is known; offsets into the shown form."""

    code: StrEnum
    message: str
    start: int
    end: int
    #: The line that fixes it; None for the one that fixes all, empty for none.
    example: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Something claimed: its words, and where they stood in the shown form."""

    plain: str
    shown: str
    start: int
    end: int
    #: What the pattern's first group held, in plain and shown form.
    group: str = ""
    shown_group: str = ""
