"""Corrects and splits entries; asks first where the patient they go to is named by an MRN that is nobody's."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from pydantic import TypeAdapter

from billing.people import Member
from services.context import Context
from services.entries import amending
from services.entries.amending import WhyAsked
from services.entries.changes import EntryEdit, EntrySplit
from services.entries.pending import QUESTION_LIFE, one_of
from services.entries.receipts import Receipt
from services.entries.split import split
from services.errors import QuestionExpired
from services.people import patients
from services.people.patient_ref import PatientRef
from services.people.rights import Action, needs

_FORMS: Mapping[str, TypeAdapter[Any]] = {
    kind.__name__: TypeAdapter(kind) for kind in (EntryEdit, EntrySplit)
}


@dataclass(frozen=True, slots=True, kw_only=True)
class WhichPatient:
    """Nothing is changed yet: the MRN is nobody's, and one much like it is somebody's."""

    #: Opaque id that the answer carries.
    pending_id: str
    #: What is asked.
    message: str = field(repr=False)
    #: Labels of the answers, in their order.
    choices: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """What was done with an entry."""

    receipt: Receipt
    #: True for a split, False for a correction.
    was_split: bool


@needs(Action.CORRECT_OWN, Action.CORRECT_ANY)
def change(
    context: Context, actor: Member, wanted: EntryEdit | EntrySplit
) -> Changed | WhichPatient | WhyAsked:
    """Correct or split an entry, or ask which patient is meant, or why it is changed.

    Raises:
        Refusal: when it cannot be done as asked; nothing is changed.
    """
    for ref in _named(wanted):
        near = patients.lookalikes(context, ref)
        if not near:
            continue
        labels = [patients.shown_mrn(one.patient.mrn) for one in near]
        answers = [
            _for_patient(wanted, ref, replace(ref, text=label, identity=one.patient.identity))
            for label, one in zip(labels, near, strict=True)
        ]
        form = _FORMS[type(wanted).__name__]
        message, choices = patients.which_is_meant(ref.text, near), (*labels, "Change nothing")
        pending_id = context.uow.pending.ask(
            kind="change",
            payload={
                "wanted": type(wanted).__name__,
                "answers": [form.dump_python(one, mode="json") for one in answers],
                "message": message,
                "labels": list(choices),
            },
            member_id=actor.member_id,
            at=context.now,
            expires_at=context.now + QUESTION_LIFE,
        )
        context.uow.commit()
        return WhichPatient(
            pending_id=pending_id,
            message=message,
            choices=choices,
        )
    if isinstance(wanted, EntrySplit):
        return Changed(receipt=split(context, actor, wanted), was_split=True)
    outcome = amending.edit(context, actor, wanted)
    return outcome if isinstance(outcome, WhyAsked) else Changed(receipt=outcome, was_split=False)


@needs(Action.CORRECT_OWN, Action.CORRECT_ANY)
def answer(
    context: Context, actor: Member, pending_id: str, choice: int
) -> Changed | WhichPatient | WhyAsked | None:
    """Take a person's answer; None when the answer was to change nothing.

    Raises:
        QuestionExpired: when it was answered before, has expired, or is another member's.
        Refusal: as for `change`.
    """
    waiting = context.uow.pending.take(pending_id, member_id=actor.member_id, at=context.now)
    if waiting is None:
        raise QuestionExpired
    chosen = one_of((*waiting["answers"], None), choice)
    if chosen is None:
        context.uow.commit()
        return None
    return change(context, actor, _FORMS[waiting["wanted"]].validate_python(chosen))


@needs(Action.CORRECT_OWN, Action.CORRECT_ANY)
def confirmed(context: Context, actor: Member, pending_id: str) -> Changed | WhichPatient | WhyAsked:
    """Carry out an edit that was offered, or ask which patient is meant, or why it is changed.

    Raises:
        QuestionExpired: when it was answered before, or 15 minutes have passed.
        Refusal: as for `change`.
    """
    return change(context, actor, amending.offered(context, actor, pending_id))


def _named(wanted: EntryEdit | EntrySplit) -> tuple[PatientRef, ...]:
    if isinstance(wanted, EntrySplit):
        return tuple(part.patient for part in wanted.parts)
    return () if wanted.patient is None else (wanted.patient,)


def _for_patient(
    wanted: EntryEdit | EntrySplit, ref: PatientRef, meant: PatientRef
) -> EntryEdit | EntrySplit:
    """The same change with the patient who was meant."""
    if isinstance(wanted, EntryEdit):
        return replace(wanted, patient=meant)
    parts = tuple(replace(part, patient=meant) if part.patient == ref else part for part in wanted.parts)
    return replace(wanted, parts=parts)
