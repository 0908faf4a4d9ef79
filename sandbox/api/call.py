"""One call of a Web API method: its arguments, its caller, and its refusals."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.blocks import MAX_VIEW_BYTES, is_too_long, message_problems, view_problems
from sandbox.model import JSON, Channel
from sandbox.views import Views
from sandbox.world import World

MAX_TEXT = 40_000
_MAX_METADATA_BYTES = 16_000
_FALSE = frozenset({"", "0", "false"})
#: which scope lets a bot read a kind of conversation, and which its messages
READ_SCOPE = {"public": "channels", "private": "groups", "im": "im", "mpim": "mpim"}


class ApiError(Exception):
    """The method refuses; `code` is Slack's."""

    def __init__(self, code: str, *messages: str, **fields: Any) -> None:
        super().__init__(code)
        self.code = code
        self.messages = messages
        self.fields = fields

    def as_json(self) -> JSON:
        """The answer's body."""
        body: JSON = {"ok": False, "error": self.code, **self.fields}
        if self.messages:
            body["response_metadata"] = {"messages": list(self.messages)}
        return body


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A call with its arguments, after the token was checked."""

    world: World
    views: Views
    method: str
    args: Mapping[str, Any]
    base_url: str  #: where this sandbox is reached, ending in a slash

    # -- arguments

    def text(self, name: str) -> str:
        """A text argument; empty when absent."""
        value = self.args.get(name)
        if value is None:
            return ""
        if isinstance(value, dict | list):
            raise ApiError("invalid_array_arg")
        return str(value)

    def flag(self, name: str) -> bool:
        """A yes-or-no argument; no when absent."""
        value = self.args.get(name)
        return value if isinstance(value, bool) else str(value or "").lower() not in _FALSE

    def number(self, name: str, default: int, *, at_most: int) -> int:
        """A whole number, capped."""
        value = self.text(name)
        if not value:
            return default
        if not value.isdecimal() or int(value) < 1:
            raise ApiError("invalid_limit" if name == "limit" else "invalid_arguments")
        return min(int(value), at_most)

    def structure(self, name: str, refusal: str) -> Any:
        """An object or list, sent as such or as JSON text; None when absent. Refuses with `refusal`."""
        value = self.args.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value) if value else None
        except json.JSONDecodeError:
            raise ApiError(refusal) from None

    # -- rights

    def need(self, *scopes: str) -> None:
        """Refuse unless the app was granted one of these scopes."""
        granted = self.world.app.scopes
        if granted.isdisjoint(scopes):
            raise ApiError("missing_scope", needed=",".join(scopes), provided=",".join(sorted(granted)))

    @property
    def bot(self) -> str:
        """The bot's user id."""
        return self.world.app.bot_user_id

    def readable(self, right: str = "read", name: str = "channel") -> Channel:
        """The conversation named by id, if the app may read it (`read`) or its messages (`history`)."""
        channel = self.world.channels.get(self.text(name))
        if channel is None or (channel.kind != "public" and self.bot not in channel.members):
            raise ApiError("channel_not_found")
        self.need(f"{READ_SCOPE[channel.kind]}:{right}")
        if right == "history" and self.bot not in channel.members:
            raise ApiError("not_in_channel")
        return channel

    def writable(self, name: str = "channel") -> Channel:
        """The conversation named by id, if the bot is in it and it is not archived."""
        channel = self.world.channels.get(self.text(name))
        if channel is None or (channel.kind != "public" and self.bot not in channel.members):
            raise ApiError("channel_not_found")
        if self.bot not in channel.members:
            raise ApiError("not_in_channel")
        if channel.is_archived:
            raise ApiError("is_archived")
        return channel

    # -- content

    def blocks(self) -> list[JSON] | None:
        """The message's blocks, checked; None when absent. What Slack would not show is recorded."""
        blocks = self.structure("blocks", "invalid_blocks_format")
        if blocks is None:
            return None
        if not isinstance(blocks, list):
            raise ApiError("invalid_blocks_format")
        # A block that this workspace does not know yet is no fault of the app's, so no violation.
        refused = self.world.faults.refusals(self.method, blocks, "/blocks")
        problems = refused or message_problems(blocks)
        if problems:
            if not refused:
                self.world.violation(self.method, problems)
            raise ApiError(
                "invalid_blocks", *problems, errors=[each.removeprefix("[ERROR] ") for each in problems]
            )
        if is_too_long(blocks):
            self.world.violation(self.method, ["msg_blocks_too_long"])
            raise ApiError("msg_blocks_too_long")
        return blocks

    def words(self) -> str:
        """The message's text, if not too long."""
        text = self.text("text")
        if len(text) > MAX_TEXT:
            self.world.violation(self.method, ["msg_too_long"])
            raise ApiError("msg_too_long")
        return text

    def metadata(self) -> JSON | None:
        """The message's metadata, checked; None when absent."""
        metadata = self.structure("metadata", "invalid_metadata_format")
        if metadata is None or metadata == {}:
            return None if metadata is None else {}
        if not isinstance(metadata, dict):
            raise ApiError("invalid_metadata_format")
        if not isinstance(metadata.get("event_type"), str) or not isinstance(
            metadata.get("event_payload"), dict
        ):
            raise ApiError("invalid_metadata_schema")
        if len(json.dumps(metadata)) > _MAX_METADATA_BYTES:
            raise ApiError("metadata_too_large")
        return metadata

    def view(self, *kinds: str) -> JSON:
        """The view sent, checked; refuses other kinds than those."""
        view = self.structure("view", "invalid_arguments")
        refused = self.world.faults.refusals(self.method, view, "/view")
        problems = refused or view_problems(view)
        if not problems and view["type"] not in kinds:
            problems = [f"[ERROR] must be of type {' or '.join(kinds)} [json-pointer:/view/type]"]
        if problems:
            if not refused:
                self.world.violation(self.method, problems)
            raise ApiError("invalid_arguments", *problems)
        if len(json.dumps(view).encode()) > MAX_VIEW_BYTES:
            self.world.violation(self.method, ["view_too_large"])
            raise ApiError("view_too_large")
        return dict(view)
