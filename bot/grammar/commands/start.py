"""`start MRN123 phone at 9:10`: begin a timer."""

from bot.grammar.call.command import Call, Command, Section
from bot.grammar.call.timer_words import over, read_timer, understood
from bot.grammar.parsed import Parsed
from bot.grammar.text.wordlists import words

_EXAMPLE = "start MRN123 phone check-in"


def read(call: Call) -> Parsed:
    """A patient, words about the work and a time, each where it is given; words without a patient begin nothing."""
    found = read_timer(call, patient_needed=True)
    if isinstance(found, Parsed):
        return found
    line, arguments = found
    if over(line, arguments.note):
        return line.refused([])
    return understood(line, arguments)


COMMAND = Command(
    name="start",
    section=Section.ENTRIES,
    place=12,
    usage="start [<patient>] [<note>] [at 9:10]",
    summary="Start a timer; nothing counts until you stop it",
    example=_EXAMPLE,
    topic=(
        "Measures the work as you do it: start MRN123 phone, then stop. Without a patient you name one when you "
        "stop. start MRN123 at 9:10, or 10 min ago, is for work that has begun already.\n"
        "Each person has one timer. None of it is logged or counted until you stop it; after 45 minutes I ask "
        "whether you are still at it. A line with a length of time, such as start sertraline 15m MRN123, is a log."
    ),
    keywords=words("timer clock stopwatch running"),
    read=read,
)
