"""What is said of messages that come unasked: which there are, when each comes, and how to change that."""

from collections.abc import Iterator
from datetime import date, time

from bot.unasked_words import JOB_WORDS
from bot.words import clock, day_name
from services.messages.choices import KindStanding, ReminderStanding
from services.messages.deliveries import JobName

PUSH = "Your reminders."
DONE = "Changed. This holds from now on:"

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
#: What is of use on its own day only.
_OF_ITS_DAY = frozenset({JobName.DIGEST, JobName.TRUE_UP, JobName.MISSING_ENTRIES})
#: Days off are named this far ahead; a calendar of the whole year is no help.
_DAYS_OFF_NAMED = 6


def standing(found: ReminderStanding, today: date) -> str:
    """What comes and when, what is off, and what holds it back."""
    if not found.kinds:
        return (
            "*Nothing comes to you on a calendar.* Digests go to care managers, weekly summaries to supervisors; "
            "administrators hear of what cannot be delivered."
        )
    if not any(one.is_on or one.is_off_for_all for one in found.kinds):
        return "*Reminders are off.* Nothing comes unasked; everything is still there when you ask."
    whose = "The practice's messages" if found.of_practice else "Your reminders"
    lines = [f"*{whose}* · times of {found.zone.key}", *map(_kind, found.kinds)]
    if found.of_practice:
        lines.append("Times that a person chose for themselves go before these.")
    if found.quiet is not None:
        lines += _quiet(found)
    if found.days_off:
        lines.append(f"Days off: {_days_off(found.days_off, today)}.")
    if found.snoozed_until is not None:
        local = found.snoozed_until.astimezone(found.zone)
        until = f"{day_name(local.date(), today)} at {clock(found.snoozed_until, found.zone)}"
        end = "practice snooze off" if found.of_practice else "snooze off"
        lines.append(
            f"*Put off until {until}.* What is due meanwhile comes then, if it is still of use. "
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
        "`/cocm remind 8:30` moves the morning's messages, `remind afternoon 3pm` one message, and "
        "`remind afternoon off` silences it. `off`, `on`, `snooze 1h` and `quiet 6pm-7am` hold for all."
    )


def _kind(one: KindStanding) -> str:
    when = f"{_time(one.at)}, {_DAYS[one.kind.job]}" if one.is_on else "*off*"
    if one.is_off_for_all:
        when = "*off* for everybody; an administrator can change that"
    return f"{_name(one)} · {when}"


def _name(one: KindStanding) -> str:
    name = JOB_WORDS[one.kind.job]
    return f"{name[0].upper()}{name[1:]}"


def _quiet(found: ReminderStanding) -> Iterator[str]:
    """The quiet hours, and what never comes because of them."""
    hours = found.quiet
    assert hours is not None, "asked for where there are some"
    span = f"{_time(hours.start)} to {_time(hours.end)}"
    if found.of_practice:
        yield f"Quiet from {span}: direct messages due then come when it ends, but for times that people chose."
        return
    whose = "for everybody" if found.quiet_of_practice else "for you"
    yield f"Quiet {whose} from {span}: what is due then comes when it ends, if it is still of use."
    # What is of use on its day alone, due in a quiet that lasts to the next day, is of no use when that ends.
    over_night = hours.start > hours.end
    never = [
        _name(one)
        for one in found.kinds
        if one.is_on
        and not one.is_chosen
        and one.kind.job in _OF_ITS_DAY
        and over_night
        and one.at >= hours.start
    ]
    if never:
        yield f"*Never comes like this:* {', '.join(never)}. Move it, or change the quiet hours."


def _days_off(days: tuple[date, ...], today: date) -> str:
    named = ", ".join(day_name(day, today) for day in days[:_DAYS_OFF_NAMED])
    more = len(days) - _DAYS_OFF_NAMED
    return f"{named} and {more} more" if more > 0 else named


def _time(at: time) -> str:
    return f"{at:%I:%M %p}".lstrip("0").lower()
