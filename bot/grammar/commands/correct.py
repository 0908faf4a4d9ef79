"""`delete the 15m MRN123 phone from yesterday`: the entry that is meant, with buttons to edit or void it."""

import re
from dataclasses import replace

from billing.references import entry_id_of
from bot.grammar.call.command import Call, Command, Section
from bot.grammar.call.search import SearchArguments, search_of
from bot.grammar.commands import edit, void
from bot.grammar.log.line import read_log_line
from bot.grammar.parsed import Intent, Parsed
from bot.grammar.text.lines import Line
from bot.grammar.text.wordlists import words
from services.entries.searches import EntrySearch

#: Without its hyphen a word is a reference only where its check character fits.
_REFERENCE = re.compile(r"(?<![\w-])e(?:-\s?|(?=[a-z]*\d))([0-9a-z]{1,16})(?![\w-])")
_TAKES_AWAY = words("delete remove cancel")
#: Words that say nothing of what is to change.
_SAYS_NOTHING = re.compile(r"(?:[\s,.!?:;-]|\b(?:the|my|entry|log|please|now|it|this|that|one)\b)*")


def read(call: Call) -> Parsed:
    """An entry by its reference is voided or edited as `void` and `edit` do; any other is looked for."""
    line = call.lines[0]
    named = _named(line)
    if named is None:
        search = search_of(read_log_line(line, call.context))
    else:
        takes_away = _verb(call) in _TAKES_AWAY
        if takes_away and (shorter := edit.read_alone(call.whole, call.context, call.commands)):
            return replace(shorter, intent=Intent.CORRECTION)  # `remove 5m from e-36`
        other = void.COMMAND if takes_away else edit.COMMAND
        if not _SAYS_NOTHING.fullmatch(line.plain[: named.start()] + " " + line.plain[named.end() :]):
            return replace(other.read(replace(call, command=other)), intent=Intent.CORRECTION)
        search = EntrySearch(entry_id=entry_id_of(f"e-{named[1]}") or 0)
    return Parsed(
        command=call.command.name, arguments=SearchArguments(search=search), intent=Intent.CORRECTION
    )


def _named(line: Line) -> re.Match[str] | None:
    return next(
        (
            match
            for match in _REFERENCE.finditer(line.plain)
            if "-" in match[0] or entry_id_of(f"e-{match[1]}") is not None
        ),
        None,
    )


def _verb(call: Call) -> str:
    return call.whole.plain.split(maxsplit=1)[0].strip(":,.!?*_~`")


COMMAND = Command(
    name="correct",
    section=Section.ENTRIES,
    place=45,
    usage="correct|delete <what you remember of the entry>",
    summary="Find an entry without its reference, to edit or void it",
    example="correct yesterday",
    aliases=("fix", "change", "move", "delete", "remove"),
    keywords=words("correction mistake wrong delete remove fix change"),
    topic=(
        "Say what you remember: the patient, the time, the date. The entries that fit are listed, each with Edit and "
        "Void buttons; nothing changes until you press one.\n"
        "With a reference, delete e-36 and change e-36 do what void and edit do."
    ),
    read=read,
)
