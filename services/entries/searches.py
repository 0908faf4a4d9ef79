"""What a person says of an entry that they do not name by its reference."""

from dataclasses import dataclass
from datetime import date

from services.people.patient_ref import PatientRef


@dataclass(frozen=True, slots=True, kw_only=True)
class EntrySearch:
    """What somebody said of an entry; whatever is empty was not said."""

    patients: tuple[PatientRef, ...] = ()
    #: Whole seconds of each length said: the one that stands, or the one that should.
    lengths: tuple[int, ...] = ()
    day: date | None = None
    entry_id: int | None = None
    #: Only entries that wait for their kind of work to be confirmed.
    held: bool = False
    #: True when somebody wants to know, and not to change: then everybody's entries are shown.
    asks: bool = False
