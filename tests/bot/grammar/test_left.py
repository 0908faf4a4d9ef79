"""Nothing is cut: every figure of a message is in a slot, in a question or problem, or listed with its reason."""

import json
import re
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.grammar import ParseContext, as_json, parse
from bot.grammar.intent.verdicts import verdict_of
from bot.grammar.left import LeftReason
from bot.grammar.log.plain import PLAIN_MARKS, PLAIN_WORDS
from tests.bot.grammar.test_laws import ANY_TEXT
from tests.bot.grammar.test_table import TABLES, rows_of
from tests.data.phrases import ROWS

CONTEXT = ParseContext(
    now=datetime(2026, 11, 18, 19, 40, tzinfo=UTC),
    zone=ZoneInfo("America/New_York"),
    roster=frozenset({"123", "417"}),
)
REASONS = {reason.value for reason in LeftReason}
TABLE_TEXTS = [row.text for path in TABLES for row in rows_of(path)]
#: Who is mentioned stands in the request, and an id is no figure.
MENTION = re.compile(r"<[@#!][^>]*>")
FIGURE = re.compile(r"\d+")


def unaccounted(text: str) -> list[str]:
    """The figures of a text that are nowhere in what `cocm parse --json` says of it."""
    text = MENTION.sub("@somebody", text)
    plain = as_json(parse(text, CONTEXT))
    assert {left["reason"] for left in plain["left"]} <= REASONS
    said = " ".join(
        [left["text"] for left in plain["left"]]
        + [f"{question['message']} {_offered(question)}" for question in plain["questions"]]
        + [remark for entry in plain["entries"] for remark in entry["remarks"]]
    )
    if plain["problems"]:
        spans = [text[problem["start"] : problem["end"]] for problem in plain["problems"]]
        return _missing(FIGURE.findall(text), " ".join([said, *spans]))
    if plain["command"] == "log":  # what is not in the note is in a slot: see the laws
        return _missing([word for entry in plain["entries"] for word in FIGURE.findall(entry["note"])], said)
    return _missing(FIGURE.findall(text), said + json.dumps(plain["arguments"]))


def _offered(question: dict[str, Any]) -> str:
    """The answers, and the dates that they stand for."""
    answers = question["choices"]
    days = [date.fromisoformat(entry["service_date"]) for one in answers for entry in one["entries"]]
    return " ".join(
        [
            *(one["label"] for one in answers),
            *(f"{day.month} {day.day} {day.year % 100} {day.year}" for day in days),
        ]
    )


def _missing(figures: list[str], said: str) -> list[str]:
    known = {each for figure in FIGURE.findall(said) for each in (figure, figure.lstrip("0"))}
    return [figure for figure in figures if figure not in known and figure.lstrip("0") not in known]


@settings(max_examples=700)
@given(ANY_TEXT)
@example("status MRN123 99")
@example("15m MRN5 phone 30s")
def test_no_figure_of_any_text_is_lost(text: str) -> None:
    """Whatever is sent, each of its figures is accounted for."""
    assert not unaccounted(text)


@pytest.mark.parametrize("name", ["tables", "phrases"])
def test_no_figure_of_a_known_text_is_lost(name: str) -> None:
    """The same holds for all texts of the tables and of the phrases."""
    texts = TABLE_TEXTS if name == "tables" else [text for text, _ in ROWS]
    assert {text: lost for text in texts if (lost := unaccounted(text))} == {}


@pytest.mark.parametrize(
    ("text", "left", "reason"),
    [
        ("15m MRN5 PHQ-9 14, call", "14", "score"),
        ("15m MRN5 call, sertraline 50mg daily", "50mg", "dose"),
        ("15m MRN5 call, bp 130/80", "130/80", "vital sign"),
        ("15m MRN5 call, mood 4/10", "4/10", "rating"),
        ("15m MRN5 call back at 555-0199", "555-0199", "phone number"),
        ("15m MRN5 billed 99214 by PCP", "99214", "code"),
        ("15m MRN5 call with pt, 45 yo", "45", "age"),
        ("15m MRN5 call, missed 3 doses", "3", "count"),
        ("15m MRN5 call, copay $20", "$20", "money"),
        ('15m MRN5 call "2 of 8 sessions"', '"2 of 8 sessions"', "quoted"),
        ("15m MRN5 call, slept 6 hours", "6 hours", "time of something else"),
        ("15m MRN5 call, panic attack lasting 20 minutes", "lasting 20 minutes", "time of something else"),
        ("15m MRN5 phone, pt leaves 12/10", "12/10", "date of something else"),
    ],
)
def test_a_figure_of_the_note_is_listed_with_its_reason(text: str, left: str, reason: str) -> None:
    """What plainly belongs to the note is stored unasked, and listed."""
    plain = as_json(parse(text, CONTEXT))
    assert plain["questions"] == []
    assert [(one["text"], one["reason"]) for one in plain["left"] if one["reason"] != "instrument"] == [
        (left, reason)
    ]


@pytest.mark.parametrize(
    ("text", "doubtful"),
    [
        ("1h 7m MRN5 intake 30s", "30s"),
        ("15m MRN5 phone, 5 min to document", "5 min"),
        ("15m MRN5 phone thirty seconds", "thirty seconds"),
        ("15m (x2) MRN5 calls", "x2"),
    ],
)
def test_what_looks_like_time_or_a_date_is_asked(text: str, doubtful: str) -> None:
    """What no slot took although it may be one is asked about, by name, and holds the entry."""
    plain = as_json(parse(text, CONTEXT))
    (question,) = plain["questions"]
    assert doubtful in question["message"]
    assert {entry["held"] for entry in plain["entries"]} == {question["code"]}


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("15m MRN5 phone next week", "next week"),
        ("15m MRN5 phone in 3 weeks", "in 3 weeks"),
        ("15m MRN5 LVM the day after tomorrow", "day after tomorrow"),
        ("15m MRN5 video visit in 2014", "in 2014"),
        ("15m MRN5 phone March", "March"),
        ("15m MRN5 phone beginning of next month", "beginning of next month"),
        ("15m MRN5 phone 1 year 21 days ago", "1 year 21 days ago"),
        ("15m MRN5 phone the 27", "the 27"),
        ("15m MRN5 phone 8:23 AM, Jul 9", "Jul 9"),
        ("15m MRN5 phone Vaisakhi 2018", "Vaisakhi 2018"),
        ("15m MRN5 phone boss's day", "boss's day"),
        ("15m MRN5 phone in 24 hours", "in 24 hours"),
    ],
)
def test_a_phrase_that_says_when_is_asked_where_the_note_tells_of_nothing_else(
    text: str, phrase: str
) -> None:
    """Today is not supplied in silence when the words may be the day of the work."""
    (question,) = as_json(parse(text, CONTEXT))["questions"]
    assert phrase in question["message"]


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("15m MRN5 phone, therapist appt in 3 weeks", "in 3 weeks"),
        ("15m MRN5 phone, mood better since last month", "since last month"),
        ("15m MRN5 call re next week's schedule", None),
        ("15m MRN5 records from 2018 reviewed", "from 2018"),
        ("15m MRN5 phone, moved here in 2018", "in 2018"),
        ("15m MRN5 week 4 phone check in", None),
        ("15m MRN5 second attempt this week", "this week"),
        ("15m MRN5 same day call", None),
        ("15m MRN5 phone, first days at home, on 11/8", "first days"),
        ("15m MRN5 call w/ April", None),
        ("15m MRN5 phone 20 min late", None),
    ],
)
def test_a_phrase_that_says_when_of_something_else_stays_unasked(text: str, phrase: str | None) -> None:
    """A fuller note tells of other days, and lists them."""
    plain = as_json(parse(text, CONTEXT))
    assert (plain["ok"], plain["questions"]) == (True, [])
    dated = [one["text"] for one in plain["left"] if one["reason"] == "date of something else"]
    assert phrase is None or dated == [phrase]


PLAIN_LINE = st.lists(
    st.sampled_from([*sorted(PLAIN_WORDS), *sorted(PLAIN_MARKS)]), min_size=1, max_size=8
).flatmap(lambda said: st.permutations([*said, "T", "P"]))


@settings(max_examples=500)
@given(PLAIN_LINE)
def test_no_order_of_plain_words_needs_more_than_a_glance(parts: list[str]) -> None:
    """Whatever the order of words that are passed at a glance, the patterns would find a log as well."""
    assert verdict_of(" ".join(parts)) is None
