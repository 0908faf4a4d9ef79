"""`why`: a month explained, entry by entry."""

from collections.abc import Iterator
from datetime import date

import pytest

from billing.activities import Activity
from billing.people import MemberRole
from bot.screens import why as why_screen
from services.errors import UnknownPatient
from services.messages.revisions import close_month
from services.months.addenda import AddendumKind
from services.months.why import why
from services.people.patient_ref import PatientRef
from storage import Database
from tests.support.reporting import OCTOBER, ReportedPractice

REF = PatientRef(text="MRN123", identity="123")


@pytest.fixture
def practice(database: Database) -> Iterator[ReportedPractice]:
    return ReportedPractice(database)


def test_each_entry_says_whether_it_counts_and_what_it_reached(practice: ReportedPractice) -> None:
    """Counted or not and why, the running total, the code reached, and what is missing."""
    patient = practice.enrolled()
    practice.works(patient, 40, date(2026, 10, 5), note="long call")
    practice.works(patient, 30, date(2026, 10, 6), activity=Activity.ADMIN)
    practice.works(patient, 25, date(2026, 10, 7))
    told = practice.see(why, practice.ana, REF, OCTOBER)
    entries = told.explanation.entries
    assert [entry.counted_seconds // 60 for entry in entries] == [40, 0, 25]
    assert [entry.running_seconds // 60 for entry in entries] == [40, 40, 65]
    assert [excluded.reason.label for excluded in entries[1].excluded] == ["administrative work"]
    assert [charge.code for charge in entries[2].reached] == ["99493"]
    assert [finding.code for finding in told.explanation.missing] == ["review_missing"]
    assert told.notes[entries[0].entry_id] == "long call"
    assert told.members[practice.ana.member_id].display_name == "Ana Flores"


def test_the_month_it_is_for_the_person_is_meant_without_another(practice: ReportedPractice) -> None:
    """On 18 November `why MRN123` is about November."""
    patient = practice.enrolled()
    practice.works(patient, 15, date(2026, 11, 3))
    assert str(practice.see(why, practice.ana, REF).month) == "2026-11"


def test_a_closed_month_is_explained_as_it_was_frozen(practice: ReportedPractice) -> None:
    """What came after the close is told apart."""
    patient = practice.billable(minutes=62)
    practice.do(close_month, practice.sam, OCTOBER)
    added = practice.works(patient, 30, date(2026, 10, 20))
    told = practice.see(why, practice.ana, REF, OCTOBER)
    assert told.explanation.counted_seconds == 62 * 60
    assert [(one.kind, one.entry_id) for one in told.addenda] == [(AddendumKind.ADDED, added.entry_id)]


def test_a_patient_without_a_frozen_line_counts_nowhere(practice: ReportedPractice) -> None:
    """All that is logged for somebody whom the closed month does not hold is an addendum, and said to be."""
    practice.billable(minutes=62)
    practice.do(close_month, practice.sam, OCTOBER)
    practice.works(practice.patient("124"), 30, date(2026, 10, 20))
    told = practice.see(why, practice.ana, PatientRef(text="MRN124", identity="124"), OCTOBER)
    assert told.all_since_close
    said = why_screen.heading(told)
    assert "1 entry, 30 min logged since the close: in no total until the month is closed again." in said
    assert "Not in the closed month" in said
    assert "all counted" not in said
    assert not practice.see(why, practice.ana, REF, OCTOBER).all_since_close


def test_compliance_findings_are_for_supervisors(practice: ReportedPractice) -> None:
    """The person whose entry carried the month over on its last day is not told by `why`; a supervisor is."""
    chloe = practice.member("Chloe", MemberRole.SUPERVISOR)
    patient = practice.enrolled()
    practice.works(patient, 40, date(2026, 10, 5))
    practice.works(patient, 25, date(2026, 10, 31))
    practice.reviews(patient, date(2026, 10, 7))

    def codes(member: object) -> set[str]:
        told = practice.see(why, member, REF, OCTOBER)  # type: ignore[arg-type]
        in_entries = {code for entry in told.explanation.entries for code in entry.findings}
        return {finding.code for finding in told.explanation.remarks} | in_entries

    hidden = codes(chloe) - codes(practice.ana)
    assert hidden == {"last_day_decisive"}


def test_an_unknown_patient_is_asked_about(practice: ReportedPractice) -> None:
    """Near ones are named."""
    practice.enrolled("12345")
    with pytest.raises(UnknownPatient, match="MRN12345"):
        practice.see(why, practice.ana, PatientRef(text="MRN12354", identity="12354"), OCTOBER)
