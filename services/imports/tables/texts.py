"""Decodes the bytes of a text file; what had to be guessed is said aloud."""

from dataclasses import dataclass, field

from services.imports.tables.grid import NotATable

_UTF_8_BOM = b"\xef\xbb\xbf"
_UTF_16 = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
_SAMPLE = 4_000
#: Controls that no spreadsheet writes; with them, bytes are not text.
_CONTROLS = frozenset(chr(code) for code in range(32)) - {"\t", "\n", "\r", "\v", "\f", "\x1a"}
_NOT_TEXT = (
    "The file holds bytes that no text has (such as NUL). Open it in a spreadsheet, save it as CSV UTF-8."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FileText:
    """The words of a file."""

    text: str = field(repr=False)
    remark: str = ""


def decode(data: bytes) -> FileText:
    """UTF-8, UTF-16 as Excel writes `Unicode text`, and Windows-1252 where it can be nothing else.

    Raises:
        NotATable: when the bytes are no text.
    """
    for bom, encoding in _UTF_16.items():
        if data.startswith(bom):
            return FileText(text=_utf_16(data[2:], encoding))
    if not data.startswith(_UTF_8_BOM) and b"\0" in data[:_SAMPLE]:
        return FileText(text=_utf_16(data, _by_zeros(data[:_SAMPLE])))
    body = data.removeprefix(_UTF_8_BOM)
    try:
        return FileText(text=_checked(body.decode("utf-8")))
    except UnicodeDecodeError as error:
        return _windows(body, error.start)


def _utf_16(data: bytes, encoding: str) -> str:
    try:
        return _checked(data[: len(data) // 2 * 2].decode(encoding))
    except UnicodeDecodeError as error:
        raise NotATable(_NOT_TEXT) from error


def _by_zeros(sample: bytes) -> str:
    """Which UTF-16 a file without a mark is: plain letters have a zero byte after or before them."""
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if max(even, odd) * 3 < len(sample) or min(even, odd) * 4 > max(even, odd):
        raise NotATable(_NOT_TEXT)
    return "utf-16-be" if even > odd else "utf-16-le"


def _windows(body: bytes, start: int) -> FileText:
    """Windows-1252, said aloud with the first line that is not UTF-8."""
    line = body.count(b"\n", 0, start) + 1
    try:
        text = _checked(body.decode("cp1252"))
    except UnicodeDecodeError as error:
        raise NotATable(
            f"The file is neither UTF-8 nor Windows-1252: line {line} holds bytes that are no text in either. "
            "Save it as CSV UTF-8.",
            line=line,
        ) from error
    remark = f"Read as Windows-1252, because line {line} is not UTF-8: check names with accents."
    return FileText(text=text, remark=remark)


def _checked(text: str) -> str:
    text = text.removeprefix("\ufeff").rstrip("\x1a")
    if not _CONTROLS.isdisjoint(text):
        at = next(place for place, character in enumerate(text) if character in _CONTROLS)
        raise NotATable(_NOT_TEXT, line=text.count("\n", 0, at) + 1)
    return text
