"""Makes the entries of the new rows of a file."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta

from billing.people import Member, Role
from services.imports.doubles import Likeness
from services.imports.entry_keys import SortedRows, keys_of
from services.imports.entry_rows import EntryRow
from services.imports.roster import FileRoster
from services.imports.team import Team
from storage import NewEntry


class NewEntries:
    """What the new rows of a file are to be in the ledger: an entry each, or two across midnight."""

    def __init__(self, rows: SortedRows, like: Likeness) -> None:
        self.rows: Sequence[EntryRow] = rows.new
        self._twins: Mapping[int, int] = rows.twins
        self._like = like

    def __len__(self) -> int:
        return sum(1 if row.tail is None else 2 for row in self.rows)

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
                NewEntry(
                    patient_id=patient_id,
                    seconds=part.seconds,
                    service_date=part.service_date,
                    activity=kind.activity,
                    activity_source=kind.source,
                    role=row.role or performer.working_role or Role.CARE_MANAGER,
                    performed_by=performer.member_id,
                    started_at=start,
                    ended_at=None if start is None else start + timedelta(seconds=part.seconds),
                    note=row.note,
                    recorded_on=row.recorded_on or part.service_date,
                ),
            )

    def all_of(
        self, rows: Iterable[EntryRow], team: Team, roster: FileRoster
    ) -> Iterator[tuple[str, NewEntry]]:
        """The entries of some rows, once the newcomers are on file."""
        for row in rows:
            performer = team.find(row.performed_by) if row.is_by_newcomer else row.performer
            assert performer is not None, "whoever the file names was welcomed before"
            yield from self.of(row, performer, roster.patient(row.identity).patient_id)
