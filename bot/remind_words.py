"""What is said of messages that come unasked: which there are, when each comes, and how to change that."""

from datetime import date, time

from bot.unasked_words import JOB_WORDS
from bot.words import clock, day_name
from services.audience import QuietHours
from services.deliveries import JobName
from services.reminders import KindStanding, ReminderStanding

PUSH = "Your reminders."

_DAYS = {
    JobName.DIGEST: "working days",
    JobName.AUDIT: "the week's first working day",
    JobName.AUDIT_SUMMARY: "the week's first working day",
    JobName.TRUE_UP: "the month's last three working days",
    JobName.MISSING_ENTRIES: "working days",
    JobName.PREVIEW: "the month's last working day",
    JobName.MONTH_END: "the 1st",
    JobName.CLOSE_REMINDER: "the 5th, while the month is not closed",
}
#: Days off are named this far ahead; a calendar of the whole year is no help.
_DAYS_OFF_NAMED = 6


def standing(found: ReminderStanding, today: date) -> str:
    """What comes and when, what is off, and what holds it back."""
    if not found.kinds:
        return "*Nothing comes to you unasked.* Digests go to care managers, weekly summaries to supervisors."
    if not any(one.is_on for one in found.kinds):
        return "*Reminders are off.* Nothing comes unasked; everything is still there when you ask."
    whose = "The practice's messages" if found.of_practice else "Your reminders"
    lines = [f"*{whose}* · times of {found.zone.key}", *map(_kind, found.kinds)]
    if found.of_practice:
        lines.append("Times that a person chose for themselves go before these.")
    if found.quiet is not None:
        lines.append(_quiet(found.quiet, of_practice=found.of_practice))
    if found.days_off:
        lines.append(f"Days off: {_days_off(found.days_off, today)}.")
    if found.snoozed_until is not None:
        local = found.snoozed_until.astimezone(found.zone)
        until = f"{day_name(local.date(), today)} at {clock(found.snoozed_until, found.zone)}"
        lines.append(f"*Put off until {until}.* What is due meanwhile comes then, if it is still of use.")
    return "\n".join(lines)


def how(found: ReminderStanding) -> str:
    """What can be typed."""
    if found.of_practice:
        return (
            "For administrators: `/cocm remind practice month-end 7am`, `practice preview off`, "
            "`practice quiet 6pm-7am`, `practice snooze 2d`. Days off are the setting COCM_DAYS_OFF."
        )
    return (
        "`/cocm remind 8:30` moves the morning's messages, `remind afternoon 3pm` one message, and "
        "`remind afternoon off` silences it. `off`, `on`, `snooze 1h` and `quiet 6pm-7am` hold for all."
    )


def _kind(one: KindStanding) -> str:
    name = JOB_WORDS[one.kind.job]
    when = f"{_time(one.at)}, {_DAYS[one.kind.job]}" if one.is_on else "*off*"
    return f"{name[0].upper()}{name[1:]} · {when}"


def _quiet(hours: QuietHours, *, of_practice: bool) -> str:
    span = f"Quiet from {_time(hours.start)} to {_time(hours.end)}"
    if of_practice:
        return f"{span}: direct messages due then come when it ends, but for times that people chose."
    return f"{span}: what is due then comes when it ends, but for a time that you chose."


def _days_off(days: tuple[date, ...], today: date) -> str:
    named = ", ".join(day_name(day, today) for day in days[:_DAYS_OFF_NAMED])
    more = len(days) - _DAYS_OFF_NAMED
    return f"{named} and {more} more" if more > 0 else named


def _time(at: time) -> str:
    return f"{at:%I:%M %p}".lstrip("0").lower()
