"""The local Slack on virtual time, and the bot's own notifier over a network that fails as chance has it.

Nothing of Slack is imitated here: posts, files, looks, limits and refusals are the sandbox's, the requests are the
SDK's, and what their answers mean is `bot.notifier`'s. Only the network between them is played.
"""

import asyncio
import json
from collections import Counter, deque
from collections.abc import Callable, Coroutine, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from random import Random
from types import SimpleNamespace
from typing import Any, Final

from billing.people import Member
from bot.notifier import SlackNotifier
from bot.replies import Reply
from sandbox.config import ChannelSpec, InstalledApp, SandboxConfig, User
from sandbox.faults import Fault
from sandbox.model import Message
from sandbox.sandbox import Sandbox
from scheduler.outbox import DEADLINE, SETTLE
from services.messages.deliveries import BILLING, Delivery, Recipient
from services.messages.files import FileContent
from services.messages.kind import Part
from tests.support.bot import MANIFEST
from tests.support.slack import InProcessClient

#: The app as it is, but that nobody tells it of messages: it would only be told of its own.
_MANIFEST: Final = {
    **MANIFEST,
    "settings": {name: what for name, what in MANIFEST["settings"].items() if name != "event_subscriptions"},
}
#: What happens to a request in a storm, and how often, of a hundred; what is left goes well.
STORM: Final = {
    "drop_before": 10,
    "drop_after": 10,
    "error": 8,
    "limited": 10,
    "hang": 14,
}
#: What Slack answers to a bot that was put out of the channel.
SHUT: Final = "channel_not_found"
_CHANNEL = "C0BILLING"
#: Seconds that a request takes on its way, and its answer.
_WAY = 0.05
#: How soon what Slack accepted can be found.
_SHOWN_WITHIN = 2.0
#: Requests by which people come to see something.
_SHARING = frozenset({"chat.postMessage", "files.completeUploadExternal"})
#: Requests that only prepare; fates set by hand pass them by.
_PREPARING = frozenset({"conversations.open", "conversations.info"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """Something in a channel that people see."""

    at: float
    delivery_id: str
    period: str
    recipient: Recipient
    part: Part
    kind: str
    ts: str
    thread_ts: str | None


def something_for(delivery: Delivery) -> Reply | FileContent:
    """A message or a file by which the delivery can be told."""
    if delivery.is_file:
        return FileContent(name=delivery.delivery_id, data=b"MRN,Minutes\n")
    return Reply(text="News.")


class _Clock:
    """The sandbox's clock: the event loop's, from an instant on."""

    def __init__(self, begins: float) -> None:
        self._begins = begins

    def now(self) -> float:
        """Seconds since 1970."""
        return self._begins + asyncio.get_running_loop().time()

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await asyncio.sleep(seconds)


class Network(InProcessClient):
    """A client whose requests arrive late, not at all, or are never answered; each node dies without stopping them."""

    def __init__(self, sandbox: Sandbox, chance: Random) -> None:
        super().__init__(sandbox)
        self._chance = chance
        #: What happens to the next requests that matter, before chance has a say.
        self.to_come: deque[str] = deque()
        #: Share of requests that meet the fates of `STORM`: 0 is fair weather.
        self.storm = 0.0
        #: After how many seconds a request that hangs is done; None lets chance decide.
        self.hangs_for: float | None = None
        #: How often a request that hangs is done later than it may.
        self.residual = 0.0
        #: Ids of deliveries and files of which Slack may have accepted something later than it may.
        self.too_late: set[str] = set()
        #: Fates met, for the record.
        self.fates: Counter[str] = Counter()
        self._under_way: set[asyncio.Task[Any]] = set()

    async def _request(self, *, http_verb: str, api_url: str, req_args: dict[str, Any]) -> dict[str, Any]:
        method = api_url.rpartition("/")[2]
        ask = super()._request
        answer: dict[str, Any] = await self._over(
            method, req_args, lambda: ask(http_verb=http_verb, api_url=api_url, req_args=req_args)
        )
        self._hide_the_newest(answer["data"])
        return answer

    async def _upload_file(self, *, url: str, data: bytes, **options: Any) -> Any:
        put = super()._upload_file
        return await self._over("upload", {}, lambda: put(url=url, data=data, **options))

    async def _over(
        self, method: str, req_args: Mapping[str, Any], ask: Callable[[], Coroutine[Any, Any, Any]]
    ) -> Any:
        async def arrive() -> Any:
            await asyncio.sleep(_WAY)
            fault = self._fault(method, req_args)
            if fault is not None:
                # Met by the request that is asked next, in the same step.
                self._sandbox.api.faults.add(fault)
            return await ask()

        # What is on its way arrives, whether or not somebody still waits for the answer.
        request = asyncio.create_task(arrive())
        self._under_way.add(request)
        request.add_done_callback(self._arrived)
        answer = await asyncio.shield(request)
        await asyncio.sleep(_WAY)
        return answer

    def _arrived(self, request: asyncio.Task[Any]) -> None:
        self._under_way.discard(request)
        if not request.cancelled():
            # Said to whoever waited; nobody else need hear of it.
            request.exception()

    def _fault(self, method: str, req_args: Mapping[str, Any]) -> Fault | None:
        match self._fate(method):
            case "drop_before" | "drop_after" as kind:
                return Fault(kind=kind, method=method)
            case "error":
                return Fault(kind=self._chance.choice(["http_503", "http_503_after"]), method=method)
            case "limited":
                return Fault(kind="rate_limit", method=method, seconds=self._chance.choice([1, 3, 30]))
            case "hang":
                return self._hang(method, req_args)
        return None

    def _fate(self, method: str) -> str:
        if self.to_come and method not in _PREPARING:
            return self.to_come.popleft()
        luck = self._chance.random() * 100
        if self.storm:
            for fate, share in STORM.items():
                luck -= share * self.storm
                if luck < 0:
                    self.fates[fate] += 1
                    return fate
        return "well"

    def _hang(self, method: str, req_args: Mapping[str, Any]) -> Fault:
        if method not in _SHARING:
            return Fault(kind="latency", method=method, seconds=60)
        if self._chance.random() < self.residual:
            self.too_late.add(_named_in(req_args))
            return Fault(kind="latency", method=method, seconds=self._chance.uniform(60, 600))
        if self.hangs_for is None and self._chance.random() < 0.3:
            return Fault(kind="drop_before", method=method, seconds=3600)
        # The worst is what comes last.
        choice = self._chance.choice([1, DEADLINE, DEADLINE + SETTLE - 2, DEADLINE + SETTLE - 1])
        return Fault(kind="latency", method=method, seconds=self.hangs_for or choice)

    def _hide_the_newest(self, body: dict[str, Any]) -> None:
        """What Slack accepted can be looked for a little later only."""
        if "messages" in body:
            visible = self._sandbox.world.clock.now() - self._chance.uniform(0, _SHOWN_WITHIN)
            body["messages"] = [one for one in body["messages"] if float(one["ts"]) <= visible]


class _AddressBook:
    """As much of a practice as the notifier asks for: where its members are reached."""

    def __init__(self, numbers: Iterable[int]) -> None:
        members = {
            number: Member(
                member_id=number, display_name="", roles=frozenset(), slack_user_id=user_id(number)
            )
            for number in numbers
        }
        channels: dict[int, str] = {}
        uow = SimpleNamespace(
            members=SimpleNamespace(by_id=members.get),
            direct_messages=SimpleNamespace(
                channel_of=lambda number, _: channels.get(number),
                keep=lambda number, _, channel: channels.update({number: channel}),
                forget=lambda number: channels.pop(number, None),
            ),
            commit=lambda: None,
        )
        self._context = SimpleNamespace(uow=uow)

    async def read(self, use_case: Callable[..., Any], *args: Any) -> Any:
        """As `Practice.read`."""
        return use_case(self._context, *args)

    write = read


class SimulatedSlack:
    """A workspace with people, their direct messages and a billing channel; the bot's way to it, and what was seen."""

    def __init__(self, chance: Random, begins: datetime, people: Iterable[int]) -> None:
        numbers = tuple(people)
        config = SandboxConfig(
            app=InstalledApp(manifest=_MANIFEST),
            users=tuple(User(id=user_id(number), name=f"u{number}") for number in numbers),
            channels=(
                ChannelSpec(id=_CHANNEL, name="cocm-billing", is_private=True, members=("U0COCMBOT",)),
            ),
            pace=True,
        )
        self._begins = begins.timestamp()
        self.sandbox = Sandbox(config, _Clock(self._begins))
        self.network = Network(self.sandbox, chance)
        self._addresses: Any = _AddressBook(numbers)

    def notifier(self) -> SlackNotifier:
        """The notifier of one node, which knows of no other's pauses."""
        return SlackNotifier(self._addresses, self.network, billing_channel=_CHANNEL)

    def shut_billing(self) -> None:
        """Put the bot out of the billing channel."""
        self.sandbox.world.channels[_CHANNEL].members.remove("U0COCMBOT")

    def open_billing(self) -> None:
        """Let it in again."""
        self.sandbox.world.channels[_CHANNEL].members.append("U0COCMBOT")

    @property
    def paced(self) -> int:
        """How often Slack said that it was too fast."""
        limited = sum(call.error == "ratelimited" for call in self.sandbox.world.calls)
        return limited - self.network.fates["limited"]

    def is_too_late(self, shown: Shown) -> bool:
        """Whether Slack accepted it, or a copy of it, later than it may."""
        files = {file.name: file.id for file in self.sandbox.world.files.values()}
        return not self.network.too_late.isdisjoint({shown.delivery_id, files.get(shown.delivery_id, "")})

    def shown(self, rows: Mapping[str, Delivery]) -> tuple[Shown, ...]:
        """Everything that people see, in order.

        Args:
            rows: every delivery, by its id.
        """
        world = self.sandbox.world
        found = [
            self._shown(delivery_id, rows[delivery_id], recipient, message)
            for channel in world.channels.values()
            for recipient in self._recipients(channel.members, channel.id)
            for message in channel.messages.values()
            for delivery_id in _told_by(message)
        ]
        return tuple(sorted(found, key=lambda one: one.ts))

    def _shown(self, delivery_id: str, row: Delivery, recipient: Recipient, message: Message) -> Shown:
        return Shown(
            at=float(message.ts) - self._begins,
            delivery_id=delivery_id,
            period=row.period,
            recipient=recipient,
            part=row.part,
            kind=row.kind,
            ts=message.ts,
            thread_ts=message.thread_ts if message.is_reply else None,
        )

    def _recipients(self, members: Iterable[str], channel_id: str) -> Iterator[Recipient]:
        """Whose channel it is."""
        if channel_id == _CHANNEL:
            yield BILLING
            return
        for member in members:
            if member != self.sandbox.world.app.bot_user_id:
                yield Recipient(int(member.removeprefix("U0")))


def user_id(number: int) -> str:
    """The Slack user behind a member."""
    return f"U0{number:04d}"


def _told_by(message: Message) -> Iterator[str]:
    if message.metadata:
        yield message.metadata["event_payload"]["delivery_id"]
    for file in message.files:
        yield file.name


def _named_in(req_args: Mapping[str, Any]) -> str:
    """The delivery that a post is about, or the file that is shared."""
    if "json" in req_args:
        named: str = req_args["json"]["metadata"]["event_payload"]["delivery_id"]
        return named
    (file,) = json.loads(req_args["params"]["files"])
    shared: str = file["id"]
    return shared
