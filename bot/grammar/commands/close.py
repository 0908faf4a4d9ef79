"""`close october`: freeze a month for billing."""

from billing.closing import MonthStatus
from bot.grammar.call.command import Command, Section
from bot.grammar.call.month import read_needed_month_call

COMMAND = Command(
    name="close",
    section=Section.CLOSING,
    place=20,
    usage="close <month>",
    summary="Close a month that is over, after you have reviewed it",
    example="close last month",
    keywords=frozenset(MonthStatus),
    topic=(
        "For billers and administrators. Shows what would be billed, and asks for your attestation before it "
        "freezes the month's lines.\n"
        "Time logged for a closed month is kept as an addendum: it changes no claim until the month is reopened and "
        "closed again, which makes a numbered revision."
    ),
    read=read_needed_month_call,
)
