"""Payers go by several names, and a practice's own stand before the built-in ones."""

from datetime import date

import pytest

from billing.payer import DatedRule, Payer
from billing.payer_names import KnownPayers, PayerNames, payer_key
from tests.support.payers import CHECKED, a_payer

DAY = date(2026, 11, 3)
MEDICARE = Payer(
    name="Medicare",
    aliases=("MCR B", "MCR"),
    rules=(
        DatedRule(field="max_99494", value=4, verified_on=CHECKED),
        DatedRule(field="timely_filing_months", value=12, verified_on=CHECKED),
    ),
)
OTHER = Payer(name="UnitedHealthcare", aliases=("UHC",))


@pytest.mark.parametrize(
    ("written", "key"), [(" MCR  B ", "mcr b"), ("mcr\tb", "mcr b"), ("Straße", "strasse"), ("", "")]
)
def test_case_and_spaces_do_not_matter(written: str, key: str) -> None:
    """A name is compared without them."""
    assert payer_key(written) == key


def test_a_name_goes_before_an_alias() -> None:
    """Of two payers with one name the first has it; an unknown name stays as it is, in single spaces."""
    names = PayerNames.of((Payer(name="A", aliases=("B", "C")), Payer(name="B", aliases=("C", "D"))))
    assert [names.name_of(name) for name in ("a", "b", "c", "d", " e  f ")] == ["A", "B", "A", "B", "e f"]
    assert dict(names.known) == {"a": "A", "b": "B", "c": "A", "d": "B"}


def test_a_payer_is_found_under_each_of_its_names() -> None:
    """One without rules has a usual name, and no rules."""
    payers = KnownPayers.of((), (MEDICARE,), (OTHER,))
    assert payers.named("mcr") is payers.named("MEDICARE")
    assert payers.named("Medicare") == MEDICARE
    assert payers.named("uhc") is None
    assert payers.names.name_of("uhc") == "UnitedHealthcare"
    assert payers.named("Oak") is None


def test_a_practices_payer_has_its_built_in_rules_behind_it() -> None:
    """Whatever the practice calls it."""
    for own in (a_payer("medicare", max_99494=3), a_payer("MCR B", max_99494=3, aliases=("Gov",))):
        payers = KnownPayers.of((own, a_payer("Oak", max_99494=1)), (MEDICARE,), (OTHER,))
        found = payers.named("Medicare")
        assert found is not None
        assert found.name == "Medicare"
        assert (found.on(DAY).max_99494, found.on(DAY).timely_filing_months) == (3, 12)
        oak = payers.named("oak")
        assert oak is not None
        assert (oak.on(DAY).max_99494, oak.on(DAY).timely_filing_months) == (1, None)
    assert payers.names.name_of("gov") == "Medicare"


def test_a_practices_payer_may_be_one_without_rules_else() -> None:
    """Rules for `UHC` are UnitedHealthcare's."""
    payers = KnownPayers.of((a_payer("UHC", max_99494=2),), (MEDICARE,), (OTHER,))
    found = payers.named("unitedhealthcare")
    assert found is not None
    assert (found.name, found.on(DAY).max_99494) == ("UnitedHealthcare", 2)
    assert found == payers.named("uhc")


def test_a_practices_alias_goes_before_a_built_in_one() -> None:
    """What the practice calls its own is its own."""
    payers = KnownPayers.of((a_payer("Oak", aliases=("MCR",), max_99494=1),), (MEDICARE,))
    assert payers.names.name_of("mcr") == "Oak"
    assert payers.names.name_of("mcr b") == "Medicare"
    both = (a_payer("UHC", max_99494=2), a_payer("Oak", aliases=("UHC",), max_99494=1))
    assert KnownPayers.of(both, (MEDICARE,), (OTHER,)).names.name_of("uhc") == "UnitedHealthcare"
