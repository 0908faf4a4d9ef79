"""Says of what was just recorded that it was late, as is said of late entries (R-401)."""

from datetime import date

from billing.calendar import is_late
from billing.people import Member
from services.care.receipts import Assessed, Consented, Outcome, Reviewed, ReviewedLines
from services.context import Context


def late_remark(context: Context, actor: Member, outcome: Outcome) -> str | None:
    """The sentence for a consent, an assessment or a case review recorded late; None for one in time."""
    recorded = _recorded(outcome, context.today_of(actor))
    if recorded is None:
        return None
    days = context.rules_on(recorded[0]).late_after_business_days
    if not is_late(*recorded, context.days_off, days):
        return None
    return (
        f"Recorded late, more than {days} business day{'s' * (days != 1)} after its date: where the month depends "
        "on it, a supervisor attests it."
    )


def _recorded(outcome: Outcome, today: date) -> tuple[date, date] | None:
    """The day of what was recorded, and the day on which it was written down."""
    match outcome:
        case Consented(consent=consent, already=False) if consent.recorded_on is not None:
            return consent.given_on, consent.recorded_on
        case Assessed(on=on, scores=scores):
            written = [score.recorded_on for score in scores if score.recorded_on is not None]
            # What was on file already stays as it was written then.
            return on, max(written, default=today if not scores else on)
        case Reviewed(on=on):
            return on, today
        case ReviewedLines(lines=lines):
            days = [line.outcome.on for line in lines if isinstance(line.outcome, Reviewed)]
            return (min(days), today) if days else None
    return None
