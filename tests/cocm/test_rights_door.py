"""The table of rights tried cell by cell through the signed door of one running `cocm serve`."""

import asyncio
import contextlib
import json
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import urlencode

import httpx

from billing.months import BillingMonth
from billing.people import Member, MemberRole
from billing.references import entry_reference
from sandbox.model import Message
from services.clock import SystemClock
from services.entries import log
from services.entries.receipts import Receipt
from storage import Database
from tests.support.bot import clinic_with_bot
from tests.support.practice import NEW_YORK, TryPractice, asked, draft
from tests.support.serving import command_body, environment, post_signed, serving
from tests.support.slack import WAIT_SECONDS, LocalSlack, running_slack

SECRET = clinic_with_bot().app.signing_secret
#: One letter for each role, one member for each letter.
ROLES = {
    "M": MemberRole.CARE_MANAGER,
    "D": MemberRole.CONSULTANT,
    "T": MemberRole.TREATING_PROVIDER,
    "S": MemberRole.SUPERVISOR,
    "B": MemberRole.BILLER,
    "A": MemberRole.ADMIN,
}
ALL = "MDTSBA"
#: What a refusal for somebody's role says, whatever was asked.
REFUSED = re.compile(
    r"shows who can do what|have minutes of their own|Only a supervisor can log time|Only the person whose entry"
    r"|They, a supervisor or a biller can see|Only an administrator decides"
)
NOBODY = "You have no role here"
LAST_MONTH = BillingMonth.of(SystemClock().now().date()).plus(-1)


#: Whose cell is wrong, what they did, and how it was answered.
Wrong = tuple[str, str, str]


@dataclass(frozen=True)
class Row:
    """One command: what is typed, the letters of those who can, and what their answer says."""

    typed: str
    who: str
    done: str
    #: Typed before, by the same person, so that there is something to act on.
    first: str = ""


#: {m} is a patient, {n} one more, {own} an entry that the person has just written, {other} another person's.
ROWS = (
    Row("15m {m} phone check-in", "MDT", "Logged 15 min"),
    Row("5m {m} discussed sleep for <@U0DRTWO|dr>", ALL, "Logged 5 min"),
    Row("5m {m} call for <@U0EVE|eve>", "SA", "Logged 5 min"),
    Row("edit {own} 4m because shorter", ALL, "Corrected", "6m {m} own work for <@U0DRTWO|dr>"),
    Row("void {own} typed twice", ALL, "Void", "7m {m} own work for <@U0DRTWO|dr>"),
    Row("split {own} 4m {m} / 4m {n}", ALL, "Split", "8m {m} own work for <@U0DRTWO|dr>"),
    Row("undo", ALL, "Undone", "9m {m} own work for <@U0DRTWO|dr>"),
    Row("history {own}", ALL, "10 min", "10m {m} own work for <@U0DRTWO|dr>"),
    Row("edit {other} 12m because asked to", "SA", "Corrected"),
    Row("split {other} 5m {m} / 7m {n}", "SA", "Split"),
    Row("void {third} logged twice", "SA", "Void"),
    Row("history {other}", "SBA", "min"),
    Row("status {m}", ALL, "Last entry"),
    Row("why {m}", ALL, "min"),
    Row("caseload", ALL, ""),
    Row("near", ALL, ""),
    Row("today", ALL, ""),
    Row("week", ALL, ""),
    Row("month", ALL, ""),
    Row("help", ALL, "How to log minutes"),
    Row("remind", ALL, ""),
    Row("remind quiet 6pm-7am", ALL, "Changed"),
    Row("remind practice preview off", "A", "Changed"),
    Row("enroll {n} payer Cedar Health", "MDTS", "enrolled"),
    Row("consent {n} verbal", "MDTS", "onsent"),
    Row("assess {n} PHQ-9 14", "MDTS", "PHQ-9"),
    Row("review {m} 10m continue sertraline by <@U0DRTWO|dr>", "MDTS", "eview"),
    Row("assign {n} <@U0EVE|eve>", "MDTS", "Eve"),
    Row("admit {n} on yesterday", "MDTS", "inpatient"),
    Row("state {n} necessity", "MDTS", ""),
    Row("discharge {n} goals met", "MDTS", "ischarged"),
    Row("merge {alias} into {m}", "SA", "was merged into", "5m {alias} call for <@U0DRTWO|dr>"),
    Row("unmerge {alias}", "SA", "of their own again"),
    Row("attest {m} {last} consultant time", "SBA", "does not depend"),
    Row("attest {m} {last} late time", "SA", "does not depend"),
    Row("report {last}", "SBA", ""),
    Row("close {last}", "BA", ""),
    Row("reopen {last} two reviews came late", "BA", "not closed"),
    Row("submitted {last}", "BA", "never closed"),
    Row("unsubmitted {last}", "BA", "never closed"),
    Row("overpaid", "SBA", "No line bills less"),
    Row("overpaid {m} {last} identified today", "BA", "no claim is marked"),
    Row("members", ALL, "members"),
    Row("roles", ALL, "You are"),
    Row("roles <@U0EVE|eve>", ALL, "Eve"),
    Row("roles <@U0EVE|eve> add consultant", "A", "Changed"),
    Row("members <@U0LEAVES|leaves> ends", "A", "Ended"),
)
#: Buttons: what stands for the command, its value, who can, and what they see.
BUTTONS = (
    ("why_patient", "{handle}:{last}", ALL, "min"),
    ("review_month", "{last}", "SBA", ""),
    ("review_again", "{last}", "SBA", ""),
    ("close_month", "{last}:not-seen", "BA", "has changed since"),
    ("seen_signal", "999", "MDTS", "not on file any more"),
    ("set_aside_patient_1", "{handle}:{this}", "MDTS", ""),
    ("name_patient_again", "{handle}:{this}", "MDTS", ""),
    ("edit_entry", "{other}", "SA", None),
    ("undo_receipt", "1", "", None),
    ("approve_member", "999", "A", "Nobody asked"),
    ("refuse_member", "999", "A", "Nobody asked"),
)


@dataclass
class Scene:
    """A practice with one member for each role, and a patient and another for each."""

    handles: dict[str, str] = field(default_factory=dict)
    others: dict[str, str] = field(default_factory=dict)
    thirds: dict[str, str] = field(default_factory=dict)


def today() -> date:
    """The local date it is for the practice."""
    return SystemClock().now().astimezone(NEW_YORK).date()


def scene(url: str) -> Scene:
    """Fill a database, and let go of it."""
    database = Database.open(url)
    try:
        practice, made = TryPractice(database), Scene()
        practice.clock.at = SystemClock().now()
        eve = practice.member("Eve Moss", MemberRole.CARE_MANAGER, slack="U0EVE")
        practice.member("Dr. Two", MemberRole.CONSULTANT, slack="U0DRTWO")
        practice.member("Lee Gone", MemberRole.BILLER, slack="U0LEAVES")
        practice.do(_nobody)
        for place, (letter, role) in enumerate(ROLES.items()):
            practice.member(f"Person {letter}", role, slack=f"U0ROLE{letter}")
            patient = practice.patient(f"4{place}17", assessed_on=date(today().year - 1, 2, 3))
            practice.patient(f"8{place}{place}29", assessed_on=None)
            made.handles[letter] = patient.handle
            made.others[letter] = _entry(practice, eve, f"4{place}17", today())
            made.thirds[letter] = _entry(practice, eve, f"4{place}17", today())
        return made
    finally:
        database.close()


def _nobody(context: Any) -> None:
    context.uow.members.add(slack_user_id="U0ROLEN", display_name="Person N", roles=frozenset())
    context.uow.commit()


def _entry(practice: TryPractice, author: Member, identity: str, day: date) -> str:
    practice.clock.pass_(minutes=3)
    done = practice.do(log.log, author, draft(asked(identity, 11, "call", service_date=day)))
    assert isinstance(done, Receipt)
    return entry_reference(done.entries[0].entry.entry_id)


class Door:
    """The signed door of the running program, and what it showed there."""

    def __init__(self, client: httpx.AsyncClient, url: str, slack: LocalSlack) -> None:
        self._client = client
        self._url = url
        self._slack = slack
        self._count = 0

    async def say(self, user_id: str, typed: str) -> str:
        """What a slash command is answered with, in the acknowledgment."""
        body = command_body(typed, trigger_id=self._next(), user_id=user_id)
        return await self._post(body)

    async def press(self, user_id: str, action_id: str, value: str) -> str | None:
        """What a button is answered with; None when that is no message."""
        action = {"type": "button", "action_id": action_id, "block_id": "b", "value": value}
        world = self._slack.world
        channel = world.channels["C0GENERAL"]
        before = set(world.ephemerals.get((user_id, channel.id), {}))
        url = world.new_response_url(self._slack.url, user_id, channel)
        await self._interact(user_id, {"type": "block_actions", "actions": [action], "response_url": url})

        def answers() -> list[Message]:
            return [
                shown
                for ts, shown in world.ephemerals.get((user_id, channel.id), {}).items()
                if ts not in before
            ]

        try:
            (answer,) = await asyncio.wait_for(
                self._slack.until(answers), WAIT_SECONDS if action_id in _ANSWERING else 1.0
            )
        except TimeoutError:
            return None
        return json.dumps({"text": answer.text, "blocks": answer.blocks})

    async def submit(self, user_id: str, patient: str) -> str:
        """What the form to log time is answered with."""
        fields = {"patient": patient, "duration": "3m", "note": "from the form"}
        values: dict[str, Any] = {
            name: {name: {"type": "plain_text_input", "value": words}} for name, words in fields.items()
        }
        values["day"] = {"day": {"type": "datepicker", "selected_date": f"{today()}"}}
        view = {
            "id": self._next(),
            "type": "modal",
            "callback_id": "log_form",
            "private_metadata": "",
            "state": {"values": values},
            "blocks": [{"type": "input", "block_id": name} for name in values],
        }
        return await self._interact(user_id, {"type": "view_submission", "view": view})

    async def _interact(self, user_id: str, payload: dict[str, Any]) -> str:
        whole = {
            "team": {"id": "T0CLINIC"},
            "user": {"id": user_id, "name": user_id.lower(), "team_id": "T0CLINIC"},
            "trigger_id": self._next(),
            **payload,
        }
        return await self._post(urlencode({"payload": json.dumps(whole)}))

    async def _post(self, body: str) -> str:
        at = SystemClock().now().timestamp()
        answer = await post_signed(self._client, self._url, body, secret=SECRET, at=at)
        assert answer.status_code == 200, answer.text
        return answer.text

    def _next(self) -> str:
        self._count += 1
        return f"T{self._count}"


#: Buttons that answer with a message even where they do what they say.
_ANSWERING = {name for name, _, _, said in BUTTONS if said is not None} | {"undo_receipt"}


@contextlib.asynccontextmanager
async def opened_door(sqlite_url: str) -> AsyncIterator[Door]:
    """One program for every cell."""
    async with (
        running_slack(clinic_with_bot()) as slack,
        serving(
            environment(slack, sqlite_url, COCM_UNKNOWN_MEMBER="ask"), "--http", "--no-scheduler"
        ) as served,
        httpx.AsyncClient(timeout=WAIT_SECONDS) as client,
    ):
        yield Door(client, served.url, slack)


def words_for(made: Scene, letter: str, own: str) -> dict[str, str]:
    """What stands in a row's places for one person."""
    place = ALL.index(letter) if letter in ALL else 0
    known = letter if letter in ALL else "M"
    return {
        "m": f"MRN4{place}17",
        "n": f"MRN8{place}{place}29",
        "alias": f"MRN6{place}{place}3{place}",
        "own": own,
        "other": made.others[known],
        "third": made.thirds[known],
        "handle": made.handles[known],
        "last": f"{LAST_MONTH}",
        "this": f"{LAST_MONTH.plus(1)}",
    }


async def test_every_cell_of_the_table_holds_at_the_signed_door(sqlite_url: str) -> None:
    """Commands, buttons and the form by each role, by a member without one, and by somebody unknown."""
    made = scene(sqlite_url)
    async with opened_door(sqlite_url) as opened:
        wrong = [
            *await commands(opened, made),
            *await buttons(opened, made),
            *await outsiders(opened, made),
        ]
    assert not wrong, "\n".join(map(str, wrong))


async def commands(opened: Door, made: Scene) -> list[Wrong]:
    """Whoever can is answered as one who did it, whoever cannot reads that others can."""
    wrong: list[Wrong] = []
    for row in ROWS:
        for letter in ALL:
            own = ""
            if row.first:
                prepared = await opened.say(
                    f"U0ROLE{letter}", row.first.format(**words_for(made, letter, ""))
                )
                found = re.search(r"e-[0-9a-z]+", prepared)
                own = found[0] if found else "e-00"
            typed = row.typed.format(**words_for(made, letter, own))
            said = await opened.say(f"U0ROLE{letter}", typed)
            refused = REFUSED.search(said) is not None
            if refused == (letter in row.who) or (letter in row.who and row.done not in said):
                wrong.append((letter, typed, said[:400]))
    return wrong


async def buttons(opened: Door, made: Scene) -> list[Wrong]:
    """What is pressed or sent as a form is checked like what is typed."""
    wrong: list[Wrong] = []
    for action_id, value, who, done in BUTTONS:
        for letter in ALL:
            said = await opened.press(
                f"U0ROLE{letter}", action_id, value.format(**words_for(made, letter, ""))
            )
            refused = (
                said is not None and re.search(r"shows who can do what|Only the person", said) is not None
            )
            if refused == (letter in who) or (
                letter in who and done is not None and done not in (said or "")
            ):
                wrong.append((letter, action_id, (said or "")[:400]))
    for letter in ALL:
        said = await opened.submit(f"U0ROLE{letter}", made.handles[letter])
        if ("have minutes of their own" in said) == (letter in "MDT"):
            wrong.append((letter, "form", said[:400]))
    return wrong


async def outsiders(opened: Door, made: Scene) -> list[Wrong]:
    """A member without a role, and an id that nobody has named: every command, button and form is refused."""
    wrong: list[Wrong] = []
    for user_id, sentence in (("U0ROLEN", NOBODY), ("U0STRANGE", "asked your administrators")):
        for row in ROWS:
            if user_id == "U0ROLEN" and row.typed == "help":
                continue
            typed = row.typed.format(**words_for(made, "N", made.others["M"]))
            said = await opened.say(user_id, typed)
            if sentence not in said or "min" in said.replace("administrator", ""):
                wrong.append((user_id, typed, said[:300]))
        for action_id, value, _, _ in BUTTONS:
            pressed = await opened.press(user_id, action_id, value.format(**words_for(made, "N", "")))
            if pressed is None or (sentence not in pressed and "undo" not in action_id):
                wrong.append((user_id, action_id, (pressed or "")[:300]))
        said = await opened.submit(user_id, made.handles["M"])
        if sentence not in said:
            wrong.append((user_id, "form", said[:300]))
    return wrong
