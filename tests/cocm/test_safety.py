"""A positive answer about suicide reaches the patient's own people at once, once, and until one of them has seen it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, timedelta
from typing import Any

from billing.clinical import Scale
from billing.people import MemberRole, Patient
from bot.grammar import Limits, ParseContext, parse
from bot.grammar.commands.remind import RemindArguments
from cocm.delivering import Outgoing
from cocm.wiring import open_program
from sandbox.blocks import message_problems
from sandbox.model import Message
from services.acts import undo
from services.care.carry_out import carry_out
from services.care.receipts import Assessed, CareReceipt
from services.care.requests import Assess, Measured
from services.care.safety import unseen
from services.messages import choices
from services.people.patient_ref import PatientRef
from storage import Database
from tests.support.bot import ANA, BEN, SAM, answering_in_time, clinic_with_bot, settings_for
from tests.support.caseloads import in_care
from tests.support.practice import TryPractice
from tests.support.slack import LocalSlack, running_slack, words

MRN = PatientRef(text="MRN123", identity="123")
TODAY = date(2026, 11, 18)


class Scene:
    """Ana manages the care of MRN123, Ben is the consultant, Sam the treating provider; all are in Slack."""

    def __init__(self, practice: TryPractice, slack: LocalSlack, outgoing: Outgoing) -> None:
        self.practice, self.slack, self.outgoing = practice, slack, outgoing
        self.ana = practice.member("Ana Flores", slack=ANA)
        self.ben = practice.member("Ben Okoro", MemberRole.CONSULTANT, slack=BEN)
        self.sam = practice.member("Sam Whitfield", MemberRole.TREATING_PROVIDER, slack=SAM)
        self.patient: Patient = in_care(practice, self.ana, "123")

    def assess(self, *scores: Measured, by: Any = None, on: date = TODAY) -> CareReceipt:
        made = self.practice.do(carry_out, by or self.ana, Assess(patient=MRN, on=on, scores=scores))
        assert isinstance(made, CareReceipt)
        return made

    def is_unseen(self) -> bool:
        return bool(self.practice.see(unseen, (self.patient.patient_id,)))

    async def sent(self, user: str, *, after: float = 1) -> list[Message]:
        """The safety notices that somebody has once a minute has passed."""
        self.practice.clock.pass_(minutes=after)
        await self.outgoing.planner.plan()
        await self.outgoing.sender.drain(60)
        found = [one for one in self.slack.person(user).messages() if one.text.startswith("A safety notice")]
        assert all(message_problems(one.blocks) == [] for one in found)
        return found


@asynccontextmanager
async def scene(database: Database) -> AsyncIterator[Scene]:
    async with running_slack(clinic_with_bot()) as slack:
        practice = TryPractice(database)
        program = await open_program(settings_for(slack), database, clock=practice.clock)
        detach = await slack.attach(program.app)
        try:
            with answering_in_time():
                yield Scene(practice, slack, Outgoing(program))
            await program.bot.background.drain()
        finally:
            detach()
        assert slack.world.violations == []


def phq(total: int, item: int | None) -> Measured:
    return Measured(scale=Scale.PHQ9, value=total, answer=item)


async def test_a_positive_item_goes_to_the_others_within_a_minute_and_once(database: Database) -> None:
    """To the consultant and the treating provider, not to whoever wrote it, never to a channel; nobody is named in
    the notification."""
    async with scene(database) as at:
        made = at.assess(phq(14, 2))
        assert isinstance(made.outcome, Assessed)
        assert made.outcome.circle is not None
        for user in (BEN, SAM):
            (message,) = await at.sent(user)
            said = words(message).replace("*", "")
            assert "MRN123 · PHQ-9 item 9: 2 of 3 (more than half the days)" in said
            assert "PHQ-9 14, measured today. Recorded by Ana Flores, today at 10:00 am." in said
            assert "988" in said
            assert "MRN" not in message.text
        assert await at.sent(ANA) == []
        assert len(await at.sent(BEN, after=60)) == 1
        for channel in ("C0GENERAL", "C0BILLING"):
            assert at.slack.person(SAM).messages(channel) == []


async def test_neither_snooze_nor_quiet_hours_nor_off_holds_it_back(database: Database) -> None:
    """Whatever Ben chose about messages, and the practice about everybody's."""
    async with scene(database) as at:
        for typed in ("remind quiet 1am-11pm", "remind snooze 4h", "remind off"):
            context = ParseContext(
                now=at.practice.clock.now(),
                zone=at.practice.settings.zone,
                roster=frozenset(),
                limits=Limits(backdate_days=62, max_entry_seconds=8 * 3600),
                mrn_pattern=None,
            )
            parsed = parse(typed, context)
            assert isinstance(parsed.arguments, RemindArguments), typed
            at.practice.do(choices.carry_out, at.ben, parsed.arguments.request)
        at.assess(phq(14, 3))
        assert len(await at.sent(BEN)) == 1


async def test_one_persons_seen_is_shown_to_all_and_can_be_undone(database: Database) -> None:
    """[Seen] is replaced with who and when in everybody's message; its undo brings it back."""
    async with scene(database) as at:
        at.assess(phq(14, 2))
        (message,) = await at.sent(BEN)
        await at.sent(SAM)
        assert at.is_unseen()
        ben, sam = at.slack.person(BEN), at.slack.person(SAM)
        await ben.click(message, "Seen")
        assert "Seen by you, today at 10:0" in words(await ben.sees("Seen by you")).replace("*", "")
        await sam.sees("Seen by Ben Okoro")
        assert not at.is_unseen()
        await ben.click(await ben.sees("Seen by you"), "Undo")
        await at.slack.until(lambda: "Seen by" not in words((ben.messages())[-1]), "the button again")
        assert at.is_unseen()


async def test_a_corrected_answer_is_sent_and_a_zero_takes_it_back(database: Database) -> None:
    """1 becomes 3: sent with what it was. Then it is 0: whoever was sent it is sent word of that."""
    async with scene(database) as at:
        at.assess(phq(14, 1))
        await at.sent(BEN)
        at.assess(phq(14, 3))
        found = await at.sent(BEN)
        assert len(found) == 2
        assert "Before the correction: item 9: 1 of 3 (several days)" in words(found[-1])
        at.assess(phq(14, 0))
        found = await at.sent(BEN)
        assert len(found) == 3
        assert "corrected: PHQ-9 item 9: 3 of 3" in words(found[-1])
        assert "On file now for today: PHQ-9 14, item 9: 0 of 3 (not at all)" in words(found[-1])
        assert not at.is_unseen()


async def test_a_corrected_total_keeps_the_answer_and_sends_nothing_again(database: Database) -> None:
    """The total alone is no news; what was seen stays seen."""
    async with scene(database) as at:
        at.assess(phq(14, 2))
        await at.sent(BEN)
        at.assess(phq(15, None))
        assert len(await at.sent(BEN)) == 1
        assert at.is_unseen()
        (message,) = await at.sent(BEN)
        await at.slack.person(BEN).click(message, "Seen")
        await at.slack.until(lambda: not at.is_unseen(), "seen")
        at.assess(phq(16, None))
        assert not at.is_unseen()


async def test_an_undo_takes_it_back_and_putting_back_sends_it_again(database: Database) -> None:
    """Also when somebody has seen it: the mark goes with the score, and is to be made again."""
    async with scene(database) as at:
        at.assess(phq(14, 2))
        (message,) = await at.sent(BEN)
        await at.slack.person(BEN).click(message, "Seen")
        await at.slack.until(lambda: not at.is_unseen(), "seen")
        gone = at.practice.do(undo.undo_last, at.ana)
        assert not at.is_unseen()
        found = await at.sent(BEN)
        assert "Ana Flores took it back" in words(found[-1])
        at.practice.do(undo.put_back, at.ana, gone.act_id)
        assert at.is_unseen()
        found = await at.sent(BEN)
        assert "MRN123 · PHQ-9 item 9: 2 of 3" in words(found[-1])
        assert "is on file again since today" in words(found[-1])


async def test_what_was_undone_before_anybody_was_sent_it_is_never_sent(database: Database) -> None:
    """Nobody was sent the answer, so nobody is sent that it was taken back."""
    async with scene(database) as at:
        at.assess(phq(14, 2))
        at.practice.clock.pass_(seconds=5)
        at.practice.do(undo.undo_last, at.ana)
        assert await at.sent(BEN) == []


async def test_two_answers_of_one_assessment_make_one_message(database: Database) -> None:
    """A PHQ-9 and a C-SSRS, each with its button."""
    async with scene(database) as at:
        at.assess(phq(14, 2), Measured(scale=Scale.CSSRS, value=4, answer=4))
        (message,) = await at.sent(SAM)
        said = words(message)
        assert "PHQ-9 item 9: 2 of 3" in said
        assert "C-SSRS question 4 of 6 (suicidal thoughts with some intent to act)" in said
        await at.slack.person(SAM).click(message, "seen_signal_1")
        await at.slack.until(lambda: not at.is_unseen(), "both are seen with the newer")


async def test_zero_is_no_news(database: Database) -> None:
    """Nor is an answer that nobody said."""
    async with scene(database) as at:
        for made in (at.assess(phq(14, 0)), at.assess(phq(13, None), on=TODAY - timedelta(days=7))):
            assert isinstance(made.outcome, Assessed)
            assert made.outcome.circle is None
        assert await at.sent(BEN) == []
