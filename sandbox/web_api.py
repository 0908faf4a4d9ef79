"""The Web API without HTTP: a token and arguments in, Slack's answer out."""

import math
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sandbox.answers import Answers, Unanswerable
from sandbox.api.call import ApiError, Call
from sandbox.api.methods import CONNECTIONS_OPEN, METHODS
from sandbox.faults import ConnectionDropped
from sandbox.model import JSON, CallRecord
from sandbox.views import Views
from sandbox.world import World

HERE = "http://sandbox.invalid/"
_POSTING = frozenset({"chat.postMessage", "chat.postEphemeral"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An HTTP answer."""

    body: JSON
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


class WebApi:
    """Every method of the sandbox.

    `call` is the method itself; `request` adds what a network does to it: faults and rate limits.
    """

    def __init__(self, world: World, views: Views, open_socket: Callable[[str], str]) -> None:
        self.faults = world.faults
        self._world = world
        self._views = views
        self._answers = Answers(world)
        self._open_socket = open_socket
        self._last_post: dict[str, float] = {}
        #: When the last calls of each limited method were granted, oldest first.
        self._granted: dict[str, deque[float]] = {
            method: deque(maxlen=limit.calls) for method, limit in world.config.limits.items()
        }

    def call(
        self, method: str, token: str | None, args: Mapping[str, Any] | None = None, *, base_url: str = HERE
    ) -> JSON:
        """Run a method and record it. Never raises for what the caller did wrong."""
        given = dict(args or {})
        try:
            body: JSON = {"ok": True} | self._run(method, token, given, base_url)
        except ApiError as refusal:
            body = refusal.as_json()
        self._record(method, given, body.get("error"))
        return body

    async def request(
        self, method: str, token: str | None, args: Mapping[str, Any] | None = None, *, base_url: str = HERE
    ) -> Reply:
        """Run a method as if over the network.

        Raises:
            ConnectionDropped: where a fault says so, before or after the method had its effect.
        """
        given = dict(args or {})

        def run() -> Reply:
            wait = self._limit_left(method) or self._wait(method, given)
            if wait:
                return self._limited(method, given, wait)
            if method in self._granted:
                self._granted[method].append(self._world.clock.now())
            return Reply(body=self.call(method, token, given, base_url=base_url))

        return await self._meeting_faults(method, given, run)

    async def respond(self, token: str, body: Any) -> Reply:
        """Post to a response URL as if over the network; faults are set for the method `response_url`.

        Raises:
            ConnectionDropped: where a fault says so.
        """

        def run() -> Reply:
            try:
                self._answers.at_response_url(token, body)
            except Unanswerable as refusal:
                self._record("response_url", {}, refusal.code)
                return Reply(body={"ok": False, "error": refusal.code}, status=refusal.status)
            self._record("response_url", {}, None)
            return Reply(body={"ok": True})

        return await self._meeting_faults("response_url", {}, run)

    async def upload(self, file_id: str, content: bytes) -> Reply:
        """Post a file's bytes as if over the network; faults are set for the method `upload`.

        Raises:
            ConnectionDropped: where a fault says so.
        """

        def run() -> Reply:
            file = self._world.files.get(file_id)
            error = "file_not_found" if file is None else None
            if file is not None and len(content) != file.length:
                error = "length_mismatch"
            self._record("upload", {"file": file_id}, error)
            if file is None or error:
                return Reply(body={"ok": False, "error": error}, status=400)
            file.content = content
            return Reply(body={"ok": True})

        return await self._meeting_faults("upload", {"file": file_id}, run)

    async def _meeting_faults(self, method: str, args: JSON, run: Callable[[], Reply]) -> Reply:
        fault = self.faults.take(method)
        if fault is None:
            return run()
        if fault.kind == "rate_limit":
            return self._limited(method, args, fault.seconds or 1.0)
        if fault.kind == "error":
            self._record(method, args, fault.error)
            return Reply(body={"ok": False, "error": fault.error})
        if fault.kind.endswith("_after"):
            run()
        await self._world.clock.sleep(fault.seconds)
        if fault.kind == "latency":
            return run()
        if not fault.kind.endswith("_after"):
            self._record(method, args, fault.kind)
        if fault.kind in {"drop_before", "drop_after"}:
            raise ConnectionDropped(method)
        status = int(fault.kind.split("_")[1])
        return Reply(body={"ok": False, "error": "service_unavailable"}, status=status)

    def _run(self, method: str, token: str | None, args: JSON, base_url: str) -> JSON:
        app = self._world.app
        if method != CONNECTIONS_OPEN and method not in METHODS:
            raise ApiError("unknown_method", req_method=method)
        if not token:
            raise ApiError("not_authed")
        if token not in {app.bot_token, app.app_token}:
            raise ApiError("invalid_auth")
        if method == CONNECTIONS_OPEN:
            if token != app.app_token:
                raise ApiError("not_allowed_token_type")
            return {"url": self._open_socket(base_url)}
        if token != app.bot_token:
            raise ApiError("not_allowed_token_type")
        known = METHODS[method]
        call = Call(world=self._world, views=self._views, method=method, args=args, base_url=base_url)
        for scope in known.scopes:
            call.need(scope)
        missing = [name for name in known.needs if args.get(name) in (None, "")]
        if missing:
            raise ApiError(
                "invalid_arguments", *(f"[ERROR] missing required field: {name}" for name in missing)
            )
        return known.run(call)

    def _limit_left(self, method: str) -> float:
        """How long until the workspace is granted another call of a method; 0 when it is now."""
        granted = self._granted.get(method)
        if granted is None or len(granted) < self._world.config.limits[method].calls:
            return 0.0
        since = self._world.clock.now() - granted[0]
        return max(0.0, self._world.config.limits[method].seconds - since)

    def _wait(self, method: str, args: JSON) -> float:
        """How long a post has to wait for its channel's next second; 0 when it need not."""
        if not self._world.config.pace or method not in _POSTING:
            return 0.0
        channel, now = str(args.get("channel")), self._world.clock.now()
        if channel in self._world.users:
            channel = self._world.direct(self._world.app.bot_user_id, channel).id
        wait = self._last_post.get(channel, -math.inf) + 1.0 - now
        if wait > 0:
            return wait
        self._last_post[channel] = now
        return 0.0

    def _limited(self, method: str, args: JSON, seconds: float) -> Reply:
        self._record(method, args, "ratelimited")
        return Reply(
            body={"ok": False, "error": "ratelimited"},
            status=429,
            headers={"Retry-After": str(math.ceil(seconds))},
        )

    def _record(self, method: str, args: JSON, error: str | None) -> None:
        now = self._world.clock.now()
        self._world.calls.append(CallRecord(method=method, ok=error is None, error=error, at=now, args=args))
