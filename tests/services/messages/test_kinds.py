"""The rows of scheduled messages: complete, of stable names, and each period read back as it was named."""

from datetime import date, timedelta

import pytest

from billing.months import BillingMonth
from services.messages import kinds
from services.messages.days import WORKING_DAYS
from services.messages.kind import THAT_DAY, AnyKind, DirectMessage, Kind, Part
from services.messages.kinds import CALENDAR, KINDS, MORNING, REVISION, TROUBLE, title_of

WEDNESDAY = date(2026, 11, 18)


def test_every_row_is_in_the_table_under_a_name_of_its_own() -> None:
    """A row that is written but not listed, or that shares its name, would never be sent."""
    rows = [value for value in vars(kinds).values() if isinstance(value, Kind)]
    assert sorted(row.name for row in rows) == sorted(KINDS)


def test_names_are_the_words_that_practices_have_stored() -> None:
    """Choices and deliveries of earlier versions go on to mean what they meant."""
    assert set(KINDS) >= {
        "digest",
        "audit",
        "audit_summary",
        "true_up",
        "missing_entries",
        "preview",
        "month_end",
        "close_reminder",
        "revision",
        "trouble",
    }


@pytest.mark.parametrize("name", ["", "month:end", "Digest", "month end", "digest_"])
def test_a_name_that_periods_could_not_begin_with_is_refused(name: str) -> None:
    """The period is split at its first colon."""
    with pytest.raises(ValueError, match="cannot name a kind"):
        DirectMessage(name=name, title="x", subject=str, content=lambda *_: None)


@pytest.mark.parametrize("kind", CALENDAR, ids=lambda kind: kind.name)
def test_what_a_message_is_about_is_read_back_from_its_period(kind: AnyKind) -> None:
    """The day itself, the Monday of the week before, the month."""
    about = kind.subject(CALENDAR[kind].period(WEDNESDAY))
    assert about in {WEDNESDAY, date(2026, 11, 9), BillingMonth(2026, 11), BillingMonth(2026, 10)}


def test_what_an_event_brings_about_is_read_back_from_its_period() -> None:
    """The month and its revision; the reason why something cannot be delivered."""
    assert REVISION.subject("2026-10:2") == (BillingMonth(2026, 10), 2)
    assert TROUBLE.subject("not_in_channel:2026-11-18") == "not_in_channel"


def test_what_is_of_use_on_its_day_alone_is_about_that_day_or_the_month_that_runs() -> None:
    """All else may come later: it is about what is over."""
    alone = {kind.name for kind in KINDS.values() if kind.useful == THAT_DAY}
    assert alone == {"digest", "true_up", "missing_entries", "preview"}
    assert all(kind.useful > timedelta(0) for kind in KINDS.values() if kind.name not in alone)


def test_the_morning_is_what_one_time_moves() -> None:
    """One message, whose parts keep the names under which choices were stored."""
    assert {"digest", "audit", "audit_summary", "true_up", "pace"} == MORNING
    in_morning = [kind for kind, when in CALENDAR.items() if when.in_morning]
    assert [kind.name for kind in in_morning] == ["digest"]


@pytest.mark.parametrize("name", ["audit", "audit_summary", "true_up"])
def test_what_an_earlier_version_planned_is_silent(name: str) -> None:
    """It is known, is planned no more, and has nothing to say: the morning message says it."""
    kind = KINDS[name]
    assert isinstance(kind, DirectMessage)
    assert kind not in CALENDAR
    subject = "2026-11-18" if name == "true_up" else "2026-W46"
    assert kind.content(None, None, kind.subject(subject)) is None  # type: ignore[arg-type]


def test_files_come_after_their_message() -> None:
    """The month end and its revisions have both; all else is one message."""
    with_files = {name for name, kind in KINDS.items() if kind.parts != (Part.MESSAGE,)}
    assert with_files == {"month_end", "revision"}
    assert {KINDS[name].parts for name in with_files} == {(Part.MESSAGE, Part.XLSX, Part.CSV)}


def test_a_kind_of_another_version_is_called_by_its_name() -> None:
    """Two versions may share an outbox while one takes the other's place."""
    assert title_of("digest") == "morning message"
    assert title_of("brand_new") == "brand_new"


def test_days_are_told_apart_by_the_practice_s_own_calendar() -> None:
    """A day off is no working day."""
    assert WORKING_DAYS.include(WEDNESDAY, frozenset())
    assert not WORKING_DAYS.include(WEDNESDAY, frozenset({WEDNESDAY}))
