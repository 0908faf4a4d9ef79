"""People whose accounts change while they come in, and administrators who decide twice, late, or about who is gone."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from billing.people import MemberRole
from cocm.wiring import open_program
from storage import Database
from tests.cocm.test_joining import LINE, ask, entries, member, practice_at_work, sent
from tests.cocm.test_leaving import becomes, until_ended
from tests.support.bot import ANA, SAM, Clinic, settings_for
from tests.support.crowd import add_member
from tests.support.reading import words
from tests.support.slack import pressable


@pytest.fixture
async def clinic(database: Database) -> AsyncIterator[Clinic]:
    """Sam administers, and nobody else is known."""
    async with practice_at_work(database, admins=frozenset({SAM})) as running:
        yield running


async def until_known(clinic: Clinic, who: str, *, fit: bool) -> None:
    """Wait until what Slack said of an account was taken in."""
    while (known := await clinic.program.bot.accounts.of(who)) is None or (known.fault is None) is not fit:
        # What is known already is said without a pause, in which the event could arrive.
        await entries(clinic)


@pytest.mark.parametrize("fact", ["is_restricted", "is_ultra_restricted"])
async def test_a_guest_who_becomes_a_full_member_of_the_workspace_may_ask(clinic: Clinic, fact: str) -> None:
    """Before that nobody is asked about them, and nothing of theirs is stored."""
    ana, sam = clinic.slack.person(ANA), clinic.slack.person(SAM)
    becomes(clinic, ANA, **{fact: True})
    await until_known(clinic, ANA, fit=False)
    assert "guest" in await ask(ana)
    await sent(clinic)
    assert not [one for one in sam.messages() if "asks to take part" in words(one)]
    becomes(clinic, ANA, **{fact: False})
    await until_known(clinic, ANA, fit=True)
    assert "I have asked your administrators" in await ask(ana)
    await sent(clinic)
    await sam.click(await sam.sees("asks to take part"), "Approve as care manager")
    await sam.sees("Approved")
    assert "Logged 15 min" in await ask(ana)


async def test_pressing_approve_twice_approves_once(clinic: Clinic) -> None:
    """Whatever the second press shows, the person has one role, given once, and is told once."""
    ana, sam = clinic.slack.person(ANA), clinic.slack.person(SAM)
    await ask(ana)
    await sent(clinic)
    message = await sam.sees("asks to take part")
    block_id, button, _ = pressable(message, "Approve as care manager")
    press = clinic.slack.sandbox.people.act_in_message
    await asyncio.gather(
        *(press(SAM, message, block_id, button["action_id"], {}, base_url=clinic.slack.url) for _ in range(2))
    )
    await sam.sees("Approved")
    await clinic.program.bot.background.drain()
    await sent(clinic)
    found = await member(clinic, ANA)
    assert found is not None
    assert found.roles == {MemberRole.CARE_MANAGER}
    told = [one for one in ana.messages() if "You are a member now" in words(one)]
    assert len(told) == 1


async def test_who_was_imported_meanwhile_keeps_what_the_file_said(clinic: Clinic) -> None:
    """Approving as a care manager changes no role that somebody has by now, and says so."""
    ana, sam = clinic.slack.person(ANA), clinic.slack.person(SAM)
    await ask(ana)
    await sent(clinic)
    message = await sam.sees("asks to take part")
    await clinic.program.practice.write(add_member, ANA, "Ana Flores", MemberRole.BILLER)
    await sam.click(message, "Approve as care manager")
    said = words(await sam.sees("Nothing was changed"))
    assert "is a biller already" in said
    found = await member(clinic, ANA)
    assert found is not None
    assert found.roles == {MemberRole.BILLER}


async def test_somebody_deactivated_meanwhile_is_not_approved(clinic: Clinic) -> None:
    """And may ask once more when the account is back."""
    ana, sam = clinic.slack.person(ANA), clinic.slack.person(SAM)
    await ask(ana)
    await sent(clinic)
    message = await sam.sees("asks to take part")
    becomes(clinic, ANA, deleted=True)
    await until_known(clinic, ANA, fit=False)
    await sam.click(message, "Approve as care manager")
    await sam.sees("deactivated account cannot be a member here")
    assert await member(clinic, ANA) is None
    becomes(clinic, ANA, deleted=False)
    await until_known(clinic, ANA, fit=True)
    assert "have not decided yet" in await ask(ana)
    await sam.click(message, "Approve as care manager")
    await sam.sees("Approved")
    assert "Logged 15 min" in await ask(ana)


async def test_the_last_administrator_is_none_without_an_account(database: Database) -> None:
    """Nobody could act as they any more; whoever asks then is told where the next one is named."""
    async with practice_at_work(database) as clinic:
        await clinic.program.practice.write(add_member, SAM, "Sam Whitfield", MemberRole.ADMIN)
        becomes(clinic, SAM, deleted=True)
        await until_ended(clinic, SAM)
        assert "COCM_ADMINS" in await ask(clinic.slack.person(ANA))


async def test_unknown_patients_are_counted_over_all_bots(clinic: Clinic, database: Database) -> None:
    """Thirty in ten minutes, half of them at another bot on the same database; logging waits for nobody."""
    await clinic.program.practice.write(add_member, ANA, "Ana Flores", MemberRole.CARE_MANAGER)
    ana = clinic.slack.person(ANA)
    other = await open_program(settings_for(clinic.slack, unknown_member="ask"), database)
    detach = await clinic.slack.attach(other.app)
    try:
        said = [await ask(ana, f"/cocm status MRN9{number:03}") for number in range(32)]
        assert ["Wait" in one for one in said] == [False] * 30 + [True] * 2
        assert "Logged 15 min" in await ask(ana, LINE)
    finally:
        detach()
        await other.bot.background.close()
