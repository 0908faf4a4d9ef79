"""`caseload`: a person's patients this month."""

from bot.grammar.call.bare import read_bare
from bot.grammar.call.command import Command, Section

COMMAND = Command(
    name="caseload",
    section=Section.OVERVIEWS,
    place=60,
    usage="caseload",
    summary="Show your patients this month and where each stands",
    example="caseload",
    topic=(
        "Lists the patients assigned to you and those you worked for this month: minutes against each one's "
        "threshold, and the last contact. Those nearest to their next code come first."
    ),
    read=read_bare,
)
