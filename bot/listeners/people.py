"""Listeners for `members` and `roles`, for who asks to take part, and for accounts that change in Slack."""

from typing import Any

from slack_bolt.async_app import AsyncApp, AsyncRespond

from billing.people import Member
from bot import pressed
from bot.account_looks import refuse_unfit, take_in
from bot.context import BotContext, Handlers, Request
from bot.grammar.commands.members import MembersArguments
from bot.grammar.commands.roles import RolesArguments
from bot.ids import ActionId, wherever
from bot.middleware import acknowledge
from bot.replies import Reply
from bot.screens import people as screen
from services.messages import joining
from services.people import members, memberships


async def show_members(bot: BotContext, request: Request) -> Reply:
    """`/cocm members`, `/cocm members @ana ends`."""
    given = request.given(MembersArguments)
    if given.name is None:
        found, manages = await bot.practice.read(memberships.people_list, request.member)
        return screen.members(found, bot.zone_of(request.member), manages=manages)
    change = memberships.end if given.ends else memberships.renew
    return screen.changed(await bot.practice.write(change, request.member, given.name))


async def show_roles(bot: BotContext, request: Request) -> Reply:
    """`/cocm roles`, `/cocm roles @ana`, `/cocm roles @ana add biller`."""
    given, member = request.given(RolesArguments), request.member
    if given.name is None:
        return screen.roles(member, await bot.practice.read(memberships.by_role, member))
    if not given.roles:
        return screen.roles_of(await bot.practice.read(memberships.rights_of, member, given.name))
    who = await bot.practice.read(joining.newcomer_named, given.name)
    if who is not None:
        await refuse_unfit(bot, who)
    done = await bot.practice.write(joining.give_roles, member, given.name, given.roles, given.how)
    return screen.changed(done)


HANDLERS: Handlers = {"members": show_members, "roles": show_roles}


def register(app: AsyncApp, bot: BotContext) -> None:
    """Listen to the answers about somebody who asks to take part, and to accounts that change."""

    async def approve(action: dict[str, Any], member: Member, respond: AsyncRespond) -> None:
        request_id = pressed.number(action)
        who = await bot.practice.read(joining.newcomer_of, request_id)
        if who is not None:
            await refuse_unfit(bot, who)
        done = await bot.practice.write(joining.approve, member, request_id)
        await respond(**screen.decided(done).as_replacement())

    async def refuse(action: dict[str, Any], member: Member, respond: AsyncRespond) -> None:
        done = await bot.practice.write(joining.refuse, member, pressed.number(action))
        await respond(**screen.decided(done).as_replacement())

    async def taken() -> None:
        """Slack hears 200; what it says of the account is looked at afterwards."""

    async def changed(event: dict[str, Any]) -> None:
        account, user_id = bot.accounts.told(event["user"]), event["user"]["id"]
        if await bot.practice.read(members.is_active, user_id):
            await take_in(bot, user_id, account)

    app.event("user_change")(ack=taken, lazy=[changed])
    app.action(wherever(ActionId.APPROVE_MEMBER))(ack=acknowledge, lazy=[approve])
    app.action(wherever(ActionId.REFUSE_MEMBER))(ack=acknowledge, lazy=[refuse])
