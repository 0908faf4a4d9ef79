"""Checks National Provider Identifiers: ten digits, the last of them a check digit."""

from functools import lru_cache

_DIGITS = 10
#: What the prefix 80840 (health, United States) adds to the Luhn sum.
_PREFIX_SUM = 24


@lru_cache(maxsize=4096)
def is_valid_npi(text: str) -> bool:
    """Whether the text is an NPI: ten digits that pass Luhn with the prefix 80840."""
    if len(text) != _DIGITS or not (text.isascii() and text.isdigit()):
        return False
    doubled = (int(digit) * 2 for digit in text[8::-2])
    plain = (int(digit) for digit in text[9::-2])
    return (_PREFIX_SUM + sum(plain) + sum(two // 10 + two % 10 for two in doubled)) % 10 == 0
