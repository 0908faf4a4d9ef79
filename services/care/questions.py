"""Asks whether an MRN that is not on the roster is another patient's, mistyped."""

from dataclasses import dataclass, replace

from pydantic import TypeAdapter

from billing.people import Member
from services.care.receipts import CareQuestion
from services.care.requests import Enroll
from services.context import Context
from services.entries.pending import QUESTION_LIFE
from services.errors import QuestionExpired
from services.people import patients

_NEAR_SHOWN = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingEnrollment:
    """An enrollment that waits, once for each answer; None stores nothing."""

    answers: tuple[Enroll | None, ...]
    request_key: str | None = None


_FORM = TypeAdapter(PendingEnrollment)


def ask_if_mistyped(
    context: Context, actor: Member, asked: Enroll, request_key: str | None
) -> CareQuestion | None:
    """The question that stands before an enrollment, kept until it is answered; None when there is none."""
    if asked.sure_of_mrn or patients.find(context, asked.patient) is not None:
        return None
    near = patients.lookalikes(context, asked.patient)[:_NEAR_SHOWN]
    if not near:
        return None
    labels = [patients.shown_mrn(other.mrn) for other in near]
    answers: list[Enroll | None] = [
        replace(asked, patient=replace(asked.patient, text=label, identity=other.identity))
        for label, other in zip(labels, near, strict=True)
    ]
    if context.settings.unknown_patient == "accept":
        labels.append(f"{asked.patient.text} is new")
        answers.append(replace(asked, sure_of_mrn=True))
    labels.append("Enroll nobody")
    answers.append(None)
    pending_id = context.uow.pending.ask(
        kind="enroll",
        payload=_FORM.dump_python(
            PendingEnrollment(answers=tuple(answers), request_key=request_key), mode="json"
        ),
        member_id=actor.member_id,
        at=context.now,
        expires_at=context.now + QUESTION_LIFE,
    )
    return CareQuestion(pending_id=pending_id, mrn=asked.patient.text, choices=tuple(labels))


def take(context: Context, actor: Member, pending_id: str, choice: int) -> tuple[Enroll | None, str | None]:
    """The enrollment that an answer stands for, and the key of the request that brought it.

    Raises:
        QuestionExpired: when it was answered before, has expired, or is another member's.
    """
    payload = context.uow.pending.take(pending_id, member_id=actor.member_id, at=context.now)
    if payload is None:
        raise QuestionExpired
    waiting = _FORM.validate_python(payload)
    return waiting.answers[choice], waiting.request_key
