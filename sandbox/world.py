"""The state of one workspace, and the operations that change it. Listeners are called for each change."""

import copy
import itertools
from collections.abc import Callable, Iterator
from string import ascii_uppercase, digits

from sandbox.clock import Clock, SystemClock
from sandbox.composer import Composer
from sandbox.config import SandboxConfig, User
from sandbox.elements import interactive
from sandbox.faults import Faults
from sandbox.model import (
    JSON,
    CallRecord,
    Change,
    Channel,
    Draft,
    File,
    Message,
    ResponseUrl,
    Trigger,
    Violation,
)
from sandbox.render import message_json

SLACKBOT = "USLACKBOT"
RESPONSE_URL_SECONDS = 30 * 60.0
_ALPHABET = digits + ascii_uppercase


class World:
    """People, conversations and what was said in them, for one workspace with one app.

    Not safe for use from two threads at once; several worlds may live in one process.
    """

    def __init__(self, config: SandboxConfig, clock: Clock | None = None) -> None:
        self.config = config
        self.app = config.app
        self.team = config.team
        self.clock = clock or SystemClock()
        self.request_url = config.request_url
        started = self.clock.now()
        bot = User(id=self.app.bot_user_id, name=self.app.bot_name, real_name=self.app.name, is_bot=True)
        slackbot = User(id=SLACKBOT, name="slackbot", real_name="Slackbot", is_bot=True)
        self.users = {user.id: user for user in (*config.users, bot, slackbot)}
        self.channels = {
            spec.id: Channel(
                id=spec.id,
                name=spec.name,
                kind="private" if spec.is_private else "public",
                members=list(spec.members),
                created=int(started),
                is_shared=spec.is_shared,
                is_archived=spec.is_archived,
            )
            for spec in config.channels
        }
        self.composer = Composer(self.users.values(), self.channels.values())
        self.ephemerals: dict[tuple[str, str], dict[str, Message]] = {}
        self.files: dict[str, File] = {}
        #: By which address the app calls, and so can fetch files; empty before its first call.
        self.app_base_url = ""
        self.triggers: dict[str, Trigger] = {}
        self.response_urls: dict[str, ResponseUrl] = {}
        self.faults = Faults(config.refused_blocks)
        self.calls: list[CallRecord] = []
        self.violations: list[Violation] = []
        self._listeners: list[Callable[[Change], None]] = []
        self._last_micros = 0
        # Ids carry the moment the world began: a bot that remembers event ids meets no old one after
        # a restart.
        self.epoch = _base36(int(started * 1000))
        self._numbers = itertools.count(1)

    # -- who listens

    def listen(self, listener: Callable[[Change], None]) -> Callable[[], None]:
        """Tell `listener` of every change from now on; call what is returned to stop."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def tell(self, change: Change) -> None:
        """Tell everybody who listens."""
        for listener in tuple(self._listeners):
            listener(change)

    # -- names and instants

    def new_id(self, prefix: str) -> str:
        """An id not given before, in this world or an earlier one."""
        return f"{prefix}{self.epoch}{_base36(next(self._numbers)):0>4}"

    def next_ts(self) -> str:
        """A message timestamp: now, and later than every earlier one."""
        self._last_micros = max(round(self.clock.now() * 1_000_000), self._last_micros + 1)
        return f"{self._last_micros // 1_000_000:010d}.{self._last_micros % 1_000_000:06d}"

    # -- conversations

    def direct(self, *user_ids: str) -> Channel:
        """The direct message between these people, opened if need be."""
        members = sorted(set(user_ids))
        others = [member for member in members if member != self.app.bot_user_id] or members
        group = len(members) > 2  # noqa: PLR2004 - two make a direct message, more a group one
        channel_id = ("G" if group else "D") + "".join(
            member[1:] for member in (members if group else others)
        )
        if channel_id not in self.channels:
            name = "mpdm-" + "--".join(self.users[member].name for member in members) + "-1" if group else ""
            self.channels[channel_id] = Channel(
                id=channel_id,
                name=name,
                kind="mpim" if group else "im",
                members=members,
                created=int(self.clock.now()),
            )
        return self.channels[channel_id]

    def visible_to(self, user_id: str) -> Iterator[Channel]:
        """Public channels, and every conversation the person is in."""
        for channel in self.channels.values():
            if channel.kind == "public" or user_id in channel.members:
                yield channel

    def message(self, channel: Channel, ts: str, viewer: str) -> Message | None:
        """A message of the channel, or an ephemeral one that this viewer got there."""
        return channel.messages.get(ts) or self.ephemerals.get((viewer, channel.id), {}).get(ts)

    def unread(self, channel: Channel, user_id: str) -> int:
        """How many messages by others stand there since the person last looked."""
        since = channel.last_read.get(user_id, "")
        newer = itertools.takewhile(lambda ts: ts > since, reversed(channel.timeline))
        return sum(channel.messages[ts].user != user_id for ts in newer)

    # -- messages

    def post(self, channel: Channel, user_id: str, draft: Draft) -> Message:
        """Put a message into a conversation, for all its members."""
        message = self._written(channel, user_id, draft)
        channel.messages[message.ts] = message
        if not message.is_reply or message.is_broadcast:
            channel.timeline.append(message.ts)
        if message.is_reply:
            parent = channel.messages[str(message.thread_ts)]
            parent.replies.append(message.ts)
            if user_id not in parent.repliers:
                parent.repliers.append(user_id)
        self._told("message", message, channel)
        return message

    def whisper(self, channel: Channel, to: str, draft: Draft, *, by: str | None = None) -> Message:
        """Show a message to one person alone (an ephemeral one), by the app unless said otherwise."""
        message = self._written(channel, by or self.app.bot_user_id, draft)
        message.ephemeral_to = to
        self.ephemerals.setdefault((to, channel.id), {})[message.ts] = message
        self._told("message", message, channel)
        return message

    def change(self, message: Message, draft: Draft, *, by: str | None = None) -> None:
        """Replace text and blocks; metadata only where the draft has some (an empty object removes it).

        By the app, unless said otherwise.
        """
        previous = message_json(message, self.app, self.team)
        message.text = draft.text
        message.blocks = self.with_ids(draft.blocks) if draft.blocks else None
        message.state.clear()
        if draft.metadata is not None:
            message.metadata = draft.metadata or None
        if message.ephemeral_to is None:
            message.edited = {"user": by or self.app.bot_user_id, "ts": self.next_ts()}
        self._told("message_changed", message, self.channels[message.channel], previous)

    def delete(self, message: Message) -> None:
        """Take a message away; one with replies leaves a tombstone."""
        channel = self.channels[message.channel]
        previous = message_json(message, self.app, self.team)
        if message.ephemeral_to is not None:
            del self.ephemerals[message.ephemeral_to, channel.id][message.ts]
        elif message.replies:
            message.text, message.blocks, message.files = "This message was deleted.", None, []
            message.subtype, message.metadata = "tombstone", None
            self._told("message_changed", message, channel, previous)
            return
        else:
            del channel.messages[message.ts]
            if message.ts in channel.timeline:
                channel.timeline.remove(message.ts)
            if message.is_reply:
                channel.messages[str(message.thread_ts)].replies.remove(message.ts)
        self._told("message_deleted", message, channel, previous)

    def with_ids(self, blocks: list[JSON]) -> list[JSON]:
        """A copy in which every block and interactive element has an id, as Slack stores it."""
        filled = copy.deepcopy(blocks)
        for block in filled:
            if "block_id" not in block:
                block["block_id"] = self.new_id("b")
        for _, element in interactive(filled):
            if "action_id" not in element:
                element["action_id"] = self.new_id("a")
        return filled

    def _written(self, channel: Channel, user_id: str, draft: Draft) -> Message:
        return Message(
            channel=channel.id,
            ts=self.next_ts(),
            user=user_id,
            text=draft.text,
            blocks=self.with_ids(draft.blocks) if draft.blocks else None,
            thread_ts=draft.thread_ts,
            bot_id=self.app.bot_id if user_id == self.app.bot_user_id else None,
            metadata=draft.metadata or None,
            files=list(draft.files),
            subtype=draft.subtype,
            is_broadcast=draft.is_broadcast,
        )

    def _told(self, kind: str, message: Message, channel: Channel, previous: JSON | None = None) -> None:
        audience = channel.members if message.ephemeral_to is None else (message.ephemeral_to,)
        self.tell(Change(type=kind, audience=frozenset(audience), message=message, previous=previous))

    # -- rights to answer

    def new_trigger(self, user_id: str, view_id: str | None = None) -> str:
        """The id with which the app may open one modal for this person, while `trigger_seconds` last."""
        trigger = Trigger(
            id=self.new_id("trigger."),
            user=user_id,
            expires_at=self.clock.now() + self.config.trigger_seconds,
            view_id=view_id,
        )
        self.triggers[trigger.id] = trigger
        return trigger.id

    def new_response_url(
        self, base_url: str, user_id: str, channel: Channel, message: Message | None = None
    ) -> str:
        """The address at which the app may answer this interaction five times within thirty minutes."""
        right = ResponseUrl(
            token=self.new_id("R"),
            user=user_id,
            channel=channel.id,
            expires_at=self.clock.now() + RESPONSE_URL_SECONDS,
            message=message,
        )
        self.response_urls[right.token] = right
        return f"{base_url}response/{right.token}"

    # -- what went wrong

    def violation(self, surface: str, problems: list[str]) -> None:
        """Record that the app sent something Slack would not have shown."""
        self.violations.append(Violation(surface=surface, problems=tuple(problems), at=self.clock.now()))


def _base36(number: int) -> str:
    text = ""
    while number:
        number, digit = divmod(number, len(_ALPHABET))
        text = _ALPHABET[digit] + text
    return text or "0"
