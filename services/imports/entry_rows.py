"""What is known of a row of a file of entries."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, time

from billing.kinds_of_work import KindOfWork
from billing.people import Member, Role
from storage import note_digest


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryRow:
    """A row that can be taken; of work across midnight, the part of one date."""

    line: int
    #: Empty where the file gives none.
    key: str = field(repr=False)
    #: Who the patient is.
    identity: str = field(repr=False)
    #: Words that name who did the work, and whom they name: with a number below 1, somebody who comes with the file.
    performed_by: str
    performer: Member
    #: What tells people apart: their number, or the name of one who comes with the file.
    worker: int | str
    #: In which role, where the file says so.
    role: Role | None
    service_date: date
    seconds: int
    #: By the clock of the person who worked, and as an aware instant (UTC).
    clock: time | None
    started_at: datetime | None
    #: What the work is taken for, how that came about, and whether the file says so itself.
    kind: KindOfWork
    is_stated: bool
    note: str = field(repr=False)
    recorded_on: date | None
    #: The part after midnight.
    tail: "EntryRow | None" = None

    @property
    def digest(self) -> str:
        """Fingerprint of the note's words: worked out each time, for a large file's would take much room."""
        return note_digest(self.note)

    @property
    def parts(self) -> "tuple[EntryRow, ...]":
        """The row, and what of it lies on the next date."""
        return (self,) if self.tail is None else (self, self.tail)

    @property
    def unsplit(self) -> "EntryRow":
        """The row as one entry, midnight or not."""
        return self if self.tail is None else replace(self, seconds=self.whole_seconds, tail=None)

    @property
    def whole_seconds(self) -> int:
        """The seconds of the row, midnight or not."""
        return self.seconds if self.tail is None else self.seconds + self.tail.seconds

    @property
    def is_by_newcomer(self) -> bool:
        """Whether whoever did the work comes with the file."""
        return self.performer.member_id <= 0
