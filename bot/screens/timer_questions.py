"""The question whether a person is still at it, while their timer runs."""

from bot import kit
from bot.ids import ActionId
from bot.replies import Reply, Screens, Viewer
from bot.screens.timers import CANCEL, EARLIER, NOT_COUNTED, STOP, running_line, whose_timer
from services.messages.timers import StillRunning

PUSH = "Your timer is still running."
STILL_WORKING = "Still working"
_ASKED = "Are you still working on it?"


def still_running(found: StillRunning, viewer: Viewer) -> Reply:
    """Since when and for whom it runs, and each answer as a button."""
    running = found.running
    timer_id, about = str(running.timer.timer_id), whose_timer(running)
    blocks = [kit.section(f"{running_line(running, viewer.now, viewer.zone)}\n{_ASKED}")]
    blocks += [kit.plain_context(running.note)] if running.note else []
    return Reply(
        text=PUSH,
        blocks=(
            *blocks,
            kit.actions(
                [
                    kit.button(STOP, ActionId.STOP_TIMER, timer_id, about=about, style="primary"),
                    kit.button(STILL_WORKING, ActionId.KEEP_TIMER, timer_id, about=about),
                    kit.button(EARLIER, ActionId.STOP_TIMER_FORM, timer_id, about=about),
                    kit.button(CANCEL, ActionId.CANCEL_TIMER, timer_id, about=about),
                ]
            ),
            kit.context(NOT_COUNTED),
        ),
    )


SCREENS: Screens = {StillRunning: still_running}
