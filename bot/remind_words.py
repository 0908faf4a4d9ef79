"""What is said of a person's reminders."""

from datetime import date, time

from bot.words import clock, day_name
from services.reminders import ReminderStanding

PUSH = "Your reminders."
HOW = "`/cocm remind 8:30` sets the time, `off` and `on` switch, `snooze 1h` puts off."


def standing(set_: ReminderStanding, today: date) -> str:
    """What comes, and when."""
    if not set_.is_on:
        return "*Reminders are off.* Nothing comes unasked; everything is still there when you ask."
    said = (
        f"*Reminders are on.* The morning messages come at {_time(set_.at)} ({set_.zone.key}), "
        "when there is something to say."
    )
    if set_.snoozed_until is None:
        return said
    local = set_.snoozed_until.astimezone(set_.zone)
    until = f"{day_name(local.date(), today)} at {clock(set_.snoozed_until, set_.zone)}"
    return f"{said}\n*Put off until {until}.* What is due meanwhile comes then, if it is still of use."


def _time(at: time) -> str:
    return f"{at:%I:%M %p}".lstrip("0").lower()
