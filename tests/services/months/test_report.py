"""The month report: every patient's line, and the proof that nothing that was read is missing."""

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from billing.activities import Activity, ActivitySource
from billing.clinical import AttestationKind
from billing.episodes import Consent, ConsentKind, Episode
from billing.evaluate import LineStatus
from billing.months import BillingMonth
from billing.people import Role
from billing.rules import ConsultantMinutes, InitialPolicy, PracticeRules
from services.context import Context
from services.messages.revisions import close_month
from services.months.close import reopen_month
from services.months.judge import judge_month
from services.months.report import MonthReport
from storage import Database
from tests.support.files import entries_csv, loaded, sample_entries, sample_patients, sample_rows
from tests.support.reporting import NOVEMBER, OCTOBER, ReportedPractice


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def practice(request: pytest.FixtureRequest) -> Iterator[ReportedPractice]:
    """The same practice on each of the two databases."""
    database = Database.open(request.getfixturevalue(f"{request.param}_url"))
    yield ReportedPractice(database)
    database.close()


@pytest.fixture
def on_sqlite(database: Database) -> ReportedPractice:
    return ReportedPractice(database)


def reconciles(report: MonthReport) -> bool:
    """Read is counted and excluded together, in entries and in seconds."""
    found = report.completeness
    return (
        found.entries_read == found.entries_counted + sum(found.entries_excluded.values())
        and found.seconds_read == found.seconds_counted + sum(found.seconds_excluded.values())
        and found.seconds_counted == sum(line.result.counted_seconds for line in report.lines)
    )


def codes(report: MonthReport, line: int = 0) -> set[str]:
    return {finding.code for finding in report.lines[line].result.findings}


def test_the_sample_report_comes_out_again(practice: ReportedPractice) -> None:
    """Patients and entries made from 30 lines give those lines back, in their order, each code earned."""
    loaded(practice, "patients", sample_patients())
    loaded(practice, "entries", sample_entries())
    report = practice.report(BillingMonth(2024, 1), BillingMonth(2024, 9))
    rows = sample_rows()
    assert len(report.lines) == len(rows) == 30
    for line, row in zip(report.lines, rows, strict=True):
        month, _, year = row["Date"].split("/")
        assert (line.patient.mrn, line.month) == (row["MRN"], BillingMonth(int(year), int(month)))
        assert abs(line.result.counted_seconds / 60 - float(row["Minutes"])) <= 0.017
        assert bool(line.units("99492")) == (row["99492"] == "TRUE")
        assert bool(line.units("99493")) == (row["99493"] == "TRUE")
        assert line.units("99494") == int(row["99494"])
    assert report.totals.billable == {}
    assert report.totals.estimated_usd == 0
    assert all(codes(report, place) >= {"consent_missing", "npi_invalid"} for place in range(30))
    assert reconciles(report)


def test_a_month_with_everything_it_needs_is_billable_and_priced(practice: ReportedPractice) -> None:
    """Sixty-two minutes, a review, consent: 99493 at Medicare's rate of its date of service, and no blocker."""
    practice.billable()
    report = practice.report()
    (line,) = report.lines
    assert line.result.status is LineStatus.BILLABLE, codes(report)
    assert [(charge.code, charge.units) for charge in line.result.billable] == [("99493", 1)]
    assert line.estimate.amount == report.totals.estimated_usd == Decimal("144.96")
    assert (line.consent_on, line.last_review_on) == (date(2026, 8, 3), date(2026, 10, 15))
    assert report.totals.billable == {"99493": 1}
    assert [(one.payer, one.billable_lines) for one in report.totals.payers] == [("Lakeside", 1)]
    assert reconciles(report)


def test_totals_have_each_payer_once(practice: ReportedPractice) -> None:
    """Under whatever name a patient's payer stands there; of one without rules in any case, as first written."""
    for identity, payer in enumerate(
        ("MCR B", "medicare", "Cedar Health", "cedar  health", "UHC", "United Healthcare", "", ""), start=201
    ):
        practice.works(practice.enrolled(f"{identity}", payer=payer), 10, date(2026, 10, 5))
    totals = practice.report().totals.payers
    assert [(one.payer, one.lines) for one in totals] == [
        ("", 2),
        ("Cedar Health", 2),
        ("Medicare", 2),
        ("UnitedHealthcare", 2),
    ]


def test_every_fact_on_record_reaches_the_line(practice: ReportedPractice) -> None:
    """Scores, stays, attestations and other services change a line as the rules say."""
    patient = practice.billable(minutes=64)
    practice.is_billed_for(patient, "96127", date(2026, 10, 7))
    practice.works(
        patient,
        30,
        date(2026, 10, 20),
        role=Role.CONSULTANT,
        performed_by=practice.cho.member_id,
        activity=Activity.CASE_REVIEW,
    )
    assert "screening_same_claim" in codes(practice.report())
    first = practice.enrolled("200", enrolled_on=date(2026, 10, 2), initial_assessment_on=date(2026, 10, 2))
    practice.works(first, 80, date(2026, 10, 9))
    practice.reviews(first, date(2026, 10, 15))
    assert "scale_missing" in codes(practice.report(), 1)
    practice.scores(first, date(2026, 10, 2))
    assert "scale_missing" not in codes(practice.report(), 1)


def test_an_attestation_lets_a_late_month_go(practice: ReportedPractice) -> None:
    """Held until somebody vouches for the late time, and billable after."""
    patient = practice.enrolled()
    practice.works(patient, 65, date(2026, 10, 5), recorded_on=date(2026, 10, 20))
    practice.reviews(patient, date(2026, 10, 12))
    held = practice.report()
    assert held.lines[0].result.status is LineStatus.BLOCKED
    assert (held.lines[0].late_entries, held.totals.late_entries) == (1, 1)
    practice.attests(patient, OCTOBER, AttestationKind.LATE_TIME)
    assert practice.report().lines[0].result.status is LineStatus.BILLABLE


def test_one_persons_clock_counts_once_across_patients(practice: ReportedPractice) -> None:
    """Two patients at two o'clock: the entry written later loses the time, in the report and on its own alike."""
    start = datetime(2026, 10, 6, 18, 0, tzinfo=UTC)
    first, second = practice.enrolled("1"), practice.enrolled("2")
    for patient, minute in ((first, 0), (second, 20)):
        began = start.replace(minute=minute)
        practice.works(
            patient, 30, date(2026, 10, 6), started_at=began, ended_at=began + timedelta(minutes=30)
        )
    report = practice.report()
    assert [line.result.counted_seconds for line in report.lines] == [1800, 1200]
    assert report.completeness.seconds_excluded == {"overlap": 600}
    for line in report.lines:
        alone = practice.see(judge_month, line.patient, OCTOBER)
        assert alone.result.counted_seconds == line.result.counted_seconds
    assert reconciles(report)


def test_the_same_words_for_many_patients_are_seen_across_them(practice: ReportedPractice) -> None:
    """Three patients with one note: a finding for supervisors on each line."""
    for identity in ("1", "2", "3"):
        practice.works(practice.enrolled(identity), 10, date(2026, 10, 6), note="did care coordination")
    practice.works(practice.enrolled("4"), 10, date(2026, 10, 6), note="quite another note")
    report = practice.report()
    assert ["repeated_words" in codes(report, place) for place in range(4)] == [True, True, True, False]


def test_what_does_not_count_is_counted_apart(practice: ReportedPractice) -> None:
    """Every entry read is either counted or excluded for a reason."""
    patient = practice.enrolled()
    practice.works(patient, 20, date(2026, 10, 6))
    practice.works(patient, 20, date(2026, 10, 7), activity=Activity.ADMIN)
    practice.works(
        patient,
        20,
        date(2026, 10, 8),
        activity=Activity.PSYCHOTHERAPY,
        activity_source=ActivitySource.INFERRED,
    )
    report = practice.report()
    assert report.completeness.entries_excluded == {"held": 1, "admin": 1}
    assert (report.completeness.entries_read, report.completeness.entries_counted) == (3, 1)
    assert reconciles(report)


@pytest.mark.parametrize("setting", list(ConsultantMinutes))
def test_the_consultants_minutes_are_shown_as_worked(
    practice: ReportedPractice, setting: ConsultantMinutes
) -> None:
    """Whether they count or not, the line shows them apart (R-202)."""
    practice.set(rules=PracticeRules(consultant_minutes=setting))
    patient = practice.enrolled()
    practice.works(patient, 50, date(2026, 10, 6))
    practice.works(patient, 10, date(2026, 10, 7), role=Role.CONSULTANT, performed_by=practice.cho.member_id)
    (line,) = practice.report().lines
    assert line.consultant_seconds == 600
    assert line.result.excluded_seconds == (0 if setting is ConsultantMinutes.COUNT else 600)


def test_a_patient_without_an_episode_has_a_line(practice: ReportedPractice) -> None:
    """Time for somebody never enrolled is shown, with what to do."""
    loaded(practice, "entries", entries_csv({"mrn": "900", "service_date": "2026-10-03", "minutes": "75"}))
    report = practice.report()
    assert report.lines[0].episode is None
    assert report.lines[0].result.status is LineStatus.BLOCKED
    assert "not_enrolled" in codes(report)
    assert reconciles(report)


def test_a_corrupt_entry_is_named_and_shortens_nothing(on_sqlite: ReportedPractice, tmp_path: Path) -> None:
    """Damage of any kind to single entries: the report has all others, and names each damaged one."""
    practice = on_sqlite
    patient = practice.billable(minutes=64)
    damage = {
        "seconds = 'abc'": "cannot be read",
        "seconds = -5": "not a possible length",
        "seconds = 12.5": "cannot be read",
        "seconds = 999999": "not a possible length",
        "activity = 'juggling'": "cannot be read",
        "service_date = 'yesterday'": "no date of service",
        "service_date = '2026-02-31'": "no date of service",
        "recorded_at = '?'": "cannot be read",
        "participants = 'Ana'": "cannot be read",
    }
    entries = [practice.works(patient, 10, date(2026, 10, 21)) for _ in damage]
    practice.database.close()
    with sqlite3.connect(tmp_path / "cocm.db") as connection:
        for entry, change in zip(entries, damage, strict=True):
            connection.execute(f"UPDATE current_entry SET {change} WHERE entry_id = ?", (entry.entry_id,))
    connection.close()
    database = Database.open(f"sqlite:///{tmp_path / 'cocm.db'}")
    practice.database = database
    report = practice.report()
    database.close()
    (line,) = report.lines
    assert line.result.counted_seconds == 64 * 60
    named = {corrupt.entry_id: corrupt.message for corrupt in report.completeness.corrupt}
    assert named.keys() == {entry.entry_id for entry in entries}
    for entry, said in zip(entries, damage.values(), strict=True):
        assert said in named[entry.entry_id]
    assert report.completeness.entries_excluded == {"corrupt": len(damage)}
    assert report.completeness.entries_read == len(damage) + 2
    assert reconciles(report)


def test_first_month_reached_looks_back(practice: ReportedPractice) -> None:
    """Where 99492 goes to the first month that reaches it, the report and the single month agree."""
    practice.set(rules=PracticeRules(initial_policy=InitialPolicy.FIRST_MONTH_REACHED))
    patient = practice.enrolled(enrolled_on=date(2026, 8, 3))
    practice.works(patient, 40, date(2026, 8, 10))
    practice.works(patient, 75, date(2026, 9, 10))
    practice.works(patient, 75, date(2026, 10, 10))
    whole = practice.report(BillingMonth(2026, 8), OCTOBER)
    assert [[charge.code for charge in line.result.earned] for line in whole.lines] == [
        ["99493"],
        ["99492"],
        [],
    ]
    (october,) = practice.report().lines
    assert [charge.code for charge in october.result.earned] == ["99493"]
    alone = practice.see(judge_month, patient, OCTOBER)
    assert replace(alone.result, verdicts=()) == october.result


def test_one_month_alone_is_the_month_in_the_report(practice: ReportedPractice) -> None:
    """What a receipt is told and what the report says are one and the same, whatever is on file."""
    plain = practice.billable("1")
    long = practice.enrolled(
        "2", enrolled_on=date(2025, 3, 3), initial_assessment_on=date(2025, 3, 3), outside_therapist=True
    )
    practice.works(long, 61, date(2025, 3, 10))
    practice.works(long, 61, date(2026, 10, 14))
    practice.is_billed_for(long, "96127", date(2026, 10, 14))
    new = practice.enrolled("3", enrolled_on=date(2026, 10, 1), initial_assessment_on=date(2026, 10, 1))
    practice.works(new, 75, date(2026, 10, 14), recorded_on=date(2026, 10, 28))
    practice.scores(new, date(2026, 10, 1))
    bhi = practice.enrolled("4", payer="")
    practice.works(bhi, 25, date(2026, 10, 14))
    for line in practice.report().lines:
        alone = practice.see(judge_month, line.patient, OCTOBER)
        assert replace(alone.result, verdicts=()) == line.result
    assert plain.patient_id == practice.report().lines[0].patient.patient_id


def test_months_that_are_not_asked_for_are_left_out(practice: ReportedPractice) -> None:
    """A report has its own months only, the newest of each patient first."""
    patient = practice.enrolled()
    for month in (9, 10, 11):
        practice.works(patient, 20, date(2026, month, 2))
    report = practice.report(OCTOBER, NOVEMBER)
    assert [str(line.month) for line in report.lines] == ["2026-11", "2026-10"]
    assert [str(state.month) for state in report.months] == ["2026-10", "2026-11"]
    with pytest.raises(ValueError, match="before"):
        practice.report(NOVEMBER, OCTOBER)


def test_shares_add_up_to_the_estimate(practice: ReportedPractice) -> None:
    """The consultant's part of a line goes to their department, to the cent."""
    patient = practice.billable(minutes=62)
    practice.works(patient, 31, date(2026, 10, 20), role=Role.CONSULTANT, performed_by=practice.cho.member_id)
    report = practice.report()
    shares = {one.member.display_name: one for one in report.transfers}
    assert shares["Dr. Cho"].seconds == 31 * 60
    assert sum(one.estimated_usd for one in report.transfers) == report.totals.estimated_usd > 0


def test_an_empty_month_is_an_empty_report(practice: ReportedPractice) -> None:
    """Nothing logged is nothing read, and says so."""
    report = practice.report()
    assert report.lines == ()
    assert report.completeness.entries_read == 0
    assert reconciles(report)


def test_only_a_month_that_bills_99492_uses_the_year_up(on_sqlite: ReportedPractice) -> None:
    """A first month that stays blocked leaves the payer's 99492 of the year to the next, until it can be billed."""
    practice = on_sqlite
    loaded(practice, "payers", b"name,limit_99492,verified_on\nYearly,per calendar year,2026-01-02\n")
    left, back = date(2026, 2, 27), date(2026, 10, 1)
    february = BillingMonth(2026, 2)
    patient = practice.enrolled(
        payer="Yearly",
        enrolled_on=date(2026, 2, 2),
        initial_assessment_on=date(2026, 2, 2),
        initiating_visit_on=date(2026, 2, 2),
        consent=Consent(given_on=date(2026, 2, 2), kind=ConsentKind.VERBAL, cost_sharing_disclosed=True),
        discharged_on=left,
    )
    (first,) = practice.see(lambda context: context.uow.episodes.of_patient(patient.patient_id))
    assert first.consent is not None
    again = replace(
        first,
        enrolled_on=back,
        initial_assessment_on=back,
        initiating_visit_on=back,
        consent=replace(first.consent, given_on=back),
        discharged_on=None,
    )
    keep_episode(practice, again)
    for day in (date(2026, 2, 10), date(2026, 10, 10)):
        practice.works(patient, 75, day)
    practice.scores(patient, back)
    practice.reviews(patient, date(2026, 10, 12))
    assert billed(practice, OCTOBER) == ["99492"]
    practice.do(close_month, practice.sam, february)
    practice.scores(patient, date(2026, 2, 2))
    practice.reviews(patient, date(2026, 2, 12))
    assert billed(practice, OCTOBER) == ["99492"], "February is closed, and was not billed"
    practice.at(practice.clock.at + timedelta(minutes=1))
    practice.do(reopen_month, practice.sam, february, "the review was found")
    assert billed(practice, february) == ["99492"]
    assert billed(practice, OCTOBER) == ["99493"]


def keep_episode(practice: ReportedPractice, episode: Episode) -> None:
    def add(context: Context) -> None:
        context.uow.episodes.add(episode)
        context.uow.commit()

    practice.do(add)


def billed(practice: ReportedPractice, month: BillingMonth) -> list[str]:
    (line,) = practice.report(month).lines
    assert not line.result.blockers, line.result.blockers
    return [charge.code for charge in line.result.billable]
