"""Carries out every request about care: once, audited, and answered with where the patient stands."""

from typing import assert_never

from billing.months import BillingMonth
from billing.people import Member, Patient
from services.care import (
    assessments,
    case_review,
    consent,
    enrollment,
    mirrored_reviews,
    questions,
    statements,
    stays,
)
from services.care.late import late_remark
from services.care.receipts import (
    CareQuestion,
    CareReceipt,
    Done,
    Outcome,
    Reviewed,
    ReviewedLines,
)
from services.care.requests import (
    Admit,
    Assess,
    Assign,
    Attest,
    CareRequest,
    Discharge,
    Enroll,
    GiveConsent,
    MakeStatement,
    Review,
    Reviews,
    RevokeConsent,
    SettleReviews,
)
from services.context import Context
from services.months.after_close import closed_remark
from services.months.standing import standing
from services.people import patients
from services.people.rights import Action, needs
from storage import ActKind

#: What a request about care may come to; each of them is checked where it is carried out.
ACTS = (
    Action.ENROLL,
    Action.CONSENT,
    Action.ASSESS,
    Action.REVIEW_CASE,
    Action.DISCHARGE,
    Action.ASSIGN,
    Action.RECORD_STAY,
    Action.STATE,
    Action.ATTEST_TIME,
    Action.ATTEST_CONSULTANT_TIME,
    Action.ATTEST_CLAIM,
)


@needs(*ACTS)
def carry_out(
    context: Context, actor: Member, asked: CareRequest, *, request_key: str | None = None
) -> CareReceipt | CareQuestion:
    """Record what was asked, whole or not at all, or ask the question that stands before it.

    Args:
        context: where the use case works.
        actor: the member who typed.
        asked: what the words meant.
        request_key: Slack's own id of the delivery. The same key again changes nothing.

    Raises:
        Refusal: when it cannot be done as asked; nothing is changed.
    """
    context.uow.episodes.hold()
    if request_key is not None and context.uow.requests.seen(request_key) is not None:
        return _again(context, actor, asked)
    question = questions.ask_first(context, actor, asked, request_key)
    if question is not None:
        context.uow.commit()
        return question
    context.uow.acts.begin(_kind(asked), by=actor.member_id, at=context.now)
    done = _do(context, actor, asked, request_key)
    # The time of a review brought the key into the ledger with it.
    if request_key is not None and not _has_time(done.outcome):
        context.uow.requests.remember(request_key, context.now)
    receipt = _receipt(context, actor, asked, done)
    context.uow.commit()
    return receipt


@needs(*ACTS)
def answer(
    context: Context, actor: Member, pending_id: str, choice: int
) -> CareReceipt | CareQuestion | None:
    """Take a person's answer to a question; None when the answer was to record nothing.

    Raises:
        QuestionExpired: when it was answered before, or 15 minutes have passed.
        Refusal: as for `carry_out`.
    """
    asked, request_key = questions.take(context, actor, pending_id, choice)
    if asked is None:
        context.uow.commit()
        return None
    return carry_out(context, actor, asked, request_key=request_key)


#: What each request is when it is done.
KINDS: dict[type, ActKind] = {
    Enroll: ActKind.ENROLL,
    GiveConsent: ActKind.CONSENT,
    RevokeConsent: ActKind.REVOKE,
    Assess: ActKind.ASSESS,
    Review: ActKind.REVIEW,
    Reviews: ActKind.REVIEW,
    Discharge: ActKind.DISCHARGE,
    Assign: ActKind.ASSIGN,
    Admit: ActKind.ADMIT,
    MakeStatement: ActKind.STATE,
    SettleReviews: ActKind.STATE,
    Attest: ActKind.ATTEST,
}


def _kind(asked: CareRequest) -> ActKind:
    if isinstance(asked, Review | Reviews) and asked.is_word_of_sending:
        return ActKind.REVIEW_SENT
    return KINDS[type(asked)]


def _do(context: Context, actor: Member, asked: CareRequest, request_key: str | None) -> Done:  # noqa: C901, PLR0911, PLR0912 - a table: mypy sees a request left out
    match asked:
        case Enroll():
            return enrollment.enroll(context, actor, asked)
        case GiveConsent():
            return consent.give(context, actor, asked)
        case RevokeConsent():
            return consent.revoke(context, actor, asked)
        case Assess():
            return assessments.assess(context, actor, asked)
        case Review():
            return case_review.review(context, actor, asked, request_key)
        case Reviews():
            return case_review.reviews(context, actor, asked, request_key)
        case Discharge():
            return enrollment.discharge(context, actor, asked)
        case Assign():
            return enrollment.assign(context, actor, asked)
        case Admit():
            return stays.admit(context, actor, asked)
        case MakeStatement():
            return statements.state(context, actor, asked)
        case SettleReviews():
            return mirrored_reviews.settle(context, actor, asked)
        case Attest():
            return statements.attest(context, actor, asked)
        case _:
            assert_never(asked)


def _has_time(outcome: Outcome) -> bool:
    return isinstance(outcome, Reviewed | ReviewedLines) and outcome.time is not None


def _receipt(context: Context, actor: Member, asked: CareRequest, done: Done) -> CareReceipt:
    today = context.today_of(actor)
    present = BillingMonth.of(today)
    months = dict.fromkeys((*done.months, present))
    first = BillingMonth.of(done.since) if done.since else present
    touched = dict.fromkeys((*months, *(first.plus(step) for step in range(present.months_since(first)))))
    said = [late_remark(context, actor, done.outcome)]
    said += [closed_remark(context, month.first_day) for month in sorted(touched)]
    return CareReceipt(
        patients=done.patients,
        outcome=done.outcome,
        standings=tuple(
            standing(context, actor, patient, month) for patient in done.patients for month in months
        ),
        remarks=(*asked.remarks, *done.remarks, *(remark for remark in said if remark)),
        today=today,
        act_id=context.uow.acts.number() if context.uow.acts.changes else None,
    )


def _again(context: Context, actor: Member, asked: CareRequest) -> CareReceipt:
    refs = asked.patients if isinstance(asked, Review | Reviews) else (asked.patient,)
    known: list[Patient] = [found for found in (patients.find(context, ref) for ref in refs) if found]
    today = context.today_of(actor)
    return CareReceipt(
        patients=tuple(known),
        outcome=None,
        standings=tuple(standing(context, actor, patient, BillingMonth.of(today)) for patient in known),
        remarks=(),
        today=today,
    )
