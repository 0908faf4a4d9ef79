"""A practice that is about to import a file of any kind, and what of it a file must leave as it was once undone."""

from dataclasses import replace
from datetime import date

from services.checks import verify
from services.context import Context
from services.exports.columns import FileReaders
from services.exports.csv_file import csv_file
from services.imports.undo import ImportTakenBack, take_back
from services.months.report import month_report
from tests.support.files import csv_of, entries_csv
from tests.support.reporting import NOVEMBER, OCTOBER, ReportedPractice

#: One file of each kind: it adds, it changes, and it repeats what is on file.
FILES = {
    "patients": csv_of(
        (
            *("mrn", "first_name", "last_name", "program", "payer", "payer_from", "referring_npi"),
            *("care_manager", "enrolled_on", "consent_on", "problems", "discharged_on"),
        ),
        [
            {"mrn": "MRN123", "first_name": "Bob", "payer": "Cedar", "payer_from": "2026-11-02"},
            {"mrn": "MRN124", "care_manager": "Newcomer One", "discharged_on": "2026-11-10"},
            {"mrn": "MRN777", "last_name": "Late", "payer": "Lakeside", "enrolled_on": "2026-10-01"},
            {"mrn": "MRN555", "referring_npi": "1306849450", "enrolled_on": "2026-10-01"},
        ],
    ),
    "entries": entries_csv(
        {"mrn": "123", "minutes": "25", "service_date": "2026-10-20", "note": "a longer talk"},
        {"mrn": "124", "minutes": "40.5", "performed_by": "Newcomer Two"},
        {"mrn": "888", "minutes": "20", "note": "somebody whom nobody knows"},
    ),
    "scores": csv_of(
        ("mrn", "scale", "value", "measured_on"),
        [
            {"mrn": "123", "scale": "PHQ-9", "value": "17", "measured_on": "2026-10-07"},
            {"mrn": "889", "scale": "GAD-7", "value": "3", "measured_on": "2026-11-07"},
        ],
    ),
    "services": csv_of(
        ("mrn", "code", "service_on", "performed_by"),
        [
            {"mrn": "123", "code": "90837", "service_on": "2026-10-09", "performed_by": "Ana Flores"},
            {"mrn": "124", "code": "96127", "service_on": "2026-10-09", "performed_by": "other"},
            {"mrn": "890", "code": "90834", "service_on": "2026-10-10"},
        ],
    ),
    "coverage": csv_of(
        ("mrn", "payer", "from", "to"),
        [
            {"mrn": "123", "payer": "Cedar", "from": "2026-10-15", "to": "2026-11-04"},
            {"mrn": "124", "payer": "Oak Plan", "from": "2026-09-01"},
        ],
    ),
    "insurance": csv_of(
        ("mrn", "payer", "member_id", "relationship", "address_line", "city", "state", "zip"),
        [
            {
                "mrn": "123",
                "payer": "Lakeside",
                "member_id": "W1",
                "relationship": "self",
                "address_line": "1 Elm St",
                "city": "Troy",
                "state": "NY",
                "zip": "12180",
            },
            {"mrn": "124", "payer": "Lakeside", "member_id": "W2", "relationship": "self"},
        ],
    ),
    "members": csv_of(
        ("slack_user_id", "display_name", "roles", "time_zone", "digest_at"),
        [
            {"display_name": "Ana Flores", "roles": "care_manager supervisor", "digest_at": "07:15"},
            {"slack_user_id": "U0NEW12345", "display_name": "Newcomer Three", "roles": "consultant"},
        ],
    ),
    "payers": csv_of(
        ("name", "from", "max_99494", "verified_on"),
        [
            {"name": "Lakeside", "max_99494": "1"},
            {"name": "Cedar", "from": "2026-10-01", "max_99494": "3", "verified_on": "2026-01-02"},
        ],
    ),
    "fees": csv_of(
        ("schedule", "code", "from", "usd"),
        [
            {"code": "99493", "from": "2026-01-01", "usd": "100.50"},
            {"schedule": "Cedar", "code": "99492", "from": "2026-01-01", "usd": "140"},
        ],
    ),
}
#: What was imported before them.
EARLIER_FEES = csv_of(
    ("schedule", "code", "from", "usd"), [{"code": "99493", "from": "2026-01-01", "usd": "99"}]
)


def peopled(practice: ReportedPractice) -> ReportedPractice:
    """Three patients: one ready to bill, one below, and one whom chat alone knows."""
    one, other = practice.billable("123"), practice.enrolled("124")
    practice.works(other, 20, date(2026, 11, 3))
    practice.scores(one, date(2026, 10, 6))
    practice.is_billed_for(other, "96127", date(2026, 10, 9))

    def known_from_chat(context: Context) -> None:
        context.uow.patients.add(mrn="MRN555", identity="555", on_roster=False)
        context.uow.commit()

    practice.do(known_from_chat)
    return practice


def figures(practice: ReportedPractice) -> bytes:
    """The report of two months with names, as a file; and who is on file, by MRN and by name."""
    report = practice.see(month_report, OCTOBER, NOVEMBER)
    readers = FileReaders(names=True, supervisors=True)
    return csv_file(report, readers) + practice.see(_people).encode()


def _people(context: Context) -> str:
    uow = context.uow
    patients = [(one.mrn, one.on_roster, one.first_name) for one in uow.patients.all()]
    members = [replace(one, member_id=0) for one in uow.members.all() if one.active or one.roles]
    details = uow.claim_details.of_patients({one.patient_id for one in uow.patients.all()})
    return f"{patients} {members} {uow.payers.all()} {uow.fee_schedules.all()} {details!r}"


def undone(practice: ReportedPractice, number: int, by: str = "") -> ImportTakenBack:
    """Take an import back; what the chain and the totals say of it is sound."""
    taken = practice.do(take_back, number, by=by)
    sound(practice)
    return taken


def sound(practice: ReportedPractice) -> None:
    """The audit chain holds, every hash is its row's, and totals are those of the ledger."""
    found = practice.see(verify)
    assert (found.changed, found.totals) == ((), ())
