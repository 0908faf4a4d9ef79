"""Stores the new entries of a file: made ready before the write begins where that can be, else as they come."""

from collections.abc import Callable, Collection, Iterator
from typing import Protocol

from billing.entries import TimeEntry
from billing.people import Member
from services.context import Context
from services.imports.roster import FileRoster
from services.imports.team import Team
from storage import NewEntry, PlanOutdated, ReadyEntries, Since

#: Of files with fewer entries no numbers are left out: they are read again as quickly as they were read.
_LARGE = 2_000
#: One in so many numbers is left to people who log while a large file is made ready.
_SPARE = 10
#: Gives the member whom words name, with the number that they have or will have.
MemberOf = Callable[[str], Member]
#: Gives the number that the patient of an identity has or will have.
PatientOf = Callable[[str], int]


class EntriesOfFile(Protocol):
    """The new entries of a file, each made when its turn comes."""

    def __len__(self) -> int:
        """How many there are."""
        ...

    def made(self, member_of: MemberOf, patient_of: PatientOf) -> Iterator[tuple[str, NewEntry]]:
        """Each entry with the key by which it is remembered."""
        ...

    def has_like(self, entry: TimeEntry) -> bool:
        """Whether one of them may be an entry that was logged since they were looked over."""
        ...


class EntriesToStore:
    """The new entries of a file, on their way into the ledger as one receipt."""

    def __init__(self, team: Team, roster: FileRoster, entries: EntriesOfFile) -> None:
        self._team = team
        self._roster = roster
        self._entries = entries
        self._ready: ReadyEntries | None = None

    def make_ready(self, context: Context) -> None:
        """Do beforehand all that takes long, with the numbers that newcomers will have."""
        count = len(self._entries)
        if not count:
            return
        importer = self._team.foresee(context)
        self._roster.foresee(context)
        self._ready = context.uow.imports.make_ready(
            self._pairs(),
            by=importer.member_id,
            at=context.now,
            spare=0 if count < _LARGE else count // _SPARE,
        )

    def still_holds(self, context: Context, since: Since) -> bool:
        """Whether nothing that was logged since is like a row, and no patient came who may be one of the file's."""
        if since.has_new_patients and self._roster.newcomers:
            return False
        receipts = map(context.uow.ledger.receipt, since.receipts)
        return not any(self._entries.has_like(entry) for receipt in receipts for entry in receipt.entries)

    def append(self, context: Context) -> None:
        """Write the entries, once the newcomers are on file.

        Raises:
            PlanOutdated: when they were made ready, and a number foreseen is not the one given.
        """
        if not len(self._entries):
            return
        importer = self._team.importer(context)
        if self._ready is None:
            context.uow.imports.append_each(self._pairs(), by=importer.member_id, at=context.now)
        elif self._ready.by != importer.member_id:
            raise PlanOutdated
        else:
            context.uow.imports.append_ready(self._ready)

    def _pairs(self) -> "_Pairs":
        return _Pairs(self._entries, self._team.meant, self._roster.meant)


class _Pairs(Collection[tuple[str, NewEntry]]):
    """Entries by their keys, counted before they are made."""

    def __init__(self, entries: EntriesOfFile, member_of: MemberOf, patient_of: PatientOf) -> None:
        self._entries = entries
        self._member_of = member_of
        self._patient_of = patient_of

    def __len__(self) -> int:
        return len(self._entries)

    def __contains__(self, pair: object) -> bool:
        return any(pair == one for one in self)

    def __iter__(self) -> Iterator[tuple[str, NewEntry]]:
        return self._entries.made(self._member_of, self._patient_of)
