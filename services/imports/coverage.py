"""`coverage`: imports which payer covers a patient on which days, each row a coverage."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial

from billing.claim_facts import ClaimFactKind
from billing.months import BillingMonth
from billing.people import Patient
from services.care.claims import Claims, is_same, keep
from services.context import Context
from services.imports.cells import Cells
from services.imports.file_payers import PAYER, FilePayers
from services.imports.outcome import ImportOutcome, Preview, RowProblem
from services.imports.payer_remarks import named_payers
from services.imports.questions import settle
from services.imports.request import ImportRequest
from services.imports.roster import FileRoster
from services.imports.sheet import read_sheet
from services.imports.storing import PlannedImport, by_line
from services.imports.wording import lines_of, summed_up
from services.months.after_close import closed_remark

COLUMNS = ("mrn", "payer", "from", "to")
NEEDED = ("mrn", "payer", "from")

_PAYER = ClaimFactKind.PAYER
_PREVIEWED = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class _Coverage:
    """A row as it was read."""

    line: int
    identity: str
    payer: str = field(repr=False)
    first_day: date
    #: Both are days of it; None where it goes on.
    last_day: date | None


@dataclass(slots=True, kw_only=True)
class _Covered:
    """A patient of the file, with the coverages on file and in it."""

    patient: Patient = field(repr=False)
    claims: Claims
    #: As they were before the file.
    before: Claims
    changed: bool = False

    @property
    def first_change(self) -> date | None:
        """The first local date on which another payer is on file than before; None where there is none."""
        days = sorted({*self.before.days(_PAYER), *self.claims.days(_PAYER)})
        return next((day for day in days if not self._is_as_before(day)), None)

    def _is_as_before(self, day: date) -> bool:
        return is_same(self.before.value(_PAYER, day), self.claims.value(_PAYER, day))


def load(context: Context, request: ImportRequest) -> PlannedImport:
    """Say which payer covers patients in care, and on which days; what is on file already changes nothing.

    A coverage without a last day goes on until the next one on file. After the last day of one, none is on file
    unless another payer was.
    """
    sheet = read_sheet(request, COLUMNS, NEEDED)
    problems = list(sheet.problems)
    roster, payers = FileRoster(context, request.answers), FilePayers(context, request.answers)
    rows = [one for cells in sheet.cells(problems) if (one := _read(cells, roster, payers)) is not None]
    problems += _overlaps(rows)
    covered: dict[str, _Covered] = {}
    dated = sorted(rows, key=lambda row: row.first_day)
    came = [_take_in(context, row, roster, covered, problems) for row in dated]
    outcome = ImportOutcome(
        rows=len(sheet.rows),
        readings=sheet.reading.said,
        changed=came.count(True),
        unchanged=came.count(False),
        problems=tuple(sorted(problems, key=by_line)),
        remarks=(
            *sheet.remarks,
            *named_payers(context, (row.payer for row in rows)),
            *_closed(context, [day for one in covered.values() if (day := one.first_change) is not None]),
        ),
        news=_news([row for row, is_new in zip(dated, came, strict=True) if is_new], covered),
        preview=Preview(
            columns=("MRN", "Payer", "From", "To"),
            rows=tuple(
                (row.identity, row.payer, f"{row.first_day}", f"{row.last_day or ''}")
                for row in rows[:_PREVIEWED]
            ),
        ),
    )
    steps = [partial(_store, one=one) for one in covered.values() if one.changed]
    return PlannedImport(
        kind="coverage", outcome=settle(outcome, roster.inquiry, payers.inquiry), steps=steps
    )


def _read(cells: Cells, roster: FileRoster, payers: FilePayers) -> _Coverage | None:
    identity, payer = (
        cells.need("mrn", partial(roster.expect, line=cells.line)),
        cells.need(PAYER, partial(payers.read, line=cells.line)),
    )
    first, last = cells.need_day("from"), cells.day("to")
    if first is not None and last is not None and last < first:
        cells.refuse("to", f"{last} is before from {first}. Correct one of the two.")
    if identity is None or payer is None or first is None:
        return None
    return _Coverage(line=cells.line, identity=identity, payer=payer, first_day=first, last_day=last)


def _take_in(
    context: Context,
    row: _Coverage,
    roster: FileRoster,
    covered: dict[str, _Covered],
    problems: list[RowProblem],
) -> bool | None:
    """Whether a row says anything new; None where it cannot be taken."""
    one = covered.get(row.identity)
    if one is None:
        patient = None if row.identity in roster.newcomers else roster.patient(row.identity)
        episodes = context.uow.episodes.of_patient(patient.patient_id) if patient is not None else ()
        if patient is None or not episodes:
            message = "This patient is not enrolled, so there is nothing to cover. Import the patients first."
            problems.append(RowProblem(line=row.line, column="mrn", message=message))
            return None
        stored = context.uow.claim_facts.of_patient(patient.patient_id)
        claims, before = (Claims(stored, episodes, patient.referring_npi) for _ in range(2))
        one = _Covered(patient=patient, claims=claims, before=before)
        covered[row.identity] = one
    is_new = _cover(one.claims, row)
    one.changed = one.changed or is_new
    return is_new


def _cover(claims: Claims, row: _Coverage) -> bool:
    """Let a coverage hold on its days, as far as the patient is in care by then."""
    after = row.last_day + timedelta(days=1) if row.last_day is not None else None
    first = max(row.first_day, claims.begins_on)
    if after is not None and after <= first:
        return False
    is_new = False
    if after is None or not claims.holds_alone(_PAYER, row.payer, first, after):
        is_new = claims.say(_PAYER, row.payer, usual=first, asked=first, until=after).is_new
    if after is not None and is_same(claims.value(_PAYER, after), row.payer):
        is_new = claims.say(_PAYER, "", usual=after, asked=after).is_new or is_new
    if after is None:
        is_new = _go_on(claims, row.payer, first) or is_new
    return is_new


def _go_on(claims: Claims, payer: str, first: date) -> bool:
    """Let a coverage without a last day go on where an earlier one ended and none was on file behind it."""
    ends = [day for day in claims.days(_PAYER) if day > first]
    if not ends or claims.value(_PAYER, ends[0]):
        return False
    return claims.say(_PAYER, payer, usual=ends[0], asked=ends[0]).is_new


def _news(rows: Sequence[_Coverage], covered: Mapping[str, _Covered]) -> tuple[str, ...]:
    """Whose coverage changes, by line, with the payer of before."""
    said = []
    for row in sorted(rows, key=lambda row: row.line):
        before = covered[row.identity].before
        was = before.value(_PAYER, max(row.first_day, before.begins_on))
        until = f" to {row.last_day}" if row.last_day is not None else ""
        said.append(
            f"{row.identity} ({lines_of([row.line])}): {row.payer} from {row.first_day}{until}, was {was or 'none'}"
        )
    return summed_up("Changes", said, "; ")


def _overlaps(rows: Sequence[_Coverage]) -> Iterator[RowProblem]:
    """Rows of one patient that name two payers for one day, or one payer's days twice."""
    earlier: dict[str, _Coverage] = {}
    for row in sorted(rows, key=lambda one: (one.first_day, one.line)):
        other = earlier.get(row.identity)
        if other is not None and row.first_day == other.first_day:
            yield _overlap(row, f"Line {other.line} begins on the same day. Keep one of the two.")
        elif other is not None and other.last_day is not None and row.first_day <= other.last_day:
            until = f"Line {other.line} goes up to {other.last_day}."
            yield _overlap(row, f"{until} Begin this row the day after, or end that one before.")
        earlier[row.identity] = row


def _overlap(row: _Coverage, message: str) -> RowProblem:
    return RowProblem(line=row.line, column="from", message=message)


def _closed(context: Context, changed: Collection[date]) -> tuple[str, ...]:
    """What is said of closed months since the first of the days on which something changed."""
    if not changed:
        return ()
    present, first = BillingMonth.of(context.today), BillingMonth.of(min(changed))
    months = (first.plus(step) for step in range(present.months_since(first) + 1))
    said = (closed_remark(context, month.first_day) for month in months)
    return tuple(remark for remark in said if remark is not None)


def _store(context: Context, *, one: _Covered) -> None:
    for episode in context.uow.episodes.of_patient(one.patient.patient_id):
        after = one.claims.episode(episode)
        if after != episode:
            context.uow.episodes.update(after)
    keep(context.uow, one.claims, one.patient.patient_id, by=None, at=context.now)
