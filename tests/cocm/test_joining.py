"""How people come in and leave, through the real bot: asked about once, approved or refused, and who never may."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest

from billing.people import Member, MemberRole
from cocm.delivering import Outgoing
from cocm.wiring import open_program
from sandbox.config import SandboxConfig
from services.context import Context
from storage import Database
from tests.support.bot import ANA, BEN, SAM, Clinic, answering_in_time, clinic_with_bot, settings_for
from tests.support.crowd import add_member
from tests.support.reading import words
from tests.support.slack import WAIT_SECONDS, Person, running_slack

LINE = "/cocm log 15m MRN123 phone check-in"
ASKED = "I have asked your administrators to approve you"
#: Everything that could show a patient's month.
READS = (
    "status MRN123",
    "why MRN123",
    "caseload",
    "near",
    "today",
    "week",
    "month",
    "report",
    "members",
    "help",
)


@asynccontextmanager
async def practice_at_work(
    database: Database, config: SandboxConfig | None = None, **settings: Any
) -> AsyncIterator[Clinic]:
    """The clinic, where whoever is unknown is asked about."""
    async with running_slack(config or clinic_with_bot()) as slack:
        program = await open_program(settings_for(slack, **{"unknown_member": "ask", **settings}), database)
        detach = await slack.attach(program.app)
        try:
            with answering_in_time():
                yield Clinic(slack=slack, program=program)
            await program.bot.background.drain()
        finally:
            detach()
        assert slack.world.violations == []


async def sent(clinic: Clinic) -> None:
    """Have the outbox send everything that is due."""
    assert await Outgoing(clinic.program, one_shot=True).sender.drain(WAIT_SECONDS) == ()


def about(clinic: Clinic, who: str) -> list[str]:
    """What somebody has been sent that asks about people."""
    said = map(words, clinic.slack.person(who).messages())
    return [one for one in said if "asks to take part" in one]


async def member(clinic: Clinic, slack_user_id: str) -> Member | None:
    """The member behind a Slack user."""
    return await clinic.program.practice.read(lambda context: context.uow.members.by_slack_id(slack_user_id))


async def entries(clinic: Clinic) -> int:
    """How many entries stand."""

    def counted(context: Context) -> int:
        days = context.today.replace(day=1), context.today.replace(month=12, day=31)
        return len(list(context.uow.ledger.month(*days)))

    return await clinic.program.practice.read(counted)


async def ask(person: Person, line: str = LINE) -> str:
    """Type a command; what it is answered with."""
    (answer,) = await person.command(line)
    return words(answer)


async def test_somebody_unknown_is_nobody_until_an_administrator_approves(database: Database) -> None:
    """The whole story: asked once, told both times, sees nothing before and everything after."""
    async with practice_at_work(database, admins=frozenset({SAM})) as clinic:
        ana, sam = clinic.slack.person(ANA), clinic.slack.person(SAM)
        assert ASKED in await ask(ana)
        for read in READS:
            said = await ask(ana, f"/cocm {read}")
            assert "have not decided yet" in said
        await ana.say("15m MRN123 call")
        await ana.sees("have not decided yet")
        home = await ana.home()
        assert "have not decided yet" in words(home)
        await sent(clinic)
        assert len(about(clinic, SAM)) == 1
        message = await sam.sees("asks to take part")
        assert "MRN" not in words(message)
        assert await member(clinic, ANA) is None
        assert await entries(clinic) == 0

        await sam.click(message, "Approve as care manager")
        await sam.sees("Approved")
        await sent(clinic)
        told = await ana.sees("You are a member now")
        assert "a care manager" in words(told)
        assert "Logged 15 min" in await ask(ana)
        await sent(clinic)
        assert len(about(clinic, SAM)) <= 1


async def test_whoever_is_refused_is_told_and_stays_out(database: Database) -> None:
    """Administrators are not asked again; a role given later lets the person in after all."""
    async with practice_at_work(database, admins=frozenset({SAM})) as clinic:
        ana, sam = clinic.slack.person(ANA), clinic.slack.person(SAM)
        await ask(ana)
        await sent(clinic)
        await sam.click(await sam.sees("asks to take part"), "Refuse")
        await sam.sees("Refused")
        await sent(clinic)
        await ana.sees("decided that you do not take part here")
        assert "decided that you do not take part here" in await ask(ana)
        await sent(clinic)
        assert about(clinic, SAM) == []

        assert "is a care manager" in await ask(sam, "/cocm roles @ana care_manager")
        await sent(clinic)
        await ana.sees("You are a member now")
        assert "Logged 15 min" in await ask(ana)


async def test_the_second_administrator_finds_it_decided(database: Database) -> None:
    """Both are sent the message; whoever presses later is told what holds, and changes nothing."""
    async with practice_at_work(database, admins=frozenset({SAM, BEN})) as clinic:
        ana, sam, ben = (clinic.slack.person(who) for who in (ANA, SAM, BEN))
        await ask(ana)
        await sent(clinic)
        await sam.click(await sam.sees("asks to take part"), "Approve as care manager")
        await sam.sees("Approved")
        await ben.click(await ben.sees("asks to take part"), "Refuse")
        assert "is a care manager already" in words(await ben.sees("Nothing was changed"))
        found = await member(clinic, ANA)
        assert found is not None
        assert found.roles == {MemberRole.CARE_MANAGER}


async def test_a_name_that_a_member_has_is_pointed_out(database: Database) -> None:
    """Anybody can call themselves anything in Slack."""
    async with practice_at_work(database, admins=frozenset({SAM})) as clinic:
        await clinic.program.practice.write(add_member, "U0ANOTHER", "ana flores", MemberRole.CARE_MANAGER)
        await ask(clinic.slack.person(ANA))
        await sent(clinic)
        assert "A member goes by Ana Flores already" in words(
            await clinic.slack.person(SAM).sees("asks to take part")
        )


async def test_without_an_administrator_it_is_said_how_to_name_one(database: Database) -> None:
    """Nobody could approve, so nobody is asked, and the sentence says what to do; later it asks."""
    async with practice_at_work(database) as clinic:
        ana = clinic.slack.person(ANA)
        said = await ask(ana)
        assert "COCM_ADMINS" in said
        assert "cocm import members FILE" in said
        await clinic.program.practice.write(add_member, SAM, "Sam Whitfield", MemberRole.ADMIN)
        assert ASKED in await ask(ana)


async def test_looking_at_the_home_tab_asks_nobody(database: Database) -> None:
    """Administrators are asked about people who want something."""
    async with practice_at_work(database, admins=frozenset({SAM})) as clinic:
        home = await clinic.slack.person(ANA).home()
        assert "Send me any direct message" in words(home)
        await sent(clinic)
        assert about(clinic, SAM) == []


async def test_whom_the_settings_name_is_an_administrator_and_no_care_manager(database: Database) -> None:
    """They have no minutes until they give themselves a role."""
    async with practice_at_work(database, admins=frozenset({SAM})) as clinic:
        sam = clinic.slack.person(SAM)
        assert "have minutes of their own" in await ask(sam)
        assert "is a care manager and an administrator now" in await ask(
            sam, "/cocm roles me add care_manager"
        )
        assert "Logged 15 min" in await ask(sam)


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"is_restricted": True}, "guests take no part"),
        ({"is_ultra_restricted": True}, "guests take no part"),
        ({"is_bot": True}, "only people take part"),
        ({"is_stranger": True}, "belongs to another workspace"),
        ({"team_id": "T0ELSEWHERE"}, "belongs to another workspace"),
        ({"deleted": True}, "was deactivated"),
    ],
    ids=lambda given: "-".join(given) if isinstance(given, dict) else "",
)
async def test_accounts_that_take_no_part(database: Database, facts: dict[str, Any], sentence: str) -> None:
    """Guests, bots, people of other workspaces and deactivated accounts: members or not, nobody is asked."""
    usual = clinic_with_bot()
    unfit = tuple(replace(user, **facts) if user.id in {ANA, BEN} else user for user in usual.users)
    async with practice_at_work(database, replace(usual, users=unfit), admins=frozenset({SAM})) as clinic:
        await clinic.program.practice.write(add_member, ANA, "Ana Flores", MemberRole.CARE_MANAGER)
        for who in (ANA, BEN):
            assert sentence in await ask(clinic.slack.person(who))
        assert await entries(clinic) == 0
        await sent(clinic)
        assert about(clinic, SAM) == []


async def test_welcome_lets_no_guest_in(database: Database) -> None:
    """Whoever comes is welcome there, as far as their account may take part at all."""
    usual = clinic_with_bot()
    guests = tuple(replace(user, is_restricted=user.id == ANA) for user in usual.users)
    async with practice_at_work(database, replace(usual, users=guests), unknown_member="welcome") as clinic:
        assert "guests take no part" in await ask(clinic.slack.person(ANA))
        assert "Logged 15 min" in await ask(clinic.slack.person(BEN))


async def test_a_member_is_known_while_slack_says_nothing(database: Database) -> None:
    """What Slack said last holds, and who was never looked at is taken for the member they are."""
    async with practice_at_work(database, admins=frozenset({SAM})) as clinic:
        await clinic.program.practice.write(add_member, ANA, "Ana Flores", MemberRole.CARE_MANAGER)
        clinic.slack.fail_next("users.info", "http_503", times=5)
        assert "Logged 15 min" in await ask(clinic.slack.person(ANA))


async def test_a_membership_ends_and_returns_by_command(database: Database) -> None:
    """At once, for whatever they do; the answer says how to take it back."""
    async with practice_at_work(database, admins=frozenset({SAM})) as clinic:
        await clinic.program.practice.write(add_member, ANA, "Ana Flores", MemberRole.CARE_MANAGER)
        ana, sam = clinic.slack.person(ANA), clinic.slack.person(SAM)
        (receipt,) = await ana.command(LINE)
        assert "members @Ana Flores returns" in await ask(sam, "/cocm member @ana ends")
        assert "was ended" in await ask(ana)
        await ana.click(receipt, "Undo")
        await ana.sees("was ended")
        assert await entries(clinic) == 1
        assert "Ana Flores" in await ask(sam, "/cocm members")
        assert "is a care manager again" in await ask(sam, "/cocm members @Ana Flores returns")
        assert "Logged 20 min" in await ask(ana, "/cocm log 20m MRN123 video visit")


async def test_the_last_administrator_stays_one(database: Database) -> None:
    """Neither role nor membership can be taken from the last; from one of two it can."""
    async with practice_at_work(database) as clinic:
        await clinic.program.practice.write(
            add_member, SAM, "Sam Whitfield", MemberRole.ADMIN, MemberRole.BILLER
        )
        await clinic.program.practice.write(add_member, ANA, "Ana Flores", MemberRole.CARE_MANAGER)
        sam = clinic.slack.person(SAM)
        for line in ("roles me biller", "roles me remove admin", "members me ends"):
            assert "is the last administrator" in await ask(sam, f"/cocm {line}")
        assert "Only administrators can" in await ask(clinic.slack.person(ANA), "/cocm roles me add admin")
        await ask(sam, "/cocm roles @ana add admin")
        assert "Changed" in await ask(sam, "/cocm roles me remove admin")
