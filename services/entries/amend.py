"""Corrects an entry: a new version with author, time and reason; earlier versions stay visible."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from billing.activities import HELD_SOURCES, Activity, ActivitySource, is_held
from billing.durations import HOUR, spoken
from billing.entries import TimeEntry
from billing.kinds_of_work import kind_of_work, plain_form
from billing.people import Member
from services.context import Context
from services.entries.changes import EntryEdit
from services.entries.receipts import EntryView, Receipt, standings, views
from services.errors import CannotCorrect, DayTooLong, NotAllowed, ReasonNeeded, UnknownEntry
from services.months.after_close import closed_remark
from services.people import patients
from services.people.rights import Action, allowed, needs
from storage import ActKind, EntryChanges

#: Stands on file where nothing was said and nothing needs to be.
_UNSAID = "corrected by its author"
_LIKE_THAT = "The entry already says that. Nothing was changed."


@needs(Action.CORRECT_OWN, Action.CORRECT_ANY)
def view(context: Context, actor: Member, entry_id: int) -> EntryView:
    """One entry as it stands, for the person who may correct it.

    Raises:
        UnknownEntry: when there is none, or it was undone.
        NotAllowed: when it is another person's.
    """
    return views(context, [standing_entry(context, actor, entry_id)])[0]


@needs(Action.CORRECT_OWN, Action.CORRECT_ANY)
def set_activity(
    context: Context,
    actor: Member,
    entry_id: int,
    activity: Activity,
    *,
    source: ActivitySource = ActivitySource.CONFIRMED,
) -> Receipt:
    """Say what kind of work an entry was; the person's own word settles it.

    Another `source` is for what is told apart from another entry only, and still waits for its kind of work.

    Raises:
        UnknownEntry: when there is none, or it was undone.
        NotAllowed: when it is another person's.
        ReasonNeeded: when its time counts by that, and did not before.
    """
    entry = standing_entry(context, actor, entry_id)
    changes = EntryChanges(activity=activity, activity_source=source)
    _need_reason(actor, entry, changes, "")
    return _correct(context, actor, entry, changes, "activity chosen by its author")


@needs(Action.CORRECT_OWN, Action.CORRECT_ANY)
def set_date(context: Context, actor: Member, entry_id: int, day: date) -> Receipt:
    """Take the other reading of an entry's date; clock times keep their hour on the new day.

    Raises:
        UnknownEntry: when there is none, or it was undone.
        NotAllowed: when it is another person's.
        CannotCorrect: when it is of that date already, or its time has not come yet on that day.
        DayTooLong: when that day would hold more than a day can.
    """
    entry = standing_entry(context, actor, entry_id)
    changes = _Wanted(context, actor, entry).timing(EntryEdit(entry_id=entry_id, service_date=day))
    if not changes:
        raise CannotCorrect(_LIKE_THAT)
    _refuse_overlong_day(context, entry, changes)
    return _correct(context, actor, entry, changes, "date chosen by its author")


@needs(Action.CORRECT_OWN, Action.CORRECT_ANY)
def edit(context: Context, actor: Member, wanted: EntryEdit) -> Receipt:
    """Change an entry, for a reason that stays on file.

    Raises:
        UnknownEntry: when there is none, or it was undone.
        NotAllowed: when it is another person's.
        ReasonNeeded: when a reason is wanted and not given.
        CannotCorrect: when nothing would change, the time cannot be, or a case review would be left behind.
        UnknownPatient: when it is to be moved to a patient whom nobody knows.
        DayTooLong: when the day would hold more than a day can.
        StaleVersion: when somebody changed it in the meantime.
    """
    entry = standing_entry(context, actor, wanted.entry_id)
    _refuse_other_length(entry, wanted.stated_seconds)
    changes = _Wanted(context, actor, entry).changes(wanted)
    if not changes:
        raise CannotCorrect(_LIKE_THAT)
    _need_reason(actor, entry, changes, wanted.reason)
    _refuse_overlong_day(context, entry, changes)
    seen = entry if wanted.version is None else replace(entry, version=wanted.version)
    return _correct(context, actor, seen, changes, wanted.reason.strip() or _UNSAID, wanted.remarks)


def standing_entry(context: Context, actor: Member, entry_id: int) -> TimeEntry:
    """An entry that stands, for a person who may change it.

    Raises:
        UnknownEntry: when there is none, or it was undone.
        NotAllowed: when it is another person's.
    """
    entry = context.uow.ledger.entry(entry_id)
    if entry is None:
        raise UnknownEntry
    if not is_theirs(actor, entry) and not allowed(context, actor, Action.CORRECT_ANY):
        raise NotAllowed("Only the person whose entry this is, or a supervisor, can correct it.")
    return entry


def is_theirs(actor: Member, entry: TimeEntry) -> bool:
    """Whether a person did the work or wrote it down."""
    return actor.member_id in {entry.performed_by, entry.recorded_by}


class _Wanted:
    """What an edit comes to for the entry as it stands."""

    def __init__(self, context: Context, actor: Member, entry: TimeEntry) -> None:
        self._context = context
        self._entry = entry
        self._performer = context.uow.members.by_id(entry.performed_by) or actor

    @property
    def _zone(self) -> ZoneInfo:
        """Dates and clock times of an entry are those of the person whose work it was."""
        return self._context.zone_of(self._performer)

    def changes(self, wanted: EntryEdit) -> EntryChanges:
        """Everything that becomes otherwise; nothing where all is like that already."""
        changes = self.timing(wanted)
        if wanted.activity is not None and not self._is_settled(wanted.activity):
            changes["activity"] = wanted.activity
            changes["activity_source"] = ActivitySource.CONFIRMED
        if wanted.patient is not None:
            patient = patients.need(self._context, wanted.patient)
            if patient.patient_id != self._entry.patient_id:
                changes["patient_id"] = patient.patient_id
        if wanted.note.strip() and wanted.note.strip() != (before := self._note()):
            changes["note"] = wanted.note.strip()
            if wanted.activity is None:
                changes.update(self._by_note(before, changes["note"]))
        return changes

    def _by_note(self, before: str, note: str) -> EntryChanges:
        """What the new words hold that the old ones did not, though the entry counted."""
        entry = self._entry
        if not entry.activity.billable or entry.activity_source in HELD_SOURCES:
            return EntryChanges()
        stated = None if entry.activity_source is ActivitySource.INFERRED else entry.activity
        was, now = (kind_of_work(plain_form(words), stated=stated) for words in (before, note))
        if was == now or not is_held(now.activity, now.source):
            return EntryChanges()
        return EntryChanges(activity=now.activity, activity_source=now.source)

    def timing(self, wanted: EntryEdit) -> EntryChanges:
        """Date, duration and clock times, as far as they change."""
        entry = self._entry
        day = wanted.service_date or entry.service_date
        wanted_seconds = self._length(wanted)
        changes = EntryChanges()
        if day != entry.service_date:
            changes["service_date"] = day
        if wanted.clock is not None:
            start, end = (self._instant(day, moment) for moment in wanted.clock)
            seconds = int((end - start).total_seconds())
            if seconds <= 0:
                raise CannotCorrect("That time ends before it begins. Write the earlier time first.")
        elif wanted_seconds != entry.seconds:
            # Clock times that no longer fit the duration would be false evidence.
            start, end, seconds = None, None, wanted_seconds
        elif entry.started_at is not None and "service_date" in changes:
            start = self._instant(day, entry.started_at.astimezone(self._zone).time())
            end, seconds = start + timedelta(seconds=entry.seconds), entry.seconds
        else:
            return changes
        if end is not None and end > self._context.now:
            raise CannotCorrect("That time has not come yet. Nothing was changed.")
        if (start, end, seconds) != (entry.started_at, entry.ended_at, entry.seconds):
            changes["started_at"], changes["ended_at"], changes["seconds"] = start, end, seconds
        return changes

    def _length(self, wanted: EntryEdit) -> int:
        """The whole seconds that were said, or what the entry holds and so much more or less."""
        held = self._entry.seconds
        if not wanted.added_seconds:
            return held if wanted.seconds is None else wanted.seconds
        seconds, most = held + wanted.added_seconds, self._context.settings.max_entry_hours * HOUR
        if seconds <= 0:
            raise CannotCorrect(
                f"The entry holds {spoken(held)}: {spoken(-wanted.added_seconds)} less would leave nothing. "
                "To take the whole entry back, use void. Nothing was changed."
            )
        if seconds > most:
            raise CannotCorrect(
                f"That would make {spoken(seconds)}, and one entry holds at most {spoken(most)}. Nothing was changed."
            )
        return seconds

    def _instant(self, day: date, moment: time) -> datetime:
        local = datetime.combine(day, moment, self._zone)
        instant = local.astimezone(UTC)
        if instant.astimezone(self._zone).replace(tzinfo=None) != local.replace(tzinfo=None):
            raise CannotCorrect(
                f"The clocks went forward on {day:%b} {day.day}: that time of day did not exist."
            )
        return instant

    def _is_settled(self, activity: Activity) -> bool:
        inferred = self._entry.activity_source in {ActivitySource.INFERRED, *HELD_SOURCES}
        return activity is self._entry.activity and not inferred

    def _note(self) -> str:
        return self._context.uow.ledger.notes([self._entry.entry_id]).get(self._entry.entry_id, "")


def _refuse_other_length(entry: TimeEntry, stated: int | None) -> None:
    if stated is not None and stated != entry.seconds:
        raise CannotCorrect(
            f"That entry holds {spoken(entry.seconds)}, not {spoken(stated)}. Nothing was changed. "
            "Check which entry you mean in today or history."
        )


def _need_reason(actor: Member, entry: TimeEntry, changes: EntryChanges, reason: str) -> None:
    """Whatever adds counted minutes needs a reason, and whatever is changed for somebody else."""
    if reason.strip():
        return
    activity = changes.get("activity", entry.activity)
    if changes.get("seconds", 0) > entry.seconds:
        said = "More minutes on an entry need a reason. Add it: because I typed 15."
    # An entry that waits for its author to say what it was is settled by that, not corrected.
    elif activity.billable and not entry.activity.billable and not entry.is_held:
        kinds = f"Time of {entry.activity.label} is not counted, and as {activity.label} it would be."
        said = f"{kinds} That needs a reason."
    elif activity.billable and "patient_id" in changes:
        said = "Moving time to another patient needs a reason. Add it: because I picked the wrong chart."
    elif not is_theirs(actor, entry):
        said = "Changing another person's entry needs a reason. Add it: because they are away."
    else:
        return
    raise ReasonNeeded(said, changes)


def refuse_with_review(context: Context, entry: TimeEntry) -> None:
    """Refuse to move time of which a case review was recorded, for the review would stay behind.

    Raises:
        CannotCorrect: when there is such a review.
    """
    if context.uow.reviews.of_entries([entry.entry_id]):
        raise CannotCorrect(
            "That is the time of a case review, which would stay with the patient and date it was recorded for. "
            "Void the entry, which withdraws the review, and record the review again."
        )


def _refuse_overlong_day(context: Context, entry: TimeEntry, changes: EntryChanges) -> None:
    seconds, day = changes.get("seconds", entry.seconds), changes.get("service_date", entry.service_date)
    before = context.uow.ledger.member_seconds_on(entry.performed_by, day)
    others = before - (entry.seconds if day == entry.service_date else 0)
    limit = context.settings.max_day_hours * HOUR
    if others + seconds > limit:
        raise DayTooLong(
            f"That would make {spoken(others + seconds)} on {day:%a %b} {day.day}, and a day holds at most "
            f"{spoken(limit)}. Nothing was changed."
        )


def _refuse_without_role(context: Context, entry: TimeEntry) -> None:
    """Time of somebody without a role does not come to count by a word about its activity (R-217)."""
    performer = context.uow.members.by_id(entry.performed_by)
    if performer is not None and not performer.roles:
        raise CannotCorrect(
            f"{performer.display_name} has no role here in which time is worked. Nothing was changed. Give them one "
            f"first: `/cocm roles @{performer.display_name} care_manager`."
        )


def _correct(
    context: Context,
    actor: Member,
    entry: TimeEntry,
    changes: EntryChanges,
    reason: str,
    remarks: tuple[str, ...] = (),
) -> Receipt:
    if "patient_id" in changes or "service_date" in changes:
        refuse_with_review(context, entry)
    if entry.activity_source in HELD_SOURCES and "activity_source" in changes:
        _refuse_without_role(context, entry)
    before = views(context, [entry])
    context.uow.acts.begin(ActKind.EDIT, by=actor.member_id, at=context.now)
    corrected = context.uow.ledger.correct(
        entry.entry_id, entry.version, changes, by=actor.member_id, at=context.now, reason=reason
    )
    closed = {closed_remark(context, one.service_date) for one in (entry, corrected)} - {None}
    said = (*remarks, *sorted(sentence for sentence in closed if sentence))
    shown = tuple(replace(one, remarks=said) for one in views(context, [corrected]))
    receipt = Receipt(
        receipt_id=context.uow.ledger.versions(entry.entry_id)[0].receipt_id,
        entries=shown,
        # A patient or month that the time was taken from is shown too.
        standings=standings(context, actor, (*shown, *before)),
        today=context.today_of(actor),
        act_id=context.uow.acts.number(),
    )
    context.uow.commit()
    return receipt
