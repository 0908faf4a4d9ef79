"""Carries out `cocm rules diff`, and prints what changes and what it would make of the practice's lines."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from billing.charges import Charge
from billing.evaluate import LineStatus
from billing.months import BillingMonth
from billing.rule_changes import RuleChange
from bot.screens.phrases import count as counted
from bot.screens.rules import whose
from cocm.offline import offline_practice
from cocm.practice_runs import draw, out, print_json
from services.people.patients import shown_mrn
from services.practice.rules_diff import (
    LineRules,
    MonthRules,
    PracticeDifference,
    month_rules,
    practice_difference,
)


def show_differences(first: BillingMonth, second: BillingMonth, *, practice: bool, as_json: bool) -> None:
    """Print which rules change; with `practice`, what the second month's would make of the first month's lines.

    Raises:
        Refused: when the second month is not the later one.
    """
    with offline_practice(migrates=False) as offline:
        found = offline.read(month_rules, first, second)
        lines = offline.read(practice_difference, first, second) if practice else None
    if as_json:
        print_json(_json(found, lines))
        return
    if found.changes:
        rows = [
            (one.day.isoformat(), whose(one), one.what, one.old, one.new, one.source) for one in found.changes
        ]
        draw(("From", "Whose", "Rule", "Old", "New", "Source"), rows)
    out.print(f"{first} to {second}: {counted(len(found.changes), 'change')}.", markup=False)
    if lines is not None:
        _show_lines(found, lines)


def _show_lines(found: MonthRules, lines: PracticeDifference) -> None:
    first, second = found.first, found.second
    if lines.changed:
        draw(
            ("MRN", "Payer", "Codes", "Status", "Est. USD", "Codes then", "Status then", "Est. USD then"),
            [_row(one) for one in lines.changed],
            frozenset({"Est. USD", "Est. USD then"}),
        )
    if not lines.lines:
        out.print(f"There are no lines of {first} to judge by the rules of {second} yet.", markup=False)
        return
    verb = "changes" if len(lines.changed) == 1 else "change"
    difference = lines.usd_after - lines.usd_before
    said = (
        f"By the rules of {second} {len(lines.changed)} of {counted(lines.lines, 'line')} of {first} {verb}, judged by "
        f"what is on file today. Billable: estimated ${lines.usd_before:,.2f} becomes ${lines.usd_after:,.2f} "
        f"({_signed(difference)}), both by the rates of {first}."
    )
    out.print(said, markup=False)
    if lines.usd_after_at_new_rates is None:
        then = f"By the rates of {second} there is no total: a billable code has no rate on file then."
    else:
        then = f"By the rates of {second} it would be ${lines.usd_after_at_new_rates:,.2f}."
    out.print(then, markup=False)


def _row(one: LineRules) -> tuple[str, ...]:
    return (
        shown_mrn(one.patient.mrn),
        one.payer,
        _codes(one.codes_before),
        one.status_before.value,
        _usd(one.usd_before, one.status_before),
        _codes(one.codes_after),
        one.status_after.value,
        _usd(one.usd_after, one.status_after),
    )


def _codes(charges: Iterable[Charge]) -> str:
    return " ".join(f"{one.code}x{one.units}" if one.units > 1 else one.code for one in charges)


def _usd(amount: Decimal | None, status: LineStatus) -> str:
    if amount is None:
        return "no rate"
    return f"{amount:,.2f}" if status is LineStatus.BILLABLE else ""


def _signed(amount: Decimal) -> str:
    return f"{'-' if amount < 0 else '+'}${abs(amount):,.2f}"


def _json(found: MonthRules, lines: PracticeDifference | None) -> dict[str, Any]:
    form: dict[str, Any] = {
        "first": str(found.first),
        "second": str(found.second),
        "changes": [_change_json(one) for one in found.changes],
    }
    if lines is not None:
        form["practice"] = {
            "lines": lines.lines,
            "changed": [_line_json(one) for one in lines.changed],
            "estimated_usd_before": str(lines.usd_before),
            "estimated_usd_after": str(lines.usd_after),
            "estimated_usd_after_at_new_rates": _text(lines.usd_after_at_new_rates),
        }
    return form


def _change_json(one: RuleChange) -> dict[str, Any]:
    return {
        "about": one.about.value,
        "whose": one.whose,
        "rule": one.what,
        "old": one.old,
        "new": one.new,
        "from": one.day.isoformat(),
        "source": one.source,
    }


def _line_json(one: LineRules) -> dict[str, Any]:
    return {
        "mrn": shown_mrn(one.patient.mrn),
        "payer": one.payer,
        "before": {
            "codes": {charge.code: charge.units for charge in one.codes_before},
            "status": one.status_before.value,
            "estimated_usd": _text(one.usd_before),
        },
        "after": {
            "codes": {charge.code: charge.units for charge in one.codes_after},
            "status": one.status_after.value,
            "estimated_usd": _text(one.usd_after),
        },
    }


def _text(amount: Decimal | None) -> str | None:
    return None if amount is None else str(amount)
