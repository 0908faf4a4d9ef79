"""Values made quickly are the same values."""

from dataclasses import FrozenInstanceError, dataclass, field

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


def test_defaults_are_those_of_the_class() -> None:
    """What has none is needed, and what is made anew for each value is."""

    @dataclass(frozen=True, slots=True, kw_only=True)
    class Held:
        needed: int
        name: str = "a"
        items: list[str] = field(default_factory=list)

    make = quick(Held)
    one, other = make(needed=1), make(needed=1)
    assert one == other == Held(needed=1)
    assert one.items is not other.items
    with pytest.raises(TypeError, match="needed"):
        make(name="b")  # type: ignore[call-arg]
