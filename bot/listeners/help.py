"""Help, generated from the command registry so that it cannot go stale."""

from bot.blocks.guide import overview, topic
from bot.office import Office, Turn
from bot.replies import Reply


async def handle(office: Office, turn: Turn) -> Reply:
    """`/cocm help [topic]`."""
    names = tuple(office.commands)
    return topic(turn.parsed.topic) if turn.parsed.topic else overview(names)
