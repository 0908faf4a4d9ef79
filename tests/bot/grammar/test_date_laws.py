"""Laws of dates: a date in any known shape is read as that day or asked about, and never passed over in silence."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.grammar import ParseContext, Parsed, parse
from bot.grammar.text.typos import mistyped_month

NEW_YORK = ZoneInfo("America/New_York")
#: A month's first day, its last, a leap year's, one after a change of the clocks, the turn of a year.
TODAYS = [
    date(2026, 11, 18),
    date(2026, 11, 2),
    date(2027, 1, 1),
    date(2027, 1, 20),
    date(2028, 2, 29),
    date(2028, 3, 31),
    date(2026, 5, 4),
]
_NTH = ("first", "second", "third", "fourth", "fifth")


def nth(number: int) -> str:
    """`3rd`."""
    ending = "th" if 10 < number < 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def stamped(day: date, hour: int) -> str:
    """An instant of that local day as a program writes it, in UTC."""
    local = datetime.combine(day, time(hour, 30), NEW_YORK)
    return f"{local.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


#: Each shape says the whole of a date but for the year.
SHAPES: list[Callable[[date], str]] = [
    lambda day: day.isoformat(),
    lambda day: f"{day:%Y/%m/%d}",
    lambda day: f"{day:%Y%m%d}",
    lambda day: f"{day:%m%d%Y}",
    lambda day: f"{day.month}/{day.day}",
    lambda day: f"{day:%m/%d}",
    lambda day: f"{day.month}/{day.day}/{day:%y}",
    lambda day: f"{day:%m/%d/%Y}",
    lambda day: f"{day:%m-%d-%Y}",
    lambda day: f"{day.month}.{day.day}.{day:%y}",
    lambda day: f"{day:%b} {day.day}",
    lambda day: f"{day:%b}. {nth(day.day)}",
    lambda day: f"{day:%B} {nth(day.day)}",
    lambda day: f"{day:%B} {day.day}, {day.year}",
    lambda day: f"{day:%b} {day.day} '{day:%y}",
    lambda day: f"{day:%b-%d-%Y}",
    lambda day: f"{day:%d-%b-%y}",
    lambda day: f"{day.day} {day:%B}",
    lambda day: f"the {nth(day.day)} of {day:%B}",
    lambda day: f"{day:%a} {day.month}/{day.day}",
    lambda day: f"{day:%A}, {day:%b} {day.day}",
    lambda day: f"{_NTH[(day.day - 1) // 7]} {day:%A} of {day:%B}",
    lambda day: f"on {day.month}/{day.day}",
    lambda day: f"for {day.month}/{day.day}",
    lambda day: f"DOS {day.month}/{day.day}",
    lambda day: f"DOS: {day:%m/%d/%y}",
    lambda day: f"date of service {day.month}/{day.day}",
    lambda day: f"service date: {day:%b} {day.day}",
    lambda day: f"date: {day.month}/{day.day}",
    lambda day: f"{day.month}/{day.day} 00:15:00",
    lambda day: stamped(day, 0),
]
DAYS = st.sampled_from(TODAYS).flatmap(
    lambda today: st.tuples(st.just(today), st.integers(0, 62).map(lambda days: today - timedelta(days=days)))
)


def read(text: str, today: date) -> Parsed:
    """A text as read at half past three in the afternoon."""
    now = datetime.combine(today, time(15, 30), NEW_YORK)
    return parse(text, ParseContext(now=now, zone=NEW_YORK))


@settings(max_examples=500)
@given(
    DAYS,
    st.sampled_from(SHAPES),
    st.sampled_from(
        [
            "{} 15m MRN1 phone",
            "{}: MRN1 15m phone check-in",
            "15m MRN1 {} phone check-in",
            "15m MRN1 phone check-in {}",
            "15m MRN1 LVM, {}",
            "MRN1 spoke with mom 15m {}",
            "15m MRN1 phone ({})",
        ]
    ),
)
def test_a_date_beside_a_contact_is_the_date_of_service(
    days: tuple[date, date], shape: Callable[[date], str], line: str
) -> None:
    """At the head, beside a slot, or behind nothing but the contact it is taken without a question."""
    today, day = days
    parsed = read(line.format(shape(day)), today)
    assert parsed.draft is not None
    assert [(found.question, found.requests[0].service_date) for found in parsed.draft.lines] == [(None, day)]


@settings(max_examples=500)
@given(
    DAYS,
    st.sampled_from(SHAPES),
    st.sampled_from(
        [
            "15m MRN1 new job {}",
            "15m MRN1 phone, rx {}",
            "15m MRN1 pt started sertraline {}",
            "15m MRN1 mood worse since {}",
            "15m MRN1 plan: call {}",
            "15m MRN1 labs from {} reviewed",
            "15m MRN1 discussed {} with mom",
            "15m MRN1 phone, PCP visit {}, meds",
            "15m MRN1 school closed {} and pt home",
        ]
    ),
)
def test_no_date_is_passed_over_in_silence(
    days: tuple[date, date], shape: Callable[[date], str], line: str
) -> None:
    """Within a note it is the date of service, asked about, or said to stay in the note; never another day."""
    today, day = days
    parsed = read(line.format(shape(day)), today)
    if parsed.draft is None:
        assert parsed.problems
        return
    (found,) = parsed.draft.lines
    if found.question is not None:
        dates = {choice.requests[0].service_date for choice in found.question.choices}
        assert dates == {day, today}
        return
    (request,) = found.requests
    assert request.service_date in {day, today}
    if request.service_date != day:
        assert any("stays in the note" in remark for remark in request.remarks)


@settings(max_examples=200)
@given(DAYS, st.integers(1, 8), st.sampled_from(["drop", "swap", "double"]))
def test_a_mistyped_month_is_that_month(days: tuple[date, date], at: int, slip: str) -> None:
    """A letter dropped, doubled or swapped with its neighbor changes nothing, where no other word comes of it."""
    today, day = days
    month = f"{day:%B}".lower()
    at = min(at, len(month) - 2)
    mistyped = {
        "drop": month[:at] + month[at + 1 :],
        "swap": month[:at] + month[at + 1] + month[at] + month[at + 2 :],
        "double": month[: at + 1] + month[at:],
    }[slip]
    if mistyped_month(mistyped) is None:
        return
    parsed = read(f"15m MRN1 phone {mistyped} {day.day}", today)
    assert parsed.draft is not None
    assert parsed.draft.requests[0].service_date == day


@pytest.mark.parametrize(
    "words",
    [
        "last week",
        "earlier this week",
        "the other day",
        "a few days ago",
        "in {:%B}",
        "early {:%b}",
        "{:%B}",
        "{0:%b} {0.day}-{1.day}",
        "{0.month}/{0.day}-{1.month}/{1.day}",
        "{0.month}/{0.day} to {1.month}/{1.day}",
        "{0.month}/{0.day} and {1.month}/{1.day}",
        "{0:%a}/{1:%a}",
        "{0:%A} or {1:%A}",
        "week of {0.month}/{0.day}",
        "{0:%A} before last",
        "on 13/45",
        "11/33",
        "on 11/0",
        "nov 33",
        "{0:%b} 31 and 32",
    ],
)
def test_what_names_no_one_day_is_never_dated(words: str) -> None:
    """Behind nothing but the contact it is refused, at the head too."""
    today = TODAYS[0]
    first = date(2026, 11, 3)
    said = words.format(first, first + timedelta(days=2))
    for line in (f"15m MRN1 phone {said}", f"{said}: MRN1 15m phone"):
        parsed = read(line, today)
        assert parsed.draft is None or parsed.draft.lines[0].question is not None, line
