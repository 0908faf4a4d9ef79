"""The workbook as a biller's desk: what is ready with its totals, a worklist from the top, printable pages."""

import io
import tempfile
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from billing.people import MemberRole
from services.exports.columns import COLUMNS, FileReaders
from services.exports.workbook import workbook, write_workbook
from services.messages.revisions import close_month
from storage import Database
from tests.support.files import loaded
from tests.support.reporting import NOVEMBER, OCTOBER, ReportedPractice

NAMED = FileReaders(names=True)
SHEETS = ["Ready to bill", "Worklist", "All lines", "Summary", "Ledger transfer"]


@pytest.fixture
def practice(database: Database) -> Iterator[ReportedPractice]:
    return ReportedPractice(database)


def book_of(data: bytes, **options: Any) -> Any:
    return openpyxl.load_workbook(io.BytesIO(data), **options)


def rows_of(sheet: Any) -> list[dict[str, Any]]:
    """The rows under the header by column, the empty one and the totals among them."""
    head, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in rows]


def test_the_workbook_opens_on_what_is_ready_to_bill(practice: ReportedPractice) -> None:
    """The first sheet has the billable lines alone, under the promised columns; its cells have types."""
    practice.billable("1", minutes=62)
    practice.works(practice.enrolled("2"), 20, date(2026, 10, 6))
    book = book_of(workbook(practice.report(), NAMED))
    assert book.sheetnames == SHEETS
    assert book.active.title == "Ready to bill"
    ready, every = book["Ready to bill"], book["All lines"]
    assert [row["MRN"] for row in rows_of(ready)] == ["MRN1", None, None]
    assert [row["MRN"] for row in rows_of(every)] == ["MRN1", "MRN2"]
    row = {cell.value: ready.cell(row=2, column=cell.column) for cell in ready[1]}
    assert row["Date"].value == datetime(2026, 10, 1)  # noqa: DTZ001 - a spreadsheet's dates have no zone
    assert row["Date"].number_format == "m/d/yyyy"
    assert (row["99493"].value, row["99492"].value) == (True, 0)
    assert row["Minutes"].value == 62
    assert row["Estimated USD"].value == pytest.approx(144.96)
    assert "$" in row["Estimated USD"].number_format
    assert row["Referring Provider NPI"].value == "1234567893"


def test_totals_stand_under_an_empty_row_and_outside_the_filter(practice: ReportedPractice) -> None:
    """Rows, minutes, units by code and dollars under their columns; neither a date nor an MRN, as every line has."""
    practice.billable("1", minutes=92)
    practice.billable("2", minutes=62)
    practice.works(practice.enrolled("3"), 65, date(2026, 10, 6))
    sheet = book_of(workbook(practice.report(), NAMED))["Ready to bill"]
    *lines, empty, total = rows_of(sheet)
    assert [line["MRN"] for line in lines] == ["MRN1", "MRN2"]
    assert set(empty.values()) == {None}
    assert {name: cell for name, cell in total.items() if cell is not None} == {
        "Last name": "Total of 2 lines",
        "Minutes": 154,
        "99493": 2,
        "99494": 1,
        "Billable codes": "99493x2 99494",
        "Estimated USD": pytest.approx(206.42 + 144.96),
    }
    assert sheet.auto_filter.ref == "A1:AI3"


def test_totals_say_what_their_amount_lacks(practice: ReportedPractice) -> None:
    """An amount without a code's rate is not passed off as the whole, be it ready or blocked."""
    practice.billable(minutes=92)
    practice.works(practice.enrolled("2"), 92, date(2026, 10, 6))
    loaded(practice, "fees", b"schedule,code,from,to,usd\n,99493,2026-01-01,,100.50\n")
    book = book_of(workbook(practice.report(), NAMED))
    total, lacks = rows_of(book["Ready to bill"])[-2:]
    assert total["Estimated USD"] == pytest.approx(100.5)
    assert str(lacks["Last name"]).startswith("The estimate leaves out 1 line, 1 unit: no ")
    first, *_, total, lacks = rows_of(book["Worklist"])
    assert (first["MRN"], first["Codes at stake"]) == ("MRN2", "99493 99494 (no rate: 99494)")
    assert total["Estimated USD at stake"] == first["Estimated USD at stake"] == pytest.approx(100.5)
    assert str(lacks["What to do"]).startswith("The estimate leaves out 1 line, 1 unit: no ")


def test_nothing_ready_is_said(practice: ReportedPractice) -> None:
    """A month without a line still opens on a sheet that says so."""
    (_, total) = rows_of(book_of(workbook(practice.report(), NAMED))["Ready to bill"])
    assert (total["Last name"], total["Minutes"]) == ("Total of 0 lines", 0)


def test_the_worklist_is_worked_from_the_top(practice: ReportedPractice) -> None:
    """What blocks comes first, then whoever has most dollars waiting, most dollars first; then warnings, then notes."""
    ben = practice.member("Ben Okoro", MemberRole.CARE_MANAGER)
    for identity, minutes, manager in (
        ("1", 62, practice.ana),
        ("2", 95, ben),
        ("3", 62, ben),
        ("4", 65, None),
    ):
        patient = practice.enrolled(identity, care_manager=manager.member_id if manager else None)
        practice.works(patient, minutes, date(2026, 10, 6))
    practice.works(practice.enrolled("5"), 20, date(2026, 10, 6))
    practice.billable("6")
    sheet = book_of(workbook(practice.report(), NAMED))["Worklist"]
    *rows, _, total = rows_of(sheet)
    blocking = [row for row in rows if row["Blocks billing"] == "yes"]
    assert rows[: len(blocking)] == blocking
    assert [(row["Who can fix it"], row["MRN"], row["Finding"]) for row in blocking] == [
        ("Care manager Ben Okoro", "MRN2", "review_missing"),
        ("Care manager Ben Okoro", "MRN3", "review_missing"),
        ("Care manager (none on file)", "MRN4", "review_missing"),
        ("Care manager Ana Flores", "MRN1", "review_missing"),
    ]
    first = blocking[0]
    assert (first["Minutes"], first["Codes at stake"], first["Estimated USD at stake"]) == (
        95,
        "99493 99494",
        pytest.approx(206.42),
    )
    assert str(first["What is wrong"]).startswith("Case review missing")
    assert "/cocm review MRN2 on " in str(first["What to do"])
    (below,) = [row for row in rows if row["Blocks billing"] == "once a code is earned"]
    assert (below["MRN"], below["Estimated USD at stake"]) == ("MRN5", None)
    assert (total["What to do"], total["Minutes"], total["Estimated USD at stake"]) == (
        "Total of 4 blocked lines, each counted once",
        284,
        pytest.approx(206.42 + 3 * 144.96),
    )
    assert all(str(row["Rule"]).startswith("R-") for row in rows)


def test_a_line_with_two_blockers_is_twice_on_the_list_and_once_in_its_total(
    practice: ReportedPractice,
) -> None:
    """Its dollars wait for both, and are there once."""
    practice.works(practice.enrolled(consent=None), 65, date(2026, 10, 6))
    *rows, _, total = rows_of(book_of(workbook(practice.report(), NAMED))["Worklist"])
    blocking = [row["Finding"] for row in rows if row["Blocks billing"] == "yes"]
    assert {"consent_missing", "review_missing"} <= set(blocking)
    assert total["Estimated USD at stake"] == pytest.approx(144.96)


def test_every_sheet_prints_one_page_wide_and_names_month_and_edition(practice: ReportedPractice) -> None:
    """Landscape, the header row and the columns up to the MRN repeated and in sight, page numbers; no patient."""
    practice.works(practice.billable("0042"), 1, date(2026, 10, 6))
    for edition in ("draft", "revision 1"):
        book = book_of(workbook(practice.report(), NAMED))
        for sheet in book:
            setup = sheet.page_setup
            # A width of one page is what a sheet that says no width has.
            assert (setup.orientation, setup.fitToWidth, setup.fitToHeight) == ("landscape", None, 0)
            assert sheet.sheet_properties.pageSetUpPr.fitToPage
            assert sheet.print_title_rows == "$1:$1"
            assert sheet.oddHeader.right.text == f"October 2026, {edition}"
            assert "Page" in sheet.oddFooter.right.text
            assert sheet.auto_filter.ref.startswith("A1:")
            around = "".join(str(part.text) for part in (sheet.oddHeader.left, sheet.oddFooter.left))
            assert "Reyes" not in around
        pinned = {sheet.title: (sheet.print_title_cols, sheet.freeze_panes) for sheet in book}
        assert pinned == {
            "Ready to bill": ("$A:$C", "D2"),
            "Worklist": ("$A:$B", "C2"),
            "All lines": ("$A:$C", "D2"),
            "Summary": (None, "A2"),
            "Ledger transfer": (None, "A2"),
        }
        months = [row for row in rows_of(book["Summary"]) if row["Item"] == "Month"]
        assert edition in str(months[0]["Value"])
        if edition == "draft":
            practice.do(close_month, practice.sam, OCTOBER)


def in_sight(sheet: Any) -> list[str]:
    """The columns that are not folded away."""
    folded = {
        place
        for dimension in sheet.column_dimensions.values()
        if dimension.hidden
        for place in range(dimension.min, dimension.max + 1)
    }
    return [cell.value for cell in sheet[1] if cell.column not in folded]


def test_what_a_sheet_can_do_without_is_folded_away_and_still_there(practice: ReportedPractice) -> None:
    """A claim's facts are in sight where it is ready, what stands in its way among all lines; the rest is kept."""
    practice.billable()
    book = book_of(workbook(practice.report(), NAMED))
    lines = ["Date", "MRN", "First name", "Last name", "Minutes", "Payer", "99492", "99493", "99494"]
    assert in_sight(book["Ready to bill"]) == [
        *(
            *lines,
            "Referring Provider NPI",
            "Problems List",
            "G2214",
            "99484",
            "Billable codes",
            "Held codes",
        ),
        *("Date of service", "Diagnosis codes", "Billing NPI", "Place of service", "Modifiers"),
        "Estimated USD",
    ]
    assert in_sight(book["All lines"]) == [
        *(*lines, "Problems List", "G2214", "99484", "Status", "Billable codes", "Held codes", "Findings"),
        *("Date of service", "Estimated USD"),
    ]
    (row,) = rows_of(book["All lines"])
    assert (row["Care manager minutes"], row["Revision"]) == (62, None)


def test_digits_stay_text_without_a_mark(practice: ReportedPractice) -> None:
    """Leading zeros of an MRN and of an NPI are kept, and no cell is marked for being digits."""
    practice.billable("0042")
    data = workbook(practice.report(), NAMED)
    row = rows_of(book_of(data)["Ready to bill"])[0]
    assert (row["MRN"], type(row["Referring Provider NPI"])) == ("MRN0042", str)
    assert b'numberStoredAsText="1"' in sheet_of(data)


def sheet_of(data: bytes) -> bytes:
    """The first sheet as it is written."""
    return openpyxl.reader.excel.ExcelReader(io.BytesIO(data)).archive.read("xl/worksheets/sheet1.xml")


def test_readers_that_trust_the_stated_size_see_every_column(practice: ReportedPractice) -> None:
    """Streaming readers read no further than a sheet says that it reaches."""
    practice.billable()
    for sheet in book_of(workbook(practice.report(), NAMED), read_only=True):
        head = next(sheet.iter_rows(values_only=True))
        assert len(head) == {"Ready to bill": len(COLUMNS), "All lines": len(COLUMNS)}.get(
            sheet.title, len(head)
        )
        assert len(head) > 1


def test_several_months_say_their_editions(practice: ReportedPractice) -> None:
    """A closed month beside an open one makes a draft."""
    practice.billable()
    practice.do(close_month, practice.sam, OCTOBER)
    book = book_of(workbook(practice.report(OCTOBER, NOVEMBER), NAMED))
    assert book.active.oddHeader.right.text == "October 2026 to November 2026, draft"


def test_a_workbook_that_cannot_be_written_leaves_nothing_of_it_behind(
    practice: ReportedPractice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows are kept in files until the workbook is whole; they go with an error, too, for they name patients."""
    practice.billable()
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    with Path("/dev/full").open("wb", buffering=0) as file, pytest.raises(OSError, match="No space"):
        write_workbook(practice.report(), NAMED, file)
    assert list(folder.iterdir()) == []
