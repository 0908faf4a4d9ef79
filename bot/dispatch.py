"""Reads a person's words, calls the command's handler, and sends the answer."""

from billing.people import Member
from bot.context import BotContext, Request
from bot.replies import Reply
from bot.screens.problems import problems


async def respond(
    bot: BotContext,
    member: Member,
    text: str,
    *,
    request_key: str | None,
    trigger_id: str | None = None,
) -> Reply:
    """Understand one message and do what it says.

    Raises:
        Refusal: when what was understood cannot be done.
    """
    parsed = await bot.understand(text, member)
    if parsed.problems:
        return problems(text, parsed)
    handle = bot.commands[parsed.command]
    return await handle(
        bot, Request(member=member, parsed=parsed, request_key=request_key, trigger_id=trigger_id)
    )
