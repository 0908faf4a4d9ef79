"""Listeners for months: own time, status, why, caseload, and the practice's report and close."""

from collections.abc import Callable
from functools import partial
from typing import Any, Concatenate, ParamSpec, TypeVar

from slack_bolt.async_app import AsyncApp, AsyncRespond

from billing.people import Member
from bot import pressed
from bot.context import BotContext, Handlers, Request
from bot.grammar.call.month import MonthArguments
from bot.grammar.commands.payers import PayersArguments
from bot.grammar.commands.reopen import ReopenArguments
from bot.grammar.commands.status import StatusArguments
from bot.grammar.commands.week import WeekArguments
from bot.grammar.commands.why import WhyArguments
from bot.ids import ActionId, wherever
from bot.middleware import acknowledge
from bot.replies import Reply
from bot.screens import caseload as caseload_screen
from bot.screens import month_review as review_screen
from bot.screens import own_time as own_time_screen
from bot.screens import payers as payers_screen
from bot.screens import why as why_screen
from bot.screens.own_time import day
from bot.screens.status import patient_status
from bot.slow_answers import soon
from services.context import Context
from services.entries import overviews
from services.fixing import fixes
from services.messages.revisions import close_as_seen
from services.months import caseload, own_time, payer_list
from services.months import close as month_close
from services.months import review as month_review
from services.months.attested import MonthChanged
from services.months.line_changes import changes_of, coming_changes
from services.people.patient_ref import PatientRef

P = ParamSpec("P")
T = TypeVar("T")


async def show_today(bot: BotContext, request: Request) -> Reply:
    """`/cocm today`."""
    return day(await bot.practice.read(overviews.today, request.member))


async def show_week(bot: BotContext, request: Request) -> Reply:
    """`/cocm week`."""
    last = request.given(WeekArguments).last
    return own_time_screen.week(await bot.practice.read(own_time.week, request.member, last=last))


async def show_month(bot: BotContext, request: Request) -> Reply:
    """`/cocm month october`."""
    month = request.given(MonthArguments).month
    return own_time_screen.month(await bot.practice.read(own_time.month, request.member, month))


async def show_payers(bot: BotContext, request: Request) -> Reply:
    """`/cocm payers`, `/cocm payers Medicare`."""
    name = request.given(PayersArguments).name
    shown = partial(payers_screen.payers, one=bool(name))
    return await _soon(bot, request, shown, payer_list.shown, request.member, name)


async def show_status(bot: BotContext, request: Request) -> Reply:
    """`/cocm status MRN123`."""
    patient = request.given(StatusArguments).patient
    return patient_status(await bot.practice.read(overviews.status, request.member, patient))


async def explain(bot: BotContext, request: Request) -> Reply:
    """`/cocm why MRN123 october`."""
    given = request.given(WhyArguments)
    found = await bot.practice.read(fixes.explained, request.member, given.patient, given.month)
    return why_screen.why(found, bot.zone_of(request.member))


async def show_caseload(bot: BotContext, request: Request) -> Reply:
    """`/cocm caseload`."""
    return await _soon(bot, request, caseload_screen.caseload, caseload.caseload, request.member)


async def show_near(bot: BotContext, request: Request) -> Reply:
    """`/cocm near`."""
    return await _soon(bot, request, caseload_screen.near, caseload.caseload, request.member)


async def report(bot: BotContext, request: Request) -> Reply:
    """`/cocm report october`."""
    month = request.given(MonthArguments).month
    return await _soon(bot, request, review_screen.report, month_review.review, request.member, month)


async def ask_to_close(bot: BotContext, request: Request) -> Reply:
    """`/cocm close october`: the month as it would be closed, with the button that closes it."""
    month = request.given(MonthArguments).month
    assert month is not None, "the grammar asks for the month"
    return await _soon(bot, request, review_screen.report, month_review.before_close, request.member, month)


async def reopen(bot: BotContext, request: Request) -> Reply:
    """`/cocm reopen october two reviews were entered late`."""
    given = request.given(ReopenArguments)
    done = await bot.practice.write(month_close.reopen_month, request.member, given.month, given.reason)
    return await _soon(
        bot, request, lambda changes: review_screen.reopened(done, changes), coming_changes, done.month
    )


HANDLERS: Handlers = {
    "today": show_today,
    "week": show_week,
    "month": show_month,
    "status": show_status,
    "why": explain,
    "caseload": show_caseload,
    "near": show_near,
    "report": report,
    "payers": show_payers,
    "close": ask_to_close,
    "reopen": reopen,
}


def register(app: AsyncApp, bot: BotContext) -> None:
    """Listen to the Why buttons, and to those that review and close a month."""

    async def explain_patient(action: dict[str, Any], member: Member, respond: AsyncRespond) -> None:
        # A button of its own, or a patient picked from a menu.
        handle, month = pressed.parts(action, 2)
        ref = PatientRef(text=handle, handle=handle)
        found = await bot.practice.read(fixes.explained, member, ref, pressed.month(month))
        await respond(**why_screen.why(found, bot.zone_of(member)).as_follow_up())

    async def review(action: dict[str, Any], member: Member, respond: AsyncRespond) -> None:
        # Only who presses the button sees the review, for it names patients.
        found = await bot.practice.read(month_review.review, member, pressed.month(action))
        await respond(**review_screen.report(found).as_follow_up())

    async def review_again(action: dict[str, Any], member: Member, respond: AsyncRespond) -> None:
        found = await bot.practice.read(month_review.review, member, pressed.month(action))
        await respond(**review_screen.report(found).as_replacement())

    async def close(action: dict[str, Any], member: Member, respond: AsyncRespond) -> None:
        named, seen = pressed.parts(action, 2)
        month = pressed.month(named)
        try:
            done = await bot.practice.write(close_as_seen, member, month, seen)
        except MonthChanged as refused:
            found = await bot.practice.read(month_review.before_close, member, month)
            await respond(**review_screen.changed(refused, found).as_replacement())
            return
        changes = await bot.practice.read(changes_of, done)
        await respond(**review_screen.closed(done, month, changes).as_replacement())

    async def turn_page(action: dict[str, Any], member: Member, respond: AsyncRespond) -> None:
        what, number = pressed.last_number(action)
        await respond(**(await _page(bot, member, what, number)).as_replacement())

    app.action(wherever(ActionId.SHOW_PAGE))(ack=acknowledge, lazy=[turn_page])
    app.action(wherever(ActionId.WHY))(ack=acknowledge, lazy=[explain_patient])
    app.action(wherever(ActionId.REVIEW_MONTH))(ack=acknowledge, lazy=[review])
    app.action(ActionId.REVIEW_AGAIN)(ack=acknowledge, lazy=[review_again])
    app.action(ActionId.CLOSE_MONTH)(ack=acknowledge, lazy=[close])


async def _page(bot: BotContext, member: Member, what: str, number: int) -> Reply:
    """A page of a long list, by what its buttons say."""
    named, of = pressed.parts(what, 2, least=1)
    if named == "month":
        own = await bot.practice.read(own_time.month, member, pressed.month(of))
        return own_time_screen.month(own, number)
    if named == "today":
        return day(await bot.practice.read(overviews.today, member), number)
    if named == "status":
        ref = PatientRef(text=of, handle=of)
        return patient_status(await bot.practice.read(overviews.status, member, ref), number)
    shown = {"near": caseload_screen.near, "caseload": caseload_screen.caseload}.get(named)
    if shown is None:
        raise pressed.OldButton
    return shown(await bot.practice.read(caseload.caseload, member), number)


async def _soon(
    bot: BotContext,
    request: Request,
    show: Callable[[T], Reply],
    use_case: Callable[Concatenate[Context, P], T],
    *args: P.args,
    **kwargs: P.kwargs,
) -> Reply:
    """What a use case reads, shown; when many patients take longer than Slack waits, the answer follows."""

    async def made() -> Reply:
        return show(await bot.practice.read(use_case, *args, **kwargs))

    return await soon(bot, request, made())
