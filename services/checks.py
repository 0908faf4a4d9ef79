"""Whether everything stored still stands as it was written."""

from dataclasses import dataclass

from billing.months import BillingMonth
from services.context import Context


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What was looked at, and what is wrong with it; no findings is a whole database."""

    #: Revisions of closed months whose every line was computed again.
    revisions: int
    lines: int
    #: Sentences, each about one fault; they name no patient.
    findings: tuple[str, ...]


def verify(context: Context) -> Verified:
    """Follow the audit chain, compare the totals' source with the ledger, and compute frozen lines again."""
    findings = [f"Audit chain: {found.message}." for found in context.uow.audit.verify()]
    findings += [
        f"Ledger: entry {found.entry_id} is {found.difference.value} in the projection that totals read."
        for found in context.uow.ledger.projection_differences()
    ]
    revisions = lines = 0
    for month, revision in context.uow.closes.revisions():
        revisions += 1
        for line in context.uow.closes.lines(month, revision):
            lines += 1
            if not line.recomputes():
                findings.append(_not_the_same(month, revision, line.facts.patient_id))
    return Verified(revisions=revisions, lines=lines, findings=tuple(findings))


def _not_the_same(month: BillingMonth, revision: int, patient_id: int) -> str:
    return f"Closed month {month}, revision {revision}: line of patient {patient_id} computes otherwise now."
