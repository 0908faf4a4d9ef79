"""Compares the rules of two months, and what the practice's own lines would be by the later ones."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from billing.charges import Charge
from billing.evaluate import LineStatus
from billing.money import estimate
from billing.months import BillingMonth
from billing.people import Member, Patient
from billing.rule_changes import (
    RuleChange,
    code_changes,
    in_order,
    judging,
    payer_changes,
    rate_changes,
    setting_changes,
)
from billing.rules import CoveredDays, RuleSet
from billing.terms import terms_of
from services.context import Context
from services.errors import Refusal
from services.months.gather import EVERYBODY, GatheredMonth, gather
from services.months.judge import JudgedMonth
from services.months.lines import ReportLine, report_line
from services.months.prices import Prices
from services.months.rule_book import RuleBook
from services.people.rights import Action, needs

#: Longer spans are asked for by mistake.
_MOST_MONTHS = 120


class CannotCompare(Refusal):
    """Those two months cannot be compared. Write the earlier month first."""

    code = "cannot_compare"


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthRules:
    """What changes between two months."""

    first: BillingMonth
    second: BillingMonth
    changes: tuple[RuleChange, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LineRules:
    """One patient's line of the first month, by its own rules and by those of the second month."""

    patient: Patient = field(repr=False)
    payer: str
    status_before: LineStatus
    status_after: LineStatus
    #: As earned by minutes.
    codes_before: tuple[Charge, ...]
    codes_after: tuple[Charge, ...]
    #: Of what is billable, by the first month's rates; None where no code has one.
    usd_before: Decimal | None
    usd_after: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PracticeDifference:
    """What the second month's rules would make of the first month's lines."""

    #: Lines of the first month.
    lines: int
    changed: tuple[LineRules, ...]
    #: Of all lines, by the first month's rates, so that the difference is the rules' alone.
    usd_before: Decimal
    usd_after: Decimal
    #: The same by the second month's rates; None where a billable code has none on file then.
    usd_after_at_new_rates: Decimal | None


@needs(Action.SEE_SETTINGS)
def rules_between(context: Context, actor: Member, first: BillingMonth, second: BillingMonth) -> MonthRules:  # noqa: ARG001 - whoever looks is checked
    """What changes from one month to another.

    Raises:
        CannotCompare: when the second is not the later one.
    """
    return month_rules(context, first, second)


def month_rules(context: Context, first: BillingMonth, second: BillingMonth) -> MonthRules:
    """The same, for the command line."""
    span = second.months_since(first)
    if span <= 0:
        raise CannotCompare
    if span > _MOST_MONTHS:
        raise CannotCompare(
            f"{first} and {second} are more than {_MOST_MONTHS // 12} years apart. Check the years."
        )
    months = [first.plus(step) for step in range(span + 1)]
    book = RuleBook(context)
    found = [*code_changes(first.last_day, second.last_day)]
    for payer in book.everyone():
        found += payer_changes(payer, first.last_day, second.last_day)
    last_days = [month.last_day for month in months]
    found += setting_changes(context.settings.rules, context.uow.setting_changes.all(), last_days)
    for schedule in Prices(context).all():
        found += rate_changes(schedule, first.last_day, second.last_day)
    return MonthRules(first=first, second=second, changes=in_order(found))


class _OtherMonthsRules(RuleBook):
    """The rules of one month, whatever month is judged: for the payers of the month judged."""

    def __init__(self, context: Context, month: BillingMonth) -> None:
        super().__init__(context)
        self._month = month

    def _rules_of(self, month: BillingMonth, payer: str) -> RuleSet:  # noqa: ARG002 - another's rules
        return judging(super()._rules_of(self._month, payer))

    def _days_of(self, first_day: date, last_day: date, payer: str) -> tuple[CoveredDays, ...]:
        rules = self._rules_of(self._month, payer)
        return (CoveredDays(first_day=first_day, last_day=last_day, rules=rules),)


def practice_difference(context: Context, first: BillingMonth, second: BillingMonth) -> PracticeDifference:
    """Judge every line of the first month by its own rules and by the second month's, by what is on file today."""
    own, other = RuleBook(context), _OtherMonthsRules(context, second)
    prices = Prices(context)
    lines = 0
    changed: list[LineRules] = []
    before = after = new_rates = Decimal(0)
    unpriced = False
    for mine, theirs in zip(
        _lines(context, first, own, prices), _lines(context, first, other, prices), strict=True
    ):
        lines += 1
        before += mine.estimate.amount
        after += theirs.estimate.amount
        schedule = prices.schedule(other.terms(theirs.rules.payer, second.last_day))
        terms = terms_of(theirs.claim, theirs.rules)
        then = estimate(theirs.result.billable, second.first_day, schedule, terms)
        new_rates += then.amount
        unpriced = unpriced or bool(then.without_rate)
        line = _compared(mine, theirs)
        if line is not None:
            changed.append(line)
    return PracticeDifference(
        lines=lines,
        changed=tuple(changed),
        usd_before=before,
        usd_after=after,
        usd_after_at_new_rates=None if unpriced else new_rates,
    )


def _lines(context: Context, month: BillingMonth, book: RuleBook, prices: Prices) -> Iterator[ReportLine]:
    for gathered in gather(context, EVERYBODY, (month,), book, words=True):
        yield _line(gathered, book, prices)


def _line(gathered: GatheredMonth, book: RuleBook, prices: Prices) -> ReportLine:
    judged = JudgedMonth.of(gathered)
    terms = book.terms(judged.judging.payer, judged.result.claim_day)
    return report_line(judged, prices.schedule(terms))


def _compared(mine: ReportLine, theirs: ReportLine) -> LineRules | None:
    """One patient's line by both; None where they agree."""
    line = LineRules(
        patient=mine.patient,
        payer=mine.payer,
        status_before=mine.result.status,
        status_after=theirs.result.status,
        codes_before=mine.result.earned,
        codes_after=theirs.result.earned,
        usd_before=mine.estimated_usd,
        usd_after=theirs.estimated_usd,
    )
    before = line.status_before, line.codes_before, line.usd_before
    return None if before == (line.status_after, line.codes_after, line.usd_after) else line
