"""Checks each thing the bot needs for `cocm doctor`, and says how to fix what is missing."""

import asyncio
from dataclasses import dataclass

from billing.money import RateGap, spoken_gaps
from billing.people import Member
from bot.billing_channel import unfit_for_billing
from bot.screens.trouble import how_to_fix
from cocm.databases import open_tables
from cocm.errors import CommandFault
from cocm.settings import Settings
from cocm.tick import default_tenant
from cocm.wiring import meet_slack, slack_client
from services.clock import SystemClock
from services.context import Context, Practice
from services.messages.deliveries import Refused
from services.messages.trouble import Stuck, stuck
from services.months.prices import Prices
from services.people.members import administrators
from storage import StorageError


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
        held_up, named, unpriced = database.read(
            lambda uow: _found(practice.context(uow)), tenant_id=tenant_id
        ).result()
    except StorageError as error:
        return _not_known(error.sentence)
    finally:
        database.close()
    return _deliveries(held_up), _administrators(settings, named), rates(unpriced)


def _found(context: Context) -> tuple[tuple[Stuck, ...], tuple[Member, ...], tuple[tuple[str, int], ...]]:
    return stuck(context), administrators(context), Prices(context).missing_years(context.today)


def rates(missing: tuple[tuple[str, int], ...]) -> Check:
    """Which schedules have no rates for this year, or in December for the next."""
    said = spoken_gaps(RateGap(schedule=name, when=str(year)) for name, year in missing)
    fix = "Until then estimates say so. An administrator imports rates: cocm import fees fees.csv"
    return Check("rates", ok=True, said=f"{said}. {fix}" if said else "on file", warns=bool(said))


def _not_known(said: str) -> tuple[Check, ...]:
    return tuple(
        Check(name, ok=False, said=said) for name in ("scheduled messages", "administrators", "rates")
    )


def _administrators(settings: Settings, named: tuple[Member, ...]) -> Check:
    if named or settings.admins:
        return Check("administrators", ok=True, said="somebody is named who approves newcomers")
    said = (
        "Nobody is named who approves newcomers. Set COCM_ADMINS to a Slack user id, or import a member with the "
        "role admin."
    )
    return Check("administrators", ok=settings.unknown_member != "ask", said=said)


def _deliveries(found: tuple[Stuck, ...]) -> Check:
    """What waits because somebody has to fix something."""
    said = "; ".join(
        f"{sum(number for _, number in one.kinds)} not delivered ({one.code}). {how_to_fix(one.code)}"
        for one in found
    )
    return Check("scheduled messages", ok=not found, said=said or "nothing is held up")


async def _slack(settings: Settings) -> tuple[Check, Check]:
    """Slack, and the channel in which it is to show the month's end."""
    try:
        authorization = await meet_slack(settings)
    except CommandFault as fault:
        return (
            Check("Slack", ok=False, said=str(fault)),
            Check("billing channel", ok=False, said="not known while Slack cannot be reached"),
        )
    return (
        Check("Slack", ok=True, said=f"reachable, workspace {authorization.team_id}"),
        await _billing_channel(settings, authorization.bot_token),
    )


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
