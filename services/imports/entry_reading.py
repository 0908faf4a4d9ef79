"""Reads the rows of a file of entries."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, date, timedelta
from functools import partial
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from billing.activities import Activity, ActivitySource
from billing.durations import spoken
from billing.kinds_of_work import KindOfWork, kind_of_work, plain_form
from billing.people import Member, MemberRole, Role
from billing.quick import quick
from billing.stretches import stretches_from
from services.context import Context
from services.imports import readers
from services.imports.cells import Cells
from services.imports.entry_rows import EntryRow
from services.imports.outcome import RowProblem
from services.imports.role_words import read_working_role
from services.imports.roster import FileRoster
from services.imports.starts import Clock, Moment, clock_of, length_until, moment_of
from services.imports.team import Team
from services.imports.values.shown import refuse_unseen
from services.people.rights import WORKING, people, spoken_roles

COLUMNS = (
    *("entry_key", "mrn", "service_date", "minutes", "started_at", "ended_at", "activity", "performed_by"),
    *("role", "note", "recorded_on"),
)
#: A date of service may come with the start, and the minutes from start and end: rows without are refused one by one.
NEEDED = ("mrn", "service_date", "minutes", "performed_by")

#: The first year in which Medicare paid for Collaborative Care: no entry can be older.
FIRST_DAY = date(2017, 1, 1)
_LONGEST_KEY = 200
#: What exports write into a cell that holds no key.
_NO_KEY = frozenset({"n/a", "na", "none", "null", "-", "--", "#n/a"})
_ROUNDED = re.compile(r"\d(?:\.\d+)?e\+?\d+", re.IGNORECASE)
#: `5.0` and `="5"` for 5, `'5`: a key comes again in one form, or its entry comes twice.
_SHEET_FORM = re.compile(r"\d+\.0+|[='].*|\d{1,3}(?:,\d{3})+", re.ASCII)
#: Two figures of one length agree within this: exports round to a minute, or to hundredths of an hour.
_ROUNDING = 60
#: Notes come again and again, but a file may have one of its own for each row.
_REMEMBERED = 5000
_YEAR = "Check the date."
_AHEAD = "By its start and its length the work ends in the future. Check the date, the start and the length."
_Value = TypeVar("_Value")
_ACTIVITY = readers.one_of(Activity)
#: Given the fields in their order, which takes half the time.
_made: Callable[..., EntryRow] = quick(EntryRow)


class EntryReader:
    """Reads rows one after the other; what comes again and again is read once."""

    def __init__(self, context: Context, team: Team, roster: FileRoster) -> None:
        self._context = context
        self._team = team
        self._roster = roster
        self._people: dict[tuple[str, Role | None], Member] = {}
        self._zones: dict[int, ZoneInfo] = {}
        #: Values of cells by column and text.
        self._seen: defaultdict[str, dict[str, Any]] = defaultdict(dict)
        self._kinds: dict[tuple[str, Activity | None], KindOfWork] = {}
        #: Few different ones come of many notes.
        self._alike: dict[KindOfWork, KindOfWork] = {}
        self._todays: dict[str, date] = {}
        self._names: dict[str, str] = {}
        self._texts: dict[str, str] = {}
        #: How many rows have a start, and those whose start may be a date: line, cell, and whether it has one.
        self._starts = 0
        self._midnights: list[tuple[int, str, bool]] = []
        #: Lines whose start the clocks showed twice.
        self.twice: list[int] = []
        #: Lines cut at midnight.
        self.cut: list[int] = []
        #: Who worked by the clocks of which zone.
        self.zones: defaultdict[str, set[str]] = defaultdict(set)

    def read(self, rows: Iterable[Cells]) -> Iterator[EntryRow]:
        """The rows that can be read; what is wrong with the others is said."""
        for cells in rows:
            row = self._row(cells)
            if row is not None:
                yield row

    def dates_for_times(self) -> Iterator[RowProblem]:
        """Refuses starts that are all midnight: dates that a spreadsheet or a database wrote with a time."""
        if len(self._midnights) < self._starts:
            return
        several = len(self._midnights) > 1
        why = ", like every start here" if several else ""
        for line, text, is_dated in self._midnights:
            if several or is_dated:
                message = (
                    f"{text!r} is midnight{why}: a date without a time. Leave it empty, or export the times."
                )
                yield RowProblem(line=line, column="started_at", message=message)

    def _row(self, cells: Cells) -> EntryRow | None:
        """A row's entry; None when something of it cannot be read, which is then said."""
        key = cells.read("entry_key", _key)
        identity = cells.need("mrn", partial(self._roster.expect, line=cells.line))
        role = self._read(cells, "role", _role_in)
        performer = self._performer(cells, role)
        activity = self._read(cells, "activity", _activity_in)
        recorded_on = cells.written_on("recorded_on")
        zone = self._zone(performer)
        moment, day = self._begun(cells, zone)
        seconds = self._length(cells, moment, zone)
        if not self._is_in_time(cells, day, moment, seconds, zone):
            return None
        if identity is None or performer is None or day is None or seconds is None:
            return None
        note = cells.text("note")
        worker = performer.member_id if performer.member_id > 0 else self._name(performer)
        words = cells.text("performed_by")
        words = self._texts.setdefault(words, words)
        whose = (cells.line, key or "", identity, words, performer, worker, role)
        what = (
            self._kind(note, activity, performer),
            activity is not None,
            note,
            recorded_on,
        )
        if moment is None:
            return _made(*whose, day, seconds, None, None, *what)
        self.zones[zone.key].add(performer.display_name)
        if moment.is_twice:
            self.twice.append(cells.line)
        if moment.is_before_midnight(seconds):
            return _made(*whose, day, seconds, moment.clock, moment.at, *what)
        tail = None
        parts = stretches_from(moment.at.astimezone(zone), seconds, zone)
        for part in reversed(parts):
            assert part.started_at is not None, "it was cut from a start on"
            started_at = part.started_at.astimezone(UTC)
            tail = _made(*whose, part.day, part.seconds, part.started_at.time(), started_at, *what, tail)
        if len(parts) > 1:
            self.cut.append(cells.line)
        return tail

    def _begun(self, cells: Cells, zone: ZoneInfo) -> tuple[Moment | None, date | None]:
        """When the work began, if that is known, and its local date; None where it cannot be read, which is said."""
        given = cells.text("service_date")
        day = self._read(cells, "service_date", Cells.day)
        start = self._clock(cells, "started_at")
        if start is not None:
            self._starts += 1
            if start.is_midnight:
                self._midnights.append((cells.line, cells.text("started_at"), start.day is not None))
        if start is None and cells.text("started_at"):
            return None, None
        if day is None and (given or start is None or start.day is None):
            if not given:
                cells.refuse(
                    "service_date", "The cell is empty, and started_at has no date. Write one of them."
                )
            return None, None
        if start is None:
            return None, day
        own_day = day or start.day
        assert own_day is not None, "one of the two is there"
        try:
            moment = moment_of(start, own_day, zone)
        except ValueError as error:
            cells.refuse("started_at", str(error))
            return None, None
        if day is not None and moment.day != day:
            cells.refuse("started_at", _elsewhen(start, moment, day, zone))
            return None, None
        return moment, moment.day

    def _length(self, cells: Cells, moment: Moment | None, zone: ZoneInfo) -> int | None:
        """How long the work took; None where it cannot be read, which is said."""
        given = cells.text("minutes")
        seconds = self._read(cells, "minutes", Cells.seconds)
        end = self._clock(cells, "ended_at")
        if end is None or moment is None:
            if not given:
                why = "The cell is empty, and the row needs it"
                cells.refuse(
                    "minutes", f"{why}, or a start and an end." if end is None else f"{why} or a start."
                )
            return seconds
        try:
            measured = length_until(moment, end, zone)
        except ValueError as error:
            cells.refuse("ended_at", str(error))
            return None
        if not given:
            return measured
        if seconds is not None and abs(measured - seconds) > _ROUNDING:
            cells.refuse(
                "ended_at",
                f"From start to end it is {spoken(measured)}, and the row says {spoken(seconds)}. Correct one of them; "
                "if a break was taken out, leave the end empty.",
            )
            return None
        return seconds

    def _is_in_time(
        self, cells: Cells, day: date | None, moment: Moment | None, seconds: int | None, zone: ZoneInfo
    ) -> bool:
        """Whether the work can have been done; what cannot is refused."""
        if day is None:
            return True
        column = "service_date" if cells.text("service_date") else "started_at"
        if day < FIRST_DAY:
            cells.refuse(
                column, f"{day} is before {FIRST_DAY.year}, when Collaborative Care began to be paid. {_YEAR}"
            )
            return False
        today = self._today(zone)
        is_ahead = day > today
        if moment is not None and seconds is not None and not is_ahead and (today - day).days <= 1:
            is_ahead = moment.at + timedelta(seconds=seconds) > self._context.now
            column = "started_at"
        if is_ahead:
            cells.refuse(column, f"{day} is in the future. {_YEAR}" if day > today else _AHEAD)
        return not is_ahead

    def _today(self, zone: ZoneInfo) -> date:
        found = self._todays.get(zone.key)
        if found is None:
            found = self._todays[zone.key] = self._context.now.astimezone(zone).date()
        return found

    def _clock(self, cells: Cells, column: str) -> Clock | None:
        return self._read(cells, column, _clock_in)

    def _read(self, cells: Cells, column: str, read: Callable[[Cells, str], _Value | None]) -> _Value | None:
        """The value of a cell; one that was read before is not read again, and one that cannot be is said each time."""
        text = cells.text(column)
        if not text:
            return None
        seen = self._seen[column]
        found: _Value | None = seen.get(text)
        if found is None:
            found = read(cells, column)
            if len(seen) > _REMEMBERED:
                seen.clear()
            if found is not None:
                seen[text] = found
        return found

    def _performer(self, cells: Cells, role: Role | None) -> Member | None:
        words = cells.text("performed_by")
        found = self._people.get((words, role))
        if found is not None:
            return found
        member_role = None if role is None else MemberRole(role)
        performer = cells.need(
            "performed_by", lambda words: self._team.expect(words, member_role, cells.line)
        )
        if performer is not None and role is None and performer.roles and performer.working_role is None:
            cells.refuse(
                "performed_by",
                f"{performer.display_name} is {spoken_roles(performer.roles) or 'without a role'} here, and only "
                f"{people(WORKING)} have minutes. Give the role of the work in the column role, or correct the name.",
            )
            return None
        if performer is not None and performer.member_id > 0:
            self._people[words, role] = performer
        return performer

    def _name(self, newcomer: Member) -> str:
        return self._names.setdefault(newcomer.display_name, newcomer.display_name.casefold())

    def _zone(self, performer: Member | None) -> ZoneInfo:
        """Of whoever worked; the practice's for one who is not a member yet."""
        if performer is None or performer.member_id <= 0:
            return self._context.settings.zone
        found = self._zones.get(performer.member_id)
        if found is None:
            found = self._zones[performer.member_id] = self._context.zone_of(performer)
        return found

    def _kind(self, note: str, activity: Activity | None, performer: Member) -> KindOfWork:
        """What the work is taken for; that of somebody without a role waits, whatever it was (R-217)."""
        found = self._kinds.get((note, activity))
        if found is None:
            if len(self._kinds) > _REMEMBERED:
                self._kinds.clear()
            found = kind_of_work(plain_form(note), stated=activity)
            found = self._kinds[note, activity] = self._alike.setdefault(found, found)
        return found if performer.roles else replace(found, source=ActivitySource.WITHOUT_ROLE)


def _clock_in(cells: Cells, column: str) -> Clock | None:
    return cells.read(column, lambda text: clock_of(text, cells.day_in))


def _role_in(cells: Cells, column: str) -> Role | None:
    return cells.read(column, read_working_role)


def _activity_in(cells: Cells, column: str) -> Activity | None:
    return cells.read(column, _ACTIVITY)


def _key(text: str) -> str | None:
    plain = " ".join(text.split())
    if plain.casefold() in _NO_KEY:
        return None
    if len(plain) > _LONGEST_KEY:
        raise ValueError(f"The key is longer than {_LONGEST_KEY} characters. Use the number of the entry.")
    refuse_unseen(text, "the key")
    if _SHEET_FORM.fullmatch(plain):
        raise ValueError(
            f"{plain} is a spreadsheet's form of a key, and would be another one in the next export. Format the column "
            "as text, and write the key as the other system has it."
        )
    if _ROUNDED.fullmatch(plain):
        raise ValueError(
            f"{plain} is a number as a spreadsheet shortens it, and its last figures are lost. Format the column as "
            "text, or leave the cell empty."
        )
    return text if plain == text else plain


def _elsewhen(start: Clock, moment: Moment, day: date, zone: ZoneInfo) -> str:
    """That a row's start and its date are of two days."""
    found = moment.day
    if start.zone is None:
        return f"{found} is not the date of service {day}. Correct one of them, or leave one of them empty."
    return (
        f"By the clocks of {zone.key} that is {found} at {moment.clock:%H:%M}, and the date of service is {day}. "
        "Correct the date, or leave it empty."
    )
