"""Listeners for the menus whose options are looked up while a person types: patients, payers."""

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from billing.people import Member
from bot.context import BotContext
from bot.ids import BlockId
from bot.patient_fields import stands_for
from bot.screens import patient_menu as screen
from services.people import search


def register(app: AsyncApp, bot: BotContext) -> None:
    """Listen to what is typed into a menu of patients."""

    async def look_up(ack: AsyncAck, body: dict[str, Any], member: Member) -> None:
        found = await bot.practice.read(search.search, member, body.get("value") or "")
        typed = None
        if found.unknown_mrn:
            value = stands_for(bot, member, found.unknown_mrn)
            typed = screen.typed_option(found.unknown_mrn, value, bot.views)
        await ack(**screen.answer(found, bot.views, typed))

    app.options(BlockId.PATIENT)(look_up)
