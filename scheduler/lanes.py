"""Chooses which deliveries may be sent now: those that have waited long enough, one at a time for each recipient."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from services.messages.deliveries import Delivery, Recipient, State

#: Seconds between two messages in one channel.
PACE: Final = 1.0
#: States out of which something is posted.
_POSTING: Final = frozenset({State.NEW, State.FAILED})


@dataclass(frozen=True, slots=True, kw_only=True)
class LaneChoice:
    """What to do next."""

    ready: tuple[Delivery, ...]
    #: Seconds until something that waits may be ready, counting from when this was chosen; None: nothing waits.
    pause: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sighting:
    """When a node first saw a version of a delivery, by its own steady clock."""

    version: int
    at: float
    recipient: Recipient
    #: It was so before this program first looked.
    inherited: bool


class Lanes:
    """One node's view of who waits for what.

    Waits are counted on the node's own steady clock from when it first saw a version. Clocks that differ between
    nodes, or jump, thus never end a lease or a settle time too early. A program that runs but once has no time
    to watch: `one_shot` believes the instants given and stored, and tries at once what was refused before.
    """

    def __init__(self, *, one_shot: bool = False) -> None:
        self._one_shot = one_shot
        self._seen: dict[str, _Sighting] | None = None
        #: When something was last seen to happen in a recipient's lane.
        self._used: dict[Recipient, float] = {}
        self._held_until = 0.0

    def hold(self, seconds: float, at: float) -> None:
        """Choose nothing for a while, because Slack or the database asks for it.

        Args:
            seconds: how long.
            at: the node's steady clock, in seconds.
        """
        self._held_until = max(self._held_until, at + seconds)

    def choose(
        self, waiting: Iterable[Delivery], now: datetime, at: float, under_way: Collection[Recipient] = ()
    ) -> LaneChoice:
        """Choose at most one delivery for each recipient.

        Args:
            waiting: every delivery that is not final, earliest due first.
            now: aware instant; believed only by a program that runs once.
            at: the node's steady clock, in seconds.
            under_way: recipients with whom this node is busy itself.
        """
        rows = tuple(waiting)
        seen = self._watch(rows, at)
        if at < self._held_until:
            return LaneChoice(ready=(), pause=self._held_until - at)
        unsent = {row.delivery_id for row in rows}
        left = {row.delivery_id: self._wait_left(row, seen[row.delivery_id], now, at) for row in rows}
        busy = {row.recipient for row in rows if row.state is State.SENDING and left[row.delivery_id] > 0}
        ready: dict[Recipient, Delivery] = {}
        pauses: list[float] = []
        for row in rows:
            if row.thread_of in unsent or row.recipient in under_way:
                continue
            wait = max(left[row.delivery_id], self._pace_left(row, at))
            if wait > 0:
                pauses.append(wait)
            elif row.recipient in busy or row.recipient in ready:
                pauses.append(PACE)
            else:
                ready[row.recipient] = row
        return LaneChoice(ready=tuple(ready.values()), pause=min(pauses, default=None))

    def _watch(self, rows: tuple[Delivery, ...], at: float) -> dict[str, _Sighting]:
        before = self._seen
        seen: dict[str, _Sighting] = {}
        for row in rows:
            known = before.get(row.delivery_id) if before else None
            if known is None or known.version != row.version:
                if known is not None or row.state is State.SENDING:
                    self._used[row.recipient] = at
                known = _Sighting(
                    version=row.version, at=at, recipient=row.recipient, inherited=before is None
                )
            seen[row.delivery_id] = known
        for delivery_id, sighting in (before or {}).items():
            if delivery_id not in seen:
                self._used[sighting.recipient] = at
        self._used = {recipient: when for recipient, when in self._used.items() if at - when < PACE}
        self._seen = seen
        return seen

    def _wait_left(self, row: Delivery, sighting: _Sighting, now: datetime, at: float) -> float:
        waited = at - sighting.at
        if self._one_shot:
            if row.state is State.FAILED and sighting.inherited:
                return 0.0
            waited = max(waited, (now - row.changed_at).total_seconds())
        return row.wait_seconds - waited

    def _pace_left(self, row: Delivery, at: float) -> float:
        """Only posting has a pace, looking does not."""
        used = self._used.get(row.recipient) if row.state in _POSTING else None
        return 0.0 if used is None else used + PACE - at
