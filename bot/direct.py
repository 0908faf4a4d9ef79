"""Say something to one person in their direct message with the bot."""

from bot.office import Office
from bot.replies import Reply


async def tell(office: Office, user_id: str, reply: Reply) -> None:
    """Open the direct message and post there; needs no channel and is seen by nobody else."""
    opened = await office.client.conversations_open(users=user_id)
    await say(office, opened["channel"]["id"], reply)


async def say(office: Office, channel_id: str, reply: Reply) -> None:
    """Post in a direct message that is open already."""
    await office.client.chat_postMessage(channel=channel_id, text=reply.text, blocks=list(reply.blocks))
