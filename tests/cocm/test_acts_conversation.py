"""Undo and its buttons as people press them, through the real bot and a sandbox."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from billing.people import MemberRole
from bot import grammar
from services.acts.ways import WAYS
from services.context import Context
from storage import ActKind, Database
from tests.support.bot import ANA, BEN, SAM, Clinic, clinic_at_work
from tests.support.slack import words

#: Commands that store nothing, and those that store what each kind of act is.
READ_ONLY = {
    *("form", "today", "week", "month", "status", "why", "caseload", "near", "report", "help", "history"),
    *("correct", "rules", "payers", "timer", "imports"),
}
STORING = {
    "log": {ActKind.LOG},
    "undo": {ActKind.UNDO, ActKind.PUT_BACK},
    "edit": {ActKind.EDIT},
    "void": {ActKind.VOID},
    "confirm": {ActKind.EDIT, ActKind.VOID},
    "split": {ActKind.SPLIT},
    "start": {ActKind.START},
    "stop": {ActKind.STOP},
    "switch": {ActKind.SWITCH, ActKind.START},
    "cancel": {ActKind.CANCEL},
    "remind": {ActKind.REMIND},
    "cover": {ActKind.COVER},
    "enroll": {ActKind.ENROLL},
    "consent": {ActKind.CONSENT, ActKind.REVOKE},
    "assess": {ActKind.ASSESS},
    "review": {ActKind.REVIEW, ActKind.REVIEW_SENT},
    "discharge": {ActKind.DISCHARGE},
    "assign": {ActKind.ASSIGN},
    "admit": {ActKind.ADMIT},
    "state": {ActKind.STATE},
    "attest": {ActKind.ATTEST},
    "close": {ActKind.CLOSE},
    "reopen": {ActKind.REOPEN},
    "submitted": {ActKind.SUBMIT},
    "unsubmitted": {ActKind.UNSUBMIT},
    "overpaid": {ActKind.OVERPAID},
    "merge": {ActKind.MERGE},
    "unmerge": {ActKind.UNMERGE},
    "roles": {ActKind.MEMBERSHIP},
    "members": {ActKind.MEMBERSHIP},
    "settings": {ActKind.SETTING},
}


def test_every_command_stores_nothing_or_is_an_act() -> None:
    """A new command says here what it does to what is stored, and its act has a row in the table of ways."""
    names = {grammar.FORM, *(command.name for command in grammar.COMMANDS)}
    assert names == READ_ONLY | STORING.keys()
    assert all(kinds <= WAYS.keys() for kinds in STORING.values())


@pytest.fixture
async def clinic(database: Database) -> AsyncIterator[Clinic]:
    async with clinic_at_work(database) as at_work:
        await at_work.program.practice.write(people_of_the_practice)
        yield at_work


def people_of_the_practice(context: Context) -> None:
    """Ana manages care, Ben is the consultant, Sam bills."""
    roles = {ANA: MemberRole.CARE_MANAGER, BEN: MemberRole.CONSULTANT, SAM: MemberRole.BILLER}
    names = {ANA: "Ana Flores", BEN: "Ben Okoro", SAM: "Sam Whitfield"}
    for user, role in roles.items():
        context.uow.members.add(slack_user_id=user, display_name=names[user], roles=frozenset({role}))
    context.uow.commit()


async def test_undo_put_it_back_and_undo_again(clinic: Clinic) -> None:
    """Each answer replaces the one whose button was pressed, and carries the way back from itself."""
    ana = clinic.slack.person(ANA)
    await ana.command("/cocm enroll MRN123")
    await ana.command("/cocm discharge MRN123 moved away")
    (undone,) = await ana.command("/cocm undo")
    assert "*Undone: the discharge.* `/cocm history MRN123` shows what it was." in words(undone)
    assert "MRN123 · discharge: none (was today: moved away)" in words(undone)
    assert "MRN" not in undone.text
    assert undone.ephemeral_to == ANA
    await ana.click(undone, "Put it back")
    back = await ana.sees("Put back: the discharge")
    await ana.click(back, "Undo")
    again = await ana.sees("Undone: the discharge")
    assert "Put it back" in words(again)
    (seen,) = await ana.command("/cocm history MRN123")
    assert words(seen).count("discharge:") == 4


async def test_a_second_undo_asks_and_its_buttons_answer(clinic: Clinic) -> None:
    """Nothing more goes until the button is pressed; the other one puts back what went."""
    ana = clinic.slack.person(ANA)
    await ana.command("/cocm 15m MRN123 call")
    await ana.command("/cocm 20m MRN98765 chart review")
    await ana.command("/cocm undo")
    (asked,) = await ana.command("/cocm undo")
    said = words(asked)
    assert "Take back the time logged before that, too?" in said
    assert "15 min for MRN123" in said
    assert "MRN" not in asked.text
    await ana.click(asked, "Undo that, too")
    gone = await ana.sees("15 min for MRN123")
    assert "Put it back" in words(gone)
    (today,) = await ana.command("/cocm today")
    assert "e-" not in words(today)
    (asked_again,) = await ana.command("/cocm undo")
    assert "nothing in the last 24 hours" in words(asked_again)


async def test_the_first_can_be_put_back_instead(clinic: Clinic) -> None:
    """Whoever pressed undo twice by mistake has the first undone thing back with one tap."""
    ana = clinic.slack.person(ANA)
    await ana.command("/cocm 15m MRN123 call")
    await ana.command("/cocm 20m MRN98765 chart review")
    await ana.command("/cocm undo")
    (asked,) = await ana.command("/cocm undo")
    await ana.click(asked, "Put it back instead")
    back = await ana.sees("Back: 20 min for MRN98765")
    assert "Undo" in words(back)


@pytest.mark.parametrize(
    ("prepared", "line", "undone"),
    [
        ((), "enroll MRN123 payer Cedar", "enrollment: none (was CoCM since today)"),
        (("enroll MRN123",), "consent MRN123 verbal", "consent: none (was verbal, today)"),
        (("enroll MRN123",), "assess MRN123 PHQ-9 14", "score: PHQ-9 14, today, no longer on file"),
        (("enroll MRN123",), "admit MRN123 today", "facility stay: since today, no longer on file"),
        (("15m MRN123 call",), "edit e-24 10m", "`e-24` is again 15 min for MRN123"),
        (("15m MRN123 call",), "void e-24 wrong", "Back: 15 min for MRN123"),
        (
            ("15m MRN123 call", "5m MRN98765 call"),
            "split e-24 10m MRN123 / 5m MRN98765",
            "Back: 15 min for MRN123",
        ),
    ],
)
async def test_receipts_carry_their_undo(
    clinic: Clinic, prepared: tuple[str, ...], line: str, undone: str
) -> None:
    """The button of each receipt takes back that act, as the word does."""
    ana = clinic.slack.person(ANA)
    for earlier in prepared:
        await ana.command(f"/cocm {earlier}")
    (receipt,) = await ana.command(f"/cocm {line}")
    await ana.click(receipt, "Undo")
    await ana.sees(undone)


async def test_reminders_are_undone(clinic: Clinic) -> None:
    """What was chosen before holds again, and is said."""
    ana = clinic.slack.person(ANA)
    await ana.command("/cocm remind 7:15")
    (undone,) = await ana.command("/cocm undo")
    assert "morning messages: none (was 7:15 am)" in words(undone)


async def test_what_somebody_else_changed_is_said(clinic: Clinic) -> None:
    """The answer names who, and the entry to look at; the receipt stays."""
    ana = clinic.slack.person(ANA)
    (receipt,) = await ana.command("/cocm 15m MRN123 call")

    def correct(context: Context) -> None:
        ben = context.uow.members.by_slack_id(BEN)
        assert ben is not None
        context.uow.ledger.correct(
            1, 1, {"seconds": 600}, by=ben.member_id, at=context.now, reason="was less"
        )
        context.uow.commit()

    await clinic.program.practice.write(correct)
    (refused,) = await ana.command("/cocm undo")
    assert "Ben Okoro changed `e-24`" in words(refused)
    assert "Nothing was changed" in words(refused)
    await ana.click(receipt, "Undo")
    await ana.sees("Ben Okoro changed")


async def test_an_answer_that_slack_takes_nowhere_comes_as_a_message(clinic: Clinic) -> None:
    """What a click did is told, also where the place for its answer is gone."""
    ana = clinic.slack.person(ANA)
    (receipt,) = await ana.command("/cocm 15m MRN123 call")
    outbound = clinic.slack.sandbox._outbound
    deliver = outbound.deliver

    async def placeless(kind: Any, payload: dict[str, Any], **more: Any) -> Any:
        clinic.slack.world.response_urls.clear()
        return await deliver(kind, payload, **more)

    outbound.deliver = placeless  # type: ignore[method-assign]
    await ana.click(receipt, "Undo")
    told = await ana.sees("Undone")
    assert (told.channel, told.ephemeral_to) == (ana.dm, None)
