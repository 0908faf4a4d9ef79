"""The tools that compare builds tell what differs, and only that."""

from typing import Any
from xml.etree import ElementTree as ET

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
