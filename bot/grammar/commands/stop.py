"""`stop called mom at 9:35`: stop the timer and log what it measured."""

import re
from dataclasses import replace

from bot.grammar.call.command import Call, Command, Section
from bot.grammar.call.timer_words import read_timer, understood
from bot.grammar.parsed import Parsed
from bot.grammar.problems import ProblemCode

#: `stop sending me reminders` is about messages.
_ABOUT_MESSAGES = re.compile(
    r"\b(?:reminders?|reminding|messages?|messaging|digests?|notifications?|texting|texts|sending|pinging|bothering"
    r"|asking|nagging)\b"
)
_IS_REMIND = "stop ends a timer and logs its time. To switch off reminders, send this:"
#: `stop and start MRN124`: what follows is no note.
_AND_START = re.compile(
    r"^[\s,.;|]*(?:(?:and|then|&)\s+)*(?:start|switch|begin)\b(?:\s+(?:a|the|new|timer|to|for|with|on))*\s*$"
)
_IS_SWITCH = "stop ends a timer and begins none. To stop it and start one for another patient, send this:"
_EXAMPLE = "stop called mom, safety plan reviewed"


def read(call: Call) -> Parsed:
    """Words about the work, a time, and a patient where none was named; each may be left out."""
    found = read_timer(call, patient_needed=False)
    if isinstance(found, Parsed):
        return found
    line, arguments = found
    if arguments.patient is not None:
        before = call.lines[0].plain[: line.named_patients[0].start].casefold()
        if _AND_START.match(before):
            return call.problem(
                ProblemCode.EXTRA_WORDS, _IS_SWITCH, example=f"switch {arguments.patient.text}"
            )
    if arguments.patient is None and _ABOUT_MESSAGES.search(arguments.note.casefold()):
        return call.problem(ProblemCode.EXTRA_WORDS, _IS_REMIND, example="remind off")
    if call.lines[0].plain.strip(" .!") in {"it", "that", "now"}:
        arguments = replace(arguments, note="")
    return understood(line, arguments)


COMMAND = Command(
    name="stop",
    section=Section.ENTRIES,
    place=13,
    usage="stop [<note>] [at 9:35]",
    summary="Stop your timer and log what it measured",
    example=_EXAMPLE,
    topic=(
        "Logs the time since the start, to the second, with the note of the start and that of the stop. stop at 9:35 "
        "is for work that ended earlier. Where the timer has no patient, name one: stop MRN123.\n"
        "More than 4 hours, and less than a minute, are asked about first. undo takes the entry back, and the timer "
        "runs on."
    ),
    read=read,
)
