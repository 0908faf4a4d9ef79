"""What a person answers where rows of a file leave a question open."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache

from billing.payer_names import payer_key
from services.people.mrns import identity_of_mrn
from services.people.names import read_name

#: Says of every MRN of a file at once that it is a patient of its own.
ALL_NEW = "all"
#: Says that something is not on file yet.
NEW = "new"


class Subject(StrEnum):
    """What a question is about."""

    PATIENT = "patient"
    PERSON = "person"
    PAYER = "payer"

    def key(self, name: str) -> str:
        """A name as answers are looked up by it."""
        if self is Subject.PATIENT:
            return identity_of_mrn(name)
        if self is Subject.PERSON:
            person = read_name(name)
            return person.slack_user_id or person.email or person.key
        return payer_key(name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One answer: whom or what a name of the file means."""

    #: Line of the answers' file; 0 where it was given otherwise.
    line: int = 0
    about: Subject
    #: As the file has it.
    name: str = field(repr=False)
    #: `new`, a role, or the name of what is meant.
    said: str = field(repr=False)

    @property
    def is_new(self) -> bool:
        """Whether it says that this is not on file yet."""
        return self.said.casefold() == NEW

    @property
    def text(self) -> str:
        """As a line of a file of answers."""
        return f"{self.about} {quoted(self.name)} = {quoted(self.said)}"


class AnswersError(ValueError):
    """Lines of a file of answers that cannot be read: each with its number, and why."""

    def __init__(self, faults: Iterable[tuple[int, str]]) -> None:
        super().__init__("The answers cannot be read.")
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """Answers to what an import asks, by what each is about."""

    #: MRNs that are patients of their own although they are much like others; `all` for each.
    new_patients: tuple[str, ...] = field(default=(), repr=False)
    given: tuple[Answer, ...] = field(default=(), repr=False)

    def all(self) -> tuple[Answer, ...]:
        """Every answer, however it was given."""
        short = (Answer(about=Subject.PATIENT, name=mrn, said=NEW) for mrn in self.new_patients)
        return (*short, *self.given)

    def and_(self, more: Iterable[Answer]) -> "Answers":
        """The same with further answers."""
        return Answers(new_patients=self.new_patients, given=(*self.given, *more))


NO_ANSWERS = Answers()

_QUOTED = r'"(?:[^"]|"")*"'
_LINE = re.compile(
    rf"(?P<about>\w+)\s+(?P<name>{_QUOTED}|[^=]*?)\s*=\s*(?P<said>(?:member\s+)?{_QUOTED}|[^\"].*?)(?:\s+#\s.*)?",
    re.IGNORECASE,
)
#: Names that need no quotes.
_BARE = re.compile(r"@?[^\s\"=#@][^\s\"=]*")
_EXAMPLE = 'patient 417 = new, person "Kim Lee" = care_manager or payer "BCBS Mich" = "Blue Cross"'


def read_answers(data: bytes) -> tuple[Answer, ...]:
    """Read a file of answers: UTF-8, one a line; empty lines and those that begin with `#` say nothing.

    Raises:
        AnswersError: with every line that is no answer, or answers otherwise than one before.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        at = data.count(b"\n", 0, error.start) + 1
        raise AnswersError([(at, "The file is not UTF-8 text. Save it as plain text.")]) from None
    faults: list[tuple[int, str]] = []
    found: dict[tuple[Subject, str], Answer] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        words = line.strip()
        if not words or words.startswith("#"):
            continue
        try:
            answer = read_answer(words, number)
        except ValueError as error:
            faults.append((number, str(error)))
            continue
        key = answer.about, answer.about.key(answer.name)
        earlier = found.setdefault(key, answer)
        if earlier.said.casefold() != answer.said.casefold():
            faults.append(
                (number, f"Line {earlier.line} answers {answer.name} otherwise. Keep one of the two.")
            )
    if faults:
        raise AnswersError(faults)
    return tuple(found.values())


def read_answer(words: str, line: int = 0) -> Answer:
    """Read one answer.

    Raises:
        ValueError: when it is none.
    """
    match = _LINE.fullmatch(words.replace("\u201c", '"').replace("\u201d", '"'))
    if match is None:
        raise ValueError(f"{words!r} is not an answer. Write {_EXAMPLE}.")
    kinds = {subject.value: subject for subject in Subject}
    about = kinds.get(match["about"].casefold())
    if about is None:
        raise ValueError(
            f"{match['about']!r} is not something that is asked about. Write {', '.join(kinds)} first."
        )
    name, said = _unquoted(match["name"]), _unquoted(match["said"])
    if not name or not said or not about.key(name):
        raise ValueError(f"{words!r} lacks a name. Write {_EXAMPLE}.")
    return Answer(line=line, about=about, name=name, said=said)


def _unquoted(text: str) -> str:
    """Words without their quotes, and without `member` before a quoted name, which only says what they are."""
    words = re.sub(r"^member\s+(?=\")", "", text.strip(), flags=re.IGNORECASE)
    if words.startswith('"') and words.endswith('"') and len(words) > 1:
        words = words[1:-1].replace('""', '"')
    return " ".join(words.split())


@cache
def quoted(name: str) -> str:
    """A name as a line of answers writes it: in quotes where it is more than one word."""
    if _BARE.fullmatch(name):
        return name
    return '"' + name.replace('"', '""') + '"'
