"""`void e-36 logged for the wrong patient`: take an entry, or a care fact, out of all sums, at any time."""

from bot.grammar.call.claimed import Found
from bot.grammar.call.command import Call, Command, Section
from bot.grammar.call.entry import EXAMPLE, EntryArguments, listed_entries, named, need_entry, need_reason
from bot.grammar.call.fact import FACT_EXAMPLE, FactArguments, names_fact, need_fact
from bot.grammar.call.line import CallLine
from bot.grammar.parsed import Parsed
from bot.grammar.problems import ProblemCode
from bot.grammar.text import blanks
from bot.grammar.text.phrases import all_quoted, quoted

_SEVERAL = "{words} are several entries, and each is voided by itself. The first:"
_AND = "Then {word}:"
_REASON = "logged for the wrong patient"


def read(call: Call) -> Parsed:
    """One entry, or one care fact, and a reason."""
    line = CallLine(call)
    if more := line.refuse_more_lines():
        return more
    if several := listed_entries(line):
        return _one_by_one(line, several)
    if names_fact(line):
        return _read_fact(call, line)
    entry_id = need_entry(line)
    reason = need_reason(line)
    if entry_id is not None and not line.problems:
        return Parsed(command=call.command.name, arguments=EntryArguments(entry_id=entry_id, reason=reason))
    return line.refused((named(entry_id), reason or blanks.REASON))


def _one_by_one(line: CallLine, entries: list[Found]) -> Parsed:
    """Each entry's own line: whoever voids several sees each of them go."""
    reason = line.rest()
    words = all_quoted(one.shown for one in entries)
    for number, one in enumerate(entries):
        message = _SEVERAL.format(words=words) if not number else _AND.format(word=quoted(one.shown))
        example = f"{line.call.command.name} {one.shown} {reason or blanks.REASON.shown}"
        line.find(ProblemCode.EXTRA_WORDS, message, one.start, one.end, example=example)
    return line.refused(())


def _read_fact(call: Call, line: CallLine) -> Parsed:
    reference = need_fact(line)
    reason = need_reason(line)
    if reference is not None and not line.problems:
        return Parsed(command=call.command.name, arguments=FactArguments(reference=reference, reason=reason))
    return line.refused((str(reference) if reference else FACT_EXAMPLE, reason or blanks.REASON))


COMMAND = Command(
    name="void",
    section=Section.ENTRIES,
    place=40,
    usage="void <entry> <reason>",
    summary="Take an entry out of all sums, for a reason that stays on file",
    example=f"void {EXAMPLE} {_REASON}",
    topic=(
        "Your own entries, or anybody's for a supervisor, however old. A void entry is not counted; "
        "history shows what it was, who voided it and why. undo is quicker for what you did last.\n"
        f"The same for a care fact, by its reference in the patient's history: void {FACT_EXAMPLE} wrong patient takes "
        "back that change, such as a discharge, and leaves what others changed since."
    ),
    read=read,
)
