"""Keeps the rows of morning messages true: a row that was acted on is replaced where it stands, with the way back.

What a row says is read from what is on file, and what was done from the reader's own acts since the message was sent.
So it does not matter where they acted, by the row's buttons, a form or a typed line, nor which node serves them; an
undo makes the row what it was. The message itself is the only place that knows which rows it has.
"""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, Final
from weakref import WeakValueDictionary

import structlog
from slack_sdk.errors import SlackApiError

from billing.people import Member
from bot.context import BotContext
from bot.kit import MESSAGE_BLOCKS
from bot.replies import Block
from bot.screens.morning_rows import RowKey, handle_in, is_changed, row_now
from services.errors import Refusal, StorageError
from services.messages import rows
from services.messages.rows import RowNow

log = structlog.get_logger(__name__)

#: A person's acts within so many seconds are one look.
SETTLE_SECONDS: Final = 0.5
#: Seconds for which it is believed that nobody has sent a member their message of today yet.
BELIEVED_SECONDS: Final = 5.0


@dataclass(frozen=True, slots=True)
class Where:
    """A message in Slack."""

    channel: str
    ts: str

    @property
    def sent_at(self) -> datetime:
        """When it was posted; aware."""
        return datetime.fromtimestamp(float(self.ts), UTC)


@dataclass(slots=True)
class _Todays:
    """A member's morning message of a day, as far as this program knows."""

    day: date
    where: Where | None
    #: Patients whom it names; None until it was looked at.
    handles: frozenset[str] | None = None
    #: The last of the member's acts that was looked at.
    act_id: int = 0
    #: By the event loop's clock: until when no message is looked for, where there was none.
    believed_until: float = 0.0


@dataclass
class MorningMessages:
    """The morning messages of one practice."""

    bot: BotContext
    #: One at a time for each message, so that no older content comes last.
    _turns: WeakValueDictionary[Where, asyncio.Lock] = field(default_factory=WeakValueDictionary)
    _todays: dict[int, _Todays] = field(default_factory=dict)
    _waiting: set[int] = field(default_factory=set)

    def after_act(self, member: Member) -> None:
        """Have the member's message of today follow what they have just done; never blocks."""
        if member.member_id in self._waiting:
            return
        self._waiting.add(member.member_id)
        self.bot.background.later(self._rest(member), lambda: self._follow(member))

    def _rest(self, member: Member) -> float:
        """Seconds until the next look; where no message was found it comes late, for one may have been sent since."""
        known = self._todays.get(member.member_id)
        if known is None or known.where is not None:
            return SETTLE_SECONDS
        return max(SETTLE_SECONDS, known.believed_until - asyncio.get_running_loop().time())

    async def refresh(self, member: Member, where: Where, handles: frozenset[str]) -> bool:
        """Say anew what the rows of some patients are now; False when the message has none, or Slack refuses."""
        turn = self._turns.setdefault(where, asyncio.Lock())
        async with turn:
            try:
                message = await self._message(where)
                if message is None:
                    return False
                blocks: list[Block] = message["blocks"]
                return await self._replace(member, where, message.get("text", ""), blocks, handles)
            except SlackApiError as error:
                log.warning("row not replaced", error=error.response.get("error", ""))
                return False

    async def _replace(
        self, member: Member, where: Where, text: str, blocks: list[Block], handles: frozenset[str]
    ) -> bool:
        asked = [one for one in rows_in(blocks).items() if one[1] in handles]
        if not asked:
            return False
        now = await self.bot.practice.read(
            rows.rows_now, member, [(key.place, handle) for key, handle in asked], where.sent_at
        )
        by_row = {(one.place, one.patient.handle): one for one in now}
        today = self.bot.practice.clock.now().astimezone(self.bot.zone_of(member)).date()
        after = blocks
        for key, handle in asked:
            found = by_row.get((key.place, handle))
            if found is not None:
                after = with_row(after, key, found, today)
        if after != blocks:
            await self.bot.client.chat_update(channel=where.channel, ts=where.ts, text=text, blocks=after)
        return True

    async def _message(self, where: Where) -> dict[str, Any] | None:
        """The message as it stands in Slack; None where there is none any more."""
        answer = await self.bot.client.conversations_history(
            channel=where.channel, latest=where.ts, oldest=where.ts, inclusive=True, limit=1
        )
        found: list[dict[str, Any]] = answer["messages"]
        return next((one for one in found if one["ts"] == where.ts and one.get("blocks")), None)

    async def _follow(self, member: Member) -> None:
        """Look whether the member has acted on somebody whom their message of today names; failing harms nobody."""
        self._waiting.discard(member.member_id)
        try:
            await self._look(member)
        except (Refusal, StorageError) as error:
            log.info("row not looked at", error=type(error).__qualname__)

    async def _look(self, member: Member) -> None:
        known = await self._known(member)
        if known.where is None or known.handles == frozenset():
            return
        touched, act_id = await self.bot.practice.read(
            rows.touched_since, member, known.where.sent_at, known.act_id
        )
        known.act_id = max(known.act_id, act_id)
        if touched and known.handles is None:
            known.handles = await self._handles(known.where)
        wanted = touched & (known.handles or frozenset())
        if wanted:
            await self.refresh(member, known.where, wanted)

    async def _known(self, member: Member) -> _Todays:
        today = self.bot.practice.clock.now().astimezone(self.bot.zone_of(member)).date()
        known = self._todays.get(member.member_id)
        if known is None or known.day != today or known.where is None:
            place = await self.bot.practice.read(rows.message_of, member, today)
            where = None if place is None else Where(*place)
            believed_until = asyncio.get_running_loop().time() + BELIEVED_SECONDS
            known = self._todays[member.member_id] = _Todays(
                day=today, where=where, believed_until=believed_until
            )
        return known

    async def _handles(self, where: Where) -> frozenset[str]:
        try:
            message = await self._message(where)
        except SlackApiError:
            return frozenset()
        return frozenset() if message is None else frozenset(rows_in(message["blocks"]).values())


def rows_in(blocks: list[Block]) -> dict[RowKey, str]:
    """The rows of a message with the handle of each one's patient, in order."""
    found: dict[RowKey, str] = {}
    for block in blocks:
        key = RowKey.read(block.get("block_id", ""))
        handle = handle_in(block)
        if key is not None and handle is not None:
            found[key] = handle
    return found


def with_row(blocks: list[Block], key: RowKey, now: RowNow, today: date) -> list[Block]:
    """A message's blocks with one row as it is now; untouched where nothing was done about it."""
    mine = [place for place, block in enumerate(blocks) if RowKey.read(block.get("block_id", "")) == key]
    if not (now.done or any(is_changed(blocks[place]) for place in mine)):
        return blocks
    after = [*blocks[: mine[0]], *row_now(key, now, today), *blocks[mine[-1] + 1 :]]
    return after if len(after) <= MESSAGE_BLOCKS else blocks
