"""What people are told of what others did: when it is due, and that nothing is told twice."""

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from scheduler.due import tellings
from services.messages.deliveries import Delivered, Recipient
from services.messages.told import BUNDLED_WITHIN
from tests.support.owing import ANA, person, served, utc

TEN = utc("2026-12-09 15:00")
BEN = 2


def minutes(*after: float) -> tuple[tuple[int, datetime], ...]:
    """Something done to what is Ana's, so many minutes after ten."""
    return tuple((ANA, TEN + timedelta(minutes=each)) for each in after)


def periods(now: float, *done: float, delivered: Delivered | None = None) -> list[str]:
    """Since when Ana is owed a message, so many minutes after ten."""
    found = tellings(TEN + timedelta(minutes=now), minutes(*done), [person()], delivered or served())
    return [each.period.removeprefix("told:") for each in found]


def test_five_minutes_after_the_first_change_there_is_one_message() -> None:
    """Not before; what is done meanwhile is in it, what comes later in the next."""
    assert periods(4.9, 0, 1, 4) == []
    assert periods(5, 0, 1, 4) == [TEN.isoformat()]
    later = [TEN.isoformat(), (TEN + timedelta(minutes=6)).isoformat()]
    assert periods(12, 0, 1, 4, 6, 8) == later


def test_what_has_its_message_is_not_owed_again() -> None:
    """Whatever became of the delivery; and a change after its minutes begins minutes of its own."""
    told = served(keys={(f"told:{TEN.isoformat()}", Recipient(ANA))})
    assert periods(60, 0, 4.9, delivered=told) == []
    assert periods(60, 0, 5, delivered=told) == [(TEN + timedelta(minutes=5)).isoformat()]


def test_everybody_has_minutes_of_their_own_and_who_is_not_in_slack_has_none() -> None:
    """A message is for one person, about what is theirs."""
    done = (*minutes(0), (BEN, TEN + timedelta(minutes=3)), (3, TEN))
    found = tellings(TEN + timedelta(minutes=9), done, [person(ANA), person(BEN)], served())
    assert [(str(each.recipient), each.due_at) for each in found] == [
        ("member:1", TEN + BUNDLED_WITHIN),
        ("member:2", TEN + timedelta(minutes=8)),
    ]


@given(
    done=st.lists(st.integers(0, 60), max_size=12).map(sorted),
    looks=st.lists(st.integers(0, 80), max_size=6).map(sorted),
)
def test_however_often_one_looks_each_change_lies_in_exactly_one_message(
    done: list[int], looks: list[int]
) -> None:
    """Of the minutes of all messages, none overlap, and all that is five minutes old lies in some."""
    delivered = served()
    for now in (*looks, 99):
        seen = tuple(each for each in done if each <= now)
        found = tellings(TEN + timedelta(minutes=now), minutes(*seen), [person()], delivered)
        delivered = served(keys={*delivered.keys, *(each.key for each in found)})
    starts = [
        datetime.fromisoformat(period.removeprefix("told:"))
        for period, _ in delivered.keys
        if period.startswith("told:")
    ]
    for each in done:
        at = TEN + timedelta(minutes=each)
        assert sum(1 for start in starts if start <= at < start + BUNDLED_WITHIN) == 1
