"""When people are asked about a timer that runs: after 45 minutes, then hourly, three times, and not in quiet hours."""

from datetime import date, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from billing.timers import Timer
from scheduler.timers import timer_questions
from services.messages.audience import Person, QuietHours
from services.messages.deliveries import Delivered
from tests.support.owing import ANA, person, practice, served, utc

#: Wednesday, 10:00 in New York.
TEN = utc("2026-12-09 15:00")


def timer(started: datetime = TEN, begun: datetime | None = None) -> Timer:
    return Timer(timer_id=7, member_id=ANA, patient_id=1, started_at=started, begun_at=begun or started)


def asked(
    minutes: float,
    *,
    who: Person | None = None,
    delivered: Delivered | None = None,
    at: Timer | None = None,
    days_off: frozenset[date] = frozenset(),
) -> list[str]:
    """What is owed so many minutes after ten."""
    now = TEN + timedelta(minutes=minutes)
    found = timer_questions(
        now, [at or timer()], [who or person()], practice(days_off=days_off), delivered or served()
    )
    return [each.period for each in found]


def test_after_45_minutes_then_hourly_three_times() -> None:
    """Each as long as the next one is not due."""
    assert asked(44.9) == []
    assert asked(45) == ["timer:7:1"]
    assert asked(104.9) == ["timer:7:1"]
    assert asked(105) == ["timer:7:2"]
    assert asked(165) == ["timer:7:3"]
    assert asked(224.9) == ["timer:7:3"]
    assert asked(225) == []


def test_in_quiet_hours_and_snoozed_nobody_is_asked() -> None:
    """What falls into them is left out; what is due after them comes."""
    quiet = person(quiet=QuietHours(start=time(10, 30), end=time(12)))
    assert asked(50, who=quiet) == []
    assert asked(121, who=quiet) == ["timer:7:2"]
    snoozed = person(snoozed_until=TEN + timedelta(hours=2))
    assert asked(60, who=snoozed) == []
    assert asked(166, who=snoozed) == ["timer:7:3"]


def test_what_was_over_when_the_timer_was_begun_is_not_asked() -> None:
    """`start at 10:00`, said at eleven: the next question is at 11:45."""
    late = timer(begun=TEN + timedelta(minutes=60))
    assert asked(61, at=late) == []
    assert asked(105, at=late) == ["timer:7:2"]


def test_work_begun_on_a_day_off_is_asked_about_that_day() -> None:
    """Whoever works then is at work; a timer that ran on into a day off is left alone."""
    today = date(2026, 12, 9)
    assert asked(45, days_off=frozenset({today})) == ["timer:7:1"]
    night = timer(started=utc("2026-12-12 04:30"))  # Friday, 11:30 pm
    found = timer_questions(utc("2026-12-12 05:20"), [night], [person()], practice(), served())
    assert found == ()


def test_whoever_is_no_member_any_more_or_has_no_minutes_is_not_asked() -> None:
    """Their timer waits."""
    assert timer_questions(TEN + timedelta(hours=1), [timer()], [person(2)], practice(), served()) == ()
    assert asked(50, who=person(roles=frozenset())) == []


@given(looks=st.lists(st.integers(0, 300), max_size=40).map(sorted))
def test_however_often_one_looks_each_question_is_owed_once(looks: list[int]) -> None:
    """At most three, each with a key of its own."""
    delivered, found = served(), []
    for minutes in looks:
        now = TEN + timedelta(minutes=minutes)
        due = timer_questions(now, [timer()], [person()], practice(), delivered)
        found += [each.period for each in due]
        delivered = served(keys={*delivered.keys, *(each.key for each in due)})
    assert len(found) == len(set(found)) <= 3
