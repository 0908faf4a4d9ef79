"""Reads the ledger: sums and lists from the projection, history from the versions."""

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import ColumnElement, bindparam, exists, func, literal_column, select

from billing.entries import TimeEntry
from storage.counting_days import CountingDays
from storage.entry_columns import (
    CURRENT,
    CURRENT_IN_TENANT,
    TEXT,
    VERSION,
    VERSION_IN_TENANT,
    current_entries,
    entry_version,
    readable,
)
from storage.errors import NotFound
from storage.expressions import among
from storage.soundness import days_of_no_calendar, sound, undated
from storage.statements import PreparedStatement
from storage.values import TIMED_SOURCE, DamagedEntry, EntryVersion, StoredReceipt, VersionKind

_INSTANT = CURRENT.c.recorded_at.type
_IN_DAYS = CURRENT.c.service_date.between(bindparam("first_day"), bindparam("last_day"))
_BY_DAY = (CURRENT.c.service_date, CURRENT.c.recorded_at, CURRENT.c.entry_id)


def _is(column: ColumnElement[int], name: str) -> ColumnElement[bool]:
    return column == bindparam(name)


_ENTRY = PreparedStatement(CURRENT_IN_TENANT.where(_is(CURRENT.c.entry_id, "entry_id")))
_VERSIONS = PreparedStatement(
    VERSION_IN_TENANT.where(_is(VERSION.c.entry_id, "entry_id")).order_by(VERSION.c.n)
)
_VOIDED = PreparedStatement(
    select(VERSION.c.entry_id)
    .where(
        VERSION.c.tenant_id == bindparam("tenant_id"),
        VERSION.c.patient_id == bindparam("patient_id"),
        VERSION.c.kind == VersionKind.VOID.value,
        ~exists().where(CURRENT.c.entry_id == VERSION.c.entry_id),
    )
    .distinct()
    .order_by(VERSION.c.entry_id)
)
_TIMED = PreparedStatement(
    select(VERSION.c.entry_id).where(
        VERSION.c.tenant_id == bindparam("tenant_id"),
        among(VERSION.c.entry_id, "ids"),
        VERSION.c.n == 1,
        VERSION.c.source == TIMED_SOURCE,
    )
)
_NOTES = PreparedStatement(
    select(TEXT.c.entry_id, TEXT.c.note)
    .join_from(TEXT, CURRENT, (TEXT.c.entry_id == CURRENT.c.entry_id) & (TEXT.c.n == CURRENT.c.version))
    .where(CURRENT.c.tenant_id == bindparam("tenant_id"), TEXT.c.entry_id == bindparam("entry_id"))
)
_NOTES_OF_MANY = PreparedStatement(
    select(TEXT.c.entry_id, TEXT.c.note)
    .join_from(TEXT, CURRENT, (TEXT.c.entry_id == CURRENT.c.entry_id) & (TEXT.c.n == CURRENT.c.version))
    .where(
        CURRENT.c.tenant_id == bindparam("tenant_id"),
        among(TEXT.c.entry_id, "ids"),
    )
)
_PATIENT_DAYS = PreparedStatement(
    CURRENT_IN_TENANT.where(_is(CURRENT.c.patient_id, "patient_id"), _IN_DAYS).order_by(*_BY_DAY)
)
_MEMBER_DAYS = PreparedStatement(
    CURRENT_IN_TENANT.where(_is(CURRENT.c.performed_by, "member_id"), _IN_DAYS).order_by(*_BY_DAY)
)
_SOUND_DAYS = CURRENT_IN_TENANT.where(_IN_DAYS, sound())
_ALL_DAYS = PreparedStatement(_SOUND_DAYS.order_by(CURRENT.c.patient_id, *_BY_DAY))
_OF_PATIENTS = PreparedStatement(
    CURRENT_IN_TENANT.where(among(CURRENT.c.patient_id, "ids"), _IN_DAYS, sound()).order_by(
        CURRENT.c.patient_id, *_BY_DAY
    )
)
# Read from the index of totals alone: asked for the column itself, SQLite would go through every entry there is in
# the order of patients, to find each once.
_WORKED_FOR = PreparedStatement(
    select(CURRENT.c.patient_id + literal_column("0"))
    .where(CURRENT.c.tenant_id == bindparam("tenant_id"), _IN_DAYS)
    .distinct()
)
_REPEATED = PreparedStatement(
    select(CURRENT.c.note_digest)
    .where(CURRENT.c.tenant_id == bindparam("tenant_id"), _IN_DAYS, CURRENT.c.note_digest != "")
    .group_by(CURRENT.c.performed_by, CURRENT.c.note_digest)
    .having(func.count(CURRENT.c.patient_id.distinct()) >= bindparam("patients"))
    .distinct()
)
_DAMAGED = PreparedStatement(
    select(CURRENT.c.entry_id, CURRENT.c.patient_id, undated().label("undated")).where(
        CURRENT.c.tenant_id == bindparam("tenant_id"), _IN_DAYS, ~sound()
    )
)
_UNDATED = PreparedStatement(
    select(CURRENT.c.entry_id, CURRENT.c.patient_id).where(
        CURRENT.c.tenant_id == bindparam("tenant_id"), days_of_no_calendar()
    )
)
_COUNT = PreparedStatement(
    select(func.count()).select_from(CURRENT).where(CURRENT.c.tenant_id == bindparam("tenant_id"), _IN_DAYS)
)
_TOTALS = PreparedStatement(
    select(CURRENT.c.patient_id, func.sum(CURRENT.c.seconds))
    .where(CURRENT.c.tenant_id == bindparam("tenant_id"), _IN_DAYS)
    .group_by(CURRENT.c.patient_id)
)
_MEMBER_SECONDS = PreparedStatement(
    select(func.coalesce(func.sum(CURRENT.c.seconds), 0)).where(
        CURRENT.c.tenant_id == bindparam("tenant_id"),
        _is(CURRENT.c.performed_by, "member_id"),
        CURRENT.c.service_date == bindparam("day"),
    )
)
_IDENTICAL = PreparedStatement(
    CURRENT_IN_TENANT.where(
        _is(CURRENT.c.recorded_by, "member_id"),
        _is(CURRENT.c.patient_id, "patient_id"),
        _is(CURRENT.c.seconds, "seconds"),
        CURRENT.c.note_digest == bindparam("note_digest"),
        CURRENT.c.recorded_at >= bindparam("since", type_=_INSTANT),
    )
    .order_by(CURRENT.c.recorded_at.desc(), CURRENT.c.entry_id.desc())
    .limit(1)
)
# A receipt has the number of its first entry, and all its entries the same writer and instant.
_RECEIPT_FACTS = PreparedStatement(
    select(VERSION.c.recorded_by, VERSION.c.recorded_at, VERSION.c.source).where(
        VERSION.c.tenant_id == bindparam("tenant_id"),
        VERSION.c.entry_id == bindparam("receipt_id"),
        VERSION.c.receipt_id == bindparam("receipt_id"),
        VERSION.c.n == 1,
    )
)
_RECEIPT_ENTRIES = PreparedStatement(
    CURRENT_IN_TENANT.where(
        CURRENT.c.recorded_by == bindparam("recorded_by"),
        CURRENT.c.recorded_at == bindparam("recorded_at", type_=_INSTANT),
        CURRENT.c.receipt_id == bindparam("receipt_id"),
    ).order_by(CURRENT.c.entry_id)
)
_LAST_RECEIPT = PreparedStatement(
    select(CURRENT.c.receipt_id)
    .where(
        CURRENT.c.tenant_id == bindparam("tenant_id"),
        _is(CURRENT.c.recorded_by, "member_id"),
        CURRENT.c.recorded_at >= bindparam("since", type_=_INSTANT),
    )
    .order_by(CURRENT.c.recorded_at.desc(), CURRENT.c.entry_id.desc())
    .limit(1)
)
_RECENT_OF = PreparedStatement(
    CURRENT_IN_TENANT.where(
        _is(CURRENT.c.recorded_by, "member_id"),
        CURRENT.c.recorded_at >= bindparam("since", type_=_INSTANT),
    )
    .order_by(CURRENT.c.recorded_at.desc(), CURRENT.c.entry_id.desc())
    .limit(bindparam("most"))
)
#: Well under the number of parameters that either database takes in one statement.
_CHUNK = 500


class LedgerQueries(CountingDays):
    """The questions to one tenant's ledger."""

    def entry(self, entry_id: int) -> TimeEntry | None:
        """An entry as it stands; None when it is void or was never written."""
        row = self._wire.row(_ENTRY, tenant_id=self._tenant_id, entry_id=entry_id)
        found = [] if row is None else current_entries([row])
        return found[0] if found else None

    def versions(self, entry_id: int) -> tuple[EntryVersion, ...]:
        """Every version of an entry, the first first; nothing for an entry that was never written."""
        rows = self._wire.rows(_VERSIONS, tenant_id=self._tenant_id, entry_id=entry_id)
        found = list(map(entry_version, rows))
        for place, one in enumerate(found):
            if one.restores is not None:
                # An entry put back as it was stands corrected when that version was written, if at all.
                entry = replace(one.entry, corrected_at=found[one.restores - 1].entry.corrected_at)
                found[place] = replace(one, entry=entry)
        return tuple(found)

    def voided_of(self, patient_id: int) -> list[int]:
        """The numbers of a patient's entries that are void."""
        rows = self._wire.rows(_VOIDED, tenant_id=self._tenant_id, patient_id=patient_id)
        return [entry_id for (entry_id,) in rows]

    def timed(self, entry_ids: Collection[int]) -> frozenset[int]:
        """Of some entries, those that a timer measured when they were first written."""
        rows = self._wire.rows(_TIMED, tenant_id=self._tenant_id, ids=sorted(set(entry_ids)))
        return frozenset(entry_id for (entry_id,) in rows)

    def notes(self, entry_ids: Collection[int]) -> dict[int, str]:
        """The notes of entries that stand, by entry; entries without a note are left out."""
        wanted = sorted(set(entry_ids))
        if len(wanted) == 1:
            rows = self._wire.rows(_NOTES, tenant_id=self._tenant_id, entry_id=wanted[0])
            return {entry_id: note for entry_id, note in rows if note}
        return {
            entry_id: note
            for start in range(0, len(wanted), _CHUNK)
            for entry_id, note in self._wire.rows(
                _NOTES_OF_MANY, tenant_id=self._tenant_id, ids=wanted[start : start + _CHUNK]
            )
            if note
        }

    def patient_month(self, patient_id: int, first_day: date, last_day: date) -> tuple[TimeEntry, ...]:
        """A patient's entries on local dates from `first_day` to `last_day`, both included, in order."""
        return self._entries(_PATIENT_DAYS, patient_id=patient_id, first_day=first_day, last_day=last_day)

    def member_days(self, member_id: int, first_day: date, last_day: date) -> tuple[TimeEntry, ...]:
        """The work that a member did on local dates from `first_day` to `last_day`, both included, in order."""
        return self._entries(_MEMBER_DAYS, member_id=member_id, first_day=first_day, last_day=last_day)

    def month(self, first_day: date, last_day: date) -> Iterator[TimeEntry]:
        """Every patient's entries on those dates, patient by patient; read before the unit of work ends.

        Entries that cannot be read are not among them; `damaged` names those.
        """
        rows = self._wire.stream(_ALL_DAYS, tenant_id=self._tenant_id, first_day=first_day, last_day=last_day)
        return readable(rows)

    def worked_for(self, first_day: date, last_day: date) -> frozenset[int]:
        """The patients who have entries on those dates, readable or not."""
        rows = self._wire.rows(_WORKED_FOR, tenant_id=self._tenant_id, first_day=first_day, last_day=last_day)
        # Of a damaged row nobody knows whose it is.
        return frozenset(patient_id for (patient_id,) in rows if isinstance(patient_id, int))

    def of_patients(
        self, ids: Collection[int], first_day: date, last_day: date
    ) -> dict[int, list[TimeEntry]]:
        """The entries of some patients on those dates, in order, by patient; those without any are left out.

        Entries that cannot be read are not among them; `damaged` names those.
        """
        rows = self._wire.rows(
            _OF_PATIENTS, tenant_id=self._tenant_id, ids=ids, first_day=first_day, last_day=last_day
        )
        found: dict[int, list[TimeEntry]] = {}
        for entry in current_entries(rows):
            if entry.patient_id in found:
                found[entry.patient_id].append(entry)
            else:
                found[entry.patient_id] = [entry]
        return found

    def damaged(
        self, first_day: date, last_day: date, readable: int | None = None
    ) -> tuple[DamagedEntry, ...]:
        """Entries on those dates, or on no date at all, that cannot be read; by number.

        However much was written before and after, this costs those days and a look at each day ever worked on.

        Args:
            first_day: The first local date.
            last_day: The last, included.
            readable: How many entries were read of those dates, where it is known: if there are no more, none is
                looked at again.
        """
        days = {"first_day": first_day, "last_day": last_day}
        if readable is not None and self._wire.one(_COUNT, tenant_id=self._tenant_id, **days)[0] == readable:
            rows = []
        else:
            rows = self._wire.rows(_DAMAGED, tenant_id=self._tenant_id, **days)
        found = {
            entry_id: DamagedEntry(entry_id=entry_id, patient_id=patient_id, undated=bool(without_date))
            for entry_id, patient_id, without_date in rows
        }
        for entry_id, patient_id in self._wire.rows(_UNDATED, tenant_id=self._tenant_id):
            found[entry_id] = DamagedEntry(entry_id=entry_id, patient_id=patient_id, undated=True)
        return tuple(found[entry_id] for entry_id in sorted(found))

    def repeated_words(self, first_day: date, last_day: date, patients: int) -> frozenset[str]:
        """Fingerprints of words that one person wrote on those dates for at least so many different patients."""
        rows = self._wire.rows(
            _REPEATED, tenant_id=self._tenant_id, first_day=first_day, last_day=last_day, patients=patients
        )
        return frozenset(digest for (digest,) in rows)

    def totals(self, first_day: date, last_day: date) -> dict[int, int]:
        """Whole seconds by patient on those dates, counted or not; patients without entries are left out."""
        rows = self._wire.rows(_TOTALS, tenant_id=self._tenant_id, first_day=first_day, last_day=last_day)
        return {patient_id: int(seconds) for patient_id, seconds in rows}

    def member_seconds_on(self, member_id: int, day: date) -> int:
        """Whole seconds that a member worked on a local date."""
        return int(
            self._wire.one(_MEMBER_SECONDS, tenant_id=self._tenant_id, member_id=member_id, day=day)[0]
        )

    def identical_since(
        self, member_id: int, patient_id: int, seconds: int, note_digest: str, since: datetime
    ) -> TimeEntry | None:
        """The latest entry that stands, written by that member since then, for the same patient, time and words."""
        found = self._entries(
            _IDENTICAL,
            member_id=member_id,
            patient_id=patient_id,
            seconds=seconds,
            note_digest=note_digest,
            since=since,
        )
        return found[0] if found else None

    def receipt(self, receipt_id: int) -> StoredReceipt:
        """What one request wrote, as it stands now.

        Raises:
            NotFound: when there is no such receipt.
        """
        facts = self._wire.row(_RECEIPT_FACTS, tenant_id=self._tenant_id, receipt_id=receipt_id)
        if facts is None:
            raise NotFound("There is no such receipt.")
        recorded_by, recorded_at, source = facts
        return StoredReceipt(
            receipt_id=receipt_id,
            recorded_by=recorded_by,
            recorded_at=recorded_at,
            source=source,
            entries=self._entries(
                _RECEIPT_ENTRIES, receipt_id=receipt_id, recorded_by=recorded_by, recorded_at=recorded_at
            ),
        )

    def recent_of(self, member_id: int, since: datetime, most: int) -> tuple[TimeEntry, ...]:
        """What a member wrote down since then and still stands, the newest first, so many at most."""
        rows = self._wire.rows(
            _RECENT_OF, tenant_id=self._tenant_id, member_id=member_id, since=since, most=most
        )
        return tuple(current_entries(rows))

    def last_receipt(self, member_id: int, since: datetime) -> StoredReceipt | None:
        """The last receipt that a member wrote since then and of which something stands."""
        found = self._wire.row(_LAST_RECEIPT, tenant_id=self._tenant_id, member_id=member_id, since=since)
        return None if found is None else self.receipt(found[0])
