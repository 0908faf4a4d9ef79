"""The actions of a story's people in Slack, and what appears on their screens."""

import re
from collections.abc import Awaitable, Callable

from bot.replies import Reply
from cocm.wiring import Application
from sandbox.model import JSON, Change, Message, View
from tests.support.accessible import unclear
from tests.support.reading import element_named, pressable
from tests.support.slack import LocalSlack, Person
from tests.support.story_screen import message_lines, view_lines
from tests.support.story_text import Step, Story, StoryError, must


class AtSlack:
    """Types, presses and fills in for a story's people. Every method returns what anybody saw afterwards."""

    def __init__(self, story: Story, slack: LocalSlack, program: Application) -> None:
        self._story = story
        self._slack = slack
        self._program = program

    async def type(self, step: Step, match: re.Match[str]) -> list[str]:
        """A command, or a direct message to the bot."""
        person = self._person(match)
        typed = "\n".join((match["text"], *step.more))
        if typed.startswith("/"):
            return await self._watched(lambda: person.command(typed))
        seen = len(person.messages())
        return await self._watched(lambda: person.say(typed), lambda: len(person.messages()) > seen + 1)

    async def click(self, step: Step, match: re.Match[str]) -> list[str]:
        """A button of the newest message that has it, or of the open modal."""
        person = self._person(match)
        shown = self._showing(step, person, match["label"])
        return await self._watched(lambda: person.click(shown, match["label"]))

    async def pick(self, step: Step, match: re.Match[str]) -> list[str]:
        """An entry of the menu in the newest message that has one."""
        person = self._person(match)
        shown = self._showing(step, person, "set_activity")
        return await self._watched(lambda: person.select(shown, "set_activity", match["choice"]))

    async def submit(self, step: Step, match: re.Match[str]) -> list[str]:
        """The open modal, with fields filled in by their labels."""
        del step
        person = self._person(match)
        modal = person.modal
        must(modal is not None, f"No form is open before {match['who']}.")
        assert modal is not None
        fields = dict(part.split(": ", 1) for part in (match["fields"] or "").split("; ") if part)
        refused: list[str] = []

        async def submit() -> None:
            outcome = await person.submit(modal, fields)
            refused.extend(f"{name}: {said}" for name, said in (outcome.errors or {}).items())

        lines = await self._watched(submit)
        return [*refused, *lines]

    async def receive(self, user_id: str, reply: Reply) -> list[str]:
        """A direct message that the bot sends by itself."""
        client = self._program.bot.client
        return await self._watched(
            lambda: client.chat_postMessage(channel=user_id, text=reply.text, blocks=list(reply.blocks))
        )

    def _person(self, match: re.Match[str]) -> Person:
        return self._slack.person(self._story.people[match["who"]].user_id)

    def _showing(self, step: Step, person: Person, name: str) -> Message | View:
        """The screen with that button or menu, the modal before messages, the newest message first."""
        screens: list[Message | View] = [*reversed(person.messages())]
        if person.modal:
            screens.insert(0, person.modal)
        for shown in screens:
            if _has(shown, pressable, name) or _has(shown, element_named, name):
                return shown
        raise StoryError(f"Nothing to press like that: {step.lines[0]}")

    async def _watched(
        self, act: Callable[[], Awaitable[object]], awaited: Callable[[], bool] | None = None
    ) -> list[str]:
        """Do something, wait for all that follows, and return what came onto anybody's screen."""
        shown: dict[str, Change] = {}

        def note(change: Change) -> None:
            thing = change.message or change.view
            if thing is not None and change.type != "view_closed":
                key = thing.ts if isinstance(thing, Message) else thing.id
                shown[key] = change

        stop = self._slack.world.listen(note)
        try:
            await act()
            if awaited is not None:
                await self._slack.until(awaited, "an answer")
            await self._program.bot.background.drain()
        finally:
            stop()
        return [line for change in shown.values() for line in self._lines(change)]

    def _lines(self, change: Change) -> list[str]:
        if change.view is not None:
            _must_be_clear(change.view.body["blocks"])
            return view_lines(change.view)
        message = change.message
        assert message is not None
        if message.user != self._slack.world.app.bot_user_id:
            return []
        if change.type == "message_deleted":
            return ["(the message is gone)"]
        must("MRN" not in message.text, "A notification names a patient.")
        _must_be_clear(message.blocks)
        return message_lines(message)


def _must_be_clear(blocks: list[JSON]) -> None:
    must(not (found := unclear(blocks)), f"Read out, a screen of the story is not clear: {found}")


def _has(shown: Message | View, find: Callable[[Message | View, str], object], name: str) -> bool:
    try:
        find(shown, name)
    except AssertionError:
        return False
    return True
