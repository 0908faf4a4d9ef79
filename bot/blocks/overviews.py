"""A person's day and a patient's month."""

from datetime import date

from bot import kit, words
from bot.blocks.why import why_button
from bot.replies import Block, Reply
from services.entries.overviews import DayView, PatientStatus
from services.entries.receipts import EntryView

#: Entries listed one by one; a section of so many short lines stays within Slack's 3,000 characters.
LISTED = 25
#: Entries in one section.
ROWS = 5


def day(view: DayView) -> Reply:
    """What the person logged today."""
    blocks = [kit.section(words.day_heading(view)), *_entries(view.entries, view.day)]
    return Reply(text=words.DAY_PUSH, blocks=tuple(blocks))


def patient_status(view: PatientStatus) -> Reply:
    """Where one patient stands, and what their month is made of."""
    blocks = [kit.section(words.status_heading(view))]
    findings = words.all_findings(view.standing)
    if findings:
        blocks.append(kit.context(*findings))
    asked = kit.actions([why_button(view.standing.patient, view.standing.month)])
    return Reply(text=words.STATUS_PUSH, blocks=(*blocks, *_entries(view.entries, view.today), asked))


def _entries(entries: tuple[EntryView, ...], today: date) -> list[Block]:
    newest_first = tuple(reversed(entries))
    blocks = [
        kit.section("\n".join(words.entry_line(view, today) for view in newest_first[start : start + ROWS]))
        for start in range(0, min(len(newest_first), LISTED), ROWS)
    ]
    if len(newest_first) > LISTED:
        blocks.append(kit.context(words.more_entries(len(newest_first) - LISTED)))
    return blocks
