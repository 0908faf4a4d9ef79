"""Finds the patient of an MRN in a file; unknown ones are collected, to be added with the file."""

from collections.abc import Collection

from billing.people import Patient
from services.context import Context
from services.imports.answers import NO_ANSWERS, Answers
from services.imports.values.mrns import read_mrn
from services.people.lookalikes import Lookalike, LookalikeIndex
from services.people.mrns import identity_of_mrn

#: Says of every MRN of a file at once that it is a patient of its own.
ALL_NEW = "all"


class Newcomers:
    """The MRNs of a file that are nobody's: those much like a patient's are refused until somebody has looked."""

    def __init__(self, known: Collection[Patient], answers: Answers) -> None:
        """Prepare to look.

        Args:
            known: Every patient on file.
            answers: Say which MRNs are patients of their own.
        """
        self._known = known
        self._all = any(mrn.casefold() == ALL_NEW for mrn in answers.new_patients)
        self._sure = {identity_of_mrn(mrn) for mrn in answers.new_patients}
        self._index: LookalikeIndex | None = None

    def near(self, identity: str) -> tuple[Lookalike, ...]:
        """The patients for whom an MRN may be a slip; none when it was said to be a new patient's."""
        if self._all or identity in self._sure:
            return ()
        return self._looked_up.near(identity)

    def add(self, newcomer: Patient) -> None:
        """Take in a newcomer, so that the same MRN with other zeros, further down, is not one more patient."""
        self._looked_up.add(newcomer)

    @property
    def _looked_up(self) -> LookalikeIndex:
        """Made for the first newcomer: most files have none."""
        if self._index is None:
            self._index = LookalikeIndex(self._known)
        return self._index


def not_meant(mrn: str, near: Lookalike) -> str:
    """Why an MRN is refused, and how to say that it is right."""
    return (
        f"{mrn} is new, and {near.patient.mrn} is much like it: they differ by {near.differs_by}. Correct the MRN; "
        f"if it is another patient, add --new-patient {mrn} to the command."
    )


class FileRoster:
    """The practice's patients by identity."""

    def __init__(self, context: Context, answers: Answers = NO_ANSWERS) -> None:
        self._context = context
        self._known = {patient.identity: patient for patient in context.uow.patients.all()}
        self._newcomers = Newcomers(self._known.values(), answers)
        self._known |= context.uow.patients.aliases()
        #: MRN as the file has it, by identity.
        self._new: dict[str, str] = {}

    def expect(self, mrn: str) -> str:
        """The identity of a patient who is known, or will be added with the file.

        Raises:
            ValueError: when the text is no MRN, is much like a patient's, or the practice takes only patients of
                its roster.
        """
        identity = read_mrn(mrn, self._context.settings.mrn_pattern)
        if identity in self._known:
            return identity
        if self._context.settings.unknown_patient == "refuse":
            raise ValueError(f"{mrn} is not on the roster. Check the MRN, or import the patient first.")
        if identity not in self._new:
            if near := self._newcomers.near(identity):
                raise ValueError(not_meant(mrn, near[0]))
            self._new[identity] = mrn
            self._newcomers.add(_newcomer(mrn, identity))
        return identity

    @property
    def newcomers(self) -> frozenset[str]:
        """The identities of patients who will be added."""
        return frozenset(self._new)

    @property
    def introductions(self) -> tuple[str, ...]:
        """A sentence that says how many patients the file adds, if any."""
        count = len(self._new)
        if not count:
            return ()
        said = (
            f"{count} {'patient is' if count == 1 else 'patients are'} not on the roster: added as not enrolled. "
            "Import the patients first to enroll them."
        )
        return (said,)

    def admit(self, context: Context) -> None:
        """Add the newcomers, marked as not on the roster, in the unit of work that stores."""
        if not self._new:
            return
        added = context.uow.patients.add_many(
            [_newcomer(mrn, identity) for identity, mrn in self._new.items()]
        )
        self._known |= {patient.identity: patient for patient in added}
        self._new.clear()

    def knows(self, identity: str, patient_id: int) -> bool:
        """Whether an identity, or one merged into it, is that of a patient on file."""
        known = self._known.get(identity)
        return known is not None and known.patient_id == patient_id

    def number(self, identity: str) -> int | None:
        """The number of the patient of an identity; None for one who will be added with the file."""
        known = self._known.get(identity)
        return None if known is None else known.patient_id

    def patient(self, identity: str) -> Patient:
        """The patient of an identity that is known."""
        return self._known[identity]


def _newcomer(mrn: str, identity: str) -> Patient:
    return Patient(patient_id=0, handle="", mrn=mrn, identity=identity, on_roster=False)
