"""Asks Slack what an account is, and keeps the answer for a while: guests, bots and others take no part."""

import asyncio
from dataclasses import dataclass
from typing import Any

import structlog
from aiohttp import ClientError
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from services.people.accounts import Account

log = structlog.get_logger(__name__)

#: Seconds for which an answer holds; who became a guest takes no part after so long.
ANSWER_LIFE = 600.0
#: Seconds after which Slack is asked again when it gave no answer.
_NO_ANSWER_LIFE = 30.0
#: Seconds that a person waits for Slack's answer about them; they are taken for what they were without it.
PATIENCE_SECONDS = 1.0
#: Slack's own assistant writes as a person would.
_SLACKBOT = "USLACKBOT"


@dataclass(frozen=True, slots=True)
class Home:
    """The workspace whose people take part, and the organization that it may belong to."""

    enterprise_id: str | None
    team_id: str | None


class Accounts:
    """What Slack says of each account, asked at most once in ten minutes."""

    def __init__(self, client: AsyncWebClient, home: Home) -> None:
        self._client = client
        self._home = home
        #: The answer, and until when by the event loop's clock it holds.
        self._known: dict[str, tuple[Account | None, float]] = {}
        #: Questions under way: of many requests of one person, one asks.
        self._asking: dict[str, asyncio.Task[Account | None]] = {}

    async def of(self, user_id: str) -> Account | None:
        """What Slack says of an account; None where it does not answer in time."""
        now = asyncio.get_running_loop().time
        known = self._known.get(user_id)
        if known is not None and now() < known[1]:
            return known[0]
        asking = self._asking.get(user_id)
        if asking is None:
            asking = self._asking[user_id] = asyncio.create_task(self._asked(user_id))
            asking.add_done_callback(lambda _: self._asking.pop(user_id, None))
        # Whoever waits may be cut off; the others go on waiting for the same answer.
        account = await asyncio.shield(asking)
        life = _NO_ANSWER_LIFE if account is None else ANSWER_LIFE
        if account is None and known is not None:
            # What was known last goes on to hold while Slack says nothing.
            account = known[0]
        self._known[user_id] = account, now() + life
        return account

    def told(self, user: dict[str, Any]) -> Account:
        """Take Slack's word that an account changed.

        From now on it counts as what it is: who was deactivated, or became a guest, takes no part from here on.
        """
        account = _account(user, self._home)
        if user["id"] in self._known:
            self._known[user["id"]] = account, asyncio.get_running_loop().time() + ANSWER_LIFE
        return account

    async def look_at(self, user_id: str) -> Account | None:
        """What Slack says of an account now; None where it says nothing.

        Raises:
            SlackApiError: when it asks for a pause.
        """
        try:
            answer = await self._client.users_info(user=user_id)
        except SlackApiError as error:
            if error.response.get("error") == "ratelimited":
                raise
            return None
        except (TimeoutError, OSError, ClientError):
            return None
        return self.told(answer["user"])

    async def _asked(self, user_id: str) -> Account | None:
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                answer = await self._client.users_info(user=user_id)
        except SlackApiError as error:
            code = error.response.get("error")
            log.warning("account not learned", error=code)
            return Account(is_outside=True) if code == "user_not_visible" else None
        except (TimeoutError, OSError, ClientError) as error:
            log.warning("account not learned", error=type(error).__name__)
            return None
        return _account(answer["user"], self._home)


def _account(user: dict[str, Any], home: Home) -> Account:
    profile = user.get("profile", {})
    return Account(
        name=profile.get("display_name") or user.get("real_name") or user.get("name") or "",
        time_zone=user.get("tz"),
        is_guest=bool(user.get("is_restricted") or user.get("is_ultra_restricted")),
        is_bot=bool(user.get("is_bot") or profile.get("bot_id")) or user.get("id") == _SLACKBOT,
        is_outside=bool(user.get("is_stranger")) or not _is_of(user, home),
        is_deactivated=bool(user.get("deleted")),
    )


def _is_of(user: dict[str, Any], home: Home) -> bool:
    """Whether an account belongs to the workspace, or to another one of the same organization."""
    team_id = user.get("team_id")
    if not team_id or not home.team_id or team_id == home.team_id:
        return True
    organization = user.get("enterprise_user", {}).get("enterprise_id") or user.get("enterprise_id")
    return home.enterprise_id is not None and organization == home.enterprise_id
