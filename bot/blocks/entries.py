"""An entry voided, split, or shown with all its versions."""

from zoneinfo import ZoneInfo

from bot import entry_words, kit, words
from bot.blocks.lines import fitting, sections
from bot.replies import Block, Reply
from services.entries.history import EntryHistory
from services.entries.receipts import Receipt


def voided(made: Receipt) -> Reply:
    """What counts no more, and where the patient stands without it."""
    lines = [entry_words.voided(view) for view in made.entries]
    lines.append(words.standings(made.standings, made.today))
    return Reply(text=entry_words.VOIDED_PUSH, blocks=(kit.section("\n".join(lines)), *_remarks(made)))


def corrected(made: Receipt) -> Reply:
    """The entry as it now is, and where every patient and month that it touches stands.

    There is no Undo: it would take back the whole entry, not the correction.
    """
    view = made.entries[0]
    blocks = [kit.section(entry_words.corrected(view, made.today))]
    blocks += [kit.plain_context(view.note)] if view.note else []
    blocks += [*_remarks(made), kit.section(words.standings(made.standings, made.today))]
    missing = words.all_missing(made.standings)
    blocks += [kit.context(*missing)] if missing else []
    return Reply(text=entry_words.CORRECTED_PUSH, blocks=tuple(blocks))


def split(made: Receipt) -> Reply:
    """The new entries; there is no undoing them without losing the time that was split."""
    lines = [words.logged(view, made.today) for view in made.entries]
    blocks = [kit.section(entry_words.split(len(made.entries))), *sections(fitting(lines))]
    blocks += sections(fitting(words.standings(made.standings, made.today).split("\n"), 4_000))
    return Reply(text=entry_words.SPLIT_PUSH, blocks=(*blocks, *_remarks(made)))


def history(told: EntryHistory, zone: ZoneInfo) -> Reply:
    """Every version, the newest first, so that what is left out is the oldest."""
    lines = [
        entry_words.version(
            view,
            entry_words.stamp(
                words.day_name(view.version.at.astimezone(zone).date(), told.today),
                words.clock(view.version.at, zone),
            ),
            told.today,
        )
        for view in reversed(told.versions)
    ]
    shown = fitting(lines)
    blocks = [kit.section(entry_words.history_heading(told)), *sections(shown)]
    if len(shown) < len(lines):
        blocks.append(kit.context(entry_words.more_versions(len(lines) - len(shown))))
    return Reply(text=entry_words.HISTORY_PUSH, blocks=tuple(blocks))


def _remarks(made: Receipt) -> list[Block]:
    remarks = tuple(dict.fromkeys(remark for view in made.entries for remark in view.remarks))
    return [kit.context(*(kit.escape(remark) for remark in remarks))] if remarks else []
