"""Every example of docs/billing-rules.md is run from the document, and comes out as it says there."""

import pytest

from tests.support.rule_examples import DOCUMENT, check_month, examples

TEXT = DOCUMENT.read_text(encoding="utf-8")
MONTHS = [
    pytest.param(one.text, id=f"{one.rule}-{number}")
    for number, one in enumerate(examples(TEXT))
    if one.kind == "month"
]


@pytest.mark.parametrize("text", MONTHS)
def test_a_month_comes_out_as_the_document_says(text: str) -> None:
    """Codes, time, findings and dates are those that stand behind the arrows."""
    assert check_month(text)


def test_each_rule_has_an_example_that_is_run() -> None:
    """An example is more than words."""
    run = {one.rule for one in examples(TEXT)}
    documented = {line.split()[1] for line in TEXT.splitlines() if line.startswith("### R-")}
    assert run == documented
    # Nothing that looks like an example is passed over.
    assert len(examples(TEXT)) == TEXT.count("\n```month\n") + TEXT.count("\n```story\n")


def test_an_example_that_does_not_hold_fails() -> None:
    """What is written behind an arrow is compared, and a slip in a line is an error."""
    for wrong in ("59 min => 99493", "60 min => nothing", "60 mins => 99493", "60 min => fine", "60 min"):
        with pytest.raises(AssertionError):
            check_month(wrong)
