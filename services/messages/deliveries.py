"""What is owed to whom, and how far each part of it has come: values that scheduler, bot and storage share.

Nothing here holds a patient's name, an MRN or a note: a delivery says which message it is, never what it says.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, NamedTuple, Self


class JobName(StrEnum):
    """The kinds of message that are owed without anybody asking."""

    DIGEST = "digest"
    MISSING_ENTRIES = "missing_entries"
    AUDIT = "audit"
    AUDIT_SUMMARY = "audit_summary"
    TRUE_UP = "true_up"
    PREVIEW = "preview"
    MONTH_END = "month_end"
    CLOSE_REMINDER = "close_reminder"
    #: A closed month changed; owed by the use case that changed it.
    REVISION = "revision"
    #: Something cannot be delivered until an administrator mends it.
    TROUBLE = "trouble"


class PartKind(StrEnum):
    """One message of Slack; a summary and each of its files come apart, and may fail apart."""

    MESSAGE = "message"
    XLSX = "xlsx"
    CSV = "csv"


_WITH_FILES = (PartKind.MESSAGE, PartKind.XLSX, PartKind.CSV)
#: What a job consists of, in the order in which it is sent; files go into the message's thread.
PARTS: Final = dict.fromkeys(JobName, (PartKind.MESSAGE,)) | {
    JobName.MONTH_END: _WITH_FILES,
    JobName.REVISION: _WITH_FILES,
}


class Recipient(NamedTuple):
    """A member, by direct message; or the practice's billing channel, whichever channel that is at the time.

    A tuple, for each minute asks of thousands whether they have been served.
    """

    #: None is the billing channel.
    member_id: int | None = None

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read what `str()` wrote.

        Raises:
            ValueError: when the text is neither `billing` nor `member:` and a number.
        """
        if text == "billing":
            return cls()
        kind, _, number = text.partition(":")
        if kind != "member" or not number.isdecimal():
            raise ValueError(f"{text!r} is not a recipient. Write it as billing or member:12.")
        return cls(int(number))

    def __str__(self) -> str:
        return "billing" if self.member_id is None else f"member:{self.member_id}"


_ID_BYTES = 12
#: The practice's billing channel.
BILLING: Final = Recipient()

#: What tells occurrences apart: the period with its job (`digest:2026-12-01`), and the recipient.
Key = tuple[str, Recipient]


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """One occurrence of a job for one recipient: due, still useful, and not in the outbox yet."""

    job: JobName
    #: Stable name of the occurrence, unique with the recipient: `month_end:2026-11`.
    period: str
    recipient: Recipient
    #: Aware UTC instants; from `useful_until` on it is not to be sent any more.
    due_at: datetime
    useful_until: datetime
    #: It was due on an earlier local day than the one it is owed on.
    late: bool = False

    @property
    def key(self) -> Key:
        """What tells it from every other occurrence."""
        return self.period, self.recipient


class State(StrEnum):
    """How far a part has come."""

    #: To be sent as soon as its wait is over.
    NEW = "new"
    #: A node holds the lease and may be talking to Slack.
    SENDING = "sending"
    #: Nobody knows whether Slack has it: to be looked for before any second attempt.
    AMBIGUOUS = "ambiguous"
    #: Slack refused it; tried again from time to time until it is mended or of no use any more.
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
    """One part of what is owed, as the outbox has it. Changed only by comparing and swapping its version."""

    #: Random and opaque; Slack sees it in the message's metadata.
    delivery_id: str
    job: JobName
    period: str
    recipient: Recipient
    part: PartKind
    #: The delivery in whose thread this one goes; None for a message.
    thread_of: str | None = None
    due_at: datetime
    useful_until: datetime
    #: When it was put into the outbox; the same for all parts of one occurrence.
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
        """The occurrence that it belongs to."""
        return self.period, self.recipient

    @property
    def is_file(self) -> bool:
        """Whether it is a file in a message's thread."""
        return self.part is not PartKind.MESSAGE


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """What the outbox holds already, as far as it bears on what is owed."""

    #: Occurrences with a delivery in any state; at least those whose use is not over.
    keys: frozenset[Key] = frozenset()
    #: When the very first delivery was planned; None before the first run.
    since: datetime | None = None


def random_id() -> str:
    """A new opaque id for a delivery."""
    return secrets.token_urlsafe(_ID_BYTES)


def deliveries_for(owed: Owed, planned_at: datetime, new_id: Callable[[], str]) -> tuple[Delivery, ...]:
    """The parts that make up what is owed, to be put into the outbox together.

    Args:
        owed: one occurrence.
        planned_at: aware UTC instant.
        new_id: gives a random opaque id at each call.
    """
    message_id = new_id()
    return tuple(
        Delivery(
            delivery_id=message_id if part is PartKind.MESSAGE else new_id(),
            job=owed.job,
            period=owed.period,
            recipient=owed.recipient,
            part=part,
            thread_of=None if part is PartKind.MESSAGE else message_id,
            due_at=owed.due_at,
            useful_until=owed.useful_until,
            planned_at=planned_at,
            changed_at=planned_at,
        )
        for part in PARTS[owed.job]
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class NotNow:
    """It is not to be told yet: the recipient wants nothing just now, or there is nothing to say yet."""

    #: Whole seconds after which to ask again.
    seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What the notifier is asked to send."""

    delivery: Delivery
    #: What to tell: a value of `services` that the notifier knows how to show; None when completing a file.
    content: object = None
    #: The message in whose thread a file goes.
    thread: "Sent | None" = None


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
    """Slack did not take it and will not, until something is mended."""

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
