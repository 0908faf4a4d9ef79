"""Answers about suicide: which instruments ask, what is a positive answer, and what was said. Pure.

The PHQ-9 and the PHQ-A ask in item 9, the EPDS in item 10, each from 0 to 3. The C-SSRS screener is six questions of
yes or no; its result is the highest one answered with yes. Sources: `docs/safety.md`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Final

from billing.clinical import Scale

#: The answer of a C-SSRS of which only `positive` was said.
POSITIVE: Final = -1
#: Of each scale that asks in one item, its number.
ITEMS: Final = MappingProxyType({Scale.PHQ9: 9, Scale.PHQA: 9, Scale.EPDS: 10})
#: The highest answer to such an item.
HIGHEST_ANSWER: Final = 3
#: The highest question of the C-SSRS screener.
HIGHEST_QUESTION: Final = 6
#: A file's row measured longer ago than this when it was imported is history: it is kept, and nobody is sent word.
HISTORY_AFTER: Final = timedelta(days=30)

_OFTEN = ("not at all", "several days", "more than half the days", "nearly every day")
_MEANINGS = MappingProxyType(
    {
        Scale.PHQ9: _OFTEN,
        Scale.PHQA: _OFTEN,
        Scale.EPDS: ("never", "hardly ever", "sometimes", "yes, quite often"),
        Scale.CSSRS: (
            "negative",
            "wish to be dead",
            "suicidal thoughts",
            "suicidal thoughts with a method",
            "suicidal thoughts with some intent to act",
            "suicidal thoughts with a plan and intent",
            "suicidal behavior",
        ),
    }
)


def is_asked(scale: Scale) -> bool:
    """Whether a scale asks about suicide."""
    return scale in _MEANINGS


def is_positive(answer: int | None) -> bool:
    """Whether an answer is a positive one; None is that nobody said."""
    return answer is not None and answer != 0


def answer_words(scale: Scale, answer: int) -> str:
    """`item 9: 2 of 3 (more than half the days)`, `question 4 (suicidal thoughts with some intent to act)`."""
    if answer == POSITIVE:
        return "positive" if scale not in ITEMS else f"item {ITEMS[scale]}: positive"
    meaning = _MEANINGS[scale][answer]
    if scale in ITEMS:
        return f"item {ITEMS[scale]}: {answer} of {HIGHEST_ANSWER} ({meaning})"
    return meaning if answer == 0 else f"question {answer} of {HIGHEST_QUESTION} ({meaning})"


def range_of_total(scale: Scale, answer: int) -> tuple[int, int]:
    """The totals that a scale with that answer to its item can have."""
    highest = scale.highest
    assert highest is not None, "a scale with such an item has a sum"
    return answer, highest - HIGHEST_ANSWER + answer


@dataclass(frozen=True, slots=True, kw_only=True)
class SafetySignal:
    """A positive answer about suicide of one patient: item 9 of a PHQ, item 10 of an EPDS, or a C-SSRS."""

    #: Of the score that gave it.
    score_id: int
    patient_id: int
    scale: Scale
    #: The answer to the item (1-3), or the highest question answered with yes (C-SSRS, 1-6); `POSITIVE` where only
    #: that was said. For people: `words`.
    level: int
    measured_on: date
    #: Aware, UTC.
    recorded_at: datetime
    #: Member who wrote it down; None for a file.
    recorded_by: int | None = None
    #: The scale's score; what was said of a C-SSRS is its answer.
    total: int = 0

    @property
    def words(self) -> str:
        """`PHQ-9 item 9: 2 of 3 (more than half the days)`, `C-SSRS positive`."""
        return f"{self.scale.value} {answer_words(self.scale, self.level)}"


def is_history(measured_on: date, recorded_at: datetime, *, imported: bool) -> bool:
    """Whether a positive answer came with a file so long after it was given that it is no news."""
    return imported and measured_on < (recorded_at - HISTORY_AFTER).date()


def stands_since(versions: Sequence[tuple[int, bool]]) -> int | None:
    """The version from which on a fact has been as it is: counting, or not.

    Args:
        versions: numbers in order, each with whether the fact was void; earlier ones may be left out.

    Returns:
        None when it has been so since before the first of them.
    """
    if not versions:
        return None
    state = versions[-1][1]
    first = len(versions)
    while first and versions[first - 1][1] == state:
        first -= 1
    if first == 0 and versions[0][0] != 1:
        return None
    return versions[first][0]
