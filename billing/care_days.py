"""The days of a patient that lie in Collaborative Care: in a CoCM episode, under consent, in no facility."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from billing.clinical import Admission
from billing.counting import outside_care
from billing.episodes import Episode, Program, holding_on, in_order

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class CareDays:
    """Episodes, and stays of days that do not count; time on such a day keeps an episode alive (R-253)."""

    #: The oldest first.
    episodes: Sequence[Episode]
    admissions: Sequence[Admission] = ()

    @classmethod
    def of(cls, episodes: Iterable[Episode], admissions: Sequence[Admission] = ()) -> "CareDays":
        """Those of a patient, in any order."""
        return cls(in_order(episodes), admissions)

    def holds(self, day: date) -> bool:
        """Whether time on a local date is CoCM care."""
        if not self.episodes:
            return False
        own = [one for one in holding_on(day, self.episodes) if one.program is Program.COCM]
        if not own or outside_care(day, own) is not None:
            return False
        return not any(one.holds_on(day) for one in self.admissions)

    def last_until(self, day: date) -> date | None:
        """The last local date in care up to a day; None where there is none."""
        if self.holds(day):
            return day
        return max((end for end in self._ends() if end < day and self.holds(end)), default=None)

    def _ends(self) -> Iterable[date]:
        """The last days of whatever ends, of which care may be one."""
        for episode in self.episodes:
            if episode.starts_on > date.min:
                yield episode.starts_on - _DAY
            yield episode.starts_on
            if episode.discharged_on is not None:
                yield episode.discharged_on
            yield from (one.revoked_on for one in episode.consents if one.revoked_on is not None)
        yield from (one.admitted_on - _DAY for one in self.admissions)


def last_before_episodes(episodes: Iterable[Episode], days: Iterable[date]) -> tuple[date, ...]:
    """The last of some days before each CoCM episode but the first began, in the month in which it did.

    Args:
        episodes: A patient's.
        days: Local dates with CoCM care.
    """
    begins = sorted({one.starts_on for one in episodes if one.program is Program.COCM})[1:]
    if not begins:
        return ()
    known = sorted(days)
    found = {
        max(before)
        for begin in begins
        if (before := [day for day in known if begin.replace(day=1) <= day < begin])
    }
    return tuple(sorted(found))
