"""`cancel`: drop the timer; what else is to be canceled is an entry, which is looked for."""

from dataclasses import replace

from bot.grammar.call.command import Call, Command, Section
from bot.grammar.call.line import CallLine
from bot.grammar.call.timer_words import TimerArguments
from bot.grammar.commands import correct
from bot.grammar.parsed import Intent, Parsed
from bot.grammar.text.scan import PATIENT
from bot.grammar.text.wordlists import words

_FILLERS = words("the my a this running timer clock stopwatch please now for of")


def read(call: Call) -> Parsed:
    """Nothing, the word timer, or one patient: the timer is meant. All else names an entry."""
    line = CallLine(call)
    named = line.items(PATIENT)
    patient = line.patient() if len(named) == 1 else None
    rest = line.rest().casefold().split()
    if len(call.lines) > 1 or len(named) > 1 or any(word.strip(",.!:") not in _FILLERS for word in rest):
        return correct.read(replace(call, command=correct.COMMAND))
    if call.whole.plain.rstrip(" \"'").endswith("?"):
        return Parsed(command="timer", intent=Intent.QUESTION)
    arguments = TimerArguments(patient=patient)
    return Parsed(command=call.command.name, arguments=arguments, intent=Intent.CORRECTION)


COMMAND = Command(
    name="cancel",
    section=Section.ENTRIES,
    place=15,
    usage="cancel",
    summary="Drop your timer; nothing is logged",
    example="cancel",
    topic=(
        "Drops the timer that runs. None of it is logged; undo gives it back as it was. To take back time that was "
        "logged, say undo, or name the entry: cancel e-36 wrong patient."
    ),
    read=read,
)
