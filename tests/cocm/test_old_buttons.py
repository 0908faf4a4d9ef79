"""Buttons and forms that another version of the program made, pressed at the signed door of a running `cocm serve`."""

import json
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest

from billing.people import MemberRole
from bot.ids import ActionId, CallbackId
from bot.old_forms import OldForm
from bot.pressed import OldButton
from sandbox.model import Change
from services.clock import SystemClock
from storage import Database
from tests.support.bot import ANA, clinic_with_bot
from tests.support.practice import TryPractice
from tests.support.serving import Served, environment, post_signed, serving
from tests.support.slack import WAIT_SECONDS, LocalSlack, running_slack

SECRET = clinic_with_bot().app.signing_secret
#: As the blocks of an explanation are named, for the buttons that stand in these alone.
BLOCK = "why_2026-11_1795000000000_1"
#: Open something empty, so that nothing in them is read.
OPENING = {ActionId.OPEN_FORM, ActionId.START_REVIEW_HOUR}
#: Waits in its message until all that was picked is used, and is answered by nothing.
SILENT = {ActionId.PICK_FILE_ANSWER}
#: Nothing that could be read.
EMPTY: tuple[dict[str, Any], ...] = ({}, {"value": None, "selected_option": None})
#: Something that no button of this version holds.
STRANGE: tuple[dict[str, Any], ...] = (
    {"value": "zanthorn"},
    {"value": "P-7F3K:nope:9"},
    {"value": "9" * 40},
    {"value": "\x00:2026-99:\x00"},
    {"selected_option": {"value": "e-zzzzzzzzzzzzz:nope"}},
)
#: Nothing that Slack delivers.
UNLIKE_SLACK: tuple[dict[str, Any], ...] = (
    {"value": ["1"]},
    {"value": 5},
    {"selected_option": ["1"]},
    {"selected_option": {"value": {}}},
)

#: Places of another kind.
OTHER_PLACES: tuple[dict[str, Any], ...] = (
    {"channel": "C1"},
    {"channel": ["C1"]},
    {"channel": {}},
    {"message": []},
    {"message": {"ts": {}}},
    {"message": {"ts": "1.2", "blocks": [None]}},
    {"container": 5},
)


class Pressing:
    """Ana in front of a running program, and what she sees."""

    def __init__(self, slack: LocalSlack, served: Served, client: httpx.AsyncClient) -> None:
        self._slack, self._served, self._client = slack, served, client
        self._seen: list[Change] = []
        slack.world.listen(self._seen.append)

    async def press(self, action_id: str, held: dict[str, Any], **more: Any) -> tuple[int, str]:
        """Press a button that holds this; the status, and what came of it: a message, or a form."""
        action = {"type": "button", "action_id": action_id, "block_id": BLOCK, **held}
        channel = self._slack.world.channels["C0GENERAL"]
        url = self._slack.world.new_response_url(self._slack.url, ANA, channel)
        where = {"channel": {"id": channel.id}, "response_url": url, **more}
        return await self.send({"type": "block_actions", "actions": [action], **where})

    async def send(self, payload: dict[str, Any]) -> tuple[int, str]:
        """Deliver an interaction of Ana's, and wait for what comes of it where it is taken."""
        self._seen.clear()
        whole = {
            "team": {"id": "T0CLINIC"},
            "user": {"id": ANA, "name": "ana", "team_id": "T0CLINIC"},
            "trigger_id": self._slack.world.new_trigger(ANA),
            **payload,
        }
        at = SystemClock().now().timestamp()
        body = urlencode({"payload": json.dumps(whole)})
        answer = await post_signed(self._client, self._served.url, body, secret=SECRET, at=at)
        if answer.status_code != 200 or answer.text:
            return answer.status_code, answer.text
        await self._slack.until(self._shown, f"an answer to {payload}")
        return answer.status_code, self._shown()

    def _shown(self) -> str:
        """The words of what was shown last."""
        said = [{"text": one.message.text, "blocks": one.message.blocks} for one in self._seen if one.message]
        forms = [one.view.body for one in self._seen if one.view]
        return json.dumps([*said, *forms]) if said or forms else ""


def acts(url: str) -> int:
    """How many acts there are."""
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as rows:
        return int(rows.execute("SELECT count(*) FROM act").fetchone()[0])


def faults(served: Served) -> list[str]:
    """The lines of the log that say that something of ours went wrong."""
    return [line for line in served.log if '"level": "error"' in line or "Traceback" in line]


@pytest.fixture
def url(sqlite_url: str) -> str:
    """A database of a practice in which Ana may do everything."""
    database = Database.open(sqlite_url)
    try:
        TryPractice(database).member("Ana Flores", *MemberRole, slack=ANA)
    finally:
        database.close()
    return sqlite_url


@asynccontextmanager
async def pressing(url: str) -> AsyncIterator[Pressing]:
    """Somebody in front of a running program; afterwards it has stored nothing, and logged no fault."""
    async with (
        running_slack(clinic_with_bot()) as slack,
        serving(environment(slack, url), "--http", "--no-scheduler") as served,
        httpx.AsyncClient(timeout=WAIT_SECONDS) as client,
    ):
        ana = Pressing(slack, served, client)
        # Whoever comes for the first time is taken in.
        await ana.press("unknown_to_everybody", {"value": "1"})
        before = acts(url)
        yield ana
        assert acts(url) == before
        assert slack.world.violations == []
    assert faults(served) == []


@pytest.mark.timeout(1800)
async def test_every_button_whose_value_is_missing_says_where_to_go_on(url: str) -> None:
    """Of every action there is, alone and in a list; a new one is tried without a line here."""
    wrong: list[Any] = []
    async with pressing(url) as ana:
        for action in set(ActionId) - SILENT - OPENING:
            for action_id in (f"{action}", f"{action}_0"):
                for held in EMPTY:
                    status, said = await ana.press(action_id, held)
                    if status != 200 or OldButton().sentence not in said:
                        wrong.append((action_id, held, status, said[:200]))
    assert not wrong


@pytest.mark.timeout(1800)
async def test_every_button_of_another_form_is_answered_with_a_sentence(url: str) -> None:
    """With what is on file and what is not, with a form; what Slack cannot have sent is refused at the door."""
    wrong: list[Any] = []
    async with pressing(url) as ana:
        for action in set(ActionId) - SILENT:
            for action_id in (f"{action}", f"{action}_0"):
                for held in STRANGE:
                    status, said = await ana.press(action_id, held)
                    if status != 200 or "reference" in said.lower() or not said:
                        wrong.append((action_id, held, status, said[:200]))
            for held in UNLIKE_SLACK:
                status, said = await ana.press(action, held)
                if status != 400:
                    wrong.append((action, held, status, said[:200]))
    assert not wrong


async def test_what_opens_a_form_does_so_wherever_it_was_pressed(url: str) -> None:
    """In no channel, in a channel without its name; another kind of channel, message or container is refused."""
    async with pressing(url) as ana:
        for where in ({"channel": None}, {"message": None}, {"container": None}, {"channel": {"id": "C1"}}):
            status, said = await ana.press(ActionId.OPEN_FORM, {}, **where)
            assert status == 200, where
            assert CallbackId.LOG_FORM in said, where
        for other in OTHER_PLACES:
            assert (await ana.press(ActionId.OPEN_FORM, {}, **other))[0] == 400, other


async def test_a_form_that_nobody_knows_says_what_to_do(url: str) -> None:
    """One that a newer version has opened, and a form of this version whose metadata is of another form."""
    values = {"note": {"note": {"type": "plain_text_input", "value": "zanthorn"}}}
    blocks = [{"type": "input", "block_id": "note", "element": {"type": "plain_text_input"}}]
    view = {"id": "V1", "type": "modal", "state": {"values": values}, "blocks": blocks}
    async with pressing(url) as ana:
        for callback_id in ("form_of_tomorrow", *CallbackId):
            for kept in ("[]", "zanthorn", '{"place": {"elsewhere": 1}}', '{"place": 5}'):
                form = {**view, "callback_id": callback_id, "private_metadata": kept}
                status, said = await ana.send({"type": "view_submission", "view": form})
                assert status == 200, (callback_id, kept)
                assert OldForm().sentence in said, (callback_id, kept, said)
