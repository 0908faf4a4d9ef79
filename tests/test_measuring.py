"""The tools that compare builds tell what differs, and only that."""

from typing import Any
from xml.etree import ElementTree as ET

from benchmarks.door_figures import Part, Parts, table
from benchmarks.full_house import BUSY, STORED, Account, Told
from benchmarks.report_plot import draw
from benchmarks.same_results import differences


def a_report(*lines: dict[str, Any]) -> dict[str, Any]:
    return {"made_at": "2026-01-01", "lines": list(lines)}


def a_line(mrn: str, minutes: float, *codes: str) -> dict[str, Any]:
    findings = [{"code": code, "severity": "note", "message": code} for code in codes]
    return {"month": "2025-07", "mrn": mrn, "minutes": minutes, "findings": findings}


def test_reports_with_the_same_results_have_no_differences() -> None:
    """When a report was made, and whether a whole figure is written as 20 or 20.0, is no result."""
    before, after = a_report(a_line("1", 20.0, "capped")), a_report(a_line("1", 20, "capped"))
    assert list(differences(before, after | {"made_at": "2026-02-02"})) == []


def test_each_value_that_differs_is_found_where_it_is() -> None:
    """A figure, a finding that is gone, and a line that came are told one by one, by names and not by places."""
    before = a_report(a_line("1", 20, "capped", "npi_missing"), a_line("2", 30))
    after = a_report(a_line("0", 5), a_line("1", 21, "npi_missing"), a_line("2", 30))
    assert [(one.key, one.place) for one in differences(before, after)] == [
        ("lines", "lines[2025-07 0]"),
        ("lines.findings", "lines[2025-07 1].findings[capped note]"),
        ("lines.minutes", "lines[2025-07 1].minutes"),
    ]


def test_lines_in_another_order_are_a_difference() -> None:
    """The order of lines and findings is a result too."""
    one, two = a_line("1", 20), a_line("2", 30)
    assert [found.key for found in differences(a_report(one, two), a_report(two, one))] == ["lines (order)"]


def test_the_plot_is_a_picture_with_a_line_a_build_and_format() -> None:
    """Whatever was measured, the picture can be read by a browser."""
    points = [
        {"patients": patients, "format": form, "base": patients / 1000, "new": patients / 1000}
        for patients in (300, 5_000)
        for form in ("csv", "json")
    ]
    picture = ET.fromstring(draw({"base": "abc", "plot": points}))
    assert len(picture.findall("{http://www.w3.org/2000/svg}polyline")) == 4


def a_part(stored: int, busy: int) -> Part:
    """One second in which so many were told each."""
    told = [Told(note=f"s{n}", said=STORED, seconds=0.1, at=1.0) for n in range(stored)]
    told += [Told(note=f"b{n}", said=BUSY, seconds=0.9, at=1.0) for n in range(busy)]
    return Part(account=Account.of(told, [f"s{n}" for n in range(stored)]), cpu=1.0)


def test_the_table_of_a_full_house_says_what_holds_and_what_was_not_measured() -> None:
    """Where nothing was stored there is no ratio to it."""
    good = Parts(before=a_part(100, 0), full=a_part(95, 20), after=a_part(98, 0), beside_attacks=0.5)
    bad = Parts(before=a_part(0, 5), full=a_part(0, 20), after=a_part(9, 0), beside_attacks=None)
    rows = {line.split(" | ")[0].strip("| "): line for line in table({"SQLite": [good], "PostgreSQL": [bad]})}
    assert "| 0.95 | **0 DOES NOT HOLD** | at least 0.9 |" in rows["completed work, to capacity"]
    assert "| 0.98 | not measured | at least 0.9 |" in rows["afterwards, to before"]
    assert "| 0.50 | not measured | at most 1 |" in rows["longest answer beside attacks, s"]
