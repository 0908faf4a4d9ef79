"""The answer to a message that states scores and no time: the form that records them, filled in."""

from collections.abc import Sequence
from datetime import date

from billing.clinical import Scale
from billing.safety import answer_words, is_positive
from bot import kit
from bot.grammar.parsed import StatedScores
from bot.ids import ActionId
from bot.replies import Reply
from bot.screens.care_forms import FIRST_SCALES
from bot.screens.phrases import day_name
from bot.screens.problems import SEND_LINE
from services.care.requests import Measured
from services.people.patients import shown_mrn

PUSH = "Nothing was stored: that states a score."
RECORD, RECORD_ALL = "Record the score", "Record the scores"
_POSITIVE = (
    "A positive answer about suicide is sent the same day to the patient's care team, once it is recorded and not "
    "before."
)


def scores_stated(stated: StatedScores, kept_as: str, today: date) -> Reply:
    """What was stated, that nothing of it is stored, and the button that opens the form with all of it in it.

    Args:
        stated: the scores.
        kept_as: the opaque id under which their line is kept.
        today: the reader's local date.
    """
    asked = stated.request
    whose = kit.escape(shown_mrn(asked.patient.text)) if stated.named else "no patient named"
    what = ", ".join(_words(one) for one in asked.scores)
    several = len(asked.scores) > 1
    said = [
        f"*Nothing was stored: that states {'scores' if several else 'a score'} and no time.*",
        f"{what} · {whose} · {day_name(asked.on, today)}",
    ]
    if any(one.answer is not None and is_positive(one.answer) for one in asked.scores):
        said.append(_POSITIVE)
    if stated.left:
        said.append(f"No part of it: {kit.escape('; '.join(stated.left))}")
    label = RECORD_ALL if several else RECORD
    if fits_form(asked.scores):
        button = kit.button(label, ActionId.SCORE_FORM, kept_as, style="primary")
    else:
        said.append(f"`/cocm assess {kit.escape(stated.line)}`")
        button = kit.button(SEND_LINE, ActionId.SEND_LINE, kept_as, style="primary")
    words = stated.line if stated.named else f"MRN___ {what}"
    buttons = [kit.actions([button])] if stated.named or fits_form(asked.scores) else []
    instead = f"To log time, say how long it took: `/cocm log ___ {kit.escape(words)}`"
    return Reply(text=PUSH, blocks=(kit.section("\n".join(said)), *buttons, kit.context(instead)))


def fits_form(scores: Sequence[Measured]) -> bool:
    """Whether the form has a field for each."""
    others = [one for one in scores if one.scale not in {*FIRST_SCALES, Scale.CSSRS}]
    odd = any(
        one.answer is not None and one.scale not in {Scale.PHQ9, Scale.PHQA, Scale.CSSRS} for one in scores
    )
    answered = [one for one in scores if one.answer is not None and one.scale is not Scale.CSSRS]
    return len(others) <= 1 and len(answered) <= 1 and not odd


def _words(one: Measured) -> str:
    if one.answer is None:
        return f"{one.scale} {one.value}"
    words = answer_words(one.scale, one.answer)
    return f"{one.scale} {words}" if one.scale is Scale.CSSRS else f"{one.scale} {one.value}, {words}"
