"""chat.*: posting, changing and deleting messages."""

from sandbox.api.call import ApiError, Call
from sandbox.model import JSON, Channel, Draft, Message
from sandbox.render import message_json


def post_message(call: Call) -> JSON:
    """chat.postMessage. A user id as channel means the direct message with that person."""
    channel = _destination(call)
    if channel.is_archived:
        raise ApiError("is_archived")
    if call.bot not in channel.members:
        raise ApiError("not_in_channel" if channel.kind == "public" else "channel_not_found")
    draft = _draft(call, channel)
    message = call.world.post(channel, call.bot, draft)
    body = message_json(message, call.world.app, call.world.team, with_metadata=True)
    return {"channel": channel.id, "ts": message.ts, "message": body}


def post_ephemeral(call: Call) -> JSON:
    """chat.postEphemeral."""
    channel = call.writable()
    if call.text("user") not in channel.members:
        raise ApiError("user_not_in_channel")
    message = call.world.whisper(channel, call.text("user"), _draft(call, channel))
    return {"message_ts": message.ts}


def update(call: Call) -> JSON:
    """chat.update. Text without blocks removes the blocks; blocks without text keep the text."""
    channel, message = _own_message(call, "cant_update_message")
    blocks, text = call.blocks(), call.words()
    if blocks is None and not text:
        raise ApiError("no_text")
    draft = Draft(text=text if "text" in call.args else message.text, blocks=blocks, metadata=call.metadata())
    call.world.change(message, draft)
    body = message_json(message, call.world.app, call.world.team)
    return {"channel": channel.id, "ts": message.ts, "text": message.text, "message": body}


def delete(call: Call) -> JSON:
    """chat.delete."""
    channel, message = _own_message(call, "cant_delete_message")
    call.world.delete(message)
    return {"channel": channel.id, "ts": message.ts}


def _destination(call: Call) -> Channel:
    world, named = call.world, call.text("channel")
    user = world.users.get(named)
    if user is not None and not user.is_bot:
        return world.direct(call.bot, user.id)
    if named in world.channels:
        return world.channels[named]
    name = named.removeprefix("#")
    for channel in world.visible_to(call.bot):
        if channel.name and channel.name == name:
            return channel
    raise ApiError("channel_not_found")


def _draft(call: Call, channel: Channel) -> Draft:
    blocks, text = call.blocks(), call.words()
    if not text and not blocks:
        raise ApiError("no_text")
    thread_ts = call.text("thread_ts") or None
    if thread_ts is not None:
        parent = channel.messages.get(thread_ts)
        if parent is None:
            raise ApiError("cannot_reply_to_message")
        thread_ts = parent.thread_ts or parent.ts
    is_broadcast = thread_ts is not None and call.flag("reply_broadcast")
    return Draft(
        text=text,
        blocks=blocks,
        thread_ts=thread_ts,
        metadata=call.metadata(),
        is_broadcast=is_broadcast,
        subtype="thread_broadcast" if is_broadcast else None,
    )


def _own_message(call: Call, refusal: str) -> tuple[Channel, Message]:
    channel = call.world.channels.get(call.text("channel"))
    if channel is None or (channel.kind != "public" and call.bot not in channel.members):
        raise ApiError("channel_not_found")
    message = channel.messages.get(call.text("ts"))
    if message is None or message.subtype == "tombstone":
        raise ApiError("message_not_found")
    if message.user != call.bot:
        raise ApiError(refusal)
    return channel, message
