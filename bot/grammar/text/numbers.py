"""Reads figures and number words as exact values."""

import re
from decimal import Decimal

_UP_TO_NINETEEN = """
zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen
nineteen
"""
_TENS = {
    "twenty": 20,
    "thirty": 30,
    "forty": 40,
    "fourty": 40,
    "fifty": 50,
    "sixty": 60,
    "seventy": 70,
    "eighty": 80,
}
_WORDS = {
    **{word: value for value, word in enumerate(_UP_TO_NINETEEN.split())},
    **_TENS,
    "ninety": 90,
    "a": 1,
    "an": 1,
    "couple": 2,
}
_THOUSANDS = re.compile(r"[1-9]\d{0,2}(?:,\d{3})+")
_VULGAR = {"½": Decimal("0.5"), "¼": Decimal("0.25"), "¾": Decimal("0.75")}

#: `first` to `thirty-first`, in order.
_ORDINAL_WORDS = """
first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth
sixteenth seventeenth eighteenth nineteenth twentieth twenty-first twenty-second twenty-third twenty-fourth
twenty-fifth twenty-sixth twenty-seventh twenty-eighth twenty-ninth thirtieth thirty-first
"""
ORDINALS = tuple(_ORDINAL_WORDS.split())
ORDINAL = "(?:" + "|".join(word.replace("-", "[ -]") for word in reversed(ORDINALS)) + ")"


def amount(text: str) -> Decimal:
    """The value of `15`, `1.5`, `1,5`, `.25`, `1½`, `twenty-five` or `an`.

    Raises:
        ValueError: when it is none of these; patterns let nothing else through.
    """
    if text.isdigit():
        return Decimal(text)
    if text[-1] in _VULGAR:
        return Decimal(text[:-1] or 0) + _VULGAR[text[-1]]
    if text[0].isalpha():
        return Decimal(_spelled(text))
    if _THOUSANDS.fullmatch(text):
        return Decimal(text.replace(",", ""))
    return Decimal(text.replace(",", "."))


def _spelled(text: str) -> int:
    """`twenty-five`, `a hundred and five`."""
    hundreds, hundred, rest = text.rpartition("hundred")
    value = sum(_word(part) for part in rest.replace("-", " ").split() if part != "and")
    return value + (100 * (_word(hundreds.strip(" -")) if hundreds.strip(" -") else 1) if hundred else 0)


def _word(word: str) -> int:
    if word not in _WORDS:
        raise ValueError(f"{word!r} is no number word")
    return _WORDS[word]
