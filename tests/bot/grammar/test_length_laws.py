"""Laws about lengths of time: however one is written, it is read as itself or asked about."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.grammar import ParseContext, parse
from services.entries.requests import DraftLine

CONTEXT = ParseContext(now=datetime(2026, 11, 18, 23, 30, tzinfo=UTC), zone=ZoneInfo("America/New_York"))
ONES = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
TENS = ["zero", "ten", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
PARTS = {15: ("a quarter", "1/4"), 30: ("a half", "1/2"), 45: ("three quarters", "3/4")}
ALONE = {
    15: ("a quarter of an hour", "quarter hour", "1/4 hour", "1/4 of an hour"),
    20: ("1/3 of an hour", "a third of an hour", "one third hour"),
    30: ("half an hour", "half hour", "half-hour", "1/2 hr", "1/2 of an hour"),
    40: ("2/3 of an hour", "two thirds of an hour"),
    45: ("three quarters of an hour", "3/4 hour", "3/4 of an hr"),
}


def said(number: int) -> str:
    """`forty-five`."""
    if number < len(ONES):
        return ONES[number]
    tens, ones = divmod(number, 10)
    return TENS[tens] + (f"-{ONES[ones]}" if ones else "")


def forms(minutes: int, seconds: int) -> list[str]:
    """Every way to write a length that people use."""
    hours, rest = divmod(minutes, 60)
    if seconds:
        found = [
            f"{minutes}m {seconds}s",
            f"{minutes} min {seconds} sec",
            f"{minutes} minutes and {seconds} seconds",
        ]
        found.append(f"{hours}:{rest:02d}:{seconds:02d}")
        if minutes < 100:
            found.append(f"{said(minutes)} minutes {said(seconds)} seconds")
        if hours:
            found += [f"{hours}h {rest}m {seconds}s", f"{hours} hr {rest} min {seconds} sec"]
        return (
            [*found, f"{minutes}.5 min", f"{minutes}-1/2 min", f"{minutes} 1/2 minutes"]
            if seconds == 30
            else found
        )
    found = [f"{minutes}m", f"{minutes} min", f"{minutes}-minute", f"{minutes}min", f"{minutes} mins."]
    found += [f"{hours}:{rest:02d}", f"0{hours}:{rest:02d}:00", f"~{minutes} min", f"spent {minutes} minutes"]
    if minutes < 100:
        found += [f"{said(minutes)} minutes", f"{said(minutes).replace('-', ' ')} mins"]
    if not hours:
        return [*found, *ALONE.get(rest, ())]
    found += [f"{hours}h{rest:02d}", f"{hours}h {rest}m", f"{hours} hr, {rest} min", f"{hours}h + {rest}m"]
    found += [
        f"{said(hours)} hours and {said(rest)} minutes",
        f"{hours} hours {rest} minutes",
        f"{hours}hr{rest}min",
    ]
    found += [
        f"{hours} hour {said(rest)}",
        f"{said(hours)} hours {said(rest)}",
        f"{hours} hours and {said(rest)}",
    ]
    if rest in PARTS:
        words, figures = PARTS[rest]
        found += [f"{said(hours)} and {words} hours", f"{hours} and {words} hours", f"{hours} {figures} hrs"]
        found += [
            f"{hours}-{figures} hr",
            f"{said(hours)} hours and {words}",
            f"{hours}.{rest * 100 // 60} hours",
        ]
    return found


LENGTHS = st.tuples(st.integers(1, 479), st.sampled_from([0, 0, 0, 15, 30, 59])).flatmap(
    lambda length: st.tuples(st.just(length[0] * 60 + length[1]), st.sampled_from(forms(*length)))
)
SHORT = st.integers(1, 59).flatmap(
    lambda minutes: st.tuples(
        st.just(minutes * 60),
        st.sampled_from([f"{minutes}m", f"{minutes} min", f"{minutes} minutes", f"{said(minutes)} minutes"]),
    )
)
AROUND = st.sampled_from(
    [
        "{} MRN5 phone",
        "MRN5 {} phone",
        "MRN5 phone {}",
        "MRN5 phone, {}",
        "log {} for MRN5, chart review",
        "MRN5\t{}\tphone",
    ]
)


def line_of(text: str) -> DraftLine | None:
    """What one line would store; None when it is refused."""
    draft = parse(text, CONTEXT).draft
    return draft.lines[0] if draft else None


@settings(max_examples=1200)
@given(LENGTHS, AROUND)
def test_every_way_to_write_a_length_is_the_same_length(length: tuple[int, str], around: str) -> None:
    """A length is read as its seconds, or asked about or refused; never as other seconds."""
    seconds, form = length
    line = line_of(around.format(form))
    if line is not None and line.question is None:
        assert [request.seconds for request in line.requests] == [seconds]
        assert not any(char.isdigit() for char in line.requests[0].note)


@settings(max_examples=600)
@given(
    SHORT,
    SHORT,
    st.sampled_from([" and ", " & ", ", ", " plus ", " + ", "; ", " / ", " then ", " "]),
    st.sampled_from(
        [
            "{0}{2}{1} MRN5 phone",
            "{0} MRN5 phone{2}{1} charting",
            "MRN5 {0} call{2}{1} chart review",
            "MRN5 call {0}{2}notes {1}",
        ]
    ),
)
def test_two_lengths_are_summed_aloud_or_asked_about(
    one: tuple[int, str], other: tuple[int, str], joined: str, around: str
) -> None:
    """Of two lengths of work none is stored alone: they are asked about, refused, or their sum is said."""
    line = line_of(around.format(one[1], other[1], joined))
    if line is not None and line.question is None:
        (request,) = line.requests
        assert request.seconds == one[0] + other[0]
        assert request.remarks
    elif line is not None and line.question is not None and line.question.code == "which_length":
        offered = {choice.requests[0].seconds for choice in line.question.choices}
        assert {one[0], other[0], one[0] + other[0]} <= offered


@settings(max_examples=300)
@given(
    st.integers(1, 200),
    st.sampled_from(
        [
            "phq9",
            "GAD-7",
            "AUDIT-C",
            "zoloft",
            "sertraline 50mg",
            "bp 130/80",
            "attempt",
            "dose",
            "hr",
            "scored",
        ]
    ),
    st.sampled_from(
        [
            "{1} MRN5 {0}",
            "MRN5 {1}, {0}",
            "MRN5 {1}: {0}",
            "{0} MRN5 {1}",
            "MRN5 {0}, {1}",
            "MRN5 {1} phone {0}",
        ]
    ),
)
def test_a_number_beside_a_score_or_dose_is_never_the_minutes_unasked(
    number: int, word: str, around: str
) -> None:
    """Where an instrument, drug, dose, vital sign or attempt stands, a bare number is asked about or refused."""
    line = line_of(around.format(number, word))
    assert line is None or line.question is not None


@settings(max_examples=300)
@given(
    st.integers(3, 12),
    st.integers(0, 59),
    st.sampled_from(
        ["MRN5 phone {}:{:02d}", "{}:{:02d} MRN5 phone", "MRN5 {}:{:02d} phone", "{}:{:02d} MRN5"]
    ),
)
def test_a_time_of_day_is_no_length_unasked(hour: int, minute: int, around: str) -> None:
    """`7:30` alone is asked about or refused, never stored as seven and a half hours."""
    line = line_of(around.format(hour, minute))
    assert line is None or line.question is not None
