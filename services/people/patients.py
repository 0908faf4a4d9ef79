"""Finds a patient by MRN or handle; one much like another's is asked about, never guessed."""

from collections.abc import Sequence

from billing.people import Patient
from services.context import Context
from services.errors import UnknownPatient
from services.people.lookalikes import Lookalike, lookalikes_on_file
from services.people.mrns import identity_of_mrn
from services.people.patient_ref import PatientRef

#: Patients offered when an MRN may be one of several.
_NEAR_SHOWN = 3


def find(context: Context, ref: PatientRef) -> Patient | None:
    """The patient named, or None when nobody is known by that MRN.

    Raises:
        UnknownPatient: for a handle that names nobody; handles are ours, so it can only be a slip.
    """
    if ref.handle is not None:
        patient = context.uow.patients.by_handle(ref.handle)
        if patient is None:
            raise UnknownPatient(
                f"No patient has the handle {ref.handle}. Check its four characters, or use the MRN."
            )
        return patient
    return context.uow.patients.by_identity(ref.identity or "")


def lookalikes(context: Context, ref: PatientRef) -> tuple[Lookalike, ...]:
    """Patients who may have been meant by an MRN that is nobody's, likeliest first; none when it is somebody's."""
    if not ref.identity or find(context, ref) is not None:
        return ()
    return lookalikes_on_file(context, ref.identity)[:_NEAR_SHOWN]


def which_is_meant(mrn: str, near: Sequence[Lookalike]) -> str:
    """The question about an MRN that is nobody's and much like others.

    Args:
        mrn: As typed.
        near: At least one patient.
    """
    others = " and ".join(f"{shown_mrn(one.patient.mrn)} (they differ by {one.differs_by})" for one in near)
    return f"{mrn} is not on file, but a very similar MRN is: {others}. Which patient do you mean?"


def need(context: Context, ref: PatientRef) -> Patient:
    """The patient named, for a question about one who must exist.

    Raises:
        UnknownPatient: naming the near ones, if any.
    """
    patient = find(context, ref)
    if patient is not None:
        return patient
    near = " or ".join(shown_mrn(other.patient.mrn) for other in lookalikes(context, ref))
    hint = (
        f"Did you mean {near}?"
        if near
        else "Check the MRN: nothing is logged for it and it is not on the roster."
    )
    raise UnknownPatient(f"No patient {ref.text} is known. {hint}")


def admit(context: Context, ref: PatientRef) -> Patient:
    """Keep a patient first heard of in chat, as they were typed (in capitals), marked as not on the roster.

    A roster that names them later brings its own spelling, and from then on that one is shown.

    Raises:
        UnknownPatient: where the practice takes only patients of its roster.
    """
    if context.settings.unknown_patient == "refuse":
        raise UnknownPatient(
            f"{ref.text} is not on the roster, and this practice logs only for patients who are. "
            "Nothing was stored. Check the MRN, or ask an administrator to import the patient."
        )
    assert ref.identity is not None, "a handle either names a patient or was refused"
    return context.uow.patients.add(
        mrn=" ".join(ref.text.upper().split()), identity=ref.identity, on_roster=False
    )


def on_roster(context: Context, candidates: tuple[str, ...]) -> frozenset[str]:
    """Which of these bare numbers are MRNs of the roster."""
    return context.uow.patients.known_identities(candidates)


def handles_of(context: Context, mrns: Sequence[str]) -> dict[str, str]:
    """The handles of those MRNs that are somebody's, by the MRN as given."""
    found = {mrn: context.uow.patients.by_identity(identity_of_mrn(mrn)) for mrn in mrns}
    return {mrn: patient.handle for mrn, patient in found.items() if patient is not None}


def mrn_of(context: Context, handle: str) -> str:
    """The MRN behind a handle, as people write it; the handle itself where it is nobody's."""
    patient = context.uow.patients.by_handle(handle)
    return handle if patient is None else shown_mrn(patient.mrn)


def shown_mrn(mrn: str) -> str:
    """An MRN as people write it: bare numbers get their prefix, others stand as the roster has them."""
    return f"MRN{mrn}" if mrn[:1].isdigit() and len(mrn) <= _LONGEST_PREFIXED else mrn


#: Longer identifiers (UUIDs) read badly with a prefix.
_LONGEST_PREFIXED = 20
