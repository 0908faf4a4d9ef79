"""ICD-10-CM codes: their form, and which of them are headers, by which no claim is paid."""

import re

from billing.diagnosis_headers import HEADERS

_CODE = re.compile(r"([A-Z]\d[0-9AB])\.?([0-9A-Z]{0,4})")


def diagnosis_code(text: str) -> str:
    """A code of ICD-10-CM's form, in capitals and with its point; empty for everything else.

    Args:
        text: `F32.1`, `f321`.
    """
    match = _CODE.fullmatch(text.upper())
    if match is None or text.endswith("."):
        return ""
    return f"{match[1]}.{match[2]}" if match[2] else match[1]


def is_whole_code(code: str) -> bool:
    """Whether a claim may be paid by a code: one of ICD-10-CM's form under which it has no longer ones."""
    written = diagnosis_code(code)
    return bool(written) and written not in HEADERS
