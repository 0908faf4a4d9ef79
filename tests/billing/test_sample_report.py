"""The public sample report: thirty patient-months, reproduced."""

import csv
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from billing.durations import minutes_of, seconds_from_minutes
from billing.episodes import Episode
from billing.evaluate import LineStatus, evaluate_month
from billing.facts import MonthFacts
from billing.months import BillingMonth
from billing.payer import rules_for
from billing.rules import PracticeRules
from tests.support.months import an_entry

REPORT = Path(__file__).parent.parent / "data/akello_sample_billing_report.csv"
ROWS = list(csv.DictReader(REPORT.read_text(encoding="utf-8").splitlines()))


def day(text: str) -> date:
    return datetime.strptime(text, "%m/%d/%Y").replace(tzinfo=UTC).date()


def test_the_sample_has_thirty_rows() -> None:
    """The sample is whole."""
    assert len(ROWS) == 30


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['Last name']}-{row['Date'].replace('/', '-')}")
def test_a_row_of_the_sample_comes_out_as_printed(row: dict[str, str]) -> None:
    """Codes as earned by minutes are those printed; without consent and review nothing is billable."""
    month = BillingMonth.of(day(row["Date"]))
    episode = Episode(
        episode_id=1,
        patient_id=1,
        initial_assessment_on=day(row["Initial Assessment"]),
        payer=row["Payer"],
    )
    seconds = seconds_from_minutes(Decimal(row["Minutes"]))
    facts = MonthFacts(
        patient_id=1,
        month=month,
        entries=(an_entry(1, day=month.last_day, seconds=seconds),),
        episodes=(episode,),
        referring_npi=row["Referring Provider NPI"],
    )
    found = evaluate_month(facts, rules_for(month, PracticeRules()))
    units = {charge.code: charge.units for charge in found.earned}
    printed = {"99492": row["99492"] == "TRUE", "99493": row["99493"] == "TRUE", "99494": int(row["99494"])}
    assert units == {code: int(count) for code, count in printed.items() if count}
    assert abs(minutes_of(found.counted_seconds) - Decimal(row["Minutes"])) <= Decimal("0.017")
    assert found.billable == ()
    assert found.status is (LineStatus.BLOCKED if units else LineStatus.BELOW)
    assert {"consent_missing", "review_missing", "npi_invalid"} <= {each.code for each in found.blockers}
