"""A Slack in memory that takes, refuses, drops, hangs and shows things late, as chance has it."""

import asyncio
from collections import Counter, deque
from dataclasses import dataclass
from random import Random
from typing import Final

from scheduler.lanes import PACE
from scheduler.outbox import DEADLINE, SETTLE
from services.deliveries import (
    Ambiguous,
    Delivery,
    FileStarted,
    JobName,
    Limited,
    Missing,
    Part,
    PartKind,
    Recipient,
    Refused,
    Sent,
    Trouble,
    Uploaded,
)

#: What happened to a call, and how often in a storm, of a hundred calls; what is left goes well.
STORM: Final = {
    "drop_before": 10,
    "drop_after": 10,
    "error": 8,
    "limited": 10,
    "hang": 14,
}
#: How soon what Slack accepted can be found.
_SHOWN_WITHIN = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """Something in a channel that people see."""

    at: float
    delivery_id: str
    period: str
    recipient: Recipient
    part: PartKind
    job: JobName
    thread_ts: str | None
    sent: Sent


class SlackDouble:
    """The `Notifier` of every node, and the memory of what people saw."""

    def __init__(self, chance: Random) -> None:
        self._chance = chance
        #: Everything people see, in order.
        self.shown: list[Shown] = []
        self._by_delivery: dict[str, list[Shown]] = {}
        self._last: dict[Recipient, float] = {}
        self._files: dict[str, bool] = {}
        #: What happens to the next calls, before chance has a say.
        self.to_come: deque[str] = deque()
        #: Share of calls that meet the fates of `STORM`: 0 is fair weather.
        self.storm = 0.0
        #: Why the billing channel takes nothing, while it takes nothing.
        self.billing_refuses: str | None = None
        #: Deliveries that Slack accepted later than it may: the one residual.
        self.too_late: set[str] = set()
        #: How often a hanging call is accepted later than it may.
        self.residual = 0.0
        #: Fates met, for the record.
        self.fates: Counter[str] = Counter()

    async def send(self, part: Part) -> Sent | Trouble:
        """See `Notifier`."""
        return await self._share(part)

    async def complete_file(self, part: Part) -> Sent | Trouble:
        """See `Notifier`. Shares again what was shared before: the caller must look first."""
        if not self._files.get(part.delivery.file_id or ""):
            return Refused(code="file_not_found")
        return await self._share(part)

    async def start_file(self, part: Part) -> FileStarted | Trouble:
        """See `Notifier`."""
        trouble = await self._harmless_trouble()
        if trouble is not None:
            return trouble
        file_id = f"F{len(self._files)}-{part.delivery.part}"
        self._files[file_id] = False
        return FileStarted(file_id=file_id, upload_url=file_id)

    async def upload_file(self, part: Part, upload_url: str) -> Uploaded | Trouble:
        """See `Notifier`."""
        assert part.content is not None
        trouble = await self._harmless_trouble()
        if trouble is not None:
            return trouble
        self._files[upload_url] = True
        return Uploaded()

    async def find(self, delivery: Delivery, thread: Sent | None) -> Sent | Missing | Trouble:
        """See `Notifier`."""
        assert delivery.is_file == (thread is not None)
        trouble = await self._harmless_trouble()
        if trouble is not None:
            return trouble
        visible = _now() - self._chance.uniform(0, _SHOWN_WITHIN)
        for shown in self._by_delivery.get(delivery.delivery_id, ()):
            if shown.at <= visible:
                return shown.sent
        return Missing()

    def _fate(self) -> str:
        if self.to_come:
            return self.to_come.popleft()
        luck = self._chance.random() * 100
        if self.storm:
            for fate, share in STORM.items():
                luck -= share * self.storm
                if luck < 0:
                    self.fates[fate] += 1
                    return fate
        return "well"

    async def _harmless_trouble(self) -> Trouble | None:
        fate = self._fate()
        await asyncio.sleep(60 if fate == "hang" else 0.05)
        if fate == "limited":
            return Limited(seconds=self._chance.choice([1, 3, 30]))
        return None if fate == "well" else Ambiguous()

    async def _share(self, part: Part) -> Sent | Trouble:
        delivery = part.delivery
        if delivery.recipient.member_id is None and self.billing_refuses:
            return Refused(code=self.billing_refuses)
        fate = self._fate()
        if fate == "limited":
            return Limited(seconds=self._chance.choice([1, 3, 30]))
        try:
            await asyncio.sleep(0.05)
        except asyncio.CancelledError:
            # The node died after it wrote its request, or before.
            if self._chance.random() < 0.5:
                self._later(self._chance.uniform(0, 10), part)
            raise
        if _now() - self._last.get(delivery.recipient, -PACE) < PACE:
            self.fates["paced"] += 1
            return Limited(seconds=1)
        if fate == "hang":
            await self._hang(part)
        if fate == "drop_before" or (fate == "error" and self._chance.random() < 0.5):
            return Ambiguous()
        sent = self._accept(part)
        await asyncio.sleep(0.05)
        return sent if fate == "well" else Ambiguous()

    async def _hang(self, part: Part) -> None:
        if self._chance.random() < self.residual:
            self.too_late.add(part.delivery.delivery_id)
            self._later(self._chance.uniform(60, 600), part)
        elif self._chance.random() < 0.7:
            # The worst is what comes last.
            self._later(
                self._chance.choice([1, DEADLINE, DEADLINE + SETTLE - 2, DEADLINE + SETTLE - 1]), part
            )
        await asyncio.sleep(3600)

    def _later(self, seconds: float, part: Part) -> None:
        asyncio.get_running_loop().call_later(seconds, self._accept, part)

    def _accept(self, part: Part) -> Sent:
        delivery = part.delivery
        self._last[delivery.recipient] = _now()
        sent = Sent(channel=f"D{delivery.recipient}", ts=f"{len(self.shown)}.0")
        shown = Shown(
            at=_now(),
            delivery_id=delivery.delivery_id,
            period=delivery.period,
            recipient=delivery.recipient,
            part=delivery.part,
            job=delivery.job,
            thread_ts=None if part.thread is None else part.thread.ts,
            sent=sent,
        )
        self.shown.append(shown)
        self._by_delivery.setdefault(delivery.delivery_id, []).append(shown)
        return sent


def _now() -> float:
    return asyncio.get_running_loop().time()
