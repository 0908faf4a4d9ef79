"""When a score that rose is news: by what its instrument calls change, compared with the best score before."""

from datetime import date, timedelta

import pytest

from billing.clinical import Scale, Score
from billing.reliable_change import CHANGES, least_change, rise_of


def scores(scale: Scale, *values: int) -> list[Score]:
    """One a week."""
    return [
        Score(
            score_id=n,
            patient_id=1,
            scale=scale,
            value=value,
            measured_on=date(2026, 9, 1) + timedelta(weeks=n),
        )
        for n, value in enumerate(values, 1)
    ]


@pytest.mark.parametrize(
    ("scale", "points"),
    [(Scale.PHQ9, 5), (Scale.GAD7, 4), (Scale.PCL5, 9), (Scale.EPDS, 4), (Scale.AUDIT, 1)],
)
def test_a_rise_is_news_from_the_published_figure_on(scale: Scale, points: int) -> None:
    """One point less is none; a scale without a published figure rises by any point."""
    assert least_change(scale) == points
    assert rise_of(scores(scale, 5, 5 + points - 1)) is None
    rise = rise_of(scores(scale, 5, 5 + points))
    assert rise is not None
    assert rise.points == points


def test_small_steps_add_up() -> None:
    """Three points and three points are six above the best score, which is the newest of its value."""
    rise = rise_of(scores(Scale.PHQ9, 8, 8, 11, 14))
    assert rise is not None
    assert (rise.before.score_id, rise.last.score_id, rise.points) == (2, 4, 6)


def test_one_score_or_a_better_one_is_no_rise() -> None:
    """There is nothing to compare with, or it went the right way."""
    assert rise_of([]) is None
    assert rise_of(scores(Scale.PHQ9, 20)) is None
    assert rise_of(scores(Scale.PHQ9, 20, 12)) is None


def test_of_several_scales_the_larger_rise_is_told() -> None:
    """In parts of what each calls change."""
    rise = rise_of([*scores(Scale.PHQ9, 5, 10), *scores(Scale.GAD7, 4, 12)])
    assert rise is not None
    assert rise.last.scale is Scale.GAD7


def test_each_figure_names_its_source() -> None:
    """A figure without one is an opinion."""
    assert all("doi:" in change.source for change in CHANGES.values())
