"""Gathers what each claim of a closed month is made of: the frozen lines, and whom they name."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial

from billing.charges import Charge
from billing.claim_days import ClaimDay, claim_on
from billing.claim_parties import (
    ClaimPayer,
    Insurance,
    PatientDetails,
    Practitioner,
    authorization_on,
)
from billing.claims import Claim
from billing.closing import FrozenLine, MonthStatus
from billing.medicare_rates import MEDICARE
from billing.months import BillingMonth
from billing.payer_names import payer_key
from billing.people import Patient
from billing.places import place_code
from billing.service_lines import ClaimDraft, Frequency, frequency_of, service_lines
from billing.terms import terms_of
from services.claims.practice_record import practice_record
from services.context import Context
from services.errors import Refusal
from services.months.claims import claims_of
from services.months.prices import Prices
from services.months.rule_book import RuleBook
from services.months.state import MonthState, month_state
from services.people import patients
from services.people.patient_ref import PatientRef

#: Patients whose details are read at a time.
_CHUNK = 500


class CannotWriteClaims(Refusal):
    """Claims of that month cannot be written. Nothing was written."""

    code = "cannot_write_claims"


@dataclass(frozen=True, slots=True, kw_only=True)
class DueClaim:
    """A patient's month of which a claim is due."""

    patient: Patient = field(repr=False)
    frequency: Frequency
    #: The frozen line that the claim bills, or, voiding one, that it billed.
    line: FrozenLine = field(repr=False)
    charges: tuple[Charge, ...]
    revision: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DueClaims:
    """The claims that are due of a month."""

    month: BillingMonth
    revision: int
    due: tuple[DueClaim, ...] = field(repr=False)
    #: Lines whose claims went out as they stand.
    submitted: int


def due_claims(context: Context, month: BillingMonth, refs: Sequence[PatientRef] = ()) -> DueClaims:
    """Of which lines of a closed month claims are due, by MRN.

    Lines that nobody submitted are due as they are; of those submitted, the ones that bill something else since, or
    nothing any more. A line asked for by MRN is due again, in place of what went out.

    Raises:
        CannotWriteClaims: when the month is not closed, or a patient asked for bills nothing and never did.
        UnknownPatient: when nobody is known by one of the MRNs.
    """
    state = _closed(context, month)
    wanted = {patients.need(context, ref).patient_id for ref in refs}
    claims = claims_of(context, month)
    lines = {
        line.facts.patient_id: line
        for line in context.uow.closes.lines(month, state.revision)
        if line.result.billable
    }
    sent = {one for one, claim in claims.items() if claim.is_submitted and claim.claimed}
    asked = wanted or lines.keys() | sent
    named = context.uow.patients.many(asked)
    due: list[DueClaim] = []
    submitted = 0
    for patient_id in asked:
        claim = claims.get(patient_id) or Claim(month=month, patient_id=patient_id)
        line = lines.get(patient_id)
        patient = named.get(patient_id) or context.uow.patients.by_id(patient_id)
        assert patient is not None, "closed lines and claims are of patients on file"
        found = _due(context, state, patient, claim, line, again=bool(wanted))
        if found is not None:
            due.append(found)
        elif claim.is_submitted:
            submitted += 1
    due_ids = {one.patient.patient_id for one in due}
    unfit = context.uow.patients.many(wanted - due_ids)
    if unfit:
        shown = ", ".join(patients.shown_mrn(one.mrn) for one in unfit.values())
        raise CannotWriteClaims(
            f"{shown}: nothing of {month} is billed, so there is no claim. Nothing was written."
        )
    due.sort(key=lambda one: (one.patient.mrn.casefold(), one.patient.patient_id))
    return DueClaims(month=month, revision=state.revision, due=tuple(due), submitted=submitted)


def _closed(context: Context, month: BillingMonth) -> MonthState:
    state = month_state(context, month)
    if state.status is not MonthStatus.CLOSED:
        raise CannotWriteClaims(
            f"{month} is not closed, and claims are written of closed months alone. Nothing was written. Close it "
            f"first: cocm close {month} --by USER"
        )
    return state


def _due(
    context: Context,
    state: MonthState,
    patient: Patient,
    claim: Claim,
    line: FrozenLine | None,
    *,
    again: bool,
) -> DueClaim | None:
    billable = line.result.billable if line is not None else ()
    frequency = frequency_of(claim.revision, claim.claimed, billable, again=again)
    if frequency is None:
        return None
    if frequency is Frequency.VOID:
        # What went out is voided as it was, by the line that it billed.
        line = context.uow.closes.line(state.month, claim.revision, patient.patient_id)
        billable = claim.claimed
    if line is None:
        return None
    return DueClaim(
        patient=patient, frequency=frequency, line=line, charges=billable, revision=state.revision
    )


class Drafts:
    """Makes claims of what is due, each with whatever of it is on file."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._book = RuleBook(context)
        self._prices = Prices(context)
        self.practice = practice_record(context)
        self._practitioners = context.uow.claim_parties.practitioners()
        self._payers = {self._payer_key(one.name): one for one in context.uow.claim_parties.payers()}

    def of(self, due: DueClaims) -> Iterator[ClaimDraft]:
        """The claims, in their order."""
        for start in range(0, len(due.due), _CHUNK):
            some = due.due[start : start + _CHUNK]
            ids = {one.patient.patient_id for one in some}
            details = self._context.uow.claim_details.of_patients(ids)
            numbers = self._context.uow.claim_parties.payer_numbers(due.month, ids)
            for one in some:
                yield self._draft(one, details, numbers)

    def _draft(
        self, due: DueClaim, details: Mapping[int, PatientDetails], numbers: Mapping[int, str]
    ) -> ClaimDraft:
        patient, line = due.patient, due.line
        month, day = line.facts.month, line.result.claim_day
        claim = claim_on(line.facts, day)
        own = details.get(patient.patient_id) or PatientDetails(patient_id=patient.patient_id)
        place = place_code(claim.place_of_service)
        rules = line.result.rules_of(line.rules)
        return ClaimDraft(
            number=claim_number(patient, month, due.revision),
            month=month,
            revision=due.revision,
            frequency=due.frequency,
            payer_number=numbers.get(patient.patient_id, "")
            if due.frequency is not Frequency.ORIGINAL
            else "",
            mrn=patient.mrn,
            first_name=patient.first_name,
            last_name=patient.last_name,
            birth_date=patient.birth_date,
            details=own,
            insurance=self._insurance(own.insurances, claim.payer),
            payer=self._payer(claim.payer),
            authorization=authorization_on(
                [
                    one
                    for one in own.authorizations
                    if self._payer_key(one.payer) == self._payer_key(claim.payer)
                ],
                day,
            ),
            referring=self._practitioner(claim.referring_npi),
            rendering=self._practitioner(claim.billing_npi or claim.referring_npi),
            diagnoses=claim.diagnosis_codes,
            place=place,
            lines=service_lines(
                due.charges,
                day,
                rate_of=partial(self._rate, line, claim),
                modifiers=rules.on(day).modifiers,
                place=place,
                diagnoses=len(claim.diagnosis_codes),
            ),
            practice=self.practice,
        )

    def _rate(self, line: FrozenLine, claim: ClaimDay, code: str) -> Decimal | None:
        """What the practice charges for a unit; Medicare's amounts are nobody's charges."""
        rules, day = line.result.rules_of(line.rules), line.result.claim_day
        schedule = self._prices.schedule(self._book.terms(rules.payer, day))
        if schedule is MEDICARE:
            return None
        rate = schedule.rate(code, day, terms_of(claim, rules))
        return None if rate is None else rate.amount

    def _insurance(self, held: Collection[Insurance], payer: str) -> Insurance | None:
        key = self._payer_key(payer)
        return next((one for one in held if self._payer_key(one.payer) == key), None)

    def _payer(self, name: str) -> ClaimPayer:
        return self._payers.get(self._payer_key(name)) or ClaimPayer(name=self._book.name_of(name))

    def _payer_key(self, name: str) -> str:
        return payer_key(self._book.name_of(name))

    def _practitioner(self, npi: str) -> Practitioner | None:
        return (self._practitioners.get(npi) or Practitioner(npi=npi)) if npi else None


def claim_number(patient: Patient, month: BillingMonth, revision: int) -> str:
    """The practice's number of a claim, which names nobody: `P7F3K-202611-1`."""
    return f"{patient.handle.replace('-', '')}-{month.year}{month.month:02}-{revision}"
