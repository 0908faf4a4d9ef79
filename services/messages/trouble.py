"""What cannot be delivered until somebody mends something."""

from collections import Counter
from dataclasses import dataclass

from services.context import Context
from services.messages.deliveries import JobName
from services.messages.store import unfinished


@dataclass(frozen=True, slots=True, kw_only=True)
class Stuck:
    """Deliveries that one reason keeps back."""

    #: Slack's own word, or ours: `not_in_channel`.
    code: str
    #: How many of each job.
    jobs: tuple[tuple[JobName, int], ...]


def stuck(context: Context) -> tuple[Stuck, ...]:
    """All that waits with a reason, by reason."""
    found = Counter(
        (each.code, each.job) for each in unfinished(context) if each.code and each.job is not JobName.TROUBLE
    )
    codes = sorted({code for code, _ in found})
    return tuple(
        Stuck(
            code=code,
            jobs=tuple((job, number) for (one, job), number in sorted(found.items()) if one == code),
        )
        for code in codes
    )


def trouble(context: Context, code: str) -> Stuck | None:
    """What one reason keeps back; None once it was mended."""
    return next((one for one in stuck(context) if one.code == code), None)
