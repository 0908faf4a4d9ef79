"""Shows the app's answers to people: in an acknowledgment's body, or later at a response URL."""

from typing import Any, NoReturn

from sandbox.api.call import MAX_TEXT
from sandbox.blocks import is_too_long, message_problems
from sandbox.model import JSON, Channel, Draft, Message, ResponseUrl
from sandbox.world import World

MAX_USES = 5


class Unanswerable(Exception):  # noqa: N818 - the app's answer cannot be shown
    """The answer is refused; `code` is Slack's, `status` goes with it at a response URL."""

    def __init__(self, code: str, status: int = 400) -> None:
        super().__init__(code)
        self.code = code
        self.status = status


class Answers:
    """Shows the app's answers, and records those that Slack would not show."""

    def __init__(self, world: World) -> None:
        self._world = world

    def to_command(self, user_id: str, channel: Channel, body: Any) -> Message | None:
        """Show what a slash command was acknowledged with; None if that was empty.

        Raises:
            Unanswerable: it cannot be shown.
        """
        if body is None or body in ("", {}):
            return None
        answer = {"text": body} if isinstance(body, str) else body
        if not isinstance(answer, dict):
            self._refuse("acknowledgment", "invalid_command_response", ["[ERROR] must be an object or text"])
        draft = self._draft("acknowledgment", answer)
        return self._show(user_id, channel, answer, draft)

    def at_response_url(self, token: str, body: Any) -> None:
        """Do what was posted to a response URL: a new answer, or the message clicked replaced or deleted.

        Raises:
            Unanswerable: the address is spent or too old, or the answer cannot be shown.
        """
        world = self._world
        right = world.response_urls.get(token)
        if right is None:
            raise Unanswerable("invalid_url", 404)
        if world.clock.now() > right.expires_at:
            raise Unanswerable("expired_url", 404)
        if right.uses >= MAX_USES:
            raise Unanswerable("used_url", 404)
        if not isinstance(body, dict):
            self._refuse("response_url", "invalid_payload", ["[ERROR] must be an object"])
        message = self._original(right)
        if body.get("delete_original"):
            if message is not None:
                world.delete(message)
            right.uses += 1
            return
        draft = self._draft("response_url", body, thread_ts=self._thread(right, body))
        right.uses += 1
        if body.get("replace_original") and message is not None:
            world.change(message, draft)
        else:
            self._show(right.user, world.channels[right.channel], body, draft)

    def _show(self, user_id: str, channel: Channel, answer: JSON, draft: Draft) -> Message:
        if answer.get("response_type", "ephemeral") == "in_channel":
            return self._world.post(channel, self._world.app.bot_user_id, draft)
        return self._world.whisper(channel, user_id, draft)

    def _original(self, right: ResponseUrl) -> Message | None:
        """The message that was clicked, unless it is gone."""
        if right.message is None:
            return None
        channel = self._world.channels[right.channel]
        return self._world.message(channel, right.message.ts, right.user)

    def _thread(self, right: ResponseUrl, body: JSON) -> str | None:
        named = body.get("thread_ts") or (right.message.thread_ts if right.message else None)
        channel = self._world.channels[right.channel]
        return named if named in channel.messages else None

    def _draft(self, surface: str, answer: JSON, thread_ts: str | None = None) -> Draft:
        text, blocks = answer.get("text") or "", answer.get("blocks")
        if not isinstance(text, str):
            self._refuse(surface, "invalid_payload", ["[ERROR] text must be a string"])
        if blocks is not None:
            if self._world.faults.refusals(surface, blocks, "/blocks"):
                raise Unanswerable("invalid_blocks")
            problems = message_problems(blocks)
            if problems:
                self._refuse(surface, "invalid_blocks", problems)
            if is_too_long(blocks):
                self._refuse(surface, "msg_blocks_too_long", ["msg_blocks_too_long"])
        if len(text) > MAX_TEXT:
            self._refuse(surface, "msg_too_long", ["msg_too_long"])
        if not text and not blocks:
            self._refuse(surface, "no_text", ["no_text"])
        if answer.get("response_type", "ephemeral") not in ("ephemeral", "in_channel"):
            self._refuse(
                surface, "invalid_payload", ["[ERROR] response_type must be ephemeral or in_channel"]
            )
        return Draft(text=text, blocks=blocks, thread_ts=thread_ts)

    def _refuse(self, surface: str, code: str, problems: list[str]) -> NoReturn:
        self._world.violation(surface, problems)
        raise Unanswerable(code)
