"""One time entry as it stands now: the latest version of a ledger entry that is not void."""

from dataclasses import dataclass, field
from datetime import date, datetime

from billing.activities import Activity, ActivitySource, is_held
from billing.people import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeEntry:
    """Time spent for one patient on one local date."""

    #: Opaque number of the entry in its ledger; its spoken form is `e-k7f`.
    entry_id: int
    #: 1 for the entry as first written, one more for each correction.
    version: int
    #: Opaque number of the patient.
    patient_id: int
    #: Whole seconds, positive.
    seconds: int
    #: Local date, in the zone of the person who did it, fixed when stored.
    service_date: date
    activity: Activity
    activity_source: ActivitySource
    role: Role
    #: Member who did the work, and member who wrote it down.
    performed_by: int
    recorded_by: int
    #: Aware instant (UTC) at which this entry was first written.
    recorded_at: datetime
    #: Aware instants (UTC) where the clock times are known.
    started_at: datetime | None = None
    ended_at: datetime | None = None
    #: Instant of the last correction, when there is one.
    corrected_at: datetime | None = None
    #: Other members who took part at the same time: joint time counts once.
    participants: tuple[int, ...] = ()
    #: Fingerprint of the note's words, so that rules can see repetition without reading the words.
    note_digest: str = field(default="", repr=False)
    #: Local date of `recorded_at` in the zone of the person who keyed it; None: the UTC date stands in.
    recorded_on: date | None = None
    #: Whole seconds as first written, where a correction changed them.
    first_seconds: int | None = None

    @property
    def is_held(self) -> bool:
        """True while a person has to say what kind of work it was, or that it is not another entry again."""
        return is_held(self.activity, self.activity_source)
