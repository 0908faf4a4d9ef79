"""Service lines of a month's charges: one a code, with its charge to the cent; what a claim is to an earlier one."""

from datetime import date
from decimal import Decimal

import pytest

from billing.charges import Charge
from billing.rules import Modifier
from billing.service_lines import Frequency, frequency_of, service_lines

DAY = date(2026, 10, 13)
BASE, WITH_TWO = (Charge("99493"),), (Charge("99493"), Charge("99494", 2))
RATES = {"99493": Decimal("185.50"), "99494": Decimal("90.25")}


def test_each_code_is_a_line_with_its_charge() -> None:
    """Units times the rate; a modifier stands on its own code; the first four diagnoses are pointed to."""
    base, more = service_lines(
        WITH_TWO,
        DAY,
        rate_of=RATES.get,
        modifiers=(Modifier(code="99494", modifier="HE"), Modifier(code="99492", modifier="25")),
        place="11",
        diagnoses=6,
    )
    assert (base.code, base.units, base.charge, base.modifiers) == ("99493", 1, Decimal("185.50"), ())
    assert (more.code, more.units, more.charge, more.modifiers) == ("99494", 2, Decimal("180.50"), ("HE",))
    assert {base.day, more.day} == {DAY}
    assert base.pointers == more.pointers == (1, 2, 3, 4)
    assert base.place == "11"


def test_a_code_without_a_rate_has_no_charge() -> None:
    """Which is not the same as nothing; without a diagnosis there is nothing to point to."""
    (line,) = service_lines(BASE, DAY, rate_of=lambda _: None)
    assert (line.charge, line.pointers, line.place) == (None, (), "")


@pytest.mark.parametrize(
    ("revision", "claimed", "billable", "again", "due"),
    [
        (0, (), WITH_TWO, False, Frequency.ORIGINAL),
        (0, (), (), False, None),
        (1, WITH_TWO, WITH_TWO, False, None),
        (1, WITH_TWO, WITH_TWO[::-1], False, None),
        (1, WITH_TWO, WITH_TWO, True, Frequency.REPLACEMENT),
        (1, WITH_TWO, BASE, False, Frequency.REPLACEMENT),
        (1, BASE, WITH_TWO, False, Frequency.REPLACEMENT),
        (1, BASE, (), False, Frequency.VOID),
        (1, BASE, (), True, Frequency.VOID),
        (1, (), BASE, False, Frequency.ORIGINAL),
        (1, (), (), True, None),
    ],
)
def test_what_a_claim_is_to_the_one_before(
    revision: int,
    claimed: tuple[Charge, ...],
    billable: tuple[Charge, ...],
    due: Frequency | None,
    *,
    again: bool,
) -> None:
    """Original, in place of it, voiding it, or not due; what was settled to nothing begins anew."""
    assert frequency_of(revision, claimed, billable, again=again) == due
