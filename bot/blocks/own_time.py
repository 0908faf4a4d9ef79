"""A person's own week and month."""

from bot import kit, overview_words
from bot.blocks.lines import fitting, sections
from bot.replies import Block, Reply
from services.months.own_time import OwnTime

#: Characters of the list of patients: days and kinds of work stand before it.
_PATIENTS_TEXT = 4_500


def week(own: OwnTime) -> Reply:
    """Day by day."""
    return Reply(text=overview_words.WEEK_PUSH, blocks=(*_by_day(own), *_held(own)))


def month(own: OwnTime) -> Reply:
    """By day, by kind of work, by patient."""
    blocks = _by_day(own)
    if own.total.entries:
        kinds = [overview_words.own_kind(activity, each) for activity, each in own.activities]
        blocks += sections([f"*{overview_words.KINDS}*", *kinds])
        blocks += _patients(own)
    return Reply(text=overview_words.MONTH_PUSH, blocks=(*blocks, *_held(own)))


def _by_day(own: OwnTime) -> list[Block]:
    days = [overview_words.own_day(day, each, own.today) for day, each in own.days]
    return [kit.section(overview_words.own_heading(own)), *sections(days)]


def _patients(own: OwnTime) -> list[Block]:
    lines = [overview_words.own_patient(patient, each) for patient, each in own.patients]
    shown = fitting(lines, _PATIENTS_TEXT)
    blocks = sections([f"*{overview_words.PATIENTS}*", *shown])
    if len(shown) < len(lines):
        blocks.append(kit.context(overview_words.more(len(lines) - len(shown), "patient")))
    return blocks


def _held(own: OwnTime) -> list[Block]:
    return [kit.context(overview_words.held(own.held))] if own.held else []
