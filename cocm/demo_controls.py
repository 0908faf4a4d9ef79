"""The demo's controls: the next morning, the month end, and starting over, without a command line."""

from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime
from typing import Final

from billing.people import Member
from cocm.demo_clock import DemoClock
from cocm.tick import Ticked, tick_program
from cocm.wiring import Application
from sandbox.config import ChannelSpec
from sandbox.controls import Control, Done
from scheduler.coming import next_month_end, next_morning
from services.context import Context
from services.messages.audience import Audience
from services.messages.deliveries import Recipient
from services.messages.kinds import title_of
from services.messages.store import audience

#: Seconds that the messages of one morning may take.
_SENDING: Final = 60.0
_START_OVER: Final = "Everything logged in this demo is deleted, and its clock shows the present again."


class DemoControls:
    """What the buttons above the demo's chat do. They wait until the program is there."""

    def __init__(self, clock: DemoClock, start_over: Callable[[], None], billing: ChannelSpec) -> None:
        self._clock = clock
        self._start_over = start_over
        self._billing = billing
        self._program: Application | None = None

    def begin(self, program: Application) -> None:
        """Work on this program from now on."""
        self._program = program

    def controls(self) -> tuple[Control, ...]:
        """The buttons, in their order."""
        return (
            Control(
                name="morning",
                label="Next morning",
                hint="Move the clock to your next working morning and send what is due then",
                run=self._ready(self._morning),
            ),
            Control(
                name="month_end",
                label="Month end",
                hint="Move the clock to the 1st of the next month and post the month-end summary",
                run=self._ready(self._month_end),
            ),
            Control(
                name="start_over",
                label="Start over",
                hint="Delete what was logged and go back to the present",
                ask=_START_OVER,
                run=self._ready(self._over),
            ),
        )

    def _ready(self, run: Callable[[Application, str], Awaitable[Done]]) -> Callable[[str], Awaitable[Done]]:
        async def once_there(slack_user_id: str) -> Done:
            if self._program is None:
                return Done(words="The demo is still starting. Try again in a moment.")
            return await run(self._program, slack_user_id)

        return once_there

    async def _morning(self, program: Application, slack_user_id: str) -> Done:
        found, member = await program.practice.read(_who, slack_user_id)
        person = next((each for each in found.people if member and each.member_id == member.member_id), None)
        at = next_morning(self._clock.now(), person, found.practice)
        ticked = await self._tick(program, at)
        words = _told(ticked)
        if member and any(each.recipient == Recipient(member.member_id) for each in ticked.sent):
            return Done(words=words, place="app")
        return Done(words=f"{words} Nothing was due for you.")

    async def _month_end(self, program: Application, slack_user_id: str) -> Done:
        found, _ = await program.practice.read(_who, slack_user_id)
        ticked = await self._tick(program, next_month_end(self._clock.now(), found.practice))
        words = _told(ticked)
        if slack_user_id not in self._billing.members:
            readers = await program.practice.read(_names_of, self._billing.members)
            words += f" You are not in #{self._billing.name}: act as {' or '.join(readers)} to read it."
        return Done(words=words, place=self._billing.id)

    async def _over(self, program: Application, slack_user_id: str) -> Done:
        del program, slack_user_id
        self._start_over()
        return Done(words="Starting over…")

    async def _tick(self, program: Application, at: datetime) -> Ticked:
        self._clock.move_to(at)
        return await tick_program(program, at, _SENDING)


def _who(context: Context, slack_user_id: str) -> tuple[Audience, Member | None]:
    return audience(context), context.uow.members.by_slack_id(slack_user_id)


def _names_of(context: Context, slack_user_ids: Iterable[str]) -> list[str]:
    found = (context.uow.members.by_slack_id(each) for each in slack_user_ids)
    return [member.display_name for member in found if member is not None]


def _told(ticked: Ticked) -> str:
    """What came, as in: Sent: the morning digest to Ana Flores and Ben Okoro."""
    to: dict[str, list[str]] = {}
    for each in ticked.sent:
        names = to.setdefault(title_of(each.kind), [])
        name = ticked.names[each.recipient]
        if name not in names:
            names.append(name)
    sent = "; ".join(f"the {title} to {_joined(sorted(names))}" for title, names in to.items())
    says = f"Sent: {sent}." if sent else "Nothing was due."
    if ticked.waiting:
        says += f" {len(ticked.waiting)} still on the way."
    return says


def _joined(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
