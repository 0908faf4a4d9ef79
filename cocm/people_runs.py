"""Carries out the commands about people, and prints what they found."""

import json
import sys
from collections.abc import Sequence
from typing import Any

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table
from rich.text import Text

from cocm.offline import offline_practice
from services.people.memberships import Listed, listed
from services.people.rights import ROLE_NAMES, TABLE

out = Console(soft_wrap=True, highlight=False)
#: Wide enough that no line of a table breaks.
_UNBOUND = 1_000


def show_members(*, as_json: bool) -> None:
    """Print everybody who is or was a member, or asked to be."""
    with offline_practice(migrates=False) as practice:
        found = practice.read(listed)
    if as_json:
        _print_json({"members": [_member_json(one) for one in found]})
        return
    if not found:
        out.print("There are no members yet. Import them: cocm import members FILE.", markup=False)
        return
    rows = [
        (
            one.name,
            one.slack_user_id or "",
            one.standing.value,
            " ".join(sorted(one.roles)),
            one.time_zone or "",
            one.email or "",
        )
        for one in found
    ]
    _draw(("Name", "Slack user", "Standing", "Roles", "Zone", "E-mail"), rows)


def show_roles(*, as_json: bool) -> None:
    """Print the table of rights."""
    if as_json:
        _print_json(
            {
                "roles": [role.value for role in ROLE_NAMES],
                "actions": [
                    {
                        "action": action.value,
                        "can": right.words,
                        "typed": list(right.typed),
                        "roles": [role.value for role in ROLE_NAMES if role in right.roles],
                    }
                    for action, right in TABLE.items()
                ],
            }
        )
        return
    rows = [
        (right.words, *("yes" if role in right.roles else "" for role in ROLE_NAMES))
        for right in TABLE.values()
    ]
    _draw(("Can", *ROLE_NAMES.values()), rows)


def _member_json(one: Listed) -> dict[str, Any]:
    return {
        "slack_user_id": one.slack_user_id,
        "display_name": one.name,
        "standing": one.standing.value,
        "active": one.is_active,
        "roles": sorted(one.roles),
        "time_zone": one.time_zone,
        "credential": one.credential,
        "department": one.department,
        "email": one.email,
    }


def _draw(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table: as wide as a terminal, or unbroken into a pipe."""
    table = Table(box=SIMPLE, pad_edge=False)
    for name in columns:
        table.add_column(name, overflow="fold")
    for row in rows:
        table.add_row(*map(Text, row))
    console = out if out.is_terminal else Console(width=_UNBOUND, highlight=False)
    console.print(table)


def _print_json(form: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(form, ensure_ascii=False) + "\n")
