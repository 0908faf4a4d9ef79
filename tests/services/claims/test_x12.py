"""837P files: accepted by pyx12, and by checks for what it lets pass; read back, they are the month that was closed."""

import hashlib
import io
import json
import logging
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest
import pyx12.params
from pyx12.x12n_document import x12n_document
from sqlalchemy import text

from billing.claim_gaps import ClaimForm
from billing.claim_parties import Practitioner
from billing.npi import is_valid_npi
from billing.service_lines import Frequency
from billing.x12_text import loses_letters, x12_text
from services.checks import verify
from services.claims import x12_file
from services.claims.drafts import CannotWriteClaims
from services.claims.practice_record import put_payer_number, put_practitioner, set_practice
from services.claims.writing import record
from services.errors import NotAllowed
from services.months.claims import submit
from services.months.close import reopen_month
from services.people.patient_ref import PatientRef
from storage import Database
from tests.support.claiming import BORN, CHARGES, GROUP_NPI, ClaimingPractice
from tests.support.months import GOOD_NPI
from tests.support.reporting import OCTOBER
from tests.support.x12_reader import ReadClaim, read_file, segments_of


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def practice(request: pytest.FixtureRequest) -> Iterator[ClaimingPractice]:
    """The same practice on each of the two databases."""
    database = Database.open(request.getfixturevalue(f"{request.param}_url"))
    yield ClaimingPractice(database)
    database.close()


@pytest.fixture
def on_sqlite(database: Database) -> ClaimingPractice:
    return ClaimingPractice(database)


def accepted(data: bytes) -> None:
    """Pyx12 finds no fault; its answer is a 999 that accepts."""
    answer = io.StringIO()
    logging.getLogger("pyx12").setLevel(logging.ERROR)
    is_valid = x12n_document(pyx12.params.params(), io.StringIO(data.decode("ascii")), answer, None)
    assert is_valid, answer.getvalue()
    assert "IK5*A" in answer.getvalue()


def sound(data: bytes) -> list[ReadClaim]:
    """What pyx12 lets pass: NPIs, points in diagnoses, units, sums, days."""
    assert data.isascii()
    assert data == data.upper()
    claims = read_file(data).claims
    for claim in claims:
        npis = [claim.billing["id"], *(one["id"] for one in claim.people.values() if one["id"])]
        assert all(map(is_valid_npi, npis))
        assert claim.diagnoses
        assert not any("." in code for code in claim.diagnoses)
        assert all(line.units > 0 for line in claim.lines)
        assert claim.total == sum(line.charge for line in claim.lines) > 0
        born = date.fromisoformat(claim.patient["born"])
        assert all(line.day is not None and born < line.day for line in claim.lines)
        assert all(0 < one <= len(claim.diagnoses) for line in claim.lines for one in line.pointers)
    return claims


def test_a_closed_month_is_an_837p_of_each_line(practice: ClaimingPractice) -> None:
    """One patient: who bills, who is insured, who referred and rendered, what was done, when, and its charge."""
    practice.claimable("123", minutes=95)
    practice.closes()
    found = practice.writes()
    accepted(found.data)
    (claim,) = sound(found.data)
    handle = practice.see(lambda context: context.uow.patients.all())[0].handle
    assert claim.number == f"{handle.replace('-', '')}-202610-1"
    assert claim.billing["last"] == "LAKESIDE FAMILY MEDICINE, PLLC"
    assert (claim.billing["id"], claim.billing["EI"]) == (GROUP_NPI, "987654321")
    assert claim.billing["town"] == "ALBANY NY 122071234"
    assert (claim.subscriber["last"], claim.subscriber["first"]) == ("REYES 123", "BO")
    assert (claim.subscriber["id"], claim.subscriber["group"]) == ("W-123456789", "GRP-77")
    assert (claim.subscriber["street"], claim.subscriber["town"]) == ("12 SONDRE ST 3", "TROY NY 12180")
    assert (claim.patient["born"], claim.patient["sex"]) == (f"{BORN:%Y%m%d}", "F")
    assert (claim.payer["last"], claim.payer["id"], claim.subscriber["filing"]) == ("LAKESIDE", "60054", "CI")
    assert (claim.place, claim.frequency, claim.diagnoses) == ("11", "1", ("F321", "F411"))
    for kind in ("DN", "82"):
        assert (claim.people[kind]["last"], claim.people[kind]["id"]) == ("O'HARA", GOOD_NPI)
    assert [(line.code, line.units, line.charge) for line in claim.lines] == [
        ("99493", 1, Decimal("185.50")),
        ("99494", 1, Decimal("90.25")),
    ]
    assert claim.total == Decimal("275.75")
    assert found.file.total == claim.total
    (line,) = practice.report().lines
    assert {each.day for each in claim.lines} == {line.result.claim_day}
    assert OCTOBER.first_day <= line.result.claim_day <= OCTOBER.last_day
    assert segments_of(found.data)[0][0][15] == "P"


def test_pyx12_refuses_what_is_no_837p(on_sqlite: ClaimingPractice) -> None:
    """Else its acceptance would say nothing: a wrong count, a missing member id, a segment out of its place."""
    on_sqlite.claimable("123")
    on_sqlite.closes()
    data = on_sqlite.writes().data
    for wrong, right in ((b"SE*", b"SE*9"), (b"MI*W-123456789", b"MI"), (b"SBR*P*18", b"SBR*Q*18")):
        assert wrong in data or right in data
        with pytest.raises(AssertionError):
            accepted(data.replace(wrong, right))


def test_somebody_else_holds_the_insurance(on_sqlite: ClaimingPractice) -> None:
    """The subscriber has a level of their own, and the patient one below it with birth date, sex and address."""
    card = {"relationship": "child", "subscriber_first_name": "Carla", "subscriber_last_name": "Núñez"}
    on_sqlite.claimable("123", card=card)
    on_sqlite.claimable("124", minutes=150)
    on_sqlite.closes()
    data = on_sqlite.writes().data
    accepted(data)
    first, second = sound(data)
    assert (first.subscriber["last"], first.subscriber["first"]) == ("NUNEZ", "CARLA")
    assert first.subscriber["id"] == "W-123456789"
    assert "born" not in first.subscriber
    assert (first.patient["relation"], first.patient["last"]) == ("19", "REYES 123")
    assert (first.patient["born"], first.patient["town"]) == (f"{BORN:%Y%m%d}", "TROY NY 12180")
    assert second.patient is second.subscriber


def test_authorization_facility_and_a_practitioner_who_renders(on_sqlite: ClaimingPractice) -> None:
    """Each where it is on file: REF G1, loop 2310C, and a rendering practitioner apart from the referring."""
    other = "1306849450"
    on_sqlite.claimable(
        "123",
        card={"authorization": "PA-551", "authorization_from": "2026-10-01"},
        billing_npi=other,
    )
    facility = {
        "facility_name": "Harbor Clinic",
        "facility_npi": "1497758544",
        "facility_address_line": "2 Quay St",
        "facility_city": "Troy",
        "facility_state": "NY",
        "facility_zip": "12180-0002",
    }
    for name, value in facility.items():
        on_sqlite.do(set_practice, on_sqlite.boss, name, value)
    ruth = Practitioner(npi=other, first_name="Ruth", last_name="Ito", taxonomy="")
    on_sqlite.do(put_practitioner, on_sqlite.sam, ruth)
    on_sqlite.closes()
    data = on_sqlite.writes().data
    accepted(data)
    (claim,) = sound(data)
    assert claim.references["G1"] == "PA-551"
    assert (claim.people["DN"]["id"], claim.people["82"]["id"]) == (GOOD_NPI, other)
    assert (claim.people["82"]["last"], claim.people["82"]["first"]) == ("ITO", "RUTH")
    assert (claim.people["77"]["last"], claim.people["77"]["town"]) == ("HARBOR CLINIC", "TROY NY 121800002")


def test_who_bills_alone_is_not_named_twice(on_sqlite: ClaimingPractice) -> None:
    """A practitioner whose own NPI bills renders, and no claim says so again."""
    on_sqlite.do(set_practice, on_sqlite.boss, "npi", GOOD_NPI)
    on_sqlite.claimable("123")
    on_sqlite.closes()
    data = on_sqlite.writes().data
    accepted(data)
    (claim,) = sound(data)
    assert claim.billing["id"] == GOOD_NPI
    assert "82" not in claim.people


def test_a_correction_replaces_and_a_line_that_is_gone_voids(on_sqlite: ClaimingPractice) -> None:
    """With the payer's number, without which the claim is left out and named; what stands is not sent again."""
    stays, less, gone = (on_sqlite.claimable(name, minutes=100) for name in ("123", "124", "125"))
    on_sqlite.closes()
    first = on_sqlite.writes()
    assert first.by_frequency == {Frequency.ORIGINAL: 3, Frequency.REPLACEMENT: 0, Frequency.VOID: 0}
    on_sqlite.do(submit, on_sqlite.sam, OCTOBER)
    with pytest.raises(CannotWriteClaims, match="went out as it stands"):
        on_sqlite.writes()
    on_sqlite.clock.pass_(minutes=1)
    on_sqlite.do(reopen_month, on_sqlite.sam, OCTOBER, "wrong patient")
    entries = on_sqlite.see(
        lambda context: list(context.uow.ledger.month(OCTOBER.first_day, OCTOBER.last_day))
    )
    void = [one.entry_id for one in entries if one.patient_id == gone.patient_id]
    void += [one.entry_id for one in entries if one.patient_id == less.patient_id][:1]
    on_sqlite._do(
        lambda context: context.uow.ledger.void(
            void, by=on_sqlite.ana.member_id, at=context.now, reason="wrong patient"
        )
    )
    on_sqlite.works(less, 12, date(2026, 10, 14))
    on_sqlite.closes()
    with pytest.raises(CannotWriteClaims, match="No claim of 2026-10 is complete"):
        on_sqlite.writes()
    for name, number in (("124", "ICN-124"), ("125", "ICN-125")):
        ref = PatientRef(text=name, identity=name)
        on_sqlite.do(put_payer_number, on_sqlite.sam, OCTOBER, ref, number)
    again = on_sqlite.writes()
    accepted(again.data)
    replaced, voided = sound(again.data)
    assert (replaced.frequency, replaced.references["F8"]) == ("7", "ICN-124")
    assert [line.code for line in replaced.lines] == ["99493"]
    assert (voided.frequency, voided.references["F8"]) == ("8", "ICN-125")
    assert [(line.code, line.charge) for line in voided.lines] == [
        ("99493", Decimal("185.50")),
        ("99494", Decimal("90.25")),
    ]
    assert again.submitted == 1
    assert replaced.number.endswith("-2")
    ref = PatientRef(text="123", identity="123")
    on_sqlite.do(put_payer_number, on_sqlite.sam, OCTOBER, ref, "ICN-123")
    (asked,) = sound(on_sqlite.writes(ClaimForm.X12, "123").data)
    assert (asked.frequency, asked.references["F8"]) == ("7", "ICN-123")
    assert stays.handle.replace("-", "") in asked.number


def test_what_is_read_back_is_the_month(on_sqlite: ClaimingPractice) -> None:
    """Thirty patients of different lengths: each claim has its patient's codes, units, day and charge, and no other."""
    for number in range(30):
        on_sqlite.claimable(f"{200 + number}", minutes=40 + 5 * number, diagnosis_codes=("F33.1",))
    on_sqlite.closes()
    found = on_sqlite.writes()
    accepted(found.data)
    claims = sound(found.data)
    lines = {line.patient.handle: line for line in on_sqlite.report().lines if line.result.billable}
    numbers = {handle.replace("-", ""): handle for handle in lines}
    read = {numbers[claim.number.split("-")[0]]: claim for claim in claims}
    assert read.keys() == lines.keys()
    assert len(read) > 20
    for handle, line in lines.items():
        claim = read[handle]
        assert [(one.code, one.units) for one in claim.lines] == [
            (one.code, one.units) for one in line.result.billable
        ]
        assert {one.day for one in claim.lines} == {line.result.date_of_service}
        assert claim.total == sum(Decimal(CHARGES[one.code]) * one.units for one in line.result.billable)
        assert claim.subscriber["last"] == line.patient.last_name.upper()
    assert sum(claim.total for claim in claims) == found.file.total
    assert (found.file.claims, found.file.lines) == (len(claims), sum(len(one.lines) for one in claims))


def test_a_large_file_has_several_transactions(
    on_sqlite: ClaimingPractice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each with its own count and levels; together they are the file."""
    monkeypatch.setattr(x12_file, "MOST_CLAIMS", 2)
    for number in range(5):
        on_sqlite.claimable(f"{300 + number}")
    on_sqlite.closes()
    data = on_sqlite.writes().data
    accepted(data)
    assert len(sound(data)) == 5
    assert data.count(b"\nST*837*") == 3


def test_each_file_has_its_own_number_in_the_chain(practice: ClaimingPractice) -> None:
    """The control number, with sums and SHA-256; a file made before another was written is refused."""
    practice.claimable("123")
    practice.closes()
    first = practice.writes(test=True)
    second = practice.writes()
    assert [read_file(one.data).control for one in (first, second)] == ["000000001", "000000002"]
    assert [read_file(one.data).usage for one in (first, second)] == ["T", "P"]
    with pytest.raises(CannotWriteClaims, match="written meanwhile"):
        practice.do(record, practice.sam, second.file)
    with pytest.raises(NotAllowed):
        practice.do(record, practice.ana, second.file)
    kept = practice.see(
        lambda context: [
            json.loads(details)
            for (details,) in context.uow.audit._wire.connection.execute(
                text("SELECT details FROM audit_event WHERE action = 'claims.written' ORDER BY seq")
            )
        ]
    )
    assert [(one["file"], one["file_sha256"], one["total"]) for one in kept] == [
        (each.file.number, hashlib.sha256(each.data).hexdigest(), "185.50") for each in (first, second)
    ]
    assert practice.see(verify).changed == ()


def test_letters_that_part_segments_stay_out_of_the_file(on_sqlite: ClaimingPractice) -> None:
    """Delimiters and controls in names become spaces, accents go; what has no form in ASCII is not guessed."""
    assert x12_text("Zoë~O'Neil*:^\x07 Łukasz Weiß") == "ZOE O'NEIL LUKASZ WEISS"
    assert not loses_letters("Zoë Ærø ß")
    assert loses_letters("李 Wei")
    on_sqlite.claimable("123", card={"address_line": "1 *~ Elm:St^", "group_number": "A*B~C"})
    on_sqlite.closes()
    data = on_sqlite.writes().data
    accepted(data)
    (claim,) = sound(data)
    assert (claim.subscriber["street"], claim.subscriber["group"]) == ("1 ELM ST", "A B C")
