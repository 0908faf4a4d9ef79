"""Reminders about a person's own time, and the answer to `remind`: which messages come and when."""

from collections.abc import Iterator
from datetime import date, time
from zoneinfo import ZoneInfo

from billing.durations import spoken
from billing.references import entry_reference
from bot import kit
from bot.replies import Block, Reply, Screens, Viewer
from bot.screens.lines import fitting, sections
from bot.screens.phrases import clock, count, day_name
from services.messages.choices import HeadingStanding, KindStanding, ReminderStanding
from services.messages.days import WORKING_DAYS
from services.messages.kind import THAT_DAY
from services.messages.reminders import (
    MemberWeek,
    MissingEntries,
    OddEntry,
    WeekAudit,
    WeekAuditSummary,
)
from services.people.patients import shown_mrn

MISSING_PUSH = "Nothing logged this afternoon."
AUDIT_FOOT = (
    "If they are right as they are, there is nothing to do. Otherwise: `/cocm edit e-k7f 25m`, with a reason."
)
AUDIT_SUMMARY_FOOT = "Care managers are sent their own list."
PUSH = "Your reminders."
DONE = "Changed. This holds from now on:"
#: Days off are named this far ahead; a calendar of the whole year is no help.
_DAYS_OFF_NAMED = 6


def missing_entries(found: MissingEntries, viewer: Viewer) -> Reply:
    """An afternoon without entries."""
    return Reply(text=MISSING_PUSH, blocks=(kit.section(_missing_entries_text(found, viewer.zone)),))


def week_blocks(found: WeekAudit, viewer: Viewer, most: int) -> Iterator[Block]:
    """A person's odd entries of last week, in at most so many characters."""
    lines = fitting([_odd_entry_line(odd, viewer.today) for odd in found.odd], most)
    left = len(found.odd) - len(lines)
    yield from sections([_audit_heading(found), *lines])
    yield kit.context(*([_more_entries(left)] if left else []), AUDIT_FOOT)


def week_summary_blocks(found: WeekAuditSummary, most: int) -> Iterator[Block]:
    """Everybody's odd entries of last week in figures, in at most so many characters."""
    lines = fitting([_member_week_line(one) for one in found.members], most)
    left = len(found.members) - len(lines)
    yield from sections([_audit_summary_heading(found), *lines])
    yield kit.context(*([_more_people(left)] if left else []), AUDIT_SUMMARY_FOOT)


def standing(found: ReminderStanding, today: date) -> str:
    """What comes and when, what is off, and what holds it back."""
    if not found.kinds:
        return (
            "*You get no scheduled messages.* The morning message goes to care managers, consultants, supervisors and "
            "administrators."
        )
    if not any(one.is_on or one.is_off_for_all for one in found.kinds):
        return "*Reminders are off.* No scheduled messages are sent; everything is still there when you ask."
    whose = "The practice's messages" if found.of_practice else "Your reminders"
    lines = [f"*{whose}* · times of {found.zone.key}"]
    lines += [line for one in found.kinds for line in (_kind(one), *_headings(one))]
    if found.of_practice:
        lines.append("Times that people chose for themselves override these.")
    if found.quiet is not None:
        lines += _quiet(found)
    if found.days_off:
        lines.append(f"Days off: {_days_off(found.days_off, today)}.")
    if found.snoozed_until is not None:
        local = found.snoozed_until.astimezone(found.zone)
        until = f"{day_name(local.date(), today)} at {clock(found.snoozed_until, found.zone)}"
        end = "practice snooze off" if found.of_practice else "snooze off"
        lines.append(
            f"*Put off until {until}.* Messages due before then are sent then, if they are still useful. "
            f"`/cocm remind {end}` ends that."
        )
    return "\n".join(lines)


def how(found: ReminderStanding) -> str:
    """What can be typed."""
    if found.of_practice:
        return (
            "For administrators: `/cocm remind practice month-end 7am`, `practice preview off`, "
            "`practice quiet 6pm-7am`, `practice snooze 2d`. Days off are the setting COCM_DAYS_OFF."
        )
    return (
        "`/cocm remind 8:30` moves the morning message, `remind audit off` leaves a part of it out, `remind afternoon "
        "3pm` moves the other. `off`, `on`, `snooze 1h` and `quiet 6pm-7am` apply to all."
    )


def _missing_entries_text(one: MissingEntries, zone: ZoneInfo) -> str:
    """That the afternoon has no entries."""
    last = one.last_at.astimezone(zone)
    when = f"{day_name(last.date(), one.today)} at {clock(one.last_at, zone)}"
    so_far = (
        f"{spoken(one.seconds)} logged for today so far. "
        if one.seconds
        else "Nothing logged for today yet. "
    )
    return (
        f"{so_far}Your last entry was {when}.\n"
        "Still to log? `/cocm 15m MRN123 phone check-in`, or several lines at once."
    )


def _audit_heading(audit: WeekAudit) -> str:
    """`Week of Nov 9: 3 of 41 entries to look at`."""
    entries = count(audit.entries, "entry")
    return f"*Week of {audit.first:%b} {audit.first.day}: {len(audit.odd)} of {entries} to look at*"


def _odd_entry_line(odd: OddEntry, today: date) -> str:
    """`15 min · MRN123 · Tue Nov 17 · e-k7f: written late`."""
    entry = odd.entry
    why = ", ".join(one.entry_title for one in odd.oddities)
    mrn = kit.escape(shown_mrn(odd.patient.mrn))
    day = day_name(entry.service_date, today)
    return f"{spoken(entry.seconds)} · *{mrn}* · {day} · `{entry_reference(entry.entry_id)}`: {why}"


def _more_entries(number: int) -> str:
    """Entries beyond those listed."""
    return f"And {count(number, 'entry')} more: `/cocm week last` has them all."


def _audit_summary_heading(summary: WeekAuditSummary) -> str:
    """`Week of Nov 9: 12 of 410 entries to look at, of 5 people`."""
    entries = count(summary.entries, "entry")
    people = "1 person" if len(summary.members) == 1 else f"{len(summary.members)} people"
    return f"*Week of {summary.first:%b} {summary.first.day}: {summary.odd:,} of {entries} to look at, of {people}*"


def _member_week_line(one: MemberWeek) -> str:
    """`Ana Flores · 3 of 41: 2 written late, 1 no note`."""
    why = ", ".join(f"{number} {oddity.entry_title}" for oddity, number in one.counts.items())
    return f"{kit.escape(one.member.display_name)} · {one.odd} of {one.entries}: {why}"


def _more_people(number: int) -> str:
    """People beyond those listed."""
    return f"And {number:,} more, none with more than these."


def _headings(one: KindStanding) -> Iterator[str]:
    """The parts of a message, those that are left out last."""
    if not one.is_on or not one.headings:
        return
    on = [_heading(part) for part in one.headings if part.is_on]
    yield f"    with {', '.join(on)}"
    off = [part.heading.title for part in one.headings if not part.is_on]
    if off:
        for_all = " for everybody" if all(p.is_off_for_all for p in one.headings if not p.is_on) else ""
        yield f"    left out{for_all}: {', '.join(off)}"


def _heading(part: HeadingStanding) -> str:
    """`the weekly look at entries (the week's first working day)`."""
    days = part.heading.days
    return part.heading.title + ("" if days == WORKING_DAYS else f" ({days.words})")


def _kind(one: KindStanding) -> str:
    days = ", ".join(filter(None, (one.when.days.words, one.when.only)))
    when = f"{_time(one.at)}, {days}" if one.is_on else "*off*"
    if one.is_off_for_all:
        when = "*off* for everybody; an administrator can change that"
    return f"{_name(one)} · {when}"


def _name(one: KindStanding) -> str:
    title = one.kind.title
    return f"{title[0].upper()}{title[1:]}"


def _quiet(found: ReminderStanding) -> Iterator[str]:
    """The quiet hours, and what never comes because of them."""
    hours = found.quiet
    assert hours is not None, "asked for where there are some"
    span = f"{_time(hours.start)} to {_time(hours.end)}"
    if found.of_practice:
        yield f"Quiet from {span}: direct messages due then are sent when it ends, except at times that people chose."
        return
    whose = "for everybody" if found.quiet_of_practice else "for you"
    yield f"Quiet {whose} from {span}: messages due then are sent when it ends, if they are still useful."
    # What is of use on its day alone, due in a quiet that lasts to the next day, is of no use when that ends.
    over_night = hours.start > hours.end
    never = [
        _name(one)
        for one in found.kinds
        if one.is_on
        and not one.is_chosen
        and one.kind.useful == THAT_DAY
        and over_night
        and one.at >= hours.start
    ]
    if never:
        yield f"*Never sent with these settings:* {', '.join(never)}. Move it, or change the quiet hours."


def _days_off(days: tuple[date, ...], today: date) -> str:
    named = ", ".join(day_name(day, today) for day in days[:_DAYS_OFF_NAMED])
    more = len(days) - _DAYS_OFF_NAMED
    return f"{named} and {more} more" if more > 0 else named


def _time(at: time) -> str:
    return f"{at:%I:%M %p}".lstrip("0").lower()


SCREENS: Screens = {
    MissingEntries: missing_entries,
}
