"""The whole bot at work in front of a sandbox, and an eye on what it answers, shows, stores and writes to its log."""

import asyncio
import io
import json
import logging
import random
import re
import sqlite3
from collections.abc import Iterator
from contextlib import AsyncExitStack, nullcontext
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import urlencode

from benchmarks.soak.places import sqlite
from benchmarks.soak.tally import KeptTally
from billing.people import MemberRole
from bot.door.web import build_web
from cocm import logs
from cocm.door_server import DoorServer, listening_socket
from cocm.wiring import Application, open_program
from sandbox.elements import interactive
from sandbox.model import JSON, Change, Message, View
from services.context import Context
from storage import Database
from tests.support.bot import ANA, BEN, SAM, answering_in_time, clinic_with_bot, settings_for
from tests.support.slack import LocalSlack, running_slack, sign

#: Whatever begins so is the number, the name or the words of a patient, and may stand in no log.
MRN, NAME, NOTE = "77419", "Quillfeather", "zanthorn"
#: Every patient's number goes on behind these five figures, which a fraction of a second may hold as well.
_CANARIES = re.compile(rf"{MRN}0\d|{NAME}|{NOTE}", re.IGNORECASE)
_PATIENTS = (f"{MRN}01", f"{MRN}02", f"{MRN}03")
#: What the scene is made of: commands of every kind.
LINES = (
    f"enroll MRN{_PATIENTS[0]} payer Cedar",
    f"enroll MRN{_PATIENTS[1]}",
    f"consent MRN{_PATIENTS[0]} verbal",
    f"assess MRN{_PATIENTS[0]} PHQ-9 14",
    f"15m MRN{_PATIENTS[0]} {NOTE} call",
    f"20m MRN{_PATIENTS[1]} chart review {NOTE}",
    f"35m MRN{_PATIENTS[2]} {NOTE} call yesterday",
    f"15m MRN{_PATIENTS[0]}, MRN{_PATIENTS[1]} case review",
    f"9m MRN{_PATIENTS[0]} {NOTE} PHQ-9 from 10/21",
    "assess MRN7741901 PHQ-9 18 item 9 2",
    f"start MRN{_PATIENTS[0]}",
    f"review MRN{_PATIENTS[0]} 20m",
    "assign MRN7741901 <@U0ANA|ana>",
    "cover <@U0BEN|ben> today",
    "today",
    "week",
    "month",
    "caseload",
    "near",
    f"status MRN{_PATIENTS[0]}",
    f"why MRN{_PATIENTS[0]}",
    f"history MRN{_PATIENTS[0]}",
    "report",
    "remind",
    "members",
    "roles",
    "payers",
    "settings",
    "imports",
    "timer",
    "help",
    "undo",
    "0m MRN7741901 call",
    "how many minutes has MRN7741901",
    "",
)
#: Buttons and menus that are tried to find more forms, at most.
_MOST_PRESSED = 160


@dataclass
class Said:
    """What came of one request."""

    status: int
    body: bytes
    #: What the sandbox showed meanwhile, of any kind.
    shown: list[Change] = field(default_factory=list)

    @property
    def answer(self) -> Any:
        """The body as JSON, where it is some."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None


@dataclass
class Seen:
    """What Slack has delivered so far, as templates to change: its kind and payload."""

    payloads: list[tuple[str, JSON]] = field(default_factory=list)
    views: list[JSON] = field(default_factory=list)


class AtWork:
    """Runs the bot in an event loop of its own, one request after the other."""

    def __init__(self, tally: KeptTally, seed: int) -> None:
        self.tally = tally
        self.chance = random.Random(seed)
        self.seen = Seen()
        self.port = 0
        self._runner = asyncio.Runner()
        self._stack = AsyncExitStack()
        self._log = io.StringIO()
        self._shown: list[Change] = []
        self.slack: LocalSlack
        self.program: Application
        self.url = ""

    def __enter__(self) -> Self:
        self._stack.enter_context(answering_in_time())
        self.url = self._stack.enter_context(sqlite())
        self.run(self._begin())
        self._rows = sqlite3.connect(self.url.removeprefix("sqlite:///"), isolation_level=None)
        return self

    def __exit__(self, *_: object) -> None:
        self._rows.close()
        self.run(self._end())
        self._runner.close()

    def run(self, work: Any) -> Any:
        """Run a coroutine to its end."""
        return self._runner.run(work)

    # -- one request -------------------------------------------------------------------------------------

    def post(
        self, body: bytes, headers: dict[str, str], method: str = "POST", path: str = "/slack/events"
    ) -> Said:
        """Hand a request to the door, and wait until nothing of it is under way."""
        return self.run(self._post(body, headers, method, path))  # type: ignore[no-any-return]

    def signed(self, kind: str, payload: JSON, *, retry: bool = False) -> Said:
        """Deliver as Slack does."""
        if kind == "events_api":
            body, of = json.dumps(payload).encode(), "application/json"
        else:
            fields = payload if kind == "slash_commands" else {"payload": json.dumps(payload)}
            body, of = urlencode(fields, errors="replace").encode(), "application/x-www-form-urlencoded"
        headers = {"content-type": of}
        if retry:
            headers |= {"x-slack-retry-num": "1", "x-slack-retry-reason": "http_timeout"}
        return self.post(body, headers | self.signature(body))

    def signature(self, body: bytes) -> dict[str, str]:
        """The headers with which Slack would sign it now."""
        secret = self.slack.signing_secret
        return {name.lower(): value for name, value in sign(body, secret, self._now()).items()}

    def fresh(self, payload: JSON) -> JSON:
        """A payload with a trigger that no request had before."""
        user = payload.get("user")
        user_id = user.get("id") if isinstance(user, dict) else payload.get("user_id")
        if "trigger_id" not in payload:
            return payload
        return {**payload, "trigger_id": self.slack.world.new_trigger(str(user_id or ANA))}

    def _now(self) -> float:
        return self.program.practice.clock.now().timestamp()

    async def _post(self, body: bytes, headers: dict[str, str], method: str, path: str) -> Said:
        headers = {"content-length": str(len(body)), **headers}
        self._shown.clear()
        sent: list[JSON] = []
        parts = [body]
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "path": path,
            "raw_path": path.encode("latin-1", "replace"),
            "query_string": b"",
            "scheme": "http",
            "server": ("127.0.0.1", 1),
            "client": ("127.0.0.1", 2),
            "headers": [
                (name.lower().encode("latin-1", "replace"), value.encode("latin-1", "replace"))
                for name, value in headers.items()
            ],
        }

        async def receive() -> JSON:
            if parts:
                return {"type": "http.request", "body": parts.pop(), "more_body": False}
            return await asyncio.Future()

        async def send(message: JSON) -> None:
            sent.append(message)

        await self._web(scope, receive, send)
        await self.program.bot.background.drain()
        status = next((one["status"] for one in sent if one["type"] == "http.response.start"), 0)
        whole = b"".join(one.get("body", b"") for one in sent if one["type"] == "http.response.body")
        return Said(status=status, body=whole, shown=list(self._shown))

    # -- what became of it -------------------------------------------------------------------------------

    def acts(self) -> int:
        """How many acts there are."""
        return int(self._rows.execute("SELECT count(*) FROM act").fetchone()[0])

    def notes(self, note: str) -> int:
        """How often a note stands."""
        asked = "SELECT count(*) FROM entry_text WHERE note = ?"
        return int(self._rows.execute(asked, (note,)).fetchone()[0])

    def judge_log(self, what: str) -> None:
        """Look at what was written to the log since the last time: no identifier, and no fault of the program."""
        said = self._log.getvalue()
        if not said:
            return
        self._log.seek(0)
        self._log.truncate()
        if found := _CANARIES.search(said):
            self.tally.wrong("leaked", f"{found.group()} in the log, of {what}: {said[:300]}")
        for line in said.splitlines():
            # What a changed payload says of people and places, Slack knows nothing of.
            if ("unexpected error" in line and "SlackApiError" not in line) or "Traceback" in line:
                self.tally.wrong("faults", f"{_frames(line)} of {what}")

    def judge_answer(self, said: Said, what: str) -> None:
        """Look at the places of an answer where no identifier may stand."""
        if said.status >= 500 or said.status == 0:
            self.tally.wrong("faults", f"status {said.status} of {what}")
        self._judge_places("the answer", said.answer, what)
        for change in said.shown:
            message = change.message
            if message is not None and message.user == self.slack.world.app.bot_user_id:
                self._judge_places("a message", {"text": message.text, "blocks": message.blocks}, what)
            if change.view is not None:
                self._judge_places("a view", change.view.body, what)
        for violation in self.slack.world.violations:
            self.tally.wrong("faults", f"Slack would not take it: {violation}, of {what}")
        self.slack.world.violations.clear()

    def _judge_places(self, where: str, found: Any, what: str) -> None:
        for name, text in _exposed(found):
            if _CANARIES.search(text):
                self.tally.wrong("leaked", f"{text[:80]} as {name} of {where}, of {what}")

    # -- the scene ---------------------------------------------------------------------------------------

    async def _begin(self) -> None:
        logs.configure("json")
        handler = logging.getLogger().handlers[0]
        assert isinstance(handler, logging.StreamHandler)
        handler.setStream(self._log)
        # What asyncio has to say of tasks whose exception nobody took comes here, too.
        self.slack = await self._stack.enter_async_context(running_slack(clinic_with_bot()))
        database = Database.open(self.url)
        self._stack.callback(database.close)
        self.program = await open_program(settings_for(self.slack), database)
        await self.program.practice.write(_everybody)
        detach = await self.slack.attach(self.program.app)
        self._stack.callback(detach)
        self._web = build_web(self.program.app, self.slack.signing_secret, events=True)
        self._stack.callback(self.slack.world.listen(self._shown.append))
        sock = listening_socket("127.0.0.1", 0)
        self.port = sock.getsockname()[1]
        self._server = _Quiet(self._web, "127.0.0.1", self.port, 64)
        self._serving = asyncio.create_task(self._server.serve(sockets=[sock]))
        await self._record()

    async def _end(self) -> None:
        self._server.should_exit = True
        await self._serving
        await self.program.bot.background.close()
        await self._stack.aclose()

    async def _record(self) -> None:
        """Have people use all there is, and keep what Slack delivered."""
        outbound = self.slack.sandbox._outbound  # noqa: SLF001 - what Slack delivers is what is wanted
        first = outbound.deliver

        async def deliver(kind: Any, payload: JSON, **more: Any) -> Any:
            self.seen.payloads.append((kind, payload))
            return await first(kind, payload, **more)

        outbound.deliver = deliver  # type: ignore[method-assign]
        ana = self.slack.person(ANA)
        for line in LINES:
            await ana.command(f"/cocm {line}".strip())
            await self._settle()
        await ana.say(f"10m MRN{_PATIENTS[0]} {NOTE} call as a message")
        await self._settle()
        ana.share_file("roster.csv", content=b"mrn,first_name\n7741904,Bo\n")
        await self._settle()
        await ana.home()
        await self._settle()
        await self._press_everything()
        for view in list(self.slack.sandbox.views.stack(ANA)):
            self.seen.views.append(view.id)
        self._log.seek(0)
        self._log.truncate()
        outbound.deliver = first  # type: ignore[method-assign]

    async def _press_everything(self) -> None:
        """Each button and menu once, and again on whatever comes of it."""
        people, pressed = self.slack.sandbox.people, set[str]()
        while len(pressed) < _MOST_PRESSED:
            waiting = [
                (shown, block, element)
                for shown in self._screens()
                for block, element in interactive(_blocks(shown))
                if _kind(element) not in pressed
                and element["type"] in {"button", "static_select", "overflow"}
            ]
            if not waiting:
                return
            shown, block, element = waiting[0]
            pressed.add(_kind(element))
            given = _given(element)
            if isinstance(shown, View):
                await people.act_in_view(shown, block["block_id"], element["action_id"], given)
            else:
                await people.act_in_message(
                    ANA, shown, block["block_id"], element["action_id"], given, base_url=self.slack.url
                )
            await self._settle()
            while stack := self.slack.sandbox.views.stack(ANA):
                submission = people._payloads.submission(stack[-1])  # noqa: SLF001 - a form as it stands
                self.seen.payloads.append(("interactive", submission))
                for inner, field_ in interactive(stack[-1].body["blocks"]):
                    pressed_in_view = f"{stack[-1].body.get('callback_id')}:{_kind(field_)}"
                    if field_["type"] == "button" and pressed_in_view not in pressed:
                        pressed.add(pressed_in_view)
                        await people.act_in_view(stack[-1], inner["block_id"], field_["action_id"], {})
                        await self._settle()
                        break
                else:
                    await people.close(stack[-1])
                    await self._settle()

    def _screens(self) -> Iterator[Message | View]:
        ana = self.slack.person(ANA)
        home = self.slack.sandbox.views.home(ANA)
        if home is not None:
            yield home
        bot = self.slack.world.app.bot_user_id
        yield from (one for one in ana.messages() if one.user == bot or one.ephemeral_to)

    async def _settle(self) -> None:
        await asyncio.sleep(0)
        await self.program.bot.background.drain()
        await asyncio.sleep(0)


class _Quiet(DoorServer):
    """A server that leaves signals alone."""

    def capture_signals(self) -> Any:
        """Nothing is captured."""
        return nullcontext()


def _everybody(context: Context) -> None:
    for user, name, roles in (
        (ANA, "Ana", set(MemberRole) - {MemberRole.CONSULTANT}),
        (BEN, "Ben", {MemberRole.CONSULTANT}),
        (SAM, "Sam", {MemberRole.BILLER}),
    ):
        context.uow.members.add(slack_user_id=user, display_name=name, roles=frozenset(roles))
    for identity in _PATIENTS:
        context.uow.patients.add(
            mrn=f"MRN{identity}", identity=identity, on_roster=True, first_name="Bo", last_name=NAME
        )
    context.uow.commit()


def _blocks(shown: Message | View) -> list[JSON]:
    return (shown.blocks or []) if isinstance(shown, Message) else list(shown.body["blocks"])


def _kind(element: JSON) -> str:
    return re.sub(r"[-:_]?\d+$", "", str(element["action_id"]))


def _given(element: JSON) -> JSON:
    if element["type"] == "button":
        return {}
    return {"selected_option": element["options"][0]} if element.get("options") else {}


def _frames(line: str) -> str:
    try:
        event = json.loads(line)
    except ValueError:
        return line[:300]
    frames = [re.sub(r".*/", "", frame) for frame in event.get("frames", ())][-4:]
    return f"{event.get('error')} at {' < '.join(reversed(frames)) or event.get('exception', '')[-300:]}"


#: What Slack shows on a locked phone, or keeps where it keeps ids.
_HIDDEN = ("value", "action_id", "block_id", "callback_id", "private_metadata", "external_id", "metadata")


def _exposed(found: Any, name: str = "text") -> Iterator[tuple[str, str]]:
    """The top-level text, and every id and value."""
    if isinstance(found, dict):
        if isinstance(found.get("text"), str) and ("blocks" in found or "response_type" in found):
            yield "text", found["text"]
        for key, value in found.items():
            if key == "errors" and isinstance(value, dict):
                # Sentences by the id of the block under which the person reads them.
                yield from (("block_id", block_id) for block_id in value)
            elif key in _HIDDEN and isinstance(value, str):
                yield key, value
            elif isinstance(value, dict | list):
                yield from _exposed(value, key)
    elif isinstance(found, list):
        for one in found:
            yield from _exposed(one, name)
