"""Listeners for enrollment, consent, assessments, reviews and other facts about a patient's care."""

import re
from typing import Any

from slack_bolt.async_app import AsyncApp, AsyncRespond

from billing.people import Member
from bot import pressed
from bot.context import BotContext, Handlers, Request
from bot.grammar import COMMANDS, Section
from bot.grammar.call.line import CareArguments
from bot.grammar.commands import review
from bot.ids import ActionId
from bot.middleware import acknowledge
from bot.replies import Reply
from bot.screens.care import care_answer
from services.care import carry_out, review_answers


async def record(bot: BotContext, request: Request) -> Reply:
    """`/cocm enroll MRN123 payer Cedar Health`, and every other command about care."""
    asked = request.given(CareArguments).request
    return care_answer(
        await bot.practice.write(carry_out.carry_out, request.member, asked, request_key=request.request_key)
    )


#: Every command about care is answered alike, so that a new one needs no line here; `review` opens an hour besides.
HANDLERS: Handlers = {
    command.name: record
    for command in COMMANDS
    if command.section is Section.CARE and command is not review.COMMAND
}


def register(app: AsyncApp, bot: BotContext) -> None:
    """Listen to the buttons of the question about a mistyped MRN, and of reviews in two entries."""

    async def answer(action: dict[str, Any], member: Member, respond: AsyncRespond) -> None:
        pending_id, choice = pressed.last_number(action)
        outcome = await bot.practice.write(carry_out.answer, member, pending_id, choice)
        await respond(**care_answer(outcome).as_replacement())

    async def settle(action: dict[str, Any], member: Member, respond: AsyncRespond) -> None:
        is_one = action["action_id"] == ActionId.SAME_REVIEW
        entry_id = pressed.entry_id(action)
        outcome = await bot.practice.write(review_answers.answer, member, entry_id, is_one=is_one)
        await respond(**care_answer(outcome).as_follow_up())

    for action_id in (ActionId.SAME_REVIEW, ActionId.TWO_REVIEWS):
        app.action(action_id)(ack=acknowledge, lazy=[settle])
    app.action(re.compile(f"^{ActionId.ANSWER_CARE}_\\d+$"))(ack=acknowledge, lazy=[answer])
