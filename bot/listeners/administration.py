"""Listeners for what administrators do from lists: roles and memberships, settings, payers' rules; and the imports."""

from datetime import date
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond

from billing.people import Member, MemberRole
from bot import pressed
from bot.context import BotContext, Handlers, Request
from bot.form_openings import place_of, show
from bot.ids import ActionId, BlockId, CallbackId, wherever
from bot.middleware import acknowledge
from bot.replies import Reply
from bot.screens import imports as imports_screen
from bot.screens import payers as payers_screen
from bot.screens import people as people_screen
from bot.screens import settings as settings_screen
from bot.screens.form_fields import typed
from bot.screens.member_forms import roles_form
from bot.screens.practice_forms import payer_form, setting_form
from bot.submitting import AtFields, Done, Outcome, answer, metadata, origin_of
from services.imports import payer_rule, sent
from services.imports.payer_rule import CannotKeepRule, PayerRuleRequest
from services.messages import joining
from services.months import payer_list
from services.people import memberships
from services.people.requests import RoleEdit
from services.practice import setting_forms, settings
from services.practice.settings import CannotSet, SettingRequest

#: Where each thing that is wrong with a payer's rule stands in its form.
_FIELDS = {
    "name": BlockId.PAYER,
    "field": BlockId.FIELD,
    "value": BlockId.VALUE,
    "from": BlockId.FROM,
    "to": BlockId.TO,
    "verified_on": BlockId.VERIFIED,
}

#: What a button does with a membership.
_CHANGES = frozenset({"ends", "returns"})


async def show_imports(bot: BotContext, request: Request) -> Reply:
    """`/cocm imports`."""
    found = await bot.practice.read(sent.imports, request.member)
    return imports_screen.imports(found, bot.zone_of(request.member))


HANDLERS: Handlers = {"imports": show_imports}


def register(app: AsyncApp, bot: BotContext) -> None:
    """Listen to the buttons of the lists, to their forms, and to the turning of their pages."""
    _register_pages(app, bot)
    _register_members(app, bot)
    _register_settings(app, bot)
    _register_payers(app, bot)


def _register_pages(app: AsyncApp, bot: BotContext) -> None:
    async def is_ours(action: dict[str, Any]) -> bool:
        return pressed.last_number(action)[0] in _PAGES

    async def turn(action: dict[str, Any], member: Member, respond: AsyncRespond) -> None:
        what, number = pressed.last_number(action)
        await respond(**(await _PAGES[what](bot, member, number)).as_replacement())

    # Pages of other lists are turned elsewhere.
    app.action(wherever(ActionId.SHOW_PAGE), matchers=[is_ours])(ack=acknowledge, lazy=[turn])


async def _members(bot: BotContext, member: Member, number: int) -> Reply:
    found, manages = await bot.practice.read(memberships.people_list, member)
    return people_screen.members(found, bot.zone_of(member), number, manages=manages)


async def _imports(bot: BotContext, member: Member, number: int) -> Reply:
    found = await bot.practice.read(sent.imports, member)
    return imports_screen.imports(found, bot.zone_of(member), number)


async def _payers(bot: BotContext, member: Member, number: int) -> Reply:
    found = await bot.practice.read(payer_list.shown, member)
    return payers_screen.payers(found, one=False, number=number)


_PAGES = {
    people_screen.LIST: _members,
    imports_screen.LIST: _imports,
    payers_screen.LIST: _payers,
}


def _register_members(app: AsyncApp, bot: BotContext) -> None:
    async def change(
        action: dict[str, Any], body: dict[str, Any], member: Member, respond: AsyncRespond
    ) -> None:
        what, who, roles = pressed.parts(action, 3, least=2)
        member_id = pressed.number(who)
        if what == "roles" and not roles:
            await open_roles(bot, body, member, member_id)
            return
        if what == "roles":
            given = frozenset(pressed.choice(MemberRole, one) for one in roles.split(","))
            done = await bot.practice.write(joining.give_roles, member, member_id, given, RoleEdit.SET)
        else:
            use_case = memberships.end if pressed.name(_CHANGES, what) == "ends" else memberships.renew
            done = await bot.practice.write(use_case, member, member_id)
        await respond(**people_screen.changed(done).as_follow_up())

    async def other_role(action: dict[str, Any], body: dict[str, Any], member: Member) -> None:
        await open_roles(bot, body, member, pressed.text(action))

    async def rights(action: dict[str, Any], member: Member, respond: AsyncRespond) -> None:
        if pressed.text(action) == "me":
            own = await bot.practice.read(memberships.own_rights, member)
            reply = people_screen.rights(member, own)
        else:
            reply = people_screen.role_rights(pressed.choice(MemberRole, action))
        await respond(**reply.as_follow_up())

    async def submitted(ack: AsyncAck, body: dict[str, Any], member: Member) -> None:
        await answer(bot, ack, body, member, _give_roles(bot, member, body["view"]))

    app.action(wherever(ActionId.MEMBER_MENU))(ack=acknowledge, lazy=[change])
    app.action(wherever(ActionId.CHANGE_MEMBERSHIP))(ack=acknowledge, lazy=[change])
    app.action(wherever(ActionId.GIVE_OTHER_ROLE))(ack=acknowledge, lazy=[other_role])
    app.action(wherever(ActionId.ROLE_RIGHTS))(ack=acknowledge, lazy=[rights])
    app.view(CallbackId.ROLES_FORM)(submitted)


async def open_roles(bot: BotContext, body: dict[str, Any], member: Member, who: str | int) -> None:
    """Open the form for somebody's roles."""
    name, roles = await bot.practice.read(memberships.to_change, member, who)
    place = place_of(body)
    view = roles_form(name, roles, metadata(place, who=who))
    await show(bot, body["user"]["id"], body["trigger_id"], view, place)


async def _give_roles(bot: BotContext, member: Member, view: dict[str, Any]) -> Outcome:
    ticked = [one for one in typed(view)[BlockId.ROLES].split(",") if one]
    roles = frozenset(map(MemberRole, ticked))
    who = origin_of(view)["who"]
    done = await bot.practice.write(joining.give_roles, member, who, roles, RoleEdit.SET)
    return Done(people_screen.changed(done))


def _register_settings(app: AsyncApp, bot: BotContext) -> None:
    async def change(action: dict[str, Any], body: dict[str, Any], member: Member) -> None:
        name = pressed.text(action)
        found = await bot.practice.read(setting_forms.to_change, member, name)
        place = place_of(body)
        view = setting_form(found, metadata(place, name=name))
        await show(bot, body["user"]["id"], body["trigger_id"], view, place)

    async def submitted(ack: AsyncAck, body: dict[str, Any], member: Member) -> None:
        await answer(bot, ack, body, member, _set(bot, member, body["view"]))

    app.action(wherever(ActionId.CHANGE_SETTING))(ack=acknowledge, lazy=[change])
    app.view(CallbackId.SETTING_FORM)(submitted)


async def _set(bot: BotContext, member: Member, view: dict[str, Any]) -> Outcome:
    given = typed(view)
    name = origin_of(view)["name"]
    asked = SettingRequest(text=f"{name} {given[BlockId.VALUE]}", from_day=_day(given[BlockId.FROM]))
    try:
        return Done(settings_screen.changed(await bot.practice.write(settings.carry_out, member, asked)))
    except CannotSet as refusal:
        return AtFields({BlockId.VALUE: refusal.sentence})


def _register_payers(app: AsyncApp, bot: BotContext) -> None:
    async def change(action: dict[str, Any], body: dict[str, Any], member: Member) -> None:
        name = pressed.text(action)
        await bot.practice.read(payer_rule.may_change, member)
        place = place_of(body)
        today = bot.practice.clock.now().astimezone(bot.zone_of(member)).date()
        view = payer_form("" if name == payers_screen.ANY else name, today, metadata(place))
        await show(bot, body["user"]["id"], body["trigger_id"], view, place)

    async def submitted(ack: AsyncAck, body: dict[str, Any], member: Member) -> None:
        await answer(bot, ack, body, member, _keep_rule(bot, member, body["view"]))

    app.action(wherever(ActionId.CHANGE_PAYER))(ack=acknowledge, lazy=[change])
    app.view(CallbackId.PAYER_FORM)(submitted)


async def _keep_rule(bot: BotContext, member: Member, view: dict[str, Any]) -> Outcome:
    given = typed(view)
    asked = PayerRuleRequest(
        name=given[BlockId.PAYER],
        field=given[BlockId.FIELD],
        value=given[BlockId.VALUE],
        first_day=_day(given[BlockId.FROM]),
        last_day=_day(given[BlockId.TO]),
        source=given[BlockId.SOURCE],
        verified_on=_day(given[BlockId.VERIFIED]),
    )
    try:
        done = await bot.practice.write(payer_rule.keep_rule, member, asked)
    except CannotKeepRule as refusal:
        return AtFields({_FIELDS[refusal.at]: refusal.sentence})
    return Done(payers_screen.rule_kept(asked, done))


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
