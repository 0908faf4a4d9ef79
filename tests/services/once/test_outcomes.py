"""What an act was answered with is kept as bytes, of which nothing but this program's own values is read."""

import pickle
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import PurePosixPath
from zoneinfo import ZoneInfo

import pytest

from billing.charges import Charge
from billing.months import BillingMonth
from billing.people import MemberRole
from services.errors import CannotTakeBack
from services.once.outcomes import MOST_BYTES, Outcome, Raised, decoded, encoded
from services.program import judged_by

VALUES = [
    None,
    "15 min",
    Decimal("1.50"),
    date(2026, 11, 3),
    datetime(2026, 11, 3, 14, tzinfo=UTC),
    datetime(2026, 11, 3, 9, tzinfo=ZoneInfo("America/New_York")),
    (BillingMonth(2026, 11), frozenset({MemberRole.BILLER})),
    {"rows": [1, 2, 3]},
]


@pytest.mark.parametrize("value", VALUES, ids=str)
def test_what_was_answered_is_answered_again(value: object) -> None:
    """Values come back equal, with what was read for them."""
    kept = encoded(Outcome(value, {"step": value}))
    found = decoded(kept)
    assert found is not None
    assert found.result() == value
    assert found.read == {"step": value}


def test_a_refusal_is_refused_again_in_its_words() -> None:
    """Its class and its sentence are the same."""
    error = CannotTakeBack("That was taken back already.")
    found = decoded(encoded(Outcome(Raised.of(error), {})))
    assert found is not None
    with pytest.raises(CannotTakeBack) as refused:
        found.result()
    assert str(refused.value) == str(error)


def test_another_versions_words_are_not_guessed_at() -> None:
    """After an upgrade a redelivery is answered with word that it was done."""
    _, _, data = encoded(Outcome("15 min", {})).partition(b"\n")
    assert decoded(b"0.0.1\n" + data) is None


def test_bytes_that_name_what_is_no_value_of_ours_are_not_read() -> None:
    """Whoever can write to the database makes the program load, or call, nothing by that."""
    program = judged_by().program.encode()
    for foreign in (PurePosixPath("a"), len, decoded, pickle.loads):
        assert decoded(program + b"\n" + pickle.dumps((foreign, {}))) is None
    assert decoded(program + b"\nno pickle at all") is None
    assert decoded(b"") is None


def test_what_is_very_large_is_not_kept() -> None:
    """Its redelivery is answered with word that it was done."""
    assert encoded(Outcome("x" * (MOST_BYTES + 1), {})) == b""


def test_dataclasses_with_slots_are_kept_as_they_keep_themselves() -> None:
    """Kept the short way and the long way, they are the same values."""
    value = (BillingMonth(2026, 11), Charge(code="99493", units=1), (Charge(code="99494", units=2),))
    version, _, kept = encoded(Outcome(value, {})).partition(b"\n")
    assert version == judged_by().program.encode()
    found = decoded(version + b"\n" + pickle.dumps((value, {}), protocol=5))
    again = decoded(version + b"\n" + kept)
    assert found is not None
    assert again is not None
    assert found.value == again.value == value
