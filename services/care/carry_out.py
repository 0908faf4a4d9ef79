"""One door for what is recorded about care: done once, audited, and answered with where the patient stands."""

from typing import assert_never

from billing.months import BillingMonth
from billing.people import Member, Patient
from services import patients
from services.after_close import closed_remark
from services.care import assessments, case_review, consent, enrollment, questions, statements, stays
from services.care.receipts import CareQuestion, CareReceipt, Done
from services.care.requests import (
    Admit,
    Assess,
    Assign,
    Attest,
    CareRequest,
    Discharge,
    Enroll,
    GiveConsent,
    Review,
    RevokeConsent,
    State,
)
from services.desk import Desk
from services.receipts import standing


def carry_out(
    desk: Desk, actor: Member, asked: CareRequest, *, request_key: str | None = None
) -> CareReceipt | CareQuestion:
    """Record what was asked, whole or not at all, or ask the question that stands before it.

    Args:
        desk: where the use case works.
        actor: the member who typed.
        asked: what the words meant.
        request_key: Slack's own id of the delivery. The same key again changes nothing.

    Raises:
        Refusal: when it cannot be done as asked; nothing is changed.
    """
    desk.uow.episodes.hold()
    if request_key is not None and desk.uow.requests.seen(request_key) is not None:
        return _again(desk, actor, asked)
    if isinstance(asked, Enroll):
        question = questions.ask_if_mistyped(desk, actor, asked, request_key)
        if question is not None:
            desk.uow.commit()
            return question
    done = _do(desk, actor, asked, request_key)
    # The time of a review brought the key into the ledger with it.
    if request_key is not None and not (isinstance(asked, Review) and asked.entries):
        desk.uow.requests.remember(request_key, desk.now)
    receipt = _receipt(desk, actor, asked, done)
    desk.uow.commit()
    return receipt


def answer(desk: Desk, actor: Member, pending_id: str, choice: int) -> CareReceipt | CareQuestion | None:
    """Take a person's answer to a question; None when the answer was to record nothing.

    Raises:
        QuestionExpired: when it was answered before, or 15 minutes have passed.
        Refusal: as for `carry_out`.
    """
    asked, request_key = questions.take(desk, actor, pending_id, choice)
    if asked is None:
        desk.uow.commit()
        return None
    return carry_out(desk, actor, asked, request_key=request_key)


def _do(desk: Desk, actor: Member, asked: CareRequest, request_key: str | None) -> Done:  # noqa: C901, PLR0911 - a table: mypy sees a request left out
    match asked:
        case Enroll():
            return enrollment.enroll(desk, actor, asked)
        case GiveConsent():
            return consent.give(desk, actor, asked)
        case RevokeConsent():
            return consent.revoke(desk, actor, asked)
        case Assess():
            return assessments.assess(desk, actor, asked)
        case Review():
            return case_review.review(desk, actor, asked, request_key)
        case Discharge():
            return enrollment.discharge(desk, actor, asked)
        case Assign():
            return enrollment.assign(desk, actor, asked)
        case Admit():
            return stays.admit(desk, actor, asked)
        case State():
            return statements.state(desk, actor, asked)
        case Attest():
            return statements.attest(desk, actor, asked)
        case _:
            assert_never(asked)


def _receipt(desk: Desk, actor: Member, asked: CareRequest, done: Done) -> CareReceipt:
    today = desk.today_of(actor)
    months = dict.fromkeys((*done.months, BillingMonth.of(today)))
    closed = (closed_remark(desk, month.first_day) for month in months)
    return CareReceipt(
        patients=done.patients,
        outcome=done.outcome,
        standings=tuple(standing(desk, patient, month) for patient in done.patients for month in months),
        remarks=(*asked.remarks, *(remark for remark in closed if remark)),
        today=today,
    )


def _again(desk: Desk, actor: Member, asked: CareRequest) -> CareReceipt:
    refs = asked.patients if isinstance(asked, Review) else (asked.patient,)
    known: list[Patient] = [found for found in (patients.find(desk, ref) for ref in refs) if found]
    today = desk.today_of(actor)
    return CareReceipt(
        patients=tuple(known),
        outcome=None,
        standings=tuple(standing(desk, patient, BillingMonth.of(today)) for patient in known),
        remarks=(),
        today=today,
    )
