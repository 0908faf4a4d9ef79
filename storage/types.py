"""Column types for what plain SQL types would let slip."""

from datetime import UTC, datetime

from sqlalchemy import DateTime, Dialect, String
from sqlalchemy.types import TypeDecorator


def utc(instant: datetime) -> datetime:
    """An aware instant in UTC.

    Raises:
        ValueError: for a naive one, which names no instant.
    """
    if instant.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return instant.astimezone(UTC)


class Instant(TypeDecorator[datetime]):
    """An aware instant, kept in UTC on every database; a naive one is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To UTC; SQLite keeps its text form without an offset."""
        if value is None:
            return None
        in_utc = utc(value)
        return in_utc.replace(tzinfo=None) if dialect.name == "sqlite" else in_utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - the base class's signature
        """Back to an aware instant in UTC (the session's zone is UTC on PostgreSQL)."""
        return None if value is None else value.replace(tzinfo=UTC)


class Numbers(TypeDecorator[tuple[int, ...]]):
    """A few ids in one column: `3,17`."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: tuple[int, ...] | None, dialect: Dialect) -> str:  # noqa: ARG002 - the base class's signature
        """Joined by commas; nothing is the empty text."""
        return ",".join(map(str, value)) if value else ""

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[int, ...]:  # noqa: ARG002 - the base class's signature
        """Back to a tuple."""
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
