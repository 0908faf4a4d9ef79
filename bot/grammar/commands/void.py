"""`void e-36 logged for the wrong patient`: take an entry out of all sums, at any time."""

from bot.grammar.call.command import Call, Command, Section
from bot.grammar.call.entry import EXAMPLE, EntryArguments, named, need_entry, need_reason
from bot.grammar.call.line import CallLine
from bot.grammar.parsed import Parsed

_REASON = "logged for the wrong patient"


def read(call: Call) -> Parsed:
    """One entry and a reason."""
    line = CallLine(call)
    if more := line.refuse_more_lines():
        return more
    entry_id = need_entry(line)
    reason = need_reason(line)
    if entry_id is not None and not line.problems:
        return Parsed(command=call.command.name, arguments=EntryArguments(entry_id=entry_id, reason=reason))
    return line.refused((named(entry_id), reason or _REASON))


COMMAND = Command(
    name="void",
    section=Section.ENTRIES,
    place=40,
    usage="void <entry> <reason>",
    summary="Take an entry out of all sums, for a reason that stays on file",
    example=f"void {EXAMPLE} {_REASON}",
    topic=(
        "Your own entries, or anybody's for a supervisor, however old. A void entry is not counted; "
        "history shows what it was, who voided it and why. undo is quicker for what you logged last."
    ),
    read=read,
)
