"""What is to be stored of files, found without the program's readers; and what of it is stored."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import assume

from billing.claim_facts import ClaimFactKind
from services.care.claims import Claims
from services.context import Context
from storage import note_digest
from tests.support.dresses import DURATION, Dress, Row
from tests.support.files import csv_of

NEW_YORK, CHICAGO = ZoneInfo("America/New_York"), ZoneInfo("America/Chicago")
PATIENTS = ("123", "98765", "00417")
NEWCOMERS = ("70112", "83345", "91678", "65001", "02456")
COLLEAGUES = ("Kim Lee", "Raj Patel", "Omar Haddad", "Di Young", "Zoë Brandt")
PAYERS = ("Cedar", "Oak Plan")
PATIENT_COLUMNS = ("mrn", "first_name", "last_name", "birth_date", "payer", "enrolled_on", "problems")
PEOPLE = {
    "Ana Flores": ("Ana Flores", "FLORES, ANA", "ana@clinic.org", "@ana flores", "Flores, Ana, LCSW"),
    "Ben Okoro": ("Ben Okoro", "Okoro, Ben", "BEN@clinic.org", "Ben  Okoro"),
}
ZONES = {"Ana Flores": CHICAGO, "Ben Okoro": NEW_YORK}
MEMBERS = csv_of(
    ("display_name", "email", "roles", "time_zone"),
    [
        {
            "display_name": "Ana Flores",
            "email": "ana@clinic.org",
            "roles": "care_manager",
            "time_zone": "America/Chicago",
        },
        {"display_name": "Ben Okoro", "email": "ben@clinic.org", "roles": "care_manager"},
    ],
)
#: What a fact is differs from kind to kind; None for a file that has to be refused.
Facts = Counter[tuple[object, ...]]


class Hostile(str):
    """A word that its column cannot hold."""

    __slots__ = ()


def person(words: str) -> str | None:
    """Whom a spelling means."""
    return next((name for name, spelled in PEOPLE.items() if words in spelled), None)


def identity(words: str) -> str | None:
    """Whose MRN a spelling is."""
    plain = words.upper().removeprefix("MRN")
    return plain if plain in PATIENTS or plain in NEWCOMERS else None


def parts(start: datetime, seconds: int, zone: ZoneInfo) -> Iterator[tuple[date, int]]:
    """The days on which work lies, with its seconds on each, by somebody's clock."""
    at = start.replace(tzinfo=zone).astimezone(UTC)
    while seconds:
        day = at.astimezone(zone).date()
        midnight = datetime.combine(day + timedelta(days=1), time(), tzinfo=zone).astimezone(UTC)
        own = min(seconds, round((midnight - at).total_seconds()))
        yield day, own
        at, seconds = at + timedelta(seconds=own), seconds - own


def entry_facts(rows: Sequence[Row], dress: Dress) -> Facts | None:
    """Patient, person, day, seconds and note of each entry."""
    found: Facts = Counter()
    keys = [key for row in rows if (key := row.get("entry_key"))]
    if len(set(keys)) < len(keys):
        return None
    for row in rows:
        whose, who = identity(str(row.get("mrn", ""))), person(str(row.get("performed_by", "")))
        day, length, start = row.get("service_date", ""), row.get(DURATION, ""), row.get("started_at", "")
        if isinstance(start, datetime) and dress.starts == "dated" and day in {"", start.date()}:
            day = start.date()
        elif isinstance(start, datetime) and dress.starts == "dated":
            return None
        if whose is None or who is None or not isinstance(day, date) or not isinstance(length, timedelta):
            return None
        if isinstance(start, str) and start:
            return None
        if row.get("role", "") not in {"", "care_manager"} or row.get("activity", "") not in {"", "phone"}:
            return None
        seconds = round(length.total_seconds())
        note = note_digest(str(row.get("note", "")).strip())
        if isinstance(start, datetime):
            begun = datetime.combine(day, start.time())
            for own_day, own in parts(begun, seconds, ZONES[who]):
                found[whose, who, own_day, own, note] += 1
        else:
            found[whose, who, day, seconds, note] += 1
    return found


def entries_stored(context: Context) -> Facts:
    mrns = {one.patient_id: one.identity for one in context.uow.patients.all()}
    names = {one.member_id: one.display_name for one in context.uow.members.all()}
    return Counter(
        (mrns[one.patient_id], names[one.performed_by], one.service_date, one.seconds, one.note_digest)
        for one in context.uow.ledger.month(date.min, date.max)
    )


def plain_facts(
    columns: Sequence[str], needed: Sequence[str], *, key: str = ""
) -> Callable[[Sequence[Row], Dress], Facts | None]:
    """Facts that are the cells themselves; the same fact again is the same, and another of that key is no example."""

    def facts(rows: Sequence[Row], _: Dress) -> Facts | None:
        found: Facts = Counter()
        for row in rows:
            cells = {column: row.get(column, "") for column in columns}
            if any(not cells[column] for column in needed):
                return None
            if any(isinstance(cell, Hostile) for cell in cells.values()):
                return None
            if "mrn" in cells:
                whose = identity(str(cells["mrn"]))
                if whose is None:
                    return None
                cells["mrn"] = whose
            assume(not key or all(one == tuple(cells.values()) or one[0] != cells[key] for one in found))
            found[tuple(cells.values())] = 1
        return found

    return facts


def mrns_of(context: Context) -> dict[int, str]:
    return {one.patient_id: one.identity for one in context.uow.patients.all()}


def scores_stored(context: Context) -> Facts:
    mrns = mrns_of(context)
    found = context.uow.scores.of_patients(set(mrns), date.min, date.max)
    return Counter(
        (mrns[whose], one.scale.value, f"{one.value}", one.measured_on)
        for whose, own in found.items()
        for one in own
    )


def stays_stored(context: Context) -> Facts:
    mrns = mrns_of(context)
    found = context.uow.admissions.of_patients(set(mrns), date.min, date.max)
    return Counter(
        (mrns[whose], one.admitted_on, one.left_on or "") for whose, own in found.items() for one in own
    )


def patients_stored(context: Context) -> Facts:
    people = {one.patient_id: one for one in context.uow.patients.all() if one.identity in NEWCOMERS}
    episodes = context.uow.episodes.of_patients(set(people))
    return Counter(
        (
            one.identity,
            one.first_name,
            one.last_name,
            one.birth_date or "",
            *next(
                ((own.payer, own.enrolled_on) for own in episodes.get(number, ())),
                ("", ""),
            ),
            one.problems,
        )
        for number, one in people.items()
    )


def roster_facts(rows: Sequence[Row], dress: Dress) -> Facts | None:
    """A patient with care; who is on the roster alone is another matter."""
    found = plain_facts(PATIENT_COLUMNS, ("mrn",), key="mrn")(rows, dress)
    assume(found is None or all(one[PATIENT_COLUMNS.index("enrolled_on")] for one in found))
    return found


#: Days on which coverage is looked at.
WINDOW = tuple(date(2026, 10, 20) + timedelta(days=step) for step in range(45))


def coverage_facts(rows: Sequence[Row], dress: Dress) -> Facts | None:
    """Who pays on each day of the window."""
    plain = plain_facts(("mrn", "payer", "from", "to"), ("mrn", "payer", "from"), key="mrn")(rows, dress)
    if plain is None:
        return None
    found: Facts = Counter()
    for whose, payer, first, last in plain:
        assert isinstance(first, date)
        if isinstance(last, date) and last < first:
            return None
        found.update(
            (whose, payer, day)
            for day in WINDOW
            if first <= day and (not isinstance(last, date) or day <= last)
        )
    return found


def coverage_stored(context: Context) -> Facts:
    found: Facts = Counter()
    for one in context.uow.patients.all():
        stored = context.uow.claim_facts.of_patient(one.patient_id)
        claims = Claims(stored, context.uow.episodes.of_patient(one.patient_id), one.referring_npi)
        payers = ((claims.value(ClaimFactKind.PAYER, day), day) for day in WINDOW)
        found.update((one.identity, payer, day) for payer, day in payers if payer in PAYERS)
    return found


def members_facts(rows: Sequence[Row], dress: Dress) -> Facts | None:
    """Name, e-mail, roles and zone."""
    plain = plain_facts(
        ("display_name", "email", "roles", "time_zone"), ("display_name",), key="display_name"
    )
    facts = plain(rows, dress)
    if facts is None:
        return None
    emails = [one[1] for one in facts if one[1]]
    return facts if len(set(emails)) == len(emails) else None


def members_stored(context: Context) -> Facts:
    return Counter(
        (
            one.display_name,
            one.email or "",
            " ".join(sorted(role.value for role in one.roles)),
            one.time_zone or "",
        )
        for one in context.uow.members.all()
        if one.display_name in COLLEAGUES
    )
