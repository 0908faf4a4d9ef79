"""Workbooks: cells as a spreadsheet shows them, and what cannot be taken as it looks is refused."""

import io
import zipfile
from datetime import UTC, date, datetime, time, timedelta

import pytest
from xlsxwriter import Workbook as Written

from tests.support.sheets import HEADER, OTHER_ROW, ROW, cells_of, said_of, saved, sheet_of, workbook_of

LOCAL = datetime(2026, 11, 3, 9, 15, tzinfo=UTC).replace(tzinfo=None)


def minutes_as(value: object, number_format: str = "General") -> str:
    """What a cell of durations reads as."""
    book = workbook_of(HEADER, (*ROW[:3], value, *ROW[4:]))
    book.active["D2"].number_format = number_format
    return cells_of(sheet_of(saved(book)))[0]["minutes"]


@pytest.mark.parametrize(
    ("value", "number_format", "shown"),
    [
        (15, "General", "15"),
        (15.0, "0.00", "15"),
        (0.1 + 0.2, "General", "0.3"),
        (12.5, "General", "12.5"),
        (1e-7, "General", "0.0000001"),
        (124, "00000", "00124"),
        (7, '"MRN"0000', "MRN0007"),
        (7, "0000;-0000", "0007"),
        (timedelta(hours=36, minutes=15), "[h]:mm", "36:15:00"),
        (time(0, 45), "h:mm", "0:45:00"),
        (date(2026, 11, 3), "m/d/yyyy", "2026-11-03"),
        (LOCAL, "m/d/yyyy h:mm", "2026-11-03 09:15:00"),
        # What the spreadsheet does not show is not read either.
        (LOCAL, "m/d/yyyy", "2026-11-03"),
        (True, "General", "TRUE"),
        ("  00123 ", "General", "00123"),
    ],
)
def test_a_cell_reads_as_it_is_shown(value: object, number_format: str, shown: str) -> None:
    """Leading zeros of a format are kept, days are ISO, lengths are clock forms, no binary noise."""
    assert minutes_as(value, number_format) == shown


def test_errors_lost_digits_and_formulas_without_values_are_refused_by_cell() -> None:
    """Only where the cell is used; elsewhere they do not matter."""
    book = workbook_of((*HEADER, "Extra"), ROW, (*OTHER_ROW, "#REF!"))
    book.active["B2"] = "#N/A"
    book.active["D2"] = "=1+1"
    book.active["B3"] = 12345678901234567
    said = said_of(sheet_of(saved(book)))
    assert "The cell B2 is #N/A" in said
    assert "The cell D2 is a formula without a value" in said
    assert "The cell B3 is a number of more than 15 digits" in said
    assert "G3" not in said


def test_a_formulas_value_is_read() -> None:
    """Excel keeps the value beside the formula."""
    file = io.BytesIO()
    with Written(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADER)
        sheet.write_row(1, 0, ROW)
        sheet.write_formula(1, 3, "=10+5", None, 15)
    assert cells_of(sheet_of(file.getvalue())) == [dict(zip(HEADER, ROW, strict=True))]


def test_the_sheet_that_fits_is_read_and_named() -> None:
    """Another is read when it is asked for; where two fit, it must be said; hidden ones are not looked at."""
    book = workbook_of(("Notes",), title="Cover")
    time_sheet = book.create_sheet("November")
    for row in (HEADER, ROW):
        time_sheet.append(row)
    sheet = sheet_of(saved(book))
    assert [line for line, _ in sheet.rows] == [2]
    assert "Read the sheet 'November' of the workbook; left out 'Cover'." in sheet.remarks
    december = book.create_sheet("December")
    for row in (HEADER, OTHER_ROW):
        december.append(row)
    assert "2 sheets of the workbook fit: 'November', 'December'" in said_of(sheet_of(saved(book)))
    assert cells_of(sheet_of(saved(book), worksheet="december"))[0]["entry_key"] == "k2"
    assert "no sheet 'January'" in said_of(sheet_of(saved(book), worksheet="January"))
    december.sheet_state = "hidden"
    assert cells_of(sheet_of(saved(book)))[0]["entry_key"] == "k1"


def test_hidden_rows_are_refused() -> None:
    """Nobody imports what a filter keeps out of sight."""
    book = workbook_of(HEADER, ROW, OTHER_ROW)
    book.active.row_dimensions[3].hidden = True
    assert "1 row is hidden, perhaps by a filter: 3" in said_of(sheet_of(saved(book)))


def test_merged_cells_say_the_same_for_each_row_but_never_a_duration() -> None:
    """A patient merged over two rows is the patient of both; time merged so may count once or twice."""
    book = workbook_of(HEADER, ROW, OTHER_ROW)
    book.active.merge_cells("B2:B3")
    sheet = sheet_of(saved(book))
    assert [row["mrn"] for row in cells_of(sheet)] == ["123", "123"]
    assert "Merged cells say the same for each of their rows: B2:B3." in sheet.remarks
    book.active.merge_cells("D2:D3")
    assert "The cells D2:D3 are merged" in said_of(sheet_of(saved(book)))


def test_rows_are_numbered_as_the_spreadsheet_numbers_them() -> None:
    """Titles, blank rows and blank columns in front of the table shift nothing."""
    book = workbook_of(("Report",), (), ("", *HEADER), (), ("", *ROW), ("", "Total", "", "", 15))
    sheet = sheet_of(saved(book))
    assert [line for line, _ in sheet.rows] == [5]
    assert cells_of(sheet) == [dict(zip(HEADER, ROW, strict=True))]
    assert "Left out row 6, a row of totals: 'Total 15'." in sheet.remarks


def test_a_bomb_is_not_unpacked() -> None:
    """A part that would fill the memory is refused by what the archive says of its size."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/workbook.xml", "<workbook/>")
        package.writestr("xl/worksheets/sheet1.xml", b"0" * 3_000_000)
    assert "once unpacked" in said_of(sheet_of(file.getvalue()))


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (("xl/workbook.bin",), ".xlsb"),
        (("word/document.xml",), "Word"),
        (("ppt/presentation.xml",), "presentation"),
        (("Index/Document.iwa",), "Numbers"),
        (("mimetype", "content.xml"), ".ods"),
        (("november.csv",), "zip archive"),
        (("xl/workbook.xml",), "damaged"),
    ],
)
def test_archives_that_are_no_workbooks_are_named(names: tuple[str, ...], said: str) -> None:
    """With what to do about each."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as package:
        for name in names:
            package.writestr(name, "x")
    assert said in said_of(sheet_of(file.getvalue()))
