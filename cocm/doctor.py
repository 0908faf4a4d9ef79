"""Checks each thing the bot needs for `cocm doctor`, and says how to fix what is missing."""

import asyncio
import os
import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from aiohttp import ClientError
from slack_sdk.errors import SlackApiError

from billing.money import RateGap, spoken_gaps
from billing.people import Member
from bot.billing_channel import unfit_for_billing
from bot.overheard import Overheard
from bot.screens.phrases import count
from bot.screens.trouble import how_to_fix
from cocm.databases import open_tables
from cocm.errors import CommandFault
from cocm.fault_words import clock_off, little_room, outbox_old, token_refused
from cocm.settings import Settings
from cocm.tick import default_tenant
from cocm.wiring import meet_slack, slack_client
from services.clock import SystemClock
from services.context import Context, Practice
from services.messages.deliveries import Refused
from services.messages.store import unfinished
from services.messages.trouble import Stuck, stuck
from services.months.prices import Prices
from services.people.members import administrators
from storage import Database, Pulse, StorageError

#: A bot that has written nothing of itself for so long does not run.
_SILENT = timedelta(minutes=3)
_HOUR = 60
_Found = tuple[
    tuple[Stuck, ...], tuple[Member, ...], tuple[tuple[str, int], ...], tuple[Pulse, ...], str | None
]


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at."""

    name: str
    ok: bool
    said: str
    #: Nothing is broken, but somebody has to do something.
    warns: bool = False

    @property
    def mark(self) -> str:
        """`ok`, `WARN` or `FIX`, at which the eye stops."""
        return "FIX" if not self.ok else "WARN" if self.warns else "ok"


async def examine(settings: Settings) -> list[Check]:
    """Look at database, tables, Slack and attestation; changes nothing."""
    return [
        await asyncio.to_thread(_database, settings),
        *await asyncio.to_thread(_disk, settings),
        *await _slack(settings),
        *await asyncio.to_thread(_stored, settings),
        _mode(settings),
        _attestation(settings),
    ]


def _database(settings: Settings) -> Check:
    try:
        database = open_tables(settings.database_url)
    except CommandFault as fault:
        return Check("database", ok=False, said=str(fault))
    try:
        current = database.migrations_current()
    except StorageError as error:
        return Check("database", ok=False, said=error.sentence)
    finally:
        database.close()
    return Check("database", ok=current, said="reachable, tables current" if current else "Run: cocm migrate")


def _disk(settings: Settings) -> tuple[Check, ...]:
    """The room that is left, and who may read the files; of a PostgreSQL server both are its own business."""
    file = Database.file_of(settings.database_url)
    if file is None or not file.exists():
        return ()
    full = little_room(shutil.disk_usage(file.absolute().parent).free)
    if not (os.access(file, os.W_OK) and os.access(file.absolute().parent, os.W_OK)):
        full = f"{file.name} or its folder may only be read, so nothing can be stored. Check their owner and rights."
    names = [*(file.with_name(file.name + ending) for ending in ("", "-wal", "-shm")), Path(".env")]
    open_to_others = [one for one in names if one.exists() and one.stat().st_mode & 0o077]
    listed = " ".join(str(one) for one in open_to_others)
    return (
        Check("disk", ok=full is None, said=full or "room enough, and it can be written"),
        Check(
            "files",
            ok=True,
            warns=bool(open_to_others),
            said=f"Others on this machine may read {listed}. Run: chmod 600 {listed}"
            if listed
            else "only yours",
        ),
    )


def _running(pulses: tuple[Pulse, ...], now: datetime) -> Check:
    """What the bots that run have written of themselves."""
    beating = [one for one in pulses if now - one.at <= _SILENT]
    if not beating:
        last = f" One wrote last {_ago(now - pulses[0].at)} ago ({pulses[0].node})." if pulses else ""
        return Check("running", ok=True, warns=True, said=f"No bot runs on this database now.{last}")
    wrong = [f"{one.node}: {said}" for one in beating for said in one.faults.values()]
    nodes = ", ".join(f"{one.node} ({one.program})" for one in beating)
    return Check("running", ok=not wrong, said="; ".join(wrong) or nodes)


def _ago(span: timedelta) -> str:
    minutes = int(span / timedelta(minutes=1))
    return count(minutes, "minute") if minutes < _HOUR else count(minutes // _HOUR, "hour")


def _stored(settings: Settings) -> tuple[Check, ...]:
    """What the database says: messages that are held up, who administers the practice, and rates."""
    try:
        database = open_tables(settings.database_url)
    except CommandFault:
        return _not_known("not known while the database cannot be used")
    try:
        if not database.migrations_current():
            return _not_known("not known until the tables are current: cocm migrate")
        tenant_id = default_tenant(database)
        practice = Practice(database, SystemClock(), settings.practice(), tenant_id)
        held_up, named, unpriced, pulses, late = database.read(
            lambda uow: _found(practice.context(uow)), tenant_id=tenant_id
        ).result()
    except StorageError as error:
        return _not_known(error.sentence)
    finally:
        database.close()
    return (
        _deliveries(held_up, late),
        _administrators(settings, named),
        rates(unpriced),
        _running(pulses, practice.clock.now()),
    )


def _found(context: Context) -> _Found:
    return (
        stuck(context),
        administrators(context),
        Prices(context).missing_years(context.today),
        context.uow.pulses.all(),
        outbox_old(unfinished(context), context.now),
    )


def rates(missing: tuple[tuple[str, int], ...]) -> Check:
    """Which schedules have no rates for this year, or in December for the next."""
    said = spoken_gaps(RateGap(schedule=name, when=str(year)) for name, year in missing)
    fix = "Until then estimates say so. An administrator imports rates: cocm import fees fees.csv"
    return Check("rates", ok=True, said=f"{said}. {fix}" if said else "on file", warns=bool(said))


def _not_known(said: str) -> tuple[Check, ...]:
    return tuple(
        Check(name, ok=False, said=said)
        for name in ("scheduled messages", "administrators", "rates", "running")
    )


def _administrators(settings: Settings, named: tuple[Member, ...]) -> Check:
    if named or settings.admins:
        return Check("administrators", ok=True, said="somebody is named who approves newcomers")
    said = (
        "Nobody is named who approves newcomers. Set COCM_ADMINS to a Slack user id, or import a member with the "
        "role admin."
    )
    return Check("administrators", ok=settings.unknown_member != "ask", said=said)


def _deliveries(found: tuple[Stuck, ...], late: str | None) -> Check:
    """What waits because somebody has to fix something."""
    said = "; ".join(
        f"{sum(number for _, number in one.kinds)} not delivered ({one.code}). {how_to_fix(one.code)}"
        for one in found
    )
    return Check("scheduled messages", ok=not (found or late), said=said or late or "nothing is held up")


async def _slack(settings: Settings) -> tuple[Check, ...]:
    """Slack, what time it says it is, and the channel in which it is to show the month's end."""
    overheard = Overheard(SystemClock())
    try:
        authorization = await meet_slack(settings, overheard)
    except CommandFault as fault:
        return (
            Check("Slack", ok=False, said=str(fault)),
            Check("billing channel", ok=False, said="not known while Slack cannot be reached"),
        )
    off = clock_off(overheard.clock_offset)
    return (
        Check("Slack", ok=True, said=f"reachable, workspace {authorization.team_id}"),
        Check("clock", ok=off is None, said=off or "agrees with Slack's"),
        *await _app_token(settings, overheard),
        await _billing_channel(settings, authorization.bot_token),
    )


async def _app_token(settings: Settings, overheard: Overheard) -> tuple[Check, ...]:
    """Whether Slack would open a socket; asking opens none."""
    if settings.slack_app_token is None:
        return ()
    client = slack_client(settings, overheard)
    try:
        await client.apps_connections_open(app_token=settings.slack_app_token.get_secret_value())
    except SlackApiError as error:
        code = str(error.response.get("error"))
        return (Check("app token", ok=False, said=token_refused("app", code)),)
    except (TimeoutError, OSError, ClientError):
        return (Check("app token", ok=False, said="Slack did not answer. Ask again in a minute."),)
    return (Check("app token", ok=True, said="Slack takes it"),)


async def _billing_channel(settings: Settings, token: str | None) -> Check:
    channel = settings.billing_channel
    if channel is None:
        said = f"Nobody is sent the month end. {how_to_fix('no_billing_channel')}"
        return Check("billing channel", ok=False, said=said)
    client = slack_client(settings)
    client.token = token
    match await unfit_for_billing(client, channel):
        case None:
            return Check(
                "billing channel", ok=True, said=f"{channel} is private, not shared, and the bot is in it"
            )
        case Refused(code=code):
            return Check("billing channel", ok=False, said=f"{channel}: {code}. {how_to_fix(code)}")
    return Check("billing channel", ok=False, said="Slack did not answer. Ask again in a minute.")


def _mode(settings: Settings) -> Check:
    if settings.slack_app_token is not None:
        return Check("delivery", ok=True, said="Socket Mode (SLACK_APP_TOKEN is set)")
    if settings.slack_signing_secret is not None:
        return Check("delivery", ok=True, said="HTTP (SLACK_SIGNING_SECRET is set)")
    return Check(
        "delivery", ok=False, said="Set SLACK_APP_TOKEN for Socket Mode, or SLACK_SIGNING_SECRET for HTTP."
    )


def _attestation(settings: Settings) -> Check:
    if not settings.talks_to_slack:
        return Check("agreement", ok=True, said="not needed: this is not the real Slack")
    said = (
        "COCM_BAA_ATTESTED is true"
        if settings.baa_attested
        else "Set COCM_BAA_ATTESTED=true once a BAA is signed."
    )
    return Check("agreement", ok=settings.baa_attested, said=said)
