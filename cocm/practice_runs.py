"""Carries out the commands about the practice, and prints what they found."""

import json
import sys
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from datetime import date
from typing import Any

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.screens.settings import full_day, origin, remarks
from cocm.offline import offline_practice
from services.context import Context
from services.people.members import acting
from services.practice import settings
from services.practice.settings import DatedValue, SettingDone, SettingRequest, SettingStanding

out = Console(soft_wrap=True, highlight=False)
#: Wide enough that no line of a table breaks.
_UNBOUND = 1_000


def show_settings(*, as_json: bool) -> None:
    """Print every setting as it judges the present month."""
    with offline_practice(migrates=False) as practice:
        found = practice.read(settings.listed)
    if as_json:
        print_json(
            {
                "month": str(found.month),
                "settings": [_setting_json(one) for one in found.settings],
                "environment": [
                    {"name": one.name, "value": one.value, "variable": one.variable, "does": one.words}
                    for one in found.elsewhere
                ],
            }
        )
        return
    out.print(f"Settings for {found.month}. A payer's own rule goes before them.", markup=False)
    rows = [
        (
            one.setting.name,
            one.value,
            origin(one),
            "; ".join(f"{each.value} from {each.from_day}" for each in one.later),
            one.default,
            one.setting.rule,
            one.setting.words,
        )
        for one in found.settings
    ]
    draw(("Setting", "Value", "Where from", "Later", "Default", "Rule", "What it does"), rows)
    draw(
        ("Set in the environment", "Value", "Variable", "What it does"),
        [(one.name, one.value, one.variable, one.words) for one in found.elsewhere],
    )
    out.print("To set one: cocm settings set time_rule midpoint --from 2026-12-01", markup=False)


def set_setting(text: str, from_day: date | None, by: str | None, *, as_json: bool) -> None:
    """Set a setting, and tell from when on it holds and what that touches.

    Raises:
        Refused: when it cannot be set as asked.
    """
    request = SettingRequest(text=text, from_day=from_day)

    def carry_out(context: Context) -> SettingDone:
        if by is None:
            return settings.carry_out_unnamed(context, request)
        return settings.carry_out(context, acting(context, by), request)

    with offline_practice() as practice:
        done = practice.write(carry_out)
    if as_json:
        print_json(
            {
                "name": done.standing.setting.name,
                "before": done.before,
                "value": done.value,
                "from": done.from_day.isoformat(),
                "changed": not done.unchanged,
                "earlier_open_months": [str(one.month) for one in done.earlier],
                "later": [_dated_json(one) for one in done.standing.later],
            }
        )
        return
    name = done.standing.setting.name
    if done.unchanged:
        out.print(
            f"{name} is already {done.value} on {full_day(done.from_day)}. Nothing was changed.",
            markup=False,
        )
    else:
        said = f"{name} is {done.value} from {full_day(done.from_day)} on. Before: {done.before}."
        out.print(said, markup=False)
    for sentence in remarks(done):
        out.print(sentence, markup=False)


def _setting_json(one: SettingStanding) -> dict[str, Any]:
    since = one.since
    return {
        "name": one.setting.name,
        "value": one.value,
        "source": one.source.value,
        "variable": one.variable or None,
        "since": since.from_day.isoformat() if since else None,
        "set_by": since.by.display_name if since and since.by else None,
        "set_at": since.at.isoformat() if since else None,
        "default": one.default,
        "values": one.setting.values,
        "does": one.setting.words,
        "rule": one.setting.rule,
        "later": [_dated_json(each) for each in one.later],
    }


def _dated_json(one: DatedValue) -> dict[str, Any]:
    return {
        "value": one.value,
        "from": one.from_day.isoformat(),
        "set_by": one.by.display_name if one.by else None,
        "set_at": one.at.isoformat(),
    }


def draw(
    columns: Sequence[str], rows: Sequence[Sequence[str]], figures: AbstractSet[str] = frozenset()
) -> None:
    """Print a table: as wide as a terminal, or unbroken into a pipe."""
    table = Table(box=SIMPLE, pad_edge=False)
    for name in columns:
        table.add_column(name, justify="right" if name in figures else "left", overflow="fold")
    for row in rows:
        table.add_row(*map(Text, row))
    console = out if out.is_terminal else Console(width=_UNBOUND, highlight=False)
    console.print(table)


def print_json(form: dict[str, Any]) -> None:
    """Print one JSON object."""
    sys.stdout.write(json.dumps(form, ensure_ascii=False) + "\n")
