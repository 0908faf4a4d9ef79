"""Whoever's entry or patient somebody else touched is told once, through the outbox and a real direct message."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import date
from typing import Any

from billing.people import Member, MemberRole
from cocm.delivering import Outgoing
from cocm.wiring import open_program
from sandbox.model import Message
from services.acts import undo
from services.care import carry_out, enrollment
from services.care.receipts import CareReceipt
from services.care.requests import Assign, Discharge
from services.context import Context
from services.entries import amend, log, void
from services.entries.changes import EntryEdit
from services.entries.receipts import Receipt
from services.people.patient_ref import PatientRef
from storage import Database
from tests.support.bot import ANA, BEN, SAM, clinic_with_bot, settings_for
from tests.support.caseloads import in_care
from tests.support.practice import TryPractice, asked, draft
from tests.support.slack import LocalSlack, running_slack, words

MRN = PatientRef(text="MRN123", identity="123")


class Scene:
    """Ana manages care, Sam supervises, Ben is another care manager; the outbox is ticked by hand."""

    def __init__(self, practice: TryPractice, slack: LocalSlack, outgoing: Outgoing) -> None:
        self.practice, self._slack, self._outgoing = practice, slack, outgoing
        self.ana = practice.member("Ana Flores", slack=ANA)
        self.ben = practice.member("Ben Okoro", slack=BEN)
        self.sam = practice.member("Sam Whitfield", MemberRole.SUPERVISOR, slack=SAM)
        in_care(practice, self.ana, "123")
        in_care(practice, self.ana, "124")

    def logged(self, minutes: int = 15, *, by: Member | None = None, **more: object) -> Receipt:
        made = self.practice.do(log.log, by or self.ana, draft(asked(minutes=minutes, **more)))
        assert isinstance(made, Receipt)
        return made

    async def told(self, user: str = ANA, *, after: float = 6) -> list[Message]:
        """What somebody has been told once so many minutes have passed."""
        self.practice.clock.pass_(minutes=after)
        await self._outgoing.planner.plan()
        await self._outgoing.sender.drain(60)
        found = self._slack.person(user).messages()
        return [each for each in found if each.text.startswith("Somebody else changed")]


@asynccontextmanager
async def scene(database: Database) -> AsyncIterator[Scene]:
    async with running_slack(clinic_with_bot()) as slack:
        practice = TryPractice(database)
        program = await open_program(settings_for(slack), database, clock=practice.clock)
        yield Scene(practice, slack, Outgoing(program))
        assert slack.world.violations == []


def entry_of(made: Receipt) -> int:
    return made.entries[0].entry.entry_id


async def test_a_change_by_another_is_told_once_with_before_after_and_why(database: Database) -> None:
    """Who, what, the reason; nothing that names a patient in the notification, and nothing a second time."""
    async with scene(database) as at:
        entry_id = entry_of(at.logged(15))
        at.practice.do(
            amend.edit, at.sam, EntryEdit(entry_id=entry_id, seconds=600, reason="counted the hold music")
        )
        assert await at.told(after=4) == []
        (message,) = await at.told(after=2)
        said = words(message).replace("*", "")
        assert "Sam Whitfield changed your entry: 15 min → 10 min for MRN123 · phone · today" in said
        assert "Reason: counted the hold music" in said
        assert "MRN" not in message.text
        assert len(await at.told(after=60)) == 1
        assert await at.told(SAM) == []


async def test_several_changes_within_five_minutes_make_one_message(database: Database) -> None:
    """An edit, a void and an entry written for somebody; what comes later makes another."""
    async with scene(database) as at:
        first, second = entry_of(at.logged(15)), entry_of(at.logged(20))
        at.practice.do(amend.edit, at.sam, EntryEdit(entry_id=first, seconds=600, reason="hold"))
        at.practice.clock.pass_(minutes=2)
        at.practice.do(void.void, at.sam, second, "logged twice")
        at.practice.clock.pass_(minutes=2)
        at.logged(25, by=at.sam, performed_by="Ana Flores")
        (message,) = await at.told()
        said = words(message).replace("*", "")
        assert "changed your entry: 15 min → 10 min" in said
        assert "Sam Whitfield voided your entry: 20 min · MRN123" in said
        assert "Reason: logged twice" in said
        assert "Sam Whitfield wrote an entry for you: 25 min · MRN123" in said
        at.practice.do(void.void, at.sam, first, "not hers")
        assert len(await at.told()) == 2


async def test_what_people_do_themselves_is_not_told_them(database: Database) -> None:
    """One's own entries and edits; nor is the other told of an entry that was undone again at once."""
    async with scene(database) as at:
        entry_id = entry_of(at.logged(15))
        at.practice.do(amend.edit, at.ana, EntryEdit(entry_id=entry_id, seconds=600))
        made = at.logged(25, by=at.sam, performed_by="Ben Okoro")
        at.practice.do(undo.undo_receipt, at.sam, made.receipt_id)
        assert await at.told(ANA) == []
        assert await at.told(SAM) == []
        assert await at.told(BEN) == []


async def test_whose_patient_is_taken_is_told_by_whom_and_why(database: Database) -> None:
    """Assigned to another, and discharged; neither when they did it themselves."""
    async with scene(database) as at:
        given = Assign(patient=MRN, care_manager="Ben Okoro")
        gone = Discharge(
            patient=PatientRef(text="MRN124", identity="124"), on=date(2026, 11, 18), reason="moved away"
        )
        at.practice.do(_kept(enrollment.assign), at.sam, given)
        at.practice.do(_kept(enrollment.discharge), at.sam, gone)
        (message,) = await at.told()
        said = words(message).replace("*", "")
        assert "Sam Whitfield assigned MRN123 to Ben Okoro" in said
        assert "Sam Whitfield discharged MRN124, your patient, as of today" in said
        assert "Reason: moved away" in said
        at.practice.do(_kept(enrollment.assign), at.ben, Assign(patient=MRN, care_manager="Ana Flores"))
        assert await at.told(BEN) == []


async def test_what_was_undone_within_the_five_minutes_is_not_told(database: Database) -> None:
    """A void, a discharge and an assignment taken back at once are no news; what stands is told as it came out."""
    async with scene(database) as at:
        first, second = entry_of(at.logged(15)), entry_of(at.logged(20))
        at.practice.do(void.void, at.sam, first, "logged twice")
        at.practice.do(undo.undo_last, at.sam)
        gone = Discharge(patient=MRN, on=date(2026, 11, 18), reason="moved away")
        for request in (gone, Assign(patient=MRN, care_manager="Ben Okoro")):
            made = at.practice.do(carry_out.carry_out, at.sam, request)
            assert isinstance(made, CareReceipt)
            assert made.act_id is not None
            at.practice.do(undo.undo_act, at.sam, made.act_id)
        at.practice.clock.pass_(minutes=1)
        at.practice.do(amend.edit, at.sam, EntryEdit(entry_id=second, seconds=900, reason="hold"))
        at.practice.do(amend.edit, at.sam, EntryEdit(entry_id=second, seconds=600, reason="no, more hold"))
        (message,) = await at.told()
        said = words(message).replace("*", "")
        assert said.count("Sam Whitfield") == 1
        assert "changed your entry: 20 min → 10 min for MRN123" in said
        assert "Reason: no, more hold" in said


async def test_what_was_put_back_is_told_as_what_it_is(database: Database) -> None:
    """A void that was told and is undone later is told as an entry that counts again."""
    async with scene(database) as at:
        entry_id = entry_of(at.logged(15))
        voided = at.practice.do(void.void, at.sam, entry_id, "logged twice")
        assert "voided your entry" in words((await at.told())[-1])
        assert voided.act_id is not None
        back = at.practice.do(undo.undo_act, at.sam, voided.act_id)
        found = await at.told()
        said = words(found[-1]).replace("*", "")
        assert len(found) == 2
        assert "Sam Whitfield put your entry back: 15 min · MRN123" in said
        assert "It is counted again." in said
        at.practice.do(undo.put_back, at.sam, back.act_id)
        assert "voided your entry" in words((await at.told())[-1])


def _kept(use_case: Callable[[Context, Member, Any], object]) -> Callable[[Context, Member, Any], None]:
    def run(context: Context, actor: Member, asked_for: Any) -> None:
        use_case(context, actor, asked_for)
        context.uow.commit()

    return run
