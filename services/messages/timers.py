"""Asks a person whether they are still at it while their timer runs."""

from dataclasses import dataclass

from billing.people import Member
from services.context import Context
from services.entries import timers
from services.entries.timer_requests import RunningTimer


@dataclass(frozen=True, slots=True, kw_only=True)
class StillRunning:
    """A timer that has run for a while."""

    running: RunningTimer


def asked_about(subject: str) -> int:
    """The timer of a period `17:2`, behind the kind's name: its number, then which of the questions it is."""
    return int(subject.partition(":")[0])


def still_running(context: Context, member: Member, timer_id: int) -> StillRunning | None:
    """What a person is asked about a timer; None when it was stopped or canceled meanwhile."""
    found = timers.running(context, member)
    return StillRunning(running=found) if found is not None and found.timer.timer_id == timer_id else None
