"""Correct an entry: a new version with author, time and reason; what was written before stays visible."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from billing.activities import Activity, ActivitySource
from billing.durations import HOUR, spoken
from billing.entries import TimeEntry
from billing.people import Member, MemberRole
from services.desk import Desk
from services.errors import DayTooLong, NotAllowed, UnknownEntry
from services.receipts import EntryView, Receipt, standings, views
from services.requests import LogRequest
from storage import EntryChanges


def view(desk: Desk, actor: Member, entry_id: int) -> EntryView:
    """One entry as it stands, for the person who may correct it.

    Raises:
        UnknownEntry: when there is none, or it was undone.
        NotAllowed: when it is another person's.
    """
    return views(desk, [_standing_entry(desk, actor, entry_id)])[0]


def set_activity(desk: Desk, actor: Member, entry_id: int, activity: Activity) -> Receipt:
    """Say what kind of work an entry was; the person's own word settles it.

    Raises:
        UnknownEntry: when there is none, or it was undone.
        NotAllowed: when it is another person's.
    """
    entry = _standing_entry(desk, actor, entry_id)
    changes = EntryChanges(activity=activity, activity_source=ActivitySource.CONFIRMED)
    return _correct(desk, actor, entry, entry.version, changes, "activity chosen by its author")


def set_date(desk: Desk, actor: Member, entry_id: int, day: date) -> Receipt:
    """Take the other reading of an entry's date; clock times keep their hour on the new day.

    Raises:
        UnknownEntry: when there is none, or it was undone.
        NotAllowed: when it is another person's.
        DayTooLong: when that day would hold more than a day can.
    """
    entry = _standing_entry(desk, actor, entry_id)
    changes = EntryChanges(service_date=day)
    if entry.started_at is not None:
        performer = desk.uow.members.by_id(entry.performed_by) or actor
        zone = desk.zone_of(performer)
        started = datetime.combine(day, entry.started_at.astimezone(zone).time(), zone)
        changes["started_at"] = started
        changes["ended_at"] = started.astimezone(UTC) + timedelta(seconds=entry.seconds)
    _refuse_overlong_day(desk, entry, changes)
    return _correct(desk, actor, entry, entry.version, changes, "date chosen by its author")


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What a person wants an entry to be, and why."""

    entry_id: int
    #: The version that the person was looking at.
    version: int
    #: Duration, date and clock times as read from their words.
    asked: LogRequest
    activity: Activity
    #: Empty keeps the note as it is.
    note: str = field(repr=False)
    reason: str = field(repr=False)


def edit(desk: Desk, actor: Member, correction: Correction) -> Receipt:
    """Change an entry for a reason that stays on record.

    Raises:
        UnknownEntry: when there is none, or it was undone.
        NotAllowed: when it is another person's.
        DayTooLong: when the day would hold more than a day can.
        StaleVersion: when somebody changed it in the meantime.
    """
    entry = _standing_entry(desk, actor, correction.entry_id)
    changes = _changes(entry, correction)
    _refuse_overlong_day(desk, entry, changes)
    return _correct(desk, actor, entry, correction.version, changes, correction.reason)


def _changes(entry: TimeEntry, correction: Correction) -> EntryChanges:
    asked = correction.asked
    changes = EntryChanges()
    if correction.activity is not entry.activity or entry.activity_source is ActivitySource.INFERRED:
        changes["activity"] = correction.activity
        changes["activity_source"] = ActivitySource.CONFIRMED
    if (asked.seconds, asked.service_date) != (
        entry.seconds,
        entry.service_date,
    ) or asked.started_at is not None:
        changes["seconds"] = asked.seconds
        changes["service_date"] = asked.service_date
        # Clock times that no longer fit the duration or the day would be false evidence.
        changes["started_at"] = asked.started_at
        changes["ended_at"] = asked.ended_at
    if correction.note:
        changes["note"] = correction.note
    return changes


def _standing_entry(desk: Desk, actor: Member, entry_id: int) -> TimeEntry:
    entry = desk.uow.ledger.entry(entry_id)
    if entry is None:
        raise UnknownEntry
    if actor.member_id not in {entry.performed_by, entry.recorded_by} and not actor.may(
        MemberRole.SUPERVISOR
    ):
        raise NotAllowed("Only the person whose entry this is, or a supervisor, can correct it.")
    return entry


def _refuse_overlong_day(desk: Desk, entry: TimeEntry, changes: EntryChanges) -> None:
    seconds, day = changes.get("seconds", entry.seconds), changes.get("service_date", entry.service_date)
    before = desk.uow.ledger.member_seconds_on(entry.performed_by, day)
    others = before - (entry.seconds if day == entry.service_date else 0)
    limit = desk.settings.max_day_hours * HOUR
    if others + seconds > limit:
        raise DayTooLong(
            f"That would make {spoken(others + seconds)} on {day:%a %b} {day.day}, and a day holds at most "
            f"{spoken(limit)}. Nothing was changed."
        )


def _correct(
    desk: Desk, actor: Member, entry: TimeEntry, version: int, changes: EntryChanges, reason: str
) -> Receipt:
    corrected = desk.uow.ledger.correct(
        entry.entry_id, version, changes, by=actor.member_id, at=desk.now, reason=reason
    )
    shown = views(desk, [corrected])
    receipt = Receipt(
        receipt_id=desk.uow.ledger.versions(entry.entry_id)[0].receipt_id,
        entries=shown,
        standings=standings(desk, shown),
        today=desk.today_of(actor),
    )
    desk.uow.commit()
    return receipt
