"""Reminders about a person's own time, and notices to administrators."""

from datetime import datetime
from zoneinfo import ZoneInfo

from bot import kit, trouble_words
from bot import unasked_words as words
from bot.blocks.lines import fitting, sections
from bot.replies import Reply
from services.messages.reminders import MissingEntries, WeekAudit, WeekAuditSummary
from services.messages.trouble import Stuck


def missing_entries(found: MissingEntries, zone: ZoneInfo) -> Reply:
    """An afternoon without entries."""
    return Reply(text=words.MISSING_PUSH, blocks=(kit.section(words.missing_entries(found, zone)),))


def week_audit(found: WeekAudit, now: datetime, zone: ZoneInfo) -> Reply:
    """A person's odd entries of a week."""
    today = now.astimezone(zone).date()
    lines = fitting([words.odd_entry(odd, today) for odd in found.odd])
    left = len(found.odd) - len(lines)
    blocks = [*sections([words.audit_heading(found), *lines])]
    blocks += [kit.context(words.more_entries(left))] if left else []
    return Reply(text=words.AUDIT_PUSH, blocks=(*blocks, kit.context(words.AUDIT_FOOT)))


def week_audit_summary(found: WeekAuditSummary) -> Reply:
    """Everybody's odd entries of a week, in figures."""
    lines = fitting([words.member_week(one) for one in found.members])
    left = len(found.members) - len(lines)
    blocks = [*sections([words.audit_summary_heading(found), *lines])]
    blocks += [kit.context(words.more_people(left))] if left else []
    return Reply(text=words.AUDIT_PUSH, blocks=(*blocks, kit.context(words.AUDIT_SUMMARY_FOOT)))


def trouble(found: Stuck) -> Reply:
    """What cannot be delivered, and what to do."""
    return Reply(text=trouble_words.PUSH, blocks=(kit.section(trouble_words.trouble(found)),))
