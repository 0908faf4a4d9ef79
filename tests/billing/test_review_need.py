"""Why a case should be reviewed: each need at its edge, and the more pressing one first."""

from datetime import date, timedelta

import pytest

from billing.clinical import Scale, Score, trends
from billing.review_need import REVIEW_WITHIN, Need, pressing

TODAY = date(2026, 11, 18)
BEGUN = date(2026, 6, 1)


def need(
    *values: tuple[int, int],
    reviewed: int | None = 3,
    signal: bool = False,
    scale: Scale = Scale.PHQ9,
    begun: date | None = BEGUN,
) -> Need:
    """The need of a patient whose scores are (value, days ago), and who was reviewed so many days ago."""
    scores = [
        Score(score_id=n, patient_id=1, scale=scale, value=value, measured_on=TODAY - timedelta(days=ago))
        for n, (value, ago) in enumerate(values)
    ]
    on = None if reviewed is None else TODAY - timedelta(days=reviewed)
    return pressing(signal=signal, begun=begun, reviewed=on, trends=trends(scores), today=TODAY).need


def test_a_signal_comes_before_everything() -> None:
    """Also where nobody has reviewed yet."""
    assert need(signal=True, reviewed=None) is Need.SAFETY


def test_a_review_before_this_episode_is_none() -> None:
    """Whoever came back has not been reviewed since."""
    assert need(reviewed=None) is Need.NEVER_REVIEWED
    assert need(reviewed=(TODAY - BEGUN).days + 1) is Need.NEVER_REVIEWED
    assert need(reviewed=3, begun=None) is Need.REVIEWED


@pytest.mark.parametrize(
    ("last", "ago", "expected"), [(17, 2, Need.WORSE), (16, 2, Need.REVIEWED), (17, 3, Need.REVIEWED)]
)
def test_worse_is_by_what_the_scale_calls_change_and_news_since_the_review(
    last: int, ago: int, expected: Need
) -> None:
    """Five points of PHQ-9, measured after the last review."""
    assert need((12, 30), (last, ago)) is expected


@pytest.mark.parametrize(
    ("first", "last", "weeks", "expected"),
    [
        (15, 11, 8, Need.NOT_IMPROVING),
        (15, 10, 8, Need.THIS_MONTH),
        (12, 9, 8, Need.THIS_MONTH),
        (15, 11, 7, Need.THIS_MONTH),
    ],
)
def test_no_effect_needs_weeks_and_symptoms_that_are_moderate(
    first: int, last: int, weeks: int, expected: Need
) -> None:
    """Eight weeks, less than five points, ten and more; looked at again a fortnight after a review."""
    assert need((first, 7 * weeks + 20), (last, 20), reviewed=19) is expected


def test_no_effect_waits_a_fortnight_after_a_review() -> None:
    """What was just talked about is not put first again."""
    assert need((15, 90), (15, 20), reviewed=13) is Need.REVIEWED
    assert need((15, 90), (15, 20), reviewed=14) is Need.NOT_IMPROVING


def test_overdue_after_four_weeks() -> None:
    """And before that only not reviewed in the month."""
    assert need(reviewed=REVIEW_WITHIN.days) is Need.OVERDUE
    assert need(reviewed=REVIEW_WITHIN.days - 1) is Need.THIS_MONTH
    assert need(reviewed=TODAY.day - 1) is Need.REVIEWED


def test_scales_that_are_no_sum_never_show_an_effect() -> None:
    """C-SSRS is told of as a signal, and not as a score."""
    assert need((3, 90), (3, 20), reviewed=20, scale=Scale.CSSRS) is Need.THIS_MONTH
