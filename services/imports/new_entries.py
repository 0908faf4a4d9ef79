"""Makes the entries of the new rows of a file."""

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta

from billing.entries import TimeEntry
from billing.people import Member, Role
from billing.quick import quick
from services.imports.doubles import Likeness
from services.imports.entry_keys import SortedRows, keys_of
from services.imports.entry_rows import EntryRow
from storage import NewEntry

_made = quick(NewEntry)


class NewEntries:
    """What the new rows of a file are to be in the ledger: an entry each, or two across midnight."""

    def __init__(self, rows: SortedRows, like: Likeness) -> None:
        self._rows = rows.new
        self._count = sum(1 if row.tail is None else 2 for row in rows.new)
        self._twins: Mapping[int, int] = rows.twins
        self._like = like

    def __len__(self) -> int:
        return self._count

    def of(self, row: EntryRow, performer: Member, patient_id: int) -> Iterator[tuple[str, NewEntry]]:
        """A row's entries by the keys under which they are remembered.

        Args:
            row: One of the rows.
            performer: Whoever did the work, with a number now.
            patient_id: Of the patient, in the same way.
        """
        kind = self._like.kind(row)
        keys = keys_of(row, performer.member_id, self._twins.get(row.line, 1))
        for key, part in zip(keys, row.parts, strict=True):
            start = part.started_at
            yield (
                key,
                _made(
                    patient_id=patient_id,
                    seconds=part.seconds,
                    service_date=part.service_date,
                    activity=kind.activity,
                    activity_source=kind.source,
                    role=row.role or performer.working_role or Role.CARE_MANAGER,
                    performed_by=performer.member_id,
                    started_at=start,
                    ended_at=None if start is None else start + timedelta(seconds=part.seconds),
                    participants=(),
                    note=row.note,
                    outcome=None,
                    next_contact=None,
                    recorded_on=row.recorded_on or part.service_date,
                ),
            )

    def made(
        self, member_of: Callable[[str], Member], patient_of: Callable[[str], int]
    ) -> Iterator[tuple[str, NewEntry]]:
        """All of them by their keys, once: the rows, of which a large file has many, are let go as they are taken.

        Args:
            member_of: Gives the member whom words name, with the number that they have or will have.
            patient_of: Gives the number that the patient of an identity has or will have.
        """
        rows = self._rows
        rows.reverse()
        while rows:
            row = rows.pop()
            performer = member_of(row.performed_by) if row.is_by_newcomer else row.performer
            yield from self.of(row, performer, patient_of(row.identity))

    def has_like(self, entry: TimeEntry) -> bool:
        """Whether one of them may be an entry that was logged since: of the same work, length and words."""
        return self._like.says(entry)
