"""Handlers of `merge` and `unmerge`."""

from bot.context import BotContext, Handlers, Request
from bot.grammar.call.merging import MergeArguments, UnmergeArguments
from bot.replies import Reply
from bot.screens.merging import merged
from services.care import merging


async def merge(bot: BotContext, request: Request) -> Reply:
    """`/cocm merge MRN417 into MRN00417`."""
    given = request.given(MergeArguments)
    return merged(
        await bot.practice.write(merging.merge, request.member, given.gone, given.into, given.reason)
    )


async def unmerge(bot: BotContext, request: Request) -> Reply:
    """`/cocm unmerge MRN417`."""
    return merged(
        await bot.practice.write(merging.unmerge, request.member, request.given(UnmergeArguments).gone)
    )


HANDLERS: Handlers = {"merge": merge, "unmerge": unmerge}
