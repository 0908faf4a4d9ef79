"""`attestations`: imports what billers and supervisors vouched for, patient by patient and month by month."""

from collections.abc import Collection
from datetime import date, datetime, time
from functools import partial
from typing import Final

from billing.clinical import Attestation, AttestationKind
from billing.findings.registry import answered_by, row_of
from billing.months import BillingMonth
from billing.people import Member
from services.care.statements import RIGHTS
from services.context import Context
from services.imports import readers
from services.imports.cells import Cells
from services.imports.history.loading import Taken, in_order, load, member_named
from services.imports.request import ImportRequest
from services.imports.storing import PlannedImport
from services.imports.team import Team
from services.months.judge import judge_month
from services.people.rights import TABLE, people

COLUMNS: Final = ("mrn", "month", "kind", "by", "on")
NEEDED: Final = COLUMNS

_KIND = readers.one_of(AttestationKind)
_NOON = time(12)


class _Attestations:
    """Reads and keeps attestations; each is of what a month hangs on."""

    name = "attestations"
    columns = COLUMNS
    needed = NEEDED
    heads = ("Month", "Kind", "By", "On")

    def __init__(self, context: Context, team: Team) -> None:
        self._context = context
        self._team = team
        self._taken = set[tuple[int, BillingMonth, AttestationKind]]()

    def look(self, context: Context, ids: Collection[int]) -> None:
        """Nothing: each month is asked about when it is met."""

    def take(self, cells: Cells, identity: str, patient_id: int | None) -> Taken | None:
        """A row's attestation; the same of the same month again is as it was, whoever gave it."""
        month = cells.need("month", _month)
        kind = cells.need("kind", _KIND)
        day = cells.need_day("on", not_after=self._context.today)
        author = cells.need("by", partial(self._author, kind))
        if month is not None:
            in_order(cells, "on", day, month.first_day)
        if month is None or kind is None or day is None or author is None or not identity:
            return None
        shown = (f"{month}", kind.value, author.display_name, f"{day}")
        if patient_id is not None and self._is_known(patient_id, month, kind):
            return Taken(is_new=False, keep=None, day=month.first_day, shown=shown)
        if patient_id is None or not self._is_asked(patient_id, month, kind):
            cells.refuse(
                "kind",
                f"{month.name} {month.year} of this patient does not depend on {kind.value}, so there is nothing to "
                "attest. Import the time and care of that month first, or leave the row out.",
            )
            return None
        self._taken.add((patient_id, month, kind))
        new = partial(_add, month=month, kind=kind, author=author, day=day)
        return Taken(is_new=True, keep=new, day=month.first_day, shown=shown)

    def _is_known(self, patient_id: int, month: BillingMonth, kind: AttestationKind) -> bool:
        found = self._context.uow.attestations.of_patients((patient_id,), month).get(patient_id, ())
        return (patient_id, month, kind) in self._taken or any(one.kind is kind for one in found)

    def _is_asked(self, patient_id: int, month: BillingMonth, kind: AttestationKind) -> bool:
        """Whether the month, as it stands, has the finding that such a word answers."""
        patient = self._context.uow.patients.by_id(patient_id)
        assert patient is not None, "whom the roster knows is on file"
        findings = judge_month(self._context, patient, month).result.findings
        return any(row_of(finding) is answered_by(kind) for finding in findings)

    def _author(self, kind: AttestationKind | None, words: str) -> Member:
        member = member_named(self._team, words)
        if kind is not None and not member.roles & TABLE[RIGHTS[kind]].roles:
            raise ValueError(
                f"{member.display_name} cannot attest {kind.value}: only {people(TABLE[RIGHTS[kind]].roles)} can. "
                "Correct the name, or give them the role first."
            )
        return member


def load_attestations(context: Context, request: ImportRequest) -> PlannedImport:
    """Add attestations of months; each needs what it needs in chat: a finding that waits for it."""
    return load(_Attestations, context, request)


def _month(text: str) -> BillingMonth:
    try:
        return BillingMonth.parse(text)
    except ValueError:
        raise ValueError(f"{text!r} is not a month. Write it like 2026-10.") from None


def _add(
    context: Context,
    patient_id: int,
    _importer: Member,
    *,
    month: BillingMonth,
    kind: AttestationKind,
    author: Member,
    day: date,
) -> None:
    at = datetime.combine(day, _NOON, context.zone_of(author))
    attestation = Attestation(kind=kind, attested_by=author.member_id, attested_at=min(at, context.now))
    context.uow.attestations.add(patient_id, month, attestation)
