"""Whether a message is still wanted when it is about to be sent."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from billing.people import Member, MemberRole
from services.context import Context
from services.messages import choices
from services.messages.audience import QuietHours
from services.messages.compose import compose
from services.messages.deliveries import BILLING, Delivery, DueDelivery, NotNow, Recipient, deliveries_for
from services.messages.files import FileContent
from services.messages.kind import Part
from services.messages.kinds import DIGEST
from services.messages.month_end import MonthSummary
from services.messages.morning import Morning
from services.messages.requests import ReminderRequest
from services.messages.wanted import unwanted_by_person, unwanted_by_practice
from storage import Database
from tests.support.caseloads import in_care, worked
from tests.support.owing import person, utc
from tests.support.owing import practice as clinic
from tests.support.practice import NOW, TryPractice

#: Eight in the evening in New York.
EVENING = utc("2026-12-10 01:00")
NIGHT = QuietHours(start=time(18), end=time(7))


@pytest.fixture
def practice(database: Database) -> TryPractice:
    """A practice on Wednesday 18 November, 10:00."""
    return TryPractice(database)


@pytest.fixture
def ana(practice: TryPractice) -> Member:
    """A care manager of whom something is to be said: a patient without consent."""
    member = practice.member("Ana Flores")
    in_care(practice, member, "4471", consent=None)
    return member


def part_of(period: str, recipient: Recipient, part: Part = Part.MESSAGE) -> Delivery:
    """A part that was put into the outbox this morning."""
    due = DueDelivery(
        kind=period.partition(":")[0],
        period=period,
        recipient=recipient,
        due_at=NOW,
        useful_until=NOW + timedelta(hours=9),
    )
    (found,) = (each for each in deliveries_for(due, NOW, lambda: "id") if each.part is part)
    return found


def told(practice: TryPractice, part: Delivery) -> object:
    """What would be sent now."""
    return practice.see(compose, part, names_in_files=False)


def choose(practice: TryPractice, member: Member, **wanted: Any) -> None:
    """Change one thing about reminders."""
    practice.do(choices.carry_out, member, ReminderRequest(**wanted))


@pytest.mark.parametrize(
    "wanted",
    [
        {"on": False},
        {"kinds": DIGEST.names, "on": False},
        {"snooze_seconds": 86_400},
        {"quiet": QuietHours(start=time(9), end=time(17))},
    ],
)
def test_what_a_person_decided_meanwhile_holds(
    practice: TryPractice, ana: Member, wanted: dict[str, Any]
) -> None:
    """A digest that was planned, and is not wanted any more, is asked about again in ten minutes."""
    digest = part_of("digest:2026-11-18", Recipient(ana.member_id))
    assert isinstance(told(practice, digest), Morning)
    choose(practice, ana, **wanted)
    assert told(practice, digest) == NotNow(seconds=600)
    choose(practice, ana, on=True)
    choose(practice, ana, quiet=QuietHours(start=time(0), end=time(0)))
    assert isinstance(told(practice, digest), Morning)


def test_a_short_snooze_is_waited_for_to_the_second(practice: TryPractice, ana: Member) -> None:
    """Two minutes of peace are two minutes."""
    choose(practice, ana, snooze_seconds=120)
    assert told(practice, part_of("digest:2026-11-18", Recipient(ana.member_id))) == NotNow(seconds=120)


@pytest.mark.parametrize(
    "wanted", [{"kinds": frozenset({"month_end"}), "on": False}, {"snooze_seconds": 86_400}]
)
def test_what_administrators_decided_meanwhile_holds_for_the_channel(
    practice: TryPractice, ana: Member, wanted: dict[str, Any]
) -> None:
    """A month end that waited is not posted once it was switched off; the files of one that was posted come."""
    worked(practice, ana, in_care(practice, ana, "1"), 65, date(2026, 10, 12))
    sam = practice.member("Sam Whitfield", MemberRole.ADMIN)
    summary = part_of("month_end:2026-10", BILLING)
    assert isinstance(told(practice, summary), MonthSummary)
    choose(practice, sam, for_practice=True, **wanted)
    assert told(practice, summary) == NotNow(seconds=600)
    assert isinstance(told(practice, part_of("month_end:2026-10", BILLING, Part.CSV)), FileContent)


def test_who_lost_the_role_meanwhile_is_told_nothing(practice: TryPractice, ana: Member) -> None:
    """No patients for whoever manages no care any more, though they may be assigned still."""

    def demote(context: Context) -> None:
        context.uow.members.update(replace(ana, roles=frozenset({MemberRole.BILLER})))
        context.uow.commit()

    practice.do(demote)
    assert told(practice, part_of("digest:2026-11-18", Recipient(ana.member_id))) is None


def test_a_month_in_which_nothing_was_written_is_asked_about_again(
    practice: TryPractice, ana: Member
) -> None:
    """A practice that imports at noon gets its month end, files and all; a preview is silent for good."""
    summary = part_of("month_end:2026-09", BILLING)
    assert told(practice, summary) == NotNow(seconds=3_600)
    assert told(practice, part_of("preview:2026-09", BILLING)) is None
    worked(practice, ana, in_care(practice, ana, "1", enrolled_on=date(2026, 9, 1)), 65, date(2026, 9, 14))
    assert isinstance(told(practice, summary), MonthSummary)


@pytest.mark.parametrize(
    ("at", "until"),
    [
        ("2026-12-09 22:59:59", None),
        ("2026-12-09 23:00", "2026-12-10 12:00"),
        ("2026-12-10 04:00", "2026-12-10 12:00"),
        ("2026-12-10 05:30", "2026-12-10 12:00"),
        ("2026-12-10 12:00", None),
    ],
)
def test_quiet_hours_end_in_the_morning(at: str, until: str | None) -> None:
    """From six in the evening to seven, in the person's own zone, before and after midnight."""
    found = unwanted_by_person(person(quiet=NIGHT), DIGEST, clinic(), utc(at), utc("2026-12-09 13:30"))
    assert found == (None if until is None else utc(until))


def test_a_time_chosen_within_quiet_hours_goes_before_them_for_an_hour() -> None:
    """Who wants six o'clock gets six o'clock, and not two in the morning after a day without power."""
    ana, due = person(quiet=NIGHT, digest_at=time(6)), utc("2026-12-09 11:00")

    def at(now: datetime) -> datetime | None:
        return unwanted_by_person(ana, DIGEST, clinic(), now, due)

    assert at(due) is None
    assert at(due + timedelta(minutes=59)) is None
    assert at(EVENING) == utc("2026-12-10 12:00")


def test_the_last_of_several_reasons_counts() -> None:
    """Snoozed for the evening, and quiet until morning."""
    ana = person(quiet=NIGHT, snoozed_until=EVENING + timedelta(hours=1))
    common = clinic(snoozed_until=EVENING + timedelta(days=2))
    assert unwanted_by_person(ana, DIGEST, clinic(), EVENING, EVENING) == utc("2026-12-10 12:00")
    assert unwanted_by_person(ana, DIGEST, common, EVENING, EVENING) == EVENING + timedelta(days=2)
    assert unwanted_by_practice(DIGEST, common, EVENING + timedelta(days=2)) is None
