"""`cocm payers`: whose rules are on file, as a table and as JSON."""

import json
from pathlib import Path
from typing import Any

from tests.support.commands import Run


def found(cocm: Run, *words: str) -> dict[str, list[dict[str, Any]]]:
    """The rules in JSON, by payer."""
    read = json.loads(cocm("payers", *words, "--json").stdout)
    return {one["payer"]: one["rules"] for one in read["payers"]}


def test_every_rule_is_printed_with_its_source(cocm: Run) -> None:
    """In words, with its days, its grade and whose it is; unverified ones are marked."""
    table = cocm("payers").stdout.decode()
    for words in (
        "midpoint: 99492 from 36 min, 99493 from 31",
        "AHRQ Integration Academy, 2026",
        "2024-07-01",
        "UNVERIFIED, not in use",
        "A payer that is not listed is judged by the practice's own rules.",
    ):
        assert words in table
    rules = found(cocm)
    assert list(rules) == [
        "BCBS ND",
        "BCBSM",
        "Medicare",
        "Michigan Medicaid",
        "NC Medicaid",
        "Texas Medicaid",
        "Virginia DMAS",
    ]
    assert rules["BCBS ND"] == [
        {
            "field": "time_rule",
            "value": "midpoint",
            "says": "midpoint: 99492 from 36 min, 99493 from 31, 99494 from 16 past the last full unit",
            "from": "2017-12-01",
            "to": None,
            "whose": "built in",
            "source": "BCBS ND policy NDRP-GC-017: 36-85 minutes are 99492, 31-75 are 99493",
            "grade": "P",
            "verified_on": "2026-11-22",
            "in_force": True,
        }
    ]
    assert [rule["in_force"] for rule in rules["Michigan Medicaid"]] == [True, False, True, False]


def test_a_payer_is_asked_for_under_any_of_its_names(cocm: Run, tmp_path: Path) -> None:
    """With what the practice imported before what is built in; the other names are told."""
    (tmp_path / "payers.csv").write_bytes(b"name,max_99494,from,verified_on\nMCR,3,2026-01-01,\n")
    imported = cocm("import", "payers", "payers.csv").stderr.decode()
    assert (
        "max_99494 3 from 2026-01-01 in the file goes before the built-in max_99494 4 from 2018-01-01"
        in imported
    )
    table = cocm("payers", "medicare part b").stdout.decode()
    assert "UNVERIFIED, in use" in table
    assert "replaced by the practice's own" in table
    assert "Medicare also goes by: Medicare Part B, " in table
    caps = [rule for rule in found(cocm, "MCR")["Medicare"] if rule["field"] == "max_99494"]
    assert [(rule["value"], rule["whose"], rule["in_force"]) for rule in caps] == [
        ("3", "practice", True),
        ("4", "built in", False),
    ]


def test_a_month_shows_what_held_then(cocm: Run) -> None:
    """Rules that ended before it, or began after it, are left out; what is in force is told of its last day."""
    rules = {
        month: found(cocm, "NC Medicaid", "--month", month)["NC Medicaid"] for month in ("2024-06", "2024-07")
    }
    caps = {
        month: [rule["value"] for rule in those if rule["field"] == "max_99494"]
        for month, those in rules.items()
    }
    assert caps == {"2024-06": ["2"], "2024-07": ["4"]}
    assert json.loads(cocm("payers", "--month", "2024-06", "--json").stdout)["day"] == "2024-06-30"


def test_an_unknown_payer_is_refused_with_those_on_file(cocm: Run) -> None:
    """And with whoever may have been meant."""
    refused = cocm("payers", "michigan", code=1).stderr.decode()
    assert "Did you mean BCBSM or Michigan Medicaid?" in refused
    assert "Rules are on file for: BCBS ND, " in refused
    assert "Did you mean" not in cocm("payers", "Cedar Health", code=1).stderr.decode()
    assert "No rules for UnitedHealthcare are on file" in cocm("payers", "UHC", code=1).stderr.decode()
