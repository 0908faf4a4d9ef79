"""What is due to whom, and how far each part of it has come: values that scheduler, bot and storage share.

Nothing here holds a patient's name, an MRN or a note: a delivery says which message it is, never what it says.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, NamedTuple, Self

from services.messages.kind import Part
from services.messages.kinds import KINDS


class Recipient(NamedTuple):
    """A member or a newcomer, by direct message; or the practice's billing channel, whichever that is at the time.

    A tuple, for each minute asks of thousands whether they have been served.
    """

    #: None is a newcomer or the billing channel.
    member_id: int | None = None
    #: Number of the request of somebody who asked to take part.
    newcomer: int | None = None

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read what `str()` wrote.

        Raises:
            ValueError: when the text is neither `billing` nor `member:` or `newcomer:` and a number.
        """
        if text == "billing":
            return cls()
        kind, _, number = text.partition(":")
        if kind not in {"member", "newcomer"} or not number.isdecimal():
            raise ValueError(f"{text!r} is not a recipient. Write it as billing, member:12 or newcomer:3.")
        return cls(int(number)) if kind == "member" else cls(newcomer=int(number))

    def __str__(self) -> str:
        if self.newcomer is not None:
            return f"newcomer:{self.newcomer}"
        return "billing" if self.member_id is None else f"member:{self.member_id}"


_ID_BYTES = 12
#: The practice's billing channel.
BILLING: Final = Recipient()

#: What tells deliveries apart: the period with its kind (`digest:2026-12-01`), and the recipient.
Key = tuple[str, Recipient]


@dataclass(frozen=True, slots=True, kw_only=True)
class DueDelivery:
    """A delivery that is due, of use still, and not in the outbox yet."""

    #: Name of its kind.
    kind: str
    #: What it is about, unique with the recipient: `month_end:2026-11`.
    period: str
    recipient: Recipient
    #: Aware UTC instants; from `useful_until` on it is not to be sent any more.
    due_at: datetime
    useful_until: datetime
    #: It was due on an earlier local day.
    late: bool = False

    @property
    def key(self) -> Key:
        """What tells it from every other."""
        return self.period, self.recipient


class State(StrEnum):
    """How far a part has come."""

    #: To be sent as soon as its wait is over.
    NEW = "new"
    #: A node holds the lease and may be talking to Slack.
    SENDING = "sending"
    #: Nobody knows whether Slack has it: to be looked for before any second attempt.
    AMBIGUOUS = "ambiguous"
    #: Slack refused it; tried again from time to time until it is fixed or of no use any more.
    FAILED = "failed"
    #: Slack said that it has it.
    SENT = "sent"
    #: There was nothing to say.
    SILENT = "silent"
    #: It could not be sent while it was of use.
    LAPSED = "lapsed"

    @property
    def is_final(self) -> bool:
        """Whether nothing is left to do."""
        return self in _FINAL


_FINAL: Final = frozenset({State.SENT, State.SILENT, State.LAPSED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One kind of message to one recipient for one period, as the outbox has it; each part has a row of its own.

    Changed only by comparing and swapping its version.
    """

    #: Random and opaque; Slack sees it in the message's metadata.
    delivery_id: str
    #: Name of its kind.
    kind: str
    period: str
    recipient: Recipient
    part: Part
    #: The delivery in whose thread this one goes; None for a message.
    thread_of: str | None = None
    due_at: datetime
    useful_until: datetime
    #: When it was put into the outbox; the same for all parts.
    planned_at: datetime

    state: State = State.NEW
    #: Grows by one with every change, and is the fencing token: who holds an older one may write nothing.
    version: int = 1
    changed_at: datetime
    #: Whole seconds after the last change before anybody may take the next step.
    wait_seconds: int = 0
    #: How often sending was begun.
    attempts: int = 0
    #: How often it was looked for in vain since the last attempt.
    looks: int = 0
    #: Why the last attempt or look was refused, `not_in_channel`; None when it was not.
    code: str | None = None
    #: Where it is, once sent.
    channel: str | None = None
    ts: str | None = None
    #: Slack's id of an uploaded file, stored before its bytes are sent.
    file_id: str | None = None
    #: All bytes of the file arrived: from here on Slack may have been asked to share it.
    uploaded: bool = False

    @property
    def key(self) -> Key:
        """What all its parts share, and nothing else has."""
        return self.period, self.recipient

    @property
    def is_file(self) -> bool:
        """Whether it is a file in a message's thread."""
        return self.part is not Part.MESSAGE


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """What the outbox holds already, as far as it bears on what is owed."""

    #: What has a delivery in any state; at least those whose use is not over.
    keys: frozenset[Key] = frozenset()
    #: When the very first delivery was planned; None before the first run.
    since: datetime | None = None


def random_id() -> str:
    """A new opaque id for a delivery."""
    return secrets.token_urlsafe(_ID_BYTES)


def deliveries_for(due: DueDelivery, planned_at: datetime, new_id: Callable[[], str]) -> tuple[Delivery, ...]:
    """The parts of a delivery, to be put into the outbox together.

    Args:
        due: what is due to one recipient.
        planned_at: aware UTC instant.
        new_id: gives a random opaque id at each call.
    """
    message_id = new_id()
    return tuple(
        Delivery(
            delivery_id=message_id if part is Part.MESSAGE else new_id(),
            kind=due.kind,
            period=due.period,
            recipient=due.recipient,
            part=part,
            thread_of=None if part is Part.MESSAGE else message_id,
            due_at=due.due_at,
            useful_until=due.useful_until,
            planned_at=planned_at,
            changed_at=planned_at,
        )
        for part in KINDS[due.kind].parts
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class NotNow:
    """It is not to be told yet: the recipient wants nothing just now, or there is nothing to say yet."""

    #: Whole seconds after which to ask again.
    seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """Slack has it."""

    #: Channel id (a D-id for direct messages) and time stamp of the message; of a file, that of its share.
    channel: str
    ts: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Limited:
    """Slack did not take it, and asks for a pause before anything else is sent."""

    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """Slack did not take it and will not, until something is fixed."""

    #: Slack's own word, or ours: `not_in_channel`, `channel_not_private`.
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ambiguous:
    """No answer that says whether Slack took it: time-out, connection lost, server error."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """Slack answered, and does not have it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileStarted:
    """Slack expects the bytes of a file."""

    file_id: str
    upload_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Uploaded:
    """Slack has all bytes of a file; nobody sees it yet."""


#: What can go wrong with any call.
Trouble = Limited | Refused | Ambiguous
