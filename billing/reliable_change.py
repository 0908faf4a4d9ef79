"""By how much a score must rise before its instrument calls that a change; figures with their sources. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from billing.clinical import Scale, Score, trends


@dataclass(frozen=True, slots=True, kw_only=True)
class ReliableChange:
    """The least difference between two scores that is more than chance, as published."""

    points: int
    #: Where the figure is published.
    source: str


#: Scales without a row have no published figure that is generally used: any rise of theirs is news.
CHANGES: Final[Mapping[Scale, ReliableChange]] = MappingProxyType(
    {
        Scale.PHQ9: ReliableChange(
            points=5,
            source=(
                "Löwe B, Unützer J, Callahan CM, et al. Monitoring depression treatment outcomes with the Patient "
                "Health Questionnaire-9. Med Care 2004;42(12):1194-1201. doi:10.1097/00005650-200412000-00006"
            ),
        ),
        Scale.GAD7: ReliableChange(
            points=4,
            source=(
                "Toussaint A, Hüsing P, Gumz A, et al. Sensitivity to change and minimal clinically important "
                "difference of the 7-item Generalized Anxiety Disorder Questionnaire (GAD-7). J Affect Disord "
                "2020;265:395-401. doi:10.1016/j.jad.2020.01.032"
            ),
        ),
        Scale.PCL5: ReliableChange(
            points=9,
            source=(
                "The minimal important difference of the PCL-5 among primary care patients is 9 to 12 points. J Trauma "
                "Stress 2023;36(6):1102-1114. doi:10.1002/jts.22975"
            ),
        ),
        Scale.EPDS: ReliableChange(
            points=4,
            source=(
                "Matthey S. Calculating clinically significant change in postnatal depression studies using the "
                "Edinburgh Postnatal Depression Scale. J Affect Disord 2004;78(3):269-272. "
                "doi:10.1016/S0165-0327(02)00313-0"
            ),
        ),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rise:
    """A score that is higher than it was by what its instrument calls change."""

    #: The lowest of the scores before, the newest of those.
    before: Score
    last: Score

    @property
    def points(self) -> int:
        """By how much."""
        return self.last.value - self.before.value


def rise_of(scores: Sequence[Score]) -> Rise | None:
    """How the newest score of each scale rose above the best one before it; of several, the largest.

    Comparing with the best, and not only with the one before, finds who gets worse in small steps.
    """
    found = []
    for trend in trends(scores):
        *earlier, last = trend.scores
        if not earlier:
            continue
        before = min(reversed(earlier), key=lambda score: score.value)
        if last.value - before.value >= least_change(trend.scale):
            found.append(Rise(before=before, last=last))
    return max(found, key=lambda rise: rise.points / least_change(rise.last.scale), default=None)


def least_change(scale: Scale) -> int:
    """Points by which a score of a scale must rise to be news; one where none is published."""
    return CHANGES[scale].points if scale in CHANGES else 1
