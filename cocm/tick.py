"""`cocm tick`: sends everything that is due up to an instant, once; for cron, and for catching up."""

import asyncio
import json
import sys
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import typer
from rich.console import Console

from bot.screens.trouble import how_to_fix
from cocm.databases import open_database, open_tables
from cocm.delivering import Outgoing
from cocm.errors import EnvironmentFault
from cocm.keeper import Keeper
from cocm.settings import Settings
from cocm.wiring import Application, open_program
from scheduler.planner import Planner
from services.clock import SystemClock
from services.context import Context, Practice
from services.messages.deliveries import Delivery, DueDelivery, Recipient, State
from services.messages.store import StoredDeliveries, StoredRoster
from services.people.members import welcome_admins
from services.upkeep import sweep
from storage import NO_TENANT, Database

#: Seconds to wait at most for what Slack asked to have sent later, or may have taken.
TIMEOUT = 120.0
#: Seconds that a look at the accounts of members may take, once a day.
_LOOK_SECONDS = 20.0

out = Console(soft_wrap=True, highlight=False)


@dataclass(frozen=True, slots=True)
class StandingClock:
    """A clock that shows one instant."""

    at: datetime

    def now(self) -> datetime:
        """That instant."""
        return self.at


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticked:
    """What a tick did."""

    at: datetime
    #: What ended in this tick, by how.
    ended: Counter[State]
    waiting: tuple[Delivery, ...]
    names: dict[Recipient, str]
    #: What was sent, in the order in which it was owed.
    sent: tuple[Delivery, ...] = ()


def tick(settings: Settings, at: str | None, *, dry_run: bool, as_json: bool) -> None:
    """Carry out the command.

    Raises:
        EnvironmentFault: when a setting, the database or Slack stands in the way.
    """
    instant = _instant(at, settings)
    if dry_run:
        _show_foreseen(would_send(settings, instant), instant, as_json=as_json)
        return
    if settings.talks_to_slack and not settings.baa_attested:
        raise EnvironmentFault(
            "COCM_BAA_ATTESTED is not true. What is due names patients, and Slack may hold that only under a signed "
            "business associate agreement. Once your practice has one, set COCM_BAA_ATTESTED=true."
        )
    _show_ticked(asyncio.run(tick_once(settings, instant)), as_json=as_json)


async def tick_once(settings: Settings, at: datetime, timeout_seconds: float = TIMEOUT) -> Ticked:
    """Put in what is due at an instant, and send until nothing more can be sent.

    Args:
        settings: of the practice.
        at: aware instant, used for everything.
        timeout_seconds: seconds to wait at most, all in all.

    Raises:
        EnvironmentFault: when the database or Slack stands in the way.
    """
    database = open_database(settings.database_url, settings.audit_keys(), settings.data_keys())
    try:
        program = await open_program(settings, database, StandingClock(at))
        await program.practice.write(welcome_admins)
        ticked = await tick_program(program, at, timeout_seconds)
        await Keeper(program.practice).stop()
        return ticked
    finally:
        database.close()


async def tick_program(program: Application, at: datetime, timeout_seconds: float) -> Ticked:
    """The same with a program that stands already, whose clock shows that instant."""
    outgoing = Outgoing(program, one_shot=True)
    if at <= SystemClock().now():
        # From an instant to come, questions that wait for an answer would look expired.
        await program.practice.write(sweep)
        await outgoing.look_at_old_notes()
        with suppress(TimeoutError):
            async with asyncio.timeout(_LOOK_SECONDS):
                await outgoing.look_at_accounts()
    await outgoing.planner.plan()
    before = await outgoing.deliveries.open()
    waiting = await outgoing.sender.drain(timeout_seconds)
    if await outgoing.planner.plan():
        # What was refused just now is told to administrators at once: cron may come back tomorrow only.
        before += await outgoing.deliveries.open()
        waiting = await outgoing.sender.drain(timeout_seconds)
    left = {each.delivery_id for each in waiting}
    ended = [
        await outgoing.deliveries.by_id(each.delivery_id)
        for each in {each.delivery_id: each for each in before}.values()
        if each.delivery_id not in left
    ]
    return Ticked(
        at=at,
        ended=Counter(each.state for each in ended),
        waiting=waiting,
        names=await program.practice.read(_names),
        sent=tuple(each for each in ended if each.state is State.SENT),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreseen:
    """What a tick would do."""

    #: To be put into the outbox.
    owed: tuple[DueDelivery, ...]
    #: In the outbox already, and not delivered yet.
    waiting: tuple[Delivery, ...]
    names: dict[Recipient, str]


def would_send(settings: Settings, at: datetime) -> Foreseen:
    """What a tick would send or try to; stores and sends nothing, and changes no table.

    Raises:
        EnvironmentFault: when the database stands in the way.
    """
    database = open_tables(settings.database_url, settings.audit_keys(), settings.data_keys())
    try:
        if not database.migrations_current():
            raise EnvironmentFault("The database's tables are of another version. Run: cocm migrate")
        practice = Practice(database, StandingClock(at), settings.practice(), default_tenant(database))
        deliveries = StoredDeliveries(practice)
        planner = Planner(deliveries, StoredRoster(practice), practice.clock)
        return Foreseen(
            owed=asyncio.run(planner.due()),
            waiting=asyncio.run(deliveries.open()),
            names=asyncio.run(practice.read(_names)),
        )
    finally:
        database.close()


def default_tenant(database: Database) -> int:
    """The practice of this database, before any workspace is known."""
    return database.write(lambda uow: uow.tenants.default().tenant_id, tenant_id=NO_TENANT).result()


def _names(context: Context) -> dict[Recipient, str]:
    names = {Recipient(member.member_id): member.display_name for member in context.uow.members.all()}
    asked = context.uow.membership_requests.all()
    names |= {Recipient(newcomer=one.request_id): one.display_name for one in asked}
    return names | {Recipient(): "the billing channel"}


def _instant(text: str | None, settings: Settings) -> datetime:
    """An ISO instant; one without an offset is meant in the practice's own zone."""
    if text is None:
        return SystemClock().now()
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not an instant; write it like 2026-12-01T14:00:00Z") from None
    return instant.replace(tzinfo=instant.tzinfo or settings.timezone).astimezone(UTC)


def _show_foreseen(found: Foreseen, at: datetime, *, as_json: bool) -> None:
    if as_json:
        rows = [
            {
                "job": each.kind,
                "period": each.period,
                "recipient": str(each.recipient),
                "due_at": each.due_at.isoformat(),
                "late": each.late,
            }
            for each in found.owed
        ]
        _print_json({"at": at.isoformat(), "owed": rows, "waiting": [_row(each) for each in found.waiting]})
        return
    for each in found.owed:
        late = " (late)" if each.late else ""
        out.print(f"{each.period} to {found.names[each.recipient]}{late}", markup=False)
    for part in found.waiting:
        name = found.names[part.recipient]
        out.print(f"Waits already: {part.period} to {name}, {part.part}: {_why(part)}", markup=False)
    count = len(found.owed)
    out.print(f"{count} would be put into the outbox. Nothing was stored, nothing sent.", markup=False)


def _show_ticked(ticked: Ticked, *, as_json: bool) -> None:
    if as_json:
        rows = [_row(each) for each in ticked.waiting]
        ended = {state.value: ticked.ended[state] for state in State if state.is_final}
        _print_json({"at": ticked.at.isoformat(), **ended, "waiting": rows})
        return
    out.print(
        f"{ticked.ended[State.SENT]} sent, {ticked.ended[State.SILENT]} had nothing to say, "
        f"{ticked.ended[State.LAPSED]} came too late.",
        markup=False,
    )
    for each in ticked.waiting:
        name = ticked.names[each.recipient]
        out.print(f"Still waits: {each.period} to {name}, {each.part}: {_why(each)}", markup=False)


def _row(part: Delivery) -> dict[str, str | None]:
    return {
        "period": part.period,
        "recipient": str(part.recipient),
        "part": part.part.value,
        "state": part.state.value,
        "code": part.code,
    }


def _why(part: Delivery) -> str:
    if part.code:
        return f"{part.code}. {how_to_fix(part.code)}"
    return _WAITS.get(part.state, "a program is sending it right now. Tick again in a minute.")


_WAITS = {
    State.NEW: (
        "it is to be sent later: Slack asked for a pause, it is not wanted just now, or its month is empty so far."
    ),
    State.AMBIGUOUS: "Slack did not say whether it took it. The next tick looks before it sends it again.",
}


def _print_json(form: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(form) + "\n")
