"""`confirm`: entries that wait until somebody says what they were; `confirm e-36 care management` says it."""

import re
from dataclasses import dataclass

from billing.activities import Activity
from billing.references import entry_id_of
from bot.grammar.call.command import Call, Command, Section
from bot.grammar.call.entry import EXAMPLE, named, need_entry, take_entry
from bot.grammar.call.leftovers import refuse_leftovers
from bot.grammar.call.line import CallLine
from bot.grammar.call.search import SearchArguments, search_of
from bot.grammar.commands.edit import ACTIVITY, activity_of
from bot.grammar.log.line import read_log_line
from bot.grammar.parsed import Arguments, Intent, Parsed
from bot.grammar.problems import ProblemCode
from bot.grammar.text.wordlists import words
from services.entries.changes import HeldAnswer
from services.entries.searches import EntrySearch

_REFERENCE = re.compile(r"(?<![\w-])e-\s?([0-9a-z]{1,16})(?![\w-])")
#: `confirm the last MRN5 call` looks for an entry.
_NO_SLOT = re.compile(r"mrn")
_ANSWERS = tuple(
    (answer, re.compile(rf"(?<!\w)(?:{said})(?!\w)"))
    for answer, said in (
        (HeldAnswer.CARE_MANAGEMENT, r"(?:it (?:was|is) )?(?:care[ _-]?(?:management|mgmt)|cocm|counts)"),
        (HeldAnswer.BILLED_SEPARATELY, r"(?:it (?:was|is) )?(?:billed[ _-]separately|separately[ _-]billed)"),
        (HeldAnswer.CLERICAL, r"(?:it (?:was|is) )?(?:clerical|administrative)(?: work)?"),
        (
            HeldAnswer.ANOTHER_CONTACT,
            r"(?:it (?:was|is) )?(?:another|a second|a different)(?: contact| one)?",
        ),
        (
            HeldAnswer.THE_SAME,
            r"(?:it (?:was|is) )?(?:the[ _]same|same|a duplicate|duplicate)(?: contact| one)?",
        ),
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmArguments(Arguments):
    """`confirm e-36 care management`, or the kind of work itself: `confirm e-36 counseling`."""

    entry_id: int
    #: One of the two.
    answer: HeldAnswer | None = None
    activity: Activity | None = None


def read(call: Call) -> Parsed:
    """All that wait, or those of a patient, a date or a reference; or what one of them was."""
    line = CallLine(call)
    if _names_entry(call):
        found = [answer for answer, said in _ANSWERS if line.take(said)]
        if found or ACTIVITY.search(line.plain):
            return _read_answer(line, found)
    first = call.lines[0]
    named_one = _REFERENCE.search(first.plain)
    search = (
        search_of(read_log_line(first, call.context), held=True)
        if named_one is None
        else EntrySearch(entry_id=entry_id_of(f"e-{named_one[1]}") or 0, held=True)
    )
    return Parsed(
        command=call.command.name, arguments=SearchArguments(search=search), intent=Intent.CORRECTION
    )


def _names_entry(call: Call) -> bool:
    line = CallLine(call)
    return take_entry(line) is not None and _NO_SLOT.search(line.plain) is None


def _read_answer(line: CallLine, found: list[HeldAnswer]) -> Parsed:
    entry_id = need_entry(line)
    activity = None if found else activity_of(line)
    refuse_leftovers(line)
    if len(found) > 1:
        line.find(ProblemCode.TWO_ACTIVITIES, _TWO)
    if entry_id is None or line.problems:
        said = found[0].label if found else f"#{activity or Activity.CARE_COORDINATION}"
        return line.refused((named(entry_id), said))
    arguments = ConfirmArguments(entry_id=entry_id, answer=found[0] if found else None, activity=activity)
    return Parsed(command=line.call.command.name, arguments=arguments, intent=Intent.CORRECTION)


_TWO = "These are two answers. Keep one: care management, billed separately or clerical."

COMMAND = Command(
    name="confirm",
    section=Section.ENTRIES,
    place=46,
    usage="confirm [<patient> | <entry> <what it was>]",
    summary="Say what held entries were: they are not counted until then",
    example=f"confirm {EXAMPLE} care management",
    keywords=words("held waiting"),
    topic=(
        "Time whose note names a service that is billed separately (a code such as 90837, therapy session, CCM call) "
        "or clerical work is stored and held. It is not counted until you say what it was, by a button or here: care "
        "management, billed separately or clerical. An imported entry that looks like another one is held until you "
        "say another contact or the same. confirm alone lists what is held."
    ),
    read=read,
)
