"""A timer's verbs: alone or with a patient and no length each is one; everywhere else the words are a log's."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from bot.grammar import COMMANDS, ParseContext, Parsed, parse
from bot.grammar.call.timer_words import TimerArguments
from services.entries.timer_requests import SaidTime

#: Wednesday, 10:00 in New York.
CONTEXT = ParseContext(
    now=datetime(2026, 11, 18, 15, tzinfo=UTC), zone=ZoneInfo("America/New_York"), roster=frozenset({"4417"})
)


def read(text: str) -> Parsed:
    return parse(text, CONTEXT)


def given(text: str) -> TimerArguments:
    parsed = read(text)
    assert parsed.ok, parsed.problems
    assert isinstance(parsed.arguments, TimerArguments)
    return parsed.arguments


def said(text: str, hour: int, minute: int = 0, *, sure: bool = False, day: date | None = None) -> SaidTime:
    return SaidTime(text=text, at=time(hour, minute), sure=sure, day=day)


YESTERDAY = date(2026, 11, 17)


@pytest.mark.parametrize(
    ("text", "command", "patient", "at", "note"),
    [
        ("start", "start", None, None, ""),
        ("start a timer", "start", None, None, ""),
        ("start MRN123", "start", "123", None, ""),
        ("start for MRN123", "start", "123", None, ""),
        ("start timer for MRN123", "start", "123", None, ""),
        ("timer start MRN123", "start", "123", None, ""),
        ("Start mrn#123 Phone check-in", "start", "123", None, "Phone check-in"),
        ("start phone MRN123", "start", "123", None, "phone"),
        ("start 4417 phone", "start", "4417", None, "phone"),
        ("please start MRN123", "start", "123", None, ""),
        ("start MRN123 at 9:10", "start", "123", said("9:10", 9, 10), ""),
        ("start at 9:10 MRN123 phone", "start", "123", said("9:10", 9, 10), "phone"),
        ("start MRN123 9:10", "start", "123", said("9:10", 9, 10), ""),
        ("start MRN123 phone at 910", "start", "123", said("910", 9, 10), "phone"),
        ("start MRN123 @ 9am", "start", "123", said("9am", 9, sure=True), ""),
        ("start MRN123 since noon", "start", "123", said("noon", 12, sure=True), ""),
        ("start MRN123 phone 10 min ago", "start", "123", SaidTime(text="10 min ago", ago=600), "phone"),
        ("start MRN123 half an hour ago", "start", "123", SaidTime(text="half an hour ago", ago=1800), ""),
        ("start MRN123 at 4pm yesterday", "start", "123", said("4pm yesterday", 16, sure=True, day=YESTERDAY), ""),
        ("start sertraline MRN123", "start", "123", None, "sertraline"),
        ("stop", "stop", None, None, ""),
        ("stop the timer", "stop", None, None, ""),
        ("timer off", "stop", None, None, ""),
        ("stop it", "stop", None, None, ""),
        ("stop at 9:35", "stop", None, said("9:35", 9, 35), ""),
        ("stop 9:35", "stop", None, said("9:35", 9, 35), ""),
        ("stop called mom, PHQ-9 14 at 9:35am", "stop", None, said("9:35am", 9, 35, sure=True), "called mom, PHQ-9 14"),
        ("stop at 9:35 called mom", "stop", None, said("9:35", 9, 35), "called mom"),
        ("stop yesterday at 5:15pm", "stop", None, said("yesterday at 5:15pm", 17, 15, sure=True, day=YESTERDAY), ""),
        ("stop appt at 9:30 moved to friday", "stop", None, None, "appt at 9:30 moved to friday"),
        ("stop MRN123 chart review", "stop", "123", None, "chart review"),
        ("stop call back 12/3", "stop", None, None, "call back 12/3"),
        ("stop smoking counseling MRN123", "stop", "123", None, "smoking counseling"),
        ("switch MRN124", "switch", "124", None, ""),
        ("switch to MRN124 chart review", "switch", "124", None, "chart review"),
        ("cancel", "cancel", None, None, ""),
        ("cancel the timer", "cancel", None, None, ""),
        ("cancel MRN123", "cancel", "123", None, ""),
    ],
)  # fmt: skip
def test_a_timers_verb(text: str, command: str, patient: str | None, at: SaidTime | None, note: str) -> None:
    """The patient, the time and the words, each where it is given, in any order."""
    found = given(text)
    assert read(text).command == command
    assert (found.patient and found.patient.identity, found.at, found.note) == (patient, at, note)


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("stop smoking counseling 15m MRN123", "stop smoking counseling"),
        ("start sertraline 15m MRN123", "start sertraline"),
        ("15m MRN123 start sertraline", "start sertraline"),
        ("switch meds 15m MRN123", "switch meds"),
        ("switch to lexapro MRN123 15 min", "switch to lexapro"),
        ("MRN123 stop at pharmacy 15m", "stop at pharmacy"),
        ("timer use for meds discussed 15m MRN123", "timer use for meds discussed"),
        ("start of care call 15m MRN123", "start of care call"),
        ("start MRN123 9:40-9:55", "start"),
        ("start MRN123 9:40 to 9:55", "start"),
        ("stop MRN123 9:40 to 9:55", "stop"),
        ("cancelled appt MRN123 15m", "cancelled appt"),
        ("cancelled visit MRN123 15m", "cancelled visit"),
        ("canceled MRN123 15m rescheduled", "canceled rescheduled"),
    ],
)
def test_a_line_with_a_length_is_a_log(text: str, note: str) -> None:
    """Whatever its first word: nobody loses minutes to a timer."""
    parsed = read(text)
    assert parsed.command == "log"
    assert parsed.draft is not None
    (request,) = parsed.draft.requests
    assert (request.seconds, request.patient.identity, request.note) == (900, "123", note)


@pytest.mark.parametrize(
    ("text", "command", "example"),
    [
        ("start sertraline", "start", "start MRN___ sertraline"),
        ("start 20", "start", "start MRN___ 20"),
        ("start MRN123 MRN124", "start", "start MRN123"),
        ("start MRN123 yesterday", "start", "log ___ MRN123 yesterday"),
        ("start MRN123 phone yesterday", "start", "log ___ MRN123 phone yesterday"),
        ("start MRN123 at 25:10", "start", "start MRN123"),
        ("start MRN123 at 9:10 at 9:20", "start", ""),
        ("start MRN123 5 min ago at 9:10", "start", ""),
        ("start MRN123 from 9 to 10", "start", ""),
        ("start MRN123 at 9.10", "start", ""),
        ("start MRN123 15", "start", "log 15m MRN123"),
        ("start MRN123 at 9:10 tomorrow", "start", ""),
        ("start MRN123 monday at 9", "start", ""),
        ("start MRN123 11/16", "start", ""),
        ("stop at 9:10:30", "stop", ""),
        ("stop at -9:10", "stop", ""),
        ("stop 9:00 to 9:20", "stop", ""),
        ("stop 15", "stop", "log 15m MRN___"),
        ("stop MRN123 15", "stop", "log 15m MRN123"),
        ("stop 12/3", "stop", ""),
        ("stop and start MRN124", "stop", "switch MRN124"),
        ("stop, switch to MRN124", "stop", "switch MRN124"),
        ("stop 20m", "stop", "log 20m MRN___"),
        ("stop reviewed 10m of labs", "stop", "log 10m MRN___ reviewed of labs"),
        ("stop sending me reminders", "stop", "remind off"),
        ("switch", "switch", "switch MRN___"),
        ("switch phone", "switch", "switch MRN___ phone"),
        ("switch to lexapro MRN123", "switch", "log ___ MRN123 switch to lexapro"),
        ("timer MRN123", "timer", "start MRN123"),
        ("timer MRN123 MRN124", "timer", "start MRN123"),
        ("timer 15m 15m", "timer", "log 15m MRN___"),
    ],
)
def test_what_is_no_call_is_refused_with_a_line(text: str, command: str, example: str) -> None:
    """The person's own words come back in it."""
    parsed = read(text)
    assert not parsed.ok
    assert parsed.command == command
    assert parsed.problems[0].example == example


@pytest.mark.parametrize(
    "text", ["timer", "timer?", "start MRN123?", "stop?", "switch MRN124?", "timer status"]
)
def test_a_question_only_shows_the_timer(text: str) -> None:
    """Nothing is started or stopped by asking."""
    assert read(text).command == "timer"


@pytest.mark.parametrize(
    "text", ["cancel that", "cancel e-36", "cancel the 15m MRN123", "cancel appt MRN123"]
)
def test_canceling_anything_else_is_about_entries(text: str) -> None:
    """An entry is looked for, as before there were timers."""
    assert read(text).command in {"correct", "void"}


@pytest.mark.parametrize(
    "command", [one for one in COMMANDS if one.name in {"start", "stop", "switch", "cancel"}]
)
def test_examples_are_understood(command: object) -> None:
    """Those that help shows."""
    assert read(command.example).ok  # type: ignore[attr-defined]
