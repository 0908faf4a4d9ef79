"""Reads a practice's people and patients together, for whoever looks over them: one statement a question."""

from datetime import date
from typing import NamedTuple

from sqlalchemy import bindparam, case, func, select

from storage.caseloads import HELD
from storage.entry_columns import CURRENT
from storage.statements import PreparedStatement, Wire
from storage.tables import EpisodeRow, table_of

_EPISODE = table_of(EpisodeRow)
# Not ordered: SQLite would read every episode in that order.
_IN_CARE = PreparedStatement(
    select(_EPISODE.c.patient_id, _EPISODE.c.care_manager).where(
        _EPISODE.c.tenant_id == bindparam("tenant_id"),
        _EPISODE.c.withdrawn_at.is_(None),
        func.coalesce(_EPISODE.c.enrolled_on, _EPISODE.c.initial_assessment_on, bindparam("today"))
        <= bindparam("today"),
        _EPISODE.c.discharged_on.is_(None) | (_EPISODE.c.discharged_on >= bindparam("today")),
    )
)
_WORK = PreparedStatement(
    select(
        CURRENT.c.performed_by,
        CURRENT.c.service_date,
        CURRENT.c.recorded_on,
        func.count().label("entries"),
        func.sum(CURRENT.c.seconds).label("seconds"),
        func.sum(case((HELD, 1), else_=0)).label("held"),
        func.sum(case((HELD, CURRENT.c.seconds), else_=0)).label("held_seconds"),
    )
    .where(
        CURRENT.c.tenant_id == bindparam("tenant_id"),
        CURRENT.c.service_date.between(bindparam("first_day"), bindparam("last_day")),
    )
    .group_by(CURRENT.c.performed_by, CURRENT.c.service_date, CURRENT.c.recorded_on)
)


class Work(NamedTuple):
    """What one person did on a day and wrote down on one day."""

    member_id: int
    service_date: date
    #: Local date on which it was written down; None where that was not kept.
    recorded_on: date | None
    entries: int
    #: Whole seconds, counted or not.
    seconds: int
    #: Of these: those that wait for a word about what they were.
    held: int
    held_seconds: int


class Overviews:
    """What the ledger of one tenant says of everybody."""

    def __init__(self, wire: Wire, tenant_id: int) -> None:
        self._wire = wire
        self._tenant_id = tenant_id

    def in_care(self, today: date) -> dict[int, int | None]:
        """Every patient in care on a local date, with the care manager who looks after them."""
        return dict(self._wire.rows(_IN_CARE, tenant_id=self._tenant_id, today=today))

    def work(self, first_day: date, last_day: date) -> tuple[Work, ...]:
        """Everybody's work on local dates from `first_day` to `last_day`, both included."""
        rows = self._wire.rows(_WORK, tenant_id=self._tenant_id, first_day=first_day, last_day=last_day)
        return tuple(
            Work(who, day, recorded_on, entries, int(seconds), int(held), int(held_seconds))
            for who, day, recorded_on, entries, seconds, held, held_seconds in rows
        )
