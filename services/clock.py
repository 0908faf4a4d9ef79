"""The one place that reads the machine's clock."""

from datetime import UTC, datetime


class SystemClock:
    """The `Clock` of a running program."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        return datetime.now(UTC)  # noqa: TID251 - the one reader of the machine's clock
