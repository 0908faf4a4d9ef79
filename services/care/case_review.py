"""Records psychiatric case reviews for each patient, with or without minutes, and when the advice was sent."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from billing.activities import Activity, ActivitySource
from billing.clinical import CaseReview
from billing.months import BillingMonth
from billing.people import Member, MemberRole, Patient, Role
from billing.repetition import PLAIN_REVIEW
from services.care.episodes import spoken_day
from services.care.receipts import AdviceSent, Done, Reviewed
from services.care.requests import Review
from services.context import Context
from services.entries import log
from services.entries.guards import DID_YOU_MEAN, IDENTICAL
from services.entries.linked_reviews import audit_review
from services.entries.receipts import Receipt
from services.entries.requests import DraftLine, LogDraft, LogRequest
from services.errors import Refusal
from services.people import members, patients
from services.people.rights import Action, needs

#: Word of sending is about a review of no more days ago.
_SENT_WITHIN = timedelta(days=62)


class NoConsultant(Refusal):
    """A case review needs the psychiatric consultant who did it."""

    code = "no_consultant"


class ReviewedAlready(Refusal):
    """That review is on file already."""

    code = "reviewed_already"


class NoReview(Refusal):
    """There is no review on file that could have been sent."""

    code = "no_review"


@needs(Action.REVIEW_CASE)
def review(context: Context, actor: Member, asked: Review, request_key: str | None = None) -> Done:
    """Record a review for each patient; its time, if any, is one entry a patient, all or none.

    Raises:
        NoConsultant: when nobody who took part is a psychiatric consultant.
        ReviewedAlready: when one of the patients was reviewed by that consultant on that day.
        Refusal: when a patient is not known, or the time cannot be kept.
    """
    reviewed = tuple(
        {one.patient_id: one for one in (patients.need(context, ref) for ref in asked.patients)}.values()
    )
    if asked.is_word_of_sending:
        return _sent(context, actor, asked, reviewed)
    with_whom = tuple(members.named(context, name) for name in asked.participants)
    consultant = _consultant(context, actor, asked, with_whom)
    _refuse_twins(context, asked, reviewed, consultant)
    time = _log_time(context, actor, asked, with_whom, request_key) if asked.entries else None
    for patient in reviewed:
        _keep(context, actor, asked, patient, consultant, time)
    return Done(
        patients=reviewed,
        outcome=Reviewed(
            on=asked.on,
            consultant=consultant,
            participants=with_whom,
            time=time,
            recommendation=asked.recommendation,
            sent_on=asked.sent_on,
        ),
        months=(BillingMonth.of(asked.on),),
    )


def _consultant(context: Context, actor: Member, asked: Review, with_whom: Sequence[Member]) -> Member:
    if asked.by is not None:
        named = members.named(context, asked.by)
        if MemberRole.CONSULTANT not in named.roles:
            raise NoConsultant(
                f"{named.display_name} is not a psychiatric consultant here. Nothing was stored. "
                "Name the consultant after by, or ask an administrator to give them the role."
            )
        return named
    found = next((one for one in (actor, *with_whom) if MemberRole.CONSULTANT in one.roles), None)
    if found is None:
        raise NoConsultant(
            "Which psychiatric consultant reviewed? Nothing was stored. Add by @dr for the consultant's own review, or "
            "with @dr when you reviewed together. To log your own time with that word in the note, begin with log."
        )
    return found


def _refuse_twins(context: Context, asked: Review, reviewed: Sequence[Patient], consultant: Member) -> None:
    known = context.uow.reviews.of_patients([one.patient_id for one in reviewed], asked.on, asked.on)
    twins = [
        patients.shown_mrn(one.mrn)
        for one in reviewed
        if any(review.consultant == consultant.member_id for review in known.get(one.patient_id, ()))
    ]
    if twins:
        raise ReviewedAlready(
            f"{consultant.display_name}'s review of {', '.join(twins)} on {spoken_day(asked.on)} is already "
            f"on file. Nothing was stored. For more time on it: /cocm log 5m {twins[0]} case review"
        )


def _log_time(
    context: Context, actor: Member, asked: Review, with_whom: Sequence[Member], request_key: str | None
) -> Receipt:
    team = (members.named(context, asked.by) if asked.by else actor, *with_whom)
    # The care manager keeps joint time, whoever writes it down.
    workers = [one for one in team if one.working_role is not None]
    keeper = next((one for one in workers if one.working_role is Role.CARE_MANAGER), workers[0])
    joint = tuple(dict.fromkeys(one.member_id for one in workers if one.member_id != keeper.member_id))
    draft = LogDraft(
        lines=(DraftLine(requests=tuple(_entry(one, asked, keeper, joint) for one in asked.entries)),)
    )
    receipt = log.log(context, actor, draft, request_key=request_key)
    assert isinstance(receipt, Receipt), "every question of a log is settled for a review"
    return receipt


def _entry(entry: LogRequest, asked: Review, keeper: Member, joint: tuple[int, ...]) -> LogRequest:
    return replace(
        entry,
        activity=Activity.CASE_REVIEW,
        activity_source=ActivitySource.STATED,
        performed_by=keeper.slack_user_id or keeper.display_name,
        participants=joint,
        note=asked.recommendation or PLAIN_REVIEW,
        outcome=None,
        # The patients are known, and the same review twice is refused.
        settled=(DID_YOU_MEAN, IDENTICAL),
    )


def _keep(
    context: Context, actor: Member, asked: Review, patient: Patient, consultant: Member, time: Receipt | None
) -> None:
    entries = [view.entry.entry_id for view in (time.entries if time else ()) if view.patient == patient]
    kept = context.uow.reviews.add(
        CaseReview(
            review_id=0,
            patient_id=patient.patient_id,
            reviewed_on=asked.on,
            consultant=consultant.member_id,
            recorded_by=actor.member_id,
            recorded_at=context.now,
            entry_id=entries[0] if entries else None,
            sent_on=asked.sent_on,
            recorded_on=context.today_of(actor),
        ),
        asked.recommendation,
    )
    audit_review(context, actor, "review.recorded", kept)


def _sent(context: Context, actor: Member, asked: Review, reviewed: Sequence[Patient]) -> Done:
    on = asked.sent_on
    assert on is not None, "word of sending has its day"
    known = context.uow.reviews.of_patients([one.patient_id for one in reviewed], on - _SENT_WITHIN, on)
    lacking = [patients.shown_mrn(one.mrn) for one in reviewed if one.patient_id not in known]
    if lacking:
        raise NoReview(
            f"No review of {', '.join(lacking)} is on file from the two months before {spoken_day(on)}. Nothing was "
            f"changed. Record it first: /cocm review {lacking[0]} 10m by @dr"
        )
    last: date | None = None
    for one in (known[patient.patient_id][-1] for patient in reviewed):
        context.uow.reviews.sent(one.review_id, on)
        audit_review(context, actor, "review.sent", replace(one, sent_on=on))
        last = max(last or one.reviewed_on, one.reviewed_on)
    assert last is not None, "a request names at least one patient"
    return Done(
        patients=tuple(reviewed),
        outcome=AdviceSent(reviewed_on=last, sent_on=on),
        months=(BillingMonth.of(last),),
    )
