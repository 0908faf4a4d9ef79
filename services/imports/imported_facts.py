"""Compares a row with the entry that was imported for it: as it was imported, and as it was corrected since."""

from datetime import date, datetime

from billing.durations import spoken
from billing.entries import TimeEntry
from services.context import Context
from services.imports.entry_rows import EntryRow
from services.imports.roster import FileRoster
from services.people.patients import shown_mrn
from storage import ImportedEntry


class ImportedFacts:
    """Looks whether rows say what is on file. What a row leaves empty says nothing."""

    def __init__(self, context: Context, roster: FileRoster) -> None:
        self._context = context
        self._roster = roster
        self._names: dict[int, str] = {}
        self._mrns: dict[int, str] = {}

    def differences(self, row: EntryRow, imported: ImportedEntry) -> tuple[str, ...]:
        """What a row says otherwise than the entry as it was imported; nothing where any version says the same."""
        found = self._against(row, imported, imported.versions[0])
        for version in imported.versions[1:] if found else ():
            if not self._against(row, imported, version):
                return ()
        return found

    def _against(self, row: EntryRow, imported: ImportedEntry, version: TimeEntry) -> tuple[str, ...]:
        found: list[str] = []
        if not self._is_patient(row, imported, version):
            found.append(f"patient {self._mrn(version.patient_id)} then, {shown_mrn(row.identity)} now")
        if row.service_date != version.service_date:
            found.append(f"{_day(version.service_date)} then, {_day(row.service_date)} now")
        if row.seconds != version.seconds:
            found.append(f"{spoken(version.seconds)} then, {spoken(row.seconds)} now")
        if row.performer.member_id != version.performed_by:
            found.append(f"by {self._name(version.performed_by)} then, {row.performer.display_name} now")
        if row.role is not None and row.role is not version.role:
            found.append(f"as {_words(version.role)} then, {_words(row.role)} now")
        if row.is_stated and row.kind.activity is not version.activity:
            found.append(f"{version.activity.label} then, {row.kind.activity.label} now")
        if row.started_at is not None and not self._is_start(row, version):
            then = (
                "no start" if version.started_at is None else f"a start at {self._time(version.started_at)}"
            )
            found.append(f"{then} then, {row.clock:%H:%M} now")
        if row.digest and row.digest != version.note_digest:
            found.append("another note then" if version.note_digest else "no note then")
        return tuple(found)

    def _is_patient(self, row: EntryRow, imported: ImportedEntry, version: TimeEntry) -> bool:
        patient_id = self._roster.number(row.identity)
        if patient_id is None or patient_id == version.patient_id:
            return patient_id is not None
        if any(patient_id == one.patient_id for one in imported.versions):
            return True
        # Merged since, maybe: entries that are void move without a version of their own.
        written = self._context.uow.ledger.versions(imported.entry_id)[version.version - 1]
        return self._context.uow.merges.whose(written) == patient_id

    def _is_start(self, row: EntryRow, version: TimeEntry) -> bool:
        """Whether both began at once; the zone of a person may have been given after the first import."""
        if row.started_at == version.started_at or version.started_at is None:
            return version.started_at is not None
        return version.started_at.astimezone(self._context.settings.zone).time() == row.clock

    def _time(self, at: datetime) -> str:
        return f"{at.astimezone(self._context.settings.zone):%H:%M}"

    def _name(self, member_id: int) -> str:
        if member_id not in self._names:
            member = self._context.uow.members.by_id(member_id)
            self._names[member_id] = member.display_name if member is not None else "somebody"
        return self._names[member_id]

    def _mrn(self, patient_id: int) -> str:
        if patient_id not in self._mrns:
            patient = self._context.uow.patients.by_id(patient_id)
            self._mrns[patient_id] = shown_mrn(patient.mrn) if patient is not None else "somebody"
        return self._mrns[patient_id]


def _day(day: date) -> str:
    return f"{day:%b} {day.day}, {day.year}"


def _words(role: str) -> str:
    return role.replace("_", " ")
