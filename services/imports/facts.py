"""`scores` and `services`: imports single facts about patients, one a row."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum
from functools import partial
from typing import Any, Generic, TypeVar

from billing.clinical import SOMEBODY_ELSE, OtherService, Scale, Score, scale_named
from billing.safety import HIGHEST_ANSWER, HISTORY_AFTER, ITEMS, is_history, is_positive, range_of_total
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
from storage import StoredAnswer

SCORE_COLUMNS = ("mrn", "scale", "value", "measured_on", "recorded_on", "item9")
SCORE_NEEDED = SCORE_COLUMNS[:4]
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
class _ScoreMore:
    """What a row says of a score besides."""

    recorded_on: date | None
    #: What was answered about suicide, see `billing.safety`; None where the row does not say.
    answer: int | None


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
    #: Whether a row about a fact on file says more of it than is on file, by what each says; None where none may.
    completes: Callable[[_More, _More | None], bool] | None = None
    #: What two rows about one fact say of it together; where they contradict each other, that is refused.
    joins: Callable[[Cells, _More, _More], _More] | None = None
    #: Sentences about what is new: each fact with what its row says besides.
    announces: Callable[[list[tuple[_Fact, _More | None]]], Iterator[str]] | None = None

    def news(self, fact: _Fact, more: _More | None, stored: Mapping[_Fact, _More | None]) -> "_News":
        """What a row adds to the facts of its patient."""
        if fact not in stored:
            return _News.ADDS
        if self.completes is None or more is None:
            return _News.NOTHING
        return _News.CHANGES if self.completes(more, stored[fact]) else _News.NOTHING


class _News(Enum):
    """What a row adds."""

    ADDS = "adds"
    CHANGES = "changes"
    NOTHING = "nothing"


def load_scores(context: Context, request: ImportRequest) -> PlannedImport:
    """Add scores of validated scales; one on file already, of that value and day, is not added again.

    One without `recorded_on` is taken as written down on its own day, as an entry is.
    """

    def stored(ids: set[int]) -> dict[int, dict[_ScoreFact, _ScoreMore | None]]:
        found = context.uow.scores.of_patients(ids, date.min, date.max)
        answers = context.uow.signals.answers([one.score_id for own in found.values() for one in own])
        return {
            patient_id: {
                (one.scale, one.value, one.measured_on): _ScoreMore(
                    recorded_on=one.recorded_on,
                    answer=_on_file(one, answers),
                )
                for one in own
            }
            for patient_id, own in found.items()
        }

    def add(context: Context, patient_id: int, fact: _ScoreFact, more: _ScoreMore | None) -> None:
        scale, value, on = fact
        recorded_on = more.recorded_on if more is not None else None
        for one in context.uow.scores.of_patients((patient_id,), on, on).get(patient_id, ()):
            # On file without an answer, which the file now says: in its place comes the same score with it.
            if (one.scale, one.value) == (scale, value):
                context.uow.scores.withdraw(one.score_id, by=None, at=context.now)
                recorded_on = one.recorded_on
        score = Score(
            score_id=0,
            patient_id=patient_id,
            scale=scale,
            value=value,
            measured_on=on,
            recorded_on=recorded_on or on,
        )
        context.uow.scores.add(score, more.answer if more is not None else None)

    kind: _Kind[_ScoreFact, _ScoreMore] = _Kind(
        name="scores",
        columns=SCORE_COLUMNS,
        needed=SCORE_NEEDED,
        read=_score,
        stored=stored,
        add=add,
        about=lambda fact: f"{fact[0]} on {fact[2]}",
        completes=_adds_answer,
        joins=_joined,
        announces=partial(_positive_answers, context),
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
        completes=lambda performed_by, known: performed_by != known,
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
            earlier = rows.get((identity, fact))
            if kind.joins is not None and more is not None and earlier is not None:
                more = kind.joins(cells, more, earlier)
            rows[identity, fact] = more if more is not None else earlier
            read += 1
    known = {roster.patient(one).patient_id for one, _ in rows if one not in roster.newcomers}
    stored = kind.stored(known) if known else {}

    def on_file(identity: str) -> Mapping[_Fact, _More | None]:
        return {} if identity in roster.newcomers else stored.get(roster.patient(identity).patient_id, {})

    contradictions = tuple(_contradictions(kind, rows, on_file))
    news = {key: kind.news(key[1], more, on_file(key[0])) for key, more in rows.items()}
    new = [key for key, what in news.items() if what is not _News.NOTHING]
    added = sum(what is _News.ADDS for what in news.values())
    announced = kind.announces([(fact, rows[one, fact]) for one, fact in new]) if kind.announces else ()
    outcome = ImportOutcome(
        rows=len(sheet.rows),
        readings=sheet.reading.said,
        added=added,
        changed=len(new) - added,
        unchanged=read - len(new),
        problems=tuple(sorted(problems, key=by_line)),
        remarks=(*sheet.remarks, *roster.introductions, *contradictions, *announced),
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


def _on_file(score: Score, answers: Mapping[int, StoredAnswer]) -> int | None:
    """The answer of a score on file; a C-SSRS is its answer, also where it was kept as a score alone."""
    if score.score_id in answers:
        return answers[score.score_id].answer
    return score.value if score.scale is Scale.CSSRS else None


def _joined(cells: Cells, more: _ScoreMore, earlier: _ScoreMore) -> _ScoreMore:
    """What two rows about one score say of it."""
    if more.answer is None or earlier.answer is None or more.answer == earlier.answer:
        answer = more.answer if more.answer is not None else earlier.answer
    else:
        cells.refuse("item9", f"An earlier row of the file says {earlier.answer} for the same score.")
        answer = earlier.answer
    return _ScoreMore(recorded_on=more.recorded_on or earlier.recorded_on, answer=answer)


def _adds_answer(said: _ScoreMore, known: _ScoreMore | None) -> bool:
    """Whether a row answers what is not on file; an answer that somebody wrote is never changed by a file."""
    return said.answer is not None and known is not None and known.answer is None


def _positive_answers(context: Context, new: list[tuple[_ScoreFact, _ScoreMore | None]]) -> Iterator[str]:
    """How many of the new answers about suicide are positive, and what becomes of them."""
    days = [on for (_, _, on), more in new if more is not None and is_positive(more.answer)]
    if not days:
        return
    past = sum(is_history(on, context.now, imported=True) for on in days)
    said = (
        "1 positive answer about suicide" if len(days) == 1 else f"{len(days)} positive answers about suicide"
    )
    parts = []
    if recent := len(days) - past:
        parts.append(
            f"{recent} of the last {HISTORY_AFTER.days} days go{'es' if recent == 1 else ''} to the patients' own "
            "people at once"
        )
    if past:
        parts.append(f"{past} older {'is' if past == 1 else 'are'} kept as history, and nobody is notified")
    yield f"{said}: {'; '.join(parts)}."


def _score(cells: Cells) -> tuple[_ScoreFact, _ScoreMore | None] | None:
    scale = cells.need("scale", _scale)
    on = cells.need_past_day("measured_on")
    value = cells.need("value", partial(_value, scale))
    recorded_on = cells.written_on("recorded_on")
    answer = cells.read("item9", partial(_answer, scale, value))
    if scale is None or on is None or value is None:
        return None
    if scale is Scale.CSSRS:
        answer = value
    more = (
        None if recorded_on is None and answer is None else _ScoreMore(recorded_on=recorded_on, answer=answer)
    )
    return (scale, value, on), more


def _answer(scale: Scale | None, total: int | None, text: str) -> int:
    """The answer to a scale's item about suicide."""
    if scale is not None and scale not in ITEMS:
        owners = ", ".join(f"{one} (item {item})" for one, item in ITEMS.items())
        raise ValueError(f"{scale} has no such item; leave the cell empty. Those that have: {owners}.")
    if not (text.isascii() and text.isdigit()) or len(text) > 1 or int(text) > HIGHEST_ANSWER:
        raise ValueError(f"{text!r} is no answer to that item. Write 0 to {HIGHEST_ANSWER}, or nothing.")
    if scale is not None and total is not None:
        least, most = range_of_total(scale, int(text))
        if not least <= total <= most:
            raise ValueError(f"{text} does not go with a total of {total}: it would be {least} to {most}.")
    return int(text)


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
