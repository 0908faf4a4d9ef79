"""Writes claims as an 837P file: envelopes, counts and control numbers around the segments of the table."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from billing.claim_parties import PracticeRecord
from billing.service_lines import ClaimDraft
from billing.x12_text import COMPONENT, ELEMENT, REPETITION, SEGMENT, x12_text
from services.claims.x12_elements import Place, segments
from services.claims.x12_table import CLAIM, LINE, PROVIDER, is_own

VERSION = "005010X222A1"
#: The guide recommends at most so many claims a transaction.
MOST_CLAIMS = 5_000
#: Characters of an id in the interchange's header, which has fixed places.
_ID_WIDTH = 15
_CONTROL_WIDTH = 9
#: What ends each segment, with a line end behind it for people who look.
_END = f"{SEGMENT}\n"

Segment = Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Interchange:
    """What stands around the claims of one file."""

    practice: PracticeRecord
    #: From 1, another for each file; what answers the file repeats it.
    number: int
    #: Local time at the practice.
    made_at: datetime
    #: For a clearinghouse's tests: nothing of it is paid.
    is_test: bool = False


def x12_parts(claims: Iterable[ClaimDraft], around: Interchange) -> Iterator[bytes]:
    """An 837P file, part by part: one interchange, one group, and a transaction for each 5,000 claims.

    Args:
        claims: Complete ones (`billing.claim_gaps`), at least one.
        around: Whose file it is.

    Raises:
        Unfit: when words of a claim do not fit; the message names the place.
    """
    yield _written(_header(around))
    left = iter(claims)
    count = 0
    while some := list(islice(left, MOST_CLAIMS)):
        count += 1
        yield from _transaction(some, around, count)
    control = f"{around.number:0{_CONTROL_WIDTH}}"
    yield _written([("GE", str(count), str(around.number)), ("IEA", "1", control)])


def _header(around: Interchange) -> list[Segment]:
    sender, receiver = x12_text(around.practice.submitter_id), x12_text(around.practice.receiver_id)
    made = around.made_at
    return [
        (
            *("ISA", "00", " " * 10, "00", " " * 10, "ZZ", sender.ljust(_ID_WIDTH)[:_ID_WIDTH]),
            *("ZZ", receiver.ljust(_ID_WIDTH)[:_ID_WIDTH], f"{made:%y%m%d}", f"{made:%H%M}", REPETITION),
            *("00501", f"{around.number:0{_CONTROL_WIDTH}}", "0", "T" if around.is_test else "P", COMPONENT),
        ),
        (
            *("GS", "HC", sender, receiver, f"{made:%Y%m%d}", f"{made:%H%M}", str(around.number)),
            *("X", VERSION),
        ),
    ]


def _transaction(claims: Sequence[ClaimDraft], around: Interchange, number: int) -> Iterator[bytes]:
    practice, made = around.practice, around.made_at
    control = f"{number:04}"
    first = Place(claim=claims[0])
    opening: list[Segment] = [
        ("ST", "837", control, VERSION),
        ("BHT", "0019", "00", f"{around.number}-{number}", f"{made:%Y%m%d}", f"{made:%H%M}", "CH"),
        _party("41", practice.name, practice.submitter_id),
        ("PER", "IC", x12_text(practice.contact), "TE", practice.phone),
        _party("40", practice.receiver_name, practice.receiver_id),
        *segments(PROVIDER, first),
    ]
    count = len(opening)
    yield _written(opening)
    level = first.provider_level
    for claim in claims:
        own, level = _claim(claim, level)
        count += len(own)
        yield _written(own)
    yield _written([("SE", str(count + 1), control)])


def _party(kind: str, name: str, number: str) -> Segment:
    """NM1 of who sends or receives the file."""
    return ("NM1", kind, "2", x12_text(name), "", "", "", "", "46", x12_text(number))


def _claim(claim: ClaimDraft, level: int) -> tuple[list[Segment], int]:
    """A claim's segments, and the number of its last level."""
    subscriber = level + 1
    at = Place(claim=claim, subscriber_level=subscriber, patient_level=subscriber + 1)
    said: list[Segment] = [*segments(CLAIM, at)]
    for number, line in enumerate(claim.lines, start=1):
        said += segments(LINE, Place(claim=claim, line=line, line_number=number))
    return said, subscriber if is_own(at) else subscriber + 1


def _written(said: Iterable[Segment]) -> bytes:
    return "".join(f"{ELEMENT.join(one)}{_END}" for one in said).encode("ascii")
