"""A person's timer: since when it runs, for whom, and what can be done with it."""

from dataclasses import replace
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from billing.durations import MINUTE, spoken
from billing.timers import TimerOutcome
from bot import kit
from bot.ids import ActionId
from bot.replies import Block, Reply
from bot.screens.acts import undo_button
from bot.screens.phrases import QUESTION_EXPIRES, clock, day_name
from services.entries.timer_requests import (
    NoTimer,
    RunningTimer,
    TimerAsked,
    TimerBegun,
    TimerCanceled,
    TimerShort,
    TimerStands,
)
from services.people.patients import shown_mrn

STARTED_PUSH = "Timer started."
RUNNING_PUSH = "Your timer."
CANCELED_PUSH = "Timer canceled."
NONE_PUSH = "No timer is running."
QUESTION_PUSH = "One question before the timer starts."
NOTHING_STARTED = "Nothing was started."
NOT_COUNTED = "None of it is logged or counted until you stop it."
STOP = "Stop and log"
SWITCH = "Switch"
CANCEL = "Cancel timer"
KEEP = "Keep it running"
EARLIER = "Stopped earlier…"
_HOW_TO_STOP = "Send `/cocm stop` with what you did to log it, `/cocm cancel` to drop it. " + NOT_COUNTED
_REPEATED = "Slack delivered this twice; the timer was started once."
_NONE = "No timer is running. To start one: `/cocm start MRN123 phone`"
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
    blocks = [kit.section(running_line(running, now, zone, whose=kit.escape(whose)))]
    if running.note and views.phi_in_views:
        blocks.append(kit.plain_context(kit.clip(running.note, _WORDS)))
    return [*blocks, kit.context(NOT_COUNTED), kit.actions(timer_buttons(running, whose))]


def started(made: TimerBegun, now: datetime) -> Reply:
    """The timer that was begun, and what can be done with it."""
    running = made.running
    blocks = [kit.context(_REPEATED)] if made.repeated else []
    whose = f" for {_mrn(running)}" if running.patient is not None else ""
    lead = "No timer was running, so none was stopped.\n" if made.none_ran else ""
    later = "" if running.patient is not None else "\nName the patient when you stop: `/cocm stop MRN123`"
    blocks.append(
        kit.section(f"{lead}*Timer started{whose}* · since {since(running, now, running.zone)}{later}")
    )
    blocks += [kit.plain_context(running.note)] if running.note else []
    if made.remarks:
        blocks.append(kit.context(*(kit.escape(remark) for remark in made.remarks)))
    blocks += [kit.context(_HOW_TO_STOP), kit.actions(timer_buttons(running))]
    return Reply(text=STARTED_PUSH, blocks=tuple(blocks))


def shown(running: RunningTimer, now: datetime, *, lead: str = "") -> Reply:
    """The timer that runs."""
    line = running_line(running, now, running.zone)
    blocks = [kit.section(f"{lead}\n{line}" if lead else line)]
    blocks += [kit.plain_context(running.note)] if running.note else []
    blocks += [kit.context(NOT_COUNTED), kit.actions(timer_buttons(running))]
    return Reply(text=RUNNING_PUSH, blocks=tuple(blocks))


def stands(found: TimerStands, now: datetime) -> Reply:
    """That a timer runs already, and how to go over to what was asked for."""
    running = found.running
    if not found.wanted:
        return shown(running, now, lead="Your timer is running already; nothing was changed.")
    if found.pending_id is None:
        lead = f"Your timer is not for {kit.escape(found.wanted)}, so nothing was changed."
        return shown(running, now, lead=lead)
    wanted = kit.escape(found.wanted)
    lead = f"One timer runs at a time, so none was started for {wanted}."
    reply = shown(running, now, lead=lead)
    switch = kit.button(
        f"Switch to {found.wanted}", ActionId.SWITCH_TO, f"{found.pending_id}:0", style="primary"
    )
    buttons = [switch] if running.patient is not None else []
    others = [
        {name: value for name, value in each.items() if name != "style"} for each in timer_buttons(running)
    ]
    return Reply(
        text=reply.text,
        blocks=(
            *reply.blocks[:-1],
            kit.actions([*buttons, *(each for each in others if each["action_id"] != ActionId.SWITCH_TIMER)]),
        ),
    )


def asked(found: TimerAsked) -> Reply:
    """Whose timer it is to be; each answer is a button."""
    choices = [
        kit.button(label, f"{ActionId.WHOSE_TIMER}_{number}", f"{found.pending_id}:{number}")
        for number, label in enumerate(found.choices)
    ]
    return Reply(
        text=QUESTION_PUSH,
        blocks=(
            kit.section(kit.escape(found.message)),
            kit.actions(choices),
            kit.context(QUESTION_EXPIRES),
        ),
    )


def nothing_started() -> Reply:
    """The answer to choosing nothing."""
    return Reply(text=NOTHING_STARTED, blocks=(kit.section(NOTHING_STARTED),))


def canceled(made: TimerCanceled, now: datetime) -> Reply:
    """What was dropped, and the way back."""
    was = made.was
    whose = f" for {_mrn(was)}" if was.patient is not None else ""
    line = (
        f"*Timer{whose} canceled.* It ran for {_long(made.seconds)}, since {since(was, now, was.zone)}; nothing was "
        "logged."
    )
    blocks = [kit.section(line)]
    blocks += [kit.plain_context(was.note)] if was.note else []
    blocks += [kit.actions([undo_button(made.act_id, "the canceled timer")])] if made.act_id else []
    return Reply(text=CANCELED_PUSH, blocks=tuple(blocks))


def none_runs(found: NoTimer, now: datetime, *, log_instead: str = "") -> Reply:
    """That none runs, what became of the last one, and how to log without one.

    Args:
        found: what is known of the last one.
        now: aware instant.
        log_instead: a line with a gap for the length, where words were typed that speak of work.
    """
    blocks = [kit.section(_NONE)]
    if found.last is not None:
        blocks.append(kit.context(_last(found.last, now)))
    if log_instead:
        said = (
            f"Nothing was logged. To log that work, say how long it took: `/cocm {kit.escape(log_instead)}`"
        )
        blocks.append(kit.context(said))
    return Reply(text=NONE_PUSH, blocks=tuple(blocks))


def patient_missing(running: RunningTimer, now: datetime, ended: datetime) -> Reply:
    """That nothing is logged until somebody says whose time it was; the timer goes on meanwhile."""
    at = clock(ended, running.zone).replace(" ", "")
    line = (
        f"*Whose time was it?* Your timer has no patient yet, so nothing was logged: {so_far(running, now)}, since "
        f"{since(running, now, running.zone)}.\nName the patient: `/cocm stop MRN___ at {at}`"
    )
    timer_id = str(running.timer.timer_id)
    buttons = [
        kit.button("Name the patient…", ActionId.STOP_TIMER_FORM, timer_id, style="primary"),
        kit.button(CANCEL, ActionId.CANCEL_TIMER, timer_id),
    ]
    return Reply(text=RUNNING_PUSH, blocks=(kit.section(line), kit.actions(buttons)))


def with_ways_out(question: Reply, timer_id: int) -> Reply:
    """The question whether a very long time is meant, with two more answers: it ended earlier, or drop it."""
    more = [
        kit.button(EARLIER, ActionId.STOP_TIMER_FORM, str(timer_id)),
        kit.button(CANCEL, ActionId.CANCEL_TIMER, str(timer_id)),
    ]
    blocks = [
        {**block, "elements": [*block["elements"], *more]} if block["type"] == "actions" else block
        for block in question.blocks
    ]
    return replace(question, blocks=tuple(blocks))


def too_short(found: TimerShort, now: datetime) -> Reply:
    """That there is nothing worth logging yet, with the two ways on: cancel it, or let it run."""
    running = found.running
    whose = f" for {_mrn(running)}" if running.patient is not None else ""
    ran = f"only {spoken(found.seconds)}" if found.seconds else "no time"
    line = (
        f"*Nothing worth logging:* your timer{whose} measured {ran}, since {since(running, now, running.zone)}. "
        "Nothing was logged, and it keeps running."
    )
    if found.wanted:
        line += f"\nTo go over to {kit.escape(found.wanted)}: cancel it, then `/cocm start {kit.escape(found.wanted)}`"
    timer_id, about = str(running.timer.timer_id), whose_timer(running)
    buttons = [
        kit.button(CANCEL, ActionId.CANCEL_TIMER, timer_id, about=about),
        kit.button(KEEP, ActionId.KEEP_TIMER, timer_id, about=about),
    ]
    return Reply(text=RUNNING_PUSH, blocks=(kit.section(line), kit.actions(buttons)))


def too_long(sentence: str, timer_id: int) -> Reply:
    """That a timer ran too long to be logged as it stands, with the two ways out."""
    buttons = [
        kit.button(EARLIER, ActionId.STOP_TIMER_FORM, str(timer_id), style="primary"),
        kit.button(CANCEL, ActionId.CANCEL_TIMER, str(timer_id)),
    ]
    return Reply(text=RUNNING_PUSH, blocks=(kit.section(sentence), kit.actions(buttons)))


def running_line(running: RunningTimer, now: datetime, zone: ZoneInfo, *, whose: str | None = None) -> str:
    """`Timer running for MRN123 · 25 min · since 9:10 am`."""
    if whose is None:
        whose = _mrn(running)
    named = f" for {whose}" if whose else ", no patient named yet"
    return f"*Timer running{named}* · {so_far(running, now)} · since {since(running, now, zone)}"


def so_far(running: RunningTimer, now: datetime) -> str:
    """How long it has run, in whole minutes."""
    seconds = running.timer.seconds(now)
    return "just started" if seconds < MINUTE else _long(seconds)


def since(running: RunningTimer, now: datetime, zone: ZoneInfo) -> str:
    """`9:10 am`; with the day when it is another."""
    began = running.timer.started_at.astimezone(zone)
    today = now.astimezone(zone).date()
    day = "" if began.date() == today else f"{day_name(began.date(), today)}, "
    return f"{day}{clock(began, zone)}"


def timer_buttons(running: RunningTimer, whose: str | None = None) -> list[Block]:
    """Stop, switch and cancel; `whose` is how the screen names the patient, where not by MRN."""
    timer_id, about = str(running.timer.timer_id), whose_timer(running, whose)
    return [
        kit.button(STOP, ActionId.STOP_TIMER, timer_id, about=about, style="primary"),
        kit.button(SWITCH, ActionId.SWITCH_TIMER, timer_id, about=about),
        kit.button(CANCEL, ActionId.CANCEL_TIMER, timer_id, about=about),
    ]


def whose_timer(running: RunningTimer, whose: str | None = None) -> str:
    """`your timer for MRN123`: what the timer's buttons act on, read out."""
    if whose is None:
        whose = "" if running.patient is None else shown_mrn(running.patient.mrn)
    return f"your timer for {whose}" if whose else "your timer"


def _long(seconds: int) -> str:
    return spoken(seconds) if seconds < MINUTE else spoken(seconds // MINUTE * MINUTE)


def _mrn(running: RunningTimer) -> str:
    return kit.escape(shown_mrn(running.patient.mrn)) if running.patient is not None else ""


def _last(last: RunningTimer, now: datetime) -> str:
    ended = last.timer.ended_at
    assert ended is not None, "the last one has ended"
    whose = f" for {_mrn(last)}" if last.patient is not None else ""
    what = "was logged" if last.timer.outcome is TimerOutcome.LOGGED else "was canceled, none of it logged"
    local = ended.astimezone(last.zone)
    today = now.astimezone(last.zone).date()
    day = "" if local.date() == today else f"{day_name(local.date(), today)}, "
    return f"The last one{whose} ended {day}{clock(ended, last.zone)} and {what}. `/cocm today` shows your entries."
