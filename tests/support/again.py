"""Has Slack deliver everything twice: whatever people do, the same delivery arrives again by another way.

async with delivered_twice(clinic, again_at=[clinic.program.app]) as twice:
    await clinic.slack.person(ANA).command("/cocm undo")
assert twice.faults == []
"""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import httpx
from slack_bolt.adapter.socket_mode.async_internals import run_async_bolt_app
from slack_sdk.socket_mode.request import SocketModeRequest
from sqlalchemy import create_engine, text

from bot.door.web import build_web
from cocm.wiring import Application
from sandbox.model import JSON, Change
from tests.support.bot import Clinic
from tests.support.reading import words
from tests.support.slack import WAIT_SECONDS, sign

#: Kept for the second delivery itself, or brought up to date by whoever looks.
_BESIDE = {"request", "opened_home", "alembic_version"}
#: Characters of what is said of a fault.
_MOST = 600
_ENVELOPES = {"slash_commands": "slash_commands", "interactive": "interactive", "events_api": "events_api"}


def state_of(url: str) -> dict[str, list[str]]:
    """Every row of every table that an act may change."""
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            names = _tables(connection)
            return {
                name: sorted(repr(tuple(row)) for row in connection.execute(text(f'SELECT * FROM "{name}"')))
                for name in names
            }
    finally:
        engine.dispose()


def _tables(connection: Any) -> list[str]:
    if connection.dialect.name == "sqlite":
        asked = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    else:
        asked = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
    return sorted(name for (name,) in connection.execute(text(asked)) if name not in _BESIDE)


def differences(before: dict[str, list[str]], after: dict[str, list[str]]) -> list[str]:
    """The tables that differ, with the rows that came."""
    return [
        f"{name}: {sorted(set(after.get(name, [])) ^ set(before.get(name, [])))[:3]}"
        for name in sorted(before.keys() | after.keys())
        if before.get(name) != after.get(name)
    ]


async def over_socket(program: Application, kind: str, payload: JSON) -> Any:
    """Deliver again by Socket Mode."""
    envelope = {
        "envelope_id": "again",
        "type": _ENVELOPES[kind],
        "accepts_response_payload": kind != "events_api",
        "payload": payload,
    }
    if kind == "events_api":
        envelope |= {"retry_attempt": 1, "retry_reason": "http_timeout"}
    request = SocketModeRequest.from_dict(envelope)
    assert request is not None
    answer = await run_async_bolt_app(program.app, request)
    assert answer.status == 200, answer.status
    return json.loads(answer.body) if answer.body else None


async def over_http(program: Application, kind: str, payload: JSON) -> Any:
    """Deliver again by HTTP, signed anew as Slack's retries are."""

    if kind == "events_api":
        body, of = json.dumps(payload).encode(), "application/json"
    else:
        fields = payload if kind == "slash_commands" else {"payload": json.dumps(payload)}
        body, of = urlencode(fields).encode(), "application/x-www-form-urlencoded"
    secret = given.get_secret_value() if (given := program.settings.slack_signing_secret) else ""
    web = build_web(program.app, secret, events=True)
    headers = sign(body, secret, program.practice.clock.now().timestamp())
    headers |= {"Content-Type": of, "X-Slack-Retry-Num": "1", "X-Slack-Retry-Reason": "http_timeout"}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=web), base_url="http://bot") as client:
        answer = await client.post("/slack/events", content=body, headers=headers)
    assert answer.status_code == 200, answer.text
    return json.loads(answer.text) if answer.text.strip() else None


Way = Callable[[Application, str, JSON], Any]


@dataclass
class Twice:
    """What was delivered twice, and what was otherwise the second time."""

    url: str
    #: Programs and ways by which each delivery arrives again.
    ways: Sequence[tuple[str, Application, Way]]
    deliveries: int = 0
    faults: list[str] = field(default_factory=list)
    programs: Sequence[Application] = ()
    ended: asyncio.Event = field(default_factory=asyncio.Event)

    async def until_more_than(self, deliveries: int) -> None:
        """Wait until one more has been delivered twice."""
        async with asyncio.timeout(WAIT_SECONDS):
            while self.deliveries <= deliveries:
                self.ended.clear()
                await self.ended.wait()

    #: What people were shown during the delivery under way.
    shown: list[str] = field(default_factory=list)

    def note(self, change: Change) -> None:
        """Listen to the sandbox."""
        if change.message is not None:
            self.shown.append(words(change.message))

    async def deliver_again(self, kind: str, payload: JSON, first: Any) -> None:
        """Deliver once more by each way, and note what is otherwise than after the first time."""
        what = _named(kind, payload)
        try:
            await self.settle()
            shown, left = list(self.shown), await asyncio.to_thread(state_of, self.url)
            for name, program, way in self.ways:
                self.shown.clear()
                again = await way(program, kind, payload)
                await self.settle()
                if found := differences(left, await asyncio.to_thread(state_of, self.url)):
                    self._fault(f"{name}: {what} stored {found}")
                if (again or None) != (first or None):
                    self._fault(f"{name}: {what} answered {again!r}, and first {first!r}")
                if self.shown != shown:
                    self._fault(f"{name}: {what} showed {self.shown}, and first {shown}")
        except Exception as error:
            self._fault(f"{what}: {error!r}")
            raise
        finally:
            self.deliveries += 1
            self.ended.set()

    def _fault(self, said: str) -> None:
        self.faults.append(said[:_MOST])

    async def settle(self) -> None:
        """Wait until nothing is under way."""
        for program in self.programs:
            await program.bot.background.drain()


@asynccontextmanager
async def delivered_twice(
    clinic: Clinic, url: str, ways: Sequence[tuple[str, Application, Way]]
) -> AsyncIterator[Twice]:
    """Whatever the sandbox delivers meanwhile arrives again by each of the ways."""
    world, outbound = clinic.slack.world, clinic.slack.sandbox._outbound
    first_time, turn = outbound.deliver, asyncio.Lock()
    twice = Twice(url=url, ways=ways, programs=[clinic.program, *(program for _, program, _ in ways)])

    async def deliver(kind: Any, payload: JSON, *, attempt: int = 0, reason: str = "") -> Any:
        if kind == "options" or attempt or "bot_id" in payload.get("event", {}):
            return await first_time(kind, payload, attempt=attempt, reason=reason)
        async with turn:
            twice.shown.clear()
            said = await first_time(kind, payload)
            await twice.deliver_again(kind, payload, said.body)
            return said

    stop = world.listen(twice.note)
    outbound.deliver = deliver  # type: ignore[method-assign]
    try:
        yield twice
    finally:
        outbound.deliver = first_time  # type: ignore[method-assign]
        stop()


def _named(kind: str, payload: JSON) -> str:
    if kind == "slash_commands":
        return str(payload["text"])
    if kind == "events_api":
        return str(payload["event"].get("text") or payload["event"].get("type"))
    pressed = payload.get("actions") or [{"action_id": payload.get("view", {}).get("callback_id")}]
    return f"[{pressed[0].get('action_id')}]"
