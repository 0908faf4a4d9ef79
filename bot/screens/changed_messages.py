"""What is said of a message that was changed or deleted after it was read, and of a file."""

from collections.abc import Mapping, Sequence
from typing import Any

from billing.references import entry_reference
from bot import kit
from bot.ids import ActionId, listed
from bot.replies import Block, Reply
from bot.screens.entry_changes import changes
from bot.screens.entry_lines import entry_line
from bot.screens.lines import fitting, sections
from services.entries.changed_messages import MessageChanged, OfferedChange

PUSH = "You changed a message."
DELETED_PUSH = "You deleted a message."
FILE_PUSH = "About the file that you sent."
_STANDS = "The entries that it wrote stand as they are until you change them."
_EXPIRES = "The buttons work for 15 minutes; `/cocm edit` works at any time."
_ONE_BY_ONE = (
    "What it says now cannot be matched with what it logged. Correct the entries with Edit, or take all of them back "
    "with Undo and send the line again."
)
#: Entries that fit a message with a button each.
_MOST = 40
#: What undo takes back, for who hears the button read out.
_ALL_OF_IT = "all that the message logged"
_TABLES = frozenset({"csv", "tsv", "xls", "xlsx", "ods", "numbers", "gsheet"})
_NOTHING_READ = "*I did not read the file*, and none of it was stored."
_TABLE = (
    "Tables are brought in by administrators: whoever of them sends one here sees what it holds, and decides. On the "
    "server, `cocm import entries FILE.csv --dry-run` shows the same. You can also paste up to 50 rows here as text, "
    "one entry a line."
)
_OTHER = "Type what is to be logged, one entry a line: `15m MRN123 phone check-in`."
_DELETE_IT = "The file stays in this conversation. If it names patients and need not be here, delete it."


def changed_message(found: MessageChanged) -> Reply:
    """What changed in the words, what that would make of each entry, and the buttons that do it."""
    if found.is_deleted:
        return _deleted(found)
    if not found.offered:
        return _unmatched(found)
    blocks: list[Block] = []
    for number, one in enumerate(found.offered[:_MOST]):
        blocks += _offered(found, one, number)
    blocks.append(kit.actions([kit.button("Undo", ActionId.UNDO, str(found.receipt_id), about=_ALL_OF_IT)]))
    return Reply(text=PUSH, blocks=(*blocks, kit.context(_STANDS, _EXPIRES)))


def not_read_again() -> Reply:
    """A changed message that logged nothing before and logs nothing now."""
    said = "A changed message is not read again. Send it as a new message."
    return Reply(text=PUSH, blocks=(kit.section(said),))


def nothing_stands() -> Reply:
    """A changed message of which nothing counts any more."""
    said = (
        "What this message logged was undone, voided or split since, so changing it changed nothing. To log what it "
        "says now, send it as a new message; `/cocm today` shows what counts."
    )
    return Reply(text=PUSH, blocks=(kit.section(said),))


def about_files(files: Sequence[Mapping[str, Any]], reply: Reply | None) -> Reply:
    """What the bot can do with files, below the answer to the words beside them."""
    if not files:
        assert reply is not None, "a message without files has words that are answered"
        return reply
    is_table = any(str(each.get("filetype", "")).lower() in _TABLES for each in files)
    said = (kit.section(f"{_NOTHING_READ} {_TABLE if is_table else _OTHER}"), kit.context(_DELETE_IT))
    if reply is None:
        return Reply(text=FILE_PUSH, blocks=said)
    shown = reply.blocks or (kit.section(kit.escape(reply.text)),)
    return Reply(text=reply.text, blocks=(*shown, *said))


def _offered(found: MessageChanged, one: OfferedChange, number: int) -> list[Block]:
    what = changes(one.before, one.after, found.today)
    said = f"*You changed your message: {what}.* Change the entry?\n{entry_line(one.before, found.today)}"
    change = kit.button(
        "Change the entry",
        f"{ActionId.CHANGE_AS_SAID}_{number}",
        one.pending_id,
        about=entry_reference(one.before.entry.entry_id),
        style="primary",
    )
    return [kit.section(said, accessory=change)]


def _deleted(found: MessageChanged) -> Reply:
    lines = [entry_line(view, found.today) for view in found.entries]
    count = len(lines)
    heading = "*You deleted your message.* " + (
        "The entry that it wrote still counts:"
        if count == 1
        else f"The {count} entries that it wrote still count:"
    )
    reference = entry_reference(found.entries[0].entry.entry_id)
    how = f"Undo works for 24 hours; later, `/cocm void {reference}` with the reason takes it out."
    return Reply(
        text=DELETED_PUSH,
        blocks=(
            kit.section(heading),
            *sections(fitting(lines)),
            kit.actions([kit.button("Undo", ActionId.UNDO, str(found.receipt_id), about=_ALL_OF_IT)]),
            kit.context(how),
        ),
    )


def _unmatched(found: MessageChanged) -> Reply:
    blocks: list[Block] = [kit.section(f"*You changed your message.* {_ONE_BY_ONE}")]
    for place, view in enumerate(found.entries[:_MOST]):
        reference = entry_reference(view.entry.entry_id)
        edit = kit.button("Edit", listed(ActionId.EDIT, place), reference, about=reference)
        blocks.append(kit.section(entry_line(view, found.today), accessory=edit))
    blocks.append(kit.actions([kit.button("Undo", ActionId.UNDO, str(found.receipt_id), about=_ALL_OF_IT)]))
    return Reply(text=PUSH, blocks=(*blocks, kit.context(_STANDS)))
