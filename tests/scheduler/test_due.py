"""Which messages are due, to whom, and until when."""

from dataclasses import replace
from datetime import date, time, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo

import pytest

from billing.people import MemberRole
from scheduler.due import owed, troubles
from services.messages.audience import QuietHours
from services.messages.deliveries import BILLING, Delivered, Delivery, Recipient, State, deliveries_for
from services.messages.kinds import KINDS
from tests.support.owing import owed_at, owed_of, person, practice, served, utc

DIGEST = {"digest"}
CHANNEL = {"preview", "month_end", "close_reminder"}
#: A Wednesday without anything special; half past eight in New York is 13:30 in UTC.
WEDNESDAY = "2026-12-09"


def test_the_first_of_december() -> None:
    """At nine on 1 December: the morning's digest, Monday's audit still, and November's end in the channel."""
    before = {("audit:2026-W48", Recipient(1)), ("preview:2026-11", BILLING)}
    found = owed_at("2026-12-01 14:00", person(), delivered=served(keys=before))
    assert found == ["digest:2026-12-01 to member:1", "month_end:2026-11 to billing"]


def test_a_digest_is_owed_from_its_minute_to_the_end_of_the_day() -> None:
    """Not a second early, and not after the person's own midnight."""
    at = {"only": DIGEST}
    assert owed_at(f"{WEDNESDAY} 13:29:59", person(), **at) == []
    assert owed_at(f"{WEDNESDAY} 13:30:00", person(), **at) == ["digest:2026-12-09 to member:1"]
    assert owed_at("2026-12-10 04:59:59", person(), **at) == ["digest:2026-12-09 to member:1"]
    assert owed_at("2026-12-10 05:00:00", person(), **at) == []


def test_what_has_a_delivery_is_not_owed() -> None:
    """Whatever became of it."""
    done = served(keys={("digest:2026-12-09", Recipient(1))})
    assert owed_at(f"{WEDNESDAY} 14:00", person(1), person(2), delivered=done, only=DIGEST) == [
        "digest:2026-12-09 to member:2"
    ]


def test_everybody_has_their_own_morning() -> None:
    """Half past eight comes to Honolulu five hours after New York."""
    people = person(1), person(2, zone=ZoneInfo("Pacific/Honolulu"))
    assert owed_at(f"{WEDNESDAY} 14:00", *people, only=DIGEST) == ["digest:2026-12-09 to member:1"]
    assert owed_at(f"{WEDNESDAY} 18:30", *people, only=DIGEST) == [
        "digest:2026-12-09 to member:1",
        "digest:2026-12-09 to member:2",
    ]


def test_a_person_s_own_time_goes_before_the_practice_s_and_that_before_the_usual() -> None:
    """`remind 7:15` beats the practice's 10:00, which beats 8:30."""
    clinic = practice(times=MappingProxyType({"digest": time(10, 0)}))
    early = person(1, digest_at=time(7, 15))
    assert owed_at(f"{WEDNESDAY} 12:15", early, person(2), clinic=clinic, only=DIGEST) == [
        "digest:2026-12-09 to member:1"
    ]
    assert len(owed_at(f"{WEDNESDAY} 14:59", early, person(2), clinic=clinic, only=DIGEST)) == 1
    assert len(owed_at(f"{WEDNESDAY} 15:00", early, person(2), clinic=clinic, only=DIGEST)) == 2


def test_a_message_may_come_at_a_time_of_its_own() -> None:
    """A time stored for the digest goes before the morning's; the afternoon's is moved like it."""
    ana = person(
        digest_at=time(7),
        times=MappingProxyType({"digest": time(9), "audit": time(6), "missing_entries": time(15)}),
    )
    monday = {"only": {"digest", "audit", "missing_entries"}}
    digest = "digest:2026-12-07 to member:1"
    assert owed_at("2026-12-07 13:59", ana, **monday) == []
    assert owed_at("2026-12-07 14:00", ana, **monday) == [digest]
    assert owed_at("2026-12-07 20:00", ana, **monday) == [digest, "missing_entries:2026-12-07 to member:1"]


def test_a_practice_that_is_put_off_is_owed_afterwards_what_is_of_use() -> None:
    """Nobody gets anything before; the month end comes late, yesterday's digest not at all."""
    clinic = practice(snoozed_until=utc("2026-12-02 14:00"))
    some = {"digest", "month_end"}
    assert owed_at("2026-12-01 14:00", person(), clinic=clinic) == []
    assert owed_at("2026-12-02 13:59", person(), clinic=clinic) == []
    assert owed_at("2026-12-02 14:00", person(), clinic=clinic, only=some) == [
        "digest:2026-12-02 to member:1",
        "month_end:2026-11 to billing",
    ]


@pytest.mark.parametrize(
    ("day", "why"),
    [
        ("2026-12-12", "a Saturday"),
        ("2026-11-26", "Thanksgiving"),
        ("2026-07-03", "Independence Day, observed"),
        ("2026-12-24", "a day off of the practice"),
    ],
)
def test_people_are_left_alone_when_nobody_works(day: str, why: str) -> None:
    """Digests and reminders come on working days only."""
    clinic = practice(days_off=frozenset({date(2026, 12, 24)}))
    personal = set(KINDS) - CHANNEL - {"audit", "audit_summary"}
    assert owed_at(f"{day} 22:00", person(), clinic=clinic, only=personal) == [], why


def test_the_afternoon_reminder_comes_at_four() -> None:
    """To care managers, on the day itself."""
    afternoon = {"missing_entries"}
    assert owed_at(f"{WEDNESDAY} 20:59", person(), only=afternoon) == []
    assert owed_at(f"{WEDNESDAY} 21:00", person(), only=afternoon) == [
        "missing_entries:2026-12-09 to member:1"
    ]


def test_everybody_has_one_message_a_morning_whatever_their_roles() -> None:
    """Supervisors, consultants and administrators as well as care managers; billers are told in their channel."""
    people = [person(number, roles=frozenset({role})) for number, role in enumerate(MemberRole, 1)]
    told = {one.member_id: role for one, role in zip(people, MemberRole, strict=True)}
    found = owed_at("2026-12-07 14:00", *people, person(99, roles=frozenset(MemberRole)), only={"digest"})
    named = {int(each.rpartition(":")[2]) for each in found}
    assert len(found) == len(named)
    roles = {MemberRole.CARE_MANAGER, MemberRole.CONSULTANT, MemberRole.SUPERVISOR, MemberRole.ADMIN}
    assert {told.get(number) for number in named} == {*roles, None}


def test_who_left_out_the_digest_is_owed_the_rest_at_its_time() -> None:
    """What an earlier version stored about its messages one by one."""
    ana = person(off=frozenset({"digest"}), times=MappingProxyType({"audit": time(10)}))
    assert owed_at("2026-12-07 14:59", ana, only={"digest"}) == []
    assert owed_at("2026-12-07 15:00", ana, only={"digest"}) == ["digest:2026-12-07 to member:1"]


def test_the_preview_comes_on_the_last_working_day() -> None:
    """In the billing channel; a day off of the practice moves it ahead."""
    assert owed_at("2026-11-30 14:00", only={"preview"}) == ["preview:2026-11 to billing"]
    clinic = practice(days_off=frozenset({date(2026, 11, 30)}))
    assert owed_at("2026-11-30 14:00", clinic=clinic, only={"preview"}) == []
    assert owed_at("2026-11-27 14:00", clinic=clinic, only={"preview"}) == ["preview:2026-11 to billing"]


def test_the_month_end_comes_on_the_first_at_eight_even_on_a_holiday() -> None:
    """By the practice's clock, whoever lives where."""
    done = served(since="2026-12-15 00:00", keys={("month_end:2026-11", BILLING)})
    assert owed_at("2027-01-01 12:59", delivered=done, only={"month_end"}) == []
    assert owed_at("2027-01-01 13:00", delivered=done, only={"month_end"}) == ["month_end:2026-12 to billing"]


def test_the_reminder_to_close_comes_on_the_fifth() -> None:
    """Even on a Saturday, about the month before; of use for ten days."""
    close = {"close_reminder"}
    assert owed_at("2026-12-05 13:59", only=close) == []
    assert owed_at("2026-12-05 14:00", only=close) == ["close_reminder:2026-11 to billing"]
    assert owed_at("2026-12-15 13:59", only=close) == ["close_reminder:2026-11 to billing"]
    assert owed_at("2026-12-15 14:00", only=close) == []


def test_without_a_billing_channel_nothing_is_owed_to_it_until_there_is_one() -> None:
    """Set within 45 days, it still gets the month end."""
    assert owed_at("2026-12-03 14:00", clinic=practice(has_billing_channel=False), only={"month_end"}) == []
    assert owed_at("2026-12-03 14:00", only={"month_end"}) == ["month_end:2026-11 to billing"]


def test_down_from_31_october_to_3_november() -> None:
    """October's summary is owed once on return, late; the digest for today only."""
    clinic, now = practice(), utc("2026-11-03 15:00")
    keys = {("month_end:2026-09", BILLING), ("preview:2026-10", BILLING)}
    done = Delivered(since=utc("2026-01-01 00:00"), keys=frozenset(keys))
    found = owed(now, [person()], clinic, done)
    assert [(each.period, each.late) for each in found] == [
        ("digest:2026-11-03", False),
        ("month_end:2026-10", True),
    ]
    known = replace(done, keys=done.keys | {each.key for each in found})
    assert owed(now + timedelta(minutes=1), [person()], clinic, known) == ()


def test_a_month_end_is_owed_for_45_days() -> None:
    """After downtime of any length: each month whose summary is still of use, once."""
    at = {"only": {"month_end"}, "delivered": Delivered(since=utc("2026-01-01 00:00"))}
    assert owed_at("2026-11-15 11:59", **at) == [
        "month_end:2026-09 to billing",
        "month_end:2026-10 to billing",
    ]
    assert owed_at("2026-11-15 12:00", **at) == ["month_end:2026-10 to billing"]


def test_the_first_run_owes_today_and_the_last_month_only() -> None:
    """A practice set up on 10 November gets today's digest and October, now and for ever after."""
    fresh, clinic, people = Delivered(), practice(), [person()]
    first = owed(utc("2026-11-10 16:00"), people, clinic, fresh)
    assert [each.period for each in first] == ["digest:2026-11-10", "month_end:2026-10"]
    known = Delivered(keys=frozenset(each.key for each in first), since=utc("2026-11-10 16:00"))
    assert owed(utc("2026-11-10 16:01"), people, clinic, known) == ()


def test_a_first_run_before_anything_is_due_is_no_run() -> None:
    """On a Sunday without a billing channel nothing is stored, and Monday is the first run."""
    quiet = practice(has_billing_channel=False)
    assert owed(utc("2026-11-08 16:00"), [person()], quiet, Delivered()) == ()
    first = owed(utc("2026-11-09 16:00"), [person()], practice(), Delivered())
    assert [each.period for each in first] == ["digest:2026-11-09", "month_end:2026-10"]


def test_a_tick_in_the_future_loses_nothing() -> None:
    """Somebody ticks at next year's instant by mistake, first of all; what falls due before still comes."""
    clinic, people = practice(), [person()]
    mistake = utc("2027-03-01 15:00")
    keys = {each.key for each in owed(mistake, people, clinic, Delivered())}
    assert {period for period, _ in keys} == {"digest:2027-03-01", "month_end:2027-02"}
    known = Delivered(keys=frozenset(keys), since=mistake)
    today = owed(utc("2026-11-23 15:00"), people, clinic, known)
    assert [each.period for each in today] == ["digest:2026-11-23", "month_end:2026-10"]
    known = Delivered(keys=known.keys | {each.key for each in today}, since=utc("2026-11-23 15:00"))
    assert "month_end:2026-11" in {
        each.period for each in owed(utc("2026-12-03 15:00"), people, clinic, known)
    }


def test_nothing_comes_for_the_time_before_the_first_run() -> None:
    """A reminder to close that fell due before the practice was served is not sent after the event."""
    known = Delivered(since=utc("2026-11-10 16:00"))
    assert owed_at("2026-11-10 17:00", delivered=known, only={"close_reminder"}) == []


def test_switched_off_is_off() -> None:
    """By the person for themselves, by an administrator for all."""
    parts = frozenset({"digest", "audit", "true_up"})
    assert owed_at(f"{WEDNESDAY} 14:00", person(off=parts), only=DIGEST) == []
    clinic = practice(off=parts | {"audit_summary", "month_end"})
    assert owed_at("2026-12-01 14:00", person(), clinic=clinic, only={*DIGEST, "month_end"}) == []


def test_snoozed_comes_afterwards() -> None:
    """`remind snooze 1h` puts off, and does not drop, what is still of use then."""
    napping = person(snoozed_until=utc(f"{WEDNESDAY} 15:00"))
    assert owed_at(f"{WEDNESDAY} 14:59", napping, only=DIGEST) == []
    assert owed_at(f"{WEDNESDAY} 15:00", napping, only=DIGEST) == ["digest:2026-12-09 to member:1"]


def test_quiet_hours_hold_what_is_due_back() -> None:
    """Quiet to nine: the digest of half past eight comes at nine. The channel knows no quiet."""
    clinic = practice(quiet=QuietHours(start=time(20), end=time(9)))
    assert owed_at("2026-12-01 13:59", person(), clinic=clinic, only={*DIGEST, "month_end"}) == [
        "month_end:2026-11 to billing"
    ]
    assert owed_at("2026-12-01 14:00", person(), clinic=clinic, only=DIGEST) == [
        "digest:2026-12-01 to member:1"
    ]


def test_a_time_of_one_s_own_goes_before_quiet_hours() -> None:
    """Who asks for six in the morning gets it."""
    clinic = practice(quiet=QuietHours(start=time(20), end=time(9)))
    early = person(digest_at=time(6))
    assert owed_at(f"{WEDNESDAY} 11:00", early, clinic=clinic, only=DIGEST) == [
        "digest:2026-12-09 to member:1"
    ]


def test_quiet_hours_hold_for_whoever_chose_a_time_outside_them() -> None:
    """A digest of half past eight, chosen, comes in no evening when the program was down all day."""
    clinic = practice(quiet=QuietHours(start=time(18), end=time(7)))
    ana = person(digest_at=time(8, 30))
    assert owed_at(f"{WEDNESDAY} 22:59", ana, clinic=clinic, only=DIGEST) == ["digest:2026-12-09 to member:1"]
    assert owed_at(f"{WEDNESDAY} 23:00", ana, clinic=clinic, only=DIGEST) == []
    night_owl = person(digest_at=time(6))
    assert owed_at(f"{WEDNESDAY} 11:59", night_owl, clinic=clinic, only=DIGEST) == [
        "digest:2026-12-09 to member:1"
    ]
    assert owed_at("2026-12-10 02:00", night_owl, clinic=clinic, only=DIGEST) == []


def test_late_at_night_a_digest_is_of_use_for_an_hour() -> None:
    """Whoever wants it a minute before midnight has more than a minute."""
    owl = person(digest_at=time(23, 59))
    assert owed_of("digest", "2026-12-10 05:30", owl).useful_until == utc("2026-12-10 05:59")


def test_moving_to_another_zone_sends_no_digest_twice() -> None:
    """The date names the digest, so that flying from Tokyo to New York gives no second one for it."""
    in_tokyo = person(zone=ZoneInfo("Asia/Tokyo"))
    first = owed_of("digest", f"{WEDNESDAY} 00:00", in_tokyo)
    assert first.period == "digest:2026-12-09"
    assert owed_at(f"{WEDNESDAY} 14:00", person(), delivered=served(keys={first.key}), only=DIGEST) == []


def _failed(code: str, **facts: object) -> Delivery:
    found = owed_of("month_end", "2026-12-01 14:00")
    (message, *_) = deliveries_for(found, utc("2026-12-01 14:00"), lambda: "id")
    return replace(message, state=State.FAILED, code=code, **facts)  # type: ignore[arg-type]


def test_administrators_are_told_once_a_day_what_cannot_be_delivered() -> None:
    """One notice for a reason, however many deliveries it stops; nobody else is told."""
    admin = person(7, roles=frozenset({MemberRole.ADMIN}))
    waiting = [_failed("not_in_channel"), _failed("not_in_channel"), _failed("channel_not_private")]
    found = troubles(utc("2026-12-01 14:00"), waiting, [person(), admin], practice(), served())
    assert [f"{each.period} to {each.recipient}" for each in found] == [
        "trouble:not_in_channel:2026-12-01 to member:7",
        "trouble:channel_not_private:2026-12-01 to member:7",
    ]
    known = served(keys={each.key for each in found})
    assert troubles(utc("2026-12-01 23:00"), waiting, [admin], practice(), known) == ()
    # What is news is told at any hour. What is known already stands in the morning message of the day after; who has
    # none is sent it at half past eight, and the others from noon on if it was not yesterday that they were.
    assert troubles(utc("2026-12-02 13:30"), waiting, [admin], practice(), known) == ()
    assert troubles(utc("2026-12-02 20:00"), waiting, [admin], practice(), known) == ()
    without = replace(admin, off=frozenset({"digest"}))
    assert troubles(utc("2026-12-02 13:29"), waiting, [without], practice(), known) == ()
    assert len(troubles(utc("2026-12-02 13:30"), waiting, [without], practice(), known)) == 2
    assert troubles(utc("2026-12-03 16:59"), waiting, [admin], practice(), known) == ()
    assert len(troubles(utc("2026-12-03 17:00"), waiting, [admin], practice(), known)) == 2
    # On a Saturday nobody has a morning message.
    assert len(troubles(utc("2026-12-05 13:30"), waiting, [admin], practice(), known)) == 2
    news = [*waiting, _failed("is_archived")]
    assert len(troubles(utc("2026-12-02 06:00"), news, [admin], practice(), known)) == 1


def test_a_notice_that_cannot_be_delivered_is_no_cause_for_another() -> None:
    """With an invalid token, administrators are told once it is fixed, not about the notices."""
    admin = person(7, roles=frozenset({MemberRole.ADMIN}))
    waiting = [
        _failed("invalid_auth", kind="trouble"),
        replace(_failed("x"), state=State.NEW, code=None),
    ]
    assert troubles(utc("2026-12-01 14:00"), waiting, [admin], practice(), served()) == ()
