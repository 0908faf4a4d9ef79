"""Compares MRNs: without prefix, whatever their case."""

import re
import unicodedata
from functools import lru_cache

_PREFIX = re.compile(
    r"(?:mrn|m[. ]\s?r[. ]\s?n\b\.?)(?:\s*[#:.=-]{1,2}\s*#?\s*|\s+(?:(?:no|num|number)\b\.?:?\s*)?|(?=\w))|#\s*"
)
#: Read alike everywhere, whatever form a practice has.
_PLAIN = re.compile(r"mrn\d+")


def identity_of_mrn(mrn: str) -> str:
    """The identity that an MRN of a file names: `MRN-0042`, `mrn 0042` and `0042` are one patient.

    Leading zeros count, and UUIDs come out in lower case; of no words, the empty text.
    """
    plain = unicodedata.normalize("NFKC", mrn).casefold().strip()
    # `#MRN9` and `MRN: MRN9` have two.
    for _ in range(2):
        plain = _PREFIX.sub("", plain, count=1).strip() if _PREFIX.match(plain) else plain
    return plain


@lru_cache(maxsize=64)
def compiled_pattern(pattern: str) -> re.Pattern[str]:
    """A practice's own form of an MRN, whatever the case."""
    return re.compile(pattern, re.IGNORECASE)


def identity_by_pattern(plain: str, pattern: str) -> str:
    """The identity that an MRN of a practice's own form names: what its group holds, or all of it.

    Args:
        plain: In lower case.
        pattern: The form.

    Returns:
        The identity; empty for what does not have that form.
    """
    if _PLAIN.fullmatch(plain) and compiled_pattern(pattern).fullmatch(plain):
        return plain[3:]
    match = compiled_pattern(pattern).fullmatch(plain)
    if match is None:
        return ""
    return next((group for group in match.groups() if group), None) or plain
