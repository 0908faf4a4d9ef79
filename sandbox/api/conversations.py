"""conversations.*: finding conversations, opening direct messages, and reading history."""

import base64
import binascii
import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import islice

from sandbox.api.call import READ_SCOPE, ApiError, Call
from sandbox.model import JSON, Channel
from sandbox.render import channel_json, message_json

_KINDS = {"public_channel": "public", "private_channel": "private", "im": "im", "mpim": "mpim"}
_TS = re.compile(r"\d+(\.\d+)?")
_MAX_DM = 8


def info(call: Call) -> JSON:
    """conversations.info."""
    channel = call.readable()
    body = channel_json(channel, call.world.team, call.bot)
    if call.flag("include_num_members"):
        body["num_members"] = len(channel.members)
    return {"channel": body}


def list_(call: Call) -> JSON:
    """conversations.list: public channels, and those of other kinds that the bot is in."""
    asked = call.text("types") or "public_channel"
    kinds = [name.strip() for name in asked.split(",")]
    if any(kind not in _KINDS for kind in kinds):
        raise ApiError("invalid_types")
    for kind in kinds:
        call.need(f"{READ_SCOPE[_KINDS[kind]]}:read")
    wanted = {_KINDS[kind] for kind in kinds}
    found = sorted(
        (
            channel
            for channel in call.world.visible_to(call.bot)
            if channel.kind in wanted and not (call.flag("exclude_archived") and channel.is_archived)
        ),
        key=lambda channel: channel.id,
    )
    shown, cursor = page(call, [channel.id for channel in found], default=100)
    rows = [channel_json(call.world.channels[channel_id], call.world.team, call.bot) for channel_id in shown]
    return {"channels": rows, "response_metadata": {"next_cursor": cursor}}


def members(call: Call) -> JSON:
    """conversations.members."""
    channel = call.readable()
    shown, cursor = page(call, sorted(channel.members), default=100)
    return {"members": shown, "response_metadata": {"next_cursor": cursor}}


def open_(call: Call) -> JSON:
    """conversations.open: a direct message by its people, or by its id."""
    world = call.world
    if call.text("channel"):
        channel = world.channels.get(call.text("channel"))
        if channel is None or channel.kind not in {"im", "mpim"} or call.bot not in channel.members:
            raise ApiError("channel_not_found")
        already = True
    else:
        names = [name.strip() for name in call.text("users").split(",") if name.strip()]
        if not names:
            raise ApiError("users_list_not_supplied")
        if len(names) > _MAX_DM:
            raise ApiError("too_many_users")
        if any(name not in world.users for name in names):
            raise ApiError("user_not_found")
        call.need("im:write" if len(names) == 1 else "mpim:write")
        known = len(world.channels)
        channel = world.direct(call.bot, *names)
        already = known == len(world.channels)
    body: JSON = {"channel": {"id": channel.id}}
    if call.flag("return_im"):
        body["channel"] = channel_json(channel, world.team, call.bot)
    return body | ({"no_op": True, "already_open": True} if already else {})


def history(call: Call) -> JSON:
    """conversations.history: newest first. A user id is refused, as Slack does."""
    channel = call.readable("history")
    start, end = _span(call, channel.timeline)
    limit = call.number("limit", 100, at_most=999)
    first = max(start, end - limit)
    rows = _rows(call, channel, list(reversed(channel.timeline[first:end])))
    has_more = first > start
    body: JSON = {"messages": rows, "has_more": has_more, "pin_count": 0}
    if has_more:
        body["response_metadata"] = {"next_cursor": _cursor(channel.timeline[first - 1])}
    return body


def replies(call: Call) -> JSON:
    """conversations.replies: the message first, then its replies, oldest first."""
    channel = call.readable("history")
    parent = channel.messages.get(call.text("ts"))
    if parent is None:
        raise ApiError("thread_not_found")
    if parent.is_reply:
        return {"messages": _rows(call, channel, [parent.ts]), "has_more": False}
    oldest, latest = _bound(call, "oldest"), _bound(call, "latest")
    inside = [ts for ts in parent.replies if _within(ts, oldest, latest, inclusive=call.flag("inclusive"))]
    shown, cursor = page(call, inside, default=1000)
    body: JSON = {"messages": _rows(call, channel, [parent.ts, *shown]), "has_more": bool(cursor)}
    if cursor:
        body["response_metadata"] = {"next_cursor": cursor}
    return body


def page(call: Call, ids: Sequence[str], *, default: int) -> tuple[list[str], str]:
    """The ids from the cursor on, as many as the limit allows, and the next cursor (empty at the end)."""
    limit = call.number("limit", default, at_most=1000)
    first = 0
    if call.text("cursor"):
        start = _from_cursor(call.text("cursor"))
        if start not in ids:
            raise ApiError("invalid_cursor")
        first = ids.index(start)
    following = next(islice(ids, first + limit, None), None)
    return list(ids[first : first + limit]), _cursor(following) if following is not None else ""


def _span(call: Call, timeline: list[str]) -> tuple[int, int]:
    """The part of the timeline asked for, as a half-open range of positions."""
    inclusive = call.flag("inclusive")
    oldest, latest = _bound(call, "oldest"), _bound(call, "latest")
    start = (bisect_left if inclusive else bisect_right)(timeline, oldest) if oldest else 0
    end = (bisect_right if inclusive else bisect_left)(timeline, latest) if latest else len(timeline)
    if call.text("cursor"):
        newest = _from_cursor(call.text("cursor"))
        if not _TS.fullmatch(newest):
            raise ApiError("invalid_cursor")
        end = min(end, bisect_right(timeline, newest))
    return start, max(start, end)


def _bound(call: Call, name: str) -> str:
    """A ts argument in the stored form, so that texts compare as numbers do; empty when absent."""
    value = call.text(name)
    if not value or value in {"0", "now"}:
        return ""
    if not _TS.fullmatch(value):
        raise ApiError(f"invalid_ts_{name}")
    seconds, _, micros = value.partition(".")
    return f"{int(seconds):010d}.{micros:0<6}"


def _within(ts: str, oldest: str, latest: str, *, inclusive: bool) -> bool:
    if inclusive and ts in (oldest, latest):
        return True
    return ts > oldest and (not latest or ts < latest)


def _rows(call: Call, channel: Channel, timestamps: Sequence[str]) -> list[JSON]:
    with_metadata = call.flag("include_all_metadata")
    return [
        message_json(channel.messages[ts], call.world.app, call.world.team, with_metadata=with_metadata)
        for ts in timestamps
    ]


def _cursor(start: str) -> str:
    return base64.b64encode(f"next:{start}".encode()).decode()


def _from_cursor(cursor: str) -> str:
    try:
        kind, _, start = base64.b64decode(cursor, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        raise ApiError("invalid_cursor") from None
    if kind != "next":
        raise ApiError("invalid_cursor")
    return start
