"""Stores for how long notes are kept: removals, whose notes are on hold, and taking old notes away.

A note that is taken away leaves its row, which says so; its digest stays in the audit chain, where the event that wrote
it has it, so that the note can still be proven when somebody shows it.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, fields
from datetime import date, datetime

from sqlalchemy import bindparam, func, literal_column, select, union_all, update

from storage.audit import Audit
from storage.expressions import among
from storage.facts import TIMER_FACTS
from storage.hashes import ENTRY_TEXTS, FACT_TEXTS, NOTE_HOLDS, NOTE_REMOVALS, REVIEW_TEXTS, TIMERS
from storage.statements import PreparedStatement, Wire, inserting
from storage.tables import (
    CaseReviewRow,
    CaseReviewTextRow,
    EntryTextRow,
    EntryVersionRow,
    FactVersionTextRow,
    NoteHoldRow,
    NoteRemovalRow,
    PatientRow,
    TimerRow,
    table_of,
)

_TEXT = table_of(EntryTextRow)
_VERSION = table_of(EntryVersionRow)
_ADVICE = table_of(CaseReviewTextRow)
_REVIEW = table_of(CaseReviewRow)
_HOLD = table_of(NoteHoldRow)
_REMOVAL = table_of(NoteRemovalRow)
_PATIENT = table_of(PatientRow)
_TIMER = table_of(TimerRow)
_WORDS = table_of(FactVersionTextRow)


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteHold:
    """A patient whose notes stay, whatever their age."""

    hold_id: int
    patient_id: int
    reason: str = field(repr=False)
    held_by: int
    #: Aware, UTC.
    held_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteRemoval:
    """A removal of old notes, as it was told."""

    removal_id: int
    years: int
    #: The first day of the notes that are kept.
    before: date
    announced_at: datetime
    #: The first local day on which it may be done.
    due_on: date
    ended_at: datetime | None
    #: How many were removed up to now; None for one that was given up.
    notes: int | None


_HOLDS = PreparedStatement(
    select(*(_HOLD.c[one.name] for one in fields(NoteHold)))
    .where(_HOLD.c.tenant_id == bindparam("tenant_id"), _HOLD.c.released_at.is_(None))
    .order_by(_HOLD.c.hold_id)
)
_ADD_HOLD = PreparedStatement(inserting(NoteHoldRow, without=("hold_id",)).returning(_HOLD.c.hold_id))
_RELEASE = PreparedStatement(
    update(_HOLD)
    .where(
        _HOLD.c.tenant_id == bindparam("tenant"),
        _HOLD.c.hold_id == bindparam("hold"),
        _HOLD.c.released_at.is_(None),
    )
    .values(released_by=bindparam("by"), released_at=bindparam("at", type_=_HOLD.c.released_at.type))
)
_INTO = PreparedStatement(
    select(_PATIENT.c.patient_id).where(
        _PATIENT.c.tenant_id == bindparam("tenant_id"), among(_PATIENT.c.merged_into, "ids")
    )
)
_REMOVALS = PreparedStatement(
    select(*(_REMOVAL.c[one.name] for one in fields(NoteRemoval)))
    .where(_REMOVAL.c.tenant_id == bindparam("tenant_id"))
    .order_by(_REMOVAL.c.removal_id.desc())
)
_ADD_REMOVAL = PreparedStatement(
    inserting(NoteRemovalRow, without=("removal_id",)).returning(_REMOVAL.c.removal_id)
)
_CHANGE_REMOVAL = PreparedStatement(
    update(_REMOVAL)
    .where(_REMOVAL.c.tenant_id == bindparam("tenant"), _REMOVAL.c.removal_id == bindparam("removal"))
    .values(
        notes=bindparam("notes", type_=_REMOVAL.c.notes.type),
        ended_at=bindparam("ended_at", type_=_REMOVAL.c.ended_at.type),
    )
)
_NOTES = (
    select(_VERSION.c.service_date.label("day"), _VERSION.c.patient_id.label("patient_id"))
    .join_from(_VERSION, _TEXT, (_TEXT.c.entry_id == _VERSION.c.entry_id) & (_TEXT.c.n == _VERSION.c.n))
    .where(
        _VERSION.c.tenant_id == bindparam("tenant_id"),
        _VERSION.c.service_date < bindparam("before", type_=_VERSION.c.service_date.type),
        _TEXT.c.removed_by.is_(None),
    )
)
_ADVICES = (
    select(_REVIEW.c.reviewed_on.label("day"), _REVIEW.c.patient_id.label("patient_id"))
    .join_from(_REVIEW, _ADVICE, _ADVICE.c.review_id == _REVIEW.c.review_id)
    .where(
        _REVIEW.c.tenant_id == bindparam("tenant_id"),
        _REVIEW.c.reviewed_on < bindparam("before", type_=_REVIEW.c.reviewed_on.type),
        _ADVICE.c.removed_by.is_(None),
    )
)
_ALL = union_all(_NOTES, _ADVICES).subquery()
_COUNTED = PreparedStatement(
    select(_ALL.c.day, _ALL.c.patient_id, func.count())
    .group_by(_ALL.c.day, _ALL.c.patient_id)
    .order_by(_ALL.c.day, _ALL.c.patient_id)
)
_OLD_NOTES = PreparedStatement(
    select(_TEXT.c.entry_id, _TEXT.c.n, _TEXT.c.reason, _VERSION.c.patient_id)
    .join_from(_VERSION, _TEXT, (_TEXT.c.entry_id == _VERSION.c.entry_id) & (_TEXT.c.n == _VERSION.c.n))
    .where(
        _VERSION.c.tenant_id == bindparam("tenant_id"),
        _VERSION.c.service_date >= bindparam("first", type_=_VERSION.c.service_date.type),
        _VERSION.c.service_date <= bindparam("last", type_=_VERSION.c.service_date.type),
        _TEXT.c.removed_by.is_(None),
    )
    .order_by(_TEXT.c.entry_id, _TEXT.c.n)
)
_OLD_ADVICE = PreparedStatement(
    select(_ADVICE.c.review_id, _REVIEW.c.patient_id)
    .join_from(_REVIEW, _ADVICE, _ADVICE.c.review_id == _REVIEW.c.review_id)
    .where(
        _REVIEW.c.tenant_id == bindparam("tenant_id"),
        _REVIEW.c.reviewed_on >= bindparam("first", type_=_REVIEW.c.reviewed_on.type),
        _REVIEW.c.reviewed_on <= bindparam("last", type_=_REVIEW.c.reviewed_on.type),
        _ADVICE.c.removed_by.is_(None),
    )
    .order_by(_ADVICE.c.review_id)
)
_REMOVE_NOTE = PreparedStatement(
    update(_TEXT)
    .where(
        _TEXT.c.tenant_id == bindparam("tenant"),
        _TEXT.c.entry_id == bindparam("entry"),
        _TEXT.c.n == bindparam("version"),
    )
    .values(
        note=bindparam("note", type_=_TEXT.c.note.type),
        reason=bindparam("reason", type_=_TEXT.c.reason.type),
        removed_by=bindparam("removed_by", type_=_TEXT.c.removed_by.type),
    )
)
_REMOVE_ADVICE = PreparedStatement(
    update(_ADVICE)
    .where(_ADVICE.c.tenant_id == bindparam("tenant"), _ADVICE.c.review_id == bindparam("review"))
    .values(
        recommendation=bindparam("recommendation", type_=_ADVICE.c.recommendation.type),
        removed_by=bindparam("removed_by", type_=_ADVICE.c.removed_by.type),
    )
)


_TIMER_NOTES = PreparedStatement(
    select(_TIMER.c.timer_id, _TIMER.c.patient_id).where(
        _TIMER.c.tenant_id == bindparam("tenant_id"),
        _TIMER.c.started_at >= bindparam("since", type_=_TIMER.c.started_at.type),
        _TIMER.c.started_at < bindparam("until", type_=_TIMER.c.started_at.type),
        _TIMER.c.ended_at.is_not(None),
        _TIMER.c.note != literal_column("''"),
    )
)
_EMPTY_TIMER = PreparedStatement(
    update(_TIMER)
    .where(_TIMER.c.tenant_id == bindparam("tenant"), _TIMER.c.timer_id == bindparam("timer"))
    .values(note=bindparam("note", type_=_TIMER.c.note.type))
)
_TIMER_WORDS = PreparedStatement(
    select(_WORDS.c.n).where(
        _WORDS.c.tenant_id == bindparam("tenant_id"),
        _WORDS.c.kind == bindparam("kind"),
        _WORDS.c.fact_id == bindparam("timer"),
    )
)
_EMPTY_WORDS = PreparedStatement(
    update(_WORDS)
    .where(
        _WORDS.c.tenant_id == bindparam("tenant"),
        _WORDS.c.kind == bindparam("the_kind"),
        _WORDS.c.fact_id == bindparam("timer"),
    )
    .values(words=bindparam("nothing", type_=_WORDS.c.words.type))
)


class Retention:
    """For how long one tenant's notes are kept."""

    def __init__(self, wire: Wire, tenant_id: int, audit: Audit) -> None:
        self._wire = wire
        self._tenant_id = tenant_id
        self._audit = audit

    # -- holds -------------------------------------------------------------------------------------------

    def holds(self) -> tuple[NoteHold, ...]:
        """Those that stand, the oldest first."""
        names = [one.name for one in fields(NoteHold)]
        rows = self._wire.rows(_HOLDS, tenant_id=self._tenant_id)
        return tuple(NoteHold(**dict(zip(names, row, strict=True))) for row in rows)

    def held(self) -> frozenset[int]:
        """The patients on hold, and all who turned out to be one of them."""
        return self.with_merged(hold.patient_id for hold in self.holds())

    def with_merged(self, patients: Iterable[int]) -> frozenset[int]:
        """Some patients, and all who turned out to be one of them."""
        found = set(patients)
        coming = set(found)
        while coming:
            rows = self._wire.rows(_INTO, tenant_id=self._tenant_id, ids=coming)
            coming = {one for (one,) in rows} - found
            found |= coming
        return frozenset(found)

    def hold(self, patient_id: int, reason: str, *, by: int, at: datetime) -> int:
        """Put a patient on hold; returns the hold's number."""
        (hold_id,) = self._wire.one(
            _ADD_HOLD,
            tenant_id=self._tenant_id,
            patient_id=patient_id,
            reason=reason,
            held_by=by,
            held_at=at,
            released_by=None,
            released_at=None,
        )
        self._audit.touched(NOTE_HOLDS, hold_id)
        return int(hold_id)

    def release(self, hold_id: int, *, by: int, at: datetime) -> None:
        """End a hold."""
        self._wire.run(_RELEASE, tenant=self._tenant_id, hold=hold_id, by=by, at=at)
        self._audit.touched(NOTE_HOLDS, hold_id)

    # -- removals ----------------------------------------------------------------------------------------

    def removals(self) -> tuple[NoteRemoval, ...]:
        """Every removal, the newest first."""
        names = [one.name for one in fields(NoteRemoval)]
        rows = self._wire.rows(_REMOVALS, tenant_id=self._tenant_id)
        return tuple(NoteRemoval(**dict(zip(names, row, strict=True))) for row in rows)

    def announce(self, years: int, before: date, *, at: datetime, due_on: date) -> int:
        """Keep that a removal is told of; returns its number."""
        (removal_id,) = self._wire.one(
            _ADD_REMOVAL,
            tenant_id=self._tenant_id,
            years=years,
            before=before,
            announced_at=at,
            due_on=due_on,
            ended_at=None,
            notes=0,
        )
        self._audit.touched(NOTE_REMOVALS, removal_id)
        return int(removal_id)

    def progress(self, removal_id: int, notes: int | None, ended_at: datetime | None) -> None:
        """Keep how many notes a removal has taken away, and when it ended; no notes where it was given up."""
        self._wire.run(
            _CHANGE_REMOVAL, tenant=self._tenant_id, removal=removal_id, notes=notes, ended_at=ended_at
        )
        self._audit.touched(NOTE_REMOVALS, removal_id)

    # -- notes -------------------------------------------------------------------------------------------

    def older(self, before: date) -> tuple[tuple[date, int, int], ...]:
        """Notes from before a day that are still there: their day, their patient, and how many."""
        rows = self._wire.rows(_COUNTED, tenant_id=self._tenant_id, before=before)
        return tuple((day, patient_id, count) for day, patient_id, count in rows)

    def remove(
        self, removal_id: int, first: date, last: date, said: str, *, but: Collection[int], most: int
    ) -> int:
        """Take notes of some days away, so many at most; returns how many.

        Args:
            removal_id: Of the removal.
            first: First day of the work.
            last: Last day of it.
            said: What stands in their place.
            but: Patients on hold.
            most: Notes at most.
        """
        days = {"tenant_id": self._tenant_id, "first": first, "last": last}
        notes = [row for row in self._wire.rows(_OLD_NOTES, **days) if row[3] not in but][:most]
        for entry_id, n, reason, _ in notes:
            self._wire.run(
                _REMOVE_NOTE,
                tenant=self._tenant_id,
                entry=entry_id,
                version=n,
                note=said,
                reason=said if reason else "",
                removed_by=removal_id,
            )
            self._audit.touched(ENTRY_TEXTS, entry_id, n)
        left = most - len(notes)
        advice = [row for row in self._wire.rows(_OLD_ADVICE, **days) if row[1] not in but][:left]
        for review_id, _ in advice:
            self._wire.run(
                _REMOVE_ADVICE,
                tenant=self._tenant_id,
                review=review_id,
                recommendation=said,
                removed_by=removal_id,
            )
            self._audit.touched(REVIEW_TEXTS, review_id)
        return len(notes) + len(advice)

    def empty_timers(self, since: datetime, until: datetime, *, but: Collection[int]) -> None:
        """Take away what was noted at timers that began between two instants: their entries have had it since."""
        rows = self._wire.rows(_TIMER_NOTES, tenant_id=self._tenant_id, since=since, until=until)
        for timer_id in [one for one, patient_id in rows if patient_id not in but]:
            self._wire.run(_EMPTY_TIMER, tenant=self._tenant_id, timer=timer_id, note="")
            self._audit.touched(TIMERS, timer_id)
            key = {"kind": TIMER_FACTS.kind, "timer": timer_id}
            for (n,) in self._wire.rows(_TIMER_WORDS, tenant_id=self._tenant_id, **key):
                self._audit.touched(FACT_TEXTS, TIMER_FACTS.kind, timer_id, n)
            self._wire.run(
                _EMPTY_WORDS, tenant=self._tenant_id, the_kind=TIMER_FACTS.kind, timer=timer_id, nothing=""
            )
