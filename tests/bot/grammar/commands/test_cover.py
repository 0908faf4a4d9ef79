"""`cover`: whose patients, who looks after them, and the days as people say them."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.grammar import ParseContext, Parsed, parse
from bot.grammar.commands.cover import CoverArguments

#: Saturday, November 28.
CONTEXT = ParseContext(
    now=datetime(2026, 11, 28, 20, 30, tzinfo=UTC),
    zone=ZoneInfo("America/New_York"),
    roster=frozenset({"123"}),
)
TODAY = date(2026, 11, 28)


def read(text: str) -> Parsed:
    return parse(text, CONTEXT)


def day(text: str) -> date:
    month, number = (int(part) for part in text.split("/"))
    return date(2026 if month > 10 else 2027, month, number)


@pytest.mark.parametrize(
    ("words", "first", "last"),
    [
        ("12/1 to 12/8", "12/1", "12/8"),
        ("12/1-12/8", "12/1", "12/8"),
        ("12/1–12/8", "12/1", "12/8"),
        ("12/1 - 12/8", "12/1", "12/8"),
        ("12/1-8", "12/1", "12/8"),
        ("12/1/26-12/8/26", "12/1", "12/8"),
        ("12/1 12/8", "12/1", "12/8"),
        ("2026-12-01 to 2026-12-08", "12/1", "12/8"),
        ("from 12/1 until 12/8", "12/1", "12/8"),
        ("between 12/1 and 12/8", "12/1", "12/8"),
        ("until 12/8 from 12/1", "12/1", "12/8"),
        ("while I'm away 12/1-12/8", "12/1", "12/8"),
        ("dec 1-8", "12/1", "12/8"),
        ("1-8 december", "12/1", "12/8"),
        ("December 1st through 8th", "12/1", "12/8"),
        ("Dec 1 – Dec 8", "12/1", "12/8"),
        ("from the 15th to the 20th", "12/15", "12/20"),
        ("12/24-1/2", "12/24", "1/2"),
        ("11/20 to 12/8", "11/20", "12/8"),
        ("today", "11/28", "11/28"),
        ("tomorrow", "11/29", "11/29"),
        ("on friday", "12/4", "12/4"),
        ("next monday", "11/30", "11/30"),
        ("12/1", "12/1", "12/1"),
        ("over christmas", "12/25", "12/25"),
        ("from christmas to new year's day", "12/25", "1/1"),
        ("tomorrow and monday", "11/29", "11/30"),
        ("until friday", "11/28", "12/4"),
        ("from now until monday", "11/28", "11/30"),
        ("from tomorrow until friday", "11/29", "12/4"),
        ("friday to monday", "12/4", "12/7"),
        ("mon-fri", "11/30", "12/4"),
        ("next monday to next friday", "11/30", "12/4"),
        ("for a week", "11/28", "12/4"),
        ("for 3 days", "11/28", "11/30"),
        ("for the next two weeks", "11/28", "12/11"),
        ("for a week from 12/1", "12/1", "12/7"),
        ("the week starting 12/1", "12/1", "12/7"),
        ("starting 12/1 for 2 weeks", "12/1", "12/14"),
        ("two weeks starting monday", "11/30", "12/13"),
        ("12/1 for 1 month", "12/1", "12/31"),
        ("next week", "11/30", "12/6"),
        ("this week", "11/28", "11/29"),
        ("for the rest of the week", "11/28", "11/29"),
        ("this weekend", "11/28", "11/29"),
        ("the week of 12/7", "12/7", "12/13"),
        ("week of dec 9", "12/7", "12/13"),
        ("next month", "12/1", "12/31"),
        ("in december", "12/1", "12/31"),
        ("through the end of the month", "11/28", "11/30"),
        ("from 12/5 to the end of the month", "12/5", "12/31"),
        ("until the end of next week", "11/28", "12/6"),
    ],
)
def test_days_are_read_as_people_say_them(words: str, first: str, last: str) -> None:
    """From the first to the last, both included; the same for somebody else's patients."""
    own = read(f"cover @ben {words}")
    assert own.arguments == CoverArguments(covered_by="ben", first_day=day(first), last_day=day(last)), (
        own.problems
    )
    others = read(f"cover @ana by @ben {words}")
    assert others.arguments == CoverArguments(
        away="ana", covered_by="ben", first_day=day(first), last_day=day(last)
    ), others.problems


@pytest.mark.parametrize(
    ("text", "code", "said", "example"),
    [
        ("cover @ben", "no_days", "For which days?", "cover @ben ___ to ___"),
        ("cover @ben from 12/1", "no_last_day", "Until when?", "cover @ben ___ to ___"),
        ("cover 12/1-12/8", "no_member", "Who looks after", "cover @___ 12/1/2026 to 12/8/2026"),
        ("cover @ben 12/8 to 12/1", "dates_out_of_order", "before the first", "cover @ben ___ to ___"),
        ("cover @ben this afternoon", "part_of_day", "part of a day", "cover @ben ___ to ___"),
        ("cover @ben friday at 2pm", "part_of_day", "part of a day", "cover @ben ___ to ___"),
        ("cover @ben 12/1 and 12/4", "days_apart", "days between", "cover @ben ___ to ___"),
        ("cover @ben 12/1, 12/4 and 12/9", "two_dates", "no more", "cover @ben ___ to ___"),
        ("cover @ben 12/1 to 12/8 for a week", "two_dates", "not both", "cover @ben ___ to ___"),
        ("cover @ben next week 12/1", "two_dates", "no more", "cover @ben ___ to ___"),
        ("cover @ben feb 30", "no_such_date", "not a date", "cover @ben ___ to ___"),
        ("cover @ben 12/40-12/50", "no_such_date", "not a date", "cover @ben ___ to ___"),
        ("cover end 12/5", "ends_today", "at once", "cover end"),
        ("cover MRN123 @ben 12/1 to 12/8", "one_patient", "“MRN123”", "assign MRN123 @ben"),
        ("cover P-7F3K 12/1", "one_patient", "assign the patient", "assign P-7F3K @___"),
        ("cover <@U0BEN|ben> MRN123 for a week", "one_patient", "assign", "assign MRN123 @U0BEN"),
    ],
)
def test_what_is_not_sure_is_asked_and_nothing_is_ended_or_covered(
    text: str, code: str, said: str, example: str
) -> None:
    """Each names what is missing, and gives a line with a gap for what only the person knows."""
    parsed = read(text)
    assert parsed.arguments is None
    assert code in [str(one.code) for one in parsed.problems]
    problem = next(one for one in parsed.problems if one.code == code)
    assert said in problem.message
    assert problem.example == example


@given(
    lead=st.sampled_from(["", "for ", "from ", "until ", "on ", "starting ", "the week of "]),
    days=st.lists(
        st.sampled_from(
            (
                *(
                    "12/1",
                    "12/8",
                    "dec",
                    "5",
                    "friday",
                    "monday",
                    "today",
                    "tomorrow",
                    "next",
                    "week",
                    "a week",
                ),
                *("3 days", "15th", "to", "-", "–", "and", "until", "end of", "month", "the", "for", "from"),
            )
        ),
        max_size=5,
    ),
)
def test_whatever_days_are_said_are_in_order_or_asked_about(lead: str, days: list[str]) -> None:
    """No words end in a fault, and what is understood has its days in order, the last not before today."""
    parsed = read(f"cover @ben {lead}{' '.join(days)}")
    if isinstance(parsed.arguments, CoverArguments) and parsed.arguments.first_day is not None:
        assert parsed.arguments.last_day is not None
        assert parsed.arguments.first_day <= parsed.arguments.last_day
