"""`scores` and `services`: imports single facts about patients, one a row."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum
from functools import partial
from typing import Any, Generic, TypeVar

from billing.clinical import SOMEBODY_ELSE, OtherService, Scale, Score, scale_named
from services.context import Context
from services.imports.cells import Cells
from services.imports.outcome import ImportOutcome, Preview
from services.imports.questions import settle
from services.imports.request import ImportRequest
from services.imports.roster import FileRoster
from services.imports.sheet import read_sheet
from services.imports.storing import PlannedImport, Step, by_line
from services.imports.team import Team
from services.imports.wording import summed_up

SCORE_COLUMNS = ("mrn", "scale", "value", "measured_on", "recorded_on")
SERVICE_COLUMNS = ("mrn", "code", "service_on", "performed_by")

_PREVIEWED = 10
_CODE_LENGTH = 5
_LONGEST_VALUE = 3
_OTHER = "other"
_Fact = TypeVar("_Fact", bound=tuple[Any, ...])
_More = TypeVar("_More")

#: A scale, its value and its day; a code and its day.
_ScoreFact = tuple[Scale, int, date]
_ServiceFact = tuple[str, date]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kind(Generic[_Fact, _More]):
    """One kind of fact: how a row says it, what is on file, and how one more is kept."""

    name: str
    columns: tuple[str, ...]
    needed: tuple[str, ...]
    #: The fact of a row, and what more the row says of it.
    read: Callable[[Cells], tuple[_Fact, _More | None] | None]
    #: Facts on file, by patient, each with what more is known of it.
    stored: Callable[[set[int]], dict[int, dict[_Fact, _More | None]]]
    add: Callable[[Context, int, _Fact, _More | None], None]
    #: What facts are about of which a patient has one a day, in words; those that nothing is to be said of have none.
    about: Callable[[_Fact], str] | None = None
    #: Whether a row about a fact on file may say more of it.
    completes: bool = False

    def news(self, fact: _Fact, more: _More | None, stored: Mapping[_Fact, _More | None]) -> "_News":
        """What a row adds to the facts of its patient."""
        if fact not in stored:
            return _News.ADDS
        return _News.CHANGES if self.completes and more not in {None, stored[fact]} else _News.NOTHING


class _News(Enum):
    """What a row adds."""

    ADDS = "adds"
    CHANGES = "changes"
    NOTHING = "nothing"


def load_scores(context: Context, request: ImportRequest) -> PlannedImport:
    """Add scores of validated scales; one on file already, of that value and day, is not added again.

    One without `recorded_on` is taken as written down on its own day, as an entry is.
    """

    def stored(ids: set[int]) -> dict[int, dict[_ScoreFact, date | None]]:
        found = context.uow.scores.of_patients(ids, date.min, date.max)
        return {
            patient_id: {(one.scale, one.value, one.measured_on): one.recorded_on for one in own}
            for patient_id, own in found.items()
        }

    def add(context: Context, patient_id: int, fact: _ScoreFact, recorded_on: date | None) -> None:
        scale, value, on = fact
        score = Score(
            score_id=0,
            patient_id=patient_id,
            scale=scale,
            value=value,
            measured_on=on,
            recorded_on=recorded_on or on,
        )
        context.uow.scores.add(score)

    kind: _Kind[_ScoreFact, date] = _Kind(
        name="scores",
        columns=SCORE_COLUMNS,
        needed=SCORE_COLUMNS[:-1],
        read=_score,
        stored=stored,
        add=add,
        about=lambda fact: f"{fact[0]} on {fact[2]}",
    )
    return _load(context, request, kind)


def load_services(context: Context, request: ImportRequest) -> PlannedImport:
    """Add services billed beside Collaborative Care: 96127, 90837, another claim of its codes, visits.

    The same code on the same day again says at most who gave it.
    """

    def stored(ids: set[int]) -> dict[int, dict[_ServiceFact, int | None]]:
        found = context.uow.other_services.of_patients(ids, date.min, date.max)
        return {
            patient_id: {(one.code, one.service_on): one.performed_by for one in own}
            for patient_id, own in found.items()
        }

    def add(context: Context, patient_id: int, fact: _ServiceFact, performed_by: int | None) -> None:
        code, on = fact
        service = OtherService(code=code, service_on=on, performed_by=performed_by)
        context.uow.other_services.add(patient_id, service)

    kind: _Kind[_ServiceFact, int] = _Kind(
        name="services",
        columns=SERVICE_COLUMNS,
        needed=SERVICE_COLUMNS[:-1],
        read=partial(_service, Team(context, request.answers)),
        stored=stored,
        add=add,
        completes=True,
    )
    return _load(context, request, kind)


def _load(context: Context, request: ImportRequest, kind: _Kind[_Fact, _More]) -> PlannedImport:
    roster = FileRoster(context, request.answers)
    sheet = read_sheet(request, kind.columns, kind.needed)
    problems = list(sheet.problems)
    rows: dict[tuple[str, _Fact], _More | None] = {}
    read = 0
    for cells in sheet.cells(problems):
        identity = cells.need("mrn", partial(roster.expect, line=cells.line))
        said = kind.read(cells)
        if identity is not None and said is not None:
            fact, more = said
            rows[identity, fact] = more if more is not None else rows.get((identity, fact))
            read += 1
    known = {roster.patient(one).patient_id for one, _ in rows if one not in roster.newcomers}
    stored = kind.stored(known) if known else {}

    def on_file(identity: str) -> Mapping[_Fact, _More | None]:
        return {} if identity in roster.newcomers else stored.get(roster.patient(identity).patient_id, {})

    contradictions = tuple(_contradictions(kind, rows, on_file))
    news = {key: kind.news(key[1], more, on_file(key[0])) for key, more in rows.items()}
    new = [key for key, what in news.items() if what is not _News.NOTHING]
    added = sum(what is _News.ADDS for what in news.values())
    outcome = ImportOutcome(
        rows=len(sheet.rows),
        readings=sheet.reading.said,
        added=added,
        changed=len(new) - added,
        unchanged=read - len(new),
        problems=tuple(sorted(problems, key=by_line)),
        remarks=(*sheet.remarks, *roster.introductions, *contradictions),
        preview=Preview(
            columns=kind.columns[: len(kind.needed)],
            rows=tuple((identity, *map(str, fact)) for identity, fact in list(rows)[:_PREVIEWED]),
        ),
    )

    def keep(context: Context, *, identity: str, fact: _Fact) -> None:
        kind.add(context, roster.patient(identity).patient_id, fact, rows[identity, fact])

    steps: list[Step] = [roster.admit]
    steps += [partial(keep, identity=identity, fact=fact) for identity, fact in new]
    return PlannedImport(kind=kind.name, outcome=settle(outcome, roster.inquiry), steps=steps)


def _contradictions(
    kind: _Kind[_Fact, _More],
    rows: Mapping[tuple[str, _Fact], _More | None],
    on_file: Callable[[str], Mapping[_Fact, _More | None]],
) -> Iterator[str]:
    """A sentence for each patient and day of which more than one value is known, of the file's rows and on file."""
    if kind.about is None:
        return
    found: dict[tuple[str, str], set[_Fact]] = {}
    for identity, fact in rows:
        found.setdefault((identity, kind.about(fact)), set()).add(fact)
    said: list[str] = []
    for (identity, about), facts in found.items():
        known = facts | {fact for fact in on_file(identity) if kind.about(fact) == about}
        if len(known) > 1:
            said.append(f"{about} of MRN {identity} ({', '.join(sorted(f'{fact[1]}' for fact in known))})")
    yield from summed_up(
        "More than one value of a day, all of them kept: if one is a slip, correct it", said, "; "
    )


def _score(cells: Cells) -> tuple[_ScoreFact, date | None] | None:
    scale = cells.need("scale", _scale)
    on = cells.need_past_day("measured_on")
    value = cells.need("value", partial(_value, scale))
    recorded_on = cells.written_on("recorded_on")
    return None if scale is None or on is None or value is None else ((scale, value, on), recorded_on)


def _service(team: Team, cells: Cells) -> tuple[_ServiceFact, int | None] | None:
    code = cells.need("code", _code)
    on = cells.need_past_day("service_on")
    performed_by = cells.read("performed_by", partial(_performer, team))
    return None if code is None or on is None else ((code, on), performed_by)


def _performer(team: Team, words: str) -> int:
    if words.strip().casefold() == _OTHER:
        return SOMEBODY_ELSE
    member = team.find(words)
    if member is None:
        raise ValueError(
            f"{team.unknown(words)} Write a member's name, {_OTHER} for somebody outside the practice, or nothing."
        )
    return member.member_id


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


def _code(text: str) -> str:
    if len(text) != _CODE_LENGTH or not (text.isascii() and text.isalnum()):
        raise ValueError(f"{text!r} is not a code. Write five figures or letters, such as 96127.")
    return text.upper()
