"""Text files in every dialect: the same rows, whatever separates and encodes them."""

import pytest

from tests.support.sheets import HEADER, OTHER_ROW, ROW, cells_of, lines, said_of, sheet_of

PLAIN = lines(HEADER, ROW, OTHER_ROW)
EXPECTED = [dict(zip(HEADER, row, strict=True)) for row in (ROW, OTHER_ROW)]


@pytest.mark.parametrize(
    "data",
    [
        PLAIN.encode(),
        b"\xef\xbb\xbf" + PLAIN.encode(),
        PLAIN.replace("\n", "\r\n").encode(),
        PLAIN.replace("\n", "\r").encode(),
        lines(HEADER, ROW, OTHER_ROW, by=";").encode(),
        lines(HEADER, ROW, OTHER_ROW, by="|").encode(),
        lines(HEADER, ROW, OTHER_ROW, by="\t").encode("utf-16"),
        b"\xfe\xff" + lines(HEADER, ROW, OTHER_ROW, by="\t").encode("utf-16-be"),
        lines(HEADER, ROW, OTHER_ROW, by="\t").encode("utf-16-le"),
        ("sep=;\r\n" + lines(HEADER, ROW, OTHER_ROW, by=";")).encode(),
        ('"sep=|"\n' + lines(HEADER, ROW, OTHER_ROW, by="|")).encode(),
        lines(HEADER[::-1], ROW[::-1], OTHER_ROW[::-1]).encode(),
        ("\n,,\n" + lines((*HEADER, ""), (*ROW, ""), ("",) * 7, (*OTHER_ROW, ""))).encode(),
        ('"' + PLAIN.replace(",", '","').replace("\n", '"\n"')[:-1]).encode(),
    ],
)
def test_each_dialect_has_the_same_rows(data: bytes) -> None:
    """Commas, semicolons, bars, tabs, `sep=`; UTF-8, UTF-16 with and without its mark; columns in any order."""
    sheet = sheet_of(data)
    assert said_of(sheet) == ""
    assert cells_of(sheet) == EXPECTED


def test_windows_1252_is_read_and_said_aloud() -> None:
    """Bytes that are not UTF-8 are guessed, and the guess is named with the line that made it needed."""
    sheet = sheet_of(lines(HEADER, ROW, (*ROW[:4], "José Peña", "")).encode("cp1252"))
    assert cells_of(sheet)[1]["performed_by"] == "José Peña"
    assert [one for one in sheet.remarks if "Windows-1252" in one and "line 3" in one]


def test_lines_are_counted_with_breaks_inside_cells_and_the_separator_line() -> None:
    """A row is named by the line on which it begins, however the lines before look."""
    text = "sep=,\n\n" + lines(HEADER, ROW) + 'k2,1,2026-11-03,5,Ana,"two\nlines"\n' + lines(OTHER_ROW)
    assert [line for line, _ in sheet_of(text).rows] == [4, 5, 7]


@pytest.mark.parametrize(
    ("text", "comma", "minutes"),
    [
        ("12,5;0,25", True, ["12,5", "0,25"]),
        ("12;15", False, ["12", "15"]),
        ("12.5;15", False, ["12.5", "15"]),
        ("1,234;15", False, ["1,234", "15"]),
        ("0,234;15", True, ["0,234", "15"]),
        ("12,5;1.5", False, ["12,5", "1.5"]),
    ],
)
def test_a_decimal_comma_is_found_over_the_whole_column(
    *, text: str, comma: bool, minutes: list[str]
) -> None:
    """`12,5` is twelve and a half where the whole column says so; a cell never loses its comma on the way."""
    rows = [(*ROW[:3], one, *ROW[4:]) for one in text.split(";")]
    sheet = sheet_of(lines(HEADER, *rows, by=";"))
    assert sheet.reading.decimal_comma is comma
    assert [row["minutes"] for row in cells_of(sheet)] == minutes


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"%PDF-1.7\n", "PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "Workbook".encode("utf-16-le"), ".xls"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "password"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "older Microsoft"),
        (b"\x1f\x8b\x08", "gzip"),
        (b"\x89PNG\r\n", "picture"),
        (b"<html><body><table>", "web page"),
        (b'\xef\xbb\xbf<?xml version="1.0"?>', "XML"),
        ("<table>".encode("utf-16"), "web page"),
        (b'[{"mrn": "1"}]', "JSON"),
        (b'{"rows": []}', "JSON"),
        (b"PK\x03\x04 and no more", "damaged"),
        (b"SQLite format 3\0", "database"),
        (b"MSH|^~\\&|", "HL7"),
        (b"mrn,\0\n1,2\n", "NUL"),
        (b"\xff\xfe", "empty"),
        (b"\xef\xbb\xbf\n \n", "empty"),
        (b"mrn\n\x81\x8d\n", "neither UTF-8 nor Windows-1252"),
        (b'mrn,note\n1,"open\n', "quotes"),
    ],
)
def test_what_is_no_table_is_refused_with_what_it_is(data: bytes, said: str) -> None:
    """The sentence names what the file is, and how to save it."""
    sheet = sheet_of(data, "patients")
    assert len(sheet.rows) == 0
    assert said in said_of(sheet)


def test_a_workbooks_sheet_cannot_be_asked_of_a_text_file() -> None:
    """Only workbooks have sheets."""
    assert "leave out --sheet" in said_of(sheet_of(PLAIN, worksheet="Time"))
