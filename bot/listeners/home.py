"""Listeners for the Home tab: opened, the part in front changed, lists and charts asked for, overlaps settled."""

from typing import Any

from slack_bolt.async_app import AsyncApp, AsyncRespond

from billing.people import Member
from bot import pressed
from bot.context import BotContext
from bot.direct import tell
from bot.dispatch import respond as answer_to
from bot.ids import ActionId, wherever
from bot.middleware import acknowledge
from bot.newer_blocks import tell_newer
from bot.screens import entries as entries_screen
from bot.screens.home.charts import CHART, charts
from bot.screens.questions import shown_again
from services.entries import open_questions, trimming
from services.entries.trimming import Edge, Trim
from services.errors import Refusal
from services.home import home, opening
from services.home.parts import Part

#: What a button of Home may have sent: commands that only show something.
SHOWN = frozenset(
    {
        *("today", "week", "caseload", "near", "confirm", "report", "payers", "members", "roles", "settings"),
        "review",
    }
)


class NothingToShow(Refusal):
    """That button shows nothing any more. Open Home again."""

    code = "nothing_to_show"


def register(app: AsyncApp, bot: BotContext) -> None:
    """Listen to the Home tab being opened, and to its own buttons."""

    async def taken() -> None:
        """Slack hears 200; the view follows."""

    async def publish(event: dict[str, Any], member: Member) -> None:
        if event.get("tab") == "home":
            await bot.home.opened(member, event["user"])

    async def choose(action: dict[str, Any], member: Member) -> None:
        # Home follows by itself, as after every act.
        await bot.practice.write(opening.choose, member, pressed.choice(Part, action))

    async def show(action: dict[str, Any], member: Member, respond: AsyncRespond) -> None:
        line = pressed.text(action)
        if line not in SHOWN:
            raise NothingToShow
        reply = await answer_to(bot, member, line, request_key=None)
        await respond(**reply.as_follow_up())

    async def show_question(action: dict[str, Any], body: dict[str, Any], member: Member) -> None:
        waits = await bot.practice.read(open_questions.one_of, member, pressed.text(action))
        await tell(bot, body["user"]["id"], shown_again(waits))

    async def draw(action: dict[str, Any], body: dict[str, Any], member: Member) -> None:
        found = await bot.practice.read(home.figures, member, pressed.choice(Part, action))
        plain = charts(found.content, drawn=False)
        newer = plain if CHART in found.not_taken else charts(found.content, drawn=True)
        await tell_newer(bot, body["user"]["id"], newer, plain, CHART)
        await bot.home.done(body["user"]["id"], plain.text)

    async def trim(action: dict[str, Any], member: Member, respond: AsyncRespond) -> None:
        reference, edge, at = pressed.parts(action, 3)
        wanted = Trim(edge=pressed.choice(Edge, edge), at=pressed.instant(at))
        made = await bot.practice.write(trimming.trim, member, pressed.entry_id(reference), wanted)
        await respond(**entries_screen.corrected(made).as_replacement())

    app.event("app_home_opened")(ack=taken, lazy=[publish])
    app.action(wherever(ActionId.HOME_PART))(ack=acknowledge, lazy=[choose])
    app.action(wherever(ActionId.SHOW))(ack=acknowledge, lazy=[show])
    app.action(wherever(ActionId.SHOW_QUESTION))(ack=acknowledge, lazy=[show_question])
    app.action(wherever(ActionId.HOME_CHARTS))(ack=acknowledge, lazy=[draw])
    app.action(wherever(ActionId.TRIM_ENTRY))(ack=acknowledge, lazy=[trim])
