"""Opens forms: what stands in them from the start, and where their answers go."""

import re
from dataclasses import asdict, replace
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from slack_sdk.errors import SlackApiError

from billing.people import Member
from billing.references import entry_reference
from bot import kit, pressed
from bot.context import BotContext
from bot.direct import tell
from bot.grammar import Parsed, ProblemCode
from bot.grammar.text.patterns import PATIENT
from bot.patient_fields import stands_for
from bot.replies import Block, Reply
from bot.screens.care_forms import FilledScores, care_form
from bot.screens.fact_buttons import FactForm, Opening
from bot.screens.form_fields import LONGEST_NOTE
from bot.screens.form_states import Level, said
from bot.screens.forms import FORM_FAILED, Filled, edit_form, filled_by, log_form
from bot.screens.patient_menu import patient_option, typed_option
from bot.screens.problems import NOT_DONE
from bot.submitting import Place, deliver, metadata
from bot.why_again import WhyPlace
from services.care.on_file import on_file
from services.care.requests import Assess
from services.entries import amend
from services.entries.requests import LogRequest
from services.people import patients
from services.people.patient_ref import PatientRef

#: Triggers live three seconds: who waited longer is told how to get to the form.
FAILED = Reply(text=NOT_DONE, blocks=(kit.section(FORM_FAILED),))
#: What Slack answers where the trigger was used already.
_OPENED_BEFORE = "exchanged_trigger_id"
#: The longest message that is read for a form; of a longer one the words are the note.
_LONGEST_MESSAGE = 1_000
_SEVERAL = "That message holds {count} entries, and this form is for the first of them."
_READ = "From the message. Check it before you press Log; nothing is stored until then."
_NAMES_A_PATIENT = re.compile(PATIENT.replace("CUSTOM", ""), re.IGNORECASE)


def place_of(body: dict[str, Any], *, replaces: bool = False) -> Place:
    """Where a click was made. In the direct message with the bot the answer is a message that stays."""
    url = body.get("response_url") or ""
    channel = (body.get("channel") or {}).get("id", "")
    shown = WhyPlace.of_click(body)
    if shown is not None:
        return Place(url="" if channel.startswith("D") else url, why=asdict(shown))
    if replaces:
        return Place(url=url, how="replace")
    is_shortcut = body.get("type") == "message_action"
    return Place(url="" if channel.startswith("D") and not is_shortcut else url)


async def open_view(bot: BotContext, trigger_id: str, view: dict[str, Any]) -> None:
    """Open a form; a press that Slack delivers again has opened its form before.

    Raises:
        SlackApiError: when Slack does not open it.
    """
    try:
        await bot.client.views_open(trigger_id=trigger_id, view=view)
    except SlackApiError as error:
        if error.response.get("error") != _OPENED_BEFORE:
            raise


async def show(bot: BotContext, user_id: str, trigger_id: str, view: dict[str, Any], place: Place) -> None:
    """Open a form; whoever waited too long for it is told how to get to it."""
    try:
        await open_view(bot, trigger_id, view)
    except SlackApiError:
        await deliver(bot, user_id, place, FAILED) if place.how == "beside" else await tell(
            bot, user_id, FAILED
        )


async def empty(bot: BotContext, member: Member, place: Place) -> dict[str, Any]:
    """The form for time with nothing in it but today's date."""
    return log_form(Filled(day=_today(bot, member)), metadata(place))


async def for_patient(bot: BotContext, member: Member, opening: Opening, place: Place) -> dict[str, Any]:
    """The form for time with a patient in it; for an entry's reference, the form that corrects that entry.

    Raises:
        Refusal: when there is no such patient or entry, or it is another person's.
    """
    if opening.reference.startswith("e-"):
        return await for_entry(bot, member, pressed.entry_id(opening.reference), place)
    day = pressed.day(opening.reference) if opening.reference else _today(bot, member)
    chosen = await chosen_patient(bot, opening.handle)
    return log_form(Filled(day=day, patient=chosen), metadata(place))


async def for_care(bot: BotContext, member: Member, opening: Opening, place: Place) -> dict[str, Any]:
    """The form for a fact of a patient's care, with what is on file in it.

    Raises:
        Refusal: when there is no such patient, or that is not theirs to record.
    """
    ref = PatientRef(text=opening.handle, handle=opening.handle) if opening.handle else None
    known = await bot.practice.read(on_file, member, opening.kind.value, ref)
    return care_form(opening.kind, known, bot.views, metadata(place), opening.reference)


async def for_scores(
    bot: BotContext, member: Member, asked: Assess, place: Place, *, named: bool = True
) -> dict[str, Any]:
    """The form for scores with what a message states in it.

    Raises:
        Refusal: when that is not theirs to record.
    """
    ref = asked.patient if named else None
    known = await bot.practice.read(on_file, member, FactForm.ASSESS.value, ref)
    chosen = await _option_of(bot, member, asked.patient) if named else None
    filled = FilledScores(day=asked.on, scores=asked.scores, patient=chosen)
    return care_form(FactForm.ASSESS, known, bot.views, metadata(place), "", filled=filled)


async def for_entry(bot: BotContext, member: Member, entry_id: int, place: Place) -> dict[str, Any]:
    """The form that corrects an entry.

    Raises:
        Refusal: when there is no such entry, or it is another person's.
    """
    entry = await bot.practice.read(amend.view, member, entry_id)
    filled = filled_by(entry, bot.zone_of(entry.performer), bot.views)
    origin = metadata(
        place,
        entry=entry_reference(entry.entry.entry_id),
        version=entry.entry.version,
        activity=entry.entry.activity,
    )
    return edit_form(filled, origin, shows_note=bot.views.phi_in_views)


async def from_message(
    bot: BotContext, member: Member, message: dict[str, Any], place: Place
) -> dict[str, Any]:
    """The form for time with what a message says in it, read as if it had been typed when it was written."""
    text = (message.get("text") or "").strip()
    at = datetime.fromtimestamp(float(message.get("ts") or 0), UTC)
    now = bot.practice.clock.now()
    written = min(at, now) if message.get("ts") else now
    filled = Filled(day=written.astimezone(bot.zone_of(member)).date())
    if not text or len(text) > _LONGEST_MESSAGE:
        return log_form(replace(filled, note=_without_patients(text)), metadata(place))
    asked, is_whole = await _read(bot, member, text, written)
    if not asked:
        return log_form(replace(filled, note=_without_patients(text)), metadata(place), _about(_READ))
    first = asked[0]
    note = first.note if is_whole else _without_patients(text)
    filled = replace(filled, note=_without_patients(note), day=first.service_date)
    if first.patient.identity != _NOBODY:
        filled = replace(filled, patient=await _option_of(bot, member, first.patient))
    if first.seconds != _NO_TIME:
        filled = _with_times(filled, first, bot.zone_of(member))
    several = _SEVERAL.format(count=len(asked)) + " " if len(asked) > 1 else ""
    return log_form(filled, metadata(place), _about(several + _READ))


async def chosen_patient(bot: BotContext, handle: str) -> Block | None:
    """The menu's option for a patient by handle; None where there is no handle.

    Raises:
        UnknownPatient: for a handle that is nobody's.
    """
    if not handle:
        return None
    found = await bot.practice.read(patients.find, PatientRef(text=handle, handle=handle))
    return None if found is None else patient_option(found, bot.views)


#: Stand for what a message leaves out while the rest of it is read.
_NOBODY = "0000000000001"
_NO_TIME = 61


async def _read(
    bot: BotContext, member: Member, text: str, written: datetime
) -> tuple[tuple[LogRequest, ...], bool]:
    """The entries of a message, and whether it said all that an entry needs."""
    parsed = await bot.understand(text, member, said_at=written)
    if found := _requests(parsed):
        return found, True
    missing = {problem.code for problem in parsed.problems}
    for code, stand_in in ((ProblemCode.NO_DURATION, "61s"), (ProblemCode.NO_PATIENT, f"MRN{_NOBODY}")):
        if missing == {code}:
            found = _requests(await bot.understand(f"log {stand_in} {text}", member, said_at=written))
            return found[:1], False
    found = _requests(await bot.understand(f"log 61s {text}", member, said_at=written))
    return found[:1], False


def _requests(parsed: Parsed) -> tuple[LogRequest, ...]:
    draft = parsed.draft or parsed.doubted
    if draft is None:
        return ()
    question = draft.open_question
    return draft.requests or (question.choices[0].requests if question is not None else ())


async def _option_of(bot: BotContext, member: Member, ref: PatientRef) -> Block:
    """The menu's option for a patient as a message names them, on file or not."""
    found = await bot.practice.read(patients.find, ref)
    if found is not None:
        return patient_option(found, bot.views)
    identity = ref.identity or ""
    return typed_option(identity, stands_for(bot, member, identity), bot.views)


def _with_times(filled: Filled, asked: LogRequest, zone: ZoneInfo) -> Filled:
    if asked.started_at is None or asked.ended_at is None:
        minutes, seconds = divmod(asked.seconds, 60)
        return replace(filled, duration=f"{minutes}m {seconds}s" if seconds else f"{minutes}m")
    start, end = (f"{moment.astimezone(zone):%H:%M}" for moment in (asked.started_at, asked.ended_at))
    return replace(filled, start=start, end=end)


def _without_patients(text: str) -> str:
    """A message's words as a form may hold them: the patient has a field of their own."""
    plain = " ".join(_NAMES_A_PATIENT.sub(" ", text).split())
    return kit.clip(plain, LONGEST_NOTE)


def _about(sentence: str) -> Block:
    return said(sentence, Level.INFO)


def _today(bot: BotContext, member: Member) -> date:
    return bot.practice.clock.now().astimezone(bot.zone_of(member)).date()
