"""How memberships end without an administrator, what that means for what is under way, and who is told."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from billing.people import MemberRole
from bot import account_looks
from bot.account_looks import look_at_everybody
from sandbox.render import user_json
from services.context import Context
from storage import Database
from tests.cocm.test_joining import ask, entries, member, practice_at_work, sent
from tests.support.bot import ANA, BEN, SAM, Clinic, clinic_with_bot
from tests.support.crowd import add_member
from tests.support.reading import words


@pytest.fixture
async def clinic(database: Database) -> AsyncIterator[Clinic]:
    """Ana manages care, and so does Ben; Sam administers."""
    async with practice_at_work(database, admins=frozenset({SAM})) as running:
        for who, name in ((ANA, "Ana Flores"), (BEN, "Ben Okoro")):
            await running.program.practice.write(add_member, who, name, MemberRole.CARE_MANAGER)
        yield running


def becomes(clinic: Clinic, who: str, *, tells: bool = True, **facts: Any) -> None:
    """Have Slack change an account, and tell the bot so, or not."""
    world = clinic.slack.world
    world.users[who] = replace(world.users[who], **facts)
    if tells:
        now = world.clock.now()
        user = user_json(world.users[who], world.config.team, now=now, with_email=False)
        clinic.slack.sandbox._events.send({"type": "user_change", "user": user, "event_ts": f"{now}"})


async def until_ended(clinic: Clinic, who: str) -> None:
    """Wait until what Slack said was taken in."""
    while (found := await member(clinic, who)) is None or found.active:
        await clinic.program.bot.background.drain()


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({"deleted": True}, "was deactivated"),
        ({"is_restricted": True}, "became a guest's"),
        ({"is_ultra_restricted": True}, "became a guest's"),
    ],
    ids=["deactivated", "guest", "single-channel guest"],
)
async def test_a_membership_ends_with_the_account(clinic: Clinic, facts: dict[str, Any], why: str) -> None:
    """Administrators are told what waits and what to do; the account that comes back is no member by itself."""
    ana, sam = clinic.slack.person(ANA), clinic.slack.person(SAM)
    await ask(ana, "/cocm enroll MRN123")
    await ask(ana, "/cocm assign MRN123 me")
    await ask(ana, "/cocm start MRN123 phone")
    becomes(clinic, ANA, **facts)
    await until_ended(clinic, ANA)
    await sent(clinic)
    told = await sam.sees("Ana Flores's membership ended")
    assert why in words(told)
    assert "1 patient has no care manager" in words(told)
    assert "A timer of theirs runs" in words(told)
    assert "MRN123" not in words(told).replace("`/cocm assign MRN123 @ben`", "")

    becomes(clinic, ANA, deleted=False, is_restricted=False, is_ultra_restricted=False)
    await clinic.program.bot.background.drain()
    while "was ended" not in (said := await ask(ana)):
        assert "deactivated" in said or "guest" in said
    await sam.click(told, "Renew membership")
    await sam.sees("is a care manager again")
    assert "Logged 15 min" in await ask(ana)


async def test_who_left_while_nobody_listened_is_found_once_a_day(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Slack is asked about each member, and not again that day; a limit is waited for, and no answer ends nothing."""
    monkeypatch.setattr(account_looks, "_PAUSE", 0.0)
    becomes(clinic, ANA, tells=False, deleted=True)
    clinic.slack.fail_next("users.info", "rate_limit", seconds=0.01)
    clinic.slack.fail_next("users.info", "http_503")
    first = await look_at_everybody(clinic.program.bot, pace=0.0)
    assert first == 2
    assert await look_at_everybody(clinic.program.bot, pace=0.0) == 0
    found = [await member(clinic, who) for who in (ANA, BEN)]
    assert found[1] is not None
    assert found[1].active


async def test_whom_the_settings_name_stays_an_administrator(clinic: Clinic) -> None:
    """Somebody else would have to name another one first."""
    await ask(clinic.slack.person(SAM), "/cocm members")
    becomes(clinic, SAM, deleted=True)
    await clinic.program.bot.background.drain()
    found = await member(clinic, SAM)
    assert found is not None
    assert found.active


async def test_a_guest_is_not_approved(database: Database) -> None:
    """Neither by the button nor by a role: an account that may not take part cannot be a member."""
    async with practice_at_work(database, clinic_with_bot(), admins=frozenset({SAM})) as clinic:
        ana, sam = clinic.slack.person(ANA), clinic.slack.person(SAM)
        await ask(ana)
        await sent(clinic)
        becomes(clinic, ANA, is_restricted=True)
        while (known := await clinic.program.bot.accounts.of(ANA)) is None or known.fault is None:
            # What is known already is said without a pause, in which the event could arrive.
            await entries(clinic)
        await sam.click(await sam.sees("asks to take part"), "Approve as care manager")
        await sam.sees("A guest's account cannot be a member here")
        assert "A guest's account cannot be a member here" in await ask(sam, f"/cocm roles <@{ANA}> biller")
        assert await member(clinic, ANA) is None


async def test_nobody_is_welcome_while_slack_says_nothing_of_them(database: Database) -> None:
    """It might be a guest; once Slack answers, the same line is logged."""
    async with practice_at_work(database, unknown_member="welcome") as clinic:
        ana = clinic.slack.person(ANA)
        clinic.slack.fail_next("users.info", "http_503", times=2)
        assert "does not say just now whose account" in await ask(ana)
        assert await member(clinic, ANA) is None
        clinic.program.bot.accounts._known.clear()
        assert "Logged 15 min" in await ask(ana)


async def test_asking_about_many_unknown_mrns_has_to_wait(clinic: Clinic) -> None:
    """Thirty in ten minutes, on all nodes together; administrators are told once, and logging is never held up."""
    ana, sam = clinic.slack.person(ANA), clinic.slack.person(SAM)
    await ask(ana)

    def asked_before(context: Context) -> None:
        found = context.uow.members.by_slack_id(ANA)
        assert found is not None
        for _ in range(29):
            context.uow.unknown_reads.add(found.member_id, context.now)
        context.uow.commit()

    await clinic.program.practice.write(asked_before)
    assert "No patient MRN9001 is known" in await ask(ana, "/cocm status MRN9001")
    for command in ("status", "why", "history"):
        said = await ask(ana, f"/cocm {command} MRN9002")
        assert "Wait 10 minutes" in said
    assert "15 of 70 min" in await ask(ana, "/cocm status MRN123")
    assert "Logged 20 min" in await ask(ana, "/cocm 20m MRN9003 chart review")
    assert "No patient MRN9001 is known" in await ask(clinic.slack.person(BEN), "/cocm status MRN9001")
    await sent(clinic)
    await sam.sees("Ana Flores asked about more than 30 MRNs")
    said = [words(one) for one in sam.messages() if "more than 30 MRNs" in words(one)]
    assert len(said) == 1
