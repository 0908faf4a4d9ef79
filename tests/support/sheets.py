"""Tables as tests write them, and what of them is read."""

import io
from collections.abc import Sequence
from typing import Any

from openpyxl import Workbook

from services.imports.load import KINDS
from services.imports.request import ImportRequest
from services.imports.sheet import Sheet, read_sheet

HEADER = ("entry_key", "mrn", "service_date", "minutes", "performed_by", "note")
ROW = ("k1", "123", "2026-11-03", "15", "Ana Flores", "phone check-in")
OTHER_ROW = ("k2", "00124", "2026-11-04", "12.5", "Ana Flores", "chart review")


def lines(*rows: Sequence[str], by: str = ",") -> str:
    """Rows as text, cells separated; none of the cells needs quotes."""
    return "".join(by.join(row) + "\n" for row in rows)


def request_of(data: bytes | str, kind: str = "entries", **said: Any) -> ImportRequest:
    """An import of a file."""
    return ImportRequest(data=data.encode() if isinstance(data, str) else data, kind=kind, **said)


def sheet_of(data: bytes | str, kind: str = "entries", **said: Any) -> Sheet:
    """What is read of a file."""
    own = KINDS[kind]
    return read_sheet(request_of(data, kind, **said), own.columns, own.needed)


def cells_of(sheet: Sheet) -> list[dict[str, str]]:
    """The rows without their lines."""
    return [dict(cells) for _, cells in sheet.rows]


def said_of(sheet: Sheet) -> str:
    """All that is wrong with a file."""
    return "\n".join(f"{one.line} {one.column} {one.message}" for one in sheet.problems)


def saved(book: Workbook) -> bytes:
    """A workbook as bytes."""
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def workbook_of(*rows: Sequence[object], title: str = "Time") -> Workbook:
    """A workbook with one sheet."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    return book
