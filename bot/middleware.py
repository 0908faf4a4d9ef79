"""Checks that a request comes from the practice's workspace, and finds the member who sent it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncBoltContext
from slack_bolt.response import BoltResponse

from bot.context import BotContext
from bot.profiles import learn
from services.errors import WrongWorkspace
from services.people import members

Next = Callable[[], Awaitable[BoltResponse]]
Middleware = Callable[..., Awaitable[BoltResponse | None]]


@dataclass(frozen=True, slots=True)
class Workspace:
    """The Slack workspace that the practice is bound to."""

    enterprise_id: str | None
    team_id: str | None

    def is_home_of(self, enterprise_id: str | None, team_id: str | None) -> bool:
        """Whether a request comes from here; an organization-wide one names only its enterprise."""
        if self.team_id and team_id:
            return self.team_id == team_id
        return self.enterprise_id is not None and self.enterprise_id == enterprise_id


def only_from(workspace: Workspace) -> Middleware:
    """Refuse requests of any other workspace, before anything about them is read."""

    async def check(context: AsyncBoltContext, next: Next) -> BoltResponse:  # noqa: A002 - Bolt injects by this name
        if not workspace.is_home_of(context.enterprise_id, context.team_id):
            raise WrongWorkspace
        return await next()

    return check


def identify(bot: BotContext) -> Middleware:
    """Put the member into the context as `member`; unknown people are welcomed or refused, by setting."""

    async def look_up(context: AsyncBoltContext, body: dict[str, Any], next: Next) -> BoltResponse:  # noqa: A002 - Bolt injects by this name
        if context.user_id is not None:
            member = await bot.practice.read(members.find, context.user_id)
            if member is None:
                member = await bot.practice.write(members.recognize, context.user_id, _name_in(body))
            if member.time_zone is None:
                # Their zone comes from Slack, after the answer: nothing on the way to it calls Slack.
                bot.background.keep(learn(bot, context.user_id))
            context["member"] = member
        return await next()

    return look_up


async def acknowledge(ack: AsyncAck) -> None:
    """Tell Slack at once that a click arrived; the work goes on in a lazy listener."""
    await ack()


def _name_in(body: dict[str, Any]) -> str:
    """What Slack calls the person in this request: commands say `user_name`, clicks `user.name`."""
    user = body.get("user")
    named = user.get("name") if isinstance(user, dict) else None
    return str(body.get("user_name") or named or "")
