"""What a consultant's Home shows: who waits for their review, the most pressing first."""

from dataclasses import dataclass

from billing.people import Member
from services.care.review_hour import ReviewHour, open_hour
from services.context import Context
from services.people.rights import Action, needs


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewsHome:
    """The agenda of a consultant's own review hour."""

    #: None for somebody whose hour cannot be told: no consultant takes part.
    hour: ReviewHour | None


@needs(Action.REVIEW_CASE)
def reviews_home(context: Context, actor: Member) -> ReviewsHome:
    """The first page of the member's own agenda."""
    found = open_hour(context, actor, consultant=actor.member_id)
    return ReviewsHome(hour=found if isinstance(found, ReviewHour) else None)
