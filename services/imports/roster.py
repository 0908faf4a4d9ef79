"""Finds the patient of an MRN in a file; unknown ones are collected, to be added with the file."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from billing.people import Patient
from services.context import Context
from services.imports.answers import ALL_NEW, NO_ANSWERS, Answer, Answers, Subject, quoted
from services.imports.outcome import Choice, Question
from services.imports.questions import Inquiry
from services.imports.values.mrns import read_mrn
from services.imports.wording import LISTED, counted, lines_of
from services.people.lookalikes import Lookalike, LookalikeIndex
from services.people.mrns import identity_of_mrn
from storage import PlanOutdated

#: The column in which every kind of file names a patient.
MRN = "mrn"


class Newcomers:
    """The MRNs of a file that are nobody's: those much like a patient's are asked about until somebody has looked."""

    def __init__(self, known: Collection[Patient], answers: Answers) -> None:
        """Prepare to look.

        Args:
            known: Every patient on file.
            answers: Say which MRNs are patients of their own, and which are another patient's.
        """
        self._known = known
        self.inquiry = Inquiry(answers, Subject.PATIENT)
        self._all = any(
            answer.is_new and answer.name.casefold() == ALL_NEW
            for answer in answers.all()
            if answer.about is Subject.PATIENT
        )
        self._index: LookalikeIndex | None = None

    def meant(self, mrn: str) -> Answer | None:
        """The answer that says that an MRN is another patient's; None where there is none."""
        answer = self.inquiry.answer(mrn)
        return None if answer is None or answer.is_new else answer

    def is_sure(self, mrn: str) -> bool:
        """Whether somebody said that an MRN is a patient of its own."""
        return self._all or self.inquiry.answer(mrn) is not None

    def near(self, mrn: str, identity: str) -> tuple[Lookalike, ...]:
        """The patients for whom an MRN may be a slip; none when it was said to be a new patient's."""
        return () if self.is_sure(mrn) else self._looked_up.near(identity)

    def ask(self, mrn: str, other: Patient, asks: str, line: int) -> str:
        """Ask whether an MRN is another patient's; returns what is said of the row."""
        question = Question(
            about=Subject.PATIENT,
            name=mrn,
            column=MRN,
            asks=asks,
            way=f"Correct the MRN; if it is another patient, add --new-patient {mrn} to the command.",
            choices=(
                Choice(label="the same patient", answer=f"patient {quoted(mrn)} = {quoted(other.mrn)}"),
                Choice(label="another patient", answer=f"patient {quoted(mrn)} = new"),
            ),
        )
        return self.inquiry.ask(question, line)

    def add(self, newcomer: Patient) -> None:
        """Take in a newcomer, so that the same MRN with other zeros, further down, is not one more patient."""
        self._looked_up.add(newcomer)

    @property
    def _looked_up(self) -> LookalikeIndex:
        """Made for the first newcomer: most files have none."""
        if self._index is None:
            self._index = LookalikeIndex(self._known)
        return self._index


def much_like(mrn: str, near: Lookalike) -> str:
    """Why an MRN is asked about."""
    return f"{mrn} is new, and {near.patient.mrn} is much like it: they differ by {near.differs_by}."


def meant_by(answer: Answer, known: Mapping[str, Patient]) -> Patient:
    """The patient whom an answer names in place of an MRN.

    Raises:
        ValueError: when there is none.
    """
    found = known.get(identity_of_mrn(answer.said))
    if found is None:
        raise ValueError(
            f"The answers say that {answer.name} is {answer.said}, and no patient on file has that MRN. Correct the "
            "answer."
        )
    return found


@dataclass(slots=True, kw_only=True)
class _New:
    """A patient whom the file is the first to name."""

    mrn: str = field(repr=False)
    #: Of the first row, and how many there are; line 0 where the loader does not say.
    line: int
    rows: int = 0


class FileRoster:
    """The practice's patients by identity."""

    def __init__(self, context: Context, answers: Answers = NO_ANSWERS) -> None:
        self._context = context
        self._known = {patient.identity: patient for patient in context.uow.patients.all()}
        self._newcomers = Newcomers(tuple(self._known.values()), answers)
        self._known |= context.uow.patients.aliases()
        #: By identity.
        self._new: dict[str, _New] = {}
        #: Identities by what the file has: each text is read once, however many rows have it.
        self._read: dict[str, str] = {}
        #: The numbers that newcomers will have, by identity, once they are foreseen.
        self._foreseen: dict[str, int] = {}

    @property
    def inquiry(self) -> Inquiry:
        """What is asked about the file's MRNs."""
        return self._newcomers.inquiry

    def expect(self, mrn: str, line: int = 0) -> str:
        """The identity of a patient who is known, or will be added with the file.

        Args:
            mrn: As the file has it.
            line: Of the row.

        Raises:
            ValueError: when the text is no MRN, is much like a patient's, or the practice takes only patients of
                its roster.
        """
        identity = self._read.get(mrn)
        if identity is None:
            identity = self._read[mrn] = self._identity(mrn, line)
        new = self._new.get(identity)
        if new is not None:
            new.rows += 1
        return identity

    def _identity(self, mrn: str, line: int) -> str:
        identity = read_mrn(mrn, self._context.settings.mrn_pattern)
        if (answer := self._newcomers.meant(mrn)) is not None:
            in_file = {known: _newcomer(new.mrn, known) for known, new in self._new.items()}
            return meant_by(answer, {**in_file, **self._known}).identity
        if identity in self._known:
            return identity
        if self._context.settings.unknown_patient == "refuse":
            raise ValueError(f"{mrn} is not on the roster. Check the MRN, or import the patient first.")
        if identity not in self._new:
            if (asked := self.inquiry.ask_again(mrn, line)) is not None:
                raise ValueError(asked)
            if near := self._newcomers.near(mrn, identity):
                raise ValueError(self._newcomers.ask(mrn, near[0].patient, much_like(mrn, near[0]), line))
            self._new[identity] = _New(mrn=mrn, line=line)
            self._newcomers.add(_newcomer(mrn, identity))
        return identity

    @property
    def newcomers(self) -> frozenset[str]:
        """The identities of patients who will be added."""
        return frozenset(self._new)

    @property
    def introductions(self) -> tuple[str, ...]:
        """A sentence that names the patients whom the file adds, if any."""
        if not self._new:
            return ()
        named = [
            f"{one.mrn} ({lines_of([one.line])}, {counted(one.rows, 'row')})" if one.line else one.mrn
            for one in list(self._new.values())[:LISTED]
        ]
        more = f" and {len(self._new) - LISTED:,} more" if len(self._new) > LISTED else ""
        said = (
            f"{counted(len(self._new), 'patient')} not on the roster: {', '.join(named)}{more}. Added as not "
            "enrolled: import the patients first to enroll them."
        )
        return (said,)

    def foresee(self, context: Context) -> None:
        """Give the newcomers the numbers that they will have if nobody is added before."""
        first = context.uow.patients.next_number()
        self._foreseen = {identity: number for number, identity in enumerate(self._new, first)}

    def meant(self, identity: str) -> int:
        """The number of the patient of an identity, or the one that they will have."""
        known = self._known.get(identity)
        return self._foreseen[identity] if known is None else known.patient_id

    def admit(self, context: Context) -> None:
        """Add the newcomers, marked as not on the roster, in the unit of work that stores.

        Raises:
            PlanOutdated: when one of them got another number than the one foreseen.
        """
        if not self._new:
            return
        added = context.uow.patients.add_many(
            [_newcomer(one.mrn, identity) for identity, one in self._new.items()]
        )
        if any(self._foreseen.get(one.identity, one.patient_id) != one.patient_id for one in added):
            raise PlanOutdated
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
