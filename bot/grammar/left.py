"""What stays of a message outside of every slot, and why."""

from dataclasses import dataclass, field
from enum import StrEnum


class LeftReason(StrEnum):
    """Why a figure on the line is none of the entry's own: the whole list."""

    SCORE = "score"
    INSTRUMENT = "instrument"
    DOSE = "dose"
    VITAL_SIGN = "vital sign"
    RATING = "rating"
    PHONE_NUMBER = "phone number"
    ADDRESS = "address"
    CODE = "code"
    REFERENCE = "reference number"
    AGE = "age"
    COUNT = "count"
    PERCENT = "percent"
    MONEY = "money"
    YEAR = "year"
    DATE = "date of something else"
    TIME_OF_DAY = "time of day"
    OTHER_TIME = "time of something else"
    NAME = "part of a name"
    QUOTED = "quoted"
    #: In the note's own field of a form or a sheet.
    OWN_FIELD = "note field"
    #: The patient of the entry, named once more.
    SAID_TWICE = "said twice"
    NUMBER = "number"
    #: Nothing of a message that was refused is stored.
    NOT_STORED = "not stored"
    #: Part of what the command was given, where it stands in another form: a length in seconds, an entry by number.
    IN_ARGUMENTS = "in the arguments"
    #: A question was answered, and this was no part of it.
    NOT_USED = "not used"


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """A stretch of the line that stays out of every slot, and why."""

    #: As shown.
    text: str = field(repr=False)
    reason: LeftReason
