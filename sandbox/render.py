"""Renders users, channels, messages, files and views as Slack's JSON."""

from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sandbox.config import InstalledApp, Team, User
from sandbox.model import JSON, Channel, File, Message, View

if TYPE_CHECKING:
    from collections.abc import Mapping

PRETTY = {
    "csv": "CSV",
    "xlsx": "Excel Spreadsheet",
    "txt": "Plain Text",
    "pdf": "PDF",
    "json": "JSON",
    "png": "PNG",
}


def user_json(user: User, team: Team, *, now: float, with_email: bool) -> JSON:
    """A user as `users.info` shows it."""
    zone = datetime.fromtimestamp(now, ZoneInfo(user.tz))
    offset = zone.utcoffset()
    real_name = user.real_name or user.name
    profile = {
        "real_name": real_name,
        "real_name_normalized": real_name,
        "display_name": user.display_name,
        "display_name_normalized": user.display_name,
        "team": team.id,
    }
    if with_email and user.email:
        profile["email"] = user.email
    return {
        "id": user.id,
        "team_id": user.team_id or team.id,
        "name": user.name,
        "deleted": user.deleted,
        "color": "9f69e7",
        "real_name": real_name,
        "tz": user.tz,
        "tz_label": zone.tzname(),
        "tz_offset": int(offset.total_seconds()) if offset is not None else 0,
        "profile": profile,
        "is_admin": user.is_admin,
        "is_owner": False,
        "is_primary_owner": False,
        "is_restricted": user.is_restricted or user.is_ultra_restricted,
        "is_ultra_restricted": user.is_ultra_restricted,
        "is_stranger": user.is_stranger,
        "is_bot": user.is_bot,
        "is_app_user": False,
        "updated": int(now),
    }


def channel_json(channel: Channel, team: Team, viewer: str) -> JSON:
    """A conversation as `conversations.info` shows it to `viewer`."""
    body: JSON = {
        "id": channel.id,
        "created": channel.created,
        "is_archived": channel.is_archived,
        "is_im": channel.kind == "im",
        "is_org_shared": False,
        "context_team_id": team.id,
    }
    if channel.kind == "im":
        return body | {
            "user": channel.other(viewer),
            "is_user_deleted": False,
            "is_open": True,
            "last_read": channel.last_read.get(viewer, "0000000000.000000"),
            "priority": 0,
        }
    return body | {
        "name": channel.name,
        "name_normalized": channel.name,
        "is_channel": channel.kind == "public",
        "is_group": channel.kind != "public",
        "is_mpim": channel.kind == "mpim",
        "is_private": channel.kind != "public",
        "is_general": channel.name == "general",
        "is_member": viewer in channel.members,
        "is_shared": channel.is_shared,
        "is_ext_shared": channel.is_shared,
        "is_pending_ext_shared": False,
        "pending_shared": [],
        "shared_team_ids": [team.id],
        "creator": channel.members[0] if channel.members else "",
        "topic": {"value": "", "creator": "", "last_set": 0},
        "purpose": {"value": "", "creator": "", "last_set": 0},
        "previous_names": [],
        "unlinked": 0,
    }


def message_json(message: Message, app: InstalledApp, team: Team, *, with_metadata: bool = False) -> JSON:
    """A message as `conversations.history` shows it. Fields that do not apply are absent, as in Slack."""
    body: JSON = {
        "type": "message",
        "user": message.user,
        "text": message.text,
        "ts": message.ts,
        "team": team.id,
    }
    if message.subtype:
        body["subtype"] = message.subtype
    if message.bot_id:
        body |= {"bot_id": message.bot_id, "app_id": app.id}
        body["bot_profile"] = {
            "id": message.bot_id,
            "app_id": app.id,
            "name": app.name,
            "team_id": team.id,
            "deleted": False,
        }
    if message.blocks is not None:
        body["blocks"] = message.blocks
    if message.thread_ts is not None:
        body["thread_ts"] = message.thread_ts
    if message.replies:
        body |= {
            "thread_ts": message.ts,
            "reply_count": len(message.replies),
            "reply_users": list(message.repliers),
            "reply_users_count": len(message.repliers),
            "latest_reply": message.replies[-1],
        }
    if message.edited:
        body["edited"] = message.edited
    if message.files:
        body |= {"files": [file_json(file, app) for file in message.files], "upload": False}
    if with_metadata and message.metadata:
        body["metadata"] = message.metadata
    return body


def file_json(file: File, app: InstalledApp, channels: "Mapping[str, Channel] | None" = None) -> JSON:
    """A file as messages carry it; with `channels`, as `files.info` shows it, with its shares."""
    extension = file.name.rpartition(".")[2].lower()
    body: JSON = {
        "id": file.id,
        "created": file.created,
        "timestamp": file.created,
        "name": file.name,
        "title": file.title or file.name,
        "mimetype": file.mimetype,
        "filetype": extension,
        "pretty_type": PRETTY.get(extension, "Binary"),
        "user": file.user or app.bot_user_id,
        "editable": False,
        "size": len(file.content) if file.content is not None else 0,
        "mode": "hosted",
        "is_external": False,
        "external_type": "",
        "is_public": False,
        "public_url_shared": False,
        "display_as_bot": False,
        "username": "",
        "url_private": file.url,
        "url_private_download": file.url,
        "permalink": file.url,
    }
    return body if channels is None else body | _shares(file, channels)


def _shares(file: File, channels: "Mapping[str, Channel]") -> JSON:
    found: JSON = {"shares": {}, "channels": [], "groups": [], "ims": []}
    for channel_id, ts, thread_ts in file.shares:
        channel = channels[channel_id]
        group, where = {"public": ("public", "channels"), "im": ("private", "ims")}.get(
            channel.kind, ("private", "groups")
        )
        share = {
            "ts": ts,
            "channel_name": channel.name,
            "reply_users": [],
            "reply_users_count": 0,
            "reply_count": 0,
        }
        if thread_ts is not None:
            share["thread_ts"] = thread_ts
        found["shares"].setdefault(group, {}).setdefault(channel_id, []).append(share)
        if channel_id not in found[where]:
            found[where].append(channel_id)
    return found


def view_json(view: View, app: InstalledApp, team: Team) -> JSON:
    """A view as `views.*` answers it and interactions carry it."""
    empty: JSON = {
        "title": None,
        "submit": None,
        "close": None,
        "private_metadata": "",
        "callback_id": "",
        "external_id": "",
        "clear_on_close": False,
        "notify_on_close": False,
        "submit_disabled": False,
    }
    return (
        empty
        | view.body
        | {
            "id": view.id,
            "team_id": team.id,
            "state": {"values": view.values},
            "hash": view.hash,
            "root_view_id": view.root_view_id,
            "previous_view_id": view.previous_view_id,
            "app_id": app.id,
            "app_installed_team_id": team.id,
            "bot_id": app.bot_id,
        }
    )
