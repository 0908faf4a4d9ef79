"""Any bytes to rows of words."""

from services.imports.tables.delimited import read_text
from services.imports.tables.formats import is_workbook
from services.imports.tables.grid import Fits, Grid, NotATable
from services.imports.tables.texts import decode


def read_grid(data: bytes, sheet: str, fits: Fits) -> Grid:
    """The rows of a file, whatever it is.

    Args:
        data: The file.
        sheet: Name of a workbook's sheet, where one was asked for.
        fits: How many columns of the kind of file a row names.

    Raises:
        NotATable: when it is no table, or cannot be read as one.
    """
    if is_workbook(data):
        from services.imports.tables.workbooks import read_workbook  # noqa: PLC0415 - see that module

        return read_workbook(data, sheet, fits)
    if sheet:
        raise NotATable("Only workbooks have sheets, and this file is text: leave out --sheet.")
    return read_text(decode(data), fits)
