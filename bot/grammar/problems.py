"""The problems for which a message is refused, as values."""

from dataclasses import dataclass, field
from enum import StrEnum


class ProblemCode(StrEnum):
    """Stable names of what can be wrong with a message; what only one command can say has its name in its file."""

    TEXT_TOO_LONG = "text_too_long"
    TOO_MANY_LINES = "too_many_lines"
    NOTHING = "nothing"
    NO_DURATION = "no_duration"
    ZERO_DURATION = "zero_duration"
    NEGATIVE_DURATION = "negative_duration"
    NOT_A_NUMBER = "not_a_number"
    UNCLEAR_DURATION = "unclear_duration"
    DURATION_TOO_LONG = "duration_too_long"
    TWO_DURATIONS = "two_durations"
    RANGE_BACKWARDS = "range_backwards"
    NO_SUCH_TIME = "no_such_time"
    NO_PATIENT = "no_patient"
    UNCLEAR_PATIENT = "unclear_patient"
    FUTURE = "future"
    TOO_OLD = "too_old"
    NO_SUCH_DATE = "no_such_date"
    VAGUE_DATE = "vague_date"
    TWO_DATES = "two_dates"
    NOTE_TOO_LONG = "note_too_long"
    TWO_MEMBERS = "two_members"
    TWO_ACTIVITIES = "two_activities"
    NEXT_CONTACT = "next_contact"
    TOO_SHORT_TO_SPLIT = "too_short_to_split"
    NO_SUCH_MONTH = "no_such_month"
    NO_ENTRY = "no_entry"
    NO_SUCH_ENTRY = "no_such_entry"
    NO_CHANGE = "no_change"
    EXTRA_WORDS = "extra_words"
    UNKNOWN_COMMAND = "unknown_command"
    MIXED_COMMANDS = "mixed_commands"
    TWO_PATIENTS = "two_patients"
    NO_DATE = "no_date"
    DATES_OUT_OF_ORDER = "dates_out_of_order"
    NO_REASON = "no_reason"
    TWO_KINDS = "two_kinds"
    NO_MONTH = "no_month"
    GAP = "gap"


@dataclass(frozen=True, slots=True, kw_only=True)
class ParseProblem:
    """One thing that is wrong with a message, where it stands and how to fix it."""

    #: A `ProblemCode`, or the command's own.
    code: StrEnum
    #: One or two sentences: the word, why it cannot be, what to do.
    message: str = field(repr=False)
    #: Offsets into the text as typed; the whole line when something is missing from it.
    start: int
    end: int
    #: A whole line that is understood once its gaps (`___`) are filled, made of the person's own words; empty when
    #: none would do what they said.
    example: str = field(repr=False)
    #: 1 for the first typed line.
    line: int = 1
