"""`cocm claims` and `cocm practice`: files of their owner's alone, never over another, without a patient in a name."""

import json
import re
import stat
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import create_engine, text

from tests.support.claiming import CARD, CHARGES, PRACTICE
from tests.support.commands import Run
from tests.support.files import csv_of, entries_csv, rows_of
from tests.support.months import GOOD_NPI
from tests.support.x12_reader import read_file

MEMBERS = b"""slack_user_id,display_name,roles
U0KIM1,Kim Adams,admin
U0SAM1,Sam Whitfield,biller
U0CHO1,Dr. Cho,consultant
U0ANA1,Ana Flores,care_manager
"""
ROSTER = csv_of(
    (
        *("mrn", "first_name", "last_name", "birth_date", "payer", "referring_npi", "care_manager"),
        *("enrolled_on", "consent_on", "initial_assessment_on", "diagnosis_codes", "place_of_service"),
    ),
    [
        {
            "mrn": "MRN70417",
            "first_name": "Holly",
            "last_name": "Quixote",
            "birth_date": "1961-07-04",
            "payer": "Lakeside",
            "referring_npi": GOOD_NPI,
            "care_manager": "Ana Flores",
            "enrolled_on": "2026-08-03",
            "consent_on": "2026-08-03",
            "initial_assessment_on": "2026-08-03",
            "diagnosis_codes": "F32.1",
            "place_of_service": "11",
        }
    ],
)
#: What of a patient may be nowhere but in the file of claims.
SECRETS = ("W-123456789", "GRP-77", "Søndre", "SONDRE", "12180", "Quixote", "1961")


@pytest.fixture
def closed(cocm: Run, tmp_path: Path) -> Path:
    """October 2026 is closed, with one line to bill; all that its claim needs is on file but a payer id."""
    files = {
        "members": MEMBERS,
        "patients": ROSTER,
        "entries": entries_csv(
            {"mrn": "70417", "minutes": "62", "service_date": "2026-10-06", "note": "call"},
        ),
        "reviews": csv_of(
            ("mrn", "reviewed_on", "consultant", "recommendation"),
            [
                {
                    "mrn": "70417",
                    "reviewed_on": "2026-10-15",
                    "consultant": "Dr. Cho",
                    "recommendation": "go on",
                }
            ],
        ),
        "fees": csv_of(
            ("code", "from", "usd"),
            [{"code": code, "from": "2026-01-01", "usd": usd} for code, usd in CHARGES.items()],
        ),
        "insurance": csv_of(("mrn", *CARD), [{"mrn": "70417", **CARD}]),
    }
    for kind, data in files.items():
        (tmp_path / f"{kind}.csv").write_bytes(data)
        cocm("import", kind, f"{kind}.csv")
    for name, value in PRACTICE.items():
        cocm("practice", "set", name, value, "--by", "Kim Adams")
    names = ("--first", "Rene", "--last", "O'Hara", "--by", "Sam Whitfield")
    assert b"Rene O'Hara" in cocm("practice", "practitioner", GOOD_NPI, *names).stdout
    cocm("close", "2026-10", "--by", "Sam Whitfield")
    return tmp_path


def payer(cocm: Run) -> None:
    cocm(
        *("practice", "payer", "Lakeside", "--payer-id", "60054", "--filing-code", "CI"),
        *("--by", "Sam Whitfield"),
    )


def test_a_closed_month_becomes_a_file_of_its_owners_alone(cocm: Run, closed: Path) -> None:
    """What is missing is said first; the file's name says month, revision and number; another is not written over."""
    said = cocm("claims", "check", "2026-10").stdout.decode()
    assert "1 claim of 2026-10 due" in said
    assert "the payer id" in said
    assert "MRN70417" in said
    refused = cocm("claims", "write", "2026-10", "--format", "x12", "--by", "Sam Whitfield", code=1)
    assert b"No claim of 2026-10 is complete" in refused.stderr
    assert not list(closed.glob("cocm-claims*"))
    payer(cocm)
    assert b"nothing is missing" in cocm("claims", "check", "2026-10").stdout
    done = cocm("claims", "write", "2026-10", "--format", "x12", "--by", "Sam Whitfield").stdout.decode()
    assert "File 1 of claims: 2026-10, revision 1, 1 claim with 1 line, 185.50 USD charged." in done
    (file,) = closed.glob("cocm-claims*")
    assert file.name == "cocm-claims-2026-10-revision-1-file-1.x12"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    (claim,) = read_file(file.read_bytes()).claims
    assert claim.subscriber["last"] == "QUIXOTE"
    order = ("claims", "write", "2026-10", "--format", "x12", "--by", "Sam Whitfield", "--output", file.name)
    before = file.read_bytes()
    assert b"Add --overwrite" in cocm(*order, code=1).stderr
    assert file.read_bytes() == before
    cocm(*order, "--overwrite", "--test")
    assert read_file(file.read_bytes()).usage == "T"
    assert b"Everything stands" in cocm("audit", "verify").stdout
    assert not any(secret in done + said for secret in SECRETS)


@pytest.mark.usefixtures("closed")
def test_csv_has_every_claim_and_what_it_lacks(cocm: Run) -> None:
    """To standard output the file alone; what is said goes beside it."""
    done = cocm("claims", "write", "2026-10", "--output", "-", "--by", "Sam Whitfield")
    (row,) = rows_of(done.stdout)
    assert (row["MRN"], row["Code"], row["Charge"], row["Claim total"]) == (
        "MRN70417",
        "99493",
        "185.50",
        "185.50",
    )
    assert row["Missing"] == "payer: the payer id; payer: the claim filing code"
    assert b"In the file, but not complete" in done.stderr
    assert (
        b"--test is about 837P"
        in cocm(*("claims", "write", "2026-10", "--test", "--by", "Sam Whitfield"), code=2).stderr
    )


def test_who_may_not_writes_nothing(cocm: Run, closed: Path) -> None:
    """A care manager's name opens no file; neither does nobody's."""
    payer(cocm)
    denied = cocm("claims", "write", "2026-10", "--by", "Ana Flores", code=1).stderr
    assert b"Only billers and administrators" in denied
    assert not list(closed.glob("cocm-claims*"))
    kept = cocm(
        *("claims", "number", "2026-10", "--mrn", "MRN70417", "--is", "ICN1", "--by", "Sam Whitfield")
    )
    assert kept.stdout == b"The payer's number of the claim of 2026-10 is kept.\n"


@pytest.mark.usefixtures("closed")
def test_whom_claims_name_is_shown(cocm: Run) -> None:
    """As a table and as JSON; nothing of a patient."""
    payer(cocm)
    shown = cocm("practice", "show").stdout.decode()
    assert "Lakeside Family Medicine, PLLC" in shown
    assert re.search(r"facility_name +not on file", shown)
    found = json.loads(cocm("practice", "show", "--json").stdout)
    assert found["practice"]["ein"] == "987654321"
    assert found["payers"] == [{"name": "Lakeside", "payer_id": "60054", "filing_code": "CI"}]
    assert (
        b"There is no 'color'"
        in cocm(*("practice", "set", "color", "blue", "--by", "Kim Adams"), code=1).stderr
    )


def test_cards_are_encrypted_at_rest_and_in_no_answer_or_log(
    cocm: Run,
    tmp_path: Path,
    sqlite_url: str,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> None:
    """With a data key nothing of a card can be read in the database; with it, the claim has all of it."""
    monkeypatch.setenv("COCM_DATA_KEYS", Fernet.generate_key().decode())
    request.getfixturevalue("closed")
    payer(cocm)
    file = Path(sqlite_url.removeprefix("sqlite:///"))
    stored = b"".join(path.read_bytes() for path in file.parent.glob(f"{file.name}*"))
    assert b"MRN70417" in stored
    for secret in ("W-123456789", "GRP-77", "Søndre", "Quixote", "987654321"):
        assert secret.encode() not in stored
    engine = create_engine(sqlite_url)
    with engine.connect() as connection:
        (kept,) = connection.execute(text("SELECT member_id FROM claim_insurance")).one()
    engine.dispose()
    assert kept.startswith("cocm1.")
    cocm("claims", "write", "2026-10", "--format", "x12", "--by", "Sam Whitfield")
    (file,) = tmp_path.glob("cocm-claims*")
    (claim,) = read_file(file.read_bytes()).claims
    assert (claim.subscriber["id"], claim.patient["born"]) == ("W-123456789", "19610704")
    assert b"Everything stands" in cocm("audit", "verify").stdout
