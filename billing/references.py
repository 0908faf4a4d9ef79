"""How people name an entry: `e-k7f`.

A reference is the entry's number in base 29, told apart by a check character: one wrong character, or two
neighbors swapped, names no entry instead of another one.
"""

#: Without 0/o, 1/i/l and u/v, which look alike. 29 of them: with a prime, the check misses no single slip.
ALPHABET = "23456789abcdefghjkmnpqrstwxyz"
_PREFIX = "e-"
_BASE = len(ALPHABET)
_VALUES = {character: value for value, character in enumerate(ALPHABET)}
#: Longer than any entry number of 64 bits.
_MOST_CHARACTERS = 15


def entry_reference(entry_id: int) -> str:
    """The reference of an entry; numbers count from 1.

    Raises:
        ValueError: for a number below 1.
    """
    return reference(_PREFIX, entry_id)


def entry_id_of(text: str) -> int | None:
    """The number of the entry that a reference names, in either case; None when it can name none."""
    return number_of(_PREFIX, text)


def reference(prefix: str, number: int) -> str:
    """A number from 1 as people name it behind a prefix.

    Raises:
        ValueError: for a number below 1.
    """
    if number < 1:
        raise ValueError(f"references count from 1, not {number}")
    digits: list[int] = []
    rest = number
    # Bijective: each text of digits 1..29 is one number, so no two references name the same thing.
    while rest:
        rest, digit = divmod(rest - 1, _BASE)
        digits.append(digit)
    digits.reverse()
    return prefix + "".join(ALPHABET[digit] for digit in (*digits, _check(digits)))


def number_of(prefix: str, reference: str) -> int | None:
    """The number that a reference names behind a prefix, in either case; None when it can name none."""
    text = reference.strip().casefold()
    if not text.startswith(prefix) or len(text) > len(prefix) + _MOST_CHARACTERS:
        return None
    digits = [_VALUES.get(character, _BASE) for character in text.removeprefix(prefix)]
    if len(digits) < 2 or _BASE in digits or _check(digits[:-1]) != digits[-1]:  # noqa: PLR2004 - a number and its check
        return None
    number = 0
    for digit in digits[:-1]:
        number = number * _BASE + digit + 1
    return number


def _check(digits: list[int]) -> int:
    """A sum modulo the prime 29 with a different weight for each place."""
    places = enumerate(reversed(digits), start=2)
    return sum((digit + 1) * place for place, digit in places) % _BASE
