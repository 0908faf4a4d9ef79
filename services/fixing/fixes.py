"""What settles each line of a patient's month where it is read, whether the reader may, and what they have settled."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from billing.clinical import AttestationKind, StatementKind
from billing.closing import MonthStatus
from billing.entries import TimeEntry
from billing.findings.finding import Finding
from billing.findings.registry import row_of
from billing.findings.row import Fix
from billing.months import BillingMonth
from billing.overlaps import Overlap, find_overlaps
from billing.people import Member
from services.care.statements import RIGHTS
from services.context import Context
from services.entries.amend import is_theirs
from services.entries.receipts import EntryView, views
from services.entries.trimming import Trim, trim_of
from services.messages.rows import Done, done_since
from services.months.fix_rights import FIX_RIGHTS
from services.months.why import Why, why
from services.people.patient_ref import PatientRef
from services.people.rights import TABLE, Action, allowed, needs, people

_OF_ENTRIES = frozenset({Fix.CONFIRM, Fix.TRIM, Fix.EDIT})
#: Entries of one line that have buttons.
_ENTRIES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryFix:
    """An entry that a line is about, and what can be done about it."""

    view: EntryView
    #: The move that ends an overlap; None where only the person can say what is right.
    trim: Trim | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LineFix:
    """What settles a line."""

    fix: Fix
    #: Whether the reader may do it.
    may: bool
    #: Who can, where the reader may not: `care managers and supervisors`.
    who: str = ""
    #: Of what is about entries, those that the reader may change.
    entries: tuple[EntryFix, ...] = field(default=(), repr=False)
    attests: AttestationKind | None = None
    states: StatementKind | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fixable:
    """A patient's month explained, with what settles each line."""

    why: Why
    #: By line; those settled elsewhere are left out, and in a closed month there are none.
    fixes: Mapping[Finding, LineFix] = field(repr=False)
    #: What the reader has done for the patient since it was first shown and has not taken back, the newest first.
    settled: tuple[Done, ...] = field(default=(), repr=False)
    #: Aware instant at which it was first shown.
    shown_at: datetime
    #: The reader's local date.
    today: date


@needs(Action.SEE_PATIENTS)
def explained(
    context: Context,
    actor: Member,
    ref: PatientRef,
    month: BillingMonth | None = None,
    *,
    since: datetime | None = None,
) -> Fixable:
    """Explain a patient's month, with what settles each of its lines.

    Args:
        context: where the use case works.
        actor: who reads it.
        ref: the patient.
        month: a calendar month; None is the one that it is for the reader.
        since: aware instant at which it was first shown, where it is shown again.

    Raises:
        UnknownPatient: when nobody is known by that name; near ones are named.
    """
    told = why(context, actor, ref, month)
    fixes: dict[Finding, LineFix] = {}
    if told.state.status is not MonthStatus.CLOSED:
        patient_id = told.patient.patient_id
        first, last = told.month.first_day, told.month.last_day
        by_id = {one.entry_id: one for one in context.uow.ledger.patient_month(patient_id, first, last)}
        for finding in (*told.explanation.missing, *told.explanation.remarks):
            made = _fix_of(context, actor, finding, by_id)
            if made is not None:
                fixes[finding] = made
    return Fixable(
        why=told,
        fixes=fixes,
        settled=done_since(context, actor, told.patient.patient_id, since) if since is not None else (),
        shown_at=since or context.now,
        today=context.today_of(actor),
    )


def _fix_of(context: Context, actor: Member, finding: Finding, by_id: dict[int, TimeEntry]) -> LineFix | None:
    row = row_of(finding)
    if row.fix is Fix.ELSEWHERE:
        return None
    if row.fix in _OF_ENTRIES:
        return _of_entries(context, actor, row.fix, [by_id[one] for one in finding.entries if one in by_id])
    action = RIGHTS[row.answered_by] if row.answered_by is not None else FIX_RIGHTS[row.fix]
    may = allowed(context, actor, action)
    return LineFix(
        fix=row.fix,
        may=may,
        who="" if may else people(TABLE[action].roles),
        entries=tuple(EntryFix(view=one) for one in _views(context, finding, by_id))
        if row.fix is Fix.SAME_REVIEW
        else (),
        attests=row.answered_by,
        states=row.states,
    )


def _views(context: Context, finding: Finding, by_id: dict[int, TimeEntry]) -> Sequence[EntryView]:
    """One entry of each day on which two reviews may be one."""
    days = {by_id[one].service_date: by_id[one] for one in reversed(finding.entries) if one in by_id}
    return views(context, [days[day] for day in sorted(days)[:_ENTRIES]])


def _of_entries(context: Context, actor: Member, fix: Fix, entries: Sequence[TimeEntry]) -> LineFix | None:
    wanted = [entry for entry in entries if entry.is_held] if fix is Fix.CONFIRM else list(entries)
    if not wanted:
        return None
    any_entry = allowed(context, actor, Action.CORRECT_ANY)
    mine = [entry for entry in wanted if any_entry or is_theirs(actor, entry)]
    if not mine:
        who = "whoever logged it, " + people(TABLE[Action.CORRECT_ANY].roles)
        return LineFix(fix=fix, may=False, who=who)
    shown = views(context, mine[:_ENTRIES])
    overlaps = _overlaps(context, mine[:_ENTRIES]) if fix is Fix.TRIM else {}
    return LineFix(
        fix=fix,
        may=True,
        entries=tuple(
            EntryFix(view=view, trim=trim_of(view.entry, overlaps.get(view.entry.entry_id, ())))
            for view in shown
        ),
    )


def _overlaps(context: Context, entries: Iterable[TimeEntry]) -> dict[int, list[Overlap]]:
    """The stretches that entries share with others of whoever did the work."""
    found: dict[int, list[Overlap]] = defaultdict(list)
    for performer, day in {(entry.performed_by, entry.service_date) for entry in entries}:
        for one in find_overlaps(context.uow.ledger.clocked_with({performer}, day, day)):
            found[one.entry_id].append(one)
    return found
