"""The sentences about a command's line that all commands share. The point first, then what to do."""

from datetime import date

from bot.grammar.text.phrases import full_day, quoted

MORE_WORDS = "{command} takes {takes}; {word} is more than that."
ONE_AT_A_TIME = "{word} is a second line, and {command} takes one. Send it as a message by itself."
NO_PATIENT = "No patient: add the MRN, such as MRN123 or #123."
ONE_PATIENT = "{word} is a second patient, and {command} takes one. Send it as a message by itself."
EXTRA_WORDS = "{command} does not know what {word} means here. Leave it out, or see help {command}."
SAYS_OTHERWISE = (
    "{command} records what was done, and {word} says that it was not, or not yet. Nothing was recorded."
)
TIME_IS_LOGGED = "{word} is a length of time, and {command} records none. To log the time, send this:"
WITHOUT_TIME = "And {command} without the time:"
OTHER_COMMAND = "{command} does not record {word}; {other} does. Send this by itself:"
WITHOUT_OTHER = "And {command} without it:"
WHICH_DATE = "{word} can be read as two dates. {question} For the earlier one, send this:"
OR_THIS_DATE = "For {day}, this:"
NO_SUCH_DATE = "{word} is not a date on the calendar. Write month and day, such as 11/3 or nov 3."
NEEDS_DATE = "{word} needs its date after it, such as {word_plain} 11/3."
TWO_DATES = "{words} are different dates. Keep the one on which it happened."
TWO_MEMBERS = "{words} name two people, and {command} takes one."
TWO_KINDS = "{words} are two things. Send each as a message by itself."


def future(word: str, when: date) -> str:
    """A date that is still to come."""
    return f"{quoted(word)} is {full_day(when)}, which has not come yet. Record it once it has happened."


def maybe_ahead(word: str, when: date) -> str:
    """A date without a year whose next occurrence is nearer than its last."""
    return (
        f"{quoted(word)} has not come yet this year. Record it once it has happened; "
        f"for last year's, write {when.month}/{when.day}/{when.year}."
    )


def too_old(word: str, when: date, years: int) -> str:
    """A date too long ago to be no slip."""
    return f"{quoted(word)} is {full_day(when)}, more than {years} years ago. Check the year."


def already_over(word: str, when: date) -> str:
    """An end that must lie ahead."""
    return f"{quoted(word)} is {full_day(when)}. Write the last day with its year."


def too_long(what: str, length: int, most: int) -> str:
    """Words over their limit."""
    return f"The {what} has {length} characters, {length - most} more than the {most} that fit. Shorten it."


NO_ENTRY = (
    "{command} needs an entry. Its reference, such as e-36, is on the receipt, in today and in why; "
    "last is the one you wrote last."
)
ONE_ENTRY = "{word} is a second entry, and {command} takes one. Send it as a message by itself."
NO_SUCH_ENTRY = (
    "{word} names no entry: one of its characters is wrong. Copy it from the receipt or from today."
)
NO_SUCH_FACT = (
    "{word} names nothing on file: one of its characters is wrong. Copy it from the patient's history, which "
    "history MRN123 shows."
)
NO_REASON = "{command} needs a reason: say in a few words why."


def reason_too_long(length: int, most: int) -> str:
    """A reason over the limit."""
    return f"The reason has {length} characters, {length - most} more than the {most} that fit. Shorten it."


NO_MONTH = "{command} needs the month. Write it as october, oct 2026 or 2026-10."
NO_SUCH_MONTH = "{word} is not a month. Write it as october, oct 2026 or 2026-10."
MONTH_AHEAD = "{word} has not come yet. Months are this one or one gone by."
LOG_INSTEAD = "{word} is a command of its own. To log time with that word in the note, begin with log."
