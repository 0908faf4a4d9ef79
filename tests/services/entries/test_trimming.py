"""An overlap's way out takes off an entry only what another entry holds, however old the button is."""

from datetime import UTC, datetime, timedelta

import pytest

from billing.people import Member
from services.entries import amend, log, trimming, void
from services.entries.changes import EntryEdit
from services.entries.receipts import Receipt
from services.entries.trimming import Edge, Trim
from services.errors import CannotCorrect
from storage import Database
from tests.support.practice import TryPractice, asked, draft

TEN = datetime(2026, 11, 18, 13, 0, tzinfo=UTC)


@pytest.fixture
def practice(database: Database) -> TryPractice:
    found = TryPractice(database)
    found.patient("123")
    found.patient("124")
    return found


@pytest.fixture
def ana(practice: TryPractice) -> Member:
    return practice.member("Ana Flores")


def clocked(practice: TryPractice, ana: Member, identity: str, begin: int, minutes: int) -> int:
    """An entry from so many minutes after ten."""
    start = TEN + timedelta(minutes=begin)
    end = start + timedelta(minutes=minutes)
    made = practice.do(log.log, ana, draft(asked(identity, minutes, started_at=start, ended_at=end)))
    assert isinstance(made, Receipt)
    return made.entries[0].entry.entry_id


def minutes(practice: TryPractice, ana: Member, entry_id: int) -> int:
    return practice.see(amend.view, ana, entry_id).entry.seconds // 60


def test_an_entry_is_trimmed_once(practice: TryPractice, ana: Member) -> None:
    """Its start moves to the other's end; the same press again changes nothing."""
    clocked(practice, ana, "124", 0, 20)
    later = clocked(practice, ana, "123", 10, 30)
    move = Trim(edge=Edge.START, at=TEN + timedelta(minutes=20))
    practice.do(trimming.trim, ana, later, move)
    assert minutes(practice, ana, later) == 20
    with pytest.raises(CannotCorrect):
        practice.do(trimming.trim, ana, later, move)
    assert minutes(practice, ana, later) == 20


def test_the_other_entry_is_gone(practice: TryPractice, ana: Member) -> None:
    """All of the time counts by now, so an old button takes nothing off."""
    other = clocked(practice, ana, "124", 0, 20)
    later = clocked(practice, ana, "123", 10, 30)
    practice.do(void.void, ana, other, "wrong patient")
    with pytest.raises(CannotCorrect, match="all of it counts"):
        practice.do(trimming.trim, ana, later, Trim(edge=Edge.START, at=TEN + timedelta(minutes=20)))
    assert minutes(practice, ana, later) == 30


def test_the_other_entry_was_shortened(practice: TryPractice, ana: Member) -> None:
    """What is shared is less than the button says; whoever presses it is told to look again."""
    other = clocked(practice, ana, "124", 0, 20)
    later = clocked(practice, ana, "123", 10, 30)
    practice.do(amend.edit, ana, EntryEdit(entry_id=other, seconds=900, reason="it was less"))
    with pytest.raises(CannotCorrect):
        practice.do(trimming.trim, ana, later, Trim(edge=Edge.START, at=TEN + timedelta(minutes=20)))
    assert minutes(practice, ana, later) == 30


@pytest.mark.parametrize("edge", list(Edge))
@pytest.mark.parametrize("at", [-60, 0, 5, 15, 25, 30, 35, 40, 600])
def test_a_move_that_was_never_offered(practice: TryPractice, ana: Member, edge: Edge, at: int) -> None:
    """A value that no screen made takes off nothing that counts."""
    clocked(practice, ana, "124", 0, 20)
    later = clocked(practice, ana, "123", 10, 30)
    move = Trim(edge=edge, at=TEN + timedelta(minutes=at))
    try:
        practice.do(trimming.trim, ana, later, move)
    except CannotCorrect:
        assert minutes(practice, ana, later) == 30
    else:
        assert edge is Edge.START
        assert at == 15
        assert minutes(practice, ana, later) == 25
