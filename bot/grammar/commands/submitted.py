"""`submitted october`: the claims of a closed month went to payers."""

from bot.grammar.call.claims import read_submitted
from bot.grammar.call.command import Command, Section

COMMAND = Command(
    name="submitted",
    section=Section.CLOSING,
    place=40,
    usage="submitted <month> [<patient> ...]",
    summary="Say that the claims of a closed month were submitted: all of them, or some patients'",
    example="submitted last month",
    topic=(
        "For billers and administrators. It marks every line of the month's last revision that can be billed, or the "
        "lines of the patients you name. From then on a line that turns out to bill less is an overpayment: "
        "overpaid lists it.\n"
        "unsubmitted takes back what was said by mistake."
    ),
    read=read_submitted,
)
