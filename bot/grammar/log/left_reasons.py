"""Tells by its shape, or by the words beside it, why a figure of the note is no length, date or patient."""

from bot.grammar.left import LeftReason
from bot.grammar.text import patterns
from bot.grammar.text.later import later
from bot.grammar.text.lexicon import COUNTED, NOT_MINUTES_AFTER, NUMBERED, RATED
from bot.grammar.text.wordlists import words

#: Words of which spelled-out numbers are made.
SPELLED = patterns.NUMBER_WORDS
_NUMBER_WORD = later(SPELLED)
_UNIT = later(rf"(?:{patterns.HOURS}|{patterns.MINUTES}|{patterns.SECONDS})\.?")
#: What stands before a figure that is measured on a body.
VITALS = words("bp b/p hr pulse temp wt weight bmi a1c hba1c o2 spo2 glucose bg fbs")
#: Beside these `3/4` is a share and no date.
FRACTIONS = RATED | words(
    "day days week tabs tab tablet tablets pill pills dose doses of bp b/p score scored"
)
#: Before `#3` or a number these say what it numbers.
_REFERRED = words(
    """
    lvm vm voicemail attempt attempts call visit session rx auth authorization claim case ticket order fax ref reference
    confirmation room rm unit apt suite ste bed floor ext extension pager policy group id npi dea ein invoice form page
    channel line item option problem goal step module lesson chapter phase level question q9 highway route bus
    """
)
#: Behind a length these make it one that somebody aims at.
AIMS = frozenset({"goal", "goals", "limit", "target"})
_AGES = words("yo y/o yrs-old year-old yr-old yo's y.o. y/o's")
_DRUG_UNITS = "mg|mcg|ug|g|kg|ml|iu|units?|meq|tabs?|caps?|pills?|puffs?|drops?|gtts?"
#: A `#` with fewer figures than this behind it counts something.
_LONG_NUMBER = 3
#: A length written in one word, by whatever unit; `2d` and `30s` are lengths, too.
LENGTH = later(
    rf"[(x~<>+-]*(?:{patterns.NUMBER})-?(?:{patterns.HOURS}|{patterns.MINUTES}|{patterns.SECONDS}|s|d)"
    rf"(?:(?:{patterns.NUMBER})(?:{patterns.MINUTES}|s)?)?[)+]*|\d{{1,2}}:[0-5]\d:[0-5]\d"
)
#: `x2`: how often.
TIMES = later(r"[x×]\d{1,2}(?:d|wks?|days?|months?)?")
#: `0:20` is a length, where `2:20` may be a time of day.
NO_HOURS = later(r"(?<!\d)00?:")
#: `30s`
SECONDS = later(r"\d{1,3}s")
MRN = later(r"(?:mrns?|m\.r\.n\.?|patient|pt)[#:.=-]*\w*\d\w*|#\d+")
DATE = later(
    rf"\d{{1,2}}[/.-]\d{{1,2}}[/.-](?:19|20)?\d\d|(?:19|20)\d\d[/.-]?\d{{1,2}}[/.-]?\d{{1,2}}(?:t[\d:]+z?)?"
    rf"|\d{{1,2}}/\d{{1,2}}|(?:{patterns.MONTH})[.-]?\d{{1,2}}|\d{{1,2}}[.-]?(?:{patterns.MONTH})"
)
_SHAPES = tuple(
    (later(shape), reason)
    for shape, reason in (
        (r"\S+@\S+\.\w+|https?:\S+|www\.\S+|\S+\.(?:com|org|net|gov|edu)\S*", LeftReason.ADDRESS),
        (r"\+?1?[-.]?\(?\d{3}\)?[-.]\d{3}[-.]\d{4}|\d{3}-\d{4}|\d{10}", LeftReason.PHONE_NUMBER),
        (r"\$[\d.,]+k?", LeftReason.MONEY),
        (r"[\d.,-]+%", LeftReason.PERCENT),
        (
            rf"[\d.,/-]+(?:{_DRUG_UNITS})(?:/\w+)?|q\d+h?|[\d.]+(?:->|>)[\d.]+(?:{_DRUG_UNITS})?",
            LeftReason.DOSE,
        ),
        (r"(?:9\d{4}|g\d{4})(?:-\d\d)?|[a-tv-z]\d\d(?:\.\w{1,4})?", LeftReason.CODE),
        (r"(?:\d{1,3}-?)?(?:y/?o|yrs?-?old|year-old)", LeftReason.AGE),
        (r"\d{2,3}/\d{2,3}", LeftReason.VITAL_SIGN),
        (r"\d{1,3}/10", LeftReason.RATING),
        (r"\d*(?:1st|2nd|3rd|[04-9]th|1[1-3]th)", LeftReason.COUNT),
        (r"(?:19|20)\d\d(?:'?s|[-/–](?:19|20)\d\d)?|fy\d\d", LeftReason.YEAR),
    )
)


def is_number_word(plain: str) -> bool:
    """True for `twenty` and `thirty-five`."""
    return bool(_NUMBER_WORD.fullmatch(plain))


def is_unit(plain: str) -> bool:
    """True for `min`, `hours` and their like."""
    return bool(_UNIT.fullmatch(plain))


def is_referred(before: str, plain: str) -> bool:
    """True for the `#3` of `attempt #3`, and for the `#1` of `#1 concern`."""
    number = plain.removeprefix("#")
    return plain.startswith("#") and (before in _REFERRED or before in NUMBERED or len(number) < _LONG_NUMBER)


def reason_of_shape(plain: str) -> LeftReason | None:
    """What a word with figures in it is by its own shape."""
    return next((reason for shape, reason in _SHAPES if shape.fullmatch(plain)), None)


def reason_beside(before: str, plain: str, after: str) -> LeftReason | None:  # noqa: PLR0911 - a table of neighbors
    """What the words beside a number make of it."""
    if after in _AGES or before in {"age", "aged"}:
        return LeftReason.AGE
    if after in {"mg", "mcg", "ml", "units", "iu"} or before in {"dose", "dosage", "mg"}:
        return LeftReason.DOSE
    if before in VITALS:
        return LeftReason.VITAL_SIGN
    if before in _REFERRED:
        return LeftReason.REFERENCE
    if after in COUNTED or before in NUMBERED:
        return LeftReason.COUNT
    if before in RATED and plain.isdigit():
        return LeftReason.RATING
    return LeftReason.NUMBER if before in NOT_MINUTES_AFTER else None
