"""Handlers of `submitted`, `unsubmitted` and `overpaid`."""

from bot.context import BotContext, Handlers, Request
from bot.grammar.call.claims import OverpaidArguments, SubmittedArguments
from bot.replies import Reply
from bot.screens.claims import overpaid_list, overpaid_recorded, submitted_lines
from bot.slow_answers import soon
from services.months import claims, overpaid


async def submit(bot: BotContext, request: Request) -> Reply:
    """`/cocm submitted october MRN123`."""
    given = request.given(SubmittedArguments)
    done = await bot.practice.write(claims.submit, request.member, given.month, given.patients)

    async def made() -> Reply:
        return submitted_lines(done, await bot.practice.read(overpaid.overpaid_lines, given.month))

    return await soon(bot, request, made())


async def take_back(bot: BotContext, request: Request) -> Reply:
    """`/cocm unsubmitted october MRN123`."""
    given = request.given(SubmittedArguments)
    return submitted_lines(
        await bot.practice.write(claims.take_back, request.member, given.month, given.patients)
    )


async def tell_overpaid(bot: BotContext, request: Request) -> Reply:
    """`/cocm overpaid`, and what is recorded of one line."""
    given = request.given(OverpaidArguments)
    word = given.word
    if word is not None:
        done = await bot.practice.write(
            overpaid.record, request.member, word.patient, word.month, word.what, word.day
        )
        return overpaid_recorded(done, word.what)

    async def made() -> Reply:
        return overpaid_list(await bot.practice.read(overpaid.overpaid, request.member, given.month))

    return await soon(bot, request, made())


HANDLERS: Handlers = {"submitted": submit, "unsubmitted": take_back, "overpaid": tell_overpaid}
