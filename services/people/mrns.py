"""Compares MRNs: without prefix, whatever their case."""

import re
import unicodedata

_PREFIX = re.compile(
    r"(?:mrn|m[. ]\s?r[. ]\s?n\b\.?)(?:\s*[#:.=-]{1,2}\s*#?\s*|\s+(?:(?:no|num|number)\b\.?:?\s*)?|(?=\w))|#\s*"
)


def identity_of_mrn(mrn: str) -> str:
    """The identity that an MRN of a file names: `MRN-0042`, `mrn 0042` and `0042` are one patient.

    Leading zeros count, and UUIDs come out in lower case; of no words, the empty text.
    """
    plain = unicodedata.normalize("NFKC", mrn).casefold().strip()
    return _PREFIX.sub("", plain, count=1).strip() if _PREFIX.match(plain) else plain
