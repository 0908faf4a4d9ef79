"""`remind`: a time, a switch, a while, or what is set; anything else is refused with a line that works."""

import subprocess
import sys
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest

from bot.grammar import ParseContext, Parsed, parse
from bot.grammar.commands.remind import RemindArguments
from services.messages.audience import QuietHours
from services.messages.headings import HEADINGS
from services.messages.kind import AnyKind, Heading
from services.messages.kinds import CALENDAR, MORNING
from services.messages.requests import ReminderRequest
from tests.support.examples import is_whole

CONTEXT = ParseContext(now=datetime(2026, 11, 18, 15, tzinfo=UTC), zone=ZoneInfo("America/New_York"))


def read(text: str) -> Parsed:
    return parse(text, CONTEXT)


def request(text: str) -> ReminderRequest:
    """What an understood line asks for."""
    parsed = read(text)
    assert parsed.ok, parsed.problems
    assert isinstance(parsed.arguments, RemindArguments)
    return parsed.arguments.request


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
        ("reminders 8.30", time(8, 30)),
        ("remind 6:30", time(6, 30)),
        ("remind me at 8 on weekdays", time(8)),
        ("remind everyday 9", time(9)),
    ],
)
def test_a_time_of_day_is_understood(text: str, at: time) -> None:
    """Any usual way to write a time; one without am or pm lies in working hours."""
    assert request(text) == ReminderRequest(at=at)


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
        ("remind snooze a day", 86_400),
        ("remind snooze 1 week", 604_800),
        ("remind snooze 1h30", 5_400),
        ("remind snooze 1.5h", 5_400),
        ("remind snooze half an hour", 1_800),
        ("remind snooze off", 0),
        ("remind stop snooze", 0),
    ],
)
def test_a_while_is_understood(text: str, seconds: int) -> None:
    """Minutes, hours, days; an hour where nothing is said."""
    assert request(text) == ReminderRequest(snooze_seconds=seconds)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("remind digest 9:00", ReminderRequest(kinds=frozenset({"digest"}), at=time(9))),
        ("remind me every morning at 7:30", ReminderRequest(kinds=MORNING, at=time(7, 30))),
        ("remind afternoon 3pm", ReminderRequest(kinds=frozenset({"missing_entries"}), at=time(15))),
        ("remind afternoon off", ReminderRequest(kinds=frozenset({"missing_entries"}), on=False)),
        ("remind off afternoons", ReminderRequest(kinds=frozenset({"missing_entries"}), on=False)),
        ("remind true-up off", ReminderRequest(kinds=frozenset({"true_up"}), on=False)),
        (
            "remind weekly summary 10:00",
            ReminderRequest(kinds=frozenset({"audit_summary"}), at=time(10)),
        ),
        ("remind audit", ReminderRequest(kinds=frozenset({"audit"}))),
        ("remind month-end 7am", ReminderRequest(kinds=frozenset({"month_end"}), at=time(7))),
        ("remind preview off", ReminderRequest(kinds=frozenset({"preview"}), on=False)),
        ("remind close on", ReminderRequest(kinds=frozenset({"close_reminder"}), on=True)),
        ("remind previews off", ReminderRequest(kinds=frozenset({"preview"}), on=False)),
        ("remind monthend off", ReminderRequest(kinds=frozenset({"month_end"}), on=False)),
        ("remind digest 6:30", ReminderRequest(kinds=frozenset({"digest"}), at=time(6, 30))),
        (
            "remind afternoon 4:30",
            ReminderRequest(kinds=frozenset({"missing_entries"}), at=time(16, 30)),
        ),
    ],
)
def test_one_message_is_named(text: str, wanted: ReminderRequest) -> None:
    """Before or after what is to become of it, by the words that the answer uses."""
    assert request(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("remind practice", ReminderRequest(for_practice=True)),
        (
            "remind practice digest 9:00",
            ReminderRequest(for_practice=True, kinds=frozenset({"digest"}), at=time(9)),
        ),
        (
            "remind digest off for everybody",
            ReminderRequest(for_practice=True, kinds=frozenset({"digest"}), on=False),
        ),
        ("remind everyone at 7:15", ReminderRequest(for_practice=True, at=time(7, 15))),
        ("remind practice snooze 2d", ReminderRequest(for_practice=True, snooze_seconds=172_800)),
        (
            "remind practice quiet 6pm-7am",
            ReminderRequest(for_practice=True, quiet=QuietHours(start=time(18), end=time(7))),
        ),
    ],
)
def test_the_practice_is_named(text: str, wanted: ReminderRequest) -> None:
    """What administrators set for everybody."""
    assert request(text) == wanted


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("remind quiet 6pm-7am", QuietHours(start=time(18), end=time(7))),
        ("remind quiet hours from 18:00 to 07:00", QuietHours(start=time(18), end=time(7))),
        ("remind quiet 12pm–1:30pm", QuietHours(start=time(12), end=time(13, 30))),
        ("remind quiet 22:00-6:00", QuietHours(start=time(22), end=time(6))),
        ("remind quiet off", QuietHours(start=time(0), end=time(0))),
    ],
)
def test_quiet_hours_are_understood(text: str, hours: QuietHours) -> None:
    """With am and pm or by the 24-hour clock; none are from midnight to midnight."""
    assert request(text) == ReminderRequest(quiet=hours)


@pytest.mark.parametrize(
    ("text", "example"),
    [
        ("remind quiet 6-7", "remind quiet ___"),
        ("remind quiet 6pm", "remind quiet ___"),
        ("remind quiet 7pm-7pm", "remind quiet ___"),
        ("remind quiet", "remind quiet ___"),
        ("remind quiet not 6pm-7am", "remind quiet ___"),
        ("remind quiet 6pm-7am on weekends", "remind quiet ___"),
        ("remind quiet 6pm-7am tomorrow", "remind quiet ___"),
        ("remind afternoon 8am", "remind afternoon ___"),
        ("remind snooze until 3pm", "remind snooze ___"),
        ("remind snooze digest 1h", "remind snooze ___"),
        ("remind digest snooze 1h", "remind snooze ___"),
        ("remind digest quiet 6pm-7am", "remind snooze ___"),
        ("remind practice off", "remind practice ___ off"),
    ],
)
def test_what_would_be_a_guess_is_refused_with_its_own_example(text: str, example: str) -> None:
    """Hours without am and pm, a snooze of one message, silence for everybody."""
    (problem,) = read(text).problems
    assert problem.example == example
    assert not is_whole(problem.example) or read(problem.example).ok


@pytest.mark.parametrize("kind", CALENDAR, ids=lambda kind: kind.name)
def test_every_message_of_the_calendar_is_understood_by_each_of_its_names(kind: AnyKind) -> None:
    """The title that is shown, and whatever else its row names; before and after what is wanted."""
    wanted = ReminderRequest(kinds=kind.names, on=False)
    for name in (kind.title, *kind.spoken):
        assert request(f"remind {name} off") == wanted
        assert request(f"remind off {name}") == wanted


@pytest.mark.parametrize("heading", HEADINGS, ids=lambda heading: heading.name)
def test_every_part_of_the_morning_is_left_out_by_each_of_its_names(heading: Heading) -> None:
    """The title that `remind` shows, and whatever else its row names."""
    wanted = ReminderRequest(kinds=frozenset({heading.name}), on=False)
    for name in (heading.title, *heading.spoken):
        assert request(f"remind {name} off") == wanted


def test_no_two_messages_share_a_name() -> None:
    """Whoever switches one off does not switch off another."""
    names = [name for kind in CALENDAR for name in (kind.title, *kind.spoken)]
    names += [name for heading in HEADINGS for name in (heading.title, *heading.spoken)]
    assert len(names) == len(set(names))


def test_reading_lines_loads_no_database() -> None:
    """The command line reads a line without waiting for the database's libraries."""
    program = "import sys, bot.grammar; print('sqlalchemy' in sys.modules)"
    read = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert read.stdout.strip() == "False"


@pytest.mark.parametrize(("text", "on"), [("remind off", False), ("remind on", True), ("remind stop", False)])
def test_a_switch_is_understood(text: str, *, on: bool) -> None:
    """Off is off."""
    assert request(text) == ReminderRequest(on=on)


@pytest.mark.parametrize("text", ["remind", "remind me"])
def test_without_more_it_asks_what_is_set(text: str) -> None:
    """No words, no change."""
    assert request(text) == ReminderRequest()


@pytest.mark.parametrize(
    "text",
    [
        "remind 25:10",
        "remind soon",
        "remind snooze 0m",
        "remind snooze 40 days",
        "remind 0",
        "remind 24",
        "remind 8:30 9:30",
        "remind 8:30\noff",
    ],
)
def test_what_is_none_of_these_is_refused_with_a_line_that_works(text: str) -> None:
    """One problem, and an example with a gap."""
    (problem,) = read(text).problems
    assert problem.example == "remind ___"
    assert not is_whole(problem.example) or read(problem.example).ok
