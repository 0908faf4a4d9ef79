"""Records psychiatric case reviews for each patient, with or without minutes, and when the advice was sent."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import islice

from billing.activities import Activity, ActivitySource
from billing.clinical import CaseReview
from billing.months import BillingMonth
from billing.people import Member, MemberRole, Patient, Role
from billing.references import entry_reference
from billing.repetition import PLAIN_REVIEW
from services.care.episodes import spoken_day
from services.care.receipts import AdviceSent, Done, LeftOut, Reviewed, ReviewedLine, ReviewedLines
from services.care.requests import Review, Reviews
from services.context import Context
from services.entries import log
from services.entries.guards import DID_YOU_MEAN, IDENTICAL
from services.entries.linked_reviews import audit_review
from services.entries.receipts import EntryView, Receipt
from services.entries.requests import DraftLine, LogDraft, LogRequest
from services.errors import Refusal
from services.people import members, patients
from services.people.rights import Action, needs

#: Word of sending is about a review of no more days ago.
_SENT_WITHIN = timedelta(days=62)
#: So many patients are named in a sentence.
_NAMED = 5


class NoConsultant(Refusal):
    """A case review needs the psychiatric consultant who did it."""

    code = "no_consultant"


class ReviewedAlready(Refusal):
    """That review is on file already."""

    code = "reviewed_already"


class NoReview(Refusal):
    """There is no review on file that could have been sent."""

    code = "no_review"


class TwiceInMessage(Refusal):
    """Two lines of one message are the same consultant's review of one patient on one day."""

    code = "twice_in_message"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """One line, with everybody looked up."""

    asked: Review
    #: Those whose review it records, and those whose review is on file.
    patients: tuple[Patient, ...]
    left: tuple[LeftOut, ...]
    consultant: Member
    with_whom: tuple[Member, ...]

    def entries_of(self, context: Context) -> tuple[LogRequest, ...]:
        """The time of those patients whose review it records."""
        known = {one.patient_id for one in self.patients}
        return tuple(
            one for one in self.asked.entries if patients.need(context, one.patient).patient_id in known
        )


@needs(Action.REVIEW_CASE)
def review(context: Context, actor: Member, asked: Review, request_key: str | None = None) -> Done:
    """Record a review for each patient; its time, if any, is one entry a patient, all or none.

    Patients whom that consultant has reviewed on that day already are left as they are, and named.

    Raises:
        NoConsultant: when nobody who took part is a psychiatric consultant.
        ReviewedAlready: when all of the patients were reviewed by that consultant on that day.
        Refusal: when a patient is not known, or the time cannot be kept.
    """
    if asked.is_word_of_sending:
        return _sent(context, actor, asked, _everybody(context, asked))
    line = _looked_up(context, actor, asked)
    if not line.patients:
        raise ReviewedAlready(_on_file(line.left))
    time, (views,) = _log_time(context, actor, (line,), request_key)
    _keep(context, actor, line, views)
    return Done(
        patients=line.patients, outcome=_outcome(line, time, views), months=(BillingMonth.of(asked.on),)
    )


@needs(Action.REVIEW_CASE)
def reviews(context: Context, actor: Member, asked: Reviews, request_key: str | None = None) -> Done:
    """Record the reviews of several lines, each with words of its own: all or none, as one act.

    A line that names no consultant has the one of the line before it. Patients whom that consultant has reviewed on
    that day already are left as they are, and named.

    Raises:
        NoConsultant: when nobody who took part in a line is a psychiatric consultant.
        ReviewedAlready: when nothing is left to record.
        TwiceInMessage: when two lines are one consultant's review of a patient on one day.
        Refusal: when a patient is not known, or the time cannot be kept.
    """
    lines: list[_Line] = []
    remarks: list[str] = []
    for one in asked.lines:
        if not one.is_word_of_sending:
            one, said = _as_before(context, actor, one, lines)  # noqa: PLW2901 - the line as it is meant
            remarks += said
            lines.append(_looked_up(context, actor, one))
    _refuse_twice(lines)
    told = [
        _sent(context, actor, one, _everybody(context, one)) for one in asked.lines if one.is_word_of_sending
    ]
    left = tuple(found for line in lines for found in line.left)
    if not told and not any(line.patients for line in lines):
        raise ReviewedAlready(_on_file(left))
    time, entries = _log_time(context, actor, lines, request_key)
    shown: list[ReviewedLine] = []
    for line, views in zip(lines, entries, strict=True):
        _keep(context, actor, line, views)
        if line.patients:
            shown.append(ReviewedLine(patients=line.patients, outcome=_outcome(line, time, views)))
    shown += [
        ReviewedLine(patients=one.patients, outcome=one.outcome)
        for one in told
        if isinstance(one.outcome, AdviceSent)
    ]
    months = [BillingMonth.of(line.asked.on) for line in lines if line.patients]
    return Done(
        patients=tuple(dict.fromkeys(patient for line in shown for patient in line.patients)),
        outcome=ReviewedLines(lines=tuple(shown), time=time, left=left),
        months=tuple(dict.fromkeys((*months, *(month for one in told for month in one.months)))),
        remarks=tuple(remarks),
    )


def _everybody(context: Context, asked: Review) -> tuple[Patient, ...]:
    found = (patients.need(context, ref) for ref in asked.patients)
    return tuple({one.patient_id: one for one in found}.values())


def _as_before(
    context: Context, actor: Member, asked: Review, before: Sequence[_Line]
) -> tuple[Review, tuple[str, ...]]:
    """A line that names no consultant, where its typist is none: the review of whoever did the line before it."""
    names_one = asked.by is not None or any(
        MemberRole.CONSULTANT in members.named(context, name).roles for name in asked.participants
    )
    if names_one or not before or MemberRole.CONSULTANT in actor.roles:
        return asked, ()
    last = before[-1]
    who = " and ".join(ref.text for ref in asked.patients)
    how = "by" if last.asked.by is not None else "with"
    said = f"{who}: {how} {last.consultant.display_name}, as on the line before."
    return replace(asked, by=last.asked.by, participants=asked.participants or last.asked.participants), (
        said,
    )


def _looked_up(context: Context, actor: Member, asked: Review) -> _Line:
    everybody = _everybody(context, asked)
    with_whom = tuple(members.named(context, name) for name in asked.participants)
    consultant = _consultant(context, actor, asked, with_whom)
    left = _left_out(context, asked, everybody, consultant)
    known = {one.patient.patient_id for one in left}
    return _Line(
        asked=asked,
        patients=tuple(one for one in everybody if one.patient_id not in known),
        left=left,
        consultant=consultant,
        with_whom=with_whom,
    )


def _outcome(line: _Line, time: Receipt | None, views: tuple[EntryView, ...]) -> Reviewed:
    return Reviewed(
        on=line.asked.on,
        consultant=line.consultant,
        participants=line.with_whom,
        time=replace(time, entries=views) if time is not None and views else None,
        recommendation=line.asked.recommendation,
        sent_on=line.asked.sent_on,
        left=line.left,
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


def _left_out(
    context: Context, asked: Review, everybody: Sequence[Patient], consultant: Member
) -> tuple[LeftOut, ...]:
    """Those whom the consultant has reviewed on that day already."""
    known = context.uow.reviews.of_patients([one.patient_id for one in everybody], asked.on, asked.on)
    twins = {
        review.patient_id: review
        for found in known.values()
        for review in found
        if review.consultant == consultant.member_id
    }
    seconds = dict.fromkeys(twins, 0)
    for entry in asked.entries if twins else ():
        whose = patients.need(context, entry.patient).patient_id
        if whose in twins:
            seconds[whose] += entry.seconds
    words = context.uow.reviews.recommendations([one.review_id for one in twins.values()]) if twins else {}
    return tuple(
        LeftOut(
            patient=one,
            review=twins[one.patient_id],
            consultant=consultant,
            recommendation=(
                asked.recommendation
                if asked.recommendation != words.get(twins[one.patient_id].review_id, "")
                else ""
            ),
            seconds=seconds[one.patient_id],
        )
        for one in everybody
        if one.patient_id in twins
    )


def _on_file(left: Sequence[LeftOut]) -> str:
    """That nothing is left to record, and how what is on file is corrected."""
    first = left[0]
    days = {one.review.reviewed_on for one in left}
    named = ", ".join(patients.shown_mrn(one.patient.mrn) for one in left[:_NAMED])
    more = f" and {len(left) - _NAMED} more" if len(left) > _NAMED else ""
    on = f" on {spoken_day(first.review.reviewed_on)}" if len(days) == 1 else ""
    mrn = patients.shown_mrn(first.patient.mrn)
    way = f"`/cocm history {mrn}` shows it and what voids it"
    if first.review.entry_id is not None:
        way = f"void it with `/cocm void {entry_reference(first.review.entry_id)} wrong words` and record it again"
    return (
        f"{first.consultant.display_name}'s review of {named}{more}{on} is already on file. Nothing was stored. "
        f"To correct it, {way}. For more time on it: /cocm log 5m {mrn} case review"
    )


def _refuse_twice(lines: Sequence[_Line]) -> None:
    seen: set[tuple[int, int, date]] = set()
    for line in lines:
        for patient in (*line.patients, *(one.patient for one in line.left)):
            key = patient.patient_id, line.consultant.member_id, line.asked.on
            if key in seen:
                mrn = patients.shown_mrn(patient.mrn)
                raise TwiceInMessage(
                    f"{mrn} is on two lines of this message, and a consultant's review of one day is recorded once. "
                    "Nothing was stored. Put both recommendations on one line, or give one line its own date."
                )
            seen.add(key)


def _log_time(
    context: Context, actor: Member, lines: Sequence[_Line], request_key: str | None
) -> tuple[Receipt | None, list[tuple[EntryView, ...]]]:
    """Log the time of every line at once: the receipt, None where no line has any, and each line's own entries."""
    drafts = [_drafted(context, actor, line) for line in lines]
    draft = LogDraft(lines=tuple(one for one in drafts if one.requests))
    if not draft.lines:
        return None, [() for _ in lines]
    receipt = log.log(context, actor, draft, request_key=request_key)
    assert isinstance(receipt, Receipt), "every question of a log is settled for a review"
    entries = iter(receipt.entries)
    return receipt, [tuple(islice(entries, len(one.requests))) for one in drafts]


def _drafted(context: Context, actor: Member, line: _Line) -> DraftLine:
    asked = line.asked
    team = (members.named(context, asked.by) if asked.by else actor, *line.with_whom)
    # The care manager keeps joint time, whoever writes it down.
    workers = [one for one in team if one.working_role is not None]
    keeper = next((one for one in workers if one.working_role is Role.CARE_MANAGER), workers[0])
    joint = tuple(dict.fromkeys(one.member_id for one in workers if one.member_id != keeper.member_id))
    return DraftLine(requests=tuple(_entry(one, asked, keeper, joint) for one in line.entries_of(context)))


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


def _keep(context: Context, actor: Member, line: _Line, views: Sequence[EntryView]) -> None:
    """Keep the reviews of a line, each with the entry of its time."""
    entries = {view.patient.patient_id: view.entry.entry_id for view in reversed(views)}
    for patient in line.patients:
        kept = context.uow.reviews.add(
            CaseReview(
                review_id=0,
                patient_id=patient.patient_id,
                reviewed_on=line.asked.on,
                consultant=line.consultant.member_id,
                recorded_by=actor.member_id,
                recorded_at=context.now,
                entry_id=entries.get(patient.patient_id),
                sent_on=line.asked.sent_on,
                recorded_on=context.today_of(actor),
            ),
            line.asked.recommendation,
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
