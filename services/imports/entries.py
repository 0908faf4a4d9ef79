"""`entries`: imports time from another system; a row's key makes importing it twice harmless."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import partial

from billing.activities import Activity, ActivitySource, is_held
from billing.kinds_of_work import KindOfWork, kind_of_work, plain_form, why_held
from billing.people import Member, MemberRole, Role
from services.context import Context
from services.entries.performers import worked_as
from services.imports import readers
from services.imports.cells import Cells
from services.imports.doubles import Contact, Doubles
from services.imports.entry_checks import Checked, changed_since, undated, warnings
from services.imports.outcome import ImportOutcome, Preview, RowProblem
from services.imports.request import ImportRequest
from services.imports.roster import FileRoster
from services.imports.sheet import read_sheet
from services.imports.storing import PlannedImport, Step, by_line
from services.imports.team import Team
from services.people.rights import WORKING, people, spoken_roles
from storage import NewEntry

COLUMNS = (
    *(
        "entry_key",
        "mrn",
        "service_date",
        "minutes",
        "started_at",
        "activity",
        "performed_by",
        "role",
        "note",
    ),
    "recorded_on",
)
NEEDED = ("entry_key", "mrn", "service_date", "minutes", "performed_by")

_PREVIEWED = 10
#: Entries written between two words of progress.
_BATCH = 10_000
_LONGEST_KEY = 200
_ROLE = readers.one_of(Role)
_ACTIVITY = readers.one_of(Activity)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """A row that can be taken."""

    line: int
    key: str = field(repr=False)
    #: Who the patient is.
    identity: str = field(repr=False)
    service_date: date
    seconds: int
    started_at: time | datetime | None
    #: What the work is taken for, and how that came about.
    kind: KindOfWork
    #: Words that name who did the work, and in which role where the file says so.
    performed_by: str
    role: Role | None
    note: str = field(repr=False)
    recorded_on: date | None

    @property
    def checked(self) -> Checked:
        """What of it is looked at."""
        return Checked(
            line=self.line,
            identity=self.identity,
            performer=self.performed_by.casefold(),
            service_date=self.service_date,
            seconds=self.seconds,
            recorded_on=self.recorded_on,
        )


def load(context: Context, request: ImportRequest) -> PlannedImport:
    """Write the entries of a file into the ledger; those whose keys were imported before are left out.

    Chat's limits on age and length only warn here: another system has accepted the time already. A row without
    `recorded_on` is taken as written down there on its date of service. Without an activity the note is read as in
    chat. What is held, by its words (R-214) or as a double (R-216), is stored, counts nowhere, and is named by line.
    """
    sheet = read_sheet(request, COLUMNS, NEEDED)
    problems = list(sheet.problems)
    team, roster = Team(context), FileRoster(context, request.answers)
    rows = list(_read(sheet.cells(problems), team, roster))
    imported = context.uow.imports.entry_ids({row.key for row in rows})
    new = [row for row in rows if row.key not in imported]
    new = _with_doubles_held(context, team, roster, new)
    held = tuple(_held(new))
    checked = [row.checked for row in new]
    outcome = ImportOutcome(
        rows=len(sheet.rows),
        read_as=sheet.reading.said,
        added=len(new),
        unchanged=len(rows) - len(new),
        problems=tuple(sorted(problems, key=by_line)),
        warnings=(
            *held,
            *warnings(context, checked),
            *changed_since(
                context, {imported[row.key]: row.checked for row in rows if row.key in imported}, roster
            ),
        ),
        remarks=(*_held_in_all(held), *team.introductions, *roster.introductions, *undated(context, checked)),
        preview=_preview(new),
    )
    steps: list[Step] = [team.welcome, roster.admit]
    steps += [
        partial(_append, team=team, roster=roster, rows=new[start : start + _BATCH])
        for start in range(0, len(new), _BATCH)
    ]
    return PlannedImport(kind="entries", outcome=outcome, steps=steps)


def _read(rows: Iterable[Cells], team: Team, roster: FileRoster) -> Iterator[_Row]:
    lines: dict[str, int] = {}
    for cells in rows:
        row = _row(cells, team, roster)
        if row is None:
            continue
        if row.key in lines:
            cells.refuse(
                "entry_key",
                f"The key is already on line {lines[row.key]}. Give each entry a key of its own.",
            )
            continue
        lines[row.key] = row.line
        yield row


def _row(cells: Cells, team: Team, roster: FileRoster) -> _Row | None:
    """A row's entry; None when something of it cannot be read, which is then said."""
    key = cells.need("entry_key", _key)
    identity = cells.need("mrn", roster.expect)
    service_date = cells.need_past_day("service_date")
    seconds = cells.need_seconds("minutes")
    role = cells.read("role", _ROLE)
    member_role = MemberRole(role or Role.CARE_MANAGER)
    performer = cells.need("performed_by", lambda words: team.expect(words, member_role))
    if performer is not None and role is None and performer.working_role is None:
        cells.refuse(
            "performed_by",
            f"{performer.display_name} is {spoken_roles(performer.roles) or 'without a role'} here, and only "
            f"{people(WORKING)} have minutes. Give the role of the work in the column role, or correct the name.",
        )
        return None
    started_at = cells.read("started_at", readers.clock)
    if isinstance(started_at, datetime) and service_date not in (None, started_at.date()):
        cells.refuse("started_at", f"{started_at.date()} is not the date of service {service_date}.")
    activity = cells.read("activity", _ACTIVITY)
    recorded_on = cells.past_day("recorded_on")
    if key is None or identity is None or service_date is None or seconds is None or performer is None:
        return None
    return _Row(
        line=cells.line,
        key=key,
        identity=identity,
        service_date=service_date,
        seconds=seconds,
        started_at=started_at,
        kind=kind_of_work(plain_form(cells.text("note")), stated=activity),
        performed_by=cells.text("performed_by"),
        role=role,
        note=cells.text("note"),
        recorded_on=recorded_on,
    )


def _key(text: str) -> str:
    if len(text) > _LONGEST_KEY:
        raise ValueError(f"The key is longer than {_LONGEST_KEY} characters. Use the number of the entry.")
    return text


def _append(context: Context, *, team: Team, roster: FileRoster, rows: list[_Row]) -> None:
    context.uow.imports.append(
        {row.key: _entry(context, row, team, roster) for row in rows},
        by=team.importer(context).member_id,
        at=context.now,
    )


def _entry(context: Context, row: _Row, team: Team, roster: FileRoster) -> NewEntry:
    performer = team.find(row.performed_by)
    assert performer is not None, "whoever the file names was welcomed before"
    started_at = _instant(context, row, performer)
    return NewEntry(
        patient_id=roster.patient(row.identity).patient_id,
        seconds=row.seconds,
        service_date=row.service_date,
        activity=row.kind.activity,
        activity_source=row.kind.source,
        role=row.role or worked_as(performer),
        performed_by=performer.member_id,
        started_at=started_at,
        ended_at=started_at + timedelta(seconds=row.seconds) if started_at is not None else None,
        note=row.note,
        recorded_on=row.recorded_on or row.service_date,
    )


def _instant(context: Context, row: _Row, performer: Member | None) -> datetime | None:
    """When the work began, by the clock of whoever did it; by the practice's for one who is not a member yet."""
    started_at = row.started_at
    if started_at is None:
        return None
    if isinstance(started_at, time):
        started_at = datetime.combine(row.service_date, started_at)
    if started_at.tzinfo is None:
        zone = context.settings.zone if performer is None else context.zone_of(performer)
        started_at = started_at.replace(tzinfo=zone)
    return started_at.astimezone(UTC)


def _with_doubles_held(context: Context, team: Team, roster: FileRoster, rows: list[_Row]) -> list[_Row]:
    """The rows; those that are like an entry on file or a row before wait until somebody tells them apart."""
    doubles = Doubles(context, team, roster)
    doubles.remember_stored(row.service_date for row in rows)
    return [
        replace(row, kind=replace(row.kind, source=ActivitySource.REPEATED))
        if doubles.has_like(_contact(context, row, team)) and _may_count(row.kind)
        else row
        for row in rows
    ]


def _may_count(kind: KindOfWork) -> bool:
    return kind.activity.billable or is_held(kind.activity, kind.source)


def _contact(context: Context, row: _Row, team: Team) -> Contact:
    return Contact(
        performed_by=row.performed_by,
        identity=row.identity,
        service_date=row.service_date,
        seconds=row.seconds,
        note=row.note,
        started_at=_instant(context, row, team.find(row.performed_by)),
    )


def _held(rows: Iterable[_Row]) -> Iterator[RowProblem]:
    """Each row that counts nowhere yet, and why."""
    for row in rows:
        if row.kind.source is ActivitySource.REPEATED:
            message = "Held, not counted: it looks like another entry."
            yield RowProblem(line=row.line, column="entry_key", message=message)
        elif is_held(row.kind.activity, row.kind.source):
            why = why_held(row.note, row.kind.activity)
            message = f"Held, not counted: {why}."
            yield RowProblem(line=row.line, column="note", message=message)


def _held_in_all(held: Sequence[RowProblem]) -> tuple[str, ...]:
    """A sentence about what is held, if anything is."""
    if not held:
        return ()
    if len(held) == 1:
        return ("1 entry is held, not counted. Say what it was: /cocm confirm lists it.",)
    said = f"{len(held)} entries are held, not counted. Say what they were: /cocm confirm lists them."
    return (said,)


def _preview(rows: list[_Row]) -> Preview:
    return Preview(
        columns=("MRN", "Date of service", "Seconds", "Activity", "Performed by"),
        rows=tuple(
            (row.identity, f"{row.service_date}", f"{row.seconds}", _shown(row.kind), row.performed_by)
            for row in rows[:_PREVIEWED]
        ),
    )


def _shown(kind: KindOfWork) -> str:
    return f"{kind.activity.label}, held" if is_held(kind.activity, kind.source) else kind.activity.label
