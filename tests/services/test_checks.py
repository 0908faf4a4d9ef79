"""A closed month is its content: what was changed behind the program's back is named, and nothing else is a fault."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from billing import calendar
from billing.closing import Aspect
from billing.findings import registry
from billing.findings.finding import Finding, MonthCase, Severity
from billing.people import Patient
from billing.references import entry_reference
from services.checks import LedgerChanged, Verified, rebuild_totals, verify
from services.context import Context
from services.messages.revisions import close_month
from services.months.claims import submit
from services.months.close import reopen_month
from services.months.report import month_report
from services.program import judged_by
from storage import Database
from tests.support.keeping import read
from tests.support.postgres import PostgresServer
from tests.support.practice import TryPractice
from tests.support.reporting import OCTOBER, ReportedPractice
from tests.support.tampering import load_closed_by_0_1_0, rewrite_line, tamper


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def practice(request: pytest.FixtureRequest) -> Iterator[ReportedPractice]:
    """The same practice on each of the two databases."""
    database = Database.open(request.getfixturevalue(f"{request.param}_url"))
    yield ReportedPractice(database)
    database.close()


@pytest.fixture
def patient(practice: ReportedPractice) -> Patient:
    """A patient with every kind of fact, whose October of 65 minutes was closed, submitted and opened again.

    10 of the minutes are of a Friday and were keyed on the Tuesday after a federal holiday: in time.
    """
    patient = practice.billable("101", minutes=55)
    practice.works(patient, 10, date(2026, 10, 9), recorded_on=date(2026, 10, 13))
    practice.scores(patient, date(2026, 10, 8))
    practice.is_billed_for(patient, "96127", date(2026, 10, 8))
    practice.do(close_month, practice.sam, OCTOBER)
    practice.do(submit, practice.sam, OCTOBER)

    def submitted_whole(context: Context) -> None:
        context.uow.closes.submit(OCTOBER, 1, by=practice.sam.member_id, at=context.now)
        context.uow.commit()

    practice.do(submitted_whole)
    practice.clock.pass_(minutes=5)
    practice.do(reopen_month, practice.sam, OCTOBER, "one more call")
    return patient


def named(found: Verified) -> tuple[str, ...]:
    """What was changed, without the event that wrote it last."""
    return tuple(re.sub(r" \(event [^)]*\)", "", sentence) for sentence in found.changed)


def left_alone(found: Verified) -> bool:
    return not found.changed and not found.totals


def test_nothing_is_found_in_a_database_left_alone(practice: ReportedPractice, patient: Patient) -> None:
    """Every row has its hash in the chain, and today's program judges as it did."""
    assert patient
    found = practice.see(verify)
    assert found == Verified(revisions=1, lines=1, changed=(), totals=(), judged_otherwise=())


def test_a_line_says_what_judged_it(practice: ReportedPractice, patient: Patient) -> None:
    """The version of the program and of the calendar are frozen with the line, beside the rule set's name."""
    line = practice.see(lambda context: context.uow.closes.line(OCTOBER, 1, patient.patient_id))
    assert line is not None
    assert line.judged_by == judged_by()
    assert line.judged_by.calendar.startswith("holidays ")
    assert line.result.rule_set.startswith("strict")


def test_other_words_change_nothing(
    practice: ReportedPractice, patient: Patient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another sentence, title and severity in a finding's row are today's words for the same frozen finding."""
    assert patient
    other = {
        code: replace(row, title="anything", sentence="Anything else.", parameters=())
        for code, row in registry._BY_CODE.items()
    }
    monkeypatch.setattr(registry, "_BY_CODE", other)
    found = practice.see(verify)
    assert left_alone(found)
    assert not found.judged_otherwise


def test_a_new_finding_is_news_and_no_fault(
    practice: ReportedPractice, patient: Patient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A rule added after a month was closed would find something in it; the month stands as it was closed."""

    def moon_phase(case: MonthCase) -> Finding:
        assert case
        return Finding(code="moon_phase", severity=Severity.BLOCKER)

    before = practice.report().lines[0].result
    monkeypatch.setattr(registry, "_rules_of", lambda _kind, _there: (*registry.RULES, moon_phase))
    found = practice.see(verify)
    assert left_alone(found)
    assert [(one.handle, one.aspects) for one in found.judged_otherwise] == [
        (patient.handle, {Aspect.FINDINGS, Aspect.CODES})
    ]
    practice.do(close_month, practice.sam, OCTOBER)
    monkeypatch.undo()
    assert left_alone(practice.see(verify))
    frozen = practice.report().lines[0].result
    assert {one.code for one in frozen.findings} - {one.code for one in before.findings} == {"moon_phase"}


def test_another_calendar_is_news_and_no_fault(
    practice: ReportedPractice, patient: Patient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a release that knows no Columbus Day, minutes that a code hangs on would be late, and were in time."""
    monkeypatch.setattr(calendar, "federal_holidays", lambda year: frozenset({date(year, 12, 25)}))
    # Another release comes with another process, which remembers nothing of the one before.
    monkeypatch.setattr(calendar, "_is_late", calendar._is_late.__wrapped__)
    found = practice.see(verify)
    assert left_alone(found)
    assert [(one.month, one.revision, one.handle, one.aspects) for one in found.judged_otherwise] == [
        (OCTOBER, 1, patient.handle, {Aspect.FINDINGS, Aspect.CODES})
    ]
    billed = practice.see(lambda context: context.uow.closes.line(OCTOBER, 1, patient.patient_id))
    assert billed is not None
    assert [charge.code for charge in billed.result.billable] == ["99493"]


def test_a_line_and_its_ledger_rewritten_are_named(practice: ReportedPractice, patient: Patient) -> None:
    """65 minutes made 120 in the closed line, the ledger and the totals alike: line and version are named."""
    entry = practice.see(
        lambda context: context.uow.ledger.patient_month(
            patient.patient_id, OCTOBER.first_day, OCTOBER.last_day
        )
    )[0]
    rewrite_line(
        practice.database,
        practice.tenant_id,
        patient.patient_id,
        lambda line: line.replace(b'"counted_seconds":3900', b'"counted_seconds":7200').replace(
            f'"seconds":{entry.seconds}'.encode(), f'"seconds":{entry.seconds + 3300}'.encode()
        ),
    )
    for table in ("entry_version", "current_entry"):
        sql = f"UPDATE {table} SET seconds = seconds + 3300 WHERE entry_id = {entry.entry_id}"
        tamper(practice.database, sql, practice.tenant_id)

    found = practice.see(verify)

    version = f"entry {entry_reference(entry.entry_id)}, version 1 of patient {patient.handle},"
    assert named(found) == (
        f"Ledger: {version} is not as it was written.",
        f"Closed month 2026-10, revision 1: the line of patient {patient.handle} is not as it was written.",
    )
    assert found.totals == ()
    assert found.judged_otherwise == ()


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("UPDATE score SET value = 27", "Care: score 1 of patient {handle} is not as it was written."),
        ("DELETE FROM score", "Care: score 1 is missing."),
        (
            (
                "INSERT INTO other_service (tenant_id, patient_id, service_on, code) "
                "SELECT tenant_id, patient_id, service_on, '90791' FROM other_service"
            ),
            "Care: service 90791 on 2026-10-08 of patient {handle} was put in without the program.",
        ),
        (
            "UPDATE other_service SET code = '90791'",
            "Care: service 96127 on 2026-10-08 of patient {handle} is missing.",
        ),
        (
            "UPDATE case_review SET sent_on = '2026-10-20'",
            "Care: case review 1 of patient {handle} is not as it was written.",
        ),
        ("UPDATE episode SET payer = 'X'", "Care: episode 1 of patient {handle} is not as it was written."),
        (
            "UPDATE month_close SET attestation = 'I looked'",
            "Closed month 2026-10, revision 1: the close itself is not as it was written.",
        ),
        (
            "UPDATE claim_event SET claimed = '99492x1'",
            "Closed month 2026-10: word 1 of the claim of patient {handle} is not as it was written.",
        ),
        ("DELETE FROM month_submission", "Closed month 2026-10, revision 1: the submission is missing."),
        (
            "UPDATE month_reopening SET reopened_by = 1",
            "Closed month 2026-10, revision 1: the reopening is not as it was written.",
        ),
        (
            "DELETE FROM frozen_line",
            "Closed month 2026-10, revision 1: the line of patient {handle} is missing.",
        ),
    ],
)
def test_whatever_is_changed_is_named(
    practice: ReportedPractice, patient: Patient, sql: str, said: str
) -> None:
    """Changed, taken out or put in: each is named by what it is and the patient's handle, never by an MRN."""
    filled = sql.format(tenant=practice.tenant_id, patient=patient.patient_id)
    tamper(practice.database, filled, practice.tenant_id)
    found = practice.see(verify)
    assert said.format(handle=patient.handle) in named(found)
    assert not any(patient.mrn in sentence for sentence in named(found))


def test_a_line_that_was_put_in_is_named(practice: ReportedPractice, patient: Patient) -> None:
    """A line that no close wrote is told from those that one did."""
    other = practice.enrolled("102")
    sql = (
        "INSERT INTO frozen_line (tenant_id, month, revision, patient_id, line) SELECT tenant_id, month, revision, "
        f"{other.patient_id}, line FROM frozen_line"
    )
    tamper(practice.database, sql, practice.tenant_id)
    assert patient
    assert named(practice.see(verify)) == (
        f"Closed month 2026-10, revision 1: the line of patient {other.handle} was put in without the program.",
    )


def test_a_line_that_cannot_be_read_is_named_once(practice: ReportedPractice, patient: Patient) -> None:
    """Bytes that cannot be unpacked are a change like another, and no end of the check."""
    sql = "UPDATE frozen_line SET line = :line"
    tamper(practice.database, sql, practice.tenant_id, line=b"gone")
    found = practice.see(verify)
    assert named(found) == (
        f"Closed month 2026-10, revision 1: the line of patient {patient.handle} is not as it was written.",
    )
    assert found.judged_otherwise == ()


def test_an_event_that_was_rewritten_is_named(practice: ReportedPractice, patient: Patient) -> None:
    """Whoever changes a row and its hash in the chain breaks the chain."""
    assert patient
    sql = "UPDATE audit_event SET details = '[not json \"sha256\"' WHERE action = 'month.closed'"
    tamper(practice.database, sql, practice.tenant_id)
    assert any("is not as it was written" in said for said in practice.see(verify).changed if "event" in said)


def test_totals_alone_are_rebuilt_in_place(practice: ReportedPractice, patient: Patient) -> None:
    """Totals that differ from a sound ledger are named, and made again from it without a restore."""
    entries = practice.see(
        lambda context: context.uow.ledger.patient_month(
            patient.patient_id, OCTOBER.first_day, OCTOBER.last_day
        )
    )
    first, second = entries[0].entry_id, entries[1].entry_id
    for sql in (
        f"UPDATE current_entry SET seconds = 7200 WHERE entry_id = {first}",
        f"DELETE FROM current_entry WHERE entry_id = {second}",
    ):
        tamper(practice.database, sql, practice.tenant_id)
    found = practice.see(verify)
    assert named(found) == ()
    assert [sentence.split(" in ")[0] for sentence in found.totals] == [
        f"Totals: entry {entry_reference(first)} is different",
        f"Totals: entry {entry_reference(second)} is missing",
    ]

    made = practice.do(rebuild_totals)

    assert (made.entries, made.differences) == (3, 2)
    assert left_alone(practice.see(verify))


def test_totals_are_not_rebuilt_from_a_ledger_that_was_changed(
    practice: ReportedPractice, patient: Patient
) -> None:
    """They would count what somebody put there."""
    assert patient
    tamper(practice.database, "UPDATE entry_version SET seconds = 7200", practice.tenant_id)
    with pytest.raises(LedgerChanged, match="Nothing was rebuilt"):
        practice.do(rebuild_totals)
    assert practice.see(verify).totals


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def upgraded(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database whose October was closed twice by version 0.1.0, brought up to date."""
    if request.param == "sqlite":
        database = Database.open(f"sqlite:///{tmp_path}/cocm.db")
    else:
        server: PostgresServer = request.getfixturevalue("postgres_server")
        name = server.create_database()
        database = Database.open(server.url_of(name))
    load_closed_by_0_1_0(database, tmp_path)
    database.migrate()
    yield database
    database.close()
    if request.param == "postgres":
        server.drop_database(name)


def test_months_closed_by_the_version_before_verify(upgraded: Database) -> None:
    """Nothing is a fault after the upgrade, its lines read as they were closed, and are judged alike."""
    practice = TryPractice(upgraded)
    found = practice.see(verify)
    assert found == Verified(revisions=2, lines=8, changed=(), totals=(), judged_otherwise=())
    lines = {line.patient.identity: line for line in practice.see(month_report, OCTOBER, None).lines}
    assert lines["101"].result.counted_seconds == 75 * 60
    assert [charge.code for charge in lines["101"].result.billable] == ["99493"]
    assert {one.code for one in lines["103"].result.findings} >= {"payer_missing", "late_entries"}


def test_what_is_changed_after_the_upgrade_is_named(upgraded: Database) -> None:
    """The upgrade vouches for what it found: a line and a version changed since are named."""
    practice = TryPractice(upgraded)
    first = read(upgraded, lambda uow: uow.patients.by_identity("101"), practice.tenant_id)
    assert first is not None
    rewrite_line(
        upgraded,
        practice.tenant_id,
        first.patient_id,
        lambda line: line.replace(b'"counted_seconds":3900', b'"counted_seconds":7200'),
    )
    tamper(upgraded, "UPDATE entry_version SET seconds = 7200 WHERE entry_id = 1", practice.tenant_id)
    assert named(practice.see(verify)) == (
        f"Ledger: entry {entry_reference(1)}, version 1 of patient {first.handle}, is not as it was written.",
        f"Closed month 2026-10, revision 1: the line of patient {first.handle} is not as it was written.",
    )
