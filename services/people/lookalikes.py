"""Decides whose MRN may have been meant by one that is nobody's: every door where an MRN comes in asks here."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from billing.people import Patient
from services.context import Context
from services.people.names import plain_name
from storage.spelling import is_one_typo_apart, spellings

#: Letters, leading zeros, the number, what follows it, and the `.0` with which a spreadsheet ends whole numbers.
_PARTS = re.compile(r"([a-z]*)(0*)(\d.*?)(\.0+)?")
#: The longest MRN that is looked for with zeros in front.
_LONGEST_PADDED = 14


class Likeness(StrEnum):
    """In what an MRN differs from a patient's."""

    ZEROS = "leading zeros"
    DECIMAL = "the .0 at its end"
    TYPO = "one typo"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookalike:
    """A patient whose MRN is much like one that was written."""

    patient: Patient
    differs_by: Likeness


def lookalikes_on_file(context: Context, identity: str) -> tuple[Lookalike, ...]:
    """The patients on file whose MRN may have been meant, likeliest first."""
    stored = context.uow.patients
    near = (*stored.of_identities(_rewritten(identity)), *stored.one_typo_away(identity))
    return alike(identity, near)


def alike(identity: str, patients: Iterable[Patient]) -> tuple[Lookalike, ...]:
    """Those of some patients whose MRN may have been meant, each once, likeliest first."""
    found = {
        patient.identity: Lookalike(patient=patient, differs_by=differs_by)
        for patient in patients
        if (differs_by := _likeness(identity, patient)) is not None
    }
    return tuple(sorted(found.values(), key=lambda one: one.differs_by is Likeness.TYPO))


class LookalikeIndex:
    """Finds look-alikes among patients who are all at hand: for files with thousands of MRNs."""

    def __init__(self, patients: Iterable[Patient]) -> None:
        self._by_stem: dict[str, list[Patient]] = defaultdict(list)
        self._by_spelling: dict[str, list[Patient]] = defaultdict(list)
        for patient in patients:
            self.add(patient)

    def add(self, patient: Patient) -> None:
        """Take in one more patient."""
        self._by_stem[_stem(patient.identity)].append(patient)
        for spelling in spellings(patient.identity) if patient.on_roster else ():
            self._by_spelling[spelling].append(patient)

    def near(self, identity: str) -> tuple[Lookalike, ...]:
        """The patients whose MRN may have been meant, likeliest first."""
        near = list(self._by_stem.get(_stem(identity), ()))
        for spelling in spellings(identity):
            near += self._by_spelling.get(spelling, ())
        return alike(identity, near)


class PersonIndex:
    """Finds patients of one name and birth date, who may be one person under two MRNs."""

    def __init__(self, patients: Iterable[Patient]) -> None:
        self._by_name: dict[tuple[str, str], list[Patient]] = defaultdict(list)
        for patient in patients:
            self.add(patient)

    def add(self, patient: Patient) -> None:
        """Take in one more patient; one without a first and a last name is like nobody."""
        name = _name(patient)
        if all(name):
            self._by_name[name].append(patient)

    def same_person(self, patient: Patient) -> Patient | None:
        """Another patient of that name and birth date; None where the birth date is not known of both."""
        return next(
            (
                one
                for one in self.namesakes(patient)
                if patient.birth_date is not None and one.birth_date == patient.birth_date
            ),
            None,
        )

    def namesakes(self, patient: Patient) -> tuple[Patient, ...]:
        """Other patients of the same first and last name, whatever its case and accents."""
        found = self._by_name.get(_name(patient), ())
        return tuple(one for one in found if one.identity != patient.identity)


def _name(patient: Patient) -> tuple[str, str]:
    return plain_name(patient.first_name), plain_name(patient.last_name)


def _likeness(identity: str, patient: Patient) -> Likeness | None:
    """In what an MRN differs from a patient's; None when they are the same, or too different.

    Zeros and `.0` are lost and won in spreadsheets, so they are asked about for whoever is on file; typos only for
    patients of the roster, for without one MRNs follow each other closely.
    """
    other = patient.identity
    if identity == other:
        return None
    if _stem(identity) == _stem(other):
        return Likeness.DECIMAL if _decimal(identity) != _decimal(other) else Likeness.ZEROS
    return Likeness.TYPO if patient.on_roster and is_one_typo_apart(identity, other) else None


def _stem(identity: str) -> str:
    parts = _PARTS.fullmatch(identity)
    return f"{parts[1]}{parts[3]}" if parts else identity


def _decimal(identity: str) -> bool:
    parts = _PARTS.fullmatch(identity)
    return parts is not None and parts[4] is not None


def _rewritten(identity: str) -> tuple[str, ...]:
    """The same MRN with more or fewer leading zeros, with `.0` and without."""
    parts = _PARTS.fullmatch(identity)
    if parts is None:
        return ()
    zeros = range(max(len(parts[2]), _LONGEST_PADDED - len(parts[1]) - len(parts[3])) + 1)
    return tuple(f"{parts[1]}{'0' * count}{parts[3]}{end}" for count in zeros for end in ("", ".0"))
