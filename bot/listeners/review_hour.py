"""Listeners for the review hour: the agenda, its pages, and the dialog that records one review."""

import asyncio
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext, AsyncRespond
from slack_sdk.errors import SlackApiError

from billing.people import Member
from bot import kit, pressed
from bot.context import BotContext, Handlers, Request
from bot.direct import tell
from bot.entry_fields import read_length
from bot.form_openings import open_view
from bot.grammar.call.line import CareArguments
from bot.grammar.commands.review import COMMAND, HourArguments
from bot.grammar.log.notes import warnings
from bot.ids import ActionId, BlockId, CallbackId, wherever
from bot.middleware import acknowledge
from bot.replies import Reply
from bot.screens.care import care_answer
from bot.screens.fact_buttons import FactForm, Opening
from bot.screens.form_fields import typed
from bot.screens.problems import NOT_DONE
from bot.screens.review_form import ALONE, DAY_UNCLEAR, MINUTES_UNCLEAR, is_sent, review_form
from bot.screens.review_hour import remarks_in_hour, review_hour, undone_in_hour
from bot.slow_answers import ends_in_time, follow
from bot.submitting import origin_of
from bot.why_again import WhyPlace, show_again
from services.acts import undo
from services.care import carry_out
from services.care import review_hour as hours
from services.care.receipts import CareReceipt
from services.care.requests import Review
from services.entries.requests import LogRequest
from services.people import members

#: What the dialog's metadata holds, each as text.
_ORIGIN = ("patient", "consultant", "offset", "response_url", "why")
_FAILED = Reply(
    text=NOT_DONE,
    blocks=(
        kit.section("Slack did not open the form in time. Press the button again, or type `/cocm review`."),
    ),
)
#: The kind of a fact form that is opened here.
_REVIEW_VALUE = re.compile(
    r"^review:(?P<handle>[^:]+)(?::hour\.(?P<consultant>\d+)\.(?P<offset>\d+))?(?::(?P<month>\d{4}-\d{2}))?$"
)


async def review(bot: BotContext, request: Request) -> Reply:
    """`/cocm review` alone opens the hour; with patients it records their reviews."""
    arguments = request.parsed.arguments
    if isinstance(arguments, HourArguments):
        return await _opened(bot, request.member, arguments)
    asked = request.given(CareArguments).request
    return care_answer(
        await bot.practice.write(carry_out.carry_out, request.member, asked, request_key=request.request_key)
    )


HANDLERS: Handlers = {COMMAND.name: review}


def register(app: AsyncApp, bot: BotContext) -> None:
    """Listen to the agenda's buttons, and to the dialog."""
    _register_pages(app, bot)
    _register_undo(app, bot)
    _register_form(app, bot)


async def _opened(bot: BotContext, member: Member, asked: HourArguments) -> Reply:
    chosen = None
    if asked.consultant is not None:
        chosen = (await bot.practice.read(members.named, asked.consultant)).member_id
    return review_hour(await bot.practice.read(hours.open_hour, member, consultant=chosen))


async def _page(bot: BotContext, member: Member, consultant: int, offset: int) -> hours.ReviewHour | None:
    """The agenda again, where somebody had it before them; None when its consultant reviews no more."""
    found = await bot.practice.read(hours.open_hour, member, consultant=consultant or None, offset=offset)
    return found if isinstance(found, hours.ReviewHour) else None


def _register_pages(app: AsyncApp, bot: BotContext) -> None:
    async def start(context: AsyncBoltContext, member: Member, respond: AsyncRespond) -> None:
        reply = await _opened(bot, member, HourArguments())
        if context.response_url:
            await respond(**reply.as_follow_up())
        elif context.user_id is not None:
            await tell(bot, context.user_id, reply)

    async def turn(action: dict[str, Any], member: Member, respond: AsyncRespond) -> None:
        consultant, offset = map(pressed.number, pressed.parts(action, 2, sep="."))
        found = await bot.practice.read(hours.open_hour, member, consultant=consultant, offset=offset)
        await respond(**review_hour(found).as_replacement())

    app.action(wherever(ActionId.START_REVIEW_HOUR))(ack=acknowledge, lazy=[start])
    app.action(wherever(ActionId.REVIEW_PAGE))(ack=acknowledge, lazy=[turn])


def _register_undo(app: AsyncApp, bot: BotContext) -> None:
    async def undo_review(action: dict[str, Any], member: Member, respond: AsyncRespond) -> None:
        act_id, consultant, offset = map(pressed.number, pressed.parts(action, 3, sep="."))
        made = await bot.practice.write(undo.undo_act, member, act_id)
        hour = await _page(bot, member, consultant, offset)
        said = [undone_in_hour(made.names, made.act_id, hour)] if hour is not None else []
        await respond(**_shown(hour, said).as_replacement())

    async def put_back(action: dict[str, Any], member: Member, respond: AsyncRespond) -> None:
        act_id, consultant, offset = map(pressed.number, pressed.parts(action, 3, sep="."))
        await bot.practice.write(undo.put_back, member, act_id)
        await respond(**_shown(await _page(bot, member, consultant, offset), []).as_replacement())

    app.action(wherever(ActionId.UNDO_REVIEW))(ack=acknowledge, lazy=[undo_review])
    app.action(wherever(ActionId.PUT_REVIEW_BACK))(ack=acknowledge, lazy=[put_back])


def _shown(hour: hours.ReviewHour | None, said: list[dict[str, Any]]) -> Reply:
    return review_hour(hours.NobodyReviews() if hour is None else hour, *said)


def _review_value(action: dict[str, Any]) -> re.Match[str]:
    found = _REVIEW_VALUE.match(pressed.text(action))
    if found is None:
        raise pressed.OldButton
    return found


def _register_form(app: AsyncApp, bot: BotContext) -> None:
    async def is_review(action: dict[str, Any]) -> bool:
        return Opening.of(action).kind is FactForm.REVIEW

    async def open_form(
        action: dict[str, Any],
        body: dict[str, Any],
        member: Member,
        context: AsyncBoltContext,
        respond: AsyncRespond,
    ) -> None:
        found = _review_value(action)
        consultant = pressed.number(found["consultant"]) if found["consultant"] else None
        month = pressed.month(found["month"]) if found["month"] else None
        sheet = await bot.practice.read(hours.open_sheet, member, found["handle"], consultant=consultant)
        shown = WhyPlace.of_click(body)
        origin = {
            "patient": found["handle"],
            "consultant": found["consultant"] or "",
            "offset": found["offset"] or "0",
            "response_url": body.get("response_url", ""),
            "why": "" if shown is None else json.dumps(asdict(shown)),
        }
        try:
            view = review_form(sheet, json.dumps(origin), bot.views, month=month)
            await open_view(bot, body["trigger_id"], view)
        except SlackApiError:
            if context.response_url:
                await respond(**_FAILED.as_follow_up())
            else:
                await tell(bot, body["user"]["id"], _FAILED)

    async def submit(ack: AsyncAck, view: dict[str, Any], body: dict[str, Any], member: Member) -> None:
        found = origin_of(view)
        origin = {name: found.of_kind(str, name) for name in _ORIGIN}
        asked = await _asked(bot, member, view, origin["patient"])
        if not isinstance(asked, Review):
            await ack(response_action="errors", errors=asked)
            return
        task = asyncio.ensure_future(recorded(member, asked, f"view:{view['id']}"))
        if not await ends_in_time(task):
            await ack()
            follow(bot, body["user"]["id"], asyncio.ensure_future(shown_later(task)))
            return
        # What was refused is said in the dialog, which keeps what was typed.
        outcome = task.result()
        await ack()
        bot.background.keep(_show_done(bot, member, body["user"]["id"], origin, outcome))

    async def recorded(member: Member, asked: Review, request_key: str) -> CareReceipt:
        outcome = await bot.practice.write(carry_out.carry_out, member, asked, request_key=request_key)
        assert isinstance(outcome, CareReceipt), "a patient named by the handle raises no question"
        return outcome

    async def shown_later(task: asyncio.Future[CareReceipt]) -> Reply:
        return care_answer(await task)

    app.action(wherever(ActionId.OPEN_FACT_FORM), matchers=[is_review])(ack=acknowledge, lazy=[open_form])
    app.view(CallbackId.REVIEW_FORM)(submit)


async def _show_done(
    bot: BotContext, member: Member, user_id: str, origin: Mapping[str, str], outcome: CareReceipt
) -> None:
    """Put the list as it is now in the place of the one that the dialog was opened from; elsewhere, the receipt."""
    receipt = care_answer(outcome)
    if not origin["response_url"]:
        await tell(bot, user_id, receipt)
        return
    body = receipt.as_follow_up()
    if origin["consultant"]:
        hour = await _page(bot, member, int(origin["consultant"]), int(origin["offset"]))
        body = _shown(hour, remarks_in_hour(outcome.remarks)).as_replacement()
    if not await bot.answer_urls.post(origin["response_url"], body):
        # After half an hour Slack takes no answer there any more.
        await tell(bot, user_id, receipt)
    if origin.get("why"):
        await show_again(bot, member, WhyPlace(**json.loads(origin["why"])))


async def _asked(
    bot: BotContext, member: Member, view: dict[str, Any], patient: str
) -> Review | dict[str, str]:
    """The review that the dialog's fields ask for, or what is wrong, by field."""
    fields, day = typed(view), typed(view)[BlockId.DAY]
    parsed = await bot.understand(f"review {patient} on {day}", member)
    if parsed.problems or not isinstance(parsed.arguments, CareArguments):
        return {BlockId.DAY: parsed.problems[0].message if parsed.problems else DAY_UNCLEAR}
    named = parsed.arguments.request
    assert isinstance(named, Review), "review with a patient is a review"
    entries: tuple[LogRequest, ...] = ()
    if fields[BlockId.DURATION]:
        time: dict[str, str] = {BlockId.DURATION: fields[BlockId.DURATION], BlockId.DAY: day}
        length = await read_length(bot, member, time)
        if isinstance(length, dict):
            return length
        if length.question is not None:
            return {BlockId.DURATION: MINUTES_UNCLEAR}
        entries = tuple(replace(one, patient=named.patients[0]) for one in length.requests)
    manager = fields.get(BlockId.CARE_MANAGER, ALONE)
    return replace(
        named,
        entries=entries,
        recommendation=fields[BlockId.RECOMMENDATION].strip(),
        by=fields[BlockId.CONSULTANT],
        participants=() if manager == ALONE else (manager,),
        sent_on=bot.practice.clock.now().astimezone(bot.zone_of(member)).date() if is_sent(view) else None,
        remarks=tuple(warnings(fields[BlockId.RECOMMENDATION])),
    )
