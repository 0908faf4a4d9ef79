"""`remind`: a time, a switch, a while, or what is set; anything else is refused with a line that works."""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest

from bot.grammar import ParseContext, Parsed, parse
from bot.grammar.arguments import RemindArguments

CONTEXT = ParseContext(now=datetime(2026, 11, 18, 15, tzinfo=UTC), zone=ZoneInfo("America/New_York"))


def read(text: str) -> Parsed:
    return parse(text, CONTEXT)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("remind 8:30", time(8, 30)),
        ("remind me at 7am please", time(7)),
        ("remind 07:15", time(7, 15)),
        ("remind 9", time(9)),
        ("remind me daily at 4:30", time(16, 30)),
        ("remind 4:30 pm", time(16, 30)),
        ("remind 13:05", time(13, 5)),
        ("remind noon", time(12)),
        ("Remind 8:30!", time(8, 30)),
    ],
)
def test_a_time_of_day_is_understood(text: str, at: time) -> None:
    """Any usual way to write a time; one without am or pm lies in working hours."""
    assert read(text).arguments == RemindArguments(at=at)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("remind snooze 1h", 3600),
        ("remind snooze", 3600),
        ("remind snooze 30m", 1800),
        ("remind snooze 45 min", 2700),
        ("remind snooze for 2 hours", 7200),
        ("remind snooze an hour", 3600),
        ("remind snooze 3 days", 259_200),
    ],
)
def test_a_while_is_understood(text: str, seconds: int) -> None:
    """Minutes, hours, days; an hour where nothing is said."""
    assert read(text).arguments == RemindArguments(snooze_seconds=seconds)


@pytest.mark.parametrize(("text", "on"), [("remind off", False), ("remind on", True), ("remind stop", False)])
def test_a_switch_is_understood(text: str, *, on: bool) -> None:
    """Off is off."""
    assert read(text).arguments == RemindArguments(on=on)


@pytest.mark.parametrize("text", ["remind", "remind me"])
def test_without_more_it_asks_what_is_set(text: str) -> None:
    """No words, no change."""
    assert read(text).arguments == RemindArguments()


@pytest.mark.parametrize(
    "text",
    [
        "remind 25:10",
        "remind soon",
        "remind snooze 0m",
        "remind snooze 40 days",
        "remind snooze until spring",
        "remind 8:30 9:30",
        "remind 8:30\noff",
    ],
)
def test_what_is_none_of_these_is_refused_with_a_line_that_works(text: str) -> None:
    """One problem, and an example that is understood."""
    (problem,) = read(text).problems
    assert problem.example == "remind 8:30"
    assert read(problem.example).ok
