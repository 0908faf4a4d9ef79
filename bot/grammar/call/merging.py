"""What `merge` and `unmerge` are given."""

from dataclasses import dataclass, field

from bot.grammar.parsed import Arguments
from services.people.patient_ref import PatientRef


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeArguments(Arguments):
    """`merge MRN417 into MRN00417 because one person`."""

    gone: PatientRef = field(repr=False)
    into: PatientRef = field(repr=False)
    reason: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class UnmergeArguments(Arguments):
    """`unmerge MRN417`."""

    gone: PatientRef = field(repr=False)
