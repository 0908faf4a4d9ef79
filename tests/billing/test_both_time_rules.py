"""What real payers ask of a month, under either time rule of the practice."""

import pytest

from tests.support.rule_examples import check_month

#: What is so, and what comes of it by full times and by the midpoint.
MONTHS = (
    ("payer Medicare; 50 min", "99493; billable; no findings", "99493; billable; no findings"),
    (
        "then payer Cedar Health from 11/16; 60 min on 11/5; 20 min on 11/20",
        "99493; for Lakeside Health; date of service 11/5",
        "99493; for Lakeside Health; date of service 11/5",
    ),
    (
        "then payer Cedar Health from 11/16; 40 min on 11/5; 25 min on 11/20",
        "99493; for Cedar Health; bills nothing; blocker payer changed within the month",
        "99493; for Lakeside Health; billable",
    ),
    (
        '60 min noted "therapy session 90837"',
        "nothing; 0 min counted; warning time held",
        "nothing; 0 min counted; warning time held",
    ),
    (
        "discharged 11/29; then enrolled in BHI 11/29; 60 min on 11/3; 50 min on 11/5",
        "99493 + 99494; billable",
        "99493 + 2x99494; billable",
    ),
    (
        "60 min; 45 min by consultant",
        "99493 + 99494; bills 99493; warning consultant minutes decide",
        "99493 + 99494; bills 99493; warning consultant minutes decide",
    ),
    (
        "no review; 45 min; 15 min on 11/5 as case review with consultant",
        "99493; billable",
        "99493; billable",
    ),
    (
        "60 min; service 99484 on 11/12",
        "99493; blocked; blocker another claim of this family",
        "99493; blocked; blocker another claim of this family",
    ),
    (
        "General BHI month; no scale; 20 min",
        "99484; blocked; blocker validated scale missing",
        "99484; blocked; blocker validated scale missing",
    ),
    (
        "first month; payer limit_99492=per calendar year; 99492 taken in 2026-02; 70 min",
        "99493; note 99492 already earned this year",
        "99493; note 99492 already earned this year",
    ),
    (
        "60 min; review on 11/20 recorded 11/24",
        "99493; blocked; blocker a late record decides",
        "99493; blocked; blocker a late record decides",
    ),
    (
        "enrolled in APCM; 60 min",
        "99493; blocked; blocker enrolled in APCM",
        "99493; blocked; blocker enrolled in APCM",
    ),
    (
        "payer Texas Medicaid; place of service 50; 59 min",
        "nothing",
        "nothing",
    ),
)


@pytest.mark.parametrize(("said", "strict", "midpoint"), MONTHS, ids=[said for said, _, _ in MONTHS])
def test_a_month_comes_out_under_either_time_rule(said: str, strict: str, midpoint: str) -> None:
    """Where both say the same, the rule does not hang on how full a stretch of time must be."""
    assert check_month(f"strict; {said} => {strict}")
    assert check_month(f"midpoint; {said} => {midpoint}")
