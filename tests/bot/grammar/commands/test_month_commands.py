"""Commands about months and entries: what they mean, and that every problem comes with a line that works."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from billing.activities import Activity
from billing.claims import ClaimEventKind
from billing.months import BillingMonth
from bot.grammar import ParseContext, Parsed, as_json, parse
from bot.grammar.call.claims import OverpaidArguments, SubmittedArguments
from bot.grammar.call.entry import EntryArguments
from bot.grammar.call.month import MonthArguments
from bot.grammar.commands.edit import EditArguments
from bot.grammar.commands.reopen import ReopenArguments
from bot.grammar.commands.split import SplitArguments
from bot.grammar.commands.week import WeekArguments
from bot.grammar.commands.why import WhyArguments
from bot.grammar.text.wordlists import words
from services.entries.changes import EntryEdit
from tests.support.examples import is_whole

#: Wednesday 2026-11-18, 15:30 in New York.
CONTEXT = ParseContext(
    now=datetime(2026, 11, 18, 20, 30, tzinfo=UTC),
    zone=ZoneInfo("America/New_York"),
    roster=frozenset({"123"}),
)
MANY_PARTS = "split e-36 " + ", ".join(f"MRN{number}" for number in range(21))
OCTOBER = BillingMonth(2026, 10)


def read(text: str) -> Parsed:
    return parse(text, CONTEXT)


def edit_of(text: str) -> EntryEdit:
    given_ = read(text).arguments
    assert isinstance(given_, EditArguments)
    return given_.edit


def problems(text: str) -> list[tuple[str, str]]:
    """Code and marked words of each problem; each gives a line that is understood."""
    parsed = read(text)
    for problem in parsed.problems:
        assert not is_whole(problem.example) or read(problem.example).ok, problem.example
    return [(problem.code.value, text[problem.start : problem.end]) for problem in parsed.problems]


@pytest.mark.parametrize(
    ("typed", "month"),
    [
        ("october", OCTOBER),
        ("Oct", OCTOBER),
        ("in october", OCTOBER),
        ("oct 2026", OCTOBER),
        ("Oct. 2026", OCTOBER),
        ("october, 2026", OCTOBER),
        ("October of 2025", BillingMonth(2025, 10)),
        ("oct '25", BillingMonth(2025, 10)),
        ("oct-2026", OCTOBER),
        ("2026-10", OCTOBER),
        ("2026/10", OCTOBER),
        ("10/2026", OCTOBER),
        ("10-2026", OCTOBER),
        ("2026\u201110", OCTOBER),
        ("last month", OCTOBER),
        ("the previous month", OCTOBER),
        ("this month", BillingMonth(2026, 11)),
        ("november", BillingMonth(2026, 11)),
        ("december", BillingMonth(2025, 12)),
        ("may", BillingMonth(2026, 5)),
        ("sept", BillingMonth(2026, 9)),
        ("the month before last", BillingMonth(2026, 9)),
        ("2 months ago", BillingMonth(2026, 9)),
        ("a month ago", OCTOBER),
        ("two months ago?", BillingMonth(2026, 9)),
    ],
)
def test_a_month_is_read_as_people_write_it(typed: str, month: BillingMonth) -> None:
    """Always this one or one gone by; the same in every command that takes a month."""
    for command in ("month", "report", "close"):
        assert read(f"{command} {typed}").arguments == MonthArguments(month=month)
    why = read(f"why MRN123 {typed}").arguments
    assert isinstance(why, WhyArguments)
    assert (why.month, why.patient.identity) == (month, "123")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("month december 2026", [("future", "december 2026")]),
        ("month 2026-13", [("no_such_month", "2026-13")]),
        ("month 13/2026", [("no_such_month", "13/2026")]),
        ("month 99 months ago", []),
        ("month oct 26", [("extra_words", "26")]),
        ("month smarch", [("extra_words", "smarch")]),
        ("close", [("no_month", "close")]),
        ("close it", [("no_month", "it"), ("extra_words", "it")]),
        ("reopen", [("no_month", "reopen"), ("no_reason", "reopen")]),
        ("reopen october", [("no_reason", "october")]),
        ("reopen reviews came late", [("no_month", "reviews came late")]),
        ("why", [("no_patient", "why")]),
        ("why foo", [("no_patient", "foo"), ("extra_words", "foo")]),
        (
            "why october 2027 foo",
            [("future", "october 2027"), ("no_patient", "october 2027 foo"), ("extra_words", "foo")],
        ),
        ("why MRN123 MRN124", [("two_patients", "MRN124")]),
        ("week foo", [("extra_words", "foo")]),
        ("near 20", [("extra_words", "20")]),
        ("caseload\nnear", [("extra_words", "near")]),
        ("void", [("no_entry", "void"), ("no_reason", "void")]),
        ("void e-36", [("no_reason", "e-36")]),
        ("void wrong patient", [("no_entry", "wrong patient")]),
        ("void e-37 wrong patient", [("no_such_entry", "e-37")]),
        ("history", [("no_entry", "history")]),
        ("history e-36 please now", [("extra_words", "now")]),
        ("edit e-36", [("no_change", "e-36")]),
        ("edit e-36 because I want", [("no_change", "e-36 because I want")]),
        ("edit e-36 25", [("unclear_duration", "25")]),
        ("edit e-36 0m", [("zero_duration", "0m")]),
        ("edit e-36 9h", [("duration_too_long", "9h")]),
        ("edit e-36 25m 35m", [("two_durations", "25m 35m")]),
        ("edit e-36 11pm-1am", [("range_backwards", "11pm-1am")]),
        ("edit e-36 tomorrow", [("future", "tomorrow")]),
        ("edit e-36 9/1/2026", [("too_old", "9/1/2026")]),
        ("edit e-36 11/31", [("no_such_date", "11/31")]),
        ("edit e-36 phone admin", [("two_activities", "phone admin")]),
        ("edit e-36 10m above", [("extra_words", "above")]),
        (
            "edit foo 9h tomorrow",
            [
                ("no_entry", "foo 9h tomorrow"),
                ("extra_words", "foo"),
                ("duration_too_long", "9h"),
                ("future", "tomorrow"),
            ],
        ),
        (MANY_PARTS, [("no_change", MANY_PARTS.removeprefix("split "))]),
        ("split e-36 MRN123", [("no_change", "e-36 MRN123")]),
        ("split e-36 10m MRN123 / MRN124", [("no_change", "e-36 10m MRN123 / MRN124")]),
    ],
)
def test_every_problem_is_told_at_once_with_its_words_marked(text: str, found: list[tuple[str, str]]) -> None:
    """And each with a line that works."""
    assert problems(text) == found


@pytest.mark.parametrize(
    ("text", "edit"),
    [
        ("edit e-36 25m", EntryEdit(entry_id=2, seconds=1500)),
        ("edit e-36 make it 25 min", EntryEdit(entry_id=2, seconds=1500)),
        ("edit e-36 1:15", EntryEdit(entry_id=2, seconds=4500)),
        ("EDIT E-36 half an hour", EntryEdit(entry_id=2, seconds=1800)),
        ("edit e\u201136 25m", EntryEdit(entry_id=2, seconds=1500)),
        ("edit e-36 2pm-2:25pm", EntryEdit(entry_id=2, clock=(time(14), time(14, 25)))),
        ("edit e-36 2-2:25pm 25m", EntryEdit(entry_id=2, clock=(time(14), time(14, 25)))),
        ("edit e-36 yesterday", EntryEdit(entry_id=2, service_date=date(2026, 11, 17))),
        ("edit e-36 on 11/3", EntryEdit(entry_id=2, service_date=date(2026, 11, 3))),
        ("edit e-36 chart review", EntryEdit(entry_id=2, activity=Activity.CHART_REVIEW)),
        ("edit e-36 #in_person", EntryEdit(entry_id=2, activity=Activity.IN_PERSON)),
        ("edit e-36 activity should be telehealth", EntryEdit(entry_id=2, activity=Activity.TELEHEALTH)),
        ("edit e-36 note talked to mother", EntryEdit(entry_id=2, note="talked to mother")),
        (
            'edit e-36 note "called because she asked" reason typo',
            EntryEdit(entry_id=2, note="called because she asked", reason="typo"),
        ),
        (
            "edit e-36 25m note PHQ-9 reviewed because I typed 15m yesterday",
            EntryEdit(entry_id=2, seconds=1500, note="PHQ-9 reviewed", reason="I typed 15m yesterday"),
        ),
    ],
)
def test_an_edit_says_only_what_changes(text: str, edit: EntryEdit) -> None:
    """Each slot in the forms in which a log takes it; what follows note and because is left as typed."""
    assert edit_of(text) == edit


def test_an_edit_can_move_an_entry_to_another_patient() -> None:
    """With the MRN in any form."""
    patient = edit_of("edit e-36 to mrn #0042 because wrong patient").patient
    assert patient is not None
    assert patient.identity == "0042"


def test_void_history_and_reopen_keep_the_reason_as_typed() -> None:
    """Without the word because before it."""
    assert read("void e-36 because it was Ben's").arguments == EntryArguments(
        entry_id=2, reason="it was Ben's"
    )
    assert read("void e-36, logged twice").arguments == EntryArguments(entry_id=2, reason="logged twice")
    assert read("history e-36?").arguments == EntryArguments(entry_id=2)
    assert read("reopen october because may was wrong").arguments == ReopenArguments(
        month=OCTOBER, reason="may was wrong"
    )


@pytest.mark.parametrize(
    ("text", "shares"),
    [
        ("split e-36 10m MRN1 / 5m MRN2", [("1", 600), ("2", 300)]),
        ("split e-36 MRN1 10m, MRN2 5m because both were there", [("1", 600), ("2", 300)]),
        ("split e-36 MRN1, MRN2 and MRN3", [("1", None), ("2", None), ("3", None)]),
        ("split e-36 between MRN1 & MRN2", [("1", None), ("2", None)]),
    ],
)
def test_a_split_names_each_part(text: str, shares: list[tuple[str, int | None]]) -> None:
    """With a time each, or none at all."""
    found = read(text).arguments
    assert isinstance(found, SplitArguments)
    assert [(part.patient.identity, part.seconds) for part in found.split.parts] == shares


def test_commands_that_take_nothing_more_are_read_alone() -> None:
    """Politeness is no problem."""
    assert read("near").ok
    assert read("caseload please").ok
    assert read("week").arguments == WeekArguments()
    assert read("week last").arguments == WeekArguments(last=True)


@pytest.mark.parametrize(
    "text",
    [
        "caseload review MRN123 20m",
        "month end summary 15m MRN123",
        "history taken 20m MRN123",
        "close follow-up 15m MRN123",
        "report to pcp 15m MRN123",
        "help MRN123 with housing 15m",
        "discharge planning 20m MRN123",
        "review of chart 15m MRN123 with @cho",
        "consent form discussed 15m MRN123",
        "team meeting about MRN123 15m",
        "stop smoking counseling 15m MRN123",
    ],
)
def test_time_that_begins_with_a_commands_word_is_logged(text: str) -> None:
    """A line that says how long, for whom and what was done logs it, whatever its first word."""
    parsed = read(text)
    assert parsed.command == "log"
    assert parsed.intent == "log"
    assert parsed.draft is not None
    assert parsed.draft.open_question is None


@pytest.mark.parametrize("text", ["report 15m MRN123 sent to pcp", "near MRN123's home, 15m visit"])
def test_time_behind_a_commands_word_is_not_lost(text: str) -> None:
    """Where a slot follows the word at once, the person is told to begin with log, and given the line."""
    parsed = read(text)
    assert [problem.code.value for problem in parsed.problems] == ["mixed_commands"]
    example = read(parsed.problems[0].example)
    assert example.command == "log"
    assert example.ok


def test_nothing_of_a_persons_words_is_in_a_repr() -> None:
    """Reasons, notes and MRNs may be logged by accident; their reprs hide them."""
    for text in ("void e-36 secret words", "edit e-36 MRN777 note secret words because secret words"):
        shown = repr(read(text).arguments)
        assert "secret" not in shown
        assert "777" not in shown


NAMES = sorted(words("week month caseload near why history void edit split report close reopen"))
WORDS = st.sampled_from(
    """
    week month caseload near why history void edit split report close reopen october oct 2026 2026-10 last month '25
    10/2026 december 2027 MRN123 #0042 123 P-7F3K e-36 e-37 e- E-36 10m 25m 0m 9h 1:15 2pm-2:25pm 11pm-1am yesterday
    tomorrow 11/3 9/1/2026 11-3 phone #phone admin chart review note because reason " / , & and | - foo bar's @ana
    <@U1> &amp; 25 -5 nan please the in for ... ? é \u2011 \u201c
    """.split()  # noqa: SIM905 - reads as the running text it stands for
)


@settings(max_examples=1500)
@given(
    st.sampled_from(NAMES),
    st.lists(WORDS | st.text(max_size=5), max_size=9),
    st.sampled_from([" ", "  ", "\n"]),
)
def test_any_words_are_understood_or_refused_with_what_fixes_them(
    command: str, following: list[str], blank: str
) -> None:
    """No text raises; none is both understood and refused; every problem marks the text and gives a line that works."""
    text = blank.join((command, *following))
    parsed = read(text)
    assert parsed.ok == (not parsed.problems)
    for problem in parsed.problems:
        assert 0 <= problem.start <= problem.end <= len(text)
        assert problem.message.strip()
        assert not is_whole(problem.example) or read(problem.example).ok, problem.example
    as_json(parsed)


@pytest.mark.parametrize("command", ["submitted", "unsubmitted"])
@pytest.mark.parametrize(
    ("typed", "patients"),
    [
        ("october", []),
        ("last month", []),
        ("october MRN123", ["123"]),
        ("MRN123, MRN124 2026-10", ["123", "124"]),
        ("october for MRN123 and 124", ["123", "124"]),
        ("october MRN123 MRN123", ["123"]),
    ],
)
def test_lines_submitted_are_a_month_and_patients(command: str, typed: str, patients: list[str]) -> None:
    """All of the month's lines without patients; each patient once."""
    arguments = read(f"{command} {typed}").arguments
    assert isinstance(arguments, SubmittedArguments)
    assert (arguments.month, [patient.identity for patient in arguments.patients]) == (OCTOBER, patients)


@pytest.mark.parametrize(
    ("typed", "what", "day"),
    [
        ("MRN123 october identified 11/16", ClaimEventKind.IDENTIFIED, date(2026, 11, 16)),
        ("MRN123 identified 11/16 october", ClaimEventKind.IDENTIFIED, date(2026, 11, 16)),
        ("MRN123 october identified", ClaimEventKind.IDENTIFIED, date(2026, 11, 18)),
        ("123 2026-10 returned on 11/17", ClaimEventKind.RETURNED, date(2026, 11, 17)),
        ("october MRN123 investigating since yesterday", ClaimEventKind.INVESTIGATING, date(2026, 11, 17)),
        ("MRN123 last month investigated today", ClaimEventKind.INVESTIGATED, date(2026, 11, 18)),
        ("MRN123 october none", ClaimEventKind.DISMISSED, date(2026, 11, 18)),
    ],
)
def test_what_is_recorded_of_an_overpayment(typed: str, what: ClaimEventKind, day: date) -> None:
    """The patient, the line's month, the word, and its day: today without one."""
    arguments = read(f"overpaid {typed}").arguments
    assert isinstance(arguments, OverpaidArguments)
    word = arguments.word
    assert word is not None
    assert (word.patient.identity, word.month, word.what, word.day) == ("123", OCTOBER, what, day)


def test_overpaid_alone_lists_every_month() -> None:
    """Or one month."""
    assert read("overpaid").arguments == OverpaidArguments()
    assert read("overpaid october").arguments == OverpaidArguments(month=OCTOBER)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("submitted", {"no_month"}),
        ("submitted october foo", {"extra_words"}),
        ("overpaid MRN123", {"no_month", "one_word"}),
        ("overpaid MRN123 october", {"one_word"}),
        ("overpaid MRN123 october identified returned", {"one_word"}),
        ("overpaid october returned", {"no_patient"}),
        ("overpaid MRN123 october identified 12/25/2026", {"future"}),
        ("overpaid foo", {"extra_words"}),
    ],
)
def test_words_about_claims_that_cannot_be_read_are_named(text: str, codes: set[str]) -> None:
    """Each problem, and a line that fixes them."""
    parsed = read(text)
    assert {problem.code for problem in parsed.problems} == codes
