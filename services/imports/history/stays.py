"""`stays`: imports stays in hospitals and other facilities, whose days may not count."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Final

from billing.clinical import Admission
from billing.people import Member
from services.context import Context
from services.imports.cells import Cells
from services.imports.history.loading import Taken, in_order, load
from services.imports.request import ImportRequest
from services.imports.storing import PlannedImport
from services.imports.team import Team

COLUMNS: Final = ("mrn", "admitted_on", "left_on")
NEEDED: Final = COLUMNS[:2]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stay:
    """A stay on file (with its number), or of a row before."""

    admission_id: int | None
    admitted_on: date
    left_on: date | None


class _Stays:
    """Reads and keeps stays; a patient is in one at a time."""

    name = "stays"
    columns = COLUMNS
    needed = NEEDED
    heads = ("Admitted on", "Left on")

    def __init__(self, context: Context, team: Team) -> None:
        del team
        self._today = context.today
        #: By patient: number, or identity.
        self._known: dict[int | str, list[_Stay]] = defaultdict(list)

    def look(self, context: Context, ids: Collection[int]) -> None:
        """Find the stays on file of some patients."""
        for patient_id, own in context.uow.admissions.of_patients(ids, date.min, date.max).items():
            self._known[patient_id] = [
                _Stay(admission_id=one.admission_id, admitted_on=one.admitted_on, left_on=one.left_on)
                for one in own
            ]

    def take(self, cells: Cells, identity: str, patient_id: int | None) -> Taken | None:
        """A row's stay; of one on file that has not ended it may say when it did."""
        begun = cells.need_day("admitted_on", not_after=self._today)
        left = cells.day("left_on", not_after=self._today)
        in_order(cells, "left_on", left, begun)
        if begun is None:
            return None
        shown = (f"{begun}", f"{left or ''}")
        own = self._known[identity if patient_id is None else patient_id]
        same = next((one for one in own if one.admitted_on == begun), None)
        new = _Stay(
            admission_id=same.admission_id if same is not None else None, admitted_on=begun, left_on=left
        )
        others = [one for one in own if one is not same]
        if same is not None and left in {None, same.left_on}:
            return Taken(is_new=False, keep=None, day=begun, shown=shown)
        if same is not None and (same.left_on is not None or same.admission_id is None):
            known = f"as ended on {same.left_on}" if same.left_on else "without its last day further up"
            cells.refuse("left_on", f"That stay is known {known}. Give one of the two.")
            return None
        other = next((one for one in others if _overlap(one, new)), None)
        if other is not None:
            until = f"to {other.left_on}" if other.left_on else "on, and has not ended"
            cells.refuse(
                "admitted_on", f"Another stay goes from {other.admitted_on} {until}. Correct one of the two."
            )
            return None
        own[:] = [*others, new]
        keep = partial(_add, stay=new) if same is None else partial(_leave, stay=new)
        return Taken(is_new=same is None, keep=keep, day=begun, last_day=left or self._today, shown=shown)


def load_stays(context: Context, request: ImportRequest) -> PlannedImport:
    """Add stays; one on file already is not added again, and a row may say when it ended."""
    return load(_Stays, context, request)


def _overlap(one: _Stay, other: _Stay) -> bool:
    return one.admitted_on < (other.left_on or date.max) and other.admitted_on < (one.left_on or date.max)


def _add(context: Context, patient_id: int, _importer: Member, *, stay: _Stay) -> None:
    context.uow.admissions.add(
        Admission(admission_id=0, patient_id=patient_id, admitted_on=stay.admitted_on, left_on=stay.left_on)
    )


def _leave(context: Context, _patient_id: int, _importer: Member, *, stay: _Stay) -> None:
    assert stay.admission_id is not None, "only a stay on file ends"
    assert stay.left_on is not None, "the row says when"
    context.uow.admissions.left(stay.admission_id, stay.left_on)
