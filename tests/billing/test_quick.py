"""Values made quickly are the same values."""

from dataclasses import FrozenInstanceError

import pytest

from billing.charges import Charge
from billing.counting import EntryVerdict
from billing.findings.finding import Finding, Severity
from billing.quick import quick


def test_a_value_made_quickly_is_what_its_class_makes() -> None:
    """By name or in order, with defaults left out, equal and of the same class."""
    assert quick(EntryVerdict)(7, 900, 900) == EntryVerdict(7, 900, 900)
    made = quick(Finding)(code="late_entries", severity=Severity.NOTE)
    assert made == Finding(code="late_entries", severity=Severity.NOTE)
    assert type(made) is Finding
    assert hash(made) == hash(Finding(code="late_entries", severity=Severity.NOTE))


def test_a_value_made_quickly_cannot_be_changed() -> None:
    """It is frozen as soon as it is there."""
    made = quick(Charge)("99492")
    with pytest.raises(FrozenInstanceError):
        made.units = 2  # type: ignore[misc]
