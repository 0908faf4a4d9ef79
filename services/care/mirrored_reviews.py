"""Records whether a case review that the care manager and the consultant both wrote down was one or two (R-215)."""

from datetime import date

from billing.clinical import Statement, StatementKind
from billing.counting import Exclusion
from billing.mirrored_reviews import mirrors
from billing.months import BillingMonth
from billing.people import Member, Patient
from services.care.episodes import spoken_day
from services.care.receipts import Done, ReviewsSettled
from services.care.requests import SettleReviews
from services.context import Context
from services.errors import Refusal
from services.months.judge import judge_month
from services.people import patients
from services.people.rights import Action, needs


class NothingToSettle(Refusal):
    """No two entries of that day may be one review."""

    code = "nothing_to_settle"


class WhichDay(Refusal):
    """Reviews of several days wait for an answer."""

    code = "which_day"


@needs(Action.STATE)
def settle(context: Context, actor: Member, asked: SettleReviews) -> Done:
    """Record under the actor's name whether the two entries of a day are the same review; the last word stands.

    Raises:
        UnknownPatient: when nobody is known by that name; near ones are named.
        NothingToSettle: when no two entries of that day may be one review.
        WhichDay: when no day was said, and several wait.
    """
    patient = patients.need(context, asked.patient)
    on = asked.on or _waiting_day(context, patient)
    if not mirrors(context.uow.ledger.of_patients([patient.patient_id], on, on).get(patient.patient_id, [])):
        raise NothingToSettle(
            f"{patients.shown_mrn(patient.mrn)} has no care manager's and consultant's entries of {spoken_day(on)} "
            "that may be the same case review. Nothing was changed. /cocm why shows the entries of a month."
        )
    statement = context.uow.statements.add(
        Statement(
            statement_id=0,
            patient_id=patient.patient_id,
            kind=StatementKind.SAME_REVIEW if asked.is_one else StatementKind.TWO_REVIEWS,
            made_on=on,
            made_by=actor.member_id,
            valid_until=on,
        )
    )
    context.uow.audit.record(
        at=context.now,
        actor=actor.member_id,
        action="reviews.settled",
        subject=f"statement:{statement.statement_id}",
        details={"patient": patient.patient_id, "kind": statement.kind.value, "made_on": on.isoformat()},
    )
    outcome = ReviewsSettled(on=on, is_one=asked.is_one)
    return Done(patients=(patient,), outcome=outcome, months=(BillingMonth.of(on),))


def _waiting_day(context: Context, patient: Patient) -> date:
    """The only day of this month and the last of which reviews wait for an answer."""
    this = BillingMonth.of(context.today)
    days: set[date] = set()
    for month in (this.plus(-1), this):
        judged = judge_month(context, patient, month)
        for entry, verdict in zip(judged.facts.entries, judged.result.verdicts, strict=True):
            if any(part.reason is Exclusion.MIRRORED for part in verdict.excluded):
                days.add(entry.service_date)
    who = patients.shown_mrn(patient.mrn)
    if not days:
        raise NothingToSettle(
            f"No case reviews of {who} wait for that answer this month or last month. Nothing was changed. "
            "To change an answer, or for an earlier month, add the day: on 11/3"
        )
    if len(days) > 1:
        named = " and ".join(spoken_day(day) for day in sorted(days))
        raise WhichDay(
            f"Case reviews of {who} wait for that answer on {named}. Nothing was changed. "
            f"Add the day: on {min(days).month}/{min(days).day}"
        )
    return days.pop()
