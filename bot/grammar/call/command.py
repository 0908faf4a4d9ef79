"""The call of a command, and the description that each command's file holds."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum

from bot.grammar.parsed import ParseContext, Parsed
from bot.grammar.problems import ParseProblem
from bot.grammar.text.lines import Line


class Section(IntEnum):
    """What a command is about, in the order in which `help` lists them."""

    ENTRIES = 1
    OVERVIEWS = 2
    MESSAGES = 3
    CARE = 4
    CLOSING = 5
    PEOPLE = 6
    HELP = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One message whose command is known."""

    command: "Command"
    #: The lines of the message; the first without its command word.
    lines: Sequence[Line] = field(repr=False)
    #: The first line with its command word.
    whole: Line = field(repr=False)
    context: ParseContext
    #: Every command that can be named.
    commands: Sequence["Command"] = field(repr=False)

    @property
    def words(self) -> str:
        """What follows the command word, as the person saw it, without blanks and closing marks."""
        return self.lines[0].shown.strip().rstrip(".!?").strip()

    def problem(
        self,
        code: StrEnum,
        message: str,
        *,
        example: str,
        line: Line | None = None,
        span: tuple[int, int] | None = None,
    ) -> Parsed:
        """The message refused for one reason, marked at the span of the line, else behind the command word."""
        line = line or (self.lines[0] if self.lines[0].shown.strip() else self.whole)
        begin, end = line.typed(*(span or line.words))
        return Parsed(
            command=self.command.name,
            problems=(
                ParseProblem(
                    code=code, message=message, start=begin, end=end, example=example, line=line.number
                ),
            ),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """What a person can say, how, and what it does; `help` is made from these."""

    name: str
    #: Where `help` lists it: by section, then by place, in tens so that another goes between two.
    section: Section
    place: int
    #: `status <patient>`.
    usage: str
    #: One line, without a full stop.
    summary: str
    #: A whole line that is understood.
    example: str
    #: What `help <name>` adds: a few short paragraphs.
    topic: str
    read: Callable[[Call], Parsed] = field(repr=False)
    #: Other words for the same.
    aliases: tuple[str, ...] = ()
    #: Further words by which `help` finds the topic.
    keywords: frozenset[str] = frozenset()

    @property
    def words(self) -> tuple[str, ...]:
        """Every word that calls the command."""
        return (self.name, *self.aliases)
