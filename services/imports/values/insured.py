"""Reads what an insurance card and an address say; no sentence repeats the cell, which tells who somebody is."""

import re
from collections.abc import Callable

from billing.claim_parties import RELATIONSHIP_WORDS, Relationship, Sex

_LONGEST_ID = 80
_SEXES = {
    **dict.fromkeys(("f", "female", "woman"), Sex.FEMALE),
    **dict.fromkeys(("m", "male", "man"), Sex.MALE),
    **dict.fromkeys(("u", "unknown", "x", "other"), Sex.UNKNOWN),
}
#: States, the district, territories and military post offices, as the postal service writes them.
_CODES = (
    "AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK "
    "OR PA RI SC SD TN TX UT VT VA WA WV WI WY AS GU MP PR VI FM MH PW AA AE AP"
)
STATES = frozenset(_CODES.split())
_ZIP = re.compile(r"(\d{3,5})(?:\.0+)?(?:[- ]?(\d{4}))?", re.ASCII)
_WHOLE_ZIP = re.compile(r"(\d{5})[- ]?(\d{4})", re.ASCII)
_ZIP_DIGITS = 5
#: Medicare's own form of a number, with or without its dashes: CMS, Understanding the MBI.
_MBI = re.compile(r"[1-9][A-Z][A-Z0-9]\d[A-Z][A-Z0-9]\d[A-Z]{2}\d{2}", re.ASCII)
_MEMBER = re.compile(r"[A-Z0-9][A-Z0-9 .\-/]*", re.ASCII)


def sex(text: str) -> Sex:
    """The sex on the card: `F`, `male`.

    Raises:
        ValueError: with what to write instead.
    """
    found = _SEXES.get(text.casefold())
    if found is None:
        raise ValueError("This is no sex as cards have it. Write F, M or U.")
    return found


def relationship(text: str) -> Relationship:
    """What the patient is to whoever holds the insurance: `self`, `child`, or the code of X12.

    Raises:
        ValueError: with what to write instead.
    """
    plain = text.casefold().strip()
    found = RELATIONSHIP_WORDS.get(plain)
    if found is not None:
        return found
    try:
        return Relationship(text.upper().zfill(2))
    except ValueError:
        raise ValueError("This is not a relationship. Write self, spouse, child or other.") from None


def state(text: str) -> str:
    """A state in two capital letters.

    Raises:
        ValueError: with what to write instead.
    """
    if text.upper() not in STATES:
        raise ValueError("This is not a state. Write its two letters, as in NY.")
    return text.upper()


def zip_code(text: str) -> str:
    """Five or nine digits, with zeros in front that a spreadsheet took away.

    Raises:
        ValueError: with what to write instead.
    """
    whole = _WHOLE_ZIP.fullmatch(text)
    if whole is not None:
        return whole[1] + whole[2]
    match = _ZIP.fullmatch(text)
    if match is None:
        raise ValueError("This is not a ZIP code. Write five digits or nine, as in 12207 or 12207-1234.")
    return match[1].zfill(_ZIP_DIGITS) + (match[2] or "")


def member_id(text: str) -> str:
    """A number as a payer gave it, in capitals; a Medicare number without its dashes.

    Raises:
        ValueError: with what to write instead.
    """
    written = text.upper()
    bare = written.replace("-", "").replace(" ", "")
    if _MBI.fullmatch(bare):
        return bare
    if len(bare) < 2 or len(written) > _LONGEST_ID or not _MEMBER.fullmatch(written):  # noqa: PLR2004 - see X12's NM109
        raise ValueError("This is not a member id. Write it as it is on the card: letters and digits.")
    return written


def words_of(most: int) -> Callable[[str], str]:
    """A reader of words that a claim has room for: at most so many characters."""

    def read(text: str) -> str:
        if len(text) > most:
            raise ValueError(f"These are more than {most} characters, and a claim has room for no more.")
        return text

    return read
