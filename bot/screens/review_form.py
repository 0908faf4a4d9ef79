"""The dialog that records one case review: the case above, the recommendation, minutes, who was there."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from billing.months import BillingMonth
from billing.people import Member
from bot import kit
from bot.ids import BlockId, CallbackId
from bot.replies import Block
from bot.screens.home import ViewSettings, named_in_views
from bot.screens.phrases import full_month
from bot.screens.review_hour import card_lines
from services.care.review_hour import ReviewSheet

TITLE = "Record a case review"
SUBMIT = "Record review"
NOBODY_ELSE = "Nobody: the consultant alone"
ALONE = "0"
SENT_TODAY = "today"
_SENT = "Sent to the treating provider today"
_RECOMMENDATION_EXAMPLE = "continue sertraline 50 mg, recheck PHQ-9 in 4 weeks"
_MINUTES_HINT = (
    "Leave it empty to record the review without minutes. Time spent together is one entry, the care manager's, and "
    "counts once."
)
DAY_UNCLEAR = "Pick the date of the review."
MINUTES_UNCLEAR = (
    "That can be read more than one way. Write the minutes as 20m, or the times as 2:00pm-2:20pm."
)
#: As much as a note in chat.
_LONGEST = 280
#: A menu holds 100.
_OFFERED = 99


def review_form(
    sheet: ReviewSheet, metadata: str, settings: ViewSettings, *, month: BillingMonth | None = None
) -> dict[str, Any]:
    """The dialog; it names the patient by the handle unless the practice decided otherwise.

    Args:
        sheet: what is known of the patient, and who may have reviewed.
        metadata: where the answer goes.
        settings: how much a view may hold of who somebody is.
        month: the month that is over in which the day is to be chosen; None where it is today.
    """
    return {
        "type": "modal",
        "callback_id": CallbackId.REVIEW_FORM,
        "title": _plain(TITLE),
        "submit": _plain(SUBMIT),
        "close": _plain("Cancel"),
        "private_metadata": metadata,
        "blocks": list(_blocks(sheet, settings, month)),
    }


def is_sent(view: dict[str, Any]) -> bool:
    """Whether the box is checked that says the recommendation went out today."""
    state = view["state"]["values"].get(BlockId.SENT, {}).get(BlockId.SENT, {})
    return bool(state.get("selected_options"))


def _blocks(sheet: ReviewSheet, settings: ViewSettings, month: BillingMonth | None) -> Iterator[Block]:
    name = named_in_views(sheet.card.patient, settings)
    yield kit.section("\n".join(card_lines(sheet.card, name, sheet.today, with_words=settings.phi_in_views)))
    yield _input(
        BlockId.RECOMMENDATION,
        "Recommendation",
        {
            "type": "plain_text_input",
            "multiline": True,
            "max_length": _LONGEST,
            "placeholder": _plain(_RECOMMENDATION_EXAMPLE),
        },
    )
    yield _input(
        BlockId.SENT,
        "Recommendation sent?",
        {"type": "checkboxes", "options": [kit.option(_SENT, SENT_TODAY)]},
        optional=True,
    )
    yield _input(
        BlockId.DURATION,
        "Minutes",
        {"type": "plain_text_input", "max_length": 60, "placeholder": _plain("20m or 2-2:20pm")},
        hint=_MINUTES_HINT,
        optional=True,
    )
    yield _people(BlockId.CONSULTANT, "Psychiatric consultant", sheet.consultants, sheet.consultant)
    if sheet.care_managers:
        yield _people(
            BlockId.CARE_MANAGER,
            "Care manager who was there",
            sheet.care_managers,
            sheet.care_manager,
            alone=True,
        )
    yield _day(sheet.today, month)


def _people(
    block_id: BlockId, label: str, people: Sequence[Member], chosen: Member | None, *, alone: bool = False
) -> Block:
    options = [kit.option(NOBODY_ELSE, ALONE)] if alone else []
    options += [kit.option(one.display_name, _named(one)) for one in people[:_OFFERED]]
    element: Block = {"type": "static_select", "options": options}
    value = _named(chosen) if chosen is not None else ALONE
    initial = next((option for option in options if option["value"] == value), None)
    if initial is not None:
        element["initial_option"] = initial
    return _input(block_id, label, element)


def _named(member: Member) -> str:
    """How a menu names a member to the program."""
    return member.slack_user_id or member.display_name


def _day(today: date, month: BillingMonth | None) -> Block:
    element: Block = {"type": "datepicker"}
    if month is not None:
        hint = f"Choose the day: the line is about {full_month(month)}."
        return _input(BlockId.DAY, "Date of the review", element, hint=hint)
    return _input(BlockId.DAY, "Date of the review", {**element, "initial_date": today.isoformat()})


def _input(block_id: BlockId, label: str, element: Block, *, hint: str = "", optional: bool = False) -> Block:
    block: Block = {
        "type": "input",
        "block_id": block_id,
        "label": _plain(label),
        "element": {**element, "action_id": block_id},
        "optional": optional,
    }
    return {**block, "hint": _plain(hint)} if hint else block


def _plain(text: str) -> Block:
    return {"type": "plain_text", "text": text}
