"""Every sentence with which the grammar answers a command about care. The point first, then what to do."""

from collections.abc import Iterable
from datetime import date

from bot.grammar.sentences import ASK_DATE, day, full_day, quoted

ONE_AT_A_TIME = "{word} is a second line, and {command} takes one. Send it as a message by itself."
NO_PATIENT = "No patient: add the MRN, such as MRN123 or #123."
ONE_PATIENT = "{word} is a second patient, and {command} takes one. Send it as a message by itself."
EXTRA_WORDS = "{command} does not know what {word} means here. Leave it out, or see help {command}."
TIME_IS_LOGGED = "{word} is a length of time, and {command} records none. Log the time by itself."

NO_SUCH_DATE = "{word} is no date of any calendar. Write month and day, such as 11/3 or nov 3."
NEEDS_DATE = "{word} needs its date behind it, such as {word_plain} 11/3."
TWO_DATES = "{words} are different dates. Keep the one on which it happened."
LEFT_BEFORE = "{left} is before {admitted}. Check the two dates."
SENT_BEFORE = "{sent} is before the review on {reviewed}. Check the two dates."
UNTIL_BEFORE = "{word} is over before it begins on {made}. Give the last day for which it holds."

NPI = "{word} is not an NPI: ten digits, the last of them a check digit. Check it against the referral."
NO_NPI = "npi needs its ten digits behind it."
NO_PAYER = "payer needs its name behind it."
PROGRAM = "{word} is not a programme. Write cocm or bhi."
TWO_MEMBERS = "{words} name two people, and {command} takes one."
DATE_KEPT = "Dated today; the date among your words stays in them. To date it so, write the date first."
NO_MEMBER = "Nobody to assign to: add the care manager, such as @ana, or me."

CONSENT_KIND = "How was consent given? Add verbal or written; or revoked, when it was taken back."
NO_SCORE = "No score: add the scale and its score, such as PHQ-9 14."
SCALE_WITHOUT_SCORE = "{word} has no score behind it. Write it as {word_plain} 14."
UNKNOWN_SCALE = "{word} is not a scale that is known here. Known are {known}."
TWO_SCORES = "{scale} stands there twice. Keep one score."
WHOLE_SCORE = "{word} is no score: scores are whole numbers from 0."
NO_REASON = "No reason: say why care ends, such as goals met, or moved away."
STATEMENT_KIND = "State what? Add necessity, non-duplication or authorization."
ATTEST_KIND = "Attest which time? Add late, consultant, corrected or last-day time."
TWO_KINDS = "{words} are two things. Send each as a message by itself."
TWO_READINGS = "That can be read more than one way. {question}"


def out_of_range(word: str, scale: str, highest: int) -> str:
    """A score over the scale's highest."""
    return f"{quoted(word)} is over the highest score of the {scale}, which is {highest}."


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


def listed_words(words: Iterable[str]) -> str:
    """`“a”, “b”`."""
    return ", ".join(quoted(word) for word in words)


def which_date(first: date, second: date) -> str:
    """Two readings of a date."""
    asked = ASK_DATE.format(first=day(first), second=day(second))
    return f"{asked} Write month and day, such as {first.month}/{first.day}."


def too_long(what: str, length: int, most: int) -> str:
    """Words over their limit."""
    return f"The {what} has {length} characters, {length - most} more than the {most} that fit. Shorten it."
