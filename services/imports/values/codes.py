"""Reads codes of a claim: diagnoses, places of service, NPIs."""

import re
import unicodedata

from billing.diagnoses import diagnosis_code
from billing.npi import is_valid_npi
from billing.places import KNOWN_PLACES, place_code
from services.imports.values.shown import refuse_unseen, shown

_BETWEEN = re.compile(r"\s*[,;|\n]\s*")
#: Words of a diagnosis that nobody has made; and those that say so before a code, but may belong to its name behind it.
_DOUBT = re.compile(
    r"\br/o\b|\brule[ds]?[ -]out\b|\bsuspect(?:ed)?\b|\bpossible\b|\bprobable\b|\bvs\b|\bversus\b",
    re.IGNORECASE,
)
_DOUBT_BEFORE = re.compile(r"^(?:no|not|denies|h/o|hx of|history of|family history of)\b", re.IGNORECASE)
_TOKEN = re.compile(r"[^\s/+&()\[\]:]+")
_ICD_9 = re.compile(r"\d{3}(?:\.\d{1,2})?")
_WORDS = re.compile(r"[A-Za-z]{2,}")
_DIAGNOSIS_HINT = "Write the code of ICD-10-CM, such as F32.1."
#: `11/02`: which of them is meant?
_SEVERAL_PLACES = re.compile(r"\s*\d{1,2}(?:\.0+)?\s*(?:[/,;|&+]|or|and)\s*\d", re.ASCII)
_PLACE_HINT = "Write its two digits, such as 11 for an office."
_PLACES_BY_WORD = {"office": "11", "telehealth": "10 at home and 02 elsewhere", "home": "12"}
_BESIDE = re.compile(r"^npi\s*(?:no|number)?\s*[#:.]*\s*|\.0+$|[\s-]+", re.IGNORECASE)
_DIGITS = 10
_NO_PAYER_WORDS = """
    na none null nil nan unknown unk tbd tba pending nopayer test notapplicable notavailable notknown noinsurance
    nocoverage seenotes seechart x xx xxx
"""
_NO_PAYER = frozenset(("", *_NO_PAYER_WORDS.split()))


def diagnoses(text: str) -> tuple[str, ...]:
    """The codes of a cell, in capitals with their point, each once; words beside a code are left out.

    Args:
        text: `F32.1`, `f321 F41.1`, `F32.1 Major depressive disorder, single episode, moderate; F41.1`.

    Raises:
        ValueError: when a part of it has no code, or it is not plain which.
    """
    found: list[str] = []
    has_words = False
    for part in _BETWEEN.split(text):
        if not part:
            continue
        codes, words = _codes_and_words(part)
        doubt = _DOUBT.search(part) or (_DOUBT_BEFORE.search(part) if codes else None)
        if doubt is not None:
            raise ValueError(
                f"{shown(text)} says {doubt[0]!r}: claims take what was found, not what is ruled out or suspected. "
                f"{_DIAGNOSIS_HINT}"
            )
        if not codes:
            if not (found and has_words and words):
                raise ValueError(_no_code(text, part))
        elif words and len(codes) > 1:
            raise ValueError(
                f"{shown(text)} has words between its codes. Write the codes alone, such as F32.1 F41.1."
            )
        else:
            found += codes
            has_words = bool(words)
    return tuple(dict.fromkeys(found))


def _codes_and_words(part: str) -> tuple[list[str], list[str]]:
    """The codes of a part, and what else it says.

    Behind other words a code has its point or stands in brackets: `vitamin B12` names none.
    """
    codes: list[str] = []
    words: list[str] = []
    for match in _TOKEN.finditer(part):
        token = match[0].strip(".-")
        code = diagnosis_code(token)
        if code and (not words or "." in token or part[match.start() - 1] in "(["):
            codes.append(code)
        elif token and token.casefold() != "and":
            words.append(token)
    return codes, words


def _no_code(text: str, part: str) -> str:
    if any(_ICD_9.fullmatch(token) for token in part.split()):
        return f"{shown(text)} has a code of ICD-9, which claims take no more. {_DIAGNOSIS_HINT}"
    if not _WORDS.search(part):
        return f"{shown(text)} is not a diagnosis code. {_DIAGNOSIS_HINT}"
    return f"{shown(text)} has no code for {shown(part)}. {_DIAGNOSIS_HINT}"


def place(text: str) -> str:
    """A place of service in two digits: `11`, `2`, `22 - hospital`.

    Raises:
        ValueError: when it names none, or none of the set that claims take.
    """
    code = "" if _SEVERAL_PLACES.match(text) else place_code(text)
    if not code:
        near = next(
            (
                f" {name.title()} is {which}."
                for name, which in _PLACES_BY_WORD.items()
                if name in text.casefold()
            ),
            "",
        )
        raise ValueError(f"{shown(text)} is not a place of service. {_PLACE_HINT}{near}")
    if code not in KNOWN_PLACES:
        raise ValueError(f"{shown(text)}: there is no place of service {code}. {_PLACE_HINT}")
    return code


def npi(text: str) -> str:
    """An NPI as files write it, in ten digits; what cannot be one is left as it is.

    Args:
        text: `1234567893`, `1234567893.0`, `123-456-7893`, `NPI 1234567893`.
    """
    bare = _BESIDE.sub("", unicodedata.normalize("NFKC", text).strip())
    return bare if len(bare) == _DIGITS and bare.isascii() and bare.isdigit() else text


def why_no_npi(number: str) -> str:
    """What is wrong with an NPI, in a sentence; empty for one that is valid."""
    if is_valid_npi(number):
        return ""
    return f"{shown(number)} is not an NPI, which has ten digits, the last a check digit. Claims with it are blocked."


def why_header(code: str) -> str:
    """Why a diagnosis code is no whole one, and what to do."""
    return (
        f"{code} is a header of ICD-10-CM, which payers deny: a claim needs one of the longer codes under it."
    )


def payer(text: str) -> str:
    """A payer's name as the file has it.

    Raises:
        ValueError: when the cell says that there is none, or that nobody knows.
    """
    refuse_unseen(text, "the name")
    if re.sub(r"[^a-z0-9]", "", text.casefold()) in _NO_PAYER or not any(map(str.isalpha, text)):
        raise ValueError(f"{shown(text)} is no payer. Leave it empty where none is known.")
    return " ".join(text.split())
