"""Reads a patient as typed: the MRN or the handle that is meant."""

import re
from functools import lru_cache

from services.people.patient_ref import PatientRef

_LEAD = re.compile(r"(?:(?:for|with|re|regarding|to|of|on|patient|pt)[.:]?\s+|w/\s*){0,3}")
_PREFIX = re.compile(r"mrns?(?:\s?[#:.=-]\s?#?\s?|#|\s+(?:is\s+|no\.?\s+|number\s+)?)?|#\s?")
_PLAIN = re.compile(r"mrn\d+")
_HANDLE = re.compile(r"p-[0-9a-z]{4}")
_POSSESSIVE = re.compile(r"'s$")


def patient_ref(plain: str, shown: str, mrn_pattern: str | None = None) -> PatientRef:
    """Read what matched the patient pattern.

    Args:
        plain: The plain form, words such as `for` before it included.
        shown: The same stretch as the person saw it.
        mrn_pattern: The practice's own form of an MRN.
    """
    if _PLAIN.fullmatch(plain):
        return PatientRef(text=shown, identity=plain[3:])
    start, end = bounds(plain)
    plain, shown = plain[start:end], shown[start:end]
    if _HANDLE.fullmatch(plain):
        return PatientRef(text=shown, handle=plain.upper())
    custom = _compiled(mrn_pattern).fullmatch(plain) if mrn_pattern else None
    if custom is not None:
        inner = next((group for group in custom.groups() if group), None)
        return PatientRef(text=shown, identity=inner or plain)
    prefix = _PREFIX.match(plain)
    return PatientRef(text=shown, identity=plain[prefix.end() :] if prefix else plain)


def bounds(plain: str) -> tuple[int, int]:
    """Where the name of the patient itself begins and ends, without `for` before and `'s` after it."""
    lead = _LEAD.match(plain)
    possessive = _POSSESSIVE.search(plain)
    return lead.end() if lead else 0, possessive.start() if possessive else len(plain)


@lru_cache(maxsize=64)
def _compiled(mrn_pattern: str) -> re.Pattern[str]:
    return re.compile(mrn_pattern, re.IGNORECASE)
