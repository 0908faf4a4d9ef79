"""A bot that was killed and started again answers what arrives again as it was answered before."""

import asyncio
import json
from typing import Any

import httpx
import pytest
from sqlalchemy import create_engine, text

from services.clock import SystemClock
from tests.support.bot import ANA, clinic_with_bot
from tests.support.serving import Served, command_body, environment, post_signed, serving
from tests.support.slack import WAIT_SECONDS, running_slack

SECRET = clinic_with_bot().app.signing_secret
#: What Ana types before the bot dies, one after the other; the last has nothing left to take back.
LINES = (
    "log 15m MRN123 phone check-in",
    "log 20m MRN124 chart review",
    "enroll MRN123",
    "undo",
    "undo",
    "start MRN123",
    "15m call",
    "undo",
    "undo",
    "undo",
)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest) -> str:
    """Each of the two databases."""
    found: str = request.getfixturevalue(f"{request.param}_url")
    return found


async def typed(served: Served, client: httpx.AsyncClient) -> list[Any]:
    """Deliver every line, each with Slack's id of its press of Enter; returns the answers."""
    answers = []
    for number, line in enumerate(LINES):
        body = command_body(line, trigger_id=f"T{number}", user_id=ANA)
        at = SystemClock().now().timestamp()
        answer = await post_signed(client, served.url, body, secret=SECRET, at=at)
        assert answer.status_code == 200, answer.text
        answers.append(json.loads(answer.text) if answer.text.strip() else None)
    return answers


def kept(url: str) -> dict[str, list[str]]:
    """What acts leave."""
    engine = create_engine(url)
    with engine.connect() as connection:
        found = {
            name: sorted(map(repr, connection.execute(text(f"SELECT * FROM {name}")).all()))
            for name in (
                "act",
                "undone_act",
                "entry_version",
                "current_entry",
                "episode",
                "fact_version",
                "timer",
            )
        }
    engine.dispose()
    return found


async def test_what_arrives_again_after_a_kill_is_answered_as_before(url: str) -> None:
    """Every command, delivered again to the process that came after: the same words and buttons, nothing more done."""
    async with running_slack(clinic_with_bot()) as slack:
        env = environment(slack, url)
        async with httpx.AsyncClient(timeout=WAIT_SECONDS) as client:
            async with serving(env, "--http") as served:
                first = await typed(served, client)
                served.process.kill()
                await asyncio.wait_for(served.process.wait(), WAIT_SECONDS)
            left = kept(url)
            assert left["entry_version"]
            assert left["undone_act"]
            async with serving(env, "--http") as served:
                again = await typed(served, client)
    assert again == first
    assert kept(url) == left
