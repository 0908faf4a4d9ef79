"""Limits of reading: lengths, marks in the typed text, privacy, the JSON shape, what loads when."""

import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.grammar import COMMANDS, Limits, ParseContext, Parsed, as_json, parse, roster_candidates, warm_up
from bot.grammar.commands.help import HelpArguments
from bot.grammar.text.lines import MAX_TEXT
from bot.grammar.when import slow_dates as slow

CONTEXT = ParseContext(now=datetime(2026, 11, 18, 20, 30, tzinfo=UTC), zone=ZoneInfo("America/New_York"))


def marked(text: str, parsed: Parsed) -> list[tuple[str, str]]:
    """Each problem's code and the words it marks in the text as typed."""
    return [(problem.code.value, text[problem.start : problem.end]) for problem in parsed.problems]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("log 0m MRN1 call", [("zero_duration", "0m")]),
        ("/cocm log   ９h   MRN1", [("duration_too_long", "９h")]),
        ("log 15m MRN1 A &amp; B, 20m MRN2", [("two_durations", "15m MRN1 A &amp; B, 20m")]),
        ("log &lt;15 min MRN1", [("unclear_duration", "&lt;15 min")]),
        ("\u200b– 0m MRN1\r\n• –5m\u00a0MRN2", [("zero_duration", "0m"), ("negative_duration", "–5m")]),
        ("log <@U1|ana> 15m MRN1 12/25", [("future", "12/25")]),
        ("log 15m MRN1 x\n\n  log MRN2 y", [("no_duration", "MRN2 y")]),
        ("  log  ", [("nothing", "log")]),
    ],
)
def test_problems_mark_the_words_as_typed(text: str, expected: list[tuple[str, str]]) -> None:
    """Escapes, invisible characters, bullets and blanks do not move the marks."""
    assert marked(text, parse(text, CONTEXT)) == expected


def test_every_problem_of_a_line_is_told_at_once() -> None:
    """Time, patient, date and next contact are all wrong: four problems and one line that fixes them."""
    parsed = parse("log 0m call 2/30 next 11/3/2020", CONTEXT)
    assert {problem.code for problem in parsed.problems} == {
        "zero_duration",
        "no_patient",
        "no_such_date",
        "next_contact",
    }
    assert {problem.example for problem in parsed.problems} == {"log ___ MRN___ call on ___"}


def test_problems_name_their_line() -> None:
    """Blank lines count, so that the number is the one the person sees."""
    parsed = parse("log 15m MRN1 call\n\n0m MRN2\nMRN3", CONTEXT)
    assert [problem.line for problem in parsed.problems] == [3, 4]


def test_a_note_over_the_limit_is_refused_with_a_shorter_one() -> None:
    """281 characters are one too many; the example keeps as many whole words as fit."""
    fits = "call " + "x" * 275
    assert parse(f"log 15m MRN1 {fits}", CONTEXT).ok
    parsed = parse(f"log 15m MRN1 {'word ' * 60}", CONTEXT)
    assert [problem.code for problem in parsed.problems] == ["note_too_long"]
    assert parsed.problems[0].example.startswith("log 15m MRN1 word word")
    assert len(parsed.problems[0].example) <= 293


def test_a_message_over_the_limit_is_refused_unread() -> None:
    """4,000 characters are read, 4,001 are not, and no more than 50 entries at once."""
    assert parse(("15m MRN1 call " + "." * MAX_TEXT)[:MAX_TEXT], CONTEXT).problems[0].code == "note_too_long"
    long = parse("log 15m MRN1 " + "x" * MAX_TEXT, CONTEXT)
    assert [problem.code for problem in long.problems] == ["text_too_long"]
    assert parse("15m MRN1 call\n" * 50, CONTEXT).ok
    many = parse("15m MRN1 call\n" * 51, CONTEXT)
    assert [problem.code for problem in many.problems] == ["too_many_lines"]
    assert roster_candidates("7 " * MAX_TEXT) == ()


def test_limits_are_the_practices_own() -> None:
    """Shorter entries and an earlier end to back-dating refuse what the defaults take."""
    strict = replace(CONTEXT, limits=Limits(backdate_days=7, max_entry_seconds=3600))
    assert parse("log 61m MRN1 call", strict).problems[0].code == "duration_too_long"
    assert parse("log 15m MRN1 call 11/10", strict).problems[0].code == "too_old"
    assert parse("log 60m MRN1 call 11/11", strict).ok


def test_a_practices_own_form_of_an_mrn_is_a_patient() -> None:
    """`AB-123456` names a patient where the practice says so, and is a note elsewhere; MRN123 goes on working."""
    own = replace(CONTEXT, mrn_pattern=r"[A-Z]{2}-\d{6}")
    for text, identity in (("log 15m ab-123456 call", "ab-123456"), ("log 15m MRN123 call", "123")):
        parsed = parse(text, own)
        assert parsed.draft is not None
        assert parsed.draft.requests[0].patient.identity == identity
    assert not parse("log 15m AB-123456 call", CONTEXT).ok
    grouped = replace(CONTEXT, mrn_pattern=r"chart (\d+)")
    parsed = parse("log 15m Chart 77 call", grouped)
    assert parsed.draft is not None
    assert parsed.draft.requests[0].patient.identity == "77"


def test_roster_candidates_are_the_bare_numbers() -> None:
    """What could be a patient is looked up; figures with a unit, dates and parts of words are not."""
    assert roster_candidates("log 15m 123 PHQ-9 11/3 2pm-2:25pm 50mg\n- 90 call 0042") == (
        "123",
        "90",
        "0042",
    )
    assert roster_candidates("log 15m MRN123 phone check-in") == ()


def test_reprs_tell_nothing_about_patients() -> None:
    """What may end up in a log line or a traceback holds no MRN, no note and no typed word."""
    for text in (
        "log 15m MRN4471 secret words",
        "log MRN4471 secret words",
        "status MRN4471",
        "log MRN4471, #12 9m x",
    ):
        parsed = parse(text, CONTEXT)
        assert "4471" not in repr(parsed)
        assert "secret" not in repr(parsed)
        assert "4471" not in repr(parsed.draft)


def test_json_has_the_shape_that_others_rely_on() -> None:
    """The documented fields stand, whatever is added."""
    plain = as_json(parse("log 2pm-2:25pm MRN123 phone check-in", CONTEXT))
    assert plain["ok"] is True
    assert plain["command"] == "log"
    assert plain["problems"] == plain["questions"] == []
    (entry,) = plain["entries"]
    documented = [
        "patient",
        "identity",
        "seconds",
        "service_date",
        "started_at",
        "ended_at",
        "activity",
        "note",
    ]
    assert {name: entry[name] for name in documented} == {
        "patient": "MRN123",
        "identity": "123",
        "seconds": 1500,
        "service_date": "2026-11-18",
        "started_at": "14:00",
        "ended_at": "14:25",
        "activity": "phone",
        "note": "phone check-in",
    }
    asked = as_json(parse("MRN1, MRN2 20m case review", CONTEXT))["questions"][0]
    assert {"code", "message", "choices"} <= asked.keys()
    refused = as_json(parse("log 0 MRN1", CONTEXT))
    assert refused["ok"] is False
    assert refused["entries"] == []
    assert {"code", "message", "start", "end", "example"} <= refused["problems"][0].keys()


#: Every blank of Unicode, control characters that are one, letters that look like one; all but what ends a line.
BLANKS = [
    *"\t\x0b\x0c\x1c\x1f \u00a0\u1680\u2000\u2003\u2007\u2009\u200a\u202f\u205f\u3000\u115f\u2800\u3164\uffa0"
]
#: What nobody sees at all.
UNSEEN = [*"\x00\u00ad\u200b\u200c\u200d\u2060\ufeff\u180e\u202e"]


@pytest.mark.parametrize("blank", [*BLANKS, *UNSEEN, "\u00a0\u200b\u3000", ""], ids=ascii)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\x85", "\u2028", "\u2029"], ids=ascii)
def test_another_command_on_a_later_line_is_marked_whatever_stands_around_it(blank: str, end: str) -> None:
    """The command's own word is marked, behind every kind of blank and line end."""
    text = f"15m MRN123 call{end}{blank}undo{blank}"
    (problem,) = parse(text, CONTEXT).problems
    marked = text[problem.start : problem.end].rstrip("".join(UNSEEN))
    assert (problem.code, marked) == ("mixed_commands", "undo")


@pytest.mark.parametrize("blank", [*BLANKS, *UNSEEN, "\u00a0\u200b\u3000"], ids=ascii)
def test_a_line_in_which_nothing_is_seen_is_no_line(blank: str) -> None:
    """Blanks of any kind, and what is not seen at all, neither add an entry nor refuse one."""
    assert parse(blank * 3, CONTEXT).command == "form"
    assert parse(f"near\n{blank}\u2028{blank}", CONTEXT).command == "near"
    parsed = parse(f"{blank}\n15m{blank} MRN123{blank} call{blank}\n{blank}", CONTEXT)
    assert parsed.draft is not None
    assert [request.note for request in parsed.draft.requests] == ["call"]


def test_every_command_is_explained_by_an_example_that_works() -> None:
    """`help` is made from the registry: each example is understood as that command, each word finds its topic."""
    words = [word for command in COMMANDS for word in command.words]
    assert len(words) == len(set(words))
    for command in COMMANDS:
        parsed = parse(command.example, CONTEXT)
        assert parsed.ok
        assert parsed.command == command.name
        assert command.summary
        assert command.topic
        for word in filter(str.isalpha, command.words):
            assert parse(f"help {word}", CONTEXT).arguments == HelpArguments(topic=command.name)


def test_dateparser_is_asked_about_short_phrases_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """What reaches it are the few words of a date, never a note."""
    asked: list[str] = []
    ask = slow.slow_date

    def listening(phrase: str, now: datetime) -> object:
        asked.append(phrase)
        return ask(phrase, now)

    monkeypatch.setattr("bot.grammar.when.dates.slow_date", listening)
    for text in (
        "log 15m MRN1 call 2026-nov-3",
        "log 15m MRN1 2026 nov 3 " + "words " * 40,
        "log 15m MRN1 call friday",
    ):
        parse(text, CONTEXT)
    assert asked == ["2026-nov-3", "2026 nov 3"]
    assert slow.slow_date("2026 nov 3 " * 4, CONTEXT.local_now) is None


def test_dateparser_loads_only_when_needed() -> None:
    """Importing the grammar and reading a common line leave it unloaded; warming up loads it."""
    program = (
        "import sys; from datetime import *; from zoneinfo import ZoneInfo; from bot.grammar import *\n"
        "context = ParseContext(now=datetime(2026, 11, 18, tzinfo=UTC), zone=ZoneInfo('UTC'))\n"
        "parse('log 15m MRN1 call last friday', context); before = 'dateparser' in sys.modules\n"
        "warm_up(context); print(before, 'dateparser' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "True"]
    warm_up(CONTEXT)


@pytest.mark.parametrize(
    "piece", ["15m ", "11/3 ", "mrn ", "for ", "an hour ", "the ", "“", "<", "&lt;", "1", "- ", "#1 "]
)
def test_reading_takes_time_in_proportion_to_length(piece: str) -> None:
    """Twice the text takes no more than about twice the steps: counted in calls, which no machine's load changes."""
    half, whole = (_calls(("log 15m MRN1 " + piece * MAX_TEXT)[:length]) for length in (1500, 3000))
    assert whole <= 2.5 * half + 200


def _calls(text: str) -> int:
    parse(text, CONTEXT)
    count = 0

    def counting(*_: object) -> None:
        nonlocal count
        count += 1

    sys.setprofile(counting)
    try:
        parse(text, CONTEXT)
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("60m MRN5 90837", "90837 is psychotherapy, which is billed separately"),
        ("60m MRN5 therapy session 90837", "90837 is psychotherapy, which is billed separately"),
        ("60m MRN5 #phone session 90837-95", "90837 is psychotherapy, which is billed separately"),
        ("10m MRN5 CCM call", "“CCM call” reads like chronic care management, which is billed separately"),
        ("10m MRN5 call, faxed ROI", "“faxed ROI” is clerical work, which does not count"),
        ("10m MRN5 #phone CCM call", None),
        ("10m MRN5 referred to therapy", None),
        ("15m MRN99213 phone check-in", None),
        ("15m MRN5 99493 review", None),
    ],
)
def test_what_is_held_says_why_and_asks_nothing(text: str, held: str | None) -> None:
    """An entry whose note names what is billed by itself is stored all the same, as JSON tells with its reason."""
    plain = as_json(parse(text, CONTEXT))
    assert (plain["ok"], plain["questions"]) == (True, [])
    assert [entry["held"] for entry in plain["entries"]] == [held]
