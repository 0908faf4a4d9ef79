"""A use case waiting for the database, and its future."""

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

from storage.unit_of_work import UnitOfWork

Work = Callable[[UnitOfWork], Any]
#: What stores what was made of a plan.
Following = Callable[[UnitOfWork, Any], Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A use case that waits to be run."""

    work: Work
    tenant_id: int
    #: Whether a person waits for it, and until when it may begin, by the monotonic clock.
    hurried: bool
    until: float
    future: "Future[Any]" = field(default_factory=Future)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How a use case ended; told to nobody before it is certain."""

    value: Any = None
    error: BaseException | None = None

    def tell(self, future: "Future[Any]") -> None:
        """Resolve the future."""
        if self.error is not None:
            future.set_exception(self.error)
        else:
            future.set_result(self.value)
