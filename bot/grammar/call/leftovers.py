"""Refuses the words that a command does not know, and whatever belongs to another one: each word counts."""

import re

from bot.grammar.call import sentences
from bot.grammar.call.line import CUT, CallLine
from bot.grammar.log.line import is_understood
from bot.grammar.problems import ProblemCode
from bot.grammar.text.blanks import PATIENT as BLANK_PATIENT
from bot.grammar.text.lines import line_of
from bot.grammar.text.phrases import quoted
from bot.grammar.text.scan import CLOCK, DURATION, PATIENT, RANGE, SEPARATOR, Item
from bot.grammar.text.wordlists import words

_TIMES = frozenset({DURATION, CLOCK, RANGE})
#: Words that add nothing beside slots.
_FILLERS = words(
    "the a an and to for with in of is was were please patient pt on at as from since has have been"
)
#: Words that deny or put off what a command would record.
_OTHERWISE = re.compile(
    r"(?<!\w)(?:not?|never|refus\w*|declin\w*|den(?:y|ied|ies)|didn't|doesn't|don't|won't|isn't|wasn't|hasn't"
    r"|without|cancel\w*"
    r"|pending|if|when|once|unless|maybe|might|will|plan\w*|tomorrow|next|scheduled|yet|soon|awaiting|waiting"
    r"|needs?|should|to do)(?!\w)"
)
_CARE_VERBS = ("enroll", "consent", "assess", "assign", "admit", "discharge", "attest")
_OTHER_COMMANDS = (
    r"(?:\b(?:and|with|then|plus|also)\s+)*\b(consent(?:ed|s)?|enroll(?:ed)?|assess(?:ed|ment)?|assign(?:ed)?"
    r"|admit(?:ted)?|discharged?|attest(?:ed)?)\b"
)
_OTHER_COMMAND = re.compile(_OTHER_COMMANDS)


def refuse_leftovers(line: CallLine) -> None:
    """Note every stretch of words that is left as a problem: in these commands each word means something."""
    refuse_times(line)
    left = [item for item in line.items() if not _adds_nothing(line, item)]
    while left:
        run = [item for item in left if CUT not in line.plain[left[0].end : item.start]]
        left = left[len(run) :]
        start, end = run[0].start, run[-1].end
        word, template = quoted(line.line.shown[start:end]), sentences.EXTRA_WORDS
        if _OTHERWISE.search(line.plain, start, end):
            line.says_otherwise, template = True, sentences.SAYS_OTHERWISE
        message = template.format(word=word, command=line.call.command.name)
        line.find(ProblemCode.EXTRA_WORDS, message, start, end)


def refuse_times(line: CallLine) -> None:
    """Note every length of time as a problem, with the line that logs it beside the command without it."""
    for item in line.items(*_TIMES):
        found = line.claim(item.start, item.end)
        name = line.call.command.name
        logged = f"log {line.call.whole.shown.strip()}"
        if not is_understood(line_of(logged.removeprefix("log")), line.call.context):
            logged = ""
        message = sentences.TIME_IS_LOGGED.format(word=quoted(found.shown), command=name)
        line.find(ProblemCode.EXTRA_WORDS, message, item.start, item.end, example=logged)
        by_itself = sentences.WITHOUT_TIME.format(command=name)
        line.find(ProblemCode.EXTRA_WORDS, by_itself, item.start, item.end)


def names_other_command(plain: str) -> bool:
    """Whether a word stands in the words that belongs to a command about care."""
    return _OTHER_COMMAND.search(plain) is not None


def refuse_other_commands(line: CallLine, ends: str = r"(?!)") -> None:
    """Cut what belongs to another command about care, so that no slot of this one takes it.

    Args:
        line: what is left of the call.
        ends: words of this command with which its own part goes on.
    """
    own = line.call.command.name[:5]
    for match in list(re.finditer(rf"{_OTHER_COMMANDS}(?:(?!\b(?:{ends})\b)[^;|])*", line.plain)):
        verb = match[1]
        if verb.startswith(own):
            continue
        found = line.claim(match.start(), match.start() + len(match.group().rstrip(" ,")))
        tail = line.line.shown[match.end(1) : found.end].strip(" ,:")
        named = next((line.ref(item).text for item in line.items(PATIENT)), BLANK_PATIENT.shown)
        name = next(name for name in _CARE_VERBS if verb.startswith(name[:5]))
        message = sentences.OTHER_COMMAND.format(
            word=quoted(line.line.shown[match.start(1) : found.end]),
            command=line.call.command.name,
            other=name,
        )
        line.find(ProblemCode.TWO_KINDS, message, found.start, found.end, example=f"{name} {named} {tail}")
        line.find(
            ProblemCode.TWO_KINDS,
            sentences.WITHOUT_OTHER.format(command=line.call.command.name),
            found.start,
            found.end,
        )


def _adds_nothing(line: CallLine, item: Item) -> bool:
    return item.kind == SEPARATOR or line.plain[item.start : item.end].strip("'.!?") in _FILLERS
