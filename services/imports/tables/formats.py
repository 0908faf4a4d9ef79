"""Tells what a file is by its first bytes, and how to save as a table what is none."""

import io
import re
import zipfile

from services.imports.tables.grid import NotATable

#: Larger files are not what a practice has; reading one would take the machine's memory.
LARGEST_FILE = 200_000_000
#: The most that the parts of a workbook may take once unpacked, and how much larger than packed a part may be.
_LARGEST_UNPACKED = 600_000_000
_LARGEST_RATIO = 500
_SMALL_PART = 1_000_000

_AS_CSV = "Save it as CSV UTF-8 or as an Excel workbook (.xlsx), and import that."
_IN_EXCEL = f"Open it in Excel or another spreadsheet. {_AS_CSV}"
#: How files begin that are no tables, and what each is.
_BEGINNINGS: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", f"The file is a PDF: its cells cannot be separated. Export the table itself. {_AS_CSV}"),
    (b"\x1f\x8b", "The file is packed (gzip). Unpack it, and import the table inside."),
    (b"7z\xbc\xaf", "The file is packed (7-Zip). Unpack it, and import the table inside."),
    (b"Rar!", "The file is packed (RAR). Unpack it, and import the table inside."),
    (b"\x89PNG", f"The file is a picture. Export the table itself. {_AS_CSV}"),
    (b"\xff\xd8\xff", f"The file is a picture. Export the table itself. {_AS_CSV}"),
    (b"GIF8", f"The file is a picture. Export the table itself. {_AS_CSV}"),
    (b"SQLite format 3", "The file is a database. Export its table as CSV, and import that."),
    (b"PAR1", f"The file is a Parquet file. {_AS_CSV}"),
    (b"{\\rtf", f"The file is a text document (RTF). Put its table into a spreadsheet. {_AS_CSV}"),
    (b"\x09\x08", f"The file is an old Excel workbook (.xls). {_IN_EXCEL}"),
    (b"MSH|", "The file holds HL7 messages. Export a table from the system that wrote it, as CSV."),
    (b"ISA*", "The file is an X12 interchange. Export a table from the system that wrote it, as CSV."),
    (b"BEGIN:VCALENDAR", f"The file is a calendar. Export its events as a table. {_AS_CSV}"),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_MARKUP = re.compile(rb"\s*<(?:!doctype|html|head|body|table|meta|div|\?xml|style)", re.IGNORECASE)
_JSON = re.compile(rb'\s*(?:\[\s*(?:\{|\[|"|\])|\{\s*(?:"|\}))')
_BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


def is_workbook(data: bytes) -> bool:
    """True for an .xlsx workbook; False for what may be text.

    Raises:
        NotATable: when it is neither.
    """
    if len(data) > LARGEST_FILE:
        size = f"{LARGEST_FILE // 1_000_000} MB"
        raise NotATable(f"The file is larger than {size}. Import it in parts, a month each.")
    if data.startswith(_ZIP):
        _check_package(data)
        return True
    if data.startswith(_OLE):
        raise NotATable(_of_ole(data))
    for beginning, sentence in _BEGINNINGS:
        if data.startswith(beginning):
            raise NotATable(sentence)
    head = data[:2_000]
    for bom in _BOMS:
        head = head.removeprefix(bom)
    head = head.replace(b"\0", b"")
    if _MARKUP.match(head):
        raise NotATable(
            f"The file is a web page or XML, whatever its name says; some systems call such a file .xls. {_IN_EXCEL}"
        )
    if _JSON.match(head):
        raise NotATable(f"The file is JSON. Export the same as a table. {_AS_CSV}")
    return False


def _of_ole(data: bytes) -> str:
    """What the older Microsoft container holds: the names of its streams are in UTF-16."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        return (
            "The workbook is protected by a password. Open it in Excel, remove the password "
            "(File > Info > Protect Workbook), save it, and import that."
        )
    if any(name.encode("utf-16-le") in data for name in ("Workbook", "Book")):
        return f"The file is an old Excel workbook (.xls). {_IN_EXCEL}"
    return (
        f"The file is a document of an older Microsoft program. Put its table into a spreadsheet. {_AS_CSV}"
    )


def _check_package(data: bytes) -> None:
    """See that a zip archive is an .xlsx workbook, of a size that can be unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            parts = package.infolist()
    # An archive may say that it needs a later zip than Python's, which is Python's NotImplementedError.
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError, EOFError) as error:
        raise NotATable(
            "The file begins like an Excel workbook and is damaged. Download or save it again."
        ) from error
    names = {part.filename for part in parts}
    if "xl/workbook.xml" not in names:
        raise NotATable(_of_package(names))
    if any(part.flag_bits & 1 for part in parts):
        raise NotATable("The workbook is protected by a password. Save it without one, and import that.")
    unpacked = sum(part.file_size for part in parts)
    if unpacked > _LARGEST_UNPACKED or any(
        part.file_size > _SMALL_PART and part.file_size > _LARGEST_RATIO * max(1, part.compress_size)
        for part in parts
    ):
        raise NotATable(
            f"The workbook would take {unpacked // 1_000_000:,} MB once unpacked, which no practice's table does. "
            "Copy the rows into a new workbook, save it, and import that."
        )


def _of_package(names: set[str]) -> str:
    """What a zip archive is that is no .xlsx workbook."""
    if "xl/workbook.bin" in names:
        return f"The file is a binary Excel workbook (.xlsb). {_IN_EXCEL}"
    if any(name.startswith("word/") for name in names):
        return f"The file is a Word document. Put its table into a spreadsheet. {_AS_CSV}"
    if any(name.startswith("ppt/") for name in names):
        return f"The file is a presentation. Put its table into a spreadsheet. {_AS_CSV}"
    if any(name.endswith(".iwa") for name in names):
        return "The file is a Numbers spreadsheet. In Numbers choose File > Export To > CSV, and import that."
    if "content.xml" in names and "mimetype" in names:
        return f"The file is an OpenDocument spreadsheet (.ods). Open it in LibreOffice or Excel. {_AS_CSV}"
    return "The file is a zip archive. Unpack it, and import the table inside."
