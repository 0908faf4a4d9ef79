"""The sentences about a line that logs time. The point first, then why, then what to do."""

from collections.abc import Sequence
from datetime import date, timedelta

from billing.durations import spoken
from bot.grammar.text.phrases import day, full_day, listed, quoted

_DAY = 24 * 3600

# -- time spent ------------------------------------------------------------------------------------------

NO_DURATION = "No time: say how long it took, such as 15m, 1h 30m or 2pm-2:25pm."
NO_DURATION_NUMBER = "{word} has no unit and is not where minutes go. If it is the time, write {fixed}."
NO_DURATION_FIGURE = (
    "{word} has no unit, so no time is left. Write the time spent first, with an m for minutes."
)
NO_DURATION_WORD = "{word} is not a length of time. Write minutes as 15m, hours as 1h 30m."
NO_DURATION_CLOCK = (
    "{word} may be clock times, a date or a count. Write clock times with am or pm, such as 9am-9:20am."
)
DURATION_IN_NOTE = (
    "{word} after {before} is read as part of the note, so no time is left. Put the time spent first."
)
DURATION_IN_NOTE_AFTER = (
    "{word} is read as part of the note here, so no time is left. Put the time spent first."
)
ZERO = "{word} is no time at all. Leave the entry out, or say how long it took."
NEGATIVE = "{word} is negative. Time spent is always more than zero; to take time back, use undo."
NOT_A_NUMBER = "{word} is not a number of minutes."
VAGUE = "{word} can be read more than one way. Give one figure, such as {fixed}."
TWO_DURATIONS = (
    "{words} are both lengths of time. "
    "Keep the one that was spent; in double quotes the other stays in the note. Several entries go on several lines."
)
SEVERAL_TIMES = (
    "{word} may be one length of time or the sum of several. Write the whole time spent, such as 30m."
)
TWO_NUMBERS = "{words} could each be the minutes. Write the one that is with an m."
PATIENT_OR_MINUTES = (
    "{words} are each a patient on the roster or a number of minutes. Write the minutes with an m."
)
TIME_IS_NO_SLOT = "{word} could be a time of day. Write a length such as 15m, or a range such as 2pm-2:25pm."
RANGE_BACKWARDS = "{word} ends before it begins. Write the earlier time first, with am or pm."
NO_SUCH_TIME = "{word} holds a time of day that does not exist{when}."
RANGE_AHEAD = "{word} has not come yet{when}. Log it when it is done, or add the date or am."
SPLIT_AT_MIDNIGHT = "{word} crosses midnight: {first} on {day}, {second} on {next}."


def too_long(word: str, seconds: int, most: int) -> str:
    """An entry over the limit."""
    length = spoken(seconds) if seconds <= _DAY else "more than a day"
    return (
        f"{quoted(word)} is {length}, more than the {spoken(most)} that one entry may hold. "
        "Check the figure, or log the work as it was done."
    )


def range_differs(words: str, by_clock: int, by_figure: int) -> str:
    """A range and a figure that do not agree."""
    return f"{words} do not agree: {spoken(by_clock)} by the clock, {spoken(by_figure)} as said. Keep one."


# -- remarks ---------------------------------------------------------------------------------------------


def bare_minutes(word: str) -> str:
    """A figure without unit."""
    return f"Read {quoted(word)} as minutes."


def approximate(word: str, seconds: int) -> str:
    """A figure said to be rough."""
    return f"Recorded {quoted(word)} as {spoken(seconds)}."


def stays(word: str, seconds: int) -> str:
    """A duration left in the note."""
    return f"Time is {spoken(seconds)}; {quoted(word)} stays in the note."


def read_as(word: str, meaning: str) -> str:
    """A reading that supplied something."""
    return f"Read {quoted(word)} as {meaning}."


def took_date(word: str, when: date, today: date) -> str:
    """A date as taken."""
    near = {today: "today, ", today - timedelta(days=1): "yesterday, "}.get(when, "")
    return f"Took {quoted(word)} as {near}{day(when)}."


def date_stays(word: str, when: date, today: date) -> str:
    """A date left in the note."""
    dated = "today" if when == today else day(when)
    return f"Dated {dated}; {quoted(word)} stays in the note."


def ahead_stays(word: str, ahead: date, when: date, today: date) -> str:
    """A date to come, left in the note."""
    dated = "today" if when == today else day(when)
    return f"{quoted(word)} lies ahead ({full_day(ahead)}) and stays in the note; dated {dated}."


def vague_date(word: str) -> str:
    """`last week`."""
    return f"{quoted(word)} names no one day and stays in the note."


def next_contact(when: date) -> str:
    """The contact planned."""
    return f"Next contact {full_day(when)}."


def number_stays(word: str) -> str:
    """A number beside the patient that is neither minutes nor a patient."""
    return f"{quoted(word)} stays in the note."


def member_stays(word: str) -> str:
    """`left message for @ana`."""
    return f"Logged as your own time; {quoted(word)} stays in the note."


def performed_by(word: str) -> str:
    """`for @ana`."""
    return f"Recorded as the time of {quoted(word)}."


def looks_like(what: str) -> str:
    """A note that seems to identify somebody."""
    return f"The note looks like it holds {what}. Leave such things out of notes."


# -- questions -------------------------------------------------------------------------------------------

ASK_MINUTES = "Is {word} the minutes?"
#: By what a figure that no slot took may be.
LEFT = {
    "length": "{word} looks like time as well, and is not counted.",
    "patient": "{word} looks like an MRN as well, and nothing is logged for it.",
    "date": "{word} looks like a date, but is not one on the calendar.",
    "when": "{word} may say when the work was done, and is not read as a date.",
}


def ask_left(sentences: Sequence[str], seconds: int, when: date, today: date) -> str:
    """Figures that no slot took, each in a sentence of its own."""
    dated = "today" if when == today else f"on {day(when)}"
    return f"{' '.join(sentences)} Log {spoken(seconds)} {dated} and keep the words in the note?"


ANSWER_IN_NOTE = (
    "A score in a note is not on file as a score, and nobody is notified. If this is a positive answer about "
    "suicide, record it: assess MRN123 PHQ-9 14 item9 2, or assess MRN123 C-SSRS 4."
)
ASK_MINUTES_BESIDE = "Is {word} the minutes, or does it belong to {other}?"
ASK_HOURS_OR_MINUTES = "{word} has no unit. Is it hours or minutes?"
ASK_LENGTH = "{word} can be read more than one way. How much time was spent?"
ASK_ONE_LENGTH = "{word} is {time} as written. Was that the time spent?"
ASK_SEVERAL_LENGTHS = "{words} are lengths of time. How much was spent? Several entries go on several lines."
ASK_CLOCK = "{word} may be a time of day. Was {time} the time spent?"
ASK_COLUMNS = "{word} may be clock times. Was the work done from {meaning}?"
ASK_THEIRS = "{word} before {other} may be what the patient does. Was it the time you spent?"
ASK_THEIRS_BEFORE = "{word} after {other} may be what the patient does. Was it the time you spent?"
ASK_LENGTH_FIRST = "{message} Write it as one figure, such as 15m."
ASK_DATE = "Which date: {first} or {second}?"
ASK_TIME = "The clocks went back that night. How long was it: {first} or {second}?"


def ask_split(count: int, seconds: int) -> str:
    """Several patients, one length of time."""
    return f"{count} patients: {spoken(seconds)} for each of them, or {spoken(seconds)} split between them?"


ASK_JOINED = "Is the patient {joined}, or {alone} with {words} in the note?"


def ask_listed(first: str, words: Sequence[str], shared: str) -> str:
    """Bare numbers listed with a patient."""
    said = listed([quoted(word) for word in words])
    return f"{said} {'stands' if len(words) == 1 else 'stand'} beside {first} without MRN. If also patients: {shared}"


# -- patients --------------------------------------------------------------------------------------------

NO_PATIENT = "No patient: add the MRN, such as MRN123 or #123."
NO_PATIENT_MRN = "{word} is not followed by a number. Write the MRN in one piece, such as MRN123."
NO_PATIENT_NUMBER = (
    "{word} is not on the roster, so it is not read as a patient. If it is one, write {fixed}."
)
NO_PATIENT_WORD = "{word} is not read as a patient. If it is one, write {fixed}."
TOO_SHORT_TO_SPLIT = "{time} cannot be split between {count} patients in whole seconds."

# -- dates -----------------------------------------------------------------------------------------------

VAGUE_DATE = (
    "{word} names no one day. Write the day on which the work was done, such as 11/3; "
    "work on several days goes on several lines."
)
NO_SUCH_DATE = "{word} is not a date on the calendar. Write month and day, such as 11/3 or nov 3."


def future(word: str, when: date, hint: str) -> str:
    """A service date ahead."""
    said = hint or " Work is logged once it is done."
    return f"{quoted(word)} is {full_day(when)}, which has not come yet.{said}"


def too_old(word: str, when: date, today: date, most: int, hint: str) -> str:
    """A service date too long ago."""
    ago = (today - when).days
    return (
        f"{quoted(word)} is {full_day(when)}, {ago} days ago; entries may go back {most} days."
        f"{hint or ' Ask an administrator about older work.'}"
    )


def month_first(when: date, fixed: str) -> str:
    """The other order of month and day would do."""
    return f" The month comes first: for {day(when)}, write {fixed}."


def two_dates(words: Sequence[str]) -> str:
    """Dates that differ."""
    return f"{listed([quoted(word) for word in words])} are different dates. Keep the day on which the work was done."


def wrong_weekday(word: str, when: date, named: str) -> str:
    """`friday 11/3`, which was a Tuesday."""
    return f"{quoted(word)} was a {when:%A}, not a {named}. Keep the one that is right."


NEXT_PAST = "{word} is not in the future. Give the next contact a date that is, such as next 12/3."
NEXT_FAR = "{word} would be {day}, more than {most} days ahead. Check the date, or add the year."
TWO_NEXT = "{words} are both next contacts. Keep one."

# -- several lines ---------------------------------------------------------------------------------------

NO_DATE_HERE = "No date, though others of this message have one. Add the date, or write today."
VAGUE_HEADING = "{word} names no one day. Write the date over its entries, such as Nov 3, or in each line."


def goes_on(word: str) -> str:
    """A line without time and patient behind an entry."""
    return f"Read the line {quoted(word)} as part of the entry above it."


def dated_by(word: str, day: str) -> str:
    """A line under a day of its own line."""
    return f"Dated {day} by the heading {quoted(word)}."


def total_agrees(word: str) -> str:
    """A sum under the entries."""
    return f"The entries above make what {quoted(word)} says."


def one_entry(count: int) -> str:
    """An entry written over several lines."""
    return f"Read the {count} lines as one entry."


# -- the rest --------------------------------------------------------------------------------------------

TWO_MEMBERS = "{words} name two people. An entry records one person's time."
TWO_ACTIVITIES = "{words} are two kinds of work. Keep one."


def note_too_long(length: int, most: int) -> str:
    """A note over the limit."""
    return f"The note has {length} characters, {length - most} more than the {most} that fit. Shorten it."
