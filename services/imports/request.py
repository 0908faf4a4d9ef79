"""What is asked of an import: a file, and how it is to be read."""

from dataclasses import dataclass, field
from datetime import date, tzinfo
from enum import StrEnum

from services.imports.answers import NO_ANSWERS, Answers


class DateOrder(StrEnum):
    """In which order the dates of a file name month, day and year."""

    MDY = "mdy"
    DMY = "dmy"
    ISO = "iso"
    #: Day numbers of spreadsheets, by their usual count from 1900 or by that of old Macintosh files.
    SERIAL = "serial"
    SERIAL_1904 = "serial1904"


class TimeUnit(StrEnum):
    """What the figures of a file's durations count."""

    MINUTES = "minutes"
    HOURS = "hours"
    SECONDS = "seconds"
    #: Parts of a day, as a spreadsheet stores times.
    DAYS = "days"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRequest:
    """A file to take in, and what was said about reading it; what was not said is found out or asked."""

    data: bytes = field(repr=False)
    #: What was answered about rows that leave a question open.
    answers: Answers = NO_ANSWERS
    dates: DateOrder | None = None
    unit: TimeUnit | None = None
    #: Of file, as the command line names it; with it, headers of other systems are known.
    kind: str = ""
    #: A named mapping, its text where it is not shipped, and single columns with the header that the file has for them.
    mapping: str = ""
    mapping_text: str = field(default="", repr=False)
    headers: tuple[tuple[str, str], ...] = ()
    #: Columns whose cells are the same in every row; and headers with the words of rows that are left out.
    constants: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    skipped: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    #: Which sheet of a workbook; empty for the one whose header fits.
    worksheet: str = ""
    #: Refuse columns that are not known, rather than leave them out.
    strict: bool = False
    #: Whether what is said of the file may name patients: not in Slack, where their MRNs stand alone.
    names: bool = True
    #: Number of the member who takes it in; None for the command line.
    by: int | None = None
    #: The practice's local date, against which days of a file are held; None holds nothing against it.
    today: date | None = None
    #: The practice's time zone.
    zone: tzinfo | None = None
