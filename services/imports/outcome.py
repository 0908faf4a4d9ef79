"""The outcome of an import."""

from collections.abc import Callable
from dataclasses import dataclass, field

from billing.months import BillingMonth
from services.imports.answers import Subject

#: Told how many rows are stored, of how many.
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class RowProblem:
    """One cell that cannot be taken, or that is worth a look, in a sentence that says how to fix it."""

    #: Line of the file on which the row begins; the header is usually line 1.
    line: int
    #: Name of the column; empty where the whole row is meant.
    column: str
    #: May name a patient: for the importer's screen only.
    message: str = field(repr=False)
    #: What problems of one kind have in common, whatever their cells; empty where that is the message.
    like: str = field(default="", repr=False, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One way to answer a question."""

    #: What it means: `the same patient`.
    label: str = field(repr=False)
    #: The line of a file of answers that says so.
    answer: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What a file leaves open about a patient, a person or a payer; asked once, however many rows it is about."""

    about: Subject
    #: As the file has it.
    name: str = field(repr=False)
    column: str
    #: What is asked, in a sentence or two.
    asks: str = field(repr=False)
    choices: tuple[Choice, ...] = ()
    #: What else settles it, such as another option of the command.
    way: str = field(default="", repr=False)
    #: Lines of the rows that it is about.
    lines: tuple[int, ...] = ()

    @property
    def sentence(self) -> str:
        """The question with everything that answers it."""
        answers = "; ".join(f"{one.answer} ({one.label})" for one in self.choices)
        return " ".join(filter(None, (self.asks, self.way, f"Lines for --answers FILE: {answers}.")))


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """The first rows as they were understood."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportTotal:
    """One person's time of one month, as a file has it; whole seconds, and entries as they are stored."""

    person: str
    month: BillingMonth
    #: What the file adds, and what of it is held, so that it counts nowhere yet.
    entries: int
    seconds: int
    held_entries: int
    held_seconds: int
    #: What was imported before and stays as it is.
    known_entries: int
    known_seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportOutcome:
    """What a file holds and what was done with it; with problems, or in a dry run, nothing was stored."""

    #: Rows read, blank ones left out.
    rows: int = 0
    #: Rows that add something, change something, and say only what is stored already.
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    stored: bool = False
    #: What the import can be taken back by; None where nothing was stored.
    number: int | None = None
    problems: tuple[RowProblem, ...] = ()
    #: What is stored all the same, and worth a look.
    warnings: tuple[RowProblem, ...] = ()
    #: Sentences about what is added beside the rows: members, patients not on the roster.
    remarks: tuple[str, ...] = field(default=(), repr=False)
    #: Sentences that name who is new and what changes, by line; of long lists the first.
    news: tuple[str, ...] = field(default=(), repr=False)
    #: A sentence that says which import these very bytes were before; empty where they were none that stands.
    seen_before: str = ""
    preview: Preview | None = None
    #: How the file was read: zone, order of dates, unit; each a sentence.
    readings: tuple[str, ...] = ()
    #: Of a file with time: by month and person.
    totals: tuple[ImportTotal, ...] = ()
    #: What a person has to say before the file can be taken in; each is among the problems, too.
    questions: tuple[Question, ...] = field(default=(), repr=False)
