"""Finds lines whose last day for filing with their payer is near or over, and of which no claim was submitted."""

from billing.claim_days import claim_on
from billing.claims import Claim, last_day_to_file
from billing.findings.finding import Finding
from billing.findings.timely_filing import timely_filing
from billing.months import BillingMonth
from services.context import Context
from services.months.claims import claims_of
from services.months.judge import JudgedMonth
from services.months.rule_book import RuleBook


class Filing:
    """The limits of payers, and the claims submitted, as they stand today (R-505)."""

    def __init__(self, context: Context, book: RuleBook) -> None:
        self._context = context
        self._book = book
        self._claims: dict[BillingMonth, dict[int, Claim]] = {}

    def finding(self, judged: JudgedMonth) -> Finding | None:
        """The warning about a line that can be billed; None where there is time, or nothing to file."""
        result = judged.result
        if not result.billable:
            return None
        payer, months = self._limit(judged)
        if months is None:
            return None
        found = timely_filing(last_day_to_file(result.claim_day, months), self._context.today, payer)
        return None if found is None or self._is_submitted(judged) else found

    def _limit(self, judged: JudgedMonth) -> tuple[str, int | None]:
        """Whose limit it is, and its months; of a line frozen before its payer had one on file, that of today."""
        rules = judged.judging
        if rules.timely_filing_months is not None:
            return rules.payer, rules.timely_filing_months
        day = judged.result.claim_day
        payer = rules.payer or claim_on(judged.facts, day).payer
        terms = self._book.terms(payer, day)
        return (payer, None) if terms is None else (terms.name, terms.timely_filing_months)

    def _is_submitted(self, judged: JudgedMonth) -> bool:
        month = judged.facts.month
        if month not in self._claims:
            self._claims[month] = claims_of(self._context, month)
        claim = self._claims[month].get(judged.facts.patient_id)
        return claim is not None and claim.is_submitted
