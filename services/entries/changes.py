"""Requests to change an entry, as understood from a person's words or a form."""

from dataclasses import dataclass, field
from datetime import date, time
from enum import StrEnum
from typing import Final

from billing.activities import Activity
from services.people.patient_ref import PatientRef

#: Stands for the entry that the person wrote last; entries are numbered from 1.
LAST_ENTRY: Final = 0


class HeldAnswer(StrEnum):
    """What a held entry is answered with."""

    CARE_MANAGEMENT = "care_management"
    BILLED_SEPARATELY = "billed_separately"
    CLERICAL = "clerical"
    #: Of two entries that are alike.
    ANOTHER_CONTACT = "another_contact"
    THE_SAME = "the_same"

    @property
    def label(self) -> str:
        """The words on the screen, and those to type behind `confirm e-36`."""
        return self.value.replace("_", " ")


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryEdit:
    """What of an entry is to change; None, or an empty text, leaves a thing as it is."""

    entry_id: int
    #: The version that the person was looking at; None is the one that stands.
    version: int | None = None
    #: Whole seconds; left out where clock times say it.
    seconds: int | None = None
    #: Whole seconds that the entry is to grow by, or to shrink by where they are negative.
    added_seconds: int | None = None
    #: Whole seconds that the person takes the entry to hold now: `from 15m to 25m`.
    stated_seconds: int | None = None
    #: Begin and end on the date of service, by the clock of the person whose work it was.
    clock: tuple[time, time] | None = None
    #: Local date of service.
    service_date: date | None = None
    activity: Activity | None = None
    patient: PatientRef | None = field(default=None, repr=False)
    note: str = field(default="", repr=False)
    reason: str = field(default="", repr=False)
    #: Sentences that the receipt must say: which day a weekday was taken for.
    remarks: tuple[str, ...] = ()

    @property
    def changes_something(self) -> bool:
        """Whether anything is to change at all."""
        return any(
            (
                self.seconds,
                self.added_seconds,
                self.clock,
                self.service_date,
                self.activity,
                self.patient,
                self.note,
            )
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitPart:
    """One part of an entry that is split."""

    patient: PatientRef = field(repr=False)
    #: Whole seconds; None in every part where the entry is shared out evenly.
    seconds: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EntrySplit:
    """An entry to be put in the place of which several stand."""

    entry_id: int
    #: At least two.
    parts: tuple[SplitPart, ...]
    reason: str = field(default="", repr=False)
