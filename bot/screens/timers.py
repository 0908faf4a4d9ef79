"""A person's timer: since when it runs, for whom, and what can be done with it."""

from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from billing.durations import MINUTE, spoken
from bot import kit
from bot.ids import ActionId
from bot.replies import Block
from bot.screens.phrases import clock, day_name
from services.entries.timer_requests import RunningTimer
from services.people.patients import shown_mrn

NOT_COUNTED = "Nothing of it is logged or counted until you stop it."
#: A note in a line.
_WORDS = 120


class NamesInViews(Protocol):
    """How screens that Slack keeps may name a patient."""

    @property
    def phi_in_views(self) -> bool:
        """MRNs and a person's words, or handles alone."""
        ...


def timer_blocks(
    running: RunningTimer | None, now: datetime, zone: ZoneInfo, views: NamesInViews
) -> list[Block]:
    """The timer on the Home tab; nothing where none runs.

    Args:
        running: the person's timer.
        now: aware instant.
        zone: the person's own.
        views: how screens that Slack keeps may name a patient; a person's note is shown only where MRNs are.
    """
    if running is None:
        return []
    whose = ""
    if running.patient is not None:
        whose = shown_mrn(running.patient.mrn) if views.phi_in_views else running.patient.handle
    lines = [running_line(running, now, zone, whose=kit.escape(whose))]
    if running.note and views.phi_in_views:
        lines.append(kit.escape(kit.clip(running.note, _WORDS)))
    return [kit.section("\n".join(lines)), kit.context(NOT_COUNTED), kit.actions(timer_buttons(running))]


def running_line(running: RunningTimer, now: datetime, zone: ZoneInfo, *, whose: str | None = None) -> str:
    """`Timer running for MRN123: 25 min, since 9:10 am`."""
    if whose is None:
        whose = kit.escape(shown_mrn(running.patient.mrn)) if running.patient is not None else ""
    named = f" for {whose}" if whose else ", no patient named yet"
    return f"*Timer running{named}* · {so_far(running, now)} · since {since(running, now, zone)}"


def so_far(running: RunningTimer, now: datetime) -> str:
    """How long it has run, in whole minutes."""
    seconds = running.timer.seconds(now)
    return "just started" if seconds < MINUTE else spoken(seconds // MINUTE * MINUTE)


def since(running: RunningTimer, now: datetime, zone: ZoneInfo) -> str:
    """`9:10 am`; with the day when it is another."""
    began = running.timer.started_at.astimezone(zone)
    today = now.astimezone(zone).date()
    day = "" if began.date() == today else f"{day_name(began.date(), today)}, "
    return f"{day}{clock(began, zone)}"


def timer_buttons(running: RunningTimer) -> list[Block]:
    """Stop, switch and cancel."""
    timer_id = str(running.timer.timer_id)
    return [
        kit.button("Stop and log", ActionId.STOP_TIMER, timer_id, style="primary"),
        kit.button("Switch", ActionId.SWITCH_TIMER, timer_id),
        kit.button("Cancel timer", ActionId.CANCEL_TIMER, timer_id),
    ]
