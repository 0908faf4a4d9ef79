"""Reads when patients' time was worked and when it was written down, for the pace of a person's month."""

from collections.abc import Collection, Iterator
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import bindparam, func, select

from billing.activities import Activity, ActivitySource, is_held
from billing.overlaps import LONGEST_SECONDS
from storage import damage
from storage.compiled import Values
from storage.counting_days import CAN_COUNT
from storage.entry_columns import CURRENT, VERSION
from storage.expressions import among
from storage.statements import PreparedStatement, Wire
from storage.tables import EpisodeRow, table_of
from storage.values import VersionKind

_EPISODE = table_of(EpisodeRow)
_IN_CARE = (
    _EPISODE.c.tenant_id == bindparam("tenant_id"),
    _EPISODE.c.withdrawn_at.is_(None),
    _EPISODE.c.discharged_on.is_(None) | (_EPISODE.c.discharged_on >= bindparam("since")),
)
_LOOKED_AFTER_SINCE = PreparedStatement(
    select(_EPISODE.c.patient_id).where(*_IN_CARE, _EPISODE.c.care_manager == bindparam("care_manager"))
)
_CARE_MANAGERS = PreparedStatement(
    select(_EPISODE.c.care_manager)
    .where(*_IN_CARE, _EPISODE.c.care_manager.is_not(None))
    .distinct()
    .order_by(_EPISODE.c.care_manager)
)
_BY_DAY = PreparedStatement(
    select(
        CURRENT.c.patient_id,
        CURRENT.c.service_date,
        CURRENT.c.recorded_on,
        CURRENT.c.performed_by,
        func.sum(CURRENT.c.seconds),
    )
    .where(
        CURRENT.c.tenant_id == bindparam("tenant_id"),
        among(CURRENT.c.patient_id, "ids"),
        CURRENT.c.service_date.between(bindparam("first_day"), bindparam("last_day")),
        CAN_COUNT,
    )
    .group_by(CURRENT.c.patient_id, CURRENT.c.service_date, CURRENT.c.recorded_on, CURRENT.c.performed_by)
)
_WORDS = (VERSION.c.kind, VERSION.c.activity, VERSION.c.activity_source, VERSION.c.role)
_VERSIONS = PreparedStatement(
    select(
        VERSION.c.entry_id,
        VERSION.c.at,
        VERSION.c.patient_id,
        VERSION.c.service_date,
        VERSION.c.recorded_on,
        VERSION.c.performed_by,
        VERSION.c.seconds,
        VERSION.c.next_contact,
        *_WORDS,
    )
    .where(
        VERSION.c.tenant_id == bindparam("tenant_id"),
        # Work is written down after it is done, and numbers grow with time: nothing before these days is read.
        VERSION.c.entry_id
        >= select(func.min(CURRENT.c.entry_id))
        .where(
            CURRENT.c.tenant_id == bindparam("tenant_id"),
            CURRENT.c.service_date.between(bindparam("first_day"), bindparam("last_day")),
        )
        .scalar_subquery(),
        VERSION.c.service_date.between(bindparam("first_day"), bindparam("last_day")),
    )
    .order_by(VERSION.c.entry_id, VERSION.c.n)
)
_ACTIVITIES = {one.value: one for one in Activity}
_SOURCES = {one.value: one for one in ActivitySource}


class WorkedTime(NamedTuple):
    """Time that can count, by patient, day and whoever did it."""

    patient_id: int
    #: Local date of the work.
    day: date
    #: Local date on which it was written down, where that is known.
    written_on: date | None
    performed_by: int
    #: Whole seconds.
    seconds: int


class SaidOfEntry(NamedTuple):
    """What a version of an entry says, from some instant on."""

    entry_id: int
    #: Aware, UTC.
    at: datetime
    worked: WorkedTime
    next_contact: date | None
    #: False for time that cannot count, and for what was made void.
    counts: bool


class CareTime:
    """The questions to one tenant's ledger that a forecast asks."""

    def __init__(self, wire: Wire, tenant_id: int) -> None:
        self._wire = wire
        self._tenant_id = tenant_id

    def looked_after_since(self, care_manager: int, since: date) -> frozenset[int]:
        """The patients whom a member looks after, with those discharged on that local date or later."""
        rows = self._wire.rows(
            _LOOKED_AFTER_SINCE, tenant_id=self._tenant_id, care_manager=care_manager, since=since
        )
        return frozenset(patient_id for (patient_id,) in rows)

    def care_managers(self, since: date) -> tuple[int, ...]:
        """The members who look after anybody, or did on that local date or later, by number."""
        rows = self._wire.rows(_CARE_MANAGERS, tenant_id=self._tenant_id, since=since)
        return tuple(member_id for (member_id,) in rows)

    def by_day(
        self, ids: Collection[int], first_day: date, last_day: date, *, without: str = ""
    ) -> list[WorkedTime]:
        """The time of some patients that can count, as it stands.

        Args:
            ids: Whose.
            first_day: The first local date.
            last_day: The last, included.
            without: A role whose time is left out.
        """
        rows = self._wire.rows(
            _BY_DAY,
            tenant_id=self._tenant_id,
            ids=ids,
            first_day=first_day,
            last_day=last_day,
            without=without,
        )
        return damage.each(_worked, rows, CURRENT.name)

    def said_of(self, first_day: date, last_day: date, *, without: str = "") -> Iterator[SaidOfEntry]:
        """What every version on those local dates says, entry by entry, the first version first.

        To be read before the unit of work ends.
        """
        rows = self._wire.stream(_VERSIONS, tenant_id=self._tenant_id, first_day=first_day, last_day=last_day)
        for entry_id, at, patient_id, day, written_on, performed_by, seconds, planned, *words in rows:
            kind, activity, source, role = words
            counts = (
                kind != VersionKind.VOID.value
                and role != without
                and 0 < seconds <= LONGEST_SECONDS
                and _can_count(activity, source)
            )
            worked = WorkedTime(patient_id, day, written_on, performed_by, seconds)
            yield SaidOfEntry(entry_id, at, worked, planned, counts)


def _worked(row: Values) -> WorkedTime:
    patient_id, day, written_on, performed_by, seconds = row
    return WorkedTime(patient_id, day, written_on, performed_by, int(seconds))


def _can_count(activity: str, source: str) -> bool:
    """Whether such work can count, as far as its kind says."""
    kind = _ACTIVITIES[activity]
    return kind.billable and not is_held(kind, _SOURCES[source])
