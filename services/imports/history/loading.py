"""Plans an import of facts of care, one a row: what is new, what completes a fact on file, what says the same."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Protocol

from billing.months import BillingMonth
from billing.people import Member
from services.context import Context
from services.imports.cells import Cells
from services.imports.outcome import ImportOutcome, Preview
from services.imports.questions import settle
from services.imports.request import ImportRequest
from services.imports.roster import FileRoster
from services.imports.sheet import read_sheet
from services.imports.storing import PlannedImport, Step, by_line
from services.imports.team import Team
from services.months.after_close import closed_remark

_PREVIEWED = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What a row says, and how that is kept."""

    #: A row may say nothing new of a fact on file, or complete it.
    is_new: bool
    #: Keeps it: of the patient of that number, in the name of that member. None where there is nothing to keep.
    keep: Callable[[Context, int, Member], None] | None
    #: The local date that it is about.
    day: date
    #: As the preview shows it, without the MRN.
    shown: tuple[str, ...] = field(repr=False)
    #: The last local date that it is about; None where that is one day.
    last_day: date | None = None

    @property
    def months(self) -> Iterator[BillingMonth]:
        """The months that it says something of."""
        first, last = BillingMonth.of(self.day), BillingMonth.of(self.last_day or self.day)
        return map(first.plus, range(last.months_since(first) + 1))


class Recorder(Protocol):
    """How one kind of fact is read and kept."""

    @property
    def name(self) -> str:
        """The kind of file."""

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that such a file may have."""

    @property
    def needed(self) -> tuple[str, ...]:
        """Those that it must have."""

    @property
    def heads(self) -> tuple[str, ...]:
        """The heads of what the preview shows, after the MRN."""

    def look(self, context: Context, ids: Collection[int]) -> None:
        """Find what is on file of some patients."""
        ...

    def take(self, cells: Cells, identity: str, patient_id: int | None) -> Taken | None:
        """A row's fact; None where it cannot be taken, which is then said.

        Args:
            cells: The row.
            identity: Whom it is about: a row further down about the same patient sees this one.
            patient_id: Their number; None for somebody who will be added with the file.
        """
        ...


def load(
    make: Callable[[Context, Team], Recorder], context: Context, request: ImportRequest
) -> PlannedImport:
    """Plan an import of one kind of fact.

    Args:
        make: Makes what reads and keeps it.
        context: Where the import works.
        request: The file.
    """
    team = Team(context, request.answers)
    recorder, roster = make(context, team), FileRoster(context, request.answers)
    sheet = read_sheet(request, recorder.columns, recorder.needed)
    problems = list(sheet.problems)
    rows = [
        (cells, cells.need("mrn", partial(roster.expect, line=cells.line))) for cells in sheet.cells(problems)
    ]
    ids = {roster.number(identity) for _, identity in rows if identity is not None}
    recorder.look(context, {one for one in ids if one is not None})
    taken: list[tuple[str, Taken]] = []
    for cells, identity in rows:
        one = recorder.take(cells, identity or "", roster.number(identity) if identity else None)
        if identity is not None and one is not None:
            taken.append((identity, one))
    news = [(identity, one) for identity, one in taken if one.keep is not None]
    added = sum(one.is_new for _, one in news)
    outcome = ImportOutcome(
        rows=len(sheet.rows),
        added=added,
        changed=len(news) - added,
        unchanged=len(taken) - len(news),
        problems=tuple(sorted(problems, key=by_line)),
        readings=sheet.reading.said,
        remarks=(*sheet.remarks, *roster.introductions, *_closed(context, [one for _, one in news])),
        preview=Preview(
            columns=("MRN", *recorder.heads),
            rows=tuple((identity, *one.shown) for identity, one in taken[:_PREVIEWED]),
        ),
    )
    steps: list[Step] = [roster.admit]
    steps += [partial(_keep, team=team, roster=roster, identity=identity, one=one) for identity, one in news]
    return PlannedImport(
        kind=recorder.name, outcome=settle(outcome, team.inquiry, roster.inquiry), steps=steps
    )


def _keep(context: Context, *, team: Team, roster: FileRoster, identity: str, one: Taken) -> None:
    assert one.keep is not None, "what says nothing new is left out"
    one.keep(context, roster.patient(identity).patient_id, team.importer(context))


def _closed(context: Context, news: Collection[Taken]) -> tuple[str, ...]:
    """The sentence for each closed month that the file says something of."""
    months = {month for one in news for month in one.months}
    said = (closed_remark(context, month.first_day) for month in sorted(months))
    return tuple(remark for remark in said if remark is not None)


def member_named(team: Team, words: str) -> Member:
    """The member of that name or Slack user id.

    Raises:
        ValueError: when there is none, or more than one.
    """
    found = team.find(words)
    if found is None:
        raise ValueError(f"No member goes by {words}. Import the members first, or correct the name.")
    return found


def as_written(cells: Cells, day: date | None) -> date | None:
    """The local date on which a row's fact was written down: what it says, or the fact's own day."""
    recorded_on = cells.written_on("recorded_on")
    if recorded_on is not None and day is not None and recorded_on < day:
        cells.refuse("recorded_on", f"{recorded_on} is before the day itself, {day}. Correct one of the two.")
    return recorded_on or day


def in_order(cells: Cells, column: str, later: date | None, earlier: date | None) -> None:
    """Refuse a day that is before the one that it follows."""
    if later is not None and earlier is not None and later < earlier:
        cells.refuse(column, f"{later} is before {earlier}. Correct one of the two.")
