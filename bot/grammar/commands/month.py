"""`month october`: a person's own month."""

from bot.grammar.call.command import Command, Section
from bot.grammar.call.month import read_month_call

COMMAND = Command(
    name="month",
    section=Section.OVERVIEWS,
    place=30,
    usage="month [<month>]",
    summary="Show what you logged this month, or in another",
    example="month",
    topic=(
        "Sums your own time in a calendar month: by day, by kind of work, by patient. "
        "Without a month, this one. Write it as october, oct 2026, 2026-10 or last month."
    ),
    read=read_month_call,
)
