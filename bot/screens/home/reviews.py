"""A consultant's part of Home: who waits for their review, a card each, and the way into the review hour."""

from collections.abc import Iterator

from bot import kit
from bot.ids import ActionId
from bot.replies import Block
from bot.screens.fact_buttons import FactForm, open_form_button
from bot.screens.home.frame import Frame, show_button
from bot.screens.home.naming import named_in_views
from bot.screens.phrases import count
from bot.screens.review_hour import ALL_DONE, NEEDS, NOBODY, NOBODY_WAITS, card_lines
from services.care.review_hour import ReviewHour
from services.home.reviews import ReviewsHome

TITLE = "Your reviews"
START = "Start the review hour"
#: Lines of a card: why it is there, the month, the scores. The hour itself shows the rest.
_CARD_LINES = 3


def reviews_blocks(frame: Frame, home: ReviewsHome) -> Iterator[Block]:
    """The whole part."""
    yield kit.header(TITLE)
    hour = home.hour
    if hour is None:
        yield kit.section(NOBODY)
        return
    yield kit.section(_summary(hour))
    start = kit.button(START, ActionId.START_REVIEW_HOUR, "home", style="primary" if hour.total else None)
    yield kit.actions([start, show_button(frame, 1, "Your caseload", "caseload")])
    for number, card in enumerate(hour.cards):
        name = named_in_views(card.patient, frame.settings)
        lines = card_lines(card, name, hour.today, with_words=frame.settings.phi_in_views)
        button = open_form_button(FactForm.REVIEW, card.patient.handle, place=frame.place(number))
        yield kit.section("\n".join(lines[:_CARD_LINES]), accessory=kit.acting_on(button, name))
    left = hour.total - len(hour.cards)
    if left > 0:
        yield kit.context(f"And {count(left, 'more patient')} in the review hour.")


def _summary(hour: ReviewHour) -> str:
    """`*12 patients*: 1 safety signal · 3 never reviewed`, and how many were reviewed today."""
    done = [f"{count(len(hour.done), 'patient')} reviewed today"] if hour.done else []
    if not hour.total:
        return "\n".join([ALL_DONE if hour.done else NOBODY_WAITS, *done])
    parts = [f"{hour.counts[need]:,} {words}" for need, words in NEEDS.items() if hour.counts.get(need)]
    return f"*{count(hour.total, 'patient')}* · {' · '.join([*parts, *done])}"
