"""Reads a person's words, calls the command's handler, and sends the answer."""

from dataclasses import replace

from billing.people import Member
from bot import kit, measures
from bot.context import BotContext, Request
from bot.errors import reply_to
from bot.grammar import UNKNOWN, Parsed
from bot.grammar.parsed import StatedScores
from bot.once import READING
from bot.replies import Reply
from bot.screens.help import welcome
from bot.screens.problems import problems, sendable, with_words_back
from bot.screens.receipt import NOTHING_LOGGED, may_be_logged
from bot.screens.stated_scores import scores_stated
from services.entries import finding, pending, suggested
from services.errors import Refusal, UnknownPatient
from services.messages import leaving
from services.once import run as once
from services.once.outcomes import Raised
from services.people.memberships import own_rights
from services.people.rights import Action

#: Commands that show what is on file of a patient who is named.
_ABOUT_A_PATIENT = frozenset({"status", "why", "history", "correct"})


async def respond(
    bot: BotContext,
    member: Member,
    text: str,
    *,
    request_key: str | None,
    trigger_id: str | None = None,
    response_url: str = "",
) -> Reply:
    """Understand one message and do what it says; a message that was answered before is answered the same.

    Raises:
        Refusal: when what was understood cannot be done.
    """
    run = once.current()
    if run is not None and (before := run.answer_before()) is not once.UNREAD:
        return answered_before(before)
    parsed = await bot.understand(text, member)
    work = _answered(
        bot, member, text, parsed, request_key=request_key, trigger_id=trigger_id, response_url=response_url
    )
    if run is None or (not parsed.problems and parsed.command in READING):
        return await work
    try:
        reply = await work
    except Refusal as refusal:
        _remember(bot, run, once.raised(refusal))
        raise
    _remember(bot, run, reply)
    return reply


def answered_before(answer: object) -> Reply:
    """What words were answered with the first time, though nothing was stored for them.

    Raises:
        Refusal: what they were refused with.
    """
    if isinstance(answer, Reply):
        return answer
    assert isinstance(answer, Raised), "words are answered, or refused"
    raise answer.error()


def _remember(bot: BotContext, run: once.Run, answer: object) -> None:
    """Keep an answer for which nothing was stored, behind it: what stood in its way may be gone the next time."""
    if not run.has_stored:
        bot.background.keep(bot.practice.remember_answer(run, answer))


async def _answered(
    bot: BotContext,
    member: Member,
    text: str,
    parsed: Parsed,
    *,
    request_key: str | None,
    trigger_id: str | None,
    response_url: str,
) -> Reply:
    measures.is_command(parsed.command)
    if parsed.scored is not None and (offer := await _scores_offered(bot, member, parsed.scored)):
        return offer
    if parsed.problems and not parsed.is_partly_clear:
        return await _refused(bot, member, text, parsed)
    request = Request(
        member=member,
        parsed=parsed,
        request_key=request_key,
        trigger_id=trigger_id,
        response_url=response_url,
        text=text,
    )
    if parsed.doubted is not None:
        return await _with_doubt(bot, request)
    answer = await _carried_out(bot, request)
    if not parsed.not_logged:
        return answer
    return replace(answer, blocks=(*answer.blocks, kit.context(kit.escape(parsed.not_logged))))


async def _carried_out(bot: BotContext, request: Request) -> Reply:
    """What the command's handler answers; whoever asks about MRNs that nobody has, again and again, is to wait."""
    try:
        return await bot.commands[request.parsed.command](bot, request)
    except UnknownPatient as refusal:
        if request.parsed.command in _ABOUT_A_PATIENT:
            # The sentence that holds them back says less than the one it takes the place of.
            raise await bot.practice.write(leaving.asked_in_vain, request.member) or refusal from None
        raise


async def _refused(bot: BotContext, member: Member, text: str, parsed: Parsed) -> Reply:
    """What is wrong with a message; who has never logged anything is welcomed first."""
    lines = sendable(text, parsed)
    ids = await bot.practice.write(suggested.keep, member, lines) if lines else ()
    said = problems(text, parsed, dict(zip(lines, ids, strict=True)))
    if not parsed.draft_wanted:
        said = with_words_back(said, text)
    if parsed.command == UNKNOWN and not await bot.practice.read(finding.has_logged, member):
        return replace(said, blocks=(*welcome().blocks, *said.blocks))
    return said


async def _scores_offered(bot: BotContext, member: Member, stated: StatedScores) -> Reply | None:
    """The offer to record the scores that a message states; None for somebody who may not."""
    if Action.ASSESS not in await bot.practice.read(own_rights, member):
        return None
    (kept,) = await bot.practice.write(suggested.keep, member, (f"assess {stated.line}",))
    return scores_stated(stated, kept, bot.practice.clock.now().astimezone(bot.zone_of(member)).date())


async def _with_doubt(bot: BotContext, request: Request) -> Reply:
    """What the words ask for, and below it the button that logs the time they speak of after all."""
    try:
        said = await _carried_out(bot, request)
    except Refusal as refusal:
        said = reply_to(refusal)
    draft = request.parsed.doubted
    assert draft is not None, "only a doubted log is offered"
    try:
        asked = await bot.practice.write(pending.hold, request.member, draft, request_key=request.request_key)
    except Refusal:
        # Whoever may not log it is offered no button that refuses them.
        return replace(said, blocks=(*said.blocks, kit.context(NOTHING_LOGGED)))
    return replace(said, blocks=(*said.blocks, *may_be_logged(asked)))
