"""`cocm members` and `cocm roles`: tables for people, JSON for programs."""

import json
from pathlib import Path

from services.people.rights import ROLE_NAMES, TABLE
from tests.support.commands import Run

MEMBERS = b"""slack_user_id,display_name,roles,active
U0ANA1,Ana Flores,care_manager supervisor,
U0BEN1,Ben Okoro,biller,no
"""


def imported(cocm: Run, tmp_path: Path) -> None:
    """Two members, one of whom has left."""
    (tmp_path / "members.csv").write_bytes(MEMBERS)
    cocm("import", "members", "members.csv")


def test_members_are_listed(cocm: Run, tmp_path: Path) -> None:
    """With their roles, and whether they take part."""
    assert b"cocm import members FILE" in cocm("members").stdout
    imported(cocm, tmp_path)
    table = cocm("members").stdout.decode()
    assert "Ana Flores" in table
    assert "care_manager supervisor" in table
    found = json.loads(cocm("members", "--json").stdout)["members"]
    assert [(one["display_name"], one["active"], one["standing"]) for one in found] == [
        ("Ana Flores", True, "member"),
        ("Ben Okoro", False, "ended"),
    ]
    assert found[0]["roles"] == ["care_manager", "supervisor"]
    assert found[0]["slack_user_id"] == "U0ANA1"


def test_roles_are_the_table_of_rights(cocm: Run) -> None:
    """Row by row, and cell by cell in JSON."""
    table = cocm("roles").stdout.decode()
    assert all(right.words in table for right in TABLE.values())
    found = json.loads(cocm("roles", "--json").stdout)
    assert found["roles"] == [role.value for role in ROLE_NAMES]
    assert {row["action"]: set(row["roles"]) for row in found["actions"]} == {
        action.value: {role.value for role in right.roles} for action, right in TABLE.items()
    }


def test_who_is_no_biller_cannot_close_by_the_command_line(cocm: Run, tmp_path: Path) -> None:
    """The table holds there, too."""
    imported(cocm, tmp_path)
    refused = cocm("close", "2026-10", "--by", "Ana Flores", code=1)
    assert b"Only billers and administrators can close" in refused.stderr
