"""`near`: a person's patients near the next code."""

from bot.grammar.call.bare import read_bare
from bot.grammar.call.command import Command, Section

COMMAND = Command(
    name="near",
    section=Section.OVERVIEWS,
    place=70,
    usage="near",
    summary="Show your patients within reach of the next code",
    example="near",
    topic=(
        "Lists your patients whose next code is a few minutes away, nearest first, with the minutes still needed "
        "and the working days left.\n"
        "Reach out only if clinically appropriate: a month below the threshold is a valid month."
    ),
    read=read_bare,
)
