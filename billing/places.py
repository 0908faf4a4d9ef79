"""Places of service: for which of them Medicare's fee schedule has its facility amounts (R-604)."""

import re
from enum import StrEnum


class Site(StrEnum):
    """Which of the fee schedule's two amounts a place of service takes."""

    NONFACILITY = "nonfacility"
    FACILITY = "facility"


#: Telehealth outside the home, hospitals on and off campus, emergency room, surgical center, military treatment
#: facility, skilled nursing facility, hospice, ambulances, psychiatric facilities, community mental health center,
#: rehabilitation hospital. Claims Processing Manual, chapter 26, 10.5; 42 CFR 414.22(b)(5).
FACILITY_PLACES = frozenset(
    ("02", "19", "21", "22", "23", "24", "26", "31", "34", "41", "42", "51", "52", "53", "56", "61")
)
#: Medicare's set of places of service (CMS, Place of Service Codes for Professional Claims, updated May 2024).
KNOWN_PLACES = frozenset(
    (
        *(f"{number:02}" for number in range(1, 28)),
        *("31", "32", "33", "34", "41", "42", *(f"{number}" for number in range(49, 59))),
        *("60", "61", "62", "65", "66", "71", "72", "81", "99"),
    )
)
_DIGITS = 2
#: `11`, `2`, `22 - hospital`, `50.0` of a spreadsheet; no longer number.
_CODE = re.compile(r"\s*(\d{1,2})(?:\.0+)?(?![\w.])", re.ASCII)


def place_code(text: str) -> str:
    """The two digits of a place of service as people and files write it; empty where it names none.

    Args:
        text: `11`, `2`, `22 - hospital`, `22.0`, or empty.
    """
    match = _CODE.match(text)
    return match[1].zfill(_DIGITS) if match else ""


def site_of(place_of_service: str) -> Site:
    """Which amount a place of service takes; none on file, or one that is no place, takes the nonfacility amount.

    Args:
        place_of_service: As it is on file: `11`, `2`, `22 outpatient hospital`, or empty.
    """
    return Site.FACILITY if place_code(place_of_service) in FACILITY_PLACES else Site.NONFACILITY
