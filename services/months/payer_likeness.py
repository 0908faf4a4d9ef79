"""Tells which payers' names are much alike."""

import re
from collections.abc import Iterable

from billing.payer_names import payer_key
from storage.spelling import is_one_typo_apart

_WORD = re.compile(r"[a-z0-9]+")
_DIGITS = re.compile(r"\d+")
#: Words that say little about which payer it is.
_IDLE = frozenset(
    {"of", "the", "and", "inc", "llc", "health", "healthcare", "plan", "plans", "insurance", "company", "co"}
)
#: Words that make another payer of one with the same first words.
_OTHERS = frozenset({"advantage", "supplement", "medigap", "replacement", "hmo", "ppo", "ma", "c", "d"})
#: Shorter names are one typo apart too easily.
_LONG_ENOUGH = 5


def alike(name: str, others: Iterable[str]) -> tuple[str, ...]:
    """The names that may have been meant by another: one typo apart, or the same words but for idle ones."""
    key = payer_key(name)
    found = {payer_key(other): other for other in others if _is_alike(key, payer_key(other))}
    return tuple(found.values())


def misspelled(name: str, others: Iterable[str]) -> tuple[str, ...]:
    """The names of which one is another spelling: one typo apart, or the same letters.

    `Anthem, Inc.` and `Aetna (CVS Health)` are no slips for Anthem and Aetna, though they may be the same payers.
    """
    key = payer_key(name)
    found = {payer_key(other): other for other in others if _is_misspelled(key, payer_key(other))}
    return tuple(found.values())


def _is_alike(one: str, other: str) -> bool:
    if one == other:
        return False
    words, others = _telling(one), _telling(other)
    return _is_misspelled(one, other) or (bool(words) and (words == others or _goes_on(words, others)))


def _is_misspelled(one: str, other: str) -> bool:
    if one == other:
        return False
    first, second = "".join(_WORD.findall(one)), "".join(_WORD.findall(other))
    if first == second:
        return True
    is_long = min(len(first), len(second)) >= _LONG_ENOUGH
    # What is told apart by a number is no typo.
    return is_long and _DIGITS.findall(one) == _DIGITS.findall(other) and is_one_typo_apart(first, second)


def _telling(name: str) -> list[str]:
    return [word for word in _WORD.findall(name) if word not in _IDLE]


def _goes_on(words: list[str], known: list[str]) -> bool:
    """Whether a name begins with a known one's words and goes on with nothing that makes another payer of it."""
    rest = words[len(known) :]
    long_enough = len("".join(known)) >= _LONG_ENOUGH
    return (
        bool(known)
        and bool(rest)
        and long_enough
        and words[: len(known)] == known
        and not _OTHERS & set(rest)
    )
