"""The program's months are those that the rules' text gives, reckoned without the program."""

import ast
import copy
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from benchmarks.reckoning import __main__ as reckoning
from benchmarks.reckoning.practices import practice
from benchmarks.reckoning.reckoning import npi_is_valid, reckon

MONTHS = reckoning.months_from(date(2025, 11, 1), 4)
SEED, PATIENTS = 5, 25


@pytest.fixture(scope="module")
def made() -> dict[str, Any]:
    """A practice of two dozen patients over four months."""
    return practice(SEED, PATIENTS, MONTHS)


def test_the_program_s_months_are_those_of_the_rules_text(made: dict[str, Any]) -> None:
    """Seconds, codes, status, date of service and blockers of every line, and every line once."""
    *found, count = reckoning.differences(made)
    assert found == []
    ours, theirs = count[2]["lines"], count[3]["lines"]
    assert ours == theirs > PATIENTS


def test_a_line_that_is_reckoned_otherwise_is_named(
    made: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One second more in one month of one patient, and a line that only one of the two has."""
    few = copy.deepcopy(made) | {"patients": copy.deepcopy(made["patients"][:4])}
    right = reckon(few)
    first, last = min(right), max(right)

    def wrong(_: Mapping[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
        lines = reckon(few)
        lines[first]["seconds"] += 1
        del lines[last]
        return lines

    monkeypatch.setattr(reckoning, "reckon", wrong)
    *found, _ = reckoning.differences(few)
    assert [one[:2] for one in found] == [first, last]
    assert found[0][3] == right[first] | {"seconds": right[first]["seconds"] + 1}
    assert found[1][3] == {}


def test_reckoned_months_are_of_many_kinds(made: dict[str, Any]) -> None:
    """A reckoning that bills nothing, or everything, would agree about little."""
    lines = reckon(made).values()
    assert {line["status"] for line in lines} == {"below", "blocked", "billable"}
    assert len({code for line in lines for code in line["codes"]}) > 2


@pytest.mark.parametrize(
    ("npi", "valid"),
    [("1234567893", True), ("1245319599", True), ("1234567890", False), ("123456789", False), ("", False)],
)
def test_an_npi_is_reckoned_by_its_check_digit(npi: str, valid: bool) -> None:  # noqa: FBT001 - a column of the table
    """Ten digits whose Luhn sum with 80840 before them is a multiple of ten (R-310)."""
    assert npi_is_valid(npi) is valid


@pytest.mark.parametrize("name", ["clock", "judging", "payer_text", "plain", "practices", "reckoning"])
def test_the_reckoning_knows_nothing_of_the_program(name: str) -> None:
    """What imported the rules would agree with them; it may import its own files, Python's, and a list of holidays."""
    tree = ast.parse((Path(reckoning.__file__).parent / f"{name}.py").read_text("utf-8"))
    imported = {
        module
        for node in ast.walk(tree)
        for module in (
            [one.name for one in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    program = {"billing", "services", "storage", "bot", "scheduler", "cocm"}
    assert not {module.partition(".")[0] for module in imported} & program
    assert all(one.startswith("benchmarks.reckoning.") for one in imported if one.startswith("benchmarks"))
