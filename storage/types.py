"""Column types that check values where plain SQL types would not."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import DateTime, Dialect, LargeBinary, String
from sqlalchemy.types import TypeDecorator

from storage.data_keys import UNOPENED, is_encrypted

#: Where the offset begins in an instant's text.
_NO_OFFSET = len("2026-11-18 15:00:00.000000")


def utc(instant: datetime) -> datetime:
    """An aware instant in UTC.

    Raises:
        ValueError: for a naive one, which names no instant.
    """
    zone = instant.tzinfo
    if zone is UTC:
        return instant
    if zone is None:
        raise ValueError("an instant needs a time zone")
    return instant.astimezone(UTC)


def instant_text(instant: datetime) -> str:
    """An aware instant as SQLite keeps it: `2026-11-18 15:00:00.000000`."""
    return utc(instant).isoformat(" ", "microseconds")[:_NO_OFFSET]


class Instant(TypeDecorator[datetime]):
    """An aware instant, kept in UTC on every database; a naive one is refused.

    SQLite keeps it as text without an offset, `2026-11-18 15:00:00.000000`, which sorts as time does.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[datetime | None], Any]:
        """To UTC. Several a statement, so no call more than needed."""
        return _instant_to_text if dialect.name == "sqlite" else _instant_to_utc

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], datetime | None]:  # noqa: ARG002 - the base class's signature
        """Back to an aware instant in UTC (the session's zone is UTC on PostgreSQL)."""
        return _text_to_instant if dialect.name == "sqlite" else _utc_to_instant


def _instant_to_text(instant: datetime | None) -> str | None:
    return None if instant is None else instant_text(instant)


def _text_to_instant(stored: str | None) -> datetime | None:
    if stored is None:
        return None
    if len(stored) == _NO_OFFSET:
        # A seventh of the time of `replace`, for a hundred thousand instants of a report.
        return datetime.fromisoformat(f"{stored}+00:00")
    return datetime.fromisoformat(stored).replace(tzinfo=UTC)


def _instant_to_utc(instant: datetime | None) -> datetime | None:
    return None if instant is None else utc(instant)


def _utc_to_instant(stored: datetime | None) -> datetime | None:
    return None if stored is None else stored.replace(tzinfo=UTC)


class Numbers(TypeDecorator[tuple[int, ...]]):
    """A few ids in one column: `3,17`."""

    impl = String
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[tuple[int, ...] | None], str]:  # noqa: ARG002 - the base class's signature
        """Joined by commas; nothing is the empty text. Every entry has them, so no call more than needed."""
        return _numbers_to_text

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[str | None], tuple[int, ...]]:  # noqa: ARG002 - the base class's signature
        """Back to a tuple."""
        return _text_to_numbers


def _numbers_to_text(value: tuple[int, ...] | None) -> str:
    return ",".join(map(str, value)) if value else ""


def _text_to_numbers(value: str | None) -> tuple[int, ...]:
    return tuple(map(int, value.split(","))) if value else ()


class Words(TypeDecorator[tuple[str, ...]]):
    """A few words without spaces in one column, in order: `F33.1 F41.1`."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: tuple[str, ...] | None, dialect: Dialect) -> str:  # noqa: ARG002 - the base class's signature
        """Joined by spaces; nothing is the empty text."""
        return " ".join(value or ())

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[str, ...]:  # noqa: ARG002 - the base class's signature
        """Back to a tuple."""
        return tuple(value.split()) if value else ()


class Lines(TypeDecorator[tuple[str, ...]]):
    """A few texts of one line each in one column, in order."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: tuple[str, ...] | None, dialect: Dialect) -> str:  # noqa: ARG002 - the base class's signature
        """Joined by line ends; nothing is the empty text."""
        return "\n".join(value or ())

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[str, ...]:  # noqa: ARG002 - the base class's signature
        """Back to a tuple."""
        return tuple(value.split("\n")) if value else ()


class Times(TypeDecorator[dict[str, time]]):
    """Local times by name in one column, in the order of the names: `audit=09:00 digest=08:30`."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: dict[str, time] | None, dialect: Dialect) -> str:  # noqa: ARG002 - the base class's signature
        """Joined by spaces; to the minute."""
        return " ".join(f"{name}={at:%H:%M}" for name, at in sorted((value or {}).items()))

    def process_result_value(self, value: str | None, dialect: Dialect) -> dict[str, time]:  # noqa: ARG002 - the base class's signature
        """Back to a dictionary."""
        pairs = (pair.partition("=") for pair in (value or "").split())
        return {name: time.fromisoformat(at) for name, _, at in pairs}


class Encrypted(TypeDecorator[str]):
    """Words that name or describe somebody: encrypted where the program has data keys (`storage.data_keys`).

    That is done where a statement meets the driver (`storage.statements`); to SQLAlchemy alone it is text as it lies
    in the table.
    """

    impl = String
    cache_ok = True
    #: True for what is gone within days, in which the sentence that stands for lost words may be kept.
    passes = False
    #: What stands in the place of what no key opens.
    unopened: Any = UNOPENED


class EncryptedJson(Encrypted):
    """Words likewise that the program reads: where no key opens them, the row is left out and named."""

    cache_ok = True
    unopened = None


class EncryptedBriefly(EncryptedJson):
    """The same of what is gone within days."""

    cache_ok = True
    passes = True


class EncryptedBytes(TypeDecorator[bytes]):
    """Bytes that may name somebody, likewise, and that are gone within days."""

    impl = LargeBinary
    cache_ok = True
    passes = True
    #: As if nothing had been kept.
    unopened = b""

    def bind_processor(self, dialect: Dialect) -> None:
        """Nothing: both drivers take bytes, and what they wrap them in cannot be encrypted."""


class EncryptedDay(TypeDecorator[date]):
    """A date that tells who somebody is, likewise; kept as text, `1958-03-14`."""

    impl = String
    cache_ok = True
    passes = False
    #: As if nobody had said.
    unopened = ""

    def process_bind_param(self, value: date | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - the base class's signature
        """In text."""
        return None if value is None else value.isoformat()

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:  # noqa: ARG002 - the base class's signature
        """Back to a date; what is still encrypted stays as it is."""
        return value if is_encrypted(value) else self.day_of(value)

    @staticmethod
    def day_of(value: Any) -> Any:
        """The date of a text; what is one already stays."""
        return date.fromisoformat(value) if isinstance(value, str) and value else value or None


#: Types of columns that are encrypted where the program has data keys.
ENCRYPTED = (Encrypted, EncryptedBytes, EncryptedDay)


class AsStored(TypeDecorator[Any]):
    """An encrypted column as the driver gives it, but decrypted; `Shut` where no key opens it."""

    impl = String
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> None:
        """Nothing is done to what goes in."""

    def result_processor(self, dialect: Dialect, coltype: object) -> None:
        """Nor to what comes out."""
