"""Laws that hold for every text, whatever people or programs send."""

import re
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from billing.activities import Activity
from bot.grammar import COMMANDS, ParseContext, as_json, parse, roster_candidates
from bot.grammar.log.line import read_log_line
from bot.grammar.log.notes import note_spans
from bot.grammar.text import scan as scanning
from bot.grammar.text.lines import MAX_TEXT, line_of, lines_of
from tests.support.examples import is_whole

NOW = datetime(2026, 11, 18, 20, 30, tzinfo=UTC)
NEW_YORK = ZoneInfo("America/New_York")
CONTEXT = ParseContext(now=NOW, zone=NEW_YORK, roster=frozenset({"123", "90", "214", "00042"}))
COMMAND_NAMES = {command.name for command in COMMANDS} | {"form", "unknown", "welcome"}

#: What messages are made of, one piece a line, written as in the tables.
FRAGMENTS = (Path(__file__).parent / "fragments.txt").read_text("utf-8").splitlines()
UNESCAPED = [
    fragment.encode("latin-1", "backslashreplace").decode("unicode-escape") for fragment in FRAGMENTS
]
SPOKEN = st.lists(st.sampled_from(UNESCAPED), max_size=12).flatmap(
    lambda words: st.sampled_from([" ", "  ", "", ", "]).map(lambda blank: blank.join(words))
)
MIXED = st.lists(st.one_of(st.sampled_from(UNESCAPED), st.text(max_size=6)), max_size=10).map(" ".join)
ANY_TEXT = st.one_of(
    st.text(max_size=200), SPOKEN, MIXED, st.binary(max_size=60).map(lambda raw: raw.decode("latin-1"))
)


@settings(max_examples=700)
@given(ANY_TEXT)
@example("\ud800")
@example("log 15m MRN1 " + "x" * MAX_TEXT)
@example("<" * 3000)
@example("log " + "an hour and a half " * 150)
@example("15m MRN123 call\n\u00a0undo")
@example("15m MRN123 call\n\u3000\u2003why\uff1a MRN123")
@example("15m MRN123 call\u2028<tel:1|\u200b>\u0085\u3164undo")
@example("near\u00a0\n\u2800")
@example("start 9/1 2-2:25pm left voicemail 123 PHQ-9 14")
@example("timer 123 phone check-in 0m")
@example("chart review 123 chart review 9/1 2-2:25pm")
@example("chart review PHQ-9 14 123 20 min 2026-11-31 last friday\ncall with mom")
@example('LG!0DAY AGO"0DAY AGO"THE 1RD')
@example("start MRN123 call 9/1 yesterday")
@example("start 30h MRN123 call")
@example("near 30h MRN123 call tomorrow")
def test_any_text_is_either_understood_or_refused_with_what_fixes_it(text: str) -> None:
    """No text raises; none is both understood and refused; a problem marks the text and gives a line that works."""
    parsed = parse(text, CONTEXT)
    assert parsed.command in COMMAND_NAMES
    assert parsed.ok == (not parsed.problems)
    assert (parsed.draft is not None) == (parsed.ok and parsed.command == "log")
    for problem in parsed.problems:
        assert 0 <= problem.start <= problem.end <= len(text)
        assert problem.message.strip()
        assert 1 <= problem.line <= len(text) + 1
        if is_whole(problem.example):
            assert parse(problem.example, CONTEXT).ok
        elif problem.example.startswith("log "):
            assert parse(_filled(problem.example), CONTEXT).ok
        assert len(problem.example) < MAX_TEXT
    as_json(parsed)


def _filled(example: str) -> str:
    """A log with its gaps filled as a person would."""
    example = (
        example.replace("log ___", "log 15m").replace("MRN___", "MRN1").replace("on ___", "on yesterday")
    )
    assert "___" not in example
    return example


@settings(max_examples=400)
@given(ANY_TEXT)
def test_what_is_understood_can_be_stored(text: str) -> None:
    """Every entry, also of every answer to a question, has a patient, a fair time and date, a short note."""
    parsed = parse(text, CONTEXT)
    today = NOW.astimezone(NEW_YORK).date()
    for line in parsed.draft.lines if parsed.draft else ():
        assert line.requests
        answers = [choice.requests for choice in line.question.choices] if line.question else []
        for requests in (line.requests, *answers):
            for request in requests:
                assert request.patient.identity or request.patient.handle
                assert 0 < request.seconds <= 8 * 3600
                assert today - timedelta(days=62) <= request.service_date <= today
                assert len(request.note) <= 280
                assert request.note == request.note.strip()
                request.note.encode("utf-8")
                assert "\n" not in request.note
                if request.started_at and request.ended_at:
                    assert request.ended_at <= NOW
                    elapsed = request.ended_at.astimezone(UTC) - request.started_at.astimezone(UTC)
                    assert elapsed == timedelta(seconds=request.seconds)


@settings(max_examples=400)
@given(ANY_TEXT)
def test_what_no_slot_claims_is_the_note(text: str) -> None:
    """Slots and note together hold every letter and figure of the line, in order; none is lost, none made up."""
    for line in lines_of(text):
        reading = read_log_line(line, CONTEXT)
        kept = note_spans(reading.sheet, reading.sheet.taken)
        claimed = [
            (item.start, item.end) for i, item in enumerate(reading.sheet.items) if i in reading.sheet.taken
        ]
        spans = sorted([*kept, *claimed])
        assert all(before[1] <= after[0] for before, after in pairwise(spans))
        covered = {index for start, end in spans for index in range(start, end)}
        left = "".join(char for index, char in enumerate(line.shown) if index not in covered)
        assert not re.sub(r"\band\b|\bplus\b|[^\w]|_", "", left)


@settings(max_examples=400)
@given(ANY_TEXT)
def test_the_glance_at_a_word_changes_nothing(text: str) -> None:
    """Words passed over at a glance are those in which the shapes find nothing."""
    for line in lines_of(text):
        # A pattern that matches nothing switches the glance off.
        assert scanning.scan(line.plain) == scanning.scan(line.plain, "(?!)")


@settings(max_examples=150)
@given(
    ANY_TEXT,
    st.sampled_from(["Pacific/Apia", "Asia/Kolkata", "America/St_Johns", "Pacific/Kiritimati", "UTC"]),
)
def test_any_zone_and_day_will_do(text: str, zone: str) -> None:
    """The same holds in every zone."""
    parsed = parse(text, ParseContext(now=NOW, zone=ZoneInfo(zone)))
    for problem in parsed.problems:
        if is_whole(problem.example):
            assert parse(problem.example, ParseContext(now=NOW, zone=ZoneInfo(zone))).ok


NOTE = [
    "phone",
    "check-in",
    "chart review",
    "with mom",
    "about rides",
    "coping plan",
    "crisis",
    "meds",
    "care",
]
NOTE_WORDS = st.lists(st.sampled_from(NOTE), max_size=6).map(" ".join)
DURATIONS = st.integers(1, 480).flatmap(
    lambda minutes: st.sampled_from(
        [
            (f"{minutes}m", minutes),
            (f"{minutes} min", minutes),
            (f"{minutes} minutes", minutes),
            (f"{minutes // 60}h {minutes % 60}m", minutes) if minutes >= 60 else (f"{minutes} mins", minutes),
            # From 3:00 up it may be a time of day, and is asked about.
            (f"{minutes // 60}:{minutes % 60:02d}", minutes) if minutes < 180 else (f"{minutes}m", minutes),
            (f"{minutes // 60}h{minutes % 60:02d}", minutes) if minutes >= 60 else (f"{minutes}min", minutes),
        ]
    )
)
PATIENTS = st.from_regex(r"[0-9]{1,9}", fullmatch=True).flatmap(
    lambda digits: st.sampled_from(
        [(form + digits, digits) for form in ("MRN", "mrn ", "mrn#", "MRN-", "#", "Mrn: ", "MRN #")]
    )
)
TODAY = date(2026, 11, 18)
DATES = (
    st.integers(0, 62)
    .map(lambda days: TODAY - timedelta(days=days))
    .flatmap(
        lambda day: st.sampled_from(
            [
                (day.isoformat(), day),
                (f"{day.month}/{day.day}", day),
                (f"{day.month}/{day.day}/{day.year}", day),
                (f"{day:%b} {day.day}", day),
                (f"{day:%B} {day.day}, {day.year}", day),
                (f"{day.day} {day:%b}", day),
                (f"{(TODAY - day).days} days ago", day),
                (f"on {day.month}/{day.day}", day),
            ]
        )
    )
)


@settings(max_examples=600)
@given(
    DURATIONS,
    PATIENTS,
    NOTE_WORDS,
    st.one_of(st.none(), DATES),
    st.sampled_from(["log ", "", "/cocm log ", "LOG "]),
    st.sampled_from(["tpnd", "ptnd", "ndtp", "dtpn", "tpdn", "npt", "npdt", "ntpd", "ptdn"]),
)
def test_what_is_written_out_is_read_back(
    duration: tuple[str, int],
    patient: tuple[str, str],
    note: str,
    day: tuple[str, date] | None,
    command: str,
    order: str,
) -> None:
    """A request written in any of the usual forms and orders is read as that request.

    A date that closes a note of more than the kind of contact may belong to the note: it is asked about.
    """
    parts = {"t": duration[0], "p": patient[0], "n": note, "d": day[0] if day and "d" in order else ""}
    text = command + " ".join(parts[part] for part in order if parts[part])
    if order.startswith("n") and note and not command:
        text = "log " + text
    parsed = parse(text, ParseContext(now=NOW, zone=NEW_YORK))
    assert parsed.ok, text
    assert parsed.draft is not None
    (line,) = parsed.draft.lines
    expected = day[1] if day and "d" in order else TODAY
    if line.question is None:
        (request,) = line.requests
    else:
        assert line.question.code == "which_date"
        assert "about" in note
        assert "nd" in order
        (request,) = next(
            choice.requests for choice in line.question.choices if choice.requests[0].service_date == expected
        )
    assert request.patient.identity == patient[1]
    assert request.seconds == duration[1] * 60
    assert request.note == note
    assert request.service_date == expected


@pytest.mark.parametrize("activity", Activity)
def test_every_kind_of_work_can_be_stated(activity: Activity) -> None:
    """`#phone` states the kind of work, whatever the note says."""
    parsed = parse(f"log 15m MRN1 #{activity.value} chart review", CONTEXT)
    assert parsed.draft is not None
    (request,) = parsed.draft.requests
    assert (request.activity, request.activity_source.value, request.note) == (
        activity,
        "stated",
        "chart review",
    )


@settings(max_examples=150)
@given(
    st.lists(
        st.sampled_from(["15m MRN1 call", "20m #2 chart review yesterday", "0m MRN3 x", "MRN4"]),
        min_size=1,
        max_size=6,
    )
)
def test_several_lines_are_all_or_nothing(lines: list[str]) -> None:
    """A message is a draft of all its lines, or the problems of each that has some."""
    alone = [parse(line, CONTEXT) for line in lines]
    together = parse("\n".join(lines), CONTEXT)
    assert together.ok == all(one.ok for one in alone)
    if together.draft:
        assert together.draft.lines == tuple(line for one in alone if one.draft for line in one.draft.lines)
    codes = [problem.code for one in alone for problem in one.problems]
    assert [problem.code for problem in together.problems] == codes


@settings(max_examples=250)
@given(ANY_TEXT)
def test_the_roster_decides_only_about_its_candidates(text: str) -> None:
    """A number that is no candidate may be on the roster or not: the reading stays the same."""
    candidates = roster_candidates(text)
    assert all(number.isdecimal() for number in candidates)
    everyone = ParseContext(now=NOW, zone=NEW_YORK, roster=_Everyone())
    listed = ParseContext(now=NOW, zone=NEW_YORK, roster=frozenset(candidates))
    assert as_json(parse(text, everyone)) == as_json(parse(text, listed))


class _Everyone:
    def __contains__(self, identity: object) -> bool:
        return True


@settings(max_examples=400)
@given(ANY_TEXT)
@example("\u00a0undo\u3000")
@example("<tel:1|\u200b\x0b>")
@example("<https://x.org|\u2003>")
def test_every_blank_is_a_space_in_both_forms(text: str) -> None:
    """What is a blank to a pattern is one on the screen, so that both forms begin and end at the same place."""
    for line in lines_of(text):
        assert {char for char in line.shown + line.plain if char.isspace()} <= {" "}
        assert all(shown == " " for shown, plain in zip(line.shown, line.plain, strict=True) if plain == " ")
        start, end = line.words
        assert line.shown[start:end] == line.shown.strip()


@settings(max_examples=150)
@given(ANY_TEXT)
def test_shown_and_plain_are_of_one_length_and_lead_back(text: str) -> None:
    """Every stretch of what is shown leads back to a stretch of what was typed."""
    line = line_of(text.replace("\n", " "))
    assert len(line.shown) == len(line.plain)
    for start in range(0, len(line.shown), 7):
        begin, end = line.typed(start, min(start + 3, len(line.shown)))
        assert 0 <= begin <= end <= len(text)
