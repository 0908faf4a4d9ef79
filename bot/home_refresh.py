"""Publishes Home: when it is opened, and afterwards as soon as something was done that it shows.

Nothing here delays or fails an answer: acts only leave a note, and the tabs follow in the background. A person's acts
within a moment are one refresh; a Home that takes long to read is refreshed less often, so that no more than a small
part of the machine goes into it. Whoever never opened Home is never asked about Slack.
"""

import asyncio
from collections import OrderedDict, defaultdict
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, Final

import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from billing.people import Member
from bot.lazy import DrainedLazyRunner
from bot.screens.home.frame import TABLE
from bot.screens.home.naming import ViewSettings
from bot.screens.home.old import old_view
from bot.screens.home.view import Shown, has_table, home_view
from bot.screens.phrases import clock
from services.context import Practice
from services.errors import StorageError
from services.home import home, opening
from services.home.home import Home
from services.practice import newer_blocks

log = structlog.get_logger(__name__)

#: Acts of a person within so many seconds are one refresh.
SETTLE_SECONDS = 0.5
#: For so many seconds Home says what one of its buttons did.
DONE_SECONDS = 60.0
#: Others who may be looking see what somebody did after so many seconds.
LOOKERS_SECONDS = 20.0
#: Whoever opened Home within this time may still be looking; so many of them at most are refreshed.
_LOOKING: Final = timedelta(minutes=10)
_LOOKERS: Final = 20
#: After it was read, a person's Home rests so many times as long as that took: after acts of others, and of their own.
_REST, _OWN_REST = 20, 3
#: Seconds for which it is believed that a member has never opened Home.
_BELIEVED_SECONDS = 60.0
#: A Home that has been read for so long is given up.
READ_SECONDS = 20.0
#: While the database does not answer, it is asked for each Home so often.
OLD_SECONDS = 15.0
#: Of so many people what was shown last is remembered.
_REMEMBERED = 200
#: Slack's words for blocks that it does not take: those of messages, and those of views.
NOT_TAKEN: Final = frozenset({"invalid_blocks", "invalid_arguments", "invalid_blocks_format"})


@dataclass(slots=True)
class _Tab:
    """One person's Home, as far as this program has to do with it."""

    #: One at a time, so that no older content comes last.
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    #: Whether a refresh is on its way already.
    waits: bool = False
    #: By the event loop's clock: when it was read last, and for how many seconds.
    read_at: float = 0.0
    took: float = 0.0
    #: What a button of Home has just done, and until when that is said.
    done: str = ""
    done_until: float = 0.0
    #: Whether it has been said to be out of date.
    is_old: bool = False


class DatabaseSilent(StorageError):  # noqa: N818 - the name says what happened, as the sentence does
    """The database does not answer."""


class HomeTabs:
    """The Home tabs of one practice."""

    def __init__(
        self,
        practice: Practice,
        client: AsyncWebClient,
        settings: ViewSettings,
        background: DrainedLazyRunner,
    ) -> None:
        self._practice = practice
        self._client = client
        self._settings = settings
        self._background = background
        self._tabs: dict[str, _Tab] = defaultdict(_Tab)
        #: Members who have opened Home, as far as this program knows.
        self._openers: set[int] = set()
        #: Those who had not when last asked, and until when that is believed: another node may have seen them since.
        self._others: dict[int, float] = {}
        self._lookers_wait = False
        #: What was shown last and when, by person, to be shown again while the database does not answer.
        self._shown: OrderedDict[str, tuple[dict[str, Any], str]] = OrderedDict()
        practice.after_write(self.after_act)

    async def opened(self, member: Member, user_id: str) -> None:
        """Show a member who has just opened Home what is true now.

        Raises:
            Refusal: for a member who may see nothing.
        """
        self._openers.add(member.member_id)
        self._tabs[user_id].done = ""
        await self._publish(user_id)
        await self._practice.write(opening.opened, member.member_id)

    async def out_of_date(self, user_id: str) -> None:
        """Say on a Home that it is old, since the database does not answer, and show it anew once that does."""
        tab = self._tabs[user_id]
        if tab.is_old:
            return
        tab.is_old = True
        shown, at = self._shown.get(user_id, (None, ""))
        self._background.later(OLD_SECONDS, lambda: self._anew(user_id))
        try:
            await self._client.views_publish(user_id=user_id, view=old_view(shown, at))
        except SlackApiError as error:
            log.warning("home not published", error=str(error.response.get("error")))

    async def done(self, user_id: str, done: str) -> None:
        """Show what a button of Home has done, in words that name no patient."""
        tab = self._tabs[user_id]
        tab.done, tab.done_until = done, asyncio.get_running_loop().time() + DONE_SECONDS
        await self._safely(user_id)

    def after_act(self, member: Member) -> None:
        """Have Home follow what a member has just done: theirs at once, that of others who may be looking soon."""
        if member.slack_user_id is not None and not self._has_surely_none(member.member_id):
            self._soon(member.slack_user_id, member.member_id, SETTLE_SECONDS, _OWN_REST)
        self.after_anything()

    def after_anything(self) -> None:
        """Have the Homes of those who may be looking follow what has just been stored."""
        if not self._lookers_wait:
            self._lookers_wait = True
            self._background.later(LOOKERS_SECONDS, self._refresh_lookers)

    # -- in the background -------------------------------------------------------------------------------

    def _soon(self, user_id: str, member_id: int, seconds: float, rest: int) -> None:
        """Refresh a Home after so many seconds, or once it has rested; several wishes are one refresh."""
        tab, loop = self._tabs[user_id], asyncio.get_running_loop()
        if tab.waits:
            return
        tab.waits = True
        rested = tab.read_at + rest * tab.took - loop.time()
        self._background.later(max(seconds, rested), lambda: self._refresh(user_id, member_id))

    async def _refresh(self, user_id: str, member_id: int) -> None:
        self._tabs[user_id].waits = False
        try:
            if member_id not in self._openers and not await self._practice.read(
                opening.has_opened, member_id
            ):
                self._others[member_id] = asyncio.get_running_loop().time() + _BELIEVED_SECONDS
                return
        except StorageError as error:
            log.warning("home not published", error=type(error).__name__)
            if user_id in self._shown:
                await self.out_of_date(user_id)
            return
        self._openers.add(member_id)
        await self._safely(user_id)

    async def _anew(self, user_id: str) -> None:
        """Show a Home again that was said to be old; as long as that fails it is tried again and again."""
        self._tabs[user_id].is_old = False
        await self._safely(user_id)

    async def _refresh_lookers(self) -> None:
        self._lookers_wait = False
        since = self._practice.clock.now() - _LOOKING
        try:
            looking = await self._practice.read(opening.opened_since, since)
        except StorageError as error:
            log.warning("home not published", error=type(error).__name__)
            return
        for member in looking[:_LOOKERS]:
            assert member.slack_user_id is not None, "only people in Slack open Home"
            self._openers.add(member.member_id)
            self._soon(member.slack_user_id, member.member_id, 0.0, _REST)

    async def _safely(self, user_id: str) -> None:
        """Publish, where nobody waits for it: what goes wrong is logged, and the next act or opening tries again."""
        try:
            await self._publish(user_id)
        except SlackApiError as error:
            log.warning("home not published", error=str(error.response.get("error")))
        except StorageError as error:
            log.warning("home not published", error=type(error).__name__)
            await self.out_of_date(user_id)
        except Exception as error:  # noqa: BLE001 - a Home that is not refreshed must break nothing else
            log.warning("home not published", error=type(error).__name__)

    # -- publishing --------------------------------------------------------------------------------------

    async def _publish(self, user_id: str) -> None:
        tab, loop = self._tabs[user_id], asyncio.get_running_loop()
        async with tab.turn:
            began = loop.time()
            found = await self._read(user_id)
            tab.read_at, tab.took = loop.time(), loop.time() - began
            if found is None:
                return
            shown = Shown(
                settings=self._settings,
                now=self._practice.clock.now(),
                zone=found.zone,
                takes_tables=True,
                done=tab.done if loop.time() < tab.done_until else "",
            )
            view = home_view(found, shown)
            try:
                await self._client.views_publish(user_id=user_id, view=view)
            except SlackApiError as error:
                if error.response.get("error") not in NOT_TAKEN or not has_table(view):
                    raise
                view = await self._publish_without_tables(user_id, found, shown)
            self._keep(user_id, view, clock(shown.now, shown.zone))

    async def _read(self, user_id: str) -> Home | None:
        try:
            async with asyncio.timeout(READ_SECONDS):
                return await self._practice.read(home.home_of, user_id)
        except TimeoutError:
            raise DatabaseSilent from None

    def _keep(self, user_id: str, view: dict[str, Any], at: str) -> None:
        """Remember what was shown last, and of so many people at most."""
        self._tabs[user_id].is_old = False
        self._shown[user_id] = view, at
        self._shown.move_to_end(user_id)
        if len(self._shown) > _REMEMBERED:
            self._shown.popitem(last=False)

    async def _publish_without_tables(self, user_id: str, found: Home, shown: Shown) -> dict[str, Any]:
        """The same in blocks that every workspace takes; if those are taken, it was the tables that were not."""
        plain = home_view(found, replace(shown, takes_tables=False))
        await self._client.views_publish(user_id=user_id, view=plain)
        log.info("home takes no tables")
        await self._practice.write(newer_blocks.refused, newer_blocks.HOME, TABLE)
        return plain

    def _has_surely_none(self, member_id: int) -> bool:
        if member_id in self._openers:
            return False
        return self._others.get(member_id, 0.0) > asyncio.get_running_loop().time()
