"""The protocols that the scheduler needs from the outside: notifier, composer, outbox."""

from datetime import datetime
from typing import Protocol

from services.messages.audience import Audience
from services.messages.deliveries import (
    Delivered,
    Delivery,
    FileStarted,
    Missing,
    Sent,
    Trouble,
    Uploaded,
)


class Notifier(Protocol):
    """Shows people their messages. Never raises for what Slack or the network did: it answers.

    Each call may be cut off by the caller after a deadline, and must not go on in the background then.
    """

    async def send(self, delivery: Delivery, content: object) -> Sent | Trouble:
        """Post a message, with the delivery id in its metadata; one request, never repeated by itself.

        Args:
            delivery: whose message it is.
            content: what the `Composer` made of it.
        """
        ...

    async def find(self, delivery: Delivery, thread: Sent | None) -> Sent | Missing | Trouble:
        """Look whether Slack has a delivery: a message by the delivery id, a file by its shares.

        Args:
            delivery: what may have been sent; a file has its `file_id`.
            thread: the message in whose thread a file goes.
        """
        ...

    async def start_file(self, content: object) -> FileStarted | Trouble:
        """Ask where the bytes of a file are to go; nobody sees anything yet."""
        ...

    async def upload_file(self, content: object, upload_url: str) -> Uploaded | Trouble:
        """Send the bytes of a file; nobody sees anything yet."""
        ...

    async def complete_file(self, delivery: Delivery, thread: Sent | None) -> Sent | Trouble:
        """Share an uploaded file, `delivery.file_id`, in the thread of a message; one request, never repeated."""
        ...


class Outbox(Protocol):
    """The outbox as stored. Each call is one transaction, durable when it returns."""

    async def delivered(self, now: datetime) -> Delivered:
        """What is in the outbox already, at least of all that is still of use at `now`, an aware instant."""
        ...

    async def add(self, deliveries: tuple[Delivery, ...]) -> int:
        """Put parts into the outbox, but for those of deliveries that are there; returns how many were new.

        All parts of a delivery are added, or none: of nodes that add the same one, exactly one does.
        """
        ...

    async def open(self) -> tuple[Delivery, ...]:
        """Every delivery whose state is not final, earliest due first, the parts of a message in their order."""
        ...

    async def by_id(self, delivery_id: str) -> Delivery:
        """One delivery that is known to be there, whatever its state."""
        ...

    async def swap(self, after: Delivery) -> bool:
        """Store a changed delivery if the stored version is the one before it; says whether it did."""
        ...


class Composer(Protocol):
    """Makes of a delivery what the `Notifier` sends, as things stand now."""

    async def compose(self, delivery: Delivery) -> object | None:
        """A message or a file; None when there is nothing to say, `NotNow` when there may be later."""
        ...


class Roster(Protocol):
    """Knows everybody who may be owed something."""

    async def audience(self) -> Audience:
        """The people and the practice's calendar, as they stand now."""
        ...
