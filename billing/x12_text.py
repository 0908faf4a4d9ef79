"""Makes words fit for X12: capitals of ASCII, without the characters that part segments and elements."""

import re
import unicodedata
from functools import lru_cache

#: What parts the components of an element, elements, repetitions, and segments.
COMPONENT, ELEMENT, REPETITION, SEGMENT = ":", "*", "^", "~"
#: X12's basic character set without the four above.
_FIT = re.compile(r"[^A-Z0-9 !\"&'()+,\-./;?=]")
_SPACES = re.compile(r" {2,}")
#: Letters that lose nothing but their mark do so by themselves; these are written in two letters.
_SPELLED = str.maketrans(
    {"ß": "SS", "æ": "AE", "Æ": "AE", "œ": "OE", "Œ": "OE", "ø": "O", "Ø": "O", "ł": "L", "Ł": "L", "đ": "D"}
    | {"Đ": "D", "’": "'", "‘": "'", "–": "-", "—": "-"}
)


#: Towns, payers and practitioners are in many claims.
@lru_cache(maxsize=4096)
def x12_text(words: str) -> str:
    """Words as an element carries them: `José ~ Díaz` is `JOSE DIAZ`.

    Accents go, and what X12 has no character for becomes a space.
    """
    if words.isascii():
        plain = words.upper()
    else:
        spread = unicodedata.normalize("NFKD", words.translate(_SPELLED))
        plain = "".join(one for one in spread if not unicodedata.combining(one)).upper()
    return _SPACES.sub(" ", _FIT.sub(" ", plain)).strip()


def loses_letters(words: str) -> bool:
    """Whether letters of some words have no capital of ASCII, so that nobody would know whose name it is."""
    spread = unicodedata.normalize("NFKD", words.translate(_SPELLED))
    return any(one.isalpha() and not one.isascii() for one in spread if not unicodedata.combining(one))
