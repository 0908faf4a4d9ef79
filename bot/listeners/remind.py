"""Choose when messages come unasked."""

from bot import kit, remind_words
from bot.grammar.arguments import RemindArguments
from bot.office import Office, Turn
from bot.replies import Reply
from services import reminders


async def handle(office: Office, turn: Turn) -> Reply:
    """`/cocm remind 8:30 | off | on | snooze 1h`."""
    given = turn.parsed.arguments
    assert isinstance(given, RemindArguments), "the grammar gives every understood remind its choice"
    practice, member = office.practice, turn.member
    if given.at is not None:
        set_ = await practice.write(reminders.set_time, member, given.at)
    elif given.on is not None:
        set_ = await practice.write(reminders.switch, member, on=given.on)
    elif given.snooze_seconds is not None:
        set_ = await practice.write(reminders.snooze, member, given.snooze_seconds)
    else:
        set_ = await practice.read(reminders.standing, member)
    today = practice.clock.now().astimezone(set_.zone).date()
    said = remind_words.standing(set_, today)
    return Reply(text=remind_words.PUSH, blocks=(kit.section(said), kit.context(remind_words.HOW)))
