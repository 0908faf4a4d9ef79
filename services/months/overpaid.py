"""Lists lines that bill less than was submitted, and records what is done about them (R-504).

What is reckoned here is a reminder by 42 CFR 401.305, and no legal advice. Roles: billers and administrators record.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from billing.charges import Charge
from billing.claim_days import claim_on
from billing.claims import Claim, ClaimEvent, ClaimEventKind, is_federal, return_by
from billing.closing import FrozenLine
from billing.evaluate import evaluate_month
from billing.money import estimate
from billing.months import BillingMonth
from billing.people import Member, Patient
from billing.terms import terms_of
from services.context import Context
from services.errors import CannotChangeMonth
from services.months.claims import claims_of
from services.months.gather import gather
from services.months.prices import Prices
from services.months.rule_book import RuleBook
from services.months.state import month_state
from services.people import patients
from services.people.patient_ref import PatientRef
from services.people.rights import Action, needs
from storage import MONTH, ActKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Overpaid:
    """One line for which a payer may have paid, or has paid, too much."""

    patient: Patient = field(repr=False)
    claim: Claim
    #: The payer that the line went to; empty where none is on file.
    payer: str
    #: What was claimed, and what the line bills as it stands.
    before: tuple[Charge, ...]
    now: tuple[Charge, ...]
    #: The difference by the rates on file; None where one is missing.
    estimated_usd: Decimal | None

    @property
    def is_federal(self) -> bool:
        """Whether the sixty days of federal programs hold."""
        return is_federal(self.payer)

    @property
    def return_by(self) -> date | None:
        """The last day for returning it to a federal program; None for others, and while nobody identified it."""
        return return_by(self.claim) if self.is_federal else None


@needs(Action.REPORT)
def overpaid(context: Context, actor: Member, month: BillingMonth | None = None) -> tuple[Overpaid, ...]:
    """Every line that bills less than was submitted, or is owed still, of a month or of all; the most urgent first.

    Raises:
        NotAllowed: for anybody but billers, supervisors and administrators.
    """
    del actor
    return overpaid_lines(context, month)


def overpaid_lines(context: Context, month: BillingMonth | None = None) -> tuple[Overpaid, ...]:
    """The same, for whoever reads the month's figures."""
    months = (month,) if month is not None else _months(context)
    found = [one for each in months for one in _of_month(context, each, claims_of(context, each))]
    return tuple(sorted(found, key=_urgency))


def _urgency(one: Overpaid) -> tuple[date, BillingMonth, str]:
    return one.return_by or date.max, one.claim.month, one.patient.mrn.casefold()


def _months(context: Context) -> Iterator[BillingMonth]:
    """Months of which something was submitted."""
    said = set(context.uow.claim_events.months())
    closed = {month for month, _ in context.uow.closes.revisions()}
    for month in sorted(closed):
        if month in said or any(close.submitted_at for close in context.uow.closes.of(month)):
            yield month


def _of_month(context: Context, month: BillingMonth, claims: dict[int, Claim]) -> Iterator[Overpaid]:
    watched = {one: claim for one, claim in claims.items() if claim.is_submitted or claim.owes}
    if not watched:
        return
    named = context.uow.patients.many(watched)
    standing = _Standing(context, month, tuple(named.values()))
    for patient_id, patient in named.items():
        claim, now = watched[patient_id], standing.billable(patient_id)
        if claim.owes or claim.lowered_by(now):
            before = claim.overpaid if claim.owes else claim.claimed
            yield Overpaid(
                patient=patient,
                claim=claim,
                payer=standing.payer(patient_id, claim.revision),
                before=before,
                now=now,
                estimated_usd=standing.difference(patient_id, claim.revision, before, now),
            )


class _Standing:
    """What lines of a closed month bill as it stands: as frozen, unless what changed since lowers it."""

    def __init__(self, context: Context, month: BillingMonth, of: Sequence[Patient]) -> None:
        self._context, self._month = context, month
        self._book, self._prices = RuleBook(context), Prices(context)
        ids = [patient.patient_id for patient in of]
        closes = month_state(context, month).closes
        self._frozen = {
            close.revision: context.uow.closes.lines_of(month, close.revision, ids) for close in closes
        }
        self._last = self._frozen[closes[-1].revision] if closes else {}
        self._now: dict[int, tuple[Charge, ...]] = {}
        for gathered in gather(context, of, (month,), self._book):
            line = self._last.get(gathered.patient.patient_id)
            if line is not None:
                rules = gathered.rules if gathered.rules.payer != line.rules.payer else line.rules
                now = evaluate_month(gathered.facts, rules).billable
                # What only this program's version judges otherwise is news, and no overpayment.
                as_frozen = evaluate_month(line.facts, line.rules).billable
                fewer = _lowers(as_frozen, now)
                self._now[gathered.patient.patient_id] = now if fewer else line.result.billable

    def billable(self, patient_id: int) -> tuple[Charge, ...]:
        """What the line bills; nothing where the last revision has no such line."""
        line = self._last.get(patient_id)
        return self._now.get(patient_id, line.result.billable if line is not None else ())

    def line(self, patient_id: int, revision: int) -> FrozenLine | None:
        """The line that was submitted."""
        return self._frozen.get(revision, {}).get(patient_id) or self._last.get(patient_id)

    def payer(self, patient_id: int, revision: int) -> str:
        """The payer of the line that was submitted, as it was called then."""
        line = self.line(patient_id, revision)
        if line is None:
            return ""
        return line.result.payer or claim_on(line.facts, line.result.claim_day).payer

    def difference(
        self, patient_id: int, revision: int, before: tuple[Charge, ...], now: tuple[Charge, ...]
    ) -> Decimal | None:
        """By how much the estimate falls; None where a rate is missing."""
        line = self.line(patient_id, revision)
        if line is None:
            return None
        rules, day = line.result.rules_of(line.rules), line.result.claim_day
        schedule = self._prices.schedule(self._book.terms(rules.payer, day))
        terms = terms_of(claim_on(line.facts, day), rules)
        old, new = (estimate(charges, day, schedule, terms) for charges in (before, now))
        return None if old.gaps or new.gaps else old.amount - new.amount


def _lowers(before: Iterable[Charge], after: Collection[Charge]) -> bool:
    units = {charge.code: charge.units for charge in after}
    return any(units.get(charge.code, 0) < charge.units for charge in before)


@needs(Action.SUBMIT)
def record(
    context: Context, actor: Member, ref: PatientRef, month: BillingMonth, what: ClaimEventKind, day: date
) -> Overpaid:
    """Record that an overpayment was identified, is investigated, was returned, or is none after all.

    Args:
        context: Where the use case works.
        actor: Who says so.
        ref: The patient.
        month: The line's month.
        what: Anything but that a claim was submitted, or that this was taken back.
        day: The local date on which it was so.

    Returns:
        The line as it stands then.

    Raises:
        NotAllowed: for anybody but a biller or an administrator.
        UnknownPatient: when nobody is known by that MRN.
        CannotChangeMonth: when the line was never submitted, or the days do not fit what is on file.
    """
    patient = patients.need(context, ref)
    claim = claims_of(context, month).get(patient.patient_id)
    whose = f"{patients.shown_mrn(patient.mrn)}, {month.name} {month.year}"
    if claim is None or not (claim.is_submitted or claim.owes):
        raise CannotChangeMonth(
            f"{whose}: no claim is marked as submitted, so there is no overpayment. Nothing was changed."
        )
    found = next((one for one in _of_month(context, month, {patient.patient_id: claim})), None)
    _check(claim, found, what, day, whose)
    now = found.now if found is not None else claim.claimed
    events = [what]
    if what is ClaimEventKind.RETURNED and not claim.owes:
        events = [ClaimEventKind.IDENTIFIED, what]
    kept = {ClaimEventKind.IDENTIFIED: claim.claimed if claim.lowered_by(now) else ()}
    kept |= dict.fromkeys(_SETTLING, now)
    _keep(
        context,
        actor,
        claim,
        [_event(context, actor, claim, one, day, kept.get(one, ())) for one in events],
    )
    after = claims_of(context, month)[patient.patient_id]
    standing = _Standing(context, month, (patient,))
    before = claim.overpaid if claim.owes else after.overpaid or claim.claimed
    return Overpaid(
        patient=patient,
        claim=after,
        payer=standing.payer(patient.patient_id, claim.revision),
        before=before,
        now=standing.billable(patient.patient_id),
        estimated_usd=standing.difference(patient.patient_id, claim.revision, before, now),
    )


_NEED_IDENTIFIED = frozenset({ClaimEventKind.INVESTIGATING, ClaimEventKind.INVESTIGATED})
_SETTLING = frozenset({ClaimEventKind.RETURNED, ClaimEventKind.DISMISSED})


def _check(claim: Claim, found: Overpaid | None, what: ClaimEventKind, day: date, whose: str) -> None:
    """Refuse what does not fit what is on file."""
    why = ""
    if what in _NEED_IDENTIFIED and not claim.owes:
        why = "say first on which day the overpayment was identified"
    elif what in _SETTLING and found is None:
        why = "it bills what was submitted, and no overpayment is on file"
    elif claim.submitted_on is not None and day < claim.submitted_on:
        why = f"the claim was submitted on {_day(claim.submitted_on)}, which is later. Check the date"
    elif (
        claim.identified_on is not None
        and what is not ClaimEventKind.IDENTIFIED
        and day < claim.identified_on
    ):
        why = f"the overpayment was identified on {_day(claim.identified_on)}, which is later. Check the date"
    elif what is ClaimEventKind.INVESTIGATED and (
        claim.investigating_from is None or day < claim.investigating_from
    ):
        why = "no investigation is on file that began by then"
    if why:
        raise CannotChangeMonth(f"{whose}: {why}. Nothing was changed.")


def _day(day: date) -> str:
    return f"{day:%b} {day.day}, {day.year}"


def _event(
    context: Context,
    actor: Member,
    claim: Claim,
    what: ClaimEventKind,
    day: date,
    claimed: tuple[Charge, ...],
) -> ClaimEvent:
    return ClaimEvent(
        month=claim.month,
        patient_id=claim.patient_id,
        kind=what,
        revision=claim.revision or 1,
        claimed=claimed,
        day=day,
        by=actor.member_id,
        at=context.now,
    )


def _keep(context: Context, actor: Member, claim: Claim, events: Sequence[ClaimEvent]) -> None:
    month = claim.month
    context.uow.acts.begin(ActKind.OVERPAID, by=actor.member_id, at=context.now)
    number = month.year * 100 + month.month
    context.uow.acts.changed(MONTH, number, claim.revision, claim.revision)
    context.uow.claim_events.add(events)
    context.uow.audit.record(
        at=context.now,
        actor=actor.member_id,
        action=f"overpayment.{events[-1].kind.value}",
        subject=f"month:{month}",
        details={"patient": claim.patient_id, "day": events[-1].day.isoformat()},
    )
    context.uow.commit()


def identified_by_close(
    context: Context, actor: Member, month: BillingMonth, revision: int, lowered: Iterable[int]
) -> None:
    """Open the note of each line that a new close bills less than was submitted: identified on the day of the close."""
    claims = claims_of(context, month)
    events = [
        replace(
            _event(
                context, actor, claims[one], ClaimEventKind.IDENTIFIED, context.today, claims[one].claimed
            ),
            revision=revision,
        )
        for one in lowered
        if not claims[one].owes
    ]
    if events:
        context.uow.claim_events.add(events)
