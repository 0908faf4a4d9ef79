"""`confirm`: entries whose kind of work was only inferred, and does not count until somebody says so."""

import re

from billing.references import entry_id_of
from bot.grammar.call.command import Call, Command, Section
from bot.grammar.call.search import SearchArguments, search_of
from bot.grammar.log.line import read_log_line
from bot.grammar.parsed import Intent, Parsed
from bot.grammar.text.wordlists import words
from services.entries.searches import EntrySearch

_REFERENCE = re.compile(r"(?<![\w-])e-\s?([0-9a-z]{1,16})(?![\w-])")


def read(call: Call) -> Parsed:
    """All that wait, or those of a patient, a date or a reference."""
    line = call.lines[0]
    named = _REFERENCE.search(line.plain)
    search = (
        search_of(read_log_line(line, call.context), held=True)
        if named is None
        else EntrySearch(entry_id=entry_id_of(f"e-{named[1]}") or 0, held=True)
    )
    return Parsed(
        command=call.command.name, arguments=SearchArguments(search=search), intent=Intent.CORRECTION
    )


COMMAND = Command(
    name="confirm",
    section=Section.ENTRIES,
    place=46,
    usage="confirm [<patient>]",
    summary="Confirm the kind of work of entries that wait for it",
    example="confirm",
    keywords=words("held waiting"),
    topic=(
        "Psychotherapy, crisis work and clerical work do not count. Where that was only inferred from your words, the "
        "entry waits until you confirm it or choose another kind of work."
    ),
    read=read,
)
