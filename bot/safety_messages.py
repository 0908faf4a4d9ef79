"""Keeps the messages about positive answers about suicide true: who has seen one is shown to all who were told."""

from datetime import datetime

from billing.people import Member
from bot.context import BotContext
from bot.replies import Reply
from bot.screens import safety as screen
from bot.slack_answers import asked
from services.messages import safety as messages


async def message_about(bot: BotContext, member: Member, at: datetime, acts: dict[int, int]) -> Reply | None:
    """A member's message about what was written at an instant, as it stands now; None where nothing is left of it."""
    zone = bot.zone_of(member)
    found = await bot.practice.read(messages.safety_notice, member, at)
    if not found.items:
        return None
    today = bot.practice.clock.now().astimezone(zone).date()
    return screen.notice_as_it_stands(found, zone, today, reader=member, acts=acts)


async def show_all(bot: BotContext, score_id: int, *, but: Member | None = None) -> None:
    """Show those who were told, in the messages that they have, who has seen it."""
    for reader, one in await bot.practice.read(messages.messages_about, score_id):
        if but is not None and reader.member_id == but.member_id:
            continue
        shown = await message_about(bot, reader, messages.instant_of(one.period), {})
        if shown is None:
            continue
        # A message that was deleted, or is too old to be changed, is let be: the morning has it as it stands.
        await asked(
            bot.client.chat_update(channel=one.channel, ts=one.ts, text=shown.text, blocks=list(shown.blocks))
        )
