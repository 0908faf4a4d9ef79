"""Builds what sends scheduled messages: the planner, the outbox's sender, and Slack."""

import asyncio
from datetime import date
from random import SystemRandom

import structlog

from bot.account_looks import look_at_everybody
from bot.composer import SlackComposer
from bot.notifier import SlackNotifier
from cocm.measures import LAG
from cocm.wiring import Application
from scheduler.planner import Planner
from scheduler.sender import Sender
from services.messages import leaving, old_notes
from services.messages.deliveries import Delivery, State
from services.messages.store import StoredDeliveries, StoredRoster
from services.practice import retention
from services.upkeep import sweep
from storage import StorageError, damage

log = structlog.get_logger(__name__)


class MeasuredDeliveries(StoredDeliveries):
    """The outbox, with an eye on how late what is sent was."""

    async def swap(self, after: Delivery) -> bool:
        """See `Deliveries`."""
        swapped = await super().swap(after)
        if swapped and after.state is State.SENT:
            LAG.observe(max(0.0, (after.changed_at - after.due_at).total_seconds()))
        return swapped


class Outgoing:
    """Puts what is owed into the outbox, and sends it."""

    def __init__(self, program: Application, *, one_shot: bool = False) -> None:
        """Put the parts together.

        Args:
            program: its practice, client and settings.
            one_shot: for a program that runs but once.
        """
        self._practice = program.practice
        settings = program.settings
        clock = self._practice.clock
        self.deliveries = MeasuredDeliveries(self._practice)
        self.planner = Planner(self.deliveries, StoredRoster(self._practice), clock)
        self.sender = Sender(
            self.deliveries,
            SlackNotifier(self._practice, program.bot.client, billing_channel=settings.billing_channel),
            SlackComposer(self._practice, names_in_files=settings.names_in_files),
            clock,
            chance=SystemRandom(),
            one_shot=one_shot,
        )
        self._sending: asyncio.Task[None] | None = None
        self._bot = program.bot
        self._looking: asyncio.Task[None] | None = None
        self._notes_looked_at: date | None = None

    def start(self) -> None:
        """Send whatever waits, in the running event loop, until `stop`."""
        self._sending = asyncio.get_running_loop().create_task(self.sender.run())

    async def tick(self) -> None:
        """What the alarm clock rings for: put in what is owed by now, and wake the sender."""
        await self._practice.write(sweep)
        await self.look_at_old_notes()
        await self.planner.plan()
        if damage.found():
            await self._practice.write(leaving.tell_damage)
        self.sender.wake()
        if self._looking is None or self._looking.done():
            # Takes as long as Slack wants, and nothing waits for it.
            self._looking = asyncio.create_task(self.look_at_accounts())

    async def look_at_accounts(self) -> None:
        """Look once a day at the accounts of all members."""
        try:
            await look_at_everybody(self._bot)
        except StorageError as error:
            log.warning("accounts not looked at", error=type(error).__name__)

    async def look_at_old_notes(self) -> None:
        """Once a day, announce which notes are to be removed, and remove those whose day has come."""
        today = self._practice.clock.now().astimezone(self._practice.settings.zone).date()
        if today == self._notes_looked_at:
            return
        self._notes_looked_at = today
        try:
            if await self._practice.write(old_notes.look):
                while await self._practice.write(retention.remove_some):
                    pass
        except StorageError as error:
            log.warning("old notes not looked at", error=type(error).__name__)

    async def stop(self) -> None:
        """End once what is being sent has been answered."""
        self.sender.stop()
        if self._looking is not None:
            self._looking.cancel()
        if self._sending is not None:
            await self._sending
