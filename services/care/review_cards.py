"""A patient's card in the review hour: why the case comes now, and what is presented of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from billing.clinical import Trend, trends
from billing.months import BillingMonth
from billing.people import Member, Patient
from billing.review_need import Need, Pressing, pressing
from billing.safety import SafetySignal
from services.context import Context
from services.months.judge import JudgedMonth, judge
from services.months.standing import Standing, standing_of
from services.people.members import consultants as ever_consultants
from storage.caseloads import InCare

#: Scores are looked back at for so long.
_SCORES_BACK = timedelta(days=400)
#: Consultants' own entries of case reviews are looked back at for so long.
_ENTRIES_BACK = timedelta(days=366)


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


@dataclass(frozen=True, slots=True)
class Waiting:
    """A patient of the agenda, before the page is cut."""

    case: InCare
    why: Pressing
    reviewed_on: date | None
    reviewed_by: int | None

    @property
    def order(self) -> tuple[Need, date, int]:
        """The most pressing first, then whoever waits longest."""
        return self.why.need, self.reviewed_on or self.case.begun or date.min, self.case.patient_id


def waiting_for_review(
    context: Context,
    cases: Sequence[InCare],
    reviewers: Mapping[int, Mapping[int, date]],
    signals: Mapping[int, SafetySignal],
    today: date,
) -> list[Waiting]:
    """What each case waits for, in the order given.

    Args:
        context: where the use case works.
        cases: patients in Collaborative Care.
        reviewers: for each, who has reviewed them, with the day of their last review.
        signals: positive answers about suicide that nobody has marked as seen.
        today: the reader's local date.
    """
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
        found.append(Waiting(case, first, on, by))
    return found


def _last(days: Mapping[int, date]) -> tuple[date, int | None]:
    """The last review of several consultants', and whose it was."""
    by = max(days, key=lambda who: (days[who], who))
    return days[by], by


def cards_of(
    context: Context,
    actor: Member,
    page: Sequence[Waiting],
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
