"""Serves the chat page over HTTP: state, messages, actions, and the stream of changes."""

import base64
from collections.abc import Awaitable, Callable
from json import JSONDecodeError
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from sandbox.faults import Fault
from sandbox.model import JSON, Change, Channel
from sandbox.people import Impossible
from sandbox.render import view_json
from sandbox.sandbox import Sandbox
from sandbox.streams import page_message

_ORDER = {"public": 0, "private": 0, "mpim": 1, "im": 2}
Endpoint = Callable[[Request], Awaitable[Response]]


class Asked:
    """A request of the page: its fields, by name, with a plain refusal where one is missing."""

    def __init__(self, fields: JSON, base_url: str) -> None:
        self._fields = fields
        self.base_url = base_url

    def text(self, name: str) -> str:
        """A text field that must be there."""
        value = self._fields.get(name)
        if not isinstance(value, str) or not value:
            raise Impossible(f"{name} is missing")
        return value

    def option(self, name: str) -> str | None:
        """A text field that may be there."""
        value = self._fields.get(name)
        return value if isinstance(value, str) and value else None

    def body(self, name: str) -> JSON:
        """An object; empty when absent."""
        value = self._fields.get(name)
        return value if isinstance(value, dict) else {}

    def flag(self, name: str) -> bool:
        """Whether a field is set."""
        return bool(self._fields.get(name))


class Page:
    """The page's endpoints, as the sandbox's contract with it says."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._world = sandbox.world
        self._people = sandbox.people

    def routes(self) -> list[BaseRoute]:
        """Where they are."""
        asked = {"state": self.state, "messages": self.messages}
        told = {
            "message": self.say,
            "file": self.share,
            "command": self.command,
            "action": self.act,
            "options": self.suggest,
            "view_submit": self.submit,
            "view_close": self.close,
            "home": self.home,
            "shortcut": self.shortcut,
            "seen": self.seen,
            "control": self.control,
        }
        return [
            *(Route(f"/page/{name}", _endpoint(run), methods=["GET"]) for name, run in asked.items()),
            *(Route(f"/page/{name}", _endpoint(run), methods=["POST"]) for name, run in told.items()),
            Route("/page/stream", self.stream),
            Route("/page/calls", self.calls),
            Route("/page/faults", self.faults, methods=["GET", "POST", "DELETE"]),
        ]

    # -- asked

    async def state(self, asked: Asked) -> JSON:
        """Everything a page needs to draw its frame."""
        world = self._world
        # A page opened for the first time does not know anybody yet: the first person's is shown.
        people = (user.id for user in world.users.values() if not user.is_bot)
        me = asked.option("as") or next(people, "")
        if me not in world.users:
            raise Impossible("There is no such person.")
        world.direct(me, world.app.bot_user_id)
        users = [self._user(user_id) for user_id in world.users]
        channels = sorted(world.visible_to(me), key=lambda channel: (_ORDER[channel.kind], channel.name))
        app = world.app
        return {
            "team": {"id": world.team.id, "domain": world.team.domain, "name": world.team.name},
            "me": self._user(me),
            "users": users,
            "channels": [self._channel(channel, me) for channel in channels],
            "app": {
                "id": app.id,
                "name": app.name,
                "bot_user_id": app.bot_user_id,
                "commands": [
                    {key: command.get(key, "") for key in ("command", "description", "usage_hint")}
                    for command in app.commands
                ],
                "shortcuts": [
                    {key: shortcut.get(key, "") for key in ("type", "name", "callback_id", "description")}
                    for shortcut in app.shortcuts
                ],
            },
            "connected": self._sandbox.is_connected,
            "world": world.epoch,
            "now": world.clock.now(),
            "clock_note": world.config.clock_note,
            "controls": [
                {"name": each.name, "label": each.label, "hint": each.hint, "ask": each.ask}
                for each in world.config.controls
            ],
        }

    async def messages(self, asked: Asked) -> JSON:
        """A conversation, or one thread of it, with what only this person can see; oldest first."""
        me = asked.text("as")
        channel = self._people.conversation(me, asked.text("channel"))
        thread_ts = asked.option("thread_ts")
        own = self._world.ephemerals.get((me, channel.id), {}).values()
        if thread_ts is None:
            shown = [channel.messages[ts] for ts in channel.timeline]
            shown += [message for message in own if not message.is_reply]
        else:
            parent = self._people.message(me, channel.id, thread_ts)
            shown = [parent, *(channel.messages[ts] for ts in parent.replies)]
            shown += [message for message in own if message.thread_ts == thread_ts]
        shown.sort(key=lambda message: message.ts)
        return {"messages": [page_message(self._world, message) for message in shown]}

    async def stream(self, request: Request) -> Response:
        """Server-Sent Events for one person."""
        user_id = request.query_params.get("as", "")
        if user_id not in self._world.users:
            return JSONResponse({"error": "There is no such person."}, 404)
        return StreamingResponse(
            self._sandbox.streams.read(user_id),
            media_type="text/event-stream",
            headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
        )

    async def calls(self, request: Request) -> Response:
        """Every Web API call seen, oldest first."""
        del request
        rows = [
            {"method": call.method, "ok": call.ok, "error": call.error, "at": call.at}
            for call in self._world.calls
        ]
        return JSONResponse({"calls": rows})

    async def faults(self, request: Request) -> Response:
        """Look at, set or clear what is to go wrong."""
        faults = self._sandbox.api.faults
        if request.method == "DELETE":
            faults.clear()
        elif request.method == "POST":
            try:
                faults.add(Fault.read(await request.json()))
            except ValueError as refusal:
                return JSONResponse({"error": str(refusal)}, 400)
        return JSONResponse({"faults": [fault.as_json() for fault in faults.waiting()]})

    # -- told

    async def say(self, asked: Asked) -> JSON:
        """A person's message."""
        message = self._people.say(
            asked.text("as"), asked.text("channel"), asked.text("text"), asked.option("thread_ts")
        )
        return {"ts": message.ts, "channel": message.channel}

    async def share(self, asked: Asked) -> JSON:
        """A person's file, its bytes in Base64, with words beside it or without."""
        try:
            content = base64.b64decode(asked.option("content") or "", validate=True)
        except ValueError:
            raise Impossible("content is not Base64") from None
        message = self._people.share_file(
            asked.text("as"),
            asked.text("channel"),
            asked.text("name"),
            content,
            asked.option("text") or "",
            base_url=self._world.app_base_url or asked.base_url,
        )
        return {"ts": message.ts, "channel": message.channel}

    async def command(self, asked: Asked) -> JSON:
        """A slash command; its answer, or Slack's failure, comes as an ephemeral message."""
        ran = await self._people.command(
            asked.text("as"), asked.text("channel"), asked.text("text"), base_url=asked.base_url
        )
        return {"ok": False, "error": ran.failure} if ran.failure else {"ok": True}

    async def act(self, asked: Asked) -> JSON:
        """A button pressed, an option picked, a date chosen."""
        me, container = asked.text("as"), Asked(asked.body("container"), asked.base_url)
        element = (asked.text("block_id"), asked.text("action_id"), asked.body("element"))
        if container.text("type") == "view":
            view = self._people.view(me, container.text("view_id"))
            filled = asked.body("state").get("values")
            said = await self._people.act_in_view(view, *element, filled)
        else:
            message = self._people.message(me, container.text("channel"), container.text("ts"))
            said = await self._people.act_in_message(me, message, *element, base_url=asked.base_url)
        return {"ok": False, "error": said.failure} if said.failure else {"ok": True}

    async def suggest(self, asked: Asked) -> JSON:
        """A select menu of the app's own data opened, or typed into: what may be picked, in groups."""
        me, container = asked.text("as"), Asked(asked.body("container"), asked.base_url)
        menu = (asked.text("block_id"), asked.text("action_id"), asked.option("value") or "")
        if container.text("type") == "view":
            view = self._people.view(me, container.text("view_id"))
            said = await self._people.type_in_view(view, *menu, asked.body("state").get("values"))
        else:
            message = self._people.message(me, container.text("channel"), container.text("ts"))
            said = await self._people.type_in_message(me, message, *menu)
        return {"error": said.failure} if said.failure else {"groups": list(said.groups)}

    async def submit(self, asked: Asked) -> JSON:
        """A modal submitted."""
        view = self._people.view(asked.text("as"), asked.text("view_id"))
        outcome = await self._people.submit(view, asked.body("state").get("values") or {})
        body: JSON = {"action": outcome.action}
        if outcome.errors:
            body["errors"] = outcome.errors
        if outcome.view is not None:
            body["view"] = view_json(outcome.view, self._world.app, self._world.team)
        if outcome.failure:
            body["error"] = outcome.failure
        return body

    async def close(self, asked: Asked) -> JSON:
        """A modal closed."""
        view = self._people.view(asked.text("as"), asked.text("view_id"))
        await self._people.close(view, clear=asked.flag("clear"))
        return {"ok": True}

    async def home(self, asked: Asked) -> JSON:
        """The app's Home or Messages tab opened."""
        view = self._people.open_home(asked.text("as"), asked.option("tab") or "home")
        return {"view": None if view is None else view_json(view, self._world.app, self._world.team)}

    async def shortcut(self, asked: Asked) -> JSON:
        """A shortcut used."""
        me, message = asked.text("as"), None
        if asked.option("ts") is not None:
            message = self._people.message(me, asked.text("channel"), asked.text("ts"))
        said = await self._people.shortcut(me, asked.text("callback_id"), message, base_url=asked.base_url)
        return {"ok": False, "error": said.failure} if said.failure else {"ok": True}

    async def control(self, asked: Asked) -> JSON:
        """A button of whoever runs the sandbox pressed; the clock may be another afterwards."""
        me, name = asked.text("as"), asked.text("name")
        found = next((each for each in self._world.config.controls if each.name == name), None)
        if found is None or me not in self._world.users:
            raise Impossible("There is no such control.")
        done = await found.run(me)
        place = done.place
        visible = {channel.id for channel in self._world.visible_to(me)}
        now = self._world.clock.now()
        self._world.tell(Change(type="clock", audience=None, detail={"now": now}))
        return {"words": done.words, "place": place if place == "app" or place in visible else "", "now": now}

    async def seen(self, asked: Asked) -> JSON:
        """A conversation looked at: nothing in it is unread any more."""
        channel = self._people.conversation(asked.text("as"), asked.text("channel"))
        if channel.timeline:
            channel.last_read[asked.text("as")] = channel.timeline[-1]
        return {"ok": True}

    # -- rows

    def _user(self, user_id: str) -> JSON:
        user = self._world.users[user_id]
        return {
            "id": user.id,
            "name": user.name,
            "display_name": user.display_name or user.real_name or user.name,
            "real_name": user.real_name or user.name,
            "is_bot": user.is_bot,
            "tz": user.tz,
        }

    def _channel(self, channel: Channel, me: str) -> JSON:
        row: JSON = {
            "id": channel.id,
            "name": channel.name,
            "kind": channel.kind,
            "is_member": me in channel.members,
            "is_shared": channel.is_shared,
            "unread": self._world.unread(channel, me) if me in channel.members else 0,
        }
        return row | ({"user": channel.other(me)} if channel.kind == "im" else {})


def _endpoint(run: Callable[[Asked], Awaitable[JSON]]) -> Endpoint:
    """An endpoint that reads its fields from the query or a JSON body and says plainly what is wrong."""

    async def endpoint(request: Request) -> Response:
        fields: Any = dict(request.query_params)
        if request.method == "POST":
            try:
                fields = await request.json()
            except JSONDecodeError:
                fields = None
        if not isinstance(fields, dict):
            return JSONResponse({"error": "the body must be a JSON object"}, 400)
        try:
            return JSONResponse(await run(Asked(fields, str(request.base_url))))
        except Impossible as refusal:
            return JSONResponse({"error": str(refusal)}, 404)

    return endpoint
