"""A practice that can write claims: who bills, what it charges, how a payer is addressed, and patients' insurances."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from billing.claim_gaps import ClaimForm
from billing.claim_parties import ClaimPayer, Practitioner
from billing.months import BillingMonth
from billing.people import MemberRole, Patient
from services.claims.practice_record import put_payer, put_practitioner, set_practice
from services.claims.writing import ClaimOrder, ClaimsMade, made, record
from services.messages.revisions import close_month
from services.people.mrns import identity_of_mrn
from services.people.patient_ref import PatientRef
from storage import Database
from tests.support.files import csv_of, loaded
from tests.support.months import GOOD_NPI
from tests.support.reporting import OCTOBER, ReportedPractice

GROUP_NPI = "1245319599"
PRACTICE = {
    "name": "Lakeside Family Medicine, PLLC",
    "npi": GROUP_NPI,
    "ein": "98-7654321",
    "taxonomy": "261QP2300X",
    "address_line": "100 Harbor Rd",
    "address_line_2": "Suite 4",
    "city": "Albany",
    "state": "NY",
    "zip": "12207-1234",
    "phone": "(518) 555-0100",
    "contact": "Sam Whitfield",
    "submitter_id": "LAKE01",
    "receiver_id": "CLEAR99",
    "receiver_name": "Clearing House Inc",
}
CHARGES = {"99492": "210.00", "99493": "185.50", "99494": "90.25", "99484": "80", "G2214": "70.10"}
#: On an insurance card, and where its owner lives; nothing of it may be left anywhere but in claims.
CARD = {
    "payer": "Lakeside",
    "member_id": "W-123456789",
    "relationship": "self",
    "group_number": "GRP-77",
    "sex": "F",
    "address_line": "12 Søndre St #3",
    "city": "Troy",
    "state": "NY",
    "zip": "12180",
}
BORN = date(1961, 7, 4)


class ClaimingPractice(ReportedPractice):
    """With everything that its claims need beside patients."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.boss = self.member("Kim Adams", MemberRole.ADMIN)
        for name, value in PRACTICE.items():
            self.do(set_practice, self.boss, name, value)
        self.do(
            put_practitioner,
            self.sam,
            Practitioner(npi=GOOD_NPI, first_name="René", last_name="O'Hara", taxonomy="207Q00000X"),
        )
        self.do(put_payer, self.sam, ClaimPayer(name="Lakeside", payer_id="60054", filing_code="CI"))
        rates = [{"code": code, "from": "2026-01-01", "usd": usd} for code, usd in CHARGES.items()]
        loaded(self, "fees", csv_of(("code", "from", "usd"), rates))

    def claimable(
        self,
        identity: str = "123",
        minutes: float = 62,
        card: Mapping[str, Any] | None = None,
        **changes: Any,
    ) -> Patient:
        """A patient whose October is ready to bill, with everything that a claim needs."""
        changes = {"place_of_service": "11", "diagnosis_codes": ("F32.1", "F41.1"), **changes}
        patient = self.enrolled(identity, **changes)
        self.works(patient, minutes / 2, date(2026, 10, 6))
        self.works(patient, minutes / 2, date(2026, 10, 13))
        self.reviews(patient, date(2026, 10, 15))
        self.born(identity)
        self.carries(identity, **(card or {}))
        return patient

    def born(self, identity: str) -> None:
        """The patient's date of birth comes with the roster."""
        rows = [{"mrn": f"MRN{identity}", "birth_date": BORN}]
        loaded(self, "patients", csv_of(("mrn", "birth_date"), rows))

    def carries(self, identity: str, **card: Any) -> None:
        """The patient's card and address come in a file."""
        row = {"mrn": f"MRN{identity}", **CARD, **card}
        loaded(self, "insurance", csv_of(tuple(row), [row]))

    def closes(self, month: BillingMonth = OCTOBER) -> None:
        """Sam closes a month."""
        self.clock.pass_(minutes=1)
        self.do(close_month, self.sam, month)

    def writes(self, form: ClaimForm = ClaimForm.X12, *mrns: str, test: bool = False) -> ClaimsMade:
        """The claims that are due of October, as a file that was written."""
        refs = tuple(PatientRef(text=mrn, identity=identity_of_mrn(mrn)) for mrn in mrns)
        order = ClaimOrder(month=OCTOBER, form=form, patients=refs, is_test=test)
        found = self.see(made, order)
        self.do(record, self.sam, found.file)
        return found
