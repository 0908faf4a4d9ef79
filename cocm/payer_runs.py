"""Carries out `cocm payers`."""

import json
import sys
from datetime import date
from typing import Any

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table
from rich.text import Text

from billing.months import BillingMonth
from cocm.offline import offline_practice
from services.months.payer_list import ListedPayer, ListedRule, PayerList, listed

out = Console(soft_wrap=True, highlight=False)
#: Wide enough that no line of a table breaks.
_UNBOUND = 1_000
_COLUMNS = ("Payer", "Rule", "Says", "From", "To", "Whose", "Grade", "Verified on", "Standing", "Source")


def show_payers(name: str, month: BillingMonth | None, *, as_json: bool) -> None:
    """Print the payers whose rules are on file.

    Raises:
        CommandRefused: when nobody of that name has rules on file.
    """
    with offline_practice(migrates=False) as practice:
        found = practice.read(listed, name, month)
    if as_json:
        sys.stdout.write(json.dumps(_json(found), ensure_ascii=False) + "\n")
        return
    table = Table(box=SIMPLE, pad_edge=False)
    for column in _COLUMNS:
        table.add_column(column, overflow="fold")
    for payer in found.payers:
        for one in payer.rules:
            table.add_row(*map(Text, _cells(payer, one)))
    (out if out.is_terminal else Console(width=_UNBOUND, highlight=False)).print(table)
    for payer in found.payers:
        if name and payer.aliases:
            out.print(f"{payer.name} also goes by: {', '.join(payer.aliases)}.", markup=False)
    out.print("A payer that is not listed is judged by the practice's own rules.", markup=False)


def _cells(payer: ListedPayer, one: ListedRule) -> tuple[str, ...]:
    rule = one.rule
    return (
        payer.name,
        rule.field,
        rule.words,
        _day(rule.first_day) or "",
        _day(rule.last_day) or "",
        "practice" if rule.is_own else "built in",
        rule.grade.value if rule.grade is not None else "",
        _day(rule.verified_on) or "",
        one.standing,
        rule.source,
    )


def _day(day: date | None) -> str | None:
    """A day as ISO text; None where there is none, and for what has always held."""
    return None if day is None or day == date.min else day.isoformat()


def _json(found: PayerList) -> dict[str, Any]:
    return {
        "day": found.day.isoformat(),
        "month": str(found.month) if found.month is not None else None,
        "payers": [
            {
                "payer": payer.name,
                "aliases": list(payer.aliases),
                "rules": [_rule_json(one) for one in payer.rules],
            }
            for payer in found.payers
        ],
    }


def _rule_json(one: ListedRule) -> dict[str, Any]:
    rule = one.rule
    return {
        "field": rule.field,
        "value": rule.text,
        "says": rule.words,
        "from": _day(rule.first_day),
        "to": _day(rule.last_day),
        "whose": "practice" if rule.is_own else "built in",
        "source": rule.source,
        "grade": rule.grade.value if rule.grade is not None else None,
        "verified_on": _day(rule.verified_on),
        "in_force": one.in_force,
    }
