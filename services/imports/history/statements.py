"""`statements`: imports what members stated about patients' care."""

from collections.abc import Collection
from datetime import date
from functools import partial
from typing import Final

from billing.clinical import Statement, StatementKind
from billing.people import Member
from services.context import Context
from services.imports import readers
from services.imports.cells import Cells
from services.imports.history.loading import Taken, in_order, load, member_named
from services.imports.request import ImportRequest
from services.imports.storing import PlannedImport
from services.imports.team import Team

COLUMNS: Final = ("mrn", "kind", "on", "by", "until")
NEEDED: Final = COLUMNS[:4]

_KIND = readers.one_of(StatementKind)


class _Statements:
    """Reads and keeps statements."""

    name = "statements"
    columns = COLUMNS
    needed = NEEDED
    heads = ("Kind", "On", "By", "Until")

    def __init__(self, context: Context, team: Team) -> None:
        self._today = context.today
        self._team = team
        #: By patient (number, or identity), kind, day and author: the last day for which each holds.
        self._known: dict[tuple[int | str, StatementKind, date, int], date | None] = {}

    def look(self, context: Context, ids: Collection[int]) -> None:
        """Find the statements on file of some patients."""
        for patient_id, own in context.uow.statements.of_patients(ids, date.min, date.max).items():
            for one in own:
                self._known[patient_id, one.kind, one.made_on, one.made_by] = one.valid_until

    def take(self, cells: Cells, identity: str, patient_id: int | None) -> Taken | None:
        """A row's statement."""
        kind = cells.need("kind", _KIND)
        day = cells.need_day("on", not_after=self._today)
        author = cells.need("by", partial(member_named, self._team))
        until = cells.day("until")
        in_order(cells, "until", until, day)
        if kind is None or day is None or author is None:
            return None
        shown = (kind.value, f"{day}", author.display_name, f"{until or ''}")
        key = (identity if patient_id is None else patient_id, kind, day, author.member_id)
        if key not in self._known:
            self._known[key] = until
            new = partial(_add, kind=kind, day=day, author=author, until=until)
            last = min(until or self._today, self._today)
            return Taken(is_new=True, keep=new, day=day, last_day=last, shown=shown)
        if until != self._known[key]:
            known = self._known[key]
            said = f"up to {known}" if known else "without a last day"
            cells.refuse(
                "until", f"That statement is known {said}. Write that, or give the statement another day."
            )
            return None
        return Taken(is_new=False, keep=None, day=day, shown=shown)


def load_statements(context: Context, request: ImportRequest) -> PlannedImport:
    """Add statements; one on file already, of that kind, day and member, is not added again."""
    return load(_Statements, context, request)


def _add(
    context: Context,
    patient_id: int,
    _importer: Member,
    *,
    kind: StatementKind,
    day: date,
    author: Member,
    until: date | None,
) -> None:
    context.uow.statements.add(
        Statement(
            statement_id=0,
            patient_id=patient_id,
            kind=kind,
            made_on=day,
            made_by=author.member_id,
            valid_until=until,
        )
    )
