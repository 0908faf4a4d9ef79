"""Home by role, through the real bot and a sandbox: what it shows, its buttons, and that it follows every act."""

from collections.abc import AsyncIterator
from datetime import date, timedelta
from unittest.mock import patch

import pytest

from billing.people import Member, MemberRole
from bot import home_refresh
from bot.screens.home.charts import CHART
from bot.screens.home.frame import TABLE
from sandbox.faults import Fault
from sandbox.model import View
from services.context import Context
from services.practice import newer_blocks
from storage import Database
from tests.support.bot import ANA, BEN, SAM, Clinic, clinic_at_work
from tests.support.crowd import add_member
from tests.support.reading import words
from tests.support.slack import Person


@pytest.fixture
async def clinic(database: Database) -> AsyncIterator[Clinic]:
    with patch.multiple(home_refresh, SETTLE_SECONDS=0.0, LOOKERS_SECONDS=0.05):
        async with clinic_at_work(database) as at_work:
            yield at_work


async def join(clinic: Clinic, user: str, name: str, *roles: MemberRole) -> Member:
    """Somebody who is a member before they speak."""
    return await clinic.program.practice.write(add_member, user, name, *roles)


async def shows(clinic: Clinic, person: Person, text: str) -> View:
    """Wait until a person's Home has these words."""

    def found() -> View | None:
        view = clinic.slack.sandbox.views.home(person.id)
        return view if view is not None and text in words(view) else None

    view: View = await clinic.slack.until(found, f"a Home with {text!r}")
    return view


def today(clinic: Clinic) -> date:
    zone = clinic.program.practice.settings.zone
    return clinic.program.practice.clock.now().astimezone(zone).date()


# -- refreshed after every act ----------------------------------------------------------------------------


async def test_home_follows_what_is_logged_and_undone(clinic: Clinic) -> None:
    """Whoever has opened Home sees the day go on without opening it again."""
    ana = clinic.slack.person(ANA)
    assert "nothing logged yet" in words(await ana.home())
    (receipt,) = await ana.command("/cocm log 15m MRN123 phone check-in")
    await shows(clinic, ana, "Today: 15 min")
    await ana.click(receipt, "Undo")
    await shows(clinic, ana, "nothing logged yet")


async def test_whoever_never_opened_home_gets_none(clinic: Clinic) -> None:
    """Slack is asked nothing for somebody who does not use Home."""
    ana, ben = clinic.slack.person(ANA), clinic.slack.person(BEN)
    await ana.command("/cocm log 15m MRN123 phone check-in")
    # Ben's Home comes after whatever was due for Ana.
    await ben.home()
    await ben.command("/cocm log 5m MRN124 phone check-in")
    await shows(clinic, ben, "Today: 5 min")
    assert clinic.slack.sandbox.views.home(ANA) is None


async def test_others_who_look_see_it_too(clinic: Clinic) -> None:
    """What a care manager logs comes to the Home of the biller who has it open."""
    await join(clinic, SAM, "Sam Whitfield", MemberRole.BILLER)
    sam = clinic.slack.person(SAM)
    assert "Nothing was logged" in words(await sam.home())
    await clinic.slack.person(ANA).command("/cocm log 25m MRN123 phone check-in")
    await shows(clinic, sam, "1 patient, 25 min counted")


async def test_a_home_opened_before_a_restart_is_refreshed_after_it(database: Database) -> None:
    """Who has opened Home is on file: another node, or the same after a restart, goes on refreshing it."""
    async with clinic_at_work(database) as before:
        await before.slack.person(ANA).home()
    with patch.multiple(home_refresh, SETTLE_SECONDS=0.0):
        async with clinic_at_work(database) as after:
            ana = after.slack.person(ANA)
            await ana.command("/cocm log 15m MRN123 phone check-in")
            await shows(after, ana, "Today: 15 min")


# -- tables where Slack takes them ------------------------------------------------------------------------


def refuse(clinic: Clinic, block: str, times: int = 0) -> Fault:
    """A workspace that does not take a block; with 0 until the faults are cleared."""
    fault = Fault(kind="refuse_block", block=block, times=times)
    clinic.slack.sandbox.api.faults.add(fault)
    return fault


def kinds(view: View) -> set[str]:
    return {block["type"] for block in view.body["blocks"]}


async def test_home_has_a_table_where_slack_takes_one(clinic: Clinic) -> None:
    """The caseload can be sorted and filtered there."""
    ana = clinic.slack.person(ANA)
    await ana.command("/cocm log 15m MRN123 phone check-in")
    await ana.command("/cocm log 20m MRN124 phone check-in")
    assert TABLE in kinds(await ana.home())


async def test_home_without_tables_says_the_same_and_remembers(clinic: Clinic) -> None:
    """Slack refuses the table once; from then on it is not asked again for days, and the Home is never lost."""
    ana = clinic.slack.person(ANA)
    await ana.command("/cocm log 15m MRN123 phone check-in")
    await ana.command("/cocm log 20m MRN124 phone check-in")
    refuse(clinic, TABLE)
    home = await ana.home()
    assert TABLE not in kinds(home)
    assert "20 of 70 min" in words(home)
    await clinic.program.bot.background.drain()
    practice = clinic.program.practice
    assert await practice.read(newer_blocks.not_taken, newer_blocks.HOME) == {TABLE}
    # Whatever is refused now would be a violation of the sandbox's rules, and none may be left at the end.
    clinic.slack.sandbox.api.faults.clear()
    assert TABLE not in kinds(await ana.home())


async def test_slack_is_asked_again_after_some_days(clinic: Clinic) -> None:
    """A workspace that has learned to take tables gets them."""
    ana = clinic.slack.person(ANA)
    await ana.command("/cocm log 15m MRN123 phone check-in")
    await ana.command("/cocm log 20m MRN124 phone check-in")
    long_ago = clinic.program.practice.clock.now() - newer_blocks.ASKED_AGAIN_AFTER - timedelta(minutes=1)

    def refused_then(context: Context) -> None:
        context.uow.homes.refused(newer_blocks.HOME, TABLE, long_ago)
        context.uow.commit()

    await clinic.program.practice.write(refused_then)
    assert TABLE in kinds(await ana.home())


async def test_another_fault_of_slacks_is_not_taken_for_a_refusal(clinic: Clinic) -> None:
    """A Home that could not be published for another reason is published at the next opening, with its tables."""
    ana = clinic.slack.person(ANA)
    await ana.command("/cocm log 15m MRN123 phone check-in")
    await ana.command("/cocm log 20m MRN124 phone check-in")
    await ana.home()
    clinic.slack.fail_next("views.publish", "http_500")
    (receipt,) = await ana.command("/cocm log 5m MRN125 phone check-in")
    assert "Logged 5 min" in words(receipt)
    home = await ana.home()
    assert TABLE in kinds(home)
    assert "40 min" in words(home)


async def test_charts_come_as_a_message_and_as_sentences_where_they_are_refused(clinic: Clinic) -> None:
    """Each chart has its sentence; a workspace without charts is sent the sentences alone."""
    await join(clinic, SAM, "Sam Whitfield", MemberRole.BILLER)
    await clinic.slack.person(ANA).command("/cocm log 25m MRN123 phone check-in")
    sam = clinic.slack.person(SAM)
    await sam.click(await sam.home(), "Charts by code")
    drawn = await sam.sees("1 patient with time")
    assert CHART in {block["type"] for block in drawn.blocks or ()}
    refuse(clinic, CHART)
    await sam.click(await sam.home(), "Charts by code")
    await clinic.slack.until(lambda: sam.messages()[-1].ts != drawn.ts, "another message")
    plain = sam.messages()[-1]
    assert "1 patient with time" in words(plain)
    assert CHART not in {block["type"] for block in plain.blocks or ()}


# -- what waits for an answer -----------------------------------------------------------------------------


async def test_a_held_entry_is_settled_on_home(clinic: Clinic) -> None:
    """It is named with its answers; what is pressed is answered in the messages, and Home shows it as gone."""
    ana = clinic.slack.person(ANA)
    await ana.command("/cocm log 15m MRN123 faxed records to the front desk")
    home = await ana.home()
    assert "Waits for you" in words(home)
    assert "Held, not counted" in words(home)
    await ana.click(home, "Care management")
    answer = await ana.sees("MRN123")
    assert "15 min" in words(answer)
    home = await shows(clinic, ana, "The answer is in Messages")
    assert "Waits for you" not in words(home)


async def test_an_overlap_is_settled_on_home(clinic: Clinic) -> None:
    """The entry is named with the time that it shares, and one button has it begin where the other ends."""
    ana = clinic.slack.person(ANA)
    await ana.command("/cocm log 8:00am-8:20am MRN123 phone check-in yesterday")
    await ana.command("/cocm log 8:10am-8:30am MRN124 chart review yesterday")
    home = await ana.home()
    assert "8:10 am to 8:30 am" in words(home)
    assert "10 min counted once" in words(home)
    await ana.click(home, "Start at 8:20 am instead")
    assert "Corrected: 10 min for MRN124" in words(await ana.sees("Corrected"))
    home = await shows(clinic, ana, "The answer is in Messages")
    assert "Overlaps" not in words(home)


async def test_what_home_refuses_is_said_in_the_messages(clinic: Clinic) -> None:
    """A button of a Home that is no longer true changes nothing, and says so."""
    ana = clinic.slack.person(ANA)
    await ana.command("/cocm log 15m MRN123 faxed records to the front desk")
    home = await ana.home()
    await ana.command("/cocm undo")
    await ana.click(home, "Care management")
    assert await ana.sees("That entry was undone")


# -- parts by role ----------------------------------------------------------------------------------------


async def test_somebody_of_several_roles_has_the_part_they_chose_first(clinic: Clinic) -> None:
    """Two parts are shown at once; the others are one tap away, and the choice is kept."""
    roles = (MemberRole.CARE_MANAGER, MemberRole.BILLER, MemberRole.SUPERVISOR, MemberRole.ADMIN)
    await join(clinic, ANA, "Ana Flores", *roles)
    ana = clinic.slack.person(ANA)
    home = await ana.home()
    assert "Your day" in words(home)
    assert "Your practice" not in words(home)
    await ana.click(home, "Administrator")
    home = await shows(clinic, ana, "Your practice")
    assert words(home).index("Your practice") < words(home).index("Your day")
    assert "Your practice" in words(await ana.home())


async def test_lists_of_home_come_as_messages(clinic: Clinic) -> None:
    """What Home has no room for is sent to whoever asks for it."""
    await join(clinic, SAM, "Sam Whitfield", MemberRole.ADMIN)
    sam = clinic.slack.person(SAM)
    await sam.click(await sam.home(), "Members")
    assert "1 member" in words(await sam.sees("1 member"))
