"""Scores over time, assessments and statements."""

from datetime import date

import pytest

from billing.clinical import (
    Assessment,
    Direction,
    Scale,
    initial_assessment,
    scale_named,
    trends,
)
from tests.support.months import a_score


@pytest.mark.parametrize(
    ("text", "scale"),
    [
        ("phq9", Scale.PHQ9),
        ("PHQ-9", Scale.PHQ9),
        ("gad 7", Scale.GAD7),
        ("c-ssrs", Scale.CSSRS),
        ("pain", None),
    ],
)
def test_scales_are_named_as_people_write_them(text: str, scale: Scale | None) -> None:
    """Case, spaces and hyphens do not matter."""
    assert scale_named(text) is scale


def test_scales_know_their_highest_score() -> None:
    """PHQ-9 ends at 27; what is not one sum has no highest."""
    assert (Scale.PHQ9.highest, Scale.GAD7.highest, Scale.VANDERBILT.highest) == (27, 21, None)


def test_scores_are_told_by_scale_in_the_order_of_time() -> None:
    """Two scales, their scores oldest first."""
    later, first = a_score(date(2026, 11, 1), 9, score_id=3), a_score(date(2026, 10, 1), 14)
    gad = a_score(date(2026, 10, 15), 10, score_id=2, scale=Scale.GAD7)
    phq_trend, gad_trend = trends([later, gad, first])
    assert (phq_trend.scale, phq_trend.scores, phq_trend.change) == (Scale.PHQ9, (first, later), -5)
    assert (gad_trend.scores, gad_trend.change, gad_trend.latest) == ((gad,), 0, Direction.SAME)


@pytest.mark.parametrize(
    ("values", "direction"),
    [
        ([14, 9], Direction.BETTER),
        ([9, 14], Direction.WORSE),
        ([9, 9], Direction.SAME),
        ([20, 9, 10], Direction.WORSE),
        ([5, 20, 19], Direction.BETTER),
    ],
)
def test_the_latest_direction(values: list[int], direction: Direction) -> None:
    """The last score against the one before it; lower is better."""
    scores = [a_score(date(2026, 10, day), value, score_id=day) for day, value in enumerate(values, 1)]
    assert trends(scores)[0].latest is direction


def test_a_later_assessment_never_moves_the_initial_one() -> None:
    """The earliest assessment is the initial one; without any there is none."""
    dates = [date(2026, 3, 1), date(2026, 1, 5), date(2026, 2, 1)]
    assert initial_assessment(Assessment(assessed_on=day) for day in dates) == date(2026, 1, 5)
    assert initial_assessment([]) is None
