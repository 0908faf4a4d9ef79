"""Looks at a file that somebody sent, and makes the answer that shows what it holds."""

import re
from collections.abc import Mapping
from typing import Any

from billing.people import Member
from bot import kit
from bot.context import BotContext
from bot.replies import Reply
from bot.screens import sent_files as screen
from bot.sent_files import address_of, bytes_of
from services.errors import Refusal
from services.imports import sent
from services.imports.load import KINDS
from services.imports.sent import SentFile

_WORDS = re.compile(
    rf"(?:please\s+)?(?:import\s*)?(?:this|the|these)?\s*(?P<kind>{'|'.join(KINDS)})?(?:\s+file)?[\s.!]*(?:please)?",
    re.IGNORECASE,
)


def kind_said(words: str) -> str | None:
    """The kind of file that words beside one say, empty for `import` alone; None where they say something else."""
    match = _WORDS.fullmatch(words.strip())
    return None if match is None else (match["kind"] or "").lower()


async def first_look(bot: BotContext, member: Member, file: Mapping[str, Any], kind: str) -> Reply:
    """What a file holds that has just been sent."""
    try:
        about = SentFile(url=address_of(file), kind=kind)
    except Refusal as refusal:
        return screen.said(f"*Not read.* {kit.escape(refusal.sentence)}")
    return await look_again(bot, member, about, about)


async def look_again(bot: BotContext, member: Member, before: SentFile, about: SentFile) -> Reply:
    """What a file holds, with what was said about it since it was looked at before."""
    try:
        data = await bytes_of(bot, about.url)
        found = await bot.practice.read(sent.look, member, about, data)
    except Refusal as refusal:
        kept_as = await bot.practice.write(sent.keep, member, before)
        return screen.not_imported(kit.escape(refusal.sentence), kept_as)
    kept_as = await bot.practice.write(sent.keep, member, found.sent)
    return screen.preview(found, kept_as)
