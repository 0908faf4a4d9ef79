"""Choose when messages come unasked."""

from bot import kit, remind_words
from bot.grammar.arguments import RemindArguments
from bot.office import Office, Turn
from bot.replies import Reply
from services import reminders


async def handle(office: Office, turn: Turn) -> Reply:
    """`/cocm remind 8:30 | off | on | snooze 1h | quiet 6pm-7am`, for oneself or for the practice."""
    given = turn.parsed.arguments
    assert isinstance(given, RemindArguments), "the grammar gives every understood remind its request"
    practice, request = office.practice, given.request
    if request.asks:
        found = await practice.read(reminders.standing, turn.member, request)
    else:
        found = await practice.write(reminders.carry_out, turn.member, request)
    today = practice.clock.now().astimezone(found.zone).date()
    return Reply(
        text=remind_words.PUSH,
        blocks=(
            *([] if request.asks else [kit.section(remind_words.DONE)]),
            kit.section(remind_words.standing(found, today)),
            *([kit.context(remind_words.how(found))] if found.kinds else []),
        ),
    )
