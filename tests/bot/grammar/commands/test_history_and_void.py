"""`history` and `void` with a patient or the reference of a care fact, beside an entry's."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bot.grammar import ParseContext, Parsed, parse
from bot.grammar.call.entry import EntryArguments
from bot.grammar.call.fact import FACT_EXAMPLE, FactArguments, PatientHistoryArguments
from services.acts.references import FactReference
from tests.support.examples import is_whole

CONTEXT = ParseContext(
    now=datetime.fromisoformat("2026-11-18T20:30:00Z"),
    zone=ZoneInfo("America/New_York"),
    roster=frozenset({"123", "124"}),
)
DISCHARGE = FactReference(kind="episode", fact_id=1, n=2)


def understood(text: str) -> Parsed:
    parsed = parse(text, CONTEXT)
    assert parsed.ok, parsed.problems
    return parsed


@pytest.mark.parametrize(
    "text",
    [f"history {FACT_EXAMPLE}", f"history of {FACT_EXAMPLE.upper()}", f"history {FACT_EXAMPLE} please"],
)
def test_the_history_of_a_care_fact(text: str) -> None:
    """By its reference, with or without the version, in either case."""
    assert understood(text).arguments == FactArguments(reference=DISCHARGE)


@pytest.mark.parametrize("text", ["history MRN123", "history of mrn 123", "history for #123"])
def test_the_history_of_a_patient(text: str) -> None:
    """In any form that names one patient."""
    given = understood(text).arguments
    assert isinstance(given, PatientHistoryArguments)
    assert given.patient.identity == "123"


def test_an_entry_keeps_its_own() -> None:
    """The reference of an entry is none of a care fact."""
    assert isinstance(understood("history e-36").arguments, EntryArguments)
    assert isinstance(understood("void e-36 wrong patient").arguments, EntryArguments)


@pytest.mark.parametrize(
    "text", [f"void {FACT_EXAMPLE} MRN124 was meant", f"void {FACT_EXAMPLE}, because MRN124 was meant"]
)
def test_a_care_fact_is_voided_with_a_reason(text: str) -> None:
    """All words behind the reference are the reason, a patient among them."""
    assert understood(text).arguments == FactArguments(reference=DISCHARGE, reason="MRN124 was meant")


@pytest.mark.parametrize(
    ("text", "code", "example"),
    [
        ("void c-9k.2 wrong patient", "no_such_entry", f"void {FACT_EXAMPLE} wrong patient"),
        (f"void {FACT_EXAMPLE}", "no_reason", f"void {FACT_EXAMPLE} because ___"),
        ("history c-9k.2", "no_such_entry", f"history {FACT_EXAMPLE}"),
        (f"history {FACT_EXAMPLE} october", "extra_words", f"history {FACT_EXAMPLE}"),
        ("history MRN123 MRN124", "two_patients", "history MRN123"),
    ],
)
def test_what_is_wrong_is_said_with_a_line_that_works(text: str, code: str, example: str) -> None:
    """The problem names what it is about, and its line is understood."""
    parsed = parse(text, CONTEXT)
    assert code in {problem.code for problem in parsed.problems}
    assert {problem.example for problem in parsed.problems} == {example}
    assert not is_whole(example) or parse(example, CONTEXT).ok


def test_time_with_that_word_is_still_logged() -> None:
    """A line that logs time but begins with history is shown the way to log it."""
    parsed = parse("history MRN123 15m intake", CONTEXT)
    assert {problem.code for problem in parsed.problems} == {"mixed_commands"}
