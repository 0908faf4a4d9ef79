"""A payer's file is a payer, or says what is wrong where."""

from datetime import date, datetime
from typing import Any

import pytest

from billing.payer import DatedRule, Grade, Payer
from billing.payer_file import PayerFileError, payer_of

RULE: dict[str, Any] = {"field": "max_99494", "value": 4, "source": "a bulletin", "grade": "P"}


@pytest.mark.parametrize(
    ("held", "sentence"),
    [
        ({"name": "A"}, "a.toml: there is no rule. Add a [[rule]]."),
        ({"rule": [RULE]}, "a.toml: name is missing."),
        (
            {"name": "A", "color": 1, "rule": [RULE]},
            "a.toml: color is not known. Known: aliases, name, rule.",
        ),
        (
            {"name": "A", "shape": 1, "color": 1, "rule": [RULE]},
            "a.toml: color, shape is not known. Known: aliases, name, rule.",
        ),
        (
            {"name": "A", "rule": [RULE | {"to": "2026-01-01"}]},
            "a.toml, rule 1 (max_99494): to is not a date. Write to = 2026-11-22, without quotes.",
        ),
        (
            {"name": "A", "rule": [RULE | {"value": True}]},
            "a.toml, rule 1 (max_99494): 'yes' is not a whole number from 0 to 99.",
        ),
        (
            {"name": "A", "rule": [RULE | {"value": False}]},
            "a.toml, rule 1 (max_99494): 'no' is not a whole number from 0 to 99.",
        ),
        (
            {"name": "A", "aliases": "B", "rule": [RULE]},
            'a.toml: aliases are a list of names. Write ["MCR B", "Medicare Part B"].',
        ),
        (
            {"name": "A", "aliases": [" "], "rule": [RULE]},
            'a.toml: aliases are a list of names. Write ["MCR B", "Medicare Part B"].',
        ),
        (
            {"name": "A", "rule": [RULE, RULE | {"field": "max_99493"}]},
            "a.toml, rule 2 (max_99493): there is no such field. Fields: time_rule, ",
        ),
        (
            {"name": "A", "rule": [{"field": "max_99494", "source": "x", "grade": "P"}]},
            "a.toml, rule 1 (max_99494): the value is missing.",
        ),
        (
            {"name": "A", "rule": [RULE | {"value": "four"}]},
            "a.toml, rule 1 (max_99494): 'four' is not a whole number from 0 to 99.",
        ),
        ({"name": "A", "rule": [RULE | {"source": ""}]}, "a.toml, rule 1 (max_99494): source is missing."),
        (
            {"name": "A", "rule": [RULE | {"grade": "X"}]},
            "a.toml, rule 1 (max_99494): 'X' is not a valid Grade",
        ),
        (
            {"name": "A", "rule": [RULE | {"from": "2026-01-01"}]},
            "a.toml, rule 1 (max_99494): from is not a date. Write from = 2026-11-22, without quotes.",
        ),
        (
            {"name": "A", "rule": [RULE | {"from": date(2026, 2, 1), "to": date(2026, 1, 31)}]},
            "a.toml, rule 1 (max_99494): it ends on 2026-01-31 before it begins on 2026-02-01.",
        ),
        (
            {"name": "A", "rule": [RULE | {"until": date(2026, 2, 1)}]},
            "a.toml, rule 1 (max_99494): until is not known. Known: field, from, grade, source, to, value, verif",
        ),
        (
            {
                "name": "A",
                "rule": [
                    RULE | {"verified_on": date(2026, 1, 1), "to": date(2026, 1, 31)},
                    RULE | {"verified_on": date(2026, 1, 1), "from": date(2026, 1, 31)},
                ],
            },
            "a.toml: two rules of max_99494 hold on 2026-01-31. End the first the day before.",
        ),
    ],
)
def test_a_wrong_file_says_where_and_what(held: dict[str, Any], sentence: str) -> None:
    """The file, the rule, and what to write."""
    with pytest.raises(PayerFileError) as refused:
        payer_of("a.toml", held)
    assert str(refused.value).startswith(sentence)


def test_a_file_may_say_things_in_their_own_types() -> None:
    """Yes and no, numbers, lists and dates are TOML's own."""
    rules = [
        RULE | {"field": "g0512", "value": True, "from": date(2025, 3, 1)},
        RULE | {"field": "g2214_clinics", "value": False},
        RULE | {"field": "covered_codes", "value": ["99492", "99493"], "verified_on": date(2026, 1, 1)},
        RULE | {"to": date(2026, 1, 30), "verified_on": date(2026, 1, 1)},
        RULE | {"from": date(2026, 1, 31), "verified_on": date(2026, 1, 1)},
        RULE,
    ]
    payer = payer_of("a.toml", {"name": "A", "aliases": ["B"], "rule": rules})
    assert (payer.name, payer.aliases, len(payer.rules)) == ("A", ("B",), 6)
    assert [rule.value for rule in payer.rules[:3]] == [True, False, frozenset({"99492", "99493"})]
    assert (payer.rules[0].first_day, payer.rules[1].first_day) == (date(2025, 3, 1), date.min)
    assert [rule.judges for rule in payer.rules] == [False, False, True, True, True, False]


def test_a_rule_is_read_with_all_that_it_says() -> None:
    """Its days, its source, how sure that is, and when a person read it; never as a practice's own."""
    said = RULE | {
        "from": date(2026, 1, 1),
        "to": date(2026, 6, 30),
        "verified_on": date(2026, 7, 1),
        "grade": "?",
    }
    assert payer_of("a.toml", {"name": "A", "rule": [said]}) == Payer(
        name="A",
        rules=(
            DatedRule(
                field="max_99494",
                value=4,
                first_day=date(2026, 1, 1),
                last_day=date(2026, 6, 30),
                source="a bulletin",
                grade=Grade.DISPUTED,
                verified_on=date(2026, 7, 1),
            ),
        ),
    )


def test_a_rule_may_last_a_day_and_end_the_day_before_the_next() -> None:
    """Both days are included."""
    one = RULE | {"from": date(2026, 1, 1), "to": date(2026, 1, 1), "verified_on": date(2026, 7, 1)}
    two = RULE | {"from": date(2026, 1, 2), "verified_on": date(2026, 7, 1)}
    assert len(payer_of("a.toml", {"name": "A", "rule": [two, one]}).rules) == 2


@pytest.mark.parametrize(
    "rule",
    [
        RULE | {"field": 4},
        RULE | {"field": ["max_99494"]},
        RULE | {"source": 4},
        RULE | {"grade": None},
        RULE | {"verified_on": datetime(2026, 1, 1, 8, 0)},  # noqa: DTZ001 - a local time of TOML
        {"value": 4, "source": "x", "grade": "P"},
    ],
)
def test_no_other_types_are_taken(rule: dict[str, Any]) -> None:
    """A number for a text, a time for a day."""
    with pytest.raises(PayerFileError, match=r"^a\.toml, rule 1 \("):
        payer_of("a.toml", {"name": "A", "rule": [rule]})


def test_two_rules_without_an_end_overlap() -> None:
    """The later one needs the earlier one to end."""
    one = RULE | {"verified_on": date(2026, 7, 1)}
    two = one | {"from": date(2027, 1, 1)}
    with pytest.raises(PayerFileError, match="two rules of max_99494 hold on 2027-01-01"):
        payer_of("a.toml", {"name": "A", "rule": [one, two]})
