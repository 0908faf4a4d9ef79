"""`unsubmitted october MRN123`: it was a mistake that the claims were said to be submitted."""

from bot.grammar.call.claims import read_submitted
from bot.grammar.call.command import Command, Section

COMMAND = Command(
    name="unsubmitted",
    section=Section.CLOSING,
    place=50,
    usage="unsubmitted <month> [<patient> ...]",
    summary="Take back that claims were submitted; both stay on file",
    example="unsubmitted last month",
    topic=(
        "For billers and administrators. For claims that were marked as submitted by mistake: all of the month, or "
        "those of the patients you name. What was recorded of their overpayments is taken back, too."
    ),
    read=read_submitted,
)
