"""The kinds of message that come unasked on a calendar: for whom, and when where nobody chose."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import time
from types import MappingProxyType
from typing import Final

from billing.people import MemberRole
from services.messages.deliveries import JobName

_CARE_MANAGERS: Final = frozenset({MemberRole.CARE_MANAGER})
_SUPERVISORS: Final = frozenset({MemberRole.SUPERVISOR})
_MORNING: Final = time(8, 30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of message; on which days it comes is the scheduler's."""

    job: JobName
    #: Roles that get it by direct message; empty means that it is posted in the billing channel.
    roles: frozenset[MemberRole] = frozenset()
    #: Local time, unless the practice or the person chose another.
    at: time
    #: One of the messages that come together in the morning, at the one time that a person chooses for them.
    in_morning: bool = False

    @property
    def is_personal(self) -> bool:
        """Whether it goes to people rather than to the billing channel."""
        return bool(self.roles)


def _by_job(kinds: Iterable[Kind]) -> Mapping[JobName, Kind]:
    return MappingProxyType({kind.job: kind for kind in kinds})


#: In the order in which they are sent.
KINDS: Final = _by_job(
    (
        Kind(job=JobName.DIGEST, roles=_CARE_MANAGERS, at=_MORNING, in_morning=True),
        Kind(job=JobName.AUDIT, roles=_CARE_MANAGERS, at=_MORNING, in_morning=True),
        Kind(job=JobName.AUDIT_SUMMARY, roles=_SUPERVISORS, at=time(9, 0)),
        Kind(job=JobName.TRUE_UP, roles=_CARE_MANAGERS, at=_MORNING, in_morning=True),
        Kind(job=JobName.MISSING_ENTRIES, roles=_CARE_MANAGERS, at=time(16, 0)),
        Kind(job=JobName.PREVIEW, at=time(9, 0)),
        Kind(job=JobName.MONTH_END, at=time(8, 0)),
        Kind(job=JobName.CLOSE_REMINDER, at=time(9, 0)),
    )
)
