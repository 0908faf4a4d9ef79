"""The same delivery at the same moment, after something else was done, and from somebody who really types it again."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from slack_bolt.async_app import AsyncBoltRequest

from billing.people import MemberRole
from cocm.wiring import Application, open_program
from services.context import Context
from storage import Database
from tests.support.again import differences, state_of
from tests.support.bot import ANA, Clinic, clinic_at_work, settings_for


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest) -> str:
    """Each of the two databases."""
    found: str = request.getfixturevalue(f"{request.param}_url")
    return found


@pytest.fixture
async def nodes(url: str) -> AsyncIterator[tuple[Clinic, list[Application]]]:
    """A clinic on two nodes of one database."""
    first, second = Database.open(url), Database.open(url)
    async with clinic_at_work(first) as clinic:
        await clinic.program.practice.write(ana)
        other = await open_program(settings_for(clinic.slack), second)
        yield clinic, [clinic.program, other]
        await other.bot.background.close()
    second.close()
    first.close()


def ana(context: Context) -> None:
    """Ana manages care."""
    context.uow.members.add(slack_user_id=ANA, display_name="Ana", roles=frozenset({MemberRole.CARE_MANAGER}))
    context.uow.commit()


def command(clinic: Clinic, text: str, trigger: str) -> dict[str, Any]:
    """A slash command of Ana's, with Slack's id of the press of Enter."""
    return {
        "team_id": clinic.slack.world.team.id,
        "channel_id": "D0",
        "user_id": ANA,
        "user_name": "ana",
        "command": "/cocm",
        "text": text,
        "response_url": "",
        "trigger_id": trigger,
    }


async def said(program: Application, body: dict[str, Any]) -> str:
    """What a node answers."""
    answer = await program.app.async_dispatch(AsyncBoltRequest(body=body, mode="socket_mode"))
    assert answer.status == 200
    return str(answer.body)


LINES = (
    "15m MRN123 call",
    "enroll MRN123",
    "consent MRN123 verbal",
    "remind 7:15",
    "undo",
    "20m MRN123 chart review",
    "5m MRN123 voicemail",
    "undo",
    "undo",
    "void e-24 wrong",
)


async def test_the_same_delivery_eight_times_at_once_is_one(
    url: str, nodes: tuple[Clinic, list[Application]]
) -> None:
    """On two nodes; all eight are answered alike, and what is stored is what one would have stored."""
    clinic, programs = nodes
    for number, line in enumerate(LINES):
        body = command(clinic, line, f"T{number}")
        answers = await asyncio.gather(*(said(programs[n % 2], body) for n in range(8)))
        assert set(answers) == {answers[0]}, line
        for program in programs:
            await program.bot.background.drain()
        left = state_of(url)
        assert await said(programs[1], body) == answers[0]
        assert differences(left, state_of(url)) == []
    acts = [row for row in state_of(url)["act"] if "'log'" in row]
    assert len(acts) == 3


async def test_what_was_refused_is_refused_when_it_comes_again(
    url: str, nodes: tuple[Clinic, list[Application]]
) -> None:
    """Though it could be done by now: an undo that found nothing does not take back what was logged since."""
    clinic, (here, there) = nodes
    for number, line in enumerate(("undo", "stop", "void e-24 wrong", "15m call")):
        body = command(clinic, line, f"R{number}")
        first = await said(here, body)
        await here.bot.background.drain()
        await said(here, command(clinic, f"1{number}m MRN123 call {number}", f"L{number}"))
        await said(here, command(clinic, "start MRN123", f"S{number}"))
        for program in (here, there):
            await program.bot.background.drain()
        left = state_of(url)
        assert await said(there, body) == first, line
        await there.bot.background.drain()
        assert differences(left, state_of(url)) == [], line


async def test_whoever_types_the_same_again_is_heard(nodes: tuple[Clinic, list[Application]]) -> None:
    """A new press of Enter is a new request, even with the same words: what it does is its own."""
    clinic, (here, _) = nodes
    await said(here, command(clinic, "remind 7:15", "A1"))
    await said(here, command(clinic, "remind off", "A2"))
    assert "off" in await said(here, command(clinic, "remind", "A3"))
    assert "7:15" in await said(here, command(clinic, "remind 7:15", "A4"))
