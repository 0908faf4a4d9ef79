"""What can be asked of the ledger; sums and lists come from the projection, history from the versions."""

from collections.abc import Collection, Iterator
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import groupby
from operator import attrgetter, itemgetter

from sqlalchemy import ColumnElement, bindparam, func, select

from billing.entries import TimeEntry
from billing.months import BillingMonth
from storage.entry_columns import (
    CURRENT,
    CURRENT_IN_TENANT,
    TEXT,
    VERSION,
    VERSION_IN_TENANT,
    current_entry,
    entry_version,
)
from storage.errors import NotFound
from storage.expressions import among, month_of
from storage.soundness import sound, undated
from storage.statements import Statement, Wire
from storage.types import utc
from storage.values import DamagedEntry, EntryVersion, Receipt

_INSTANT = CURRENT.c.recorded_at.type
_IN_DAYS = CURRENT.c.service_date.between(bindparam("first_day"), bindparam("last_day"))
_BY_DAY = (CURRENT.c.service_date, CURRENT.c.recorded_at, CURRENT.c.entry_id)


def _is(column: ColumnElement[int], name: str) -> ColumnElement[bool]:
    return column == bindparam(name)


_ENTRY = Statement(CURRENT_IN_TENANT.where(_is(CURRENT.c.entry_id, "entry_id")))
_VERSIONS = Statement(VERSION_IN_TENANT.where(_is(VERSION.c.entry_id, "entry_id")).order_by(VERSION.c.n))
_NOTES = Statement(
    select(TEXT.c.entry_id, TEXT.c.note)
    .join_from(TEXT, CURRENT, (TEXT.c.entry_id == CURRENT.c.entry_id) & (TEXT.c.n == CURRENT.c.version))
    .where(CURRENT.c.tenant_id == bindparam("tenant_id"), TEXT.c.entry_id == bindparam("entry_id"))
)
_NOTES_OF_MANY = Statement(
    select(TEXT.c.entry_id, TEXT.c.note)
    .join_from(TEXT, CURRENT, (TEXT.c.entry_id == CURRENT.c.entry_id) & (TEXT.c.n == CURRENT.c.version))
    .where(
        CURRENT.c.tenant_id == bindparam("tenant_id"),
        TEXT.c.entry_id.in_(bindparam("ids", expanding=True)),
    )
)
_PATIENT_DAYS = Statement(
    CURRENT_IN_TENANT.where(_is(CURRENT.c.patient_id, "patient_id"), _IN_DAYS).order_by(*_BY_DAY)
)
_MEMBER_DAYS = Statement(
    CURRENT_IN_TENANT.where(_is(CURRENT.c.performed_by, "member_id"), _IN_DAYS).order_by(*_BY_DAY)
)
_SOUND_DAYS = CURRENT_IN_TENANT.where(_IN_DAYS, sound())
_ALL_DAYS = Statement(_SOUND_DAYS.order_by(CURRENT.c.patient_id, *_BY_DAY))
_CLOCKED = Statement(_SOUND_DAYS.where(CURRENT.c.started_at.is_not(None)).order_by(CURRENT.c.entry_id))
_REPEATED = Statement(
    select(CURRENT.c.note_digest)
    .where(CURRENT.c.tenant_id == bindparam("tenant_id"), _IN_DAYS, CURRENT.c.note_digest != "", sound())
    .group_by(CURRENT.c.performed_by, CURRENT.c.note_digest)
    .having(func.count(CURRENT.c.patient_id.distinct()) >= bindparam("patients"))
    .distinct()
)
_DAMAGED = Statement(
    select(CURRENT.c.entry_id, CURRENT.c.patient_id, undated().label("undated"))
    .where(CURRENT.c.tenant_id == bindparam("tenant_id"), _IN_DAYS | undated(), ~sound())
    .order_by(CURRENT.c.entry_id)
)
_TOTALS = Statement(
    select(CURRENT.c.patient_id, func.sum(CURRENT.c.seconds))
    .where(CURRENT.c.tenant_id == bindparam("tenant_id"), _IN_DAYS)
    .group_by(CURRENT.c.patient_id)
)
_ACTIVE_MONTHS = Statement(
    select(CURRENT.c.patient_id, month_of(CURRENT.c.service_date).label("month"))
    .where(
        CURRENT.c.tenant_id == bindparam("tenant_id"),
        among(CURRENT.c.patient_id, "ids"),
        CURRENT.c.service_date <= bindparam("last_day"),
        ~undated(),
    )
    .distinct()
    .order_by(CURRENT.c.patient_id, "month")
)
_MEMBER_SECONDS = Statement(
    select(func.coalesce(func.sum(CURRENT.c.seconds), 0)).where(
        CURRENT.c.tenant_id == bindparam("tenant_id"),
        _is(CURRENT.c.performed_by, "member_id"),
        CURRENT.c.service_date == bindparam("day"),
    )
)
_OVERLAPPING = Statement(
    CURRENT_IN_TENANT.where(
        _is(CURRENT.c.performed_by, "member_id"),
        _IN_DAYS,
        CURRENT.c.started_at < bindparam("end", type_=_INSTANT),
        CURRENT.c.ended_at > bindparam("start", type_=_INSTANT),
    ).order_by(CURRENT.c.started_at, CURRENT.c.entry_id)
)
_IDENTICAL = Statement(
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
_RECEIPT_FACTS = Statement(
    select(VERSION.c.recorded_by, VERSION.c.recorded_at, VERSION.c.source).where(
        VERSION.c.tenant_id == bindparam("tenant_id"),
        VERSION.c.entry_id == bindparam("receipt_id"),
        VERSION.c.receipt_id == bindparam("receipt_id"),
        VERSION.c.n == 1,
    )
)
_RECEIPT_ENTRIES = Statement(
    CURRENT_IN_TENANT.where(
        CURRENT.c.recorded_by == bindparam("recorded_by"),
        CURRENT.c.recorded_at == bindparam("recorded_at", type_=_INSTANT),
        CURRENT.c.receipt_id == bindparam("receipt_id"),
    ).order_by(CURRENT.c.entry_id)
)
_LAST_RECEIPT = Statement(
    select(CURRENT.c.receipt_id)
    .where(
        CURRENT.c.tenant_id == bindparam("tenant_id"),
        _is(CURRENT.c.recorded_by, "member_id"),
        CURRENT.c.recorded_at >= bindparam("since", type_=_INSTANT),
    )
    .order_by(CURRENT.c.recorded_at.desc(), CURRENT.c.entry_id.desc())
    .limit(1)
)
#: Well under the number of parameters that either database takes in one statement.
_CHUNK = 500
#: An entry's local date differs from its UTC date by one at most, and it lasts a day at most.
_DATE_SLACK = timedelta(days=2)


class LedgerQueries:
    """The questions to one tenant's ledger."""

    def __init__(self, wire: Wire, tenant_id: int) -> None:
        self._wire = wire
        self._tenant_id = tenant_id

    def entry(self, entry_id: int) -> TimeEntry | None:
        """An entry as it stands; None when it is void or was never written."""
        row = self._wire.row(_ENTRY, tenant_id=self._tenant_id, entry_id=entry_id)
        return None if row is None else current_entry(row)

    def versions(self, entry_id: int) -> tuple[EntryVersion, ...]:
        """Every version of an entry, the first first; nothing for an entry that was never written."""
        rows = self._wire.rows(_VERSIONS, tenant_id=self._tenant_id, entry_id=entry_id)
        return tuple(map(entry_version, rows))

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
        return map(current_entry, rows)

    def month_by_patient(
        self, first_day: date, last_day: date
    ) -> Iterator[tuple[int, tuple[TimeEntry, ...]]]:
        """`month` with each patient's entries together; patients in the order of their numbers."""
        grouped = groupby(self.month(first_day, last_day), key=attrgetter("patient_id"))
        return ((patient_id, tuple(entries)) for patient_id, entries in grouped)

    def damaged(self, first_day: date, last_day: date) -> tuple[DamagedEntry, ...]:
        """Entries on those dates, or on no date at all, that cannot be read."""
        rows = self._wire.rows(_DAMAGED, tenant_id=self._tenant_id, first_day=first_day, last_day=last_day)
        return tuple(
            DamagedEntry(entry_id=entry_id, patient_id=patient_id, undated=bool(without_date))
            for entry_id, patient_id, without_date in rows
        )

    def clocked(self, first_day: date, last_day: date) -> Iterator[TimeEntry]:
        """Every patient's entries on those dates whose clock times are known; read before the unit of work ends."""
        rows = self._wire.stream(_CLOCKED, tenant_id=self._tenant_id, first_day=first_day, last_day=last_day)
        return map(current_entry, rows)

    def repeated_words(self, first_day: date, last_day: date, patients: int) -> frozenset[str]:
        """Fingerprints of words that one person wrote on those dates for at least so many different patients."""
        rows = self._wire.rows(
            _REPEATED, tenant_id=self._tenant_id, first_day=first_day, last_day=last_day, patients=patients
        )
        return frozenset(digest for (digest,) in rows)

    def active_months(
        self, patient_ids: Collection[int], last_day: date = date.max
    ) -> dict[int, tuple[BillingMonth, ...]]:
        """The months up to a local date in which each patient has entries, counted or not, in order.

        Patients without entries are left out.
        """
        rows = self._wire.rows(_ACTIVE_MONTHS, tenant_id=self._tenant_id, ids=patient_ids, last_day=last_day)
        return {
            patient_id: tuple(_month(month) for _, month in of_patient)
            for patient_id, of_patient in groupby(rows, key=itemgetter(0))
        }

    def totals(self, first_day: date, last_day: date) -> dict[int, int]:
        """Whole seconds by patient on those dates, counted or not; patients without entries are left out."""
        rows = self._wire.rows(_TOTALS, tenant_id=self._tenant_id, first_day=first_day, last_day=last_day)
        return {patient_id: int(seconds) for patient_id, seconds in rows}

    def member_seconds_on(self, member_id: int, day: date) -> int:
        """Whole seconds that a member worked on a local date."""
        return int(
            self._wire.one(_MEMBER_SECONDS, tenant_id=self._tenant_id, member_id=member_id, day=day)[0]
        )

    def overlapping(self, member_id: int, start: datetime, end: datetime) -> tuple[TimeEntry, ...]:
        """A member's entries whose clock times share more than an instant with `[start, end)`."""
        return self._entries(
            _OVERLAPPING,
            member_id=member_id,
            start=start,
            end=end,
            first_day=utc(start).date() - _DATE_SLACK,
            last_day=utc(end).date() + _DATE_SLACK,
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

    def receipt(self, receipt_id: int) -> Receipt:
        """What one request wrote, as it stands now.

        Raises:
            NotFound: when there is no such receipt.
        """
        facts = self._wire.row(_RECEIPT_FACTS, tenant_id=self._tenant_id, receipt_id=receipt_id)
        if facts is None:
            raise NotFound("There is no such receipt.")
        recorded_by, recorded_at, source = facts
        return Receipt(
            receipt_id=receipt_id,
            recorded_by=recorded_by,
            recorded_at=recorded_at,
            source=source,
            entries=self._entries(
                _RECEIPT_ENTRIES, receipt_id=receipt_id, recorded_by=recorded_by, recorded_at=recorded_at
            ),
        )

    def last_receipt(self, member_id: int, since: datetime) -> Receipt | None:
        """The last receipt that a member wrote since then and of which something stands."""
        found = self._wire.row(_LAST_RECEIPT, tenant_id=self._tenant_id, member_id=member_id, since=since)
        return None if found is None else self.receipt(found[0])

    def _entries(self, statement: Statement, **parameters: object) -> tuple[TimeEntry, ...]:
        return tuple(map(current_entry, self._wire.rows(statement, tenant_id=self._tenant_id, **parameters)))


#: A report names the same few months for every patient.
_month = lru_cache(maxsize=1024)(BillingMonth.parse)
