"""Reads a patient as typed: the MRN or the handle that is meant."""

import re

from bot.grammar.text.patterns import DIGIT_WORD, MRN_GAP, MRN_WORD, ONES
from services.people.mrns import identity_by_pattern
from services.people.patient_ref import PatientRef

_LEAD = re.compile(r"(?:(?:for|with|re|regarding|to|of|on|patient|pt)[.:]?\s+|w/\s*){0,3}")
_PREFIX = re.compile(rf"{MRN_WORD}(?:{MRN_GAP})?|#\s?")
#: An MRN read out figure by figure.
_READ_OUT = re.compile(rf"\d(?: \d)+|{DIGIT_WORD}(?:[ -]{{1,2}}{DIGIT_WORD})*")
_FIGURES = {word: str(figure) for figure, word in enumerate(ONES.split("|"))} | {"oh": "0"}
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
    custom = identity_by_pattern(plain, mrn_pattern) if mrn_pattern else ""
    if custom:
        return PatientRef(text=shown, identity=custom)
    prefix = _PREFIX.match(plain)
    identity = plain[prefix.end() :] if prefix else plain
    if _READ_OUT.fullmatch(identity):
        identity = "".join(_FIGURES.get(figure, figure) for figure in re.split(r"[ -]+", identity))
        return PatientRef(text=f"MRN{identity}", identity=identity)
    return PatientRef(text=shown, identity=identity)


def is_read_out(plain: str) -> bool:
    """True for the name of a patient whose MRN is given figure by figure: `mrn 4 1 7`."""
    prefix = _PREFIX.match(plain)
    return prefix is not None and _READ_OUT.fullmatch(plain, prefix.end()) is not None


def bounds(plain: str) -> tuple[int, int]:
    """Where the name of the patient itself begins and ends, without `for` before and `'s` after it."""
    lead = _LEAD.match(plain)
    possessive = _POSSESSIVE.search(plain)
    return lead.end() if lead else 0, possessive.start() if possessive else len(plain)
