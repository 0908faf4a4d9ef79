"""Why a case should be reviewed, and how pressing that is. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum

from billing.clinical import Scale, Trend
from billing.reliable_change import Rise, least_change, rise_of

#: A review this long ago is due again.
REVIEW_WITHIN = timedelta(days=28)
#: Treatment that has gone on for so long without effect is looked at again.
NO_EFFECT_AFTER = timedelta(weeks=8)
#: Who does not get better is not put first again for so long after a review.
_LOOKED_AT = timedelta(days=14)
#: Scores from which symptoms are moderate, on the scales that can show treatment without effect. PHQ-9: Kroenke,
#: Spitzer, Williams, J Gen Intern Med 2001;16:606. GAD-7: Spitzer et al., Arch Intern Med 2006;166:1092.
_MODERATE = {Scale.PHQ9: 10, Scale.GAD7: 10}


class Need(IntEnum):
    """What puts a patient where they stand in the agenda, the most pressing first."""

    SAFETY = 1
    NEVER_REVIEWED = 2
    WORSE = 3
    NOT_IMPROVING = 4
    OVERDUE = 5
    #: Not reviewed in the calendar month yet.
    THIS_MONTH = 6
    #: Reviewed in the month, and nothing new.
    REVIEWED = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressing:
    """The first need that holds for a patient, and what shows it."""

    need: Need
    #: Of a score that rose; of treatment without effect, the scale that shows it.
    rise: Rise | None = None
    trend: Trend | None = None


def pressing(
    *, signal: bool, begun: date | None, reviewed: date | None, trends: Sequence[Trend], today: date
) -> Pressing:
    """The most pressing need of one patient's review.

    Args:
        signal: whether a positive answer about suicide waits to be seen.
        begun: local date on which the episode began; None where it is not on file.
        reviewed: local date of the last review; None without one.
        trends: the scores of the episode, by scale.
        today: the local date.
    """
    if signal:
        return Pressing(need=Need.SAFETY)
    if reviewed is None or (begun is not None and reviewed < begun):
        return Pressing(need=Need.NEVER_REVIEWED)
    risen = rise_of([score for trend in trends for score in trend.scores])
    if risen is not None and risen.last.measured_on > reviewed:
        return Pressing(need=Need.WORSE, rise=risen)
    idle = next((trend for trend in trends if _has_no_effect(trend, reviewed, today)), None)
    if idle is not None:
        return Pressing(need=Need.NOT_IMPROVING, trend=idle)
    if today - reviewed >= REVIEW_WITHIN:
        return Pressing(need=Need.OVERDUE)
    same_month = (reviewed.year, reviewed.month) == (today.year, today.month)
    return Pressing(need=Need.REVIEWED if same_month else Need.THIS_MONTH)


def _has_no_effect(trend: Trend, reviewed: date, today: date) -> bool:
    """Whether weeks of treatment have left symptoms moderate or worse, and changed nothing that counts."""
    first, last = trend.scores[0], trend.scores[-1]
    if trend.scale not in _MODERATE or last.measured_on - first.measured_on < NO_EFFECT_AFTER:
        return False
    if last.measured_on <= reviewed and today - reviewed < _LOOKED_AT:
        return False
    return last.value >= _MODERATE[trend.scale] and first.value - last.value < least_change(trend.scale)
