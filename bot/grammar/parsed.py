"""The result of reading a message, and the context that reading needs."""

from collections.abc import Container
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.grammar.left import Left
from bot.grammar.problems import ParseProblem
from services.care.requests import Assess
from services.entries.requests import DraftLine, LogDraft

#: Commands that are no entry of the registry: an empty message, a greeting, and one that is not understood.
FORM = "form"
WELCOME = "welcome"
UNKNOWN = "unknown"


class Intent(StrEnum):
    """What a message is meant to do; only a log may be stored as time."""

    LOG = "log"
    QUESTION = "question"
    CORRECTION = "correction"
    PLAN = "plan"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much one entry may hold."""

    #: A service date may lie so many days back, that day included.
    backdate_days: int = 62
    max_entry_seconds: int = 8 * 3600
    note_characters: int = 280


@dataclass(frozen=True, slots=True, kw_only=True)
class ParseContext:
    """What the words depend on besides themselves."""

    #: The present instant, aware.
    now: datetime
    #: The person's own zone: dates and clock times are theirs.
    zone: ZoneInfo
    #: Identities that make a bare number a patient.
    roster: Container[str] = field(default=frozenset(), repr=False)
    limits: Limits = Limits()
    #: The practice's own form of an MRN, as a regular expression, tried beside the built-in ones.
    mrn_pattern: str | None = None

    @property
    def local_now(self) -> datetime:
        """The present instant in the person's own zone."""
        return self.now.astimezone(self.zone)


class Arguments:
    """What a command other than `log` was given; each command has a kind of its own."""

    __slots__ = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedLine:
    """One of several lines of a log: understood, or every reason why not."""

    #: As typed.
    text: str = field(repr=False)
    draft: DraftLine | None = field(default=None, repr=False)
    problems: tuple[ParseProblem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedScores:
    """Scores that a message states without asking to record them."""

    #: What recording them would ask for.
    request: Assess
    #: The words of that, behind `assess`.
    line: str = field(repr=False)
    #: False where no patient is named: the request's own stands for nobody.
    named: bool = True
    #: Words that are no part of it, as typed.
    left: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """One message understood, or every reason why not; never both."""

    #: Name of a command of the registry, `form` for an empty message, or `unknown`.
    command: str
    #: What a log asked for.
    draft: LogDraft | None = field(default=None, repr=False)
    #: What another command was given.
    arguments: Arguments | None = None
    problems: tuple[ParseProblem, ...] = ()
    #: Figures, dates and patients of the message that are in no slot, question or problem.
    left: tuple[Left, ...] = field(default=(), repr=False)
    #: The command that an unknown one is most like.
    suggestion: str | None = None
    intent: Intent = Intent.OTHER
    #: Time that a message speaks of but does not ask to log: stored at a tap, never by itself.
    doubted: LogDraft | None = field(default=None, repr=False)
    #: Why figures of the message were not logged, where something else answers it.
    not_logged: str = field(default="", repr=False)
    #: Scores that the message states and no time: offered to be recorded, never stored by themselves.
    scored: StatedScores | None = field(default=None, repr=False)
    #: Of a log of several lines that is refused for some of them, every line, so that the others are not lost.
    lines: tuple[TypedLine, ...] = field(default=(), repr=False)

    @property
    def is_partly_clear(self) -> bool:
        """True when some lines are understood although the message is refused for others."""
        return any(line.draft is not None for line in self.lines)

    @property
    def ok(self) -> bool:
        """True when the message was understood; questions may still stand before it is stored."""
        return not self.problems

    @property
    def draft_wanted(self) -> bool:
        """True when the message meant to log time, whether or not it could be read."""
        return self.command == "log"
