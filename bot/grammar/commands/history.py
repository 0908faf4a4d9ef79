"""`history e-36`: every version of an entry."""

from bot.grammar.call.command import Call, Command, Section
from bot.grammar.call.entry import EXAMPLE, EntryArguments, named, need_entry
from bot.grammar.call.leftovers import refuse_leftovers
from bot.grammar.call.line import CallLine
from bot.grammar.call.log_instead import meant_as_log
from bot.grammar.parsed import Parsed


def read(call: Call) -> Parsed:
    """One entry."""
    line = CallLine(call)
    if more := line.refuse_more_lines():
        return more
    entry_id = need_entry(line)
    refuse_leftovers(line)
    if entry_id is not None and not line.problems:
        return Parsed(command=call.command.name, arguments=EntryArguments(entry_id=entry_id))
    return meant_as_log(call) or line.refused((named(entry_id),))


COMMAND = Command(
    name="history",
    section=Section.ENTRIES,
    place=60,
    usage="history <entry>",
    summary="Show every version of an entry: who wrote it, when, and why it changed",
    example=f"history {EXAMPLE}",
    topic=(
        "An entry is never overwritten: each correction is a further version, and an entry that was undone or voided "
        "keeps all of its own."
    ),
    read=read,
)
