"""`report october`: the practice's month."""

from bot.grammar.call.command import Command, Section
from bot.grammar.call.month import read_month_call

COMMAND = Command(
    name="report",
    section=Section.CLOSING,
    place=10,
    usage="report [<month>]",
    summary="Show the practice's month: codes, amounts, and what must be fixed first",
    example="report",
    topic=(
        "For billers, supervisors and administrators: patients, minutes, billable units, estimated amounts by payer, "
        "what blocks billing and for whom, and the proof that every entry was read.\n"
        "Without a month, the last one until it is closed, then this one."
    ),
    read=read_month_call,
)
