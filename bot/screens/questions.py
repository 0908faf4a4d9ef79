"""Questions that wait for an answer, wherever they are shown again."""

from typing import Final

from bot import kit
from bot.ids import ActionId, listed
from bot.replies import Block, Reply
from bot.screens.phrases import QUESTION_EXPIRES
from services.entries.open_questions import Waits

PUSH = "A question waits for your answer."
GIVE_REASON = "Give the reason"
_BUTTONS: Final = {
    "log": ActionId.ANSWER,
    "care": ActionId.ANSWER_CARE,
    "timer": ActionId.WHOSE_TIMER,
    "change": ActionId.ANSWER_CHANGE,
}


def answers(waits: Waits, first: int = 0) -> list[Block]:
    """A button for each answer; where words are asked for, the one that opens the field for them.

    Args:
        waits: the question.
        first: the number of its first button, where a view has several questions.
    """
    if not waits.labels:
        action_id = listed(ActionId.GIVE_REASON, first)
        return [kit.button(GIVE_REASON, action_id, waits.pending_id, style="primary")]
    action = _BUTTONS[waits.kind]
    return [
        kit.button(label, f"{action}_{first + number}", f"{waits.pending_id}:{number}")
        for number, label in enumerate(waits.labels)
    ]


def shown_again(waits: Waits) -> Reply:
    """The question as it was asked, for a direct message."""
    return Reply(
        text=PUSH,
        blocks=(
            kit.section(kit.escape(waits.message)),
            kit.actions(answers(waits)),
            kit.context(QUESTION_EXPIRES),
        ),
    )
