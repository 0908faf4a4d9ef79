"""How much of a patient's month was measured by a timer."""

from collections.abc import Iterable
from dataclasses import dataclass

from services.context import Context
from services.months.standing import Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class TimedShare:
    """Of the seconds logged for one patient in one month, those that a timer measured."""

    timed_seconds: int
    #: All that was logged, counted or not.
    seconds: int


def timed_shares(context: Context, standings: Iterable[Standing]) -> tuple[TimedShare | None, ...]:
    """For each standing, how much of it was timed; None where nothing was.

    An entry whose length somebody changed since is not what was measured. Asks the database only where an entry has
    clock times at all.
    """
    kept = tuple(standings)
    clocked = [entry_id for one in kept for entry_id in one.clocked]
    timed = context.uow.ledger.timed(clocked) if clocked else frozenset()
    return tuple(_share(one, timed) for one in kept)


def _share(standing: Standing, timed: frozenset[int]) -> TimedShare | None:
    verdicts = standing.result.verdicts
    seconds = sum(one.seconds for one in verdicts if one.entry_id in timed)
    if not seconds:
        return None
    return TimedShare(timed_seconds=seconds, seconds=sum(one.seconds for one in verdicts))
