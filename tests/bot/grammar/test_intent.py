"""What a line is meant to do is decided before its slots are read: only work that was done is stored."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.grammar import ParseContext, as_json, parse
from bot.grammar.intent.triggers import _TRIGGERS, may_be_none
from bot.grammar.intent.verdicts import weighed
from bot.grammar.log.line import read_log_line
from bot.grammar.text.lines import line_of

CONTEXT = ParseContext(now=datetime.fromisoformat("2026-11-18T20:30:00Z"), zone=ZoneInfo("America/New_York"))
TABLE = (Path(__file__).parent / "table" / "intent.txt").read_text("utf-8")
DONE, NOT_DONE = (
    [line[2:] for line in part.splitlines() if line.startswith(">")]
    for part in (
        TABLE.partition("# Lines that do not")[0],
        TABLE.partition("# Lines that do not")[2].partition("# Greetings")[0],
    )
)


@pytest.mark.parametrize("text", DONE)
def test_work_that_was_done_is_stored_unasked(text: str) -> None:
    """Words that elsewhere ask, correct, deny or plan say nothing inside a note."""
    parsed = parse(text, CONTEXT)
    assert parsed.intent == "log"
    assert parsed.draft is not None
    assert parsed.draft.open_question is None


@pytest.mark.parametrize("text", NOT_DONE)
def test_no_other_line_is_stored_by_itself(text: str) -> None:
    """It is answered, or asked about; what it says of time is logged at a tap and never before."""
    parsed = parse(text, CONTEXT)
    shown = as_json(parsed)
    assert shown["intent"] != "log"
    assert shown["questions"] or not shown["ok"]
    assert parsed.draft is None or parsed.draft.open_question is not None


@pytest.mark.parametrize("text", NOT_DONE)
def test_the_word_log_before_it_stores_it_all_the_same(text: str) -> None:
    """Whoever begins with log means it, whatever follows; other doubts remain their own."""
    parsed = parse(f"log {text}", CONTEXT)
    assert parsed.intent == "log"
    asked = parsed.draft.open_question if parsed.draft else None
    assert asked is None or asked.code != "meant_as_log"


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("15m MRN123 phone", "log"),
        ("MRN123 phone", "log"),
        ("status MRN123", "question"),
        ("MRN123?", "question"),
        ("MRN123 needs 8 min", "question"),
        ("delete 15m MRN123", "correction"),
        ("void e-36 wrong patient", "correction"),
        ("plan 30 min with MRN123", "plan"),
        ("don't log 15m MRN123", "other"),
        ("hi", "other"),
        ("enroll MRN123", "other"),
    ],
)
def test_the_intent_stands_in_the_json_form(text: str, intent: str) -> None:
    """One of five words for every message."""
    assert as_json(parse(text, CONTEXT))["intent"] == intent


SPOKEN = st.lists(
    st.sampled_from(
        [
            *sorted(_TRIGGERS),
            *["15m", "MRN123", "friday", "yesterday", ",", "-", "25m", "20", "phone", "?"] * 12,
        ]
    ),
    min_size=2,
    max_size=7,
).map(" ".join)


@settings(max_examples=400)
@given(SPOKEN, st.sampled_from(sorted(_TRIGGERS)))
def test_a_line_that_is_not_weighed_is_a_log(text: str, left_out: str) -> None:
    """The glance at a line's words passes over none that the patterns would catch."""
    reading = read_log_line(line_of(" ".join(word for word in text.split() if word != left_out)), CONTEXT)
    assert may_be_none(reading.sheet.line.plain) or weighed(reading) is None


def test_a_question_somebody_asked_belongs_to_the_note() -> None:
    """Quoted or reported, its mark ends no sentence of the person typing."""
    for text in (
        '15m MRN5 phone, pt asked "when is my appt?"',
        "15m MRN5 phone, pt asked can she stop zoloft?",
        "15m MRN5 ?relapse, phone",
    ):
        parsed = parse(text, CONTEXT)
        assert parsed.draft is not None
        assert parsed.draft.open_question is None, text
