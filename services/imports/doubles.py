"""Finds the rows of a file that are like another one, or like an entry on file: the second is held (R-216)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from services.context import Context
from services.imports.roster import FileRoster
from services.imports.team import Team
from storage import note_digest


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """What of a row tells it from another one."""

    #: Words that name who did the work.
    performed_by: str
    #: Who the patient is.
    identity: str = field(repr=False)
    service_date: date
    seconds: int
    note: str = field(repr=False)
    #: Aware instant, where the clock time is known.
    started_at: datetime | None


class Doubles:
    """What is on file and what a file said so far, to be asked row by row in the file's order."""

    def __init__(self, context: Context, team: Team, roster: FileRoster) -> None:
        self._context = context
        self._team = team
        self._roster = roster
        #: Starts of the entries that are alike but for their clock times.
        self._seen: dict[tuple[object, ...], list[datetime | None]] = defaultdict(list)

    def remember_stored(self, days: Iterable[date]) -> None:
        """Take in what is on file from the first to the last of some days."""
        span = sorted(days)
        if not span:
            return
        for entry in self._context.uow.ledger.month(span[0], span[-1]):
            key = (entry.performed_by, entry.patient_id, entry.service_date, entry.seconds, entry.note_digest)
            self._seen[key].append(entry.started_at)

    def has_like(self, contact: Contact) -> bool:
        """Whether an entry on file or a row before is like this one, which is taken in.

        Clock times tell two apart only where both are known and they differ.
        """
        starts = self._seen[self._key(contact)]
        alike = any(None in {start, contact.started_at} or start == contact.started_at for start in starts)
        starts.append(contact.started_at)
        return alike

    def _key(self, contact: Contact) -> tuple[object, ...]:
        performer = self._team.find(contact.performed_by)
        who = performer.member_id if performer else contact.performed_by.strip().removeprefix("@").casefold()
        patient = self._roster.number(contact.identity)
        whom = contact.identity if patient is None else patient
        return (who, whom, contact.service_date, contact.seconds, note_digest(contact.note))
