"""What is to change of an entry, as people say it: `+10m`, `5m more`, `less 5m`; and how they name the entry."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from billing.activities import Activity
from bot.grammar import ParseContext, Parsed, parse
from bot.grammar.call.entry import EntryArguments
from bot.grammar.call.search import SearchArguments
from bot.grammar.commands.confirm import ConfirmArguments
from bot.grammar.commands.edit import EditArguments
from bot.grammar.commands.split import SplitArguments
from bot.grammar.parsed import Intent
from services.entries.changes import LAST_ENTRY, EntryEdit
from tests.support.examples import is_whole

CONTEXT = ParseContext(now=datetime(2026, 11, 18, 20, 30, tzinfo=UTC), zone=ZoneInfo("America/New_York"))
RAN_OVER = "the call ran over"


def read(text: str) -> Parsed:
    return parse(text, CONTEXT)


def edit(entry_id: int = 2, minutes: float = 0, **more: object) -> EntryEdit:
    """An edit of entry e-36 by so many minutes."""
    return EntryEdit(entry_id=entry_id, added_seconds=int(minutes * 60) or None, **more)  # type: ignore[arg-type]


EDITS = {
    "edit e-36 +10m": edit(2, 10),
    "edit e-36 + 10 min": edit(2, 10),
    "edit e-36 -10m": edit(2, -10),
    "edit e-36 10m more": edit(2, 10),
    "edit e-36 10 more minutes": edit(2, 10),
    "edit e-36 ten more minutes": edit(2, 10),
    "edit e-36 add another 10 min": edit(2, 10),
    "edit e-36 an extra 10 minutes": edit(2, 10),
    "edit e-36 half an hour longer": edit(2, 30),
    "edit e-36 less 5m": edit(2, -5),
    "edit e-36 5 min less": edit(2, -5),
    "edit e-36 minus 5 min": edit(2, -5),
    "edit e-36 5 mins too long": edit(2, -5),
    "edit e-36 take off 5m": edit(2, -5),
    "edit e-36 shorten it by 5m": edit(2, -5),
    "edit e36 +10m": edit(2, 10),
    "edit E36 +10m": edit(2, 10),
    "edit 36 +10m": edit(2, 10),
    "edit entry 36 +10m": edit(2, 10),
    "edit last +10m": edit(LAST_ENTRY, 10),
    "edit my last entry +10m": edit(LAST_ENTRY, 10),
    "edit the last one 10m more": edit(LAST_ENTRY, 10),
    "edit that one 10m more": edit(LAST_ENTRY, 10),
    "edit last 25m": edit(LAST_ENTRY, seconds=1500),
    "edit 36 25m": edit(seconds=1500),
    "edit 36 2pm-2:25pm": edit(clock=(time(14), time(14, 25))),
    "edit last to yesterday": edit(LAST_ENTRY, service_date=date(2026, 11, 17)),
    "edit e-36 from 15 to 25m": edit(seconds=1500, stated_seconds=900),
    "edit e-36 15m -> 25m": edit(seconds=1500, stated_seconds=900),
    "edit e-36 25m not 15m": edit(seconds=1500, stated_seconds=900),
    f"edit e-36 +10m because {RAN_OVER}": edit(2, 10, reason=RAN_OVER),
    f"edit e-36 +10m, {RAN_OVER}": edit(2, 10, reason=RAN_OVER),
    f"edit e-36 +10m - {RAN_OVER}": edit(2, 10, reason=RAN_OVER),
    f"edit e-36 +10m ({RAN_OVER})": edit(2, 10, reason=RAN_OVER),
    "edit e-36 +10m, phone call ran over": edit(2, 10, reason="phone call ran over"),
    "edit e-36 25m, telehealth": edit(seconds=1500, activity=Activity.TELEHEALTH),
    "add 10m": edit(LAST_ENTRY, 10),
    "add 10m please": edit(LAST_ENTRY, 10),
    "please add another 10 minutes": edit(LAST_ENTRY, 10),
    "add 10 min to the last entry": edit(LAST_ENTRY, 10),
    "add 10m to it": edit(LAST_ENTRY, 10),
    "add 10m to e-36": edit(2, 10),
    "add 10m to 36": edit(2, 10),
    f"add 10m to e36, {RAN_OVER}": edit(2, 10, reason=RAN_OVER),
    f"add 10m because {RAN_OVER}": edit(LAST_ENTRY, 10, reason=RAN_OVER),
    "plus an hour": edit(LAST_ENTRY, 60),
    "+10m": edit(LAST_ENTRY, 10),
    "5m more": edit(LAST_ENTRY, 5),
    "5 more minutes": edit(LAST_ENTRY, 5),
    "and another 5 min": edit(LAST_ENTRY, 5),
    "less 5m": edit(LAST_ENTRY, -5),
    "-5m": edit(LAST_ENTRY, -5),
    "5m less": edit(LAST_ENTRY, -5),
    "take 5m off": edit(LAST_ENTRY, -5),
    "take 5m off the last one": edit(LAST_ENTRY, -5),
    "remove 5m from e-36": edit(2, -5),
    "change e36 +10m": edit(2, 10),
    "fix e-36 10m more": edit(2, 10),
    "edit e-36 25m +5m": edit(seconds=1800),
    "edit the last one e-36 +10m": edit(2, 10),
    "add 10m to 36 because e-48 was cut short": edit(2, 10, reason="e-48 was cut short"),
}


@pytest.mark.parametrize(("text", "wanted"), EDITS.items())
def test_a_change_of_length_is_understood(text: str, wanted: EntryEdit) -> None:
    """More and less are never taken for the whole length, nor the person's last entry for another one."""
    assert read(text).arguments == EditArguments(edit=wanted)


def test_a_sign_without_a_unit_is_minutes_and_that_is_said() -> None:
    """`edit e-36 +10` can be nothing else."""
    given = read("edit e-36 +10").arguments
    assert given == EditArguments(edit=edit(2, 10, remarks=("Read “+10” as minutes.",)))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("edit e-36 - 5m", "unclear_duration"),
        ("edit e-36 – 25m", "unclear_duration"),
        ("edit e-36 25m, 5m more", "two_durations"),
        ("edit e-36 +0m", "zero_duration"),
        ("edit e-36 +600m", "duration_too_long"),
        ("edit e-36 2 more", "unclear_duration"),
        ("edit +10m", "no_entry"),
        ("edit 37 25m", "no_entry"),
        ("edit last friday 25m", "no_entry"),
        ("edit last 2 entries 25m", "no_entry"),
        ("void e-36, e-48", "extra_words"),
        ("void e-36 and e-48", "extra_words"),
        ("void e36, e-48", "no_such_entry"),
        ("void last, e-48", "no_such_entry"),
        ("history e-36, e-48", "no_such_entry"),
        ("void last friday's entry", "no_entry"),
        ("void e37 duplicate", "no_such_entry"),
    ],
)
def test_what_may_mean_two_things_is_refused_with_a_line_that_works(text: str, code: str) -> None:
    """Nothing is changed by a guess."""
    parsed = read(text)
    assert parsed.problems[0].code.value == code
    assert all(not is_whole(problem.example) or read(problem.example).ok for problem in parsed.problems)


@pytest.mark.parametrize(
    ("text", "entry_id"),
    [
        ("e-36", 2),
        ("e36", 2),
        ("e 36", 2),
        ("36", 2),
        ("last", LAST_ENTRY),
        ("the last one", LAST_ENTRY),
        ("my last entry", LAST_ENTRY),
    ],
)
def test_every_command_takes_every_form_of_a_reference(text: str, entry_id: int) -> None:
    """`e-36`, `e36`, `36` and `last`, wherever an entry is named."""
    assert read(f"history {text}").arguments == EntryArguments(entry_id=entry_id)
    assert read(f"void {text} duplicate").arguments == EntryArguments(entry_id=entry_id, reason="duplicate")
    parts = read(f"split {text} 10m MRN1 / 5m MRN2").arguments
    assert isinstance(parts, SplitArguments)
    assert parts.split.entry_id == entry_id


def test_a_reason_may_name_another_entry() -> None:
    """`void e-36 duplicate of e-45` voids one."""
    given = read("void e-36 duplicate of e-45").arguments
    assert given == EntryArguments(entry_id=2, reason="duplicate of e-45")


@pytest.mark.parametrize(
    "text",
    ["add 10m MRN123", "add 15m MRN123 phone", "10m more MRN123 call", "15m MRN123 phone, more to come"],
)
def test_a_line_with_a_patient_is_still_a_log(text: str) -> None:
    """Only a line about no patient changes the last entry."""
    assert read(text).command == "log"


@pytest.mark.parametrize("text", ["add 15m phone call", "less sleep, 15m call", "-5m phone check-in"])
def test_words_beside_the_length_are_no_change_of_the_last_entry(text: str) -> None:
    """Somebody forgot the patient: that is said, and nothing is added to what they wrote last."""
    parsed = read(text)
    assert parsed.command == "log"
    assert not parsed.ok


@pytest.mark.parametrize("text", ["36 duplicate of e-48", "e36 duplicate of e-48"])
def test_the_entry_named_first_is_meant(text: str) -> None:
    """However it is written: a reason may name another one in full."""
    given = read(f"void {text}").arguments
    assert given == EntryArguments(entry_id=2, reason="duplicate of e-48")
    last = read("void last one duplicate of e-48").arguments
    assert last == EntryArguments(entry_id=LAST_ENTRY, reason="duplicate of e-48")


def test_more_of_an_entry_named_in_a_reason_is_no_change_of_it() -> None:
    """`add 10m because e-36 was cut short` does not say which entry grows."""
    assert not read("add 10m because e-36 was cut short").ok


@pytest.mark.parametrize("text", ["add 10m", "5m more", "less 5m", "-5m", "remove 5m from e-36"])
def test_a_change_of_length_is_a_correction(text: str) -> None:
    """It is counted as one, and never as time logged."""
    assert read(text).intent is Intent.CORRECTION


@pytest.mark.parametrize("text", ["5m less?", "add 10m?", "should I take 5m off?"])
def test_a_question_about_a_length_changes_nothing(text: str) -> None:
    """Whoever asks is not taken at their word."""
    assert read(text).command != "edit"


@pytest.mark.parametrize(
    "text",
    [
        "take 5m off MRN123",
        "remove 5 min from MRN123",
        "please subtract 5m from #123 call",
        "cut 5m from MRN123",
        "shorten MRN123 by 5m",
        "knock 5m off MRN123",
    ],
)
def test_taking_time_off_a_patient_never_logs_more(text: str) -> None:
    """The entries that may be meant are listed."""
    parsed = read(text)
    assert parsed.command == "correct"
    assert isinstance(parsed.arguments, SearchArguments)
    assert len(parsed.arguments.search.patients) == 1


@pytest.mark.parametrize(
    ("text", "entry_id", "answer", "activity"),
    [
        ("confirm e-36 care management", 2, "care_management", None),
        ("confirm 36 care mgmt", 2, "care_management", None),
        ("confirm e-36 it was billed separately", 2, "billed_separately", None),
        ("confirm e-36 clerical work", 2, "clerical", None),
        ("confirm last clerical", 0, "clerical", None),
        ("confirm e-36 another contact", 2, "another_contact", None),
        ("confirm e-36 the same", 2, "the_same", None),
        ("confirm e-36 duplicate", 2, "the_same", None),
        ("confirm e-36 #counseling", 2, None, "counseling"),
        ("confirm e-36 psychotherapy", 2, None, "psychotherapy"),
    ],
)
def test_confirm_takes_the_answer_to_a_held_entry(
    text: str, entry_id: int, answer: str | None, activity: str | None
) -> None:
    """In the words of the buttons, or as a kind of work."""
    parsed = parse(text, CONTEXT)
    assert isinstance(parsed.arguments, ConfirmArguments)
    assert (parsed.arguments.entry_id, parsed.arguments.answer, parsed.arguments.activity) == (
        entry_id,
        answer,
        activity,
    )


@pytest.mark.parametrize(
    "text",
    [
        "confirm e-36 clerical banana",
        "confirm e-36 care management billed separately",
        "confirm e-36 e-48 clerical",
        "confirm e-36 #phone #counseling",
        "confirm e-36 15m clerical",
    ],
)
def test_confirm_refuses_what_it_does_not_know(text: str) -> None:
    """Each word counts, and two answers are none."""
    assert not parse(text, CONTEXT).ok


@pytest.mark.parametrize("text", ["confirm", "confirm e-36", "confirm MRN123", "confirm care management"])
def test_confirm_without_an_answer_lists_what_is_held(text: str) -> None:
    """All, or those of an entry or a patient."""
    arguments = parse(text, CONTEXT).arguments
    assert isinstance(arguments, SearchArguments)
    assert arguments.search.held
