"""The review hour: whose case is presented next, and what was reviewed today."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from billing.clinical import CaseReview
from billing.months import BillingMonth
from billing.people import Member, MemberRole, Patient
from billing.review_need import Need
from services.care.case_review import NoConsultant
from services.care.review_cards import ReviewCard, cards_of, waiting_for_review
from services.care.safety import unseen
from services.context import Context
from services.errors import UnknownPatient
from services.people.covering import looked_after
from services.people.rights import Action, allowed, needs
from services.taking_back import UNDO_WITHIN
from storage.caseloads import InCare

#: Cards of one page.
PAGE = 8
#: The kind of fact that a review is.
_REVIEW = "case_review"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewedToday:
    """A review of today, as the list shows it when it is done."""

    patient: Patient = field(repr=False)
    review: CaseReview
    recommendation: str = field(repr=False)
    #: Seconds of its entry; None without minutes.
    seconds: int | None
    #: The reader's own act that recorded it, while they can take it back; None for any other.
    act_id: int | None
    #: Patients whose review that act recorded.
    together: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewHour:
    """The agenda of one consultant, as one person sees it."""

    #: The local date it is for the reader.
    today: date
    consultant: Member
    #: Whether the reader is that consultant.
    own: bool
    #: The page's cards, the most pressing first.
    cards: tuple[ReviewCard, ...] = field(repr=False)
    #: Cards before the page, and of all pages.
    offset: int
    total: int
    #: How many of all there are of each need.
    counts: Mapping[Need, int]
    done: tuple[ReviewedToday, ...] = field(repr=False)

    @property
    def month(self) -> BillingMonth:
        """The month whose minutes are shown."""
        return BillingMonth.of(self.today)


@dataclass(frozen=True, slots=True, kw_only=True)
class WhichConsultant:
    """Several review here, and nobody said whose hour it is."""

    consultants: tuple[Member, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NobodyReviews:
    """The practice has no psychiatric consultant yet."""


@needs(Action.REVIEW_CASE)
def open_hour(
    context: Context, actor: Member, *, consultant: int | None = None, offset: int = 0
) -> ReviewHour | WhichConsultant | NobodyReviews:
    """The agenda of a consultant for whoever may record reviews.

    A consultant's own holds every patient in Collaborative Care whom they have reviewed, or whom no active consultant
    has; a care manager's holds those of them whom the care manager looks after; anybody else's holds all.

    Args:
        context: where the use case works.
        actor: who reads.
        consultant: whose hour it is; None where nobody said, and the only one, or the reader, is meant.
        offset: cards before the page.
    """
    active = active_consultants(context)
    chosen = _chosen(actor, active, consultant)
    if chosen is None:
        return WhichConsultant(consultants=active) if active else NobodyReviews()
    today = context.today_of(actor)
    cases = _in_reach(context, actor, chosen, today)
    reviewers = context.uow.caseloads.reviewers(list(cases), today)
    cases = _theirs(cases, reviewers, chosen, active)
    done = _done_today(context, actor, chosen, cases, reviewers, today)
    reviewed = {one.review.patient_id for one in done}
    signals = unseen(context, list(cases))
    left = [case for number, case in cases.items() if number not in reviewed]
    waiting = sorted(waiting_for_review(context, left, reviewers, signals, today), key=lambda one: one.order)
    counts: dict[Need, int] = {}
    for one in waiting:
        counts[one.why.need] = counts.get(one.why.need, 0) + 1
    offset = offset if 0 <= offset < len(waiting) else 0
    return ReviewHour(
        today=today,
        consultant=chosen,
        own=chosen.member_id == actor.member_id,
        cards=cards_of(context, actor, waiting[offset : offset + PAGE], signals, today),
        offset=offset,
        total=len(waiting),
        counts=counts,
        done=done,
    )


def active_consultants(context: Context) -> tuple[Member, ...]:
    """The psychiatric consultants who take part, by name."""
    found = (one for one in context.uow.members.all() if one.active and MemberRole.CONSULTANT in one.roles)
    return tuple(sorted(found, key=lambda one: (one.display_name.casefold(), one.member_id)))


def _chosen(actor: Member, active: Sequence[Member], wanted: int | None) -> Member | None:
    if wanted is not None:
        return next((one for one in active if one.member_id == wanted), None)
    own = next((one for one in active if one.member_id == actor.member_id), None)
    if own is not None:
        return own
    return active[0] if len(active) == 1 else None


def _in_reach(context: Context, actor: Member, chosen: Member, today: date) -> dict[int, InCare]:
    """The patients whom the reader may present, by number: a care manager their own, others all."""
    cases = {one.patient_id: one for one in context.uow.caseloads.in_care(today)}
    if MemberRole.CARE_MANAGER not in actor.roles or actor.member_id == chosen.member_id:
        return cases
    own = {one.patient_id for one in looked_after(context, actor, today, own_always=True)}
    return {number: one for number, one in cases.items() if number in own}


def _theirs(
    cases: Mapping[int, InCare],
    reviewers: Mapping[int, Mapping[int, date]],
    chosen: Member,
    active: Collection[Member],
) -> dict[int, InCare]:
    """Those whom the consultant has reviewed before, and those whom nobody has who still takes part."""
    here = {one.member_id for one in active}
    return {
        number: one
        for number, one in cases.items()
        if chosen.member_id in (known := reviewers.get(number, {})) or here.isdisjoint(known)
    }


def _done_today(
    context: Context,
    actor: Member,
    chosen: Member,
    cases: Mapping[int, InCare],
    reviewers: Mapping[int, Mapping[int, date]],
    today: date,
) -> tuple[ReviewedToday, ...]:
    """The consultant's reviews of today, in the order in which they were recorded."""
    numbers = [number for number in cases if reviewers.get(number, {}).get(chosen.member_id) == today]
    if not numbers:
        return ()
    kept = [
        one
        for found in context.uow.reviews.of_patients(numbers, today, today).values()
        for one in found
        if one.consultant == chosen.member_id
    ]
    kept.sort(key=lambda one: (one.recorded_at, one.review_id))
    words = context.uow.reviews.recommendations([one.review_id for one in kept])
    known = context.uow.patients.many(numbers)
    acts = _own_acts(context, actor)
    logged = context.uow.ledger.of_patients(numbers, today, today).values()
    seconds = {entry.entry_id: entry.seconds for found in logged for entry in found}
    done = []
    for one in kept:
        act_id, together = acts.get(one.review_id, (None, 0))
        done.append(
            ReviewedToday(
                patient=known[one.patient_id],
                review=one,
                recommendation=words.get(one.review_id, ""),
                seconds=seconds.get(one.entry_id) if one.entry_id is not None else None,
                act_id=act_id,
                together=together,
            )
        )
    return tuple(done)


def _own_acts(context: Context, actor: Member) -> dict[int, tuple[int | None, int]]:
    """For each review that the reader recorded and can take back: by which act, and how many went with it."""
    found: dict[int, tuple[int | None, int]] = {}
    for act in context.uow.acts.since(actor.member_id, context.now - UNDO_WITHIN):
        new = [one.fact_id for one in act.changes if one.kind == _REVIEW and one.before is None]
        if act.undone_by is None:
            found |= {review_id: (act.act_id, len(new)) for review_id in new}
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewSheet:
    """What the dialog that records one review shows and offers."""

    card: ReviewCard
    today: date
    consultants: tuple[Member, ...]
    consultant: Member | None
    #: Care managers who may have been there, and who is taken to have been.
    care_managers: tuple[Member, ...]
    care_manager: Member | None


@needs(Action.REVIEW_CASE)
def open_sheet(context: Context, actor: Member, handle: str, *, consultant: int | None = None) -> ReviewSheet:
    """What is known of a patient before their review is recorded.

    Raises:
        UnknownPatient: when nobody has that handle.
        NoConsultant: when the practice has no psychiatric consultant.
    """
    patient = context.uow.patients.by_handle(handle)
    if patient is None:
        raise UnknownPatient("That patient is no longer known. Nothing was changed.")
    active = active_consultants(context)
    if not active:
        raise NoConsultant(
            "Nobody here is a psychiatric consultant yet. Ask an administrator to give the role."
        )
    today = context.today_of(actor)
    ids = [patient.patient_id]
    cases = {one.patient_id: one for one in context.uow.caseloads.in_care(today)}
    case = cases.get(patient.patient_id, InCare(patient.patient_id, None, None))
    signals = unseen(context, ids)
    (waiting,) = waiting_for_review(
        context, [case], context.uow.caseloads.reviewers(ids, today), signals, today
    )
    (card,) = cards_of(context, actor, [waiting], signals, today)
    there = _may_have_been_there(context, actor, card.care_manager)
    return ReviewSheet(
        card=card,
        today=today,
        consultants=active,
        consultant=_chosen(actor, active, consultant) or (active[0] if len(active) == 1 else None),
        care_managers=there,
        care_manager=next((one for one in there if one.member_id == actor.member_id), None),
    )


def _may_have_been_there(context: Context, actor: Member, own: Member | None) -> tuple[Member, ...]:
    """The care managers whose joint time the actor may write down, the patient's own first."""
    managers = [
        one for one in context.uow.members.all() if one.active and MemberRole.CARE_MANAGER in one.roles
    ]
    if not (MemberRole.CONSULTANT in actor.roles or allowed(context, actor, Action.LOG_FOR_ANYONE)):
        managers = [one for one in managers if one.member_id == actor.member_id]
    first = own.member_id if own is not None else None
    return tuple(
        sorted(managers, key=lambda one: (one.member_id != first, one.display_name.casefold(), one.member_id))
    )
