"""Choose when messages come unasked."""

from bot import kit
from bot.context import BotContext, Request
from bot.grammar.commands.remind import RemindArguments
from bot.replies import Reply
from bot.screens import reminders as screen
from services.messages import choices


async def handle(bot: BotContext, request: Request) -> Reply:
    """`/cocm remind 8:30 | off | on | snooze 1h | quiet 6pm-7am`, for oneself or for the practice."""
    given = request.parsed.arguments
    assert isinstance(given, RemindArguments), "the grammar gives every understood remind its request"
    practice, asked = bot.practice, given.request
    if asked.asks:
        found = await practice.read(choices.standing, request.member, asked)
    else:
        found = await practice.write(choices.carry_out, request.member, asked)
    today = practice.clock.now().astimezone(found.zone).date()
    return Reply(
        text=screen.PUSH,
        blocks=(
            *([] if asked.asks else [kit.section(screen.DONE)]),
            kit.section(screen.standing(found, today)),
            *([kit.context(screen.how(found))] if found.kinds else []),
        ),
    )
