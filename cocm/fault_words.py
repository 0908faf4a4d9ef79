"""Says what stands in the program's way, and what to do about it: for readiness, `cocm doctor` and the log."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from bot.screens.phrases import count
from bot.screens.trouble import how_to_fix
from services.messages.deliveries import Delivery, State

#: Further off than that, our clock and Slack's do not agree on which day it is for some people.
CLOCK_OFF = 60.0
#: With less room than that, the next large import or backup fills the disk.
LEAST_ROOM = 32 * 1024 * 1024
#: What has waited for longer is not only slow.
OLDEST = timedelta(hours=1)
_MEGABYTE = 1024 * 1024


def clock_off(ahead: float | None) -> str | None:
    """What to say of our clock, which is so many seconds ahead of Slack's; None while that is near enough."""
    if ahead is None or abs(ahead) <= CLOCK_OFF:
        return None
    return (
        f"This machine's clock is {round(abs(ahead)):,} seconds {'ahead of' if ahead > 0 else 'behind'} Slack's. Dates "
        "and reminders are off by that, and over five minutes every request is refused. Have it set by NTP."
    )


def token_refused(whose: str, code: str) -> str:
    """What to say of a token that Slack takes no more."""
    if whose == "app":
        return (
            f"Slack refuses the app token ({code}). Make an app-level token with connections:write, set "
            "SLACK_APP_TOKEN, and start the bot again."
        )
    return (
        f"Slack refuses the bot token ({code}). Install the app in the workspace again, set SLACK_BOT_TOKEN, and start "
        "the bot again."
    )


def little_room(free: int | None) -> str | None:
    """What to say of the room left on the database's disk, in bytes; None while there is enough, or it is not known."""
    if free is None or free >= LEAST_ROOM:
        return None
    return (
        f"The disk that holds the database has {free // _MEGABYTE:,} MB left. Make room before it is full: nothing can "
        "be stored then."
    )


def outbox_old(waiting: Iterable[Delivery], now: datetime) -> str | None:
    """What to say of messages that should have been sent long ago; None where there are none."""
    late = [each for each in waiting if age_of(each, now) > OLDEST]
    if not late:
        return None
    hours = int(max(age_of(each, now) for each in late) / timedelta(hours=1))
    codes = sorted({each.code for each in late if each.code})
    why = f" {'; '.join(f'{code}: {how_to_fix(code)}' for code in codes)}" if codes else ""
    waits = "waits" if len(late) == 1 else "wait"
    return f"{count(len(late), 'message')} {waits} to be sent, the oldest for {count(hours, 'hour')}.{why}"


def age_of(waiting: Delivery, now: datetime) -> timedelta:
    """For how long a message has been kept from being sent; negative for one that is not to be sent yet."""
    since = waiting.due_at
    if waiting.state is State.NEW and waiting.wait_seconds:
        # Somebody wanted it later, or there was nothing to say yet.
        since = max(since, waiting.changed_at + timedelta(seconds=waiting.wait_seconds))
    return now - since
