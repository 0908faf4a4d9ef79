"""What claims lack is said, with whose it is and what settles it, and holds no month; whom claims name is checked."""

import re
from dataclasses import replace
from datetime import date

import pytest

from billing.claim_gaps import About, ClaimForm
from billing.claim_parties import ClaimPayer, Practitioner
from services.checks import verify
from services.claims.drafts import CannotWriteClaims
from services.claims.practice_record import (
    FIELDS,
    CannotKeep,
    on_file,
    practice_record,
    put_payer,
    put_practitioner,
    set_practice,
)
from services.claims.writing import ClaimOrder, missing_of
from services.errors import NotAllowed
from storage import Database
from tests.support.claiming import PRACTICE, ClaimingPractice
from tests.support.files import rows_of
from tests.support.months import GOOD_NPI
from tests.support.reporting import OCTOBER, ReportedPractice


@pytest.fixture
def practice(database: Database) -> ClaimingPractice:
    return ClaimingPractice(database)


def missing(practice: ReportedPractice, form: ClaimForm = ClaimForm.X12) -> dict[str, tuple[str, ...]]:
    """What is missing, by its word, with whose claims."""
    found, _ = practice.see(missing_of, ClaimOrder(month=OCTOBER, form=form))
    return {one.gap.code: one.mrns for one in found}


def test_a_month_closes_without_any_of_it(database: Database) -> None:
    """Nothing is on file but the month itself: each thing is named once, the practice's first."""
    bare = ReportedPractice(database)
    bare.billable("123")
    bare.clock.pass_(minutes=1)
    ClaimingPractice.closes(bare)  # type: ignore[arg-type]
    found, due = bare.see(missing_of, ClaimOrder(month=OCTOBER, form=ClaimForm.X12))
    assert due == 1
    assert [one.gap.about for one in found] == sorted((one.gap.about for one in found), key=list(About).index)
    named = [(one.gap.about, one.gap.code) for one in found]
    assert named == list(dict.fromkeys(named))
    assert {
        *("name", "npi", "ein", "address", "zip", "phone", "contact", "submitter_id", "receiver_id"),
        *("receiver_name", "payer_id", "filing_code", "charge_99493", "practitioner_name", "birth_date"),
        *("sex", "member_id", "place"),
    } == {code for _, code in named}
    with pytest.raises(CannotWriteClaims, match="No claim of 2026-10 is complete"):
        ClaimingPractice.writes(bare)  # type: ignore[arg-type]
    written = ClaimingPractice.writes(bare, ClaimForm.CSV)  # type: ignore[arg-type]
    (row,) = rows_of(written.data)
    assert (row["Code"], row["Charge"]) == ("99493", "")
    assert "patient: the date of birth" in row["Missing"]
    assert "clearinghouse" not in row["Missing"]


@pytest.mark.parametrize(
    ("card", "changes", "code"),
    [
        ({"sex": ""}, {}, "sex"),
        ({"city": ""}, {}, "address"),
        ({"payer": "Cedar Mutual"}, {}, "member_id"),
        ({}, {"place_of_service": ""}, "place"),
        ({}, {"place_of_service": "88"}, "place"),
        ({}, {"diagnosis_codes": ()}, "diagnosis"),
        ({}, {"diagnosis_codes": ("F32",)}, "diagnosis"),
        ({}, {"billing_npi": "1497758544"}, "practitioner_name"),
        ({"address_line": "李 12"}, {}, "letters"),
    ],
)
def test_an_incomplete_claim_is_left_out_and_named(
    practice: ClaimingPractice, card: dict[str, str], changes: dict[str, object], code: str
) -> None:
    """The others are written."""
    practice.claimable("123", card=card, **changes)
    practice.claimable("124")
    practice.closes()
    assert missing(practice) == {code: ("MRN123",)}
    found = practice.writes()
    assert (found.file.claims, found.left_out) == (1, 1)
    assert [one.mrns for one in found.missing] == [("MRN123",)]


def test_a_word_that_has_no_room_names_its_place(practice: ClaimingPractice) -> None:
    """A last name of more than 60 letters; the words themselves are in no sentence."""
    practice.claimable("123")
    practice.claimable("1" + "0" * 60)
    practice.closes()
    found, _ = practice.see(missing_of, ClaimOrder(month=OCTOBER, form=ClaimForm.X12))
    (one,) = found
    assert one.gap.code == "unfit"
    assert "2010BA NM103 has 67 characters" in one.gap.words


def test_codes_without_a_charge_of_the_practices_own_are_missing(practice: ClaimingPractice) -> None:
    """Medicare's amounts estimate; nobody charges them by themselves."""
    practice.claimable("123", minutes=150)
    practice.closes()
    assert missing(practice) == {}
    schedule = practice.see(lambda context: context.uow.fee_schedules.all())[0]
    rates = tuple(rate for rate in schedule.rates if rate.code != "99494")

    practice._do(lambda context: context.uow.fee_schedules.put(replace(schedule, rates=rates)))
    assert missing(practice) == {"charge_99494": ("MRN123",)}


def test_only_closed_months_have_claims(practice: ClaimingPractice) -> None:
    """An open one is refused with what to do; so is a patient of whom nothing is billed."""
    practice.claimable("123")
    with pytest.raises(CannotWriteClaims, match="cocm close 2026-10"):
        practice.writes()
    below = practice.enrolled("124")
    practice.works(below, 5, date(2026, 10, 6))
    practice.closes()
    with pytest.raises(CannotWriteClaims, match="MRN124: nothing of 2026-10 is billed"):
        practice.writes(ClaimForm.X12, "124")


def test_the_practice_is_kept_as_claims_have_it(practice: ClaimingPractice) -> None:
    """Each thing in its form; an empty one goes; the chain holds all of it."""
    record = practice.see(practice_record)
    assert (record.ein, record.phone, record.address.zip) == ("987654321", "5185550100", "122071234")
    assert set(practice.see(on_file).practice) == set(FIELDS) >= set(PRACTICE)
    practice.do(set_practice, practice.boss, "taxonomy", "")
    assert practice.see(practice_record).taxonomy == ""
    assert [one.npi for one in practice.see(on_file).practitioners] == [GOOD_NPI]
    assert practice.see(on_file).payers == (ClaimPayer(name="Lakeside", payer_id="60054", filing_code="CI"),)
    assert practice.see(verify).changed == ()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("npi", "1234567890"),
        ("ein", "12-34"),
        ("taxonomy", "family"),
        ("zip", "nowhere"),
        ("state", "Ohio"),
        ("phone", "555-0100"),
        ("submitter_id", "A" * 16),
        ("name", "x" * 61),
        ("name", "~~"),
        ("color", "blue"),
    ],
)
def test_what_no_claim_can_carry_is_refused(practice: ClaimingPractice, name: str, value: str) -> None:
    """With what to write instead; what was on file stays."""
    before = practice.see(practice_record)
    with pytest.raises(CannotKeep, match="Nothing was changed"):
        practice.do(set_practice, practice.boss, name, value)
    assert practice.see(practice_record) == before


def test_practitioners_and_payers_are_checked(practice: ClaimingPractice) -> None:
    """An NPI, a taxonomy code, a filing code of X12's list, and who may."""
    with pytest.raises(CannotKeep, match=re.escape("'123' is not an NPI")):
        practice.do(put_practitioner, practice.sam, Practitioner(npi="123", first_name="A", last_name="B"))
    with pytest.raises(CannotKeep, match="is not a claim filing code"):
        practice.do(put_payer, practice.sam, ClaimPayer(name="Oak", payer_id="123", filing_code="XX"))
    with pytest.raises(CannotKeep, match="A payer id has"):
        practice.do(put_payer, practice.sam, ClaimPayer(name="Oak", payer_id="1*2", filing_code="CI"))
    with pytest.raises(NotAllowed):
        practice.do(set_practice, practice.sam, "name", "Mine")
    with pytest.raises(NotAllowed):
        practice.do(put_payer, practice.ana, ClaimPayer(name="Oak", payer_id="123", filing_code="CI"))
    medicare = practice.do(
        put_payer, practice.sam, ClaimPayer(name="MCR B", payer_id="13202", filing_code="mb")
    )
    assert (medicare.name, medicare.filing_code) == ("Medicare", "MB")
