"""`cocm settings` and `cocm rules diff`: tables for people, JSON for programs, refusals in a sentence."""

import json
from pathlib import Path

import pytest

from billing.practice_settings import SETTINGS
from services.clock import SystemClock
from tests.support.commands import Run
from tests.support.files import entries_csv, patients_csv

ADMIN = b"""slack_user_id,display_name,roles
U0KIM1,Kim Adams,admin
U0SAM1,Sam Whitfield,biller
"""


def test_settings_are_listed_and_set_from_a_day_on(cocm: Run, tmp_path: Path) -> None:
    """With where each comes from, what it does and its rule; the JSON has the same and what is to come."""
    (tmp_path / "members.csv").write_bytes(ADMIN)
    cocm("import", "members", "members.csv")
    done = cocm("settings", "set", "time", "rule", "midpoint", "--from", "2099-01", code=1)
    assert b"more than 5 years ahead" in done.stderr
    year = SystemClock().now().year + 1
    done = cocm("settings", "set", "time rule", "midpoint", "--from", f"1/15/{year}", "--by", "Kim Adams")
    assert f"time_rule is midpoint from Jan 15, {year} on. Before: strict.".encode() in done.stdout
    assert b"A month is judged as a whole" in done.stdout
    done = cocm("settings", "set", "long_entry=3h")
    assert b"No date was given, so it holds from this month on" in done.stdout
    assert b"Nothing was changed" in cocm("settings", "set", "long_entry", "3h").stdout
    table = cocm("settings").stdout.decode()
    assert all(name in table for name in (*SETTINGS, "COCM_NEAR_MINUTES", "R-406", "set on the command line"))
    found = {one["name"]: one for one in json.loads(cocm("settings", "--json").stdout)["settings"]}
    assert (found["long_entry"]["value"], found["long_entry"]["source"]) == ("3h", "set")
    assert found["long_entry"]["default"] == "2h"
    assert [(one["value"], one["set_by"]) for one in found["time_rule"]["later"]] == [
        ("midpoint", "Kim Adams")
    ]
    told = json.loads(cocm("settings", "set", "gap", "7", "--json").stdout)
    assert (told["name"], told["before"], told["value"], told["changed"]) == (
        "episode_gap_months",
        "6",
        "7",
        True,
    )
    assert b"Everything stands" in cocm("audit", "verify").stdout


def test_what_cannot_be_set_is_refused(cocm: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By a value, a name, a date, or a person who may not; the environment's value is the base."""
    (tmp_path / "members.csv").write_bytes(ADMIN)
    cocm("import", "members", "members.csv")
    assert b"is not a value of time_rule" in cocm("settings", "set", "time rule", "x", code=1).stderr
    assert b"Settings: time_rule, " in cocm("settings", "set", "quux", "7", code=1).stderr
    assert b"is not a date" in cocm("settings", "set", "gap", "7", "--from", "soon", code=2).stderr
    denied = cocm("settings", "set", "gap", "7", "--by", "Sam Whitfield", code=1).stderr
    assert b"Only administrators" in denied
    monkeypatch.setenv("COCM_TIME_RULE", "midpoint")
    found = json.loads(cocm("settings", "--json").stdout)["settings"][0]
    assert (found["value"], found["source"], found["variable"]) == (
        "midpoint",
        "environment",
        "COCM_TIME_RULE",
    )
    assert b"from the environment (COCM_TIME_RULE)" in cocm("settings").stdout


def test_rules_of_two_months_are_compared(cocm: Run, tmp_path: Path) -> None:
    """What changes, and what it makes of the lines of the first month."""
    enrolled = {
        "mrn": "MRN123",
        "referring_npi": "1234567893",
        "enrolled_on": "2026-08-03",
        "consent_on": "2026-08-03",
        "consent_kind": "verbal",
        "initial_assessment_on": "2026-08-03",
        "problems": "depression",
    }
    (tmp_path / "patients.csv").write_bytes(patients_csv(enrolled))
    cocm("import", "patients", "patients.csv")
    rows = (
        {"minutes": "35", "service_date": "2026-09-05"},
        {
            "minutes": "5",
            "service_date": "2026-09-07",
            "performed_by": "Dr. Cho",
            "role": "consultant",
            "activity": "case_review",
        },
    )
    (tmp_path / "entries.csv").write_bytes(entries_csv(*rows))
    cocm("import", "entries", "entries.csv")
    cocm("settings", "set", "time rule", "midpoint", "--from", "2026-10")
    said = cocm("rules", "diff", "2026-09", "2026-10", "--practice").stdout.decode()
    assert "time_rule" in said
    assert "The practice's settings" in said
    assert "By the rules of 2026-10 1 of 1 line of 2026-09 changes" in said
    assert "estimated $0.00 becomes $144.96 (+$144.96), both by the rates of 2026-09." in said
    assert "By the rates of 2026-10 it would be $144.96." in said
    told = json.loads(cocm("rules", "diff", "2026-09", "2026-10", "--practice", "--json").stdout)
    (setting,) = [one for one in told["changes"] if one["about"] == "setting"]
    assert (setting["rule"], setting["old"], setting["new"], setting["from"]) == (
        "time_rule",
        "strict",
        "midpoint",
        "2026-10-01",
    )
    (line,) = told["practice"]["changed"]
    assert line["mrn"] == "MRN123"
    assert line["before"] == {"codes": {}, "status": "below", "estimated_usd": "0.00"}
    assert line["after"] == {"codes": {"99493": 1}, "status": "billable", "estimated_usd": "144.96"}
    alone = cocm("rules", "diff", "2026-12", "2027-01").stdout.decode()
    assert "none on file" in alone
    assert "1 change." in alone
    assert "practice" not in json.loads(cocm("rules", "diff", "2026-12", "2027-01", "--json").stdout)
    none = cocm("rules", "diff", "2026-12", "2027-01", "--practice").stdout.decode()
    assert "There are no lines of 2026-12 to judge by the rules of 2027-01 yet." in none
    assert b"Write the earlier month first." in cocm("rules", "diff", "2026-10", "2026-09", code=1).stderr
