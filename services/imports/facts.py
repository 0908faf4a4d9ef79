"""`scores` and `services`: imports single facts about patients, one a row."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, Generic, TypeVar

from billing.clinical import OtherService, Scale, Score, scale_named
from services.context import Context
from services.imports import readers
from services.imports.outcome import ImportOutcome, Preview, Progress
from services.imports.roster import FileRoster
from services.imports.sheet import Cells, read_sheet
from services.imports.storing import by_line, carry_out

SCORE_COLUMNS = ("mrn", "scale", "value", "measured_on")
SERVICE_COLUMNS = ("mrn", "code", "service_on")

_PREVIEWED = 10
_CODE_LENGTH = 5
_LONGEST_VALUE = 3
_Fact = TypeVar("_Fact", bound=tuple[Any, ...])

#: A scale, its value and its day; a code and its day.
_ScoreFact = tuple[Scale, int, date]
_ServiceFact = tuple[str, date]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kind(Generic[_Fact]):
    """One kind of fact: how a row says it, what is on file, and how one more is kept."""

    name: str
    columns: tuple[str, ...]
    read: Callable[[Cells], _Fact | None]
    #: Facts on file, by patient.
    stored: Callable[[set[int]], dict[int, set[_Fact]]]
    add: Callable[[int, _Fact], None]


def load_scores(
    context: Context,
    data: bytes,
    *,
    dry_run: bool,
    progress: Progress,
    new_patients: Collection[str] = (),
) -> ImportOutcome:
    """Add scores of validated scales; one on file already, of that value and day, is not added again."""

    def stored(ids: set[int]) -> dict[int, set[_ScoreFact]]:
        found = context.uow.scores.of_patients(ids, date.min, date.max)
        return {
            patient_id: {(score.scale, score.value, score.measured_on) for score in own}
            for patient_id, own in found.items()
        }

    def add(patient_id: int, fact: _ScoreFact) -> None:
        scale, value, on = fact
        context.uow.scores.add(
            Score(score_id=0, patient_id=patient_id, scale=scale, value=value, measured_on=on)
        )

    kind = _Kind(
        name="scores", columns=SCORE_COLUMNS, read=partial(_score, context.today), stored=stored, add=add
    )
    return _load(context, data, kind, FileRoster(context, new_patients), dry_run=dry_run, progress=progress)


def load_services(
    context: Context,
    data: bytes,
    *,
    dry_run: bool,
    progress: Progress,
    new_patients: Collection[str] = (),
) -> ImportOutcome:
    """Add services billed beside Collaborative Care: 96127, 98966 to 98968, visits on the day care begins."""

    def stored(ids: set[int]) -> dict[int, set[_ServiceFact]]:
        found = context.uow.other_services.of_patients(ids, date.min, date.max)
        return {
            patient_id: {(service.code, service.service_on) for service in own}
            for patient_id, own in found.items()
        }

    def add(patient_id: int, fact: _ServiceFact) -> None:
        code, on = fact
        context.uow.other_services.add(patient_id, OtherService(code=code, service_on=on))

    kind = _Kind(
        name="services",
        columns=SERVICE_COLUMNS,
        read=partial(_service, context.today),
        stored=stored,
        add=add,
    )
    return _load(context, data, kind, FileRoster(context, new_patients), dry_run=dry_run, progress=progress)


def _load(
    context: Context,
    data: bytes,
    kind: _Kind[_Fact],
    roster: FileRoster,
    *,
    dry_run: bool,
    progress: Progress,
) -> ImportOutcome:
    sheet = read_sheet(data, kind.columns, kind.columns)
    problems = list(sheet.problems)
    rows: list[tuple[str, _Fact]] = []
    for cells in sheet.cells(problems):
        identity = cells.need("mrn", roster.expect)
        fact = kind.read(cells)
        if identity is not None and fact is not None:
            rows.append((identity, fact))
    known = {roster.patient(one).patient_id for one, _ in rows if one not in roster.newcomers}
    stored = kind.stored(known) if known else {}
    new = [
        (identity, fact)
        for identity, fact in dict.fromkeys(rows)
        if identity in roster.newcomers or fact not in stored.get(roster.patient(identity).patient_id, ())
    ]
    outcome = ImportOutcome(
        rows=len(sheet.rows),
        added=len(new),
        unchanged=len(rows) - len(new),
        problems=tuple(sorted(problems, key=by_line)),
        remarks=roster.introductions,
        preview=Preview(
            columns=kind.columns,
            rows=tuple((identity, *map(str, fact)) for identity, fact in rows[:_PREVIEWED]),
        ),
    )
    if dry_run:
        return outcome

    def keep(identity: str, fact: _Fact) -> None:
        kind.add(roster.patient(identity).patient_id, fact)

    steps: list[Callable[[], object]] = [roster.admit]
    steps += [partial(keep, identity, fact) for identity, fact in new]
    return carry_out(context, kind.name, outcome, steps, progress)


def _score(today: date, cells: Cells) -> _ScoreFact | None:
    scale = cells.need("scale", _scale)
    on = cells.need("measured_on", partial(_past_day, today))
    value = cells.need("value", partial(_value, scale))
    return None if scale is None or on is None or value is None else (scale, value, on)


def _service(today: date, cells: Cells) -> _ServiceFact | None:
    code = cells.need("code", _code)
    on = cells.need("service_on", partial(_past_day, today))
    return None if code is None or on is None else (code, on)


def _scale(text: str) -> Scale:
    found = scale_named(text)
    if found is None:
        raise ValueError(f"{text!r} is not a scale known here. Write one of: {', '.join(Scale)}.")
    return found


def _value(scale: Scale | None, text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise ValueError(f"{text!r} is not a score. Write a whole number, such as 14.")
    highest = scale.highest if scale else None
    if len(text) > _LONGEST_VALUE or (highest is not None and int(text) > highest):
        limit = f"{scale} goes up to {highest}" if highest is not None else "no scale goes that far"
        raise ValueError(f"{text} is too high: {limit}.")
    return int(text)


def _past_day(today: date, text: str) -> date:
    found = readers.day(text)
    if found > today:
        raise ValueError(f"{text} is in the future. Write the day on which it was done.")
    return found


def _code(text: str) -> str:
    if len(text) != _CODE_LENGTH or not (text.isascii() and text.isalnum()):
        raise ValueError(f"{text!r} is not a code. Write five figures or letters, such as 96127.")
    return text.upper()
