"""Makes the reminders about a person's own time: an afternoon without entries, last week's odd and late ones."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from billing.activities import ActivitySource
from billing.calendar import is_late
from billing.entries import TimeEntry
from billing.findings import (
    entered_twice,
    held_activity,
    late_entries,
    long_entries,
    overlapping_time,
    time_without_role,
    undocumented,
)
from billing.findings.row import Row
from billing.overlaps import find_overlaps
from billing.people import Member, Patient
from services.context import Context

_NOON = time(12)
#: Who has logged nothing for so long does not log, and is not reminded.
_USES_IT = timedelta(days=14)


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingEntries:
    """An afternoon in which nothing was logged."""

    today: date
    #: Whole seconds logged for today so far, in the morning.
    seconds: int
    #: When the last entry was keyed; aware.
    last_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OddEntry:
    """One entry, and what is odd about it."""

    entry: TimeEntry
    patient: Patient = field(repr=False)
    #: The findings that it alone makes; `Row.entry_title` is their words.
    oddities: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekAudit:
    """One person's odd entries of a week."""

    first: date
    last: date
    #: All that they logged.
    entries: int
    odd: tuple[OddEntry, ...] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberWeek:
    """One person's week in figures."""

    member: Member
    entries: int
    odd: int
    counts: dict[Row, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekAuditSummary:
    """Everybody's odd entries of a week, in figures; the most first."""

    first: date
    last: date
    entries: int
    members: tuple[MemberWeek, ...]

    @property
    def odd(self) -> int:
        """All odd entries."""
        return sum(one.odd for one in self.members)


def missing_entries(context: Context, member: Member, today: date) -> MissingEntries | None:
    """Remind a member who logs that nothing was logged since noon; None for all others."""
    zone = context.zone_of(member)
    since = today - _USES_IT
    entries = context.uow.ledger.member_days(member.member_id, since, today)
    if not entries:
        return None
    last_at = max(entry.recorded_at for entry in entries)
    if last_at >= datetime.combine(today, _NOON, zone).astimezone(UTC):
        return None
    return MissingEntries(
        today=today,
        seconds=sum(entry.seconds for entry in entries if entry.service_date == today),
        last_at=last_at,
    )


def week_audit(context: Context, member: Member, monday: date) -> WeekAudit | None:
    """A member's odd entries of the week that begins on a Monday; None when there are none."""
    last = _sunday(monday)
    entries = context.uow.ledger.member_days(member.member_id, monday, last)
    odd = _odd(context, entries)
    if not odd:
        return None
    patients = context.uow.patients.many({entry.patient_id for entry, _ in odd})
    return WeekAudit(
        first=monday,
        last=last,
        entries=len(entries),
        odd=tuple(
            OddEntry(entry=entry, patient=patients[entry.patient_id], oddities=oddities)
            for entry, oddities in odd
        ),
    )


def week_audit_summary(context: Context, monday: date) -> WeekAuditSummary | None:
    """Everybody's odd entries of a week in figures; None when there are none."""
    last = _sunday(monday)
    by_member: dict[int, list[TimeEntry]] = defaultdict(list)
    for entry in context.uow.ledger.month(monday, last):
        by_member[entry.performed_by].append(entry)
    members = {member.member_id: member for member in context.uow.members.all()}
    weeks = [_week(context, members[member_id], entries) for member_id, entries in by_member.items()]
    found = [week for week in weeks if week.odd]
    if not found:
        return None
    return WeekAuditSummary(
        first=monday,
        last=last,
        entries=sum(week.entries for week in weeks),
        members=tuple(sorted(found, key=lambda week: (-week.odd, week.member.display_name))),
    )


def _week(context: Context, member: Member, entries: Sequence[TimeEntry]) -> MemberWeek:
    odd = _odd(context, entries)
    counts = Counter(oddity for _, oddities in odd for oddity in oddities)
    return MemberWeek(member=member, entries=len(entries), odd=len(odd), counts=dict(counts))


def _odd(context: Context, entries: Iterable[TimeEntry]) -> list[tuple[TimeEntry, tuple[Row, ...]]]:
    own = sorted(entries, key=lambda entry: (entry.service_date, entry.entry_id))
    overlapping = {overlap.entry_id for overlap in find_overlaps(own)}
    found = []
    for entry in own:
        practice = context.rules_on(entry.service_date)
        keyed_on = entry.recorded_on or entry.recorded_at.date()
        repeated = entry.activity_source is ActivitySource.REPEATED
        roleless = entry.activity_source is ActivitySource.WITHOUT_ROLE
        true_of_it = {
            late_entries.ROW: is_late(
                entry.service_date, keyed_on, practice.days_off, practice.late_after_business_days
            ),
            held_activity.ROW: entry.is_held and not (repeated or roleless),
            time_without_role.ROW: roleless,
            entered_twice.ROW: repeated,
            overlapping_time.ROW: entry.entry_id in overlapping,
            long_entries.ROW: entry.seconds > practice.long_entry_seconds,
            undocumented.ROW: not entry.note_digest,
        }
        oddities = tuple(oddity for oddity, is_so in true_of_it.items() if is_so)
        if oddities:
            found.append((entry, oddities))
    return found


def _sunday(monday: date) -> date:
    return monday + timedelta(days=6)
