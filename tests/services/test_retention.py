"""Old notes go only when they may: told a month before, closed months alone, none on hold, and still to be proven."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest

from billing.people import Member, MemberRole, Patient
from services.checks import verify
from services.context import Context
from services.messages import old_notes
from services.messages.revisions import close_month
from services.people.patient_ref import PatientRef
from services.practice import retention
from services.practice.retention import NOTICE, CannotHold, Outlook
from services.practice.settings import CannotSet, SettingRequest
from services.practice.settings import carry_out as set_setting
from storage import Database
from tests.support.reporting import OCTOBER, ReportedPractice

#: Ten years after the month, and a little.
LATER = datetime.fromisoformat("2036-11-15T15:00:00+00:00")


class Kept:
    """A practice whose October of 2026 is closed, and which lives ten years later."""

    def __init__(self, database: Database) -> None:
        self.house = ReportedPractice(database)
        self.patient = self.house.billable("101")
        self.other = self.house.billable("102")
        self.admin = self.house.member("Kim Adams", MemberRole.ADMIN, slack="U0KIM")
        self.house.do(close_month, self.house.sam, OCTOBER)
        self.house.works(self.patient, 10, date(2026, 11, 3), note="of a month that is open")
        self.house.at(LATER)

    def keeps(self, text: str) -> None:
        self.house.do(set_setting, self.admin, SettingRequest(text=f"keep_notes_years {text}"))

    def looks(self) -> None:
        """What the scheduler does each day."""
        if self.house.do(old_notes.look):
            while self.house.do(retention.remove_some):
                pass

    def pass_(self, span: timedelta) -> None:
        self.house.at(self.house.clock.now() + span)

    def outlook(self) -> Outlook:
        return self.house.see(retention.outlook)

    def notes(self, patient: Patient) -> set[str]:
        """All words of a patient's entries."""

        def read(context: Context) -> set[str]:
            ledger = context.uow.ledger
            entries = ledger.patient_month(patient.patient_id, date(2026, 10, 1), date(2026, 12, 31))
            return {version.note for entry in entries for version in ledger.versions(entry.entry_id)}

        return self.house.see(read)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def kept(request: pytest.FixtureRequest) -> Iterator[Kept]:
    """The same practice on each of the two databases."""
    database = Database.open(request.getfixturevalue(f"{request.param}_url"))
    yield Kept(database)
    database.close()


@pytest.fixture
def kept_here(sqlite_url: str) -> Iterator[Kept]:
    """The same on SQLite, for what no database does otherwise."""
    database = Database.open(sqlite_url)
    yield Kept(database)
    database.close()


def ref(patient: Patient) -> PatientRef:
    return PatientRef(text=patient.mrn, identity=patient.identity)


def test_notes_are_kept_forever_where_nobody_said_otherwise(kept_here: Kept) -> None:
    """However old they are."""
    kept_here.looks()
    kept_here.pass_(NOTICE + timedelta(days=1))
    kept_here.looks()
    assert kept_here.outlook().years is None
    assert not any("removed" in note for note in kept_here.notes(kept_here.patient))


@pytest.mark.parametrize("years", ["9", "1", "0", "101", "ten"])
def test_notes_cannot_be_kept_for_less_than_ten_years(kept_here: Kept, years: str) -> None:
    """The refusal says why."""
    with pytest.raises(CannotSet, match="notes are the evidence of claims"):
        kept_here.keeps(years)


def test_old_notes_of_closed_months_go_a_month_after_administrators_were_told(kept: Kept) -> None:
    """Words go, and say so; minutes stand, the chain holds, and the open month is left alone."""
    before = kept.notes(kept.patient)
    figures = kept.house.report().lines
    kept.keeps("10 years")
    would_go = kept.outlook().notes
    assert would_go > 0
    kept.looks()
    announced = kept.outlook().announced
    assert announced is not None
    assert announced.due_on == date(2036, 11, 15) + NOTICE
    kept.pass_(NOTICE - timedelta(days=1))
    kept.looks()
    assert kept.notes(kept.patient) == before
    kept.pass_(timedelta(days=1))
    kept.looks()
    said = "removed on Dec 15, 2036 under the practice's retention of 10 years"
    assert kept.notes(kept.patient) - {""} == {said, "of a month that is open"}
    assert kept.house.report().lines == figures
    found = kept.house.see(verify)
    assert (found.changed, found.totals) == ((), ())
    assert [one.notes for one in found.removals] == [would_go]
    (done,) = kept.outlook().done
    assert (done.notes, kept.outlook().notes) == (would_go, 0)


def test_a_patient_on_hold_keeps_all_notes(kept_here: Kept) -> None:
    """Until they are released; a hold says why and is had once."""
    kept_here.keeps("10")
    kept_here.house.do(retention.hold, kept_here.admin, ref(kept_here.patient), "a court asked for them")
    with pytest.raises(CannotHold, match="on hold already"):
        kept_here.house.do(retention.hold, kept_here.admin, ref(kept_here.patient), "again")
    with pytest.raises(CannotHold, match="Say why"):
        kept_here.house.do(retention.hold, kept_here.admin, ref(kept_here.other), " ")
    before = kept_here.notes(kept_here.patient)
    kept_here.looks()
    kept_here.pass_(NOTICE)
    kept_here.looks()
    assert kept_here.notes(kept_here.patient) == before
    assert any("removed" in note for note in kept_here.notes(kept_here.other))
    kept_here.house.do(retention.release, kept_here.admin, ref(kept_here.patient))
    kept_here.pass_(timedelta(days=1))
    kept_here.looks()
    kept_here.pass_(NOTICE)
    kept_here.looks()
    assert any("removed" in note for note in kept_here.notes(kept_here.patient))


def test_whoever_keeps_notes_longer_is_obeyed_at_once(kept_here: Kept) -> None:
    """What was announced is given up, and nothing goes."""
    before = kept_here.notes(kept_here.patient)
    kept_here.keeps("10")
    kept_here.looks()
    kept_here.pass_(NOTICE - timedelta(days=1))
    kept_here.keeps("forever")
    kept_here.pass_(timedelta(days=1))
    kept_here.looks()
    assert kept_here.notes(kept_here.patient) == before
    assert kept_here.outlook().announced is None


def test_only_administrators_hold_and_release(kept_here: Kept) -> None:
    """Nobody else keeps, or lets go of, a patient's notes."""
    ana: Member = kept_here.house.ana
    with pytest.raises(Exception, match="administrator"):
        kept_here.house.do(retention.hold, ana, ref(kept_here.patient), "for the court")
