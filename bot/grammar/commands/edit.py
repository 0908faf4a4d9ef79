"""`edit e-36 25m because I typed 15`: put right what was written, for a reason that stays on record."""

from bot.grammar.arguments import EditArguments
from bot.grammar.call.command import Call, Command
from bot.grammar.call.edit import EditSlots
from bot.grammar.call.entry import EXAMPLE, named, need_entry
from bot.grammar.call.line import CareLine
from bot.grammar.parsed import Parsed
from services.entries.changes import EntryEdit


def read(call: Call) -> Parsed:
    """One entry and what of it changes."""
    line = CareLine(call)
    if more := line.refuse_more_lines():
        return more
    entry_id = need_entry(line)
    slots = EditSlots(line)
    line.refuse_leftovers()
    slots.refuse_nothing()
    if entry_id is None or line.problems:
        return line.refused((named(entry_id), *slots.example()))
    return Parsed(
        command=call.command.name,
        arguments=EditArguments(
            edit=EntryEdit(
                entry_id=entry_id,
                seconds=slots.seconds,
                clock=slots.clock,
                service_date=slots.day,
                activity=slots.activity,
                patient=slots.patient,
                note=slots.note,
                reason=slots.reason,
                remarks=tuple(line.remarks),
            )
        ),
    )


COMMAND = Command(
    name="edit",
    usage="edit <entry> <what changes> [because <reason>]",
    summary="Correct an entry: its time, date, patient, kind of work or note",
    example=f"edit {EXAMPLE} 25m because I typed 15",
    topic=(
        "Say only what changes: 25m or 2pm-2:25pm, yesterday or 11/3, MRN124, #chart_review, note and its new words. "
        "What was written before stays on record; history shows it.\n"
        "More minutes, and another person's entry, need a reason: edit e-36 25m because I typed 15. "
        "Put a note that holds the word because in double quotes.\n"
        "An entry of a closed month becomes an addendum."
    ),
    read=read,
)
