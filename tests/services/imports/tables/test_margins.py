"""What stands around a table is left out and said; a file's own total must be what its rows add up to."""

import pytest

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

KEYS = ["k1", "k2"]


def left(text: str) -> str:
    """What is said of a file whose two rows are read."""
    sheet = sheet_of(text)
    assert said_of(sheet) == ""
    assert [row["entry_key"] for row in cells_of(sheet)] == KEYS
    return "\n".join(sheet.remarks)


def test_titles_above_the_header_are_named() -> None:
    """The header is the row that names most columns, among the first thirty."""
    titles = "Time report,,\nClinic: North,,\n,,\n" + "x,,\n" * 20
    said = left(titles + lines(HEADER, ROW, OTHER_ROW))
    assert "The header is on line 24" in said
    assert "'Time report'; 'Clinic: North'" in said


@pytest.mark.parametrize(
    "total",
    [
        "Total,,,27.5,,",
        ",,,27.5,,",
        ",Grand total,,27.5,,",
        "TOTALS:,,,27.5,,\nCount,2,,,,",
        "Total,,,,,",
        "Sum of minutes,,,27.50,,",
        "Average,,,13.75,,\nTotal hours,,,0.46,,",
        "Ana Flores Total,,,27.5,,",
    ],
)
def test_a_row_of_totals_that_adds_up_is_left_out(total: str) -> None:
    """By its words, or by its sum where it names nobody."""
    assert "a row of totals" in left(lines(HEADER, ROW, OTHER_ROW) + total + "\n")


def test_totals_of_parts_are_left_out_between_the_rows() -> None:
    """A subtotal is compared with the rows since the last one."""
    text = lines(HEADER, ROW) + "Subtotal,,,15,,\n" + lines(OTHER_ROW) + "Subtotal,,,12.5,,\nTotal,,,27.5,,\n"
    assert "line 3, a row of totals" in left(text)


@pytest.mark.parametrize(
    ("header", "minutes", "total", "said"),
    [
        ("minutes", ("15", "12.5"), "31", "own total is 31 min, its rows add up to 27.5 min"),
        ("minutes", ("15", "12"), "1", "own total is 1 min, its rows add up to 27 min"),
        ("Hours", ("0.25", "1.5"), "134.5", "own total is 134.5 h, its rows add up to 1.75 h"),
        ("Duration", ("0:15:00", "1:30:00"), "2:00:00", "own total is 2:00:00, its rows add up to 1:45:00"),
        ("Duration", ("0:15", "1:30"), "2:00", "own total is 2:00, its rows add up to 1:45"),
    ],
)
def test_a_total_that_does_not_add_up_is_refused(
    header: str, minutes: tuple[str, str], total: str, said: str
) -> None:
    """A row may be missing, or there twice: the figures of both are said."""
    named = (*HEADER[:3], header, *HEADER[4:])
    rows = [(*ROW[:3], one, *ROW[4:]) for one in minutes]
    sheet = sheet_of(lines(named, *rows) + f"Total,,,{total},,\n")
    assert said in said_of(sheet)


def test_rounded_hours_add_up_within_their_rounding() -> None:
    """A hundred entries of 5 minutes are 8.33 hours, though each is written as 0.08."""
    rows = [(f"k{number}", "123", "2026-11-03", "0.08", "Ana", "") for number in range(100)]
    named = (*HEADER[:3], "Hours", *HEADER[4:])
    assert said_of(sheet_of(lines(named, *rows) + "Total,,,8.05,,\n")) == ""
    assert "rows add up to 8.00 h" in said_of(sheet_of(lines(named, *rows) + "Total,,,8.50,,\n"))


def test_copies_of_the_header_and_words_at_the_end_are_left_out() -> None:
    """Pages printed below each other repeat their header, and reports end with when they were made."""
    said = left(
        lines(HEADER, ROW, HEADER, OTHER_ROW) + "Page 2 of 2\nGenerated on,2026-11-30 08:00\n* estimated\n"
    )
    assert "header's copy on line 3" in said
    assert "'Generated on 2026-11-30 08:00'" in said


def test_a_row_that_only_looks_like_a_total_is_kept() -> None:
    """A payer called Total Care, a note that begins with total, a patient called Total: none is left out."""
    rows = [("Total Care", "123", "2026-11-03"), ("Total", "124", "2026-11-03")]
    sheet = sheet_of(lines(("payer", "mrn", "from"), *rows), "coverage")
    assert len(sheet.rows) == 2
    assert len(sheet_of(lines(("name", "source"), ("Total Health", "x")), "payers").rows) == 1
    assert len(sheet_of(lines(("mrn", "last_name"), ("123", "Total")), "patients").rows) == 1


def test_a_total_of_hours_as_a_workbook_keeps_them_is_compared() -> None:
    """Parts of an hour have up to 15 digits behind the point, and more behind zeros."""
    head = ("mrn", "service_date", "Hours", "performed_by")
    rows = [("123", "2026-11-03", 37 / 3600, "Ana Flores"), ("124", "2026-11-03", 1921 / 3600, "Ana Flores")]
    right, wrong = 1958 / 3600, 20 + 1958 / 3600
    assert said_of(sheet_of(saved(workbook_of(head, *rows, ("Total", "", right, ""))))) == ""
    said = said_of(sheet_of(saved(workbook_of(head, *rows, ("Total", "", wrong, "")))))
    assert "The file's own total is 20.5438888888889 h, its rows add up to 0.54388888888888" in said


def test_a_total_that_is_no_length_is_not_compared() -> None:
    """It is left out, and that it was not compared is said."""
    read = sheet_of(lines(HEADER, ROW, ("Total", "", "", "a quarter", "", "")))
    assert said_of(read) == ""
    assert any(
        "It was not compared with the rows: 'a quarter' is not a length" in one for one in read.remarks
    )


def test_a_patient_called_total_is_no_row_of_totals() -> None:
    """In a roster the MRN is all there is to go by: with a name behind it, the row is somebody's and is read."""
    head = ("mrn", "first_name", "last_name", "enrolled_on")
    bo = ("00123", "Bo", "Reyes", "2026-11-03")
    read = sheet_of(lines(head, bo, ("Total", "Ann", "Li", "2026-11-04")), "patients")
    assert [cells["mrn"] for cells in cells_of(read)] == ["00123", "Total"]
    for total in (("Total", "", "", ""), ("Total", "1 patient", "", ""), ("Count", "1", "", "")):
        read = sheet_of(lines(head, bo, total), "patients")
        assert [cells["mrn"] for cells in cells_of(read)] == ["00123"]
        assert any("a row of totals" in remark for remark in read.remarks)


def test_a_line_drawn_below_the_header_is_no_row() -> None:
    """Tables copied out of a document have bars and a rule."""
    rule = "|" + "---|" * len(HEADER) + "\n"
    table = "".join("| " + " | ".join(row) + " |\n" for row in (HEADER, ROW, OTHER_ROW))
    first, _, rest = table.partition("\n")
    left(f"{first}\n{rule}{rest}")


def test_a_file_without_rows_or_without_a_header_says_so() -> None:
    """Nothing below the header is said; without a header, what its first row should name."""
    assert "No rows stand below the header." in sheet_of(lines(HEADER)).remarks
    said = said_of(sheet_of(lines(ROW, OTHER_ROW)))
    assert said.startswith("1  No row names columns of a file of entries.")
    assert "The file has 'k1', '123'" in said
