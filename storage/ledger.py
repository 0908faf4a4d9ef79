"""Stores the append-only ledger: entries written, corrected and voided, with the projection of what stands."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from sqlalchemy import bindparam, delete, func, select

from billing.entries import TimeEntry
from billing.months import BillingMonth
from storage import projection
from storage.acts import Acts
from storage.audit import Audit
from storage.compiled import Parameters
from storage.entry_columns import (
    CURRENT,
    VERSION,
    VERSION_IN_TENANT,
    current_parameters,
    entry_version,
    text_parameters,
    version_parameters,
)
from storage.entry_versions import corrected_version, first_version, restored_version, void_version
from storage.errors import AlreadyExists, DuplicateRequest, NotFound, StaleVersion
from storage.hashes import ENTRY_TEXTS, ENTRY_VERSIONS
from storage.ledger_queries import LedgerQueries
from storage.month_locks import MonthLocks, share_of
from storage.notices import Notices
from storage.requests import Requests
from storage.statements import PreparedStatement, Wire, inserting
from storage.tables import ACT_NUMBERS, ENTRY_NUMBERS, CurrentEntryRow, EntryTextRow, EntryVersionRow
from storage.types import utc
from storage.values import (
    ENTRY,
    EntryChanges,
    EntryVersion,
    NewEntry,
    ProjectionDifference,
    StoredReceipt,
    VersionKind,
)

_LAST_NUMBER = PreparedStatement(select(func.coalesce(func.max(VERSION.c.entry_id), 0)))
_NEXT_NUMBERS = PreparedStatement(
    select(ENTRY_NUMBERS.next_value()).select_from(
        func.generate_series(1, bindparam("count")).table_valued("place")
    )
)
#: With each a number for an act, of which the first is taken, and a share of the month's lock: one round trip fewer
#: each, and numbers may have gaps.
_NEXT_NUMBERS_AND_ACT = PreparedStatement(
    select(ENTRY_NUMBERS.next_value(), ACT_NUMBERS.next_value(), share_of("month")).select_from(
        func.generate_series(1, bindparam("count")).table_valued("place")
    )
)
_ADD_VERSION = PreparedStatement(inserting(EntryVersionRow))
_ADD_TEXT = PreparedStatement(inserting(EntryTextRow))
_ADD_CURRENT = PreparedStatement(inserting(CurrentEntryRow))
_LAST_VERSION = PreparedStatement(
    VERSION_IN_TENANT.where(VERSION.c.entry_id == bindparam("entry_id")).order_by(VERSION.c.n.desc()).limit(1)
)
_DROP_CURRENT = PreparedStatement(delete(CURRENT).where(CURRENT.c.entry_id == bindparam("entry_id")))


class Ledger(LedgerQueries):
    """The ledger of one tenant: its questions (`LedgerQueries`), and the four ways in which it grows."""

    def __init__(
        self,
        wire: Wire,
        tenant_id: int,
        requests: Requests,
        audit: Audit,
        acts: Acts,
        notices: Notices,
        months: MonthLocks,
    ) -> None:
        super().__init__(wire, tenant_id)
        self._months = months
        self._requests = requests
        self._audit = audit
        self._acts = acts
        self._notices = notices

    # Longer than forty lines: its parameters and what it raises take half; the rest is one step after the other.
    def append(
        self,
        entries: Sequence[NewEntry],
        *,
        by: int,
        at: datetime,
        source: str,
        request_key: str | None = None,
    ) -> StoredReceipt:
        """Write entries, and the key of the request that brought them.

        Args:
            entries: At least one.
            by: Member who writes them down.
            at: Aware instant of now.
            source: What they came through: `chat`, `import`.
            request_key: The same request is carried out once; None where nothing delivers twice.

        Raises:
            DuplicateRequest: when that request was carried out before, or is being at this moment.
            MonthFreezing: while the month of one of them is being frozen.
            ValueError: when there is no entry.
        """
        if not entries:
            raise ValueError("there is nothing to append")
        numbers = self._next_numbers(len(entries), [BillingMonth.of(one.service_date) for one in entries])
        receipt_id = numbers[0]
        versions = [
            first_version(number, entry, by=by, at=at, source=source, receipt_id=receipt_id)
            for number, entry in zip(numbers, entries, strict=True)
        ]
        try:
            with self._wire.together():
                self._write(versions)
                self._project(versions)
                for number in numbers:
                    self._acts.changed(ENTRY, number, None, 1)
                if request_key is not None:
                    self._requests.remember(request_key, at, receipt_id)
        except AlreadyExists as error:
            # The numbers are fresh: only the key can be another's.
            raise DuplicateRequest from error
        self._audit.record(at=at, actor=by, action="entries.logged", subject=f"receipt:{receipt_id}")
        return StoredReceipt(
            receipt_id=receipt_id,
            recorded_by=by,
            recorded_at=utc(at),
            source=source,
            entries=tuple(version.entry for version in versions),
        )

    def free_numbers(self, count: int, spare: int = 0) -> Sequence[int]:
        """Numbers for entries that are about to be imported, in order; beyond so many spare ones on SQLite.

        On PostgreSQL they are theirs. On SQLite they are only free as yet: whoever writes entries first takes them,
        unless spare ones are left to them.
        """
        if self._wire.is_sqlite:
            (last,) = self._wire.one(_LAST_NUMBER)
            # Into an empty ledger nobody logs yet.
            first = last + spare + 1 if last else 1
            return range(first, first + count)
        return sorted(number for (number,) in self._wire.rows(_NEXT_NUMBERS, count=count))

    def correct(
        self,
        entry_id: int,
        expected_version: int,
        changes: EntryChanges,
        *,
        by: int,
        at: datetime,
        reason: str,
        source: str = "chat",
    ) -> TimeEntry:
        """Write a further version of an entry, with what changes; returns the entry as it now stands.

        Raises:
            NotFound: when there is no such entry.
            StaleVersion: when it has changed, or was made void, since the version expected.
            MonthFreezing: while its month is being frozen, or the one it is moved to.
        """
        last = self._last_version(entry_id)
        if last.entry.version != expected_version or last.kind is VersionKind.VOID:
            raise StaleVersion
        version = corrected_version(last, changes, by=by, at=at, reason=reason, source=source)
        self._share_months([last, version])
        try:
            with self._wire.together():
                self._write([version])
                self._wire.run(_DROP_CURRENT, entry_id=entry_id)
                self._project([version])
        except AlreadyExists as error:
            raise StaleVersion from error
        self._acts.changed(ENTRY, entry_id, last.entry.version, version.entry.version)
        self._audit.record(at=at, actor=by, action="entry.corrected", subject=f"entry:{entry_id}")
        return version.entry

    def restore(
        self,
        entry_id: int,
        n: int | None,
        expected_version: int,
        *,
        by: int,
        at: datetime,
        reason: str,
        patient_id: int | None = None,
    ) -> None:
        """Write a further version of an entry, which makes it what it was by an earlier one.

        An entry that is put back as it was counts as it did: as never corrected, if it was not.

        Args:
            entry_id: The entry.
            n: The version to put back; None is before there was one, which is void.
            expected_version: The last one there is.
            by: Member who puts it back.
            at: Aware instant of now.
            reason: Why, for the history.
            patient_id: Whose it is, where patients were merged or taken apart since; None for whose it was.

        Raises:
            StaleVersion: when somebody wrote a version since the one expected.
        """
        versions = self.versions(entry_id)
        last = versions[-1]
        if last.entry.version != expected_version:
            raise StaleVersion
        wanted = None if n is None else versions[n - 1]
        if wanted is None or wanted.kind is VersionKind.VOID:
            version = void_version(last, by=by, at=at, reason=reason, source=last.source)
        else:
            origin = wanted if wanted.restores is None else versions[wanted.restores - 1]
            version = restored_version(
                origin, last.entry.version + 1, patient_id, by=by, at=at, reason=reason
            )
        self._share_months([last, version])
        try:
            with self._wire.together():
                self._write([version])
                self._wire.run(_DROP_CURRENT, entry_id=entry_id)
                if version.kind is not VersionKind.VOID:
                    self._project([version])
        except AlreadyExists as error:
            raise StaleVersion from error
        self._acts.changed(ENTRY, entry_id, last.entry.version, version.entry.version)

    def void(
        self, entry_ids: Iterable[int], *, by: int, at: datetime, reason: str, source: str = "chat"
    ) -> tuple[TimeEntry, ...]:
        """Make entries void: they count nowhere, and their history is kept.

        Returns:
            The entries as they stood; those void already are left as they are and left out.

        Raises:
            NotFound: when one of them was never written.
        """
        last_versions = [self._last_version(entry_id) for entry_id in dict.fromkeys(entry_ids)]
        standing = [last for last in last_versions if last.kind is not VersionKind.VOID]
        self._share_months(standing)
        with self._wire.together():
            self._write([void_version(last, by=by, at=at, reason=reason, source=source) for last in standing])
            self._wire.run_many(_DROP_CURRENT, [{"entry_id": last.entry.entry_id} for last in standing])
        for last in standing:
            self._acts.changed(ENTRY, last.entry.entry_id, last.entry.version, last.entry.version + 1)
        if standing:
            voided = ",".join(str(last.entry.entry_id) for last in standing)
            self._audit.record(at=at, actor=by, action="entries.voided", subject=f"entry:{voided}")
        return tuple(last.entry for last in standing)

    def void_many(
        self, standing: Sequence[EntryVersion], *, by: int, at: datetime, reason: str, source: str
    ) -> None:
        """Write the void versions of thousands of entries, given their last ones, as one event of the audit trail.

        The caller takes them out of the projection, and sees to what people are told.
        """
        versions = [void_version(last, by=by, at=at, reason=reason, source=source) for last in standing]
        self._wire.load(_ADD_VERSION, self._hashed(versions))
        self._wire.load(_ADD_TEXT, self._texts(versions))
        first, last = versions[0].entry.entry_id, versions[-1].entry.entry_id
        self._audit.record(
            at=at,
            actor=by,
            action="entries.voided",
            subject=f"entry:{first}",
            details={"entries": len(versions), "last": last},
        )

    def rebuild_projection(self) -> int:
        """Make the projection again from the versions; returns how many entries stand."""
        return projection.rebuild(self._wire, self._tenant_id)

    def projection_differences(self) -> tuple[ProjectionDifference, ...]:
        """Every entry that the projection has otherwise than the versions; there should be none."""
        return projection.differences(self._wire, self._tenant_id)

    def _share_months(self, versions: Iterable[EntryVersion]) -> None:
        """Keep the months of versions from being frozen; before anything is sent together, which hears no answer."""
        self._months.share(sorted({BillingMonth.of(one.entry.service_date) for one in versions}))

    def _write(self, versions: Sequence[EntryVersion]) -> None:
        self._wire.run_many(_ADD_VERSION, list(self._hashed(versions)))
        self._wire.run_many(_ADD_TEXT, list(self._texts(one for one in versions if one.note or one.reason)))
        self._notices.add_of_entries(versions)

    def _hashed(self, versions: Iterable[EntryVersion]) -> Iterator[Parameters]:
        """Versions as rows, each with its hash on the way to the audit chain."""
        for version in versions:
            row = version_parameters(version, self._tenant_id)
            self._audit.keep_hash(ENTRY_VERSIONS, row)
            yield row

    def _texts(self, versions: Iterable[EntryVersion]) -> Iterator[Parameters]:
        """The words of versions as rows, likewise."""
        for version in versions:
            row = text_parameters(version, self._tenant_id)
            self._audit.keep_hash(ENTRY_TEXTS, row)
            yield row

    def _project(self, versions: Sequence[EntryVersion]) -> None:
        rows = [current_parameters(one.entry, one.receipt_id, self._tenant_id) for one in versions]
        self._wire.run_many(_ADD_CURRENT, rows)

    def _last_version(self, entry_id: int) -> EntryVersion:
        row = self._wire.row(_LAST_VERSION, tenant_id=self._tenant_id, entry_id=entry_id)
        if row is None:
            raise NotFound("There is no such entry. Look for its reference on the receipt.")
        return entry_version(row)

    def _next_numbers(self, count: int, months: Sequence[BillingMonth]) -> Sequence[int]:
        if self._wire.is_sqlite:
            return self.free_numbers(count)
        first, *others = sorted(set(months))
        if not self._acts.lacks_number:
            self._months.share([first, *others])
            return self.free_numbers(count)
        key = self._months.key_of(first)
        came = sorted(self._wire.rows(_NEXT_NUMBERS_AND_ACT, count=count, month=key))
        self._months.took(key, got=came[0][2])
        self._months.share(others)
        self._acts.take_number(came[0][1])
        return [number for number, _, _ in came]
