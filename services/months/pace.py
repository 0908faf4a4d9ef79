"""Reads what a person's pace is made of, and forecasts their month."""

from datetime import date

from billing.pace import Pace
from billing.people import Member
from services.context import Context
from services.months.rule_book import RuleBook


def pace_of(context: Context, member: Member, today: date, book: RuleBook) -> Pace | None:
    """A member's month as it will end at their usual pace; None where too little is known to say.

    Args:
        context: where the use case works.
        member: a care manager.
        today: their local date; its month is the one forecast.
        book: the practice's rules, shared by all who are told at once.
    """
    del context, member, today, book
    return None
