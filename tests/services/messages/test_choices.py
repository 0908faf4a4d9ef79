"""What a member decides about reminders, and how the scheduler sees it."""

from dataclasses import replace
from datetime import time, timedelta
from typing import Any

import pytest

from billing.months import BillingMonth
from billing.people import Member, MemberRole
from services.care import set_aside
from services.context import Context
from services.errors import NotAllowed, UnknownPatient
from services.messages import choices
from services.messages.audience import Person, QuietHours
from services.messages.choices import PartHasNoTime, ReminderStanding
from services.messages.deliveries import BILLING, DueDelivery, deliveries_for, random_id
from services.messages.kinds import CALENDAR, DIGEST, MORNING
from services.messages.requests import ReminderRequest
from services.messages.revisions import close_month
from services.messages.store import audience, put_in
from services.messages.wanted import time_of
from services.months.close import reopen_month
from storage import Database
from storage.reminders import ReminderChoice
from tests.support.caseloads import in_care
from tests.support.practice import NOW, TryPractice

AFTERNOON = frozenset({"missing_entries"})


@pytest.fixture
def practice(database: Database) -> TryPractice:
    return TryPractice(database)


def person(practice: TryPractice) -> Person:
    """The only member, as the scheduler sees them."""
    (found,) = practice.see(audience).people
    return found


def standing(practice: TryPractice, member: Member, *, of_practice: bool = False) -> ReminderStanding:
    """What is set."""
    return practice.see(choices.standing, member, ReminderRequest(for_practice=of_practice))


def choose(practice: TryPractice, member: Member, **wanted: Any) -> ReminderStanding:
    """Change one thing."""
    return practice.do(choices.carry_out, member, ReminderRequest(**wanted))


def times(found: ReminderStanding) -> dict[str, str]:
    """What comes when, as `digest: 08:30`; what is off is left out."""
    return {one.kind.name: f"{one.at:%H:%M}" for one in found.kinds if one.is_on}


def test_nothing_chosen_is_half_past_eight(practice: TryPractice) -> None:
    """A new care manager is reminded in the morning, and at four."""
    ana = practice.member()
    found = standing(practice, ana)
    assert times(found) == {"digest": "08:30", "missing_entries": "16:00"}
    assert [one.heading.name for one in found.kinds[0].headings] == ["digest", "audit", "true_up", "pace"]
    assert (found.snoozed_until, found.quiet) == (None, None)
    assert (person(practice).digest_at, person(practice).off) == (None, frozenset())


def test_a_time_is_kept_and_switches_on(practice: TryPractice) -> None:
    """Choosing a time after switching everything off means on, at that time."""
    ana = practice.member()
    assert times(choose(practice, ana, on=False)) == {}
    assert person(practice).off == choices.PERSONAL
    found = choose(practice, ana, at=time(7, 15))
    assert times(found)["digest"] == "07:15"
    assert (person(practice).digest_at, person(practice).off) == (time(7, 15), frozenset())


def test_a_time_for_the_morning_leaves_another_message_off(practice: TryPractice) -> None:
    """Whoever silenced the afternoon does not get it back with a new morning."""
    ana = practice.member()
    choose(practice, ana, kinds=AFTERNOON, on=False)
    assert times(choose(practice, ana, at=time(7))) == {"digest": "07:00"}


def test_the_digest_s_time_is_the_whole_message_s(practice: TryPractice) -> None:
    """There is one message a morning, whatever it is called; a time stored for the digest alone gives way to it."""
    ana = practice.member()
    store(practice, ana, times={"digest": time(7), "true_up": time(6)})
    assert times(standing(practice, ana))["digest"] == "07:00"
    found = choose(practice, ana, kinds=frozenset({"digest"}), at=time(9))
    assert times(found) == {"digest": "09:00", "missing_entries": "16:00"}
    assert (person(practice).digest_at, person(practice).times) == (time(9), {})


def test_a_part_has_no_time_of_its_own(practice: TryPractice) -> None:
    """It comes with the message; the refusal says what can be done instead."""
    ana = practice.member()
    with pytest.raises(PartHasNoTime, match=r"`/cocm remind true-up list off`"):
        choose(practice, ana, kinds=frozenset({"true_up"}), at=time(7))
    with pytest.raises(PartHasNoTime, match=r"`/cocm remind practice 07:00`"):
        choose(practice, ana, for_practice=True, kinds=frozenset({"audit"}), at=time(7))
    assert person(practice).times == {}


def test_a_part_that_was_left_out_stays_out_when_the_message_moves(practice: TryPractice) -> None:
    """Only a message that is off as a whole is switched on by a time."""
    ana = practice.member()
    found = choose(practice, ana, kinds=frozenset({"audit"}), on=False)
    assert times(found)["digest"] == "08:30"
    assert left_out(found) == {"audit"}
    found = choose(practice, ana, at=time(7))
    assert (times(found)["digest"], left_out(found)) == ("07:00", {"audit"})
    choose(practice, ana, kinds=MORNING, on=False)
    assert "digest" not in times(standing(practice, ana))
    found = choose(practice, ana, at=time(8))
    assert (times(found)["digest"], left_out(found)) == ("08:00", set())


def left_out(found: ReminderStanding) -> set[str]:
    """The parts of the morning message that are left out."""
    return {one.heading.name for one in found.kinds[0].headings if not one.is_on}


@pytest.mark.parametrize(
    ("off", "stored", "expected"),
    [
        # Whoever left out the weekly look gets the message at its usual time, without that part.
        ({"audit"}, {}, "08:30"),
        # Of several stored times, the digest's is the message's.
        (set(), {"digest": time(9), "audit": time(10), "true_up": time(7)}, "09:00"),
        # A time for a part alone moved that part alone; the message comes when the digest came.
        (set(), {"true_up": time(7)}, "08:30"),
        # Whoever left out the digest goes on to get the rest, at the time of its first part.
        ({"digest"}, {"audit": time(10), "true_up": time(7)}, "10:00"),
        ({"digest", "audit"}, {"audit": time(10), "true_up": time(7)}, "07:00"),
        # All parts were left out, so that no message comes.
        ({"digest", "audit", "true_up"}, {}, None),
        ({"digest", "audit", "audit_summary", "true_up", "missing_entries"}, {}, None),
    ],
)
def test_choices_of_earlier_versions_carry_over(
    practice: TryPractice, off: set[str], stored: dict[str, time], expected: str | None
) -> None:
    """They were made about messages that are parts of one now."""
    ana = practice.member()
    store(practice, ana, off=frozenset(off), times=stored)
    found = standing(practice, ana)
    assert times(found).get("digest") == expected
    if expected is not None:
        assert left_out(found) == off
    who, clinic = person(practice), practice.see(audience).practice
    assert DIGEST.is_off(who.off, who.roles) == (expected is None)
    if expected is not None:
        assert f"{time_of(who, DIGEST, CALENDAR[DIGEST], clinic):%H:%M}" == expected


def test_a_supervisor_s_stored_time_of_the_summary_is_their_message_s(practice: TryPractice) -> None:
    """The summary was all that they were sent."""
    boss = practice.member("Bea Boss", MemberRole.SUPERVISOR)
    store(practice, boss, times={"audit_summary": time(10)})
    assert times(standing(practice, boss))["digest"] == "10:00"


def store(practice: TryPractice, member: Member, **choice: Any) -> None:
    """Keep a choice as an earlier version did."""

    def put(context: Context) -> None:
        context.uow.reminder_choices.put(member.member_id, ReminderChoice(**choice))
        context.uow.commit()

    practice.do(put)


def test_an_administrator_by_setting_does_not_become_one_on_record(practice: TryPractice) -> None:
    """Choosing a time stores the time, and no role that only the settings give."""
    ana = practice.member()
    choose(practice, replace(ana, roles=ana.roles | {MemberRole.ADMIN}), at=time(7))
    assert person(practice).roles == {MemberRole.CARE_MANAGER}


def test_off_and_on_keep_the_time(practice: TryPractice) -> None:
    """Switching back on remembers when."""
    ana = practice.member()
    choose(practice, ana, at=time(7))
    assert times(choose(practice, ana, on=False)) == {}
    assert times(choose(practice, ana, on=True))["digest"] == "07:00"
    assert person(practice).digest_at == time(7)


def test_a_snooze_ends_by_itself(practice: TryPractice) -> None:
    """Put off for an hour, and then as before."""
    ana = practice.member()
    until = choose(practice, ana, snooze_seconds=3600).snoozed_until
    assert until == NOW + timedelta(hours=1)
    assert person(practice).snoozed_until == until
    practice.clock.pass_(minutes=61)
    assert standing(practice, ana).snoozed_until is None


@pytest.mark.parametrize("how", [{"snooze_seconds": 0}, {"on": True}])
def test_a_snooze_can_be_ended(practice: TryPractice, how: dict[str, Any]) -> None:
    """By saying so, or by switching everything on; for the practice likewise."""
    ana, sam = practice.member(), practice.member("Sam Whitfield", MemberRole.ADMIN)
    choose(practice, ana, snooze_seconds=86_400)
    choose(practice, sam, for_practice=True, snooze_seconds=86_400)
    assert choose(practice, sam, for_practice=True, **how).snoozed_until is None
    assert choose(practice, ana, **how).snoozed_until is None
    assert practice.see(audience).practice.snoozed_until is None


def test_quiet_hours_are_one_s_own_or_the_practice_s(practice: TryPractice) -> None:
    """One's own go before those for everybody; ended, those for everybody hold again."""
    ana, sam = practice.member(), practice.member("Sam Whitfield", MemberRole.ADMIN)
    night, lunch = QuietHours(start=time(18), end=time(7)), QuietHours(start=time(12), end=time(13))
    choose(practice, sam, for_practice=True, quiet=night)
    assert standing(practice, ana).quiet == night
    assert choose(practice, ana, quiet=lunch).quiet == lunch
    found = practice.see(audience)
    assert found.practice.quiet == night
    assert {one.member_id: one.quiet for one in found.people} == {ana.member_id: lunch, sam.member_id: None}
    assert choose(practice, ana, quiet=QuietHours(start=time(0), end=time(0))).quiet == night


def test_an_administrator_moves_what_is_for_all(practice: TryPractice) -> None:
    """The month end earlier, the preview never, the digest at nine for those who chose nothing; on file."""
    ana, ben = practice.member(), practice.member("Ben Okafor")
    sam = practice.member("Sam Whitfield", MemberRole.ADMIN)
    choose(practice, ben, at=time(7))
    choose(practice, sam, kinds=frozenset({"month_end"}), at=time(7))
    choose(practice, sam, kinds=frozenset({"preview"}), on=False)
    found = choose(practice, sam, for_practice=True, kinds=frozenset({"digest"}), at=time(9))
    assert times(found) == {
        "digest": "09:00",
        "missing_entries": "16:00",
        "month_end": "07:00",
        "close_reminder": "09:00",
    }
    assert (times(standing(practice, ana))["digest"], times(standing(practice, ben))["digest"]) == (
        "09:00",
        "07:00",
    )
    clinic = practice.see(audience).practice
    assert clinic.times == {"month_end": time(7), "digest": time(9)}
    assert clinic.off == {"preview"}
    assert practice.see(lambda context: context.uow.chain.findings()) == ()


def test_what_is_off_for_all_is_off_for_each(practice: TryPractice) -> None:
    """A member sees it as off, whatever they chose; switched on again, their own choice holds."""
    ana, sam = practice.member(), practice.member("Sam Whitfield", MemberRole.ADMIN)
    choose(practice, sam, for_practice=True, kinds=AFTERNOON, on=False)
    assert "missing_entries" not in times(standing(practice, ana))
    found = choose(practice, ana, kinds=AFTERNOON, on=True)
    assert [one.kind.name for one in found.kinds if one.is_off_for_all] == ["missing_entries"]
    choose(practice, sam, for_practice=True, on=True)
    assert times(standing(practice, ana))["missing_entries"] == "16:00"


def test_the_practice_can_be_put_off_as_a_whole(practice: TryPractice) -> None:
    """Nobody is owed anything until then, and everybody can see why."""
    ana, sam = practice.member(), practice.member("Sam Whitfield", MemberRole.ADMIN)
    until = choose(practice, sam, for_practice=True, snooze_seconds=86_400).snoozed_until
    assert until == NOW + timedelta(days=1)
    assert practice.see(audience).practice.snoozed_until == until
    assert standing(practice, ana).snoozed_until == until


@pytest.mark.parametrize(
    "wanted",
    [
        {"for_practice": True, "at": time(7)},
        {"kinds": frozenset({"month_end"}), "on": False},
        {"for_practice": True, "snooze_seconds": 3600},
    ],
)
def test_others_change_nothing_for_all(practice: TryPractice, wanted: dict[str, Any]) -> None:
    """A supervisor is refused like anybody; how things stand may be asked by all."""
    boss = practice.member("Ben Okafor", MemberRole.SUPERVISOR)
    before = standing(practice, boss, of_practice=True)
    with pytest.raises(NotAllowed, match="Only an administrator"):
        choose(practice, boss, **wanted)
    assert standing(practice, boss, of_practice=True) == before


def test_what_does_not_come_to_somebody_cannot_be_set_by_them(practice: TryPractice) -> None:
    """A biller has no morning message, a care manager's has no weekly summary; a supervisor may move theirs."""
    biller = practice.member("Bea", MemberRole.BILLER)
    assert standing(practice, biller).kinds == ()
    with pytest.raises(NotAllowed, match="does not come to you"):
        choose(practice, biller, kinds=frozenset({"digest"}), at=time(9))
    with pytest.raises(NotAllowed, match="You do not get a morning message"):
        choose(practice, biller, at=time(10))
    boss = practice.member("Ben Okafor", MemberRole.SUPERVISOR)
    assert times(choose(practice, boss, at=time(10))) == {"digest": "10:00"}
    with pytest.raises(NotAllowed):
        choose(practice, practice.member(), kinds=frozenset({"audit_summary"}), on=False)


def test_setting_a_patient_aside_is_on_record(practice: TryPractice) -> None:
    """Who said so, of whom, for which month; an unknown handle changes nothing."""
    ana = practice.member()
    patient = in_care(practice, ana, "1")
    november = BillingMonth(2026, 11)
    assert practice.do(set_aside.set_aside, ana, patient.handle, november) == patient
    assert practice.see(_aside, november) == {patient.patient_id}
    assert practice.do(set_aside.name_again, ana, patient.handle, november) == patient
    assert practice.see(_aside, november) == frozenset()
    for change in (set_aside.set_aside, set_aside.name_again):
        with pytest.raises(UnknownPatient):
            practice.do(change, ana, "P-0000", november)
    assert practice.see(lambda context: context.uow.chain.findings()) == ()


def _aside(context: Any, month: BillingMonth) -> frozenset[int]:
    return context.uow.set_aside.of(month)  # type: ignore[no-any-return]


def test_a_month_closed_again_owes_a_revision_once(practice: TryPractice) -> None:
    """The close and its post are one transaction; a practice without channel owes nothing."""
    biller = practice.member("Bea", MemberRole.BILLER)
    october = BillingMonth(2026, 10)
    practice.do(close_month, biller, october)
    for channel in (False, True):
        practice.set(has_billing_channel=channel)
        practice.clock.pass_(minutes=1)
        practice.do(reopen_month, biller, october, "to look again")
        practice.clock.pass_(minutes=1)
        practice.do(close_month, biller, october)
    owed = practice.see(lambda context: context.uow.deliveries.open())
    assert {each.period for each in owed} == {"revision:2026-10:3"}
    assert {each.part for each in owed} == {"message", "xlsx", "csv"}


def test_a_first_close_is_told_where_the_month_was_told_of_before(practice: TryPractice) -> None:
    """What the channel has as provisional is followed by the final files; a month of years ago is no news."""
    biller = practice.member("Bea", MemberRole.BILLER)
    practice.set(has_billing_channel=True)
    october = BillingMonth(2026, 10)

    def told_of_october(context: Context) -> None:
        owed = DueDelivery(
            kind="month_end",
            period=f"month_end:{october}",
            recipient=BILLING,
            due_at=context.now,
            useful_until=context.now + timedelta(days=45),
        )
        put_in(context, deliveries_for(owed, context.now, random_id))
        context.uow.commit()

    practice.do(told_of_october)
    for month in (BillingMonth(2026, 9), october):
        practice.do(close_month, biller, month)
    owed = practice.see(lambda context: context.uow.deliveries.open())
    assert {each.period for each in owed} == {"month_end:2026-10", "revision:2026-10:1"}
