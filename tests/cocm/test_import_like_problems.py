"""Ten thousand like problems are one line with a count and the first five."""

from pathlib import Path

from tests.support.commands import Run
from tests.support.files import entries_csv


def test_like_problems_are_one_line_with_a_count(cocm: Run, tmp_path: Path) -> None:
    """Up to five are told each by itself; those of another kind or column stay apart."""
    rows = [{"minutes": f"{number} minuts", "service_date": "2026-11-03"} for number in range(10_000)]
    rows += [{"service_date": "1/1/1900"} for _ in range(5)]
    (tmp_path / "entries.csv").write_bytes(entries_csv(*rows))
    said = cocm("import", "entries", "entries.csv", code=1).stderr.decode()
    lines = [line for line in said.splitlines() if line.startswith("entries.csv:")]
    assert lines[0].startswith(
        "entries.csv:2 minutes: '0 minuts' is not a number of minutes. Write 15 or 12.5. "
    )
    assert lines[0].endswith("(lines 2, 3, 4, 5, 6 and 9,995 more)")
    assert [line.partition(" ")[0] for line in lines[1:]] == [
        f"entries.csv:{10_002 + place}" for place in range(5)
    ]
    assert "10,005 problems" in said
