"""How the cells of one file are read: found over the whole file, or said with the command."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, tzinfo

from services.imports.outcome import RowProblem
from services.imports.request import DateOrder, ImportRequest, TimeUnit
from services.imports.values.durations import found_unit
from services.imports.values.orders import found_order
from services.imports.values.survey import survey


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What of a file decides how each of its cells is read."""

    dates: DateOrder = DateOrder.MDY
    #: The cell that decided the order of dates, for a sentence about one that does not fit.
    dates_decided_by: str = ""
    #: What figures of durations count; None is minutes, and clock forms of two parts are then open.
    unit: TimeUnit | None = None
    #: True where the file writes `12,5` for twelve and a half.
    decimal_comma: bool = False
    #: The practice's local date.
    today: date | None = None
    #: The practice's time zone.
    zone: tzinfo | None = None
    #: Sentences that tell how the file was read.
    said: tuple[str, ...] = ()
    #: What must be settled before it can be.
    problems: tuple[RowProblem, ...] = ()


PLAIN = Reading()


def reading_of(
    request: ImportRequest,
    rows: Iterable[tuple[int, Mapping[str, str]]],
    *,
    dates: DateOrder | None = None,
    unit: TimeUnit | None = None,
    decimal_comma: bool = False,
) -> Reading:
    """How a file is to be read.

    Args:
        request: What was said about it.
        rows: Lines and their cells by column.
        dates: The order of dates that the file's mapping says.
        unit: What the header or the mapping says that durations count.
        decimal_comma: Whether its figures are written with a decimal comma.
    """
    seen = survey(rows)
    order = found_order(seen.days, request.dates or dates, request.today)
    counted = found_unit(seen.durations, request.unit, unit, decimal_comma=decimal_comma)
    asked = (one for one in (order.problem, counted.problem) if one is not None)
    return Reading(
        dates=order.order,
        dates_decided_by=order.decided_by,
        unit=counted.unit,
        decimal_comma=decimal_comma,
        today=request.today,
        zone=request.zone,
        said=tuple(filter(None, (order.said, counted.said))),
        problems=tuple(asked),
    )
