"""Shows the explanation of a patient's month again, where it stood, after a line of it was settled."""

from dataclasses import dataclass
from typing import Any, Self

from billing.people import Member
from bot.context import BotContext
from bot.replies import Reply
from bot.screens.fixes import ShownWhy
from bot.screens.why import why
from services.fixing import fixes
from services.people.patient_ref import PatientRef


@dataclass(frozen=True, slots=True, kw_only=True)
class WhyPlace:
    """Where an explanation stands. It names the patient by handle, for Slack keeps it in a form."""

    #: Puts another message in its place; Slack takes that for half an hour.
    url: str
    #: Of the block that was clicked: of which month it is, and since when it has been shown.
    block_id: str
    handle: str

    @classmethod
    def of_click(cls, body: dict[str, Any]) -> Self | None:
        """Where a click was made; None where that is no explanation."""
        action = (body.get("actions") or [{}])[0]
        block_id, url = str(action.get("block_id", "")), body.get("response_url") or ""
        if not url or ShownWhy.read(block_id) is None:
            return None
        parts = str(action.get("value", "")).split(":")
        # Of a form the kind comes first.
        handle = next((part for part in parts[:2] if part.startswith("P-")), "")
        return cls(url=url, block_id=block_id, handle=handle) if handle else None


async def why_now(bot: BotContext, member: Member, place: WhyPlace) -> Reply:
    """The explanation as it stands now, with what the reader has done since it was shown."""
    shown = ShownWhy.read(place.block_id)
    assert shown is not None, "a place is made of such a block"
    ref = PatientRef(text=place.handle, handle=place.handle)
    found = await bot.practice.read(fixes.explained, member, ref, shown.month, since=shown.since)
    return why(found, bot.zone_of(member))


async def show_again(bot: BotContext, member: Member, place: WhyPlace) -> None:
    """Put it in the place of the one that was clicked; where Slack takes that no more, it stays as it was."""
    reply = await why_now(bot, member, place)
    await bot.answer_urls.post(place.url, reply.as_replacement())
