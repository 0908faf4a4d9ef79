"""The things a workspace holds while it runs. Mutable, in memory, owned by a `World`."""

from dataclasses import dataclass, field
from typing import Any, TypeAlias

JSON: TypeAlias = dict[str, Any]


@dataclass(slots=True, kw_only=True)
class File:
    """A file between being asked for, uploaded and shared."""

    id: str
    name: str
    length: int
    created: int
    base_url: str
    title: str = ""
    content: bytes | None = field(default=None, repr=False)
    mimetype: str = "application/octet-stream"
    completed: bool = False
    #: Who uploaded it; empty is the app.
    user: str = ""
    #: (channel id, ts of the sharing message, thread ts or None)
    shares: list[tuple[str, str, str | None]] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Where the sandbox serves it."""
        return f"{self.base_url}files/{self.id}/{self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What is to be posted."""

    text: str = field(default="", repr=False)
    blocks: list[JSON] | None = field(default=None, repr=False)
    thread_ts: str | None = None
    metadata: JSON | None = None
    files: tuple[File, ...] = ()
    subtype: str | None = None
    is_broadcast: bool = False


@dataclass(slots=True, kw_only=True)
class Message:
    """A message, a reply, or an answer that one person alone can see."""

    channel: str
    ts: str
    user: str
    text: str = field(repr=False)
    blocks: list[JSON] | None = field(default=None, repr=False)
    thread_ts: str | None = None
    bot_id: str | None = None
    metadata: JSON | None = None
    files: list[File] = field(default_factory=list)
    subtype: str | None = None
    edited: JSON | None = None
    ephemeral_to: str | None = None
    is_broadcast: bool = False
    replies: list[str] = field(default_factory=list)
    repliers: list[str] = field(default_factory=list)
    #: what each person has picked in its menus so far: user id to `state.values`
    state: dict[str, JSON] = field(default_factory=dict)

    @property
    def is_reply(self) -> bool:
        """Whether it stands in a thread below another message."""
        return self.thread_ts is not None and self.thread_ts != self.ts


@dataclass(slots=True, kw_only=True)
class Channel:
    """A public or private channel, or a direct message between two or more."""

    id: str
    name: str
    kind: str  #: public, private, im, mpim
    members: list[str]
    created: int
    is_shared: bool = False
    is_archived: bool = False
    messages: dict[str, Message] = field(default_factory=dict, repr=False)
    #: ts of the messages outside threads, ascending
    timeline: list[str] = field(default_factory=list, repr=False)
    last_read: dict[str, str] = field(default_factory=dict, repr=False)

    def other(self, user_id: str) -> str:
        """The one a direct message is with, seen from one side."""
        return next((member for member in self.members if member != user_id), user_id)


@dataclass(slots=True, kw_only=True)
class View:
    """An open modal, or a person's Home tab."""

    id: str
    user: str
    body: JSON = field(repr=False)  #: as the app sent it, ids filled in
    hash: str
    root_view_id: str
    previous_view_id: str | None = None
    values: JSON = field(default_factory=dict, repr=False)
    is_closed: bool = False


@dataclass(slots=True, kw_only=True)
class Trigger:
    """The right to open one modal for one person, for a few seconds."""

    id: str
    user: str
    expires_at: float
    view_id: str | None = None  #: the modal it came from, if any
    is_used: bool = False


@dataclass(slots=True, kw_only=True)
class ResponseUrl:
    """The right to answer one interaction, five times within thirty minutes."""

    token: str
    user: str
    channel: str
    expires_at: float
    message: Message | None = None  #: the message clicked, if any
    uses: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CallRecord:
    """One Web API call that arrived, whatever became of it."""

    method: str
    ok: bool
    error: str | None
    at: float
    args: JSON = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """Something the app sent that Slack would not have shown."""

    surface: str  #: the method or answer that carried it
    problems: tuple[str, ...]
    at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Something that happened in the world, told to those who listen."""

    type: str
    audience: frozenset[str] | None  #: the people who can see it; None for everyone
    message: Message | None = field(default=None, repr=False)
    previous: JSON | None = field(default=None, repr=False)
    view: View | None = field(default=None, repr=False)
    detail: JSON = field(default_factory=dict, repr=False)
