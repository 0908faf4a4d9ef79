"""Looks at what Slack says of people's accounts, and takes in what changed: memberships end with them."""

import asyncio
from random import SystemRandom
from typing import Any, Final

import structlog
from slack_sdk.errors import SlackApiError

from bot.context import BotContext
from services.errors import NotAllowed
from services.messages import leaving
from services.people import members
from services.people.accounts import Account

log = structlog.get_logger(__name__)

#: Seconds between two questions to Slack, which takes a hundred of this kind a minute.
PACE_SECONDS: Final = 0.7
#: Seconds to pause when Slack asks for a pause and does not say how long, and how often it may.
_PAUSE: Final = 30.0
_PAUSES: Final = 5


async def take_in(bot: BotContext, user_id: str, account: Account) -> None:
    """Keep what Slack says of a member: their name and zone, or that they take part no more."""
    if account.fault is None:
        await bot.practice.write(members.learn_profile, user_id, account.name, account.time_zone)
        return
    if await bot.practice.write(leaving.account_changed, user_id, account) is not None:
        log.info("membership ended", reason=account.fault.code)
        bot.home.after_anything()


async def refuse_unfit(bot: BotContext, user_id: str) -> None:
    """See that an account may take part, before somebody makes it a member.

    Raises:
        NotAllowed: for a guest, an app, somebody of another workspace, or a deactivated account.
    """
    account = await bot.accounts.of(user_id)
    if account is not None and account.fault is not None:
        raise NotAllowed(f"{_WHAT[account.fault.code]} cannot be a member here. Nothing was changed.")


_WHAT: Final = {
    "guest_account": "A guest's account",
    "bot_account": "The account of an app",
    "outside_account": "An account of another workspace",
    "closed_account": "A deactivated account",
}


async def look_at_everybody(bot: BotContext, *, pace: float = PACE_SECONDS) -> int:
    """Ask Slack once a day about each member, for whoever left while nobody listened; one node does it for all.

    Returns:
        About how many Slack was asked.
    """
    now = bot.practice.clock.now()
    day = now.astimezone(bot.practice.settings.zone).date()
    found = await bot.practice.write(leaving.accounts_to_look_at, f"accounts:{day.isoformat()}")
    # Should it be cut short, others come first tomorrow.
    waiting = SystemRandom().sample(found, len(found))
    asked = pauses = 0
    while waiting:
        user_id = waiting[0]
        try:
            account = await bot.accounts.look_at(user_id)
        except SlackApiError as error:
            pauses += 1
            if pauses > _PAUSES:
                log.warning("accounts not all looked at", left=len(waiting), code="ratelimited")
                break
            await asyncio.sleep(_asked_for(error.response))
            continue
        waiting.pop(0)
        asked += 1
        if account is not None:
            await take_in(bot, user_id, account)
        if waiting:
            await asyncio.sleep(pace)
    return asked


def _asked_for(response: Any) -> float:
    said = str((response.headers or {}).get("Retry-After", ""))
    return float(said) if said.isdigit() else _PAUSE
