"""Chances: that some calls add up to some time, and how forecasts are put right by how earlier ones came out. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import erfc, exp, log, sqrt

#: Sums stop where what is left out is below this.
_NEGLIGIBLE = 1e-9
#: No chance short of none and of certainty is taken for less than this, or more than the rest.
_LEAST = 1e-4
#: How far earlier months may shift the odds, and bend them: the weight of "not at all" beside what was seen.
_SHIFT_PRIOR, _BEND_PRIOR = 1.0, 4.0
_LEAST_BEND = 0.2
#: Patients of one month share its leave and its rush, so each says half as much as if they did not; and no month is
#: quite like those before, so odds are drawn towards even by an eighth.
_WEIGHT = 0.5
_DAMPED = 0.88
_ROUNDS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Calls:
    """How many calls may come about, and how long they are.

    Their number is uncertain twice: it is chance, and how often this patient is called is known from few weeks only.
    """

    #: Calls counted so far (with those that usual patients lend), and the days left for each day they were counted on.
    shape: float
    scale: float
    #: Mean seconds of a call, and their spread as a share of it.
    seconds: float
    spread: float
    #: The chance that one more, which is planned, comes about.
    comes: float = 0.0

    def reach(self, needed: int) -> float:
        """The chance that they add up to so many seconds."""
        if needed <= 0:
            return 1.0
        if self.scale <= 0 and not self.comes:
            return 0.0
        odds = self.scale / (1 + self.scale)
        likely = (1 + self.scale) ** -self.shape
        left = 1.0
        enough, number, found = 0.0, 0, 0.0
        while left > _NEGLIGIBLE:
            one_more = max(enough, self._enough(number + 1, needed))
            found += likely * ((1 - self.comes) * enough + self.comes * one_more)
            left -= likely
            if one_more - enough < _NEGLIGIBLE and one_more > 1 - _NEGLIGIBLE:
                break
            likely *= odds * (self.shape + number) / (number + 1)
            enough, number = one_more, number + 1
        return min(1.0, found + max(0.0, left) * enough)

    def _enough(self, calls: int, needed: int) -> float:
        """The chance that so many calls are long enough together (gamma distribution, by Wilson and Hilferty)."""
        shape = calls / (self.spread * self.spread)
        ratio = needed / (calls * self.seconds)
        distance = (ratio ** (1 / 3) - 1 + 1 / (9 * shape)) * 3 * sqrt(shape)
        return 0.5 * erfc(distance / sqrt(2))


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """How chances are put right: their odds shifted and bent. Never turned round: more stays more."""

    shift: float = 0.0
    bend: float = 1.0

    def of(self, chance: float) -> float:
        """A chance, put right; none and certainty stay."""
        if chance <= 0 or chance >= 1:
            return chance
        return _chance(_DAMPED * (self.shift + self.bend * _odds(chance)))


def correction_of(seen: Sequence[tuple[float, bool]]) -> Correction:
    """What puts right the chances that were seen to come about or not; few of them change little.

    Logistic regression on the odds, with a prior of no correction, by Newton's method.
    """
    points = [(_odds(chance), came) for chance, came in seen if chance > 0]
    shift, bend = 0.0, 1.0
    for _ in range(_ROUNDS):
        # The slope of the penalized likelihood, and its curvature.
        by_shift, by_bend = -_SHIFT_PRIOR * shift, -_BEND_PRIOR * (bend - 1)
        shift_shift, shift_bend, bend_bend = _SHIFT_PRIOR, 0.0, _BEND_PRIOR
        for odds, came in points:
            chance = _chance(shift + bend * odds)
            missed, weight = _WEIGHT * (came - chance), _WEIGHT * chance * (1 - chance)
            by_shift += missed
            by_bend += missed * odds
            shift_shift += weight
            shift_bend += weight * odds
            bend_bend += weight * odds * odds
        whole = shift_shift * bend_bend - shift_bend * shift_bend
        shift += (by_shift * bend_bend - by_bend * shift_bend) / whole
        bend = max(_LEAST_BEND, bend + (by_bend * shift_shift - by_shift * shift_bend) / whole)
    return Correction(shift=shift, bend=bend)


def _odds(chance: float) -> float:
    """The logarithm of the odds."""
    held = min(max(chance, _LEAST), 1 - _LEAST)
    return log(held / (1 - held))


def _chance(odds: float) -> float:
    return 1 / (1 + exp(-min(max(odds, -40.0), 40.0)))
