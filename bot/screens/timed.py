"""What a receipt says of timers: how much of the month was timed, and the timer that runs now."""

from collections.abc import Iterator

from billing.durations import MINUTE, spoken, whole_minutes
from bot import kit
from bot.replies import Block
from bot.screens.phrases import clock, month_name
from bot.screens.timers import NOT_COUNTED, timer_buttons
from services.entries.receipts import Receipt
from services.entries.timer_requests import RunningTimer
from services.people.patients import shown_mrn


def timed_lines(made: Receipt) -> list[str]:
    """`Timed: 38 of the 52 min logged in November.`, naming the patient where there are several."""
    lines = []
    several = len({one.patient.patient_id for one in made.standings}) > 1
    for standing, share in zip(made.standings, made.timed, strict=False):
        if share is None:
            continue
        whose = f"{kit.escape(shown_mrn(standing.patient.mrn))} · " if several else ""
        month = month_name(standing.month, made.today)
        lines.append(f"{whose}Timed: {_share(share.timed_seconds, share.seconds)} logged in {month}.")
    return lines


def _share(timed: int, seconds: int) -> str:
    if timed == seconds:
        return f"all {spoken(seconds)}"
    if seconds < MINUTE:
        return f"{timed} of the {seconds} s"
    return f"{whole_minutes(timed)} of the {whole_minutes(seconds)} min"


def switched_to(running: RunningTimer) -> Iterator[Block]:
    """The timer that began when the other one was stopped."""
    assert running.patient is not None, "whoever switches names a patient"
    mrn = kit.escape(shown_mrn(running.patient.mrn))
    yield kit.section(f"*Timer started for {mrn}* · since {clock(running.timer.started_at, running.zone)}")
    if running.note:
        yield kit.plain_context(running.note)
    if not running.patient.on_roster:
        yield kit.context(f"{mrn} is not on the roster: check that the MRN is right.")
    yield kit.context(NOT_COUNTED)
    yield kit.actions(timer_buttons(running))
