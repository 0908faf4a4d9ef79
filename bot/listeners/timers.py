"""Listeners for timers: start, stop, switch, cancel and show, typed, by a button or by a form."""

import json
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from billing.people import Member
from bot import pressed
from bot.context import BotContext, Handlers, Request
from bot.direct import replace_message, tell
from bot.form_openings import open_view
from bot.grammar import Parsed
from bot.grammar.call.timer_words import TimerArguments
from bot.ids import ActionId, BlockId, CallbackId, wherever
from bot.middleware import acknowledge
from bot.old_forms import FromForm
from bot.patient_fields import PatientNotRead, read_patient
from bot.replies import Reply
from bot.screens import timers as screen
from bot.screens.form_fields import typed
from bot.screens.found import found as found_entries
from bot.screens.phrases import clock
from bot.screens.receipt import log_answer
from bot.screens.timer_forms import stop_form, switch_form
from bot.submitting import origin_of
from bot.timed_work import described, ref_of
from services.entries import finding, timers
from services.entries.pending import Asked
from services.entries.receipts import Receipt
from services.entries.searches import EntrySearch
from services.entries.timer_requests import (
    NoTimer,
    RunningTimer,
    SaidTime,
    TimerAsked,
    TimerBegun,
    TimerCanceled,
    TimerShort,
    TimerStands,
    TimerStart,
    TimerWords,
)
from services.entries.timer_stops import LONG, TimerGone, TimerTooLong
from services.people.patient_ref import PatientRef

_VERB = "stop "
_NO_TIME = "Write the time of day at which you stopped, such as 9:35 am, or how long ago, such as 20 min ago."


async def start_timer(bot: BotContext, request: Request) -> Reply:
    """`/cocm start MRN123 phone at 9:10`."""
    words = request.given(TimerArguments).words
    made = await bot.practice.write(timers.start, request.member, words, request_key=request.request_key)
    return _begun(bot, made)


async def stop_timer(bot: BotContext, request: Request) -> Reply:
    """`/cocm stop called mom at 9:35`."""
    words = request.given(TimerArguments).words
    found = await bot.practice.read(timers.look, request.member, request.request_key)
    if isinstance(found, Receipt):
        return log_answer(found)
    if isinstance(found, NoTimer):
        return screen.none_runs(found, _now(bot), log_instead=_log_instead("stop", words))
    return await _stopped(bot, request.member, found, words, request_key=request.request_key)


async def switch_timer(bot: BotContext, request: Request) -> Reply:
    """`/cocm switch MRN124 chart review`."""
    words = request.given(TimerArguments).words
    found = await bot.practice.read(timers.look, request.member, request.request_key)
    if isinstance(found, Receipt):
        return log_answer(found)
    if isinstance(found, NoTimer):
        made = await bot.practice.write(
            timers.start_instead, request.member, words, request_key=request.request_key
        )
        return _begun(bot, made)
    return await _switched(bot, request.member, found, words, request_key=request.request_key)


async def cancel_timer(bot: BotContext, request: Request) -> Reply:
    """`/cocm cancel`; with a patient who has no timer, the entries that may be meant."""
    patient = request.given(TimerArguments).patient
    made = await bot.practice.write(
        timers.cancel, request.member, patient=patient, request_key=request.request_key
    )
    if patient is not None and not isinstance(made, TimerCanceled):
        search = EntrySearch(patients=(patient,))
        return found_entries(await bot.practice.read(finding.find, request.member, search))
    return _dropped(bot, made)


async def show_timer(bot: BotContext, request: Request) -> Reply:
    """`/cocm timer`."""
    found = await bot.practice.read(timers.show, request.member)
    now = _now(bot)
    return screen.none_runs(found, now) if isinstance(found, NoTimer) else screen.shown(found, now)


HANDLERS: Handlers = {
    "start": start_timer,
    "stop": stop_timer,
    "switch": switch_timer,
    "cancel": cancel_timer,
    "timer": show_timer,
}


# -- what is done ----------------------------------------------------------------------------------------


async def _stopped(
    bot: BotContext,
    member: Member,
    running: RunningTimer,
    words: TimerWords,
    *,
    request_key: str | None = None,
) -> Reply:
    own = () if running.patient is None else (ref_of(running.patient),)
    other = () if words.patient is None or words.patient in own else (words.patient,)
    if own and other and other[0].identity == own[0].identity:
        other = ()
    if running.patient is not None and other and other[0].handle == running.patient.handle:
        other = ()
    if not own and not other:
        return screen.patient_missing(running, _now(bot), _now(bot))
    about = await described(bot, member, (*own, *other), running.note, words.note)
    try:
        made = await bot.practice.write(
            timers.stop, member, running.timer.timer_id, words, about, request_key=request_key
        )
    except TimerTooLong as refusal:
        return screen.too_long(refusal.sentence, running.timer.timer_id)
    return _logged(bot, made, running)


async def _switched(
    bot: BotContext,
    member: Member,
    running: RunningTimer,
    following: TimerWords | TimerStart,
    *,
    request_key: str | None = None,
) -> Reply:
    if running.patient is None:
        return screen.patient_missing(running, _now(bot), _now(bot))
    about = await described(bot, member, (ref_of(running.patient),), running.note, "")
    words = TimerWords(at=following.at) if isinstance(following, TimerWords) else TimerWords()
    try:
        made = await bot.practice.write(
            timers.stop,
            member,
            running.timer.timer_id,
            words,
            about,
            following=following,
            request_key=request_key,
        )
    except TimerTooLong as refusal:
        return screen.too_long(refusal.sentence, running.timer.timer_id)
    return _logged(bot, made, running)


def _logged(
    bot: BotContext, made: Receipt | Asked | TimerAsked | TimerStands | TimerShort, running: RunningTimer
) -> Reply:
    if isinstance(made, TimerShort):
        return screen.too_short(made, _now(bot))
    if isinstance(made, TimerAsked):
        return screen.asked(made)
    if isinstance(made, TimerStands):
        return screen.stands(made, _now(bot))
    reply = log_answer(made)
    if isinstance(made, Asked) and made.question.code == LONG:
        reply = screen.with_ways_out(reply, running.timer.timer_id)
    return reply


def _begun(bot: BotContext, made: TimerBegun | TimerStands | TimerAsked) -> Reply:
    if isinstance(made, TimerAsked):
        return screen.asked(made)
    now = _now(bot)
    return screen.started(made, now) if isinstance(made, TimerBegun) else screen.stands(made, now)


def _dropped(bot: BotContext, made: TimerCanceled | TimerStands | NoTimer) -> Reply:
    now = _now(bot)
    if isinstance(made, TimerCanceled):
        return screen.canceled(made, now)
    return screen.none_runs(made, now) if isinstance(made, NoTimer) else screen.stands(made, now)


def _log_instead(verb: str, words: TimerWords) -> str:
    """The line that logs what was typed behind a verb, with a gap for its length."""
    if words.patient is None and not words.note:
        return ""
    patient = words.patient.text if words.patient is not None else "MRN___"
    return " ".join(part for part in ("log ___", patient, words.note and f"{verb} {words.note}") if part)


def _now(bot: BotContext) -> datetime:
    return bot.practice.clock.now()


# -- buttons and forms -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answering:
    """Where the answer to a click or a form goes: in the place of what was clicked, else a direct message."""

    bot: BotContext
    user_id: str
    response_url: str

    async def say(self, reply: Reply) -> None:
        """Show it."""
        if self.response_url:
            await replace_message(self.bot, self.user_id, self.response_url, reply)
        else:
            await tell(self.bot, self.user_id, reply)


def register(app: AsyncApp, bot: BotContext) -> None:
    """Listen to a timer's buttons and forms."""
    _register_buttons(app, bot)
    _register_answers(app, bot)
    _register_forms(app, bot)


def _register_buttons(app: AsyncApp, bot: BotContext) -> None:
    async def stop(action: dict[str, Any], body: dict[str, Any], member: Member) -> None:
        running = await _meant(bot, member, action)
        if running.patient is None:
            await _open_stop_form(bot, body, running)
            return
        await _answering(bot, body).say(await _stopped(bot, member, running, TimerWords()))

    async def stop_earlier(action: dict[str, Any], body: dict[str, Any], member: Member) -> None:
        await _open_stop_form(bot, body, await _meant(bot, member, action))

    async def switch(action: dict[str, Any], body: dict[str, Any], member: Member) -> None:
        running = await _meant(bot, member, action)
        if running.patient is None:
            await _open_stop_form(bot, body, running)
            return
        hint = f"The time since {screen.since(running, _now(bot), running.zone)} is logged for the first patient."
        view = switch_form(_origin(body, running), note_hint=hint)
        await open_view(bot, body["trigger_id"], view)

    async def cancel(action: dict[str, Any], body: dict[str, Any], member: Member) -> None:
        made = await bot.practice.write(timers.cancel, member, timer_id=pressed.number(action))
        await _answering(bot, body).say(_dropped(bot, made))

    async def keep(action: dict[str, Any], body: dict[str, Any], member: Member) -> None:
        running = await _meant(bot, member, action)
        await _answering(bot, body).say(screen.shown(running, _now(bot), lead="Noted: it keeps running."))

    app.action(wherever(ActionId.STOP_TIMER))(ack=acknowledge, lazy=[stop])
    app.action(wherever(ActionId.STOP_TIMER_FORM))(ack=acknowledge, lazy=[stop_earlier])
    app.action(wherever(ActionId.SWITCH_TIMER))(ack=acknowledge, lazy=[switch])
    app.action(wherever(ActionId.CANCEL_TIMER))(ack=acknowledge, lazy=[cancel])
    app.action(wherever(ActionId.KEEP_TIMER))(ack=acknowledge, lazy=[keep])


def _register_answers(app: AsyncApp, bot: BotContext) -> None:
    async def choose(action: dict[str, Any], body: dict[str, Any], member: Member) -> None:
        pending_id, choice = pressed.last_number(action)
        chosen = await bot.practice.write(timers.chosen, member, pending_id, choice)
        await _answering(bot, body).say(await _carry_out(bot, member, chosen))

    app.action(re.compile(f"^{ActionId.WHOSE_TIMER}_\\d+$"))(ack=acknowledge, lazy=[choose])
    app.action(ActionId.SWITCH_TO)(ack=acknowledge, lazy=[choose])


async def _carry_out(bot: BotContext, member: Member, chosen: timers.Chosen) -> Reply:
    if chosen.start is None:
        return screen.nothing_started()
    if not chosen.switches:
        return _begun(bot, await bot.practice.write(timers.start_chosen, member, chosen.start))
    running = await bot.practice.read(timers.show, member)
    if isinstance(running, NoTimer):
        # What ran was stopped meanwhile: what is left of a switch is the start.
        return _begun(bot, await bot.practice.write(timers.start_chosen, member, chosen.start))
    return await _switched(bot, member, running, chosen.start)


def _register_forms(app: AsyncApp, bot: BotContext) -> None:
    async def stop(ack: AsyncAck, view: dict[str, Any], body: dict[str, Any], member: Member) -> None:
        fields, origin = typed(view), origin_of(view)
        running = await _running(bot, member, origin.of_kind(int, "timer"))
        patient = await read_patient(bot, member, fields) if BlockId.PATIENT in fields else None
        ended = fields[BlockId.ENDED].strip()
        when = ended if ended.endswith("ago") or ended.casefold().startswith("at ") else f"at {ended}"
        parsed = await bot.understand(f"{_VERB}{when}", member)
        if errors := _errors(parsed, patient):
            await ack(response_action="errors", errors=errors)
            return
        arguments = parsed.arguments
        assert isinstance(arguments, TimerArguments), "fields without errors are a stop"
        assert not isinstance(patient, PatientNotRead), "fields without errors name a patient"
        answering = _form_answering(bot, body, origin)
        reply = await _stopped(bot, member, running, _said_in_form(bot, patient, arguments, fields, origin))
        await ack()
        bot.background.keep(answering.say(reply))

    async def switch(ack: AsyncAck, view: dict[str, Any], body: dict[str, Any], member: Member) -> None:
        fields, origin = typed(view), origin_of(view)
        running = await _running(bot, member, origin.of_kind(int, "timer"))
        patient = await read_patient(bot, member, fields)
        if isinstance(patient, PatientNotRead):
            await ack(response_action="errors", errors={BlockId.PATIENT: patient.sentence})
            return
        words = TimerWords(patient=patient, note=fields[BlockId.NOTE].strip())
        answering = _form_answering(bot, body, origin)
        reply = await _switched(bot, member, running, words)
        await ack()
        bot.background.keep(answering.say(reply))

    app.view(CallbackId.STOP_TIMER_FORM)(stop)
    app.view(CallbackId.SWITCH_TIMER_FORM)(switch)


# -- in between ------------------------------------------------------------------------------------------


def _answering(bot: BotContext, body: dict[str, Any]) -> _Answering:
    return _Answering(bot=bot, user_id=body["user"]["id"], response_url=body.get("response_url") or "")


def _form_answering(bot: BotContext, body: dict[str, Any], origin: FromForm[Any]) -> _Answering:
    return _Answering(bot=bot, user_id=body["user"]["id"], response_url=origin.of_kind(str, "response_url"))


async def _meant(bot: BotContext, member: Member, action: dict[str, Any]) -> RunningTimer:
    """The timer of a button, which may be gone by now."""
    return await _running(bot, member, pressed.number(action))


async def _running(bot: BotContext, member: Member, timer_id: int) -> RunningTimer:
    found = await bot.practice.read(timers.show, member)
    if isinstance(found, NoTimer) or found.timer.timer_id != timer_id:
        raise TimerGone
    return found


async def _open_stop_form(bot: BotContext, body: dict[str, Any], running: RunningTimer) -> None:
    now, zone = _now(bot), running.zone
    same_day = running.timer.started_at.astimezone(zone).date() == now.astimezone(zone).date()
    # Whoever only has to say whose time it was ended it when they pressed; all others say when it was.
    ended = clock(now, zone) if running.patient is None and same_day else ""
    view = stop_form(
        _origin(body, running, ended=ended, opened=now.isoformat()),
        since=screen.since(running, now, zone),
        ended=ended,
        asks_patient=running.patient is None,
    )
    await open_view(bot, body["trigger_id"], view)


def _origin(body: dict[str, Any], running: RunningTimer, **more: str) -> str:
    """What a form carries through Slack; it names nobody."""
    url = body.get("response_url") or ""
    return json.dumps({"timer": running.timer.timer_id, "response_url": url, **more})


def _said_in_form(
    bot: BotContext,
    patient: PatientRef | None,
    arguments: TimerArguments,
    fields: dict[str, str],
    origin: dict[str, Any],
) -> TimerWords:
    """A time that was left as it stood is the moment at which the form was opened."""
    at = arguments.at
    if origin["ended"] and fields[BlockId.ENDED].strip() == origin["ended"]:
        passed = int((_now(bot) - datetime.fromisoformat(origin["opened"])).total_seconds())
        at = SaidTime(text=origin["ended"], ago=max(0, passed))
    return TimerWords(patient=patient, at=at, note=fields[BlockId.NOTE].strip())


def _errors(parsed: Parsed, patient: PatientRef | PatientNotRead | None) -> dict[str, str]:
    """What is wrong with each field; words that are nothing of what the field asks, too."""
    errors = {BlockId.PATIENT.value: patient.sentence} if isinstance(patient, PatientNotRead) else {}
    if parsed.problems:
        errors[BlockId.ENDED.value] = parsed.problems[0].message
    elif (
        not isinstance(parsed.arguments, TimerArguments)
        or parsed.arguments.at is None
        or parsed.arguments.note
    ):
        errors[BlockId.ENDED.value] = _NO_TIME
    return errors
