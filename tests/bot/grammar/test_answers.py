"""What each answer to a question about patients and days stands for: no word of the line is lost in any."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.grammar import ParseContext, parse
from tests.bot.grammar.test_table import entry

CONTEXT = ParseContext(now=datetime(2026, 11, 18, 20, 30, tzinfo=UTC), zone=ZoneInfo("America/New_York"))


def answers(text: str) -> dict[str, list[str]]:
    """The entries behind each answer to the question of a text, by the label of its button."""
    parsed = parse(text, CONTEXT)
    assert parsed.draft is not None
    question = parsed.draft.open_question
    assert question is not None
    return {choice.label: [entry(request) for request in choice.requests] for choice in question.choices}


@pytest.mark.parametrize("text", ["15m MRN 123 456 phone", "MRN 123 456 phone 15m"])
def test_groups_are_one_mrn_or_an_mrn_and_a_note(text: str) -> None:
    """Joined, the figures leave the note; apart, they stay there."""
    assert answers(text) == {
        "MRN123456": ['= 123456 15m 2026-11-18 phone "phone"'],
        "MRN 123, “456” in the note": ['= 123 15m 2026-11-18 phone "456 phone"'],
    }


def test_a_number_listed_with_a_patient_stays_in_the_note_of_the_patient_alone() -> None:
    """`302 petition` is a petition unless the person says that 302 is a patient."""
    assert answers("20m total MRN417, 302 petition call") == {
        "Only MRN417": ['= 417 20m 2026-11-18 phone "302 petition call"'],
        "Split, 10 min each": [
            '= 417 10m 2026-11-18 phone "petition call"',
            '= 302 10m 2026-11-18 phone "petition call"',
        ],
    }


def test_of_several_patients_those_named_as_such_stay_together() -> None:
    """The number alone is doubted, not the patients beside it."""
    found = answers("15m each MRN1, MRN2, 3 phone")
    assert found["Only MRN1 and MRN2, 15 min each"] == [
        '= 1 15m 2026-11-18 phone "3 phone"',
        '= 2 15m 2026-11-18 phone "3 phone"',
    ]
    assert len(found["15 min each"]) == 3


def test_an_entry_beside_a_dated_one_is_of_that_day_or_of_today() -> None:
    """Either is one tap."""
    assert answers("11/3 15m MRN1 phone; 20m MRN2 chart") == {
        "Tue Nov 3": ['= 2 20m 2026-11-03 chart_review "chart"'],
        "Today, Wed Nov 18": ['= 2 20m 2026-11-18 chart_review "chart"'],
    }
