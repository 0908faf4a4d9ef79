"""A local Slack for tests: start one, drive its people, and sign requests by hand.

    async with running_slack() as slack:
        ana = slack.person("U0ANA")
        [receipt] = await ana.command("/cocm log 15m MRN123 phone check-in")
        await ana.click(receipt, "Undo")

Everything is in the test's own event loop unless `slack_in_thread` is used (for synchronous tests).
"""

import asyncio
import heapq
import threading
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from typing import Any

import aiohttp
from slack_bolt.adapter.socket_mode.async_internals import run_async_bolt_app, send_async_response
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.file_upload_v2_result import FileUploadV2Result

from sandbox.app import serve
from sandbox.clock import Clock
from sandbox.config import SandboxConfig, small_clinic
from sandbox.faults import ConnectionDropped, Fault
from sandbox.modals import Outcome
from sandbox.model import Change, Message, View
from sandbox.outbound import signed
from sandbox.sandbox import Sandbox
from sandbox.server import SandboxServer
from sandbox.suggestions import Suggested
from tests.support.doors import Doors, listen
from tests.support.reading import element_named, given_by, pressable, words

#: How long to wait for what must come. It is no test's subject, so that a busy machine is no failure.
WAIT_SECONDS = 120.0


def sign(body: str | bytes, secret: str, at: float) -> dict[str, str]:
    """The headers of a body signed as Slack signs it, at an instant in seconds since 1970."""
    return signed(body.encode() if isinstance(body, str) else body, secret, at)


def clinic(
    *, manifest: Mapping[str, Any] | None = None, request_url: str | None = None, **fields: Any
) -> SandboxConfig:
    """The small default workspace, with another manifest or other fields of `SandboxConfig`."""
    config = small_clinic(request_url=request_url)
    if manifest is not None:
        fields["app"] = replace(config.app, manifest=manifest)
    return replace(config, **fields)


class ManualClock:
    """A clock that stands until it is moved."""

    def __init__(self, now: float = 1_795_000_000.0) -> None:
        self._now = now
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []
        self._count = 0

    def now(self) -> float:
        """Seconds since 1970."""
        return self._now

    async def sleep(self, seconds: float) -> None:
        """Wait until the clock has been moved that far."""
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        self._count += 1
        waiting: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self._now + seconds, self._count, waiting))
        await waiting

    def advance(self, seconds: float) -> None:
        """Move the clock, and wake those whose time has come."""
        self._now += seconds
        while self._sleepers and self._sleepers[0][0] <= self._now:
            waiting = heapq.heappop(self._sleepers)[2]
            if not waiting.done():
                waiting.set_result(None)


class LocalSlack:
    """A sandbox being served, and the people in front of it."""

    def __init__(self, sandbox: Sandbox, url: str) -> None:
        self.sandbox = sandbox
        self.world = sandbox.world
        self.url = url  #: ends in a slash
        self.api_url = f"{url}api/"
        self._changed = asyncio.Event()
        self._stop = sandbox.world.listen(lambda _: self._changed.set())

    @property
    def signing_secret(self) -> str:
        """The app's signing secret."""
        return self.sandbox.config.app.signing_secret

    def person(self, user_id: str) -> "Person":
        """One of the workspace's people."""
        return Person(self, user_id)

    def client(self, **options: Any) -> AsyncWebClient:
        """A real client with the bot's token, which never tries a second time by itself."""
        options = {"retry_handlers": [], "timeout": int(WAIT_SECONDS)} | options
        return AsyncWebClient(self.sandbox.config.app.bot_token, base_url=self.api_url, **options)

    def refuse_block(self, block: str, *, method: str = "*", times: int = 0) -> None:
        """From now on refuse a type of block, so many times, or with 0 always; as a Slack that does not know it."""
        self.sandbox.api.faults.add(Fault(kind="refuse_block", block=block, method=method, times=times))

    def fail_next(self, method: str, kind: str, *, times: int = 1, seconds: float = 0.0) -> None:
        """Let the next calls of a method go wrong; see `sandbox.faults.Fault`."""
        body = {"method": method, "kind": kind, "times": times, "seconds": seconds}
        self.sandbox.api.faults.add(Fault.read(body))

    async def attach(self, app: AsyncApp) -> Callable[[], None]:
        """Connect a Bolt app without a socket: envelopes reach it in process. Returns how to detach it."""
        return await self.sandbox.sockets.join(_BoltConnection(app, self.sandbox))

    async def until(self, condition: Callable[[], Any], what: str = "what was awaited") -> Any:
        """Wait for a condition on the world to hold; look again at every change.

        Raises:
            AssertionError: it did not come true in time.
        """
        end = asyncio.get_running_loop().time() + WAIT_SECONDS
        while not (found := condition()):
            self._changed.clear()
            try:
                await asyncio.wait_for(self._changed.wait(), end - asyncio.get_running_loop().time())
            except TimeoutError:
                raise AssertionError(f"{what} did not happen within {WAIT_SECONDS:.0f} s") from None
        return found

    def close(self) -> None:
        """Stop listening."""
        self._stop()


class Person:
    """Somebody in front of Slack. Channels default to the direct message with the app."""

    def __init__(self, slack: LocalSlack, user_id: str) -> None:
        self.id = user_id
        self._slack = slack
        self._people = slack.sandbox.people
        self._world = slack.world

    @property
    def dm(self) -> str:
        """The id of the direct message with the app."""
        return self._world.direct(self.id, self._world.app.bot_user_id).id

    @property
    def modal(self) -> View | None:
        """The modal on top, if any."""
        stack = self._slack.sandbox.views.stack(self.id)
        return stack[-1] if stack else None

    async def command(self, typed: str, channel: str | None = None) -> list[Message]:
        """Run a slash command; the message it was answered with in its acknowledgment, or Slack's failure."""
        ran = await self._people.command(self.id, channel or self.dm, typed, base_url=self._slack.url)
        return [] if ran.shown is None else [ran.shown]

    async def say(self, text: str, channel: str | None = None, thread_ts: str | None = None) -> Message:
        """Write a message."""
        return self._people.say(self.id, channel or self.dm, text, thread_ts)

    def edit(self, message: Message, text: str) -> None:
        """Change a message of her own."""
        self._people.edit(self.id, message.channel, message.ts, text)

    def delete(self, message: Message) -> None:
        """Delete a message of her own."""
        self._people.delete(self.id, message.channel, message.ts)

    def share_file(
        self, name: str, text: str = "", channel: str | None = None, *, content: bytes = b"content"
    ) -> Message:
        """Send a file."""
        where = channel or self.dm
        return self._people.share_file(self.id, where, name, content, text, base_url=self._slack.url)

    async def click(self, shown: Message | View, label: str) -> list[Change]:
        """Press a button, or an entry of an overflow menu, by its words or action id; wait for the effect.

        Returns:
            What changed before her eyes, up to the first thing: a message, a modal, the Home tab.
        """
        block_id, element, option = pressable(shown, label)
        given = {} if option is None else {"selected_option": option}
        return await self._act(shown, block_id, element["action_id"], given)

    async def select(self, shown: Message | View, action_id: str, choice: Any) -> list[Change]:
        """Pick in a menu, tick boxes, choose a date: an option's words or value (or several), a date, an id."""
        block, element = element_named(shown, action_id)
        given = given_by(element, await self._picked(shown, element, choice))
        return await self._act(shown, block["block_id"], element["action_id"], given)

    async def pick(self, shown: Message, action_id: str, choice: Any) -> None:
        """Pick in a message's menu whose choice waits for a button: nothing changes before her eyes."""
        block, element = element_named(shown, action_id)
        given = given_by(element, choice)
        await self._people.act_in_message(
            self.id, shown, block["block_id"], element["action_id"], given, base_url=self._slack.url
        )

    async def look_up(self, shown: Message | View, name: str, typed: str = "") -> Suggested:
        """Open a menu of the app's own data, or type into it: what may be picked."""
        block, element = element_named(shown, name)
        where = (block["block_id"], element["action_id"], typed)
        if isinstance(shown, View):
            return await self._people.type_in_view(shown, *where)
        return await self._people.type_in_message(self.id, shown, *where)

    async def submit(self, view: View, filled: Mapping[str, Any]) -> Outcome:
        """Submit a modal with what was filled in, by action id, block id or label."""
        values: dict[str, Any] = {}
        for name, choice in filled.items():
            block, element = element_named(view, name)
            picked = await self._picked(view, element, choice)
            held = {"type": element["type"], **given_by(element, picked)}
            values.setdefault(block["block_id"], {})[element["action_id"]] = held
        return await self._people.submit(view, values)

    async def close(self, view: View, *, clear: bool = False) -> None:
        """Close a modal."""
        await self._people.close(view, clear=clear)

    async def home(self) -> View:
        """Open the app's Home tab and wait for what the app publishes there."""
        with self._watching() as seen:
            self._people.open_home(self.id)
            await self._slack.until(lambda: any(change.type == "home" for change in seen), "a Home tab")
        view = self._slack.sandbox.views.home(self.id)
        assert view is not None
        return view

    async def shortcut(self, callback_id: str, message: Message | None = None) -> list[Change]:
        """Use a shortcut, and wait for its effect."""
        with self._watching() as seen:
            await self._people.shortcut(self.id, callback_id, message, base_url=self._slack.url)
            await self._slack.until(lambda: seen, f"an effect of {callback_id}")
        return seen

    def messages(self, channel: str | None = None) -> list[Message]:
        """What she can read in a conversation, threads included, oldest first."""
        found = self._people.conversation(self.id, channel or self.dm)
        own = self._world.ephemerals.get((self.id, found.id), {}).values()
        return sorted((*found.messages.values(), *own), key=lambda message: message.ts)

    async def sees(self, text: str, channel: str | None = None) -> Message:
        """Wait until a message she can read has these words; the newest such."""

        def found() -> Message | None:
            fitting = [message for message in self.messages(channel) if text in words(message)]
            return fitting[-1] if fitting else None

        message: Message = await self._slack.until(found, f"a message with {text!r}")
        return message

    async def _picked(self, shown: Message | View, element: dict[str, Any], choice: Any) -> Any:
        """What is picked; in a menu of the app's own data, the option that has those words once they are typed.

        Where patients go by their handles, none may have them: then it is the first.
        """
        if element["type"] != "external_select" or not isinstance(choice, str):
            return choice
        found = await self.look_up(shown, element["action_id"], choice)
        assert not found.failure, f"the app gave no options for {choice!r}: {found.failure}"
        fitting = [each for each in found.options if choice in (each["text"]["text"], each["value"])]
        fitting += [each for each in found.options if choice in each["text"]["text"]]
        fitting += found.options
        assert fitting, f"there is no option {choice!r}"
        return fitting[0]

    async def _act(
        self, shown: Message | View, block_id: str, action_id: str, given: dict[str, Any]
    ) -> list[Change]:
        with self._watching() as seen:
            if isinstance(shown, View):
                said = await self._people.act_in_view(shown, block_id, action_id, given)
            else:
                said = await self._people.act_in_message(
                    self.id, shown, block_id, action_id, given, base_url=self._slack.url
                )
            assert not said.failure, f"the app did not acknowledge {action_id}: {said.failure}"
            await self._slack.until(lambda: seen, f"an effect of {action_id}")
        return list(seen)

    @contextmanager
    def _watching(self) -> Iterator[list[Change]]:
        """What changes before her eyes meanwhile."""
        seen: list[Change] = []

        def note(change: Change) -> None:
            if change.audience is not None and self.id in change.audience:
                seen.append(change)

        stop = self._world.listen(note)
        try:
            yield seen
        finally:
            stop()


class InProcessClient(AsyncWebClient):
    """A real client whose requests never touch a socket: for simulations that make thousands."""

    def __init__(self, sandbox: Sandbox) -> None:
        super().__init__(
            sandbox.config.app.bot_token, base_url="http://sandbox.invalid/api/", retry_handlers=[]
        )
        self._sandbox = sandbox

    async def _request(self, *, http_verb: str, api_url: str, req_args: dict[str, Any]) -> dict[str, Any]:
        del http_verb
        token = req_args["headers"].get("Authorization", "").removeprefix("Bearer ")
        args = {
            **(req_args.get("params") or {}),
            **(req_args.get("data") or {}),
            **(req_args.get("json") or {}),
        }
        args = {name: value for name, value in args.items() if value is not None}
        try:
            reply = await self._sandbox.api.request(api_url.rpartition("/")[2], token, args)
        except ConnectionDropped:
            raise aiohttp.ServerDisconnectedError from None
        return {"data": reply.body, "headers": reply.headers, "status_code": reply.status}

    async def _upload_file(self, *, url: str, data: bytes, **options: Any) -> FileUploadV2Result:
        del options
        try:
            reply = await self._sandbox.api.upload(url.rpartition("/")[2], data)
        except ConnectionDropped:
            raise aiohttp.ServerDisconnectedError from None
        return FileUploadV2Result(status=reply.status, body=str(reply.body))


class HastyClient(AsyncWebClient):
    """A real client whose time-out comes when Slack has taken something, and before it has answered."""

    def __init__(self, slack: LocalSlack) -> None:
        super().__init__(slack.sandbox.config.app.bot_token, base_url=slack.api_url, retry_handlers=[])
        self._world = slack.world

    async def _request(self, **asked: Any) -> dict[str, Any]:
        now = asyncio.get_running_loop().time
        async with asyncio.timeout(None) as limit:
            stop = self._world.listen(lambda _: limit.reschedule(now()))
            try:
                return await super()._request(**asked)
            finally:
                stop()


class _BoltConnection:
    """A Socket Mode connection that hands envelopes straight to a Bolt app."""

    def __init__(self, app: AsyncApp, sandbox: Sandbox) -> None:
        self._app = app
        self._sandbox = sandbox
        self._under_way: set[asyncio.Task[None]] = set()
        self.logger = app.logger

    async def send(self, message: dict[str, Any]) -> None:
        request = SocketModeRequest.from_dict(message)
        if request is not None:
            task = asyncio.create_task(self._dispatch(request))
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)

    async def close(self) -> None:
        for task in self._under_way:
            task.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)

    async def send_socket_mode_response(self, response: SocketModeResponse) -> None:
        self._sandbox.sockets.acknowledge(response.to_dict())

    async def _dispatch(self, request: SocketModeRequest) -> None:
        answer = await run_async_bolt_app(self._app, request)
        client: Any = self  # as much of a Socket Mode client as the adapter asks for
        await send_async_response(client, request, answer, 0.0)


@asynccontextmanager
async def running_slack(
    config: SandboxConfig | None = None, *, clock: Clock | None = None, doors: Doors | None = None
) -> AsyncIterator[LocalSlack]:
    """Serve a sandbox on a free port in the running event loop, and at some doors as well.

    Slack's few seconds are kept by a `ManualClock` alone: on the machine's, who is slow has all the time of a test.
    """
    config = config or small_clinic()
    if not isinstance(clock, ManualClock):
        config = replace(config, ack_seconds=WAIT_SECONDS, trigger_seconds=WAIT_SECONDS)
    sandbox = Sandbox(config, clock)
    listening, url = listen()
    sockets, app = [listening], serve(sandbox)
    if doors is not None:
        sockets += doors.sockets
        app.add_middleware(doors.watched)
    server = SandboxServer(app)
    serving = asyncio.create_task(server.serve(sockets))
    slack = LocalSlack(sandbox, url)
    try:
        yield slack
    finally:
        slack.close()
        server.should_exit = True
        await serving


@contextmanager
def slack_in_thread(config: SandboxConfig | None = None) -> Iterator[LocalSlack]:
    """Serve a sandbox on a free port from a thread of its own, for synchronous tests.

    Use it through its addresses; reading `slack.world` is safe once what was awaited has come.
    """
    sandbox = Sandbox(config or small_clinic())
    listening, url = listen()
    server = SandboxServer(serve(sandbox))
    thread = threading.Thread(target=server.run, args=([listening],), name="sandbox")
    thread.start()
    try:
        yield LocalSlack(sandbox, url)
    finally:
        server.should_exit = True
        thread.join()
