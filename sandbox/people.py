"""The actions of a person in Slack: type, run commands, press, pick, submit, open the Home tab."""

import mimetypes
import re
from dataclasses import dataclass

from sandbox.answers import Answers, Unanswerable
from sandbox.elements import FIELDS, find, state_of
from sandbox.events import Events
from sandbox.modals import Modals, Outcome
from sandbox.model import JSON, Channel, Draft, File, Message, View
from sandbox.outbound import Acknowledgement, Outbound
from sandbox.payloads import Payloads
from sandbox.suggestions import Suggested, Suggestions
from sandbox.views import Views
from sandbox.world import SLACKBOT, World

_NAME_AND_TEXT = re.compile(r"(\S*)\s*(.*)", re.DOTALL)
HERE = "http://sandbox.invalid/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """What came of a slash command: a failure's code or none, and what was shown at once, if anything."""

    failure: str = ""
    shown: Message | None = None


class Impossible(Exception):  # noqa: N818 - what was asked for cannot be done
    """There is no such person, conversation, message, element or view. The text is for a page to show."""


class People:
    """The people of one world, in front of their Slack."""

    def __init__(
        self, world: World, views: Views, payloads: Payloads, outbound: Outbound, events: Events
    ) -> None:
        self._answers = Answers(world)
        self._world = world
        self._views = views
        self._payloads = payloads
        self._outbound = outbound
        self._events = events
        self._modals = Modals(world, views, payloads, outbound)
        self._suggestions = Suggestions(world, views, payloads, outbound)

    def say(self, user_id: str, channel_id: str, text: str, thread_ts: str | None = None) -> Message:
        """Write a message. Another person's id as channel means the direct message with them."""
        channel = self.conversation(user_id, channel_id)
        if user_id not in channel.members or channel.is_archived:
            raise Impossible("You cannot write here.")
        if not text.strip():
            raise Impossible("There is nothing to send.")
        if thread_ts is not None and thread_ts not in channel.messages:
            raise Impossible("That thread is gone.")
        escaped, blocks = self._world.composer.message(text)
        message = self._world.post(channel, user_id, Draft(text=escaped, blocks=blocks, thread_ts=thread_ts))
        channel.last_read[user_id] = message.ts
        return message

    def edit(self, user_id: str, channel_id: str, ts: str, text: str) -> Message:
        """Change a message of one's own; only its words change."""
        message = self._own(user_id, channel_id, ts)
        if not text.strip():
            raise Impossible("There is nothing to send.")
        escaped, blocks = self._world.composer.message(text)
        self._world.change(message, Draft(text=escaped, blocks=blocks), by=user_id)
        return message

    def delete(self, user_id: str, channel_id: str, ts: str) -> None:
        """Delete a message of one's own."""
        self._world.delete(self._own(user_id, channel_id, ts))

    def share_file(
        self,
        user_id: str,
        channel_id: str,
        name: str,
        content: bytes,
        text: str = "",
        *,
        base_url: str = HERE,
    ) -> Message:
        """Send a file, with words beside it or without."""
        channel = self.conversation(user_id, channel_id)
        if user_id not in channel.members or channel.is_archived:
            raise Impossible("You cannot write here.")
        escaped, blocks = self._world.composer.message(text) if text.strip() else ("", None)
        file = File(
            id=self._world.new_id("F"),
            name=name,
            length=len(content),
            created=int(self._world.clock.now()),
            base_url=base_url,
            content=content,
            mimetype=mimetypes.guess_type(name)[0] or "application/octet-stream",
            completed=True,
            user=user_id,
        )
        self._world.files[file.id] = file
        draft = Draft(text=escaped, blocks=blocks, files=(file,), subtype="file_share")
        message = self._world.post(channel, user_id, draft)
        file.shares.append((channel.id, message.ts, None))
        channel.last_read[user_id] = message.ts
        return message

    async def command(self, user_id: str, channel_id: str, typed: str, *, base_url: str = HERE) -> Ran:
        """Run a slash command, and show what it is acknowledged with, or Slack's own failure."""
        channel = self.conversation(user_id, channel_id)
        name, text = _NAME_AND_TEXT.fullmatch(typed.strip()).groups()  # type: ignore[union-attr]  # fits any text
        known = next((command for command in self._world.app.commands if command["command"] == name), None)
        if known is None:
            return self._fail(user_id, channel, f"{name} is not a valid command.", "unknown_command")
        if known.get("should_escape"):
            text = self._world.composer.command(text)
        response_url = self._world.new_response_url(base_url, user_id, channel)
        payload = self._payloads.command(user_id, channel, name, text, response_url)
        said = await self._outbound.deliver("slash_commands", payload)
        failure = {"": "", "http_timeout": "operation_timeout"}.get(said.failure, "dispatch_failed")
        if not failure:
            try:
                return Ran(shown=self._answers.to_command(user_id, channel, said.body))
            except Unanswerable as refusal:
                failure = refusal.code
        return self._fail(user_id, channel, f'{name} failed with the error "{failure}"', failure)

    async def act_in_message(
        self,
        user_id: str,
        message: Message,
        block_id: str,
        action_id: str,
        given: JSON,
        *,
        base_url: str = HERE,
    ) -> Acknowledgement:
        """Use an element of a message; `given` is its new state, empty for a button."""
        blocks = message.blocks or []
        element = self._element(blocks, block_id, action_id)
        channel = self._world.channels[message.channel]
        values = message.state.setdefault(user_id, {})
        if element["type"] in FIELDS:
            values.setdefault(block_id, {})[action_id] = {"type": element["type"], **given}
        response_url = self._world.new_response_url(base_url, user_id, channel, message)
        action = self._payloads.action(block_id, element, self._chosen(element, given))
        payload = self._payloads.message_action(
            user_id, message, action, state_of(blocks, values), response_url
        )
        return await self._outbound.deliver("interactive", payload)

    async def act_in_view(
        self, view: View, block_id: str, action_id: str, given: JSON, values: JSON | None = None
    ) -> Acknowledgement:
        """Use an element of a modal or Home tab; `values` is what else the person has filled in."""
        element = self._element(view.body["blocks"], block_id, action_id)
        self._views.fill(view, values or {})
        if element["type"] in FIELDS:
            self._views.fill(view, {block_id: {action_id: {"type": element["type"], **given}}})
        action = self._payloads.action(block_id, element, self._chosen(element, given))
        return await self._outbound.deliver("interactive", self._payloads.view_action(view, action))

    async def type_in_message(
        self, user_id: str, message: Message, block_id: str, action_id: str, typed: str
    ) -> Suggested:
        """Open a message's select menu of the app's own data, or type into it."""
        return await self._suggestions.in_message(user_id, message, block_id, action_id, typed)

    async def type_in_view(
        self, view: View, block_id: str, action_id: str, typed: str, values: JSON | None = None
    ) -> Suggested:
        """The same in a modal or Home tab; `values` is what else the person has filled in."""
        return await self._suggestions.in_view(view, block_id, action_id, typed, values)

    async def submit(self, view: View, values: JSON) -> Outcome:
        """Submit a modal; `values` is `state.values`, or the part that the person filled in."""
        return await self._modals.submit(view, values)

    async def close(self, view: View, *, clear: bool = False) -> None:
        """Close a modal, or with `clear` all of them."""
        await self._modals.close(view, clear=clear)

    def open_home(self, user_id: str, tab: str = "home") -> View | None:
        """Open the app's Home or Messages tab; the Home tab shows what was last published, if anything."""
        if user_id not in self._world.users:
            raise Impossible("There is no such person.")
        view = self._views.home(user_id)
        self._events.send(self._payloads.home_event(user_id, tab, view))
        return view if tab == "home" else None

    async def shortcut(
        self, user_id: str, callback_id: str, message: Message | None = None, *, base_url: str = HERE
    ) -> Acknowledgement:
        """Use a shortcut: a global one, or one from a message's menu."""
        kind = "global" if message is None else "message"
        known = {(str(entry["type"]), str(entry["callback_id"])) for entry in self._world.app.shortcuts}
        if (kind, callback_id) not in known:
            raise Impossible("There is no such shortcut.")
        if message is None:
            payload = self._payloads.global_shortcut(user_id, callback_id)
        elif message.ephemeral_to is not None:
            raise Impossible("What only one person sees has no menu.")
        else:
            channel = self._world.channels[message.channel]
            response_url = self._world.new_response_url(base_url, user_id, channel, message)
            payload = self._payloads.message_shortcut(user_id, callback_id, message, response_url)
        return await self._outbound.deliver("interactive", payload)

    # -- finding what a person points at

    def conversation(self, user_id: str, channel_id: str) -> Channel:
        """A conversation this person can see; another person's id means the direct message with them."""
        if user_id not in self._world.users:
            raise Impossible("There is no such person.")
        if channel_id in self._world.users:
            return self._world.direct(user_id, channel_id)
        channel = self._world.channels.get(channel_id)
        if channel is None or (channel.kind != "public" and user_id not in channel.members):
            raise Impossible("There is no such conversation.")
        return channel

    def message(self, user_id: str, channel_id: str, ts: str) -> Message:
        """A message this person can see."""
        message = self._world.message(self.conversation(user_id, channel_id), ts, user_id)
        if message is None:
            raise Impossible("That message is gone.")
        return message

    def _own(self, user_id: str, channel_id: str, ts: str) -> Message:
        message = self.message(user_id, channel_id, ts)
        if message.user != user_id or message.ephemeral_to is not None:
            raise Impossible("That message is not yours.")
        return message

    def view(self, user_id: str, view_id: str) -> View:
        """A view this person has open."""
        view = self._views.get(view_id)
        if view is None or view.user != user_id:
            raise Impossible("That view is closed.")
        return view

    def _element(self, blocks: list[JSON], block_id: str, action_id: str) -> JSON:
        element = find(blocks, block_id, action_id)
        if element is None:
            raise Impossible("There is nothing like that to press any more.")
        return element

    def _chosen(self, element: JSON, given: JSON) -> JSON:
        """The state given, if it is one the element can have."""
        options = list(element.get("options", ()))
        for group in element.get("option_groups", ()):
            options += group["options"]
        chosen = [*given.get("selected_options", ())]
        if given.get("selected_option"):
            chosen.append(given["selected_option"])
        if options and any(option not in options for option in chosen):
            raise Impossible("That is not one of the options.")
        return given

    def _fail(self, user_id: str, channel: Channel, sentence: str, code: str) -> Ran:
        return Ran(
            failure=code, shown=self._world.whisper(channel, user_id, Draft(text=sentence), by=SLACKBOT)
        )
