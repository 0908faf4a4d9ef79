"""The review hour: whose case is presented next, and what was reviewed today."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from billing.clinical import CaseReview, Trend, trends
from billing.months import BillingMonth
from billing.people import Member, MemberRole, Patient
from billing.review_need import Need, Pressing, pressing
from billing.safety import SafetySignal
from services.care.case_review import NoConsultant
from services.care.safety import unseen
from services.context import Context
from services.errors import UnknownPatient
from services.months.judge import JudgedMonth, judge
from services.months.standing import Standing, standing_of
from services.people.members import consultants as ever_consultants
from services.people.rights import Action, allowed, needs
from services.taking_back import UNDO_WITHIN
from storage.caseloads import InCare

#: Cards of one page.
PAGE = 8
#: Scores are looked back at for so long.
_SCORES_BACK = timedelta(days=400)
#: Consultants' own entries of case reviews are looked back at for so long.
_ENTRIES_BACK = timedelta(days=366)
#: The kind of fact that a review is.
_REVIEW = "case_review"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewCard:
    """One patient as the case is presented."""

    standing: Standing
    #: Why it stands where it does, and what shows that.
    why: Pressing
    signal: SafetySignal | None
    #: Every scale of the episode, the last ones measured first.
    trends: tuple[Trend, ...]
    begun: date | None
    #: Local date of the last review, whoever did it; None without one.
    reviewed_on: date | None
    reviewed_by: Member | None
    #: The consultant's words of that review; empty where none were kept.
    recommendation: str = field(repr=False)
    #: Whether they went to the treating provider; None where there are none.
    sent_on: date | None
    problems: str = field(repr=False)
    diagnosis_codes: tuple[str, ...]
    care_manager: Member | None
    #: Local date on which the patient was last worked for.
    last_contact_on: date | None

    @property
    def need(self) -> Need:
        """What puts the card where it stands."""
        return self.why.need

    @property
    def patient(self) -> Patient:
        """Whose card it is."""
        return self.standing.patient


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


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A patient of the agenda, before the page is cut."""

    case: InCare
    why: Pressing
    reviewed_on: date | None
    reviewed_by: int | None

    @property
    def order(self) -> tuple[Need, date, int]:
        """The most pressing first, then whoever waits longest."""
        return self.why.need, self.reviewed_on or self.case.begun or date.min, self.case.patient_id


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
    waiting = sorted(_waiting(context, left, reviewers, signals, today), key=lambda one: one.order)
    counts: dict[Need, int] = {}
    for one in waiting:
        counts[one.why.need] = counts.get(one.why.need, 0) + 1
    offset = offset if 0 <= offset < len(waiting) else 0
    return ReviewHour(
        today=today,
        consultant=chosen,
        own=chosen.member_id == actor.member_id,
        cards=_cards(context, actor, waiting[offset : offset + PAGE], signals, today),
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
    own = {one.patient_id for one in context.uow.caseloads.looked_after(actor.member_id, today)}
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


def _waiting(
    context: Context,
    cases: Sequence[InCare],
    reviewers: Mapping[int, Mapping[int, date]],
    signals: Mapping[int, SafetySignal],
    today: date,
) -> list[_Waiting]:
    numbers = [case.patient_id for case in cases]
    last: dict[int, tuple[date, int | None]] = {
        number: _last(reviewers[number]) for number in numbers if number in reviewers
    }
    month = BillingMonth.of(today)
    doubted = [one for one in numbers if one not in last or BillingMonth.of(last[one][0]) != month]
    logged = context.uow.caseloads.consulted(doubted, today - _ENTRIES_BACK, today, ever_consultants(context))
    for number, day in logged.items():
        if number not in last or last[number][0] < day:
            last[number] = day, None
    scores = context.uow.scores.of_patients(numbers, today - _SCORES_BACK, today) if numbers else {}
    found = []
    for case in cases:
        on, by = last.get(case.patient_id, (None, None))
        known = scores.get(case.patient_id, ())
        first = pressing(
            signal=case.patient_id in signals,
            begun=case.begun,
            reviewed=on,
            trends=trends(one for one in known if case.begun is None or one.measured_on >= case.begun),
            today=today,
        )
        found.append(_Waiting(case, first, on, by))
    return found


def _last(days: Mapping[int, date]) -> tuple[date, int | None]:
    """The last review of several consultants', and whose it was."""
    by = max(days, key=lambda who: (days[who], who))
    return days[by], by


def _cards(
    context: Context,
    actor: Member,
    page: Sequence[_Waiting],
    signals: Mapping[int, SafetySignal],
    today: date,
) -> tuple[ReviewCard, ...]:
    """The page's patients, judged and read in full."""
    numbers = [one.case.patient_id for one in page]
    if not numbers:
        return ()
    known = context.uow.patients.many(numbers)
    judged = {
        one.patient.patient_id: one
        for one in judge(context, [known[number] for number in numbers], (BillingMonth.of(today),))
    }
    reviews = context.uow.reviews.of_patients(numbers, date.min, today)
    newest = {number: found[-1] for number, found in reviews.items() if found}
    words = context.uow.reviews.recommendations([one.review_id for one in newest.values()])
    contacts = context.uow.caseloads.last_days(numbers, today)
    scores = context.uow.scores.of_patients(numbers, today - _SCORES_BACK, today)
    people = {one.member_id: one for one in context.uow.members.all()}
    cards = []
    for one in page:
        number = one.case.patient_id
        month, review = judged[number], newest.get(number)
        begun = one.case.begun
        own = (score for score in scores.get(number, ()) if begun is None or score.measured_on >= begun)
        cards.append(
            ReviewCard(
                standing=standing_of(context, actor, month.patient, month.result),
                why=one.why,
                signal=signals.get(number),
                trends=tuple(
                    sorted(trends(own), key=lambda trend: trend.scores[-1].measured_on, reverse=True)
                ),
                begun=begun,
                reviewed_on=one.reviewed_on,
                reviewed_by=people.get(one.reviewed_by) if one.reviewed_by is not None else None,
                recommendation=words.get(review.review_id, "") if review else "",
                sent_on=review.sent_on if review else None,
                problems=month.patient.problems,
                diagnosis_codes=_diagnoses(month),
                care_manager=people.get(one.case.care_manager) if one.case.care_manager else None,
                last_contact_on=contacts.get(number),
            )
        )
    return tuple(cards)


def _diagnoses(month: JudgedMonth) -> tuple[str, ...]:
    return month.episode.diagnosis_codes if month.episode is not None else ()


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
    (waiting,) = _waiting(context, [case], context.uow.caseloads.reviewers(ids, today), signals, today)
    (card,) = _cards(context, actor, [waiting], signals, today)
    there = _may_have_been_there(context, actor, card.care_manager)
    return ReviewSheet(
        card=card,
        today=today,
        consultants=active,
        consultant=_chosen(actor, active, consultant) or (active[0] if len(active) == 1 else None),
        care_managers=there,
        care_manager=actor if actor in there else None,
    )


def _may_have_been_there(context: Context, actor: Member, own: Member | None) -> tuple[Member, ...]:
    """The care managers whose joint time the actor may write down, the patient's own first."""
    managers = [
        one for one in context.uow.members.all() if one.active and MemberRole.CARE_MANAGER in one.roles
    ]
    if not (MemberRole.CONSULTANT in actor.roles or allowed(context, actor, Action.LOG_FOR_ANYONE)):
        managers = [one for one in managers if one.member_id == actor.member_id]
    return tuple(sorted(managers, key=lambda one: (one != own, one.display_name.casefold(), one.member_id)))
