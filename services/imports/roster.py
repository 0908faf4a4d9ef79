"""Finds the patient of an MRN in a file; unknown ones are collected, to be added with the file."""

from billing.people import Patient
from services.context import Context
from services.people.mrns import identity_of_mrn


class FileRoster:
    """The practice's patients by identity."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._known = {patient.identity: patient for patient in context.uow.patients.all()}
        #: MRN as the file has it, by identity.
        self._new: dict[str, str] = {}

    def expect(self, mrn: str) -> str:
        """The identity of a patient who is known, or will be added with the file.

        Raises:
            ValueError: when the text is no MRN, or the practice takes only patients of its roster.
        """
        identity = identity_of_mrn(mrn)
        if not identity:
            raise ValueError(f"{mrn!r} holds no MRN. Write it like MRN123 or 123.")
        if identity in self._known:
            return identity
        if self._context.settings.unknown_patient == "refuse":
            raise ValueError(f"{mrn} is not on the roster. Check the MRN, or import the patient first.")
        self._new.setdefault(identity, mrn)
        return identity

    @property
    def newcomers(self) -> frozenset[str]:
        """The identities of patients who will be added."""
        return frozenset(self._new)

    def near(self, identity: str) -> str | None:
        """The MRN of a roster patient one typo away from a newcomer, if there is one."""
        near = self._context.uow.patients.one_typo_away(identity)
        return near[0].mrn if near else None

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

    def admit(self) -> None:
        """Add the newcomers, marked as not on the roster."""
        if not self._new:
            return
        added = self._context.uow.patients.add_many(
            [
                Patient(patient_id=0, handle="", mrn=mrn, identity=identity, on_roster=False)
                for identity, mrn in self._new.items()
            ]
        )
        self._known |= {patient.identity: patient for patient in added}
        self._new.clear()

    def knows(self, identity: str, patient_id: int) -> bool:
        """Whether an identity is that of a patient on file."""
        known = self._known.get(identity)
        return known is not None and known.patient_id == patient_id

    def patient(self, identity: str) -> Patient:
        """The patient of an identity that is known."""
        return self._known[identity]
