"""Reads MRNs: what a spreadsheet made of one, or wrote where there is none, is nobody's."""

import re
import unicodedata
from calendar import month_abbr
from functools import lru_cache

from services.imports.values.shown import refuse_unseen, shown
from services.people.mrns import compiled_pattern, identity_by_pattern, identity_of_mrn

_LONGEST = 64
_HINT = "Write it like MRN123 or 123."
_AS_TEXT = "Format the column as text, and write the MRN as the chart has it."
#: What a file says where it names nobody.
_NOBODY_WORDS = """
    total totals subtotal sum average count all none null nil nan na unknown unk tbd tba pending missing blank
    empty new same ditto test testing demo dummy sample example mrn id patient patientid patientname name true
    false yes no void deleted duplicate dup various multiple notapplicable notavailable notassigned grandtotal
    nomrn newpatient testpatient seeabove unassigned anonymous other zero x xx xxx
"""
_NOBODY = frozenset(_NOBODY_WORDS.split())
_NUMBER_FORM = re.compile(r"[+-]?\d+(?:[.,]\d+)?e[+-]\d+|[+-]?\d+[.,]\d+e\d+", re.IGNORECASE | re.ASCII)
_DECIMAL = re.compile(r"[+-]?\d+\.\d+", re.ASCII)
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,3}(?:\.\d{3}){2,}", re.ASCII)
_MONTH = "|".join(name.casefold() for name in month_abbr if name)
_DAY = re.compile(
    rf"\d{{1,2}}[- ](?:{_MONTH})[a-z]*(?:[- ]\d{{2,4}})?|(?:{_MONTH})[a-z]*[- ](?:\d{{2}}|(?:19|20)\d{{2}})"
    r"|(?:19|20)\d{2}[-/]\d{1,2}[-/]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.](?:19|20)\d{2}|\d{1,2}/\d{1,2}/\d{2}",
    re.IGNORECASE | re.ASCII,
)
_TIME = re.compile(r"\d{1,3}:\d{2}(?::\d{2})?(?: ?[ap]m)?", re.IGNORECASE | re.ASCII)
_CLOCK = re.compile(r"[ T]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?: ?[ap]m)?$", re.IGNORECASE)
_SEVERAL = re.compile(r"\s*[,;/|&+\n\r\t]+\s*|\s+(?:and|or)\s+|\s{2,}| ", re.IGNORECASE)
_ALLOWED = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._:-]*[A-Za-z0-9])?")
_FORMULA_STARTS = ("=", "+", "@", "'", '"')


@lru_cache(maxsize=8192)
def read_mrn(text: str, pattern: str | None = None) -> str:
    """The identity of the patient whom a cell names.

    Args:
        text: `MRN0042`, `0042`, `A-1200`, a UUID.
        pattern: The practice's own form of an MRN, by which alone it is judged; None is the built-in one.

    Raises:
        ValueError: with a sentence that says what to do.
    """
    refuse_unseen(text, "the MRN")
    identity = identity_of_mrn(text)
    if not identity:
        raise ValueError(f"{shown(text)} holds no MRN. {_HINT}")
    why = _nobody(text, identity)
    if not why and pattern is not None:
        return _by_pattern(text, identity, pattern)
    why = why or _spreadsheet_form(text) or _several(identity) or _no_mrn(text, identity)
    if why:
        raise ValueError(f"{shown(text)} {why}")
    return identity


def _by_pattern(text: str, identity: str, pattern: str) -> str:
    """The identity of an MRN of the practice's own form, as chat reads it."""
    found = identity_by_pattern(unicodedata.normalize("NFKC", text).casefold().strip(), pattern)
    if found:
        return found
    if any(compiled_pattern(pattern).fullmatch(one) for one in (identity, f"mrn{identity}")):
        return identity
    raise ValueError(
        f"{shown(text)} does not have the form of this practice's MRNs, which COCM_MRN_PATTERN gives: {pattern}. "
        "Correct the cell."
    )


def _nobody(text: str, identity: str) -> str:
    """Why a cell names nobody; empty where it may be an MRN."""
    if text.startswith(_FORMULA_STARTS):
        return f"is a spreadsheet's form of an MRN. {_AS_TEXT}"
    bare = re.sub(r"[^a-z0-9]", "", identity)
    if not bare.strip("0") or bare in _NOBODY:
        return f"is nobody's MRN. Correct the cell, or remove the row. {_HINT}"
    return ""


def _spreadsheet_form(text: str) -> str:
    """How a spreadsheet spoiled an MRN, and what to do; empty where it did not."""
    if _NUMBER_FORM.fullmatch(text):
        return f"is a number that a spreadsheet shortened, and its last figures are gone. {_AS_TEXT}"
    if _DECIMAL.fullmatch(text) or _THOUSANDS.fullmatch(text):
        return f"is a number as a spreadsheet writes it, which may have lost zeros in front. {_AS_TEXT}"
    if _DAY.fullmatch(_CLOCK.sub("", text)):
        return f"is a date, which a spreadsheet may have made of an MRN. {_AS_TEXT}"
    if _TIME.fullmatch(text):
        return f"is a time, which a spreadsheet may have made of an MRN. {_AS_TEXT}"
    return ""


def _several(identity: str) -> str:
    """Why a cell names more than one patient, or a patient and more; empty where it does not."""
    parts = [part for part in _SEVERAL.split(identity) if part]
    if len(parts) < 2 or not any(map(str.isdigit, identity)):  # noqa: PLR2004 - more than one
        return ""
    if all(any(map(str.isdigit, part)) for part in parts):
        return "may be more than one MRN. Give each patient a row, and write the MRN without spaces."
    return f"is more than an MRN. Write the MRN alone. {_HINT}"


def _no_mrn(text: str, identity: str) -> str:
    """Why a cell is no MRN; empty where it may be one."""
    if not any(map(str.isdigit, identity)):
        return f"has no figure, as MRNs do. {_HINT} Where yours have none, set COCM_MRN_PATTERN."
    if len(text) > _LONGEST:
        return f"is longer than {_LONGEST} characters. Write the MRN alone."
    if not _ALLOWED.fullmatch(identity):
        return f"holds what no MRN has. Write letters and figures alone. {_HINT}"
    return ""
