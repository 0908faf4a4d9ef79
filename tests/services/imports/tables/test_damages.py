"""Random tables, dialects, mappings and damages: a sentence or the same rows, never a fault of the program."""

import csv
import io
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from services.imports.sheet import Sheet
from services.imports.tables.delimited import DELIMITERS
from services.imports.tables.named import shipped
from tests.support.sheets import (
    HEADER,
    OTHER_ROW,
    ROW,
    cells_of,
    lines,
    said_of,
    saved,
    sheet_of,
    workbook_of,
)

ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252")
WORKBOOK = saved(workbook_of(("Report",), HEADER, ROW, OTHER_ROW))
PLAIN = lines(HEADER, ROW, OTHER_ROW).encode()

words = st.text(st.characters(codec="cp1252", exclude_categories=["Cc"]), max_size=12)
minutes = st.integers(1, 480)


def is_said_or_read(sheet: Sheet) -> None:
    """With problems or rows; each problem is a sentence about a line."""
    for problem in sheet.problems:
        assert problem.line >= 1
        assert problem.message.endswith((".", "?"))
    for line, cells in sheet.rows:
        assert line >= 1
        assert all(isinstance(cell, str) for cell in cells.values())


@settings(max_examples=60, deadline=None)
@given(
    rows=st.lists(st.tuples(words, minutes), min_size=1, max_size=8),
    delimiter=st.sampled_from(sorted(DELIMITERS)),
    encoding=st.sampled_from(ENCODINGS),
    order=st.permutations(range(len(HEADER))),
    titles=st.lists(words.filter(lambda text: text.strip(" #")), max_size=3),
    total=st.sampled_from(["", "Total", "Grand Total:"]),
)
def test_a_table_in_any_dialect_has_its_rows_and_its_total(
    rows: list[tuple[str, int]],
    delimiter: str,
    encoding: str,
    order: list[int],
    titles: list[str],
    total: str,
) -> None:
    """Whatever separates, encodes and stands around it; its rows add up to what was written."""
    table = [
        (f"k{place}", f"{place}", "2026-11-03", f"{length}", "Ana", note)
        for place, (note, length) in enumerate(rows)
    ]
    written = io.StringIO(newline="")
    writer = csv.writer(written, delimiter=delimiter)
    writer.writerows([title] for title in titles)
    for row in (HEADER, *table):
        writer.writerow([row[place] for place in order])
    if total:
        sums = (total, "", "", f"{sum(length for _, length in rows)}", "", "")
        writer.writerow([sums[place] for place in order])
    sheet = sheet_of(written.getvalue().encode(encoding))
    assert said_of(sheet) == ""
    assert cells_of(sheet) == [
        {name: cell.strip() for name, cell in zip(HEADER, row, strict=True)} for row in table
    ]
    read = sum(Decimal(row["minutes"]) for row in cells_of(sheet))
    assert read == sum(length for _, length in rows)


@settings(max_examples=150, deadline=None)
@given(
    base=st.sampled_from([PLAIN, PLAIN.decode().encode("utf-16"), PLAIN.replace(b",", b";"), WORKBOOK]),
    cuts=st.lists(st.tuples(st.integers(0, 6_000), st.binary(max_size=3)), max_size=4),
    end=st.integers(0, 6_000) | st.none(),
    mapping=st.sampled_from(["", *shipped()]),
    worksheet=st.sampled_from(["", "", "", "Time", "x"]),
    header=st.sampled_from(["", "mrn", "note", "Total"]),
)
def test_damaged_bytes_are_refused_or_read(
    base: bytes,
    cuts: list[tuple[int, bytes]],
    end: int | None,
    mapping: str,
    worksheet: str,
    header: str,
) -> None:
    """Cut off, bytes changed, put in and taken out: whatever becomes of it is said by line."""
    data = bytearray(base)
    for place, put in cuts:
        at = place % (len(data) + 1)
        data[at : at + 1] = put
    headers = (("mrn", header),) if header else ()
    is_said_or_read(sheet_of(bytes(data[:end]), mapping=mapping, worksheet=worksheet, headers=headers))


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_any_bytes_at_all_are_refused_or_read(data: bytes) -> None:
    """Whatever somebody drops onto the import."""
    is_said_or_read(sheet_of(data, "patients"))


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.lists(
            st.sampled_from(
                ["mrn", "Total", "", "#", "# example", "15", "1:30", "Hours", "#REF!", "12,5", "User", "x"]
            ),
            max_size=6,
        ),
        max_size=8,
    ),
    st.sampled_from(["entries", "patients", "scores", "coverage", "members", "payers", "fees", "services"]),
)
def test_any_rows_at_all_are_refused_or_read(rows: list[list[str]], kind: str) -> None:
    """Headers in the middle, totals of nothing, rows of one cell."""
    written = io.StringIO(newline="")
    csv.writer(written).writerows(rows)
    is_said_or_read(sheet_of(written.getvalue(), kind))
