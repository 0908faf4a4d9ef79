"""The bodies that Slack sends to apps, field by field as captured from the real one."""

from typing import Any

from sandbox.elements import FIELDS
from sandbox.model import JSON, Channel, Message, View
from sandbox.render import message_json, view_json
from sandbox.world import World

_CHANNEL_NAMES = {"im": "directmessage", "private": "privategroup"}
_EVENT_KINDS = {"public": "channel", "private": "group", "im": "im", "mpim": "mpim"}
#: what of an element is repeated in the action it causes
_REPEATED = ("text", "value", "style", "url", "placeholder", "confirm")


class Payloads:
    """Builds payloads for one world."""

    def __init__(self, world: World) -> None:
        self._world = world

    def command(self, user_id: str, channel: Channel, command: str, text: str, response_url: str) -> JSON:
        """A slash command, as form fields."""
        world, team = self._world, self._world.team
        fields: JSON = {
            "token": _TOKEN,
            "team_id": team.id,
            "team_domain": team.domain,
            "channel_id": channel.id,
            "channel_name": _CHANNEL_NAMES.get(channel.kind, channel.name),
            "user_id": user_id,
            "user_name": world.users[user_id].name,
            "command": command,
            "text": text,
            "api_app_id": world.app.id,
            "is_enterprise_install": "false",
            "response_url": response_url,
            "trigger_id": world.new_trigger(user_id),
        }
        if team.enterprise_id:
            fields |= {"enterprise_id": team.enterprise_id, "enterprise_name": team.enterprise_name}
        return fields

    def message_action(
        self, user_id: str, message: Message, action: JSON, values: JSON, response_url: str
    ) -> JSON:
        """Something used in a message. What only one person sees is not repeated back, as in Slack."""
        world = self._world
        is_ephemeral = message.ephemeral_to is not None
        container = {
            "type": "message",
            "message_ts": message.ts,
            "channel_id": message.channel,
            "is_ephemeral": is_ephemeral,
        }
        if message.thread_ts is not None:
            container["thread_ts"] = message.thread_ts
        payload = self._interaction("block_actions", user_id) | {
            "container": container,
            "channel": self._channel(world.channels[message.channel]),
            "state": {"values": values},
            "response_url": response_url,
            "actions": [action],
        }
        if not is_ephemeral:
            payload["message"] = message_json(message, world.app, world.team)
        return payload

    def view_action(self, view: View, action: JSON) -> JSON:
        """Something used in a modal or Home tab."""
        return self._interaction("block_actions", view.user, view) | {
            "container": {"type": "view", "view_id": view.id},
            "state": {"values": view.values},
            "actions": [action],
        }

    def suggestion_in_message(
        self, user_id: str, message: Message, values: JSON, block_id: str, action_id: str, typed: str
    ) -> JSON:
        """Something typed into a message's menu of the app's own data. It carries no right to answer later."""
        payload = self.message_action(user_id, message, {}, values, "")
        return _suggestion(payload, block_id, action_id, typed)

    def suggestion_in_view(self, view: View, block_id: str, action_id: str, typed: str) -> JSON:
        """Something typed into such a menu of a modal or Home tab."""
        return _suggestion(self.view_action(view, {}), block_id, action_id, typed)

    def action(self, block_id: str, element: JSON, given: JSON) -> JSON:
        """One entry of `actions`: the element, and what the person did with it."""
        body = {name: element[name] for name in _REPEATED if name in element}
        field = FIELDS.get(element["type"])
        if field is not None and field.initial in element:
            body[field.initial] = element[field.initial]
        return (
            body
            | given
            | {
                "type": element["type"],
                "block_id": block_id,
                "action_id": element["action_id"],
                "action_ts": self._world.next_ts(),
            }
        )

    def submission(self, view: View) -> JSON:
        """A modal submitted."""
        return self._interaction("view_submission", view.user, view) | {"response_urls": []}

    def closed(self, view: View, *, is_cleared: bool) -> JSON:
        """A modal closed by the person."""
        payload = self._interaction("view_closed", view.user, view) | {"is_cleared": is_cleared}
        del payload["trigger_id"]
        return payload

    def global_shortcut(self, user_id: str, callback_id: str) -> JSON:
        """A global shortcut."""
        return self._interaction("shortcut", user_id) | {
            "callback_id": callback_id,
            "action_ts": self._world.next_ts(),
        }

    def message_shortcut(self, user_id: str, callback_id: str, message: Message, response_url: str) -> JSON:
        """A shortcut taken from a message's menu."""
        world = self._world
        return self._interaction("message_action", user_id) | {
            "callback_id": callback_id,
            "action_ts": world.next_ts(),
            "message_ts": message.ts,
            "message": message_json(message, world.app, world.team),
            "channel": self._channel(world.channels[message.channel]),
            "response_url": response_url,
        }

    def event(self, event: JSON) -> JSON:
        """An event in the envelope of the Events API."""
        world = self._world
        return {
            "token": _TOKEN,
            "team_id": world.team.id,
            "api_app_id": world.app.id,
            "event": event,
            "type": "event_callback",
            "event_id": world.new_id("Ev"),
            "event_time": int(world.clock.now()),
            "authorizations": [
                {
                    "enterprise_id": world.team.enterprise_id,
                    "team_id": world.team.id,
                    "user_id": world.app.bot_user_id,
                    "is_bot": True,
                    "is_enterprise_install": False,
                }
            ],
            "is_ext_shared_channel": False,
        }

    def message_event(self, message: Message) -> JSON:
        """The `message` event of a new message."""
        world = self._world
        channel = world.channels[message.channel]
        body = message_json(message, world.app, world.team, with_metadata=True)
        if message.bot_id is None:
            body["client_msg_id"] = world.new_id("client-msg-")
        return body | {
            "channel": channel.id,
            "event_ts": message.ts,
            "channel_type": _EVENT_KINDS[channel.kind],
        }

    def change_event(self, kind: str, message: Message, previous: JSON) -> JSON:
        """The `message` event of a message changed or deleted."""
        world = self._world
        channel = world.channels[message.channel]
        ts = world.next_ts()
        body: JSON = {
            "type": "message",
            "subtype": kind,
            "previous_message": previous,
            "hidden": True,
            "channel": channel.id,
            "ts": ts,
            "event_ts": ts,
            "channel_type": _EVENT_KINDS[channel.kind],
        }
        if kind == "message_deleted":
            return body | {"deleted_ts": message.ts}
        return body | {"message": message_json(message, world.app, world.team)}

    def mention_event(self, message: Message) -> JSON:
        """The `app_mention` event."""
        body = self.message_event(message)
        del body["channel_type"]
        return body | {"type": "app_mention"}

    def home_event(self, user_id: str, tab: str, view: View | None) -> JSON:
        """The `app_home_opened` event."""
        world = self._world
        event: JSON = {
            "type": "app_home_opened",
            "user": user_id,
            "channel": world.direct(world.app.bot_user_id, user_id).id,
            "tab": tab,
            "event_ts": world.next_ts(),
        }
        if tab == "home" and view is not None:
            event["view"] = view_json(view, world.app, world.team)
        return event

    def _interaction(self, kind: str, user_id: str, view: View | None = None) -> JSON:
        world, team = self._world, self._world.team
        name = world.users[user_id].name
        payload: dict[str, Any] = {
            "type": kind,
            "user": {"id": user_id, "username": name, "name": name, "team_id": team.id},
            "api_app_id": world.app.id,
            "token": _TOKEN,
            "team": {"id": team.id, "domain": team.domain},
            "enterprise": None,
            "is_enterprise_install": False,
            "trigger_id": world.new_trigger(user_id, None if view is None else view.id),
        }
        if team.enterprise_id:
            payload["enterprise"] = {"id": team.enterprise_id, "name": team.enterprise_name}
            payload["team"] |= {"enterprise_id": team.enterprise_id, "enterprise_name": team.enterprise_name}
        if view is not None:
            payload["view"] = view_json(view, world.app, team)
        return payload

    def _channel(self, channel: Channel) -> JSON:
        return {"id": channel.id, "name": _CHANNEL_NAMES.get(channel.kind, channel.name)}


def _suggestion(payload: JSON, block_id: str, action_id: str, typed: str) -> JSON:
    """A `block_suggestion` from what an action at the same place would be."""
    kept = {key: value for key, value in payload.items() if key not in _NOT_IN_SUGGESTIONS}
    asked = {"type": "block_suggestion", "block_id": block_id, "action_id": action_id, "value": typed}
    return kept | asked


#: what an action has and a suggestion has not: nothing can be opened or answered from one
_NOT_IN_SUGGESTIONS = frozenset({"actions", "response_url", "trigger_id", "state"})
#: the old verification token, which no app should rely on
_TOKEN = "sandbox-verification-token"  # noqa: S105 - a placeholder, secret to nobody
