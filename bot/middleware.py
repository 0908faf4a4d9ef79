"""Checks that a request comes from the practice's workspace, and finds the member who sent it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncBoltContext
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError

from billing.people import Member
from bot.click_answers import answering_where_pressed
from bot.context import BotContext
from bot.door.replays import REPLAYED, Replayed
from bot.home_answers import answering_in_messages
from bot.lazy import ANSWERS_IN_MESSAGES
from services.errors import Refusal, WrongWorkspace
from services.messages import joining
from services.once import run as once
from services.people import arrivals, members
from services.people.accounts import Account

#: Events of people who only look at the bot, or name it in a channel.
_LOOKING = frozenset({"app_home_opened", "app_mention"})
#: Events about somebody who says nothing: they come for everybody in the workspace, member or not.
_ABOUT = frozenset({"user_change"})

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
    """Put the member into the context as `member`; whoever is none goes no further, whatever they asked."""

    async def look_up(context: AsyncBoltContext, body: dict[str, Any], next: Next) -> BoltResponse:  # noqa: A002 - Bolt injects by this name
        run = once.current()
        if context.user_id is not None and body.get("event", {}).get("type") not in _ABOUT:
            account = await bot.accounts.of(context.user_id)
            if account is not None and account.fault is not None:
                raise account.fault
            context["member"] = await _member(bot, context.user_id, body, account)
            if context.get(REPLAYED) and (run is None or not run.is_again):
                raise Replayed
            if _is_of_home(body):
                context["respond"] = answering_in_messages(bot, context.user_id)
                context[ANSWERS_IN_MESSAGES] = True
            elif body.get("type") == "block_actions":
                url = context.response_url or ""
                context["respond"] = answering_where_pressed(bot, context.user_id, url)
        return await next()

    return look_up


async def _member(bot: BotContext, user_id: str, body: dict[str, Any], account: Account | None) -> Member:
    run = once.current()
    with once.apart():
        member, steps = await bot.practice.read(arrivals.met, user_id, None if run is None else run.key)
    if run is not None:
        run.take_up(steps)
    if member is None:
        if account is None:
            # Nobody comes in unseen: a guest might, while Slack is slow.
            account = await _seen(bot, user_id)
        called = (account.name if account else "") or _name_in(body)
        speaks = body.get("event", {}).get("type") not in _LOOKING
        met = await bot.practice.write(
            joining.meet, user_id, called, speaks=speaks, vouched=account is not None
        )
        if isinstance(met, Refusal):
            # Administrators who look at Home see who asks.
            bot.home.after_anything()
            raise met
        member = met
    if account is not None and member.time_zone is None:
        # Kept after the answer, which does not wait for it.
        with once.apart():
            bot.background.keep(_learn(bot, user_id, account))
    return member


async def _seen(bot: BotContext, user_id: str) -> Account | None:
    """What Slack says of somebody who comes for the first time, however long that takes it.

    Raises:
        UnfitAccount: for one who may not take part.
    """
    try:
        account = await bot.accounts.look_at(user_id)
    except SlackApiError:
        return None
    if account is not None and account.fault is not None:
        raise account.fault
    return account


async def _learn(bot: BotContext, user_id: str, account: Account) -> None:
    await bot.practice.write(members.learn_profile, user_id, account.name, account.time_zone)


def _is_of_home(body: dict[str, Any]) -> bool:
    """Whether something was pressed on Home, which has no place for an answer of its own."""
    return body.get("type") == "block_actions" and body.get("view", {}).get("type") == "home"


async def acknowledge(ack: AsyncAck) -> None:
    """Tell Slack at once that a click arrived; the work goes on in a lazy listener."""
    await ack()


def _name_in(body: dict[str, Any]) -> str:
    """What Slack calls the person in this request: commands say `user_name`, clicks `user.name`."""
    user = body.get("user")
    named = user.get("name") if isinstance(user, dict) else None
    return str(body.get("user_name") or named or "")
