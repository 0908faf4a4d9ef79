"""Fill a database with months at random: every kind of payer, care and entry that the rules tell apart.

    python -m benchmarks.random_months FILE SEED PATIENTS
    python -m benchmarks.random_months FILE SEED PATIENTS --after-close

FILE is an empty database that the base build has migrated. The second form adds what is written once the first month
is closed: entries, corrections and voids. The same arguments make the same months.
"""

import argparse
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.random_payers import PAYERS, payer, rate
from benchmarks.rows import MadeEntry, Rows, day, instant

#: Seven months of a year that is over: a month that runs cannot be closed.
FIRST, LAST = date(2025, 6, 1), date(2025, 12, 31)
MONTHS = tuple(date(2025, month, 1) for month in range(6, 13))
BILLER = "Bill Biller"

_MANAGERS = range(1, 26)
_CONSULTANTS = range(26, 30)
_PROVIDERS = range(30, 33)
_BILLER, _SUPERVISOR = 33, 34
_EVERYBODY = range(1, 35)
_ACTIVITIES = (
    *("phone", "phone", "phone", "phone", "in_person", "telehealth", "chart_review", "care_coordination"),
    *(
        "case_review",
        "case_review",
        "assessment",
        "treatment_planning",
        "medication",
        "counseling",
        "outreach",
    ),
    *("other", "admin", "psychotherapy", "crisis", "billed_separately"),
)
_SCALES = ("PHQ-9", "GAD-7", "PHQ-2", "PCL-5", "C-SSRS", "MDQ")
_SERVICES = ("96127", "98966", "98968", "99213", "99202", "90837")
_ATTESTED = ("consultant_time", "late_time", "corrected_time", "last_day_time")
_STATED = ("non_duplication", "necessity", "prior_authorization")
_NPI = "1234567893"


def fill(file: Path, seed: int, patients: int) -> None:
    """Fill an empty database of the base build."""
    chance = Random(f"{seed} facts")
    numbers = range(1, patients + 1)
    with Rows(file) as rows:
        rows.put("member", map(_member, _EVERYBODY))
        rows.put("payer", (payer(chance, number) for number in range(PAYERS)))
        rows.put("fee_schedule", [{"name": "Ours", "name_key": "ours", "source": "made up"}])
        rows.put("fee_rate", map(rate, range(1, 4)))
        rows.put("patient", (_patient(chance, number) for number in numbers))
        rows.put("patient_identity", (_identity(chance, number) for number in numbers))
        stretches = {number: list(_episodes(chance, number)) for number in numbers}
        rows.put("episode", (one for number in numbers for one in stretches[number]))
        rows.put("score", (_score(chance, n) for n in numbers for _ in range(chance.choice((0, 1, 1, 2, 4)))))
        rows.put("case_review", (_review(chance, n) for n in numbers for _ in range(chance.randrange(7))))
        rows.put(
            "statement", (_statement(chance, n) for n in numbers for _ in range(chance.choice((0, 0, 1, 2))))
        )
        rows.put(
            "admission",
            (_admission(chance, n) for n in numbers for _ in range(chance.choice((0, 0, 0, 1, 2)))),
        )
        services = {
            (n, day(_some_day(chance)), chance.choice(_SERVICES)) for n in numbers if chance.random() < 0.4
        }
        rows.put(
            "other_service",
            ({"patient_id": n, "service_on": on, "code": code} for n, on, code in sorted(services)),
        )
        rows.put(
            "attestation",
            (_attestation(chance, n) for n in numbers for _ in range(chance.choice((0, 0, 1, 3)))),
        )
        made = [entry for number in numbers for entry in _entries(chance, number)]
        rows.entries(sorted(made, key=lambda entry: entry.recorded_at))
        _damage(rows)


def add_after_close(file: Path, seed: int, patients: int) -> None:
    """Write about the first month again: entries, corrections and voids, all of them now."""
    chance = Random(f"{seed} after the close")
    now = datetime.combine(date(2026, 1, 20), datetime.min.time(), UTC)
    numbers = chance.sample(range(1, patients + 1), patients // 20)
    with Rows(file) as rows:
        last = MONTHS[1] - timedelta(days=1)
        known = rows.ids(MONTHS[0], last, every=60)
        rows.entries(_entry(chance, number, MONTHS[0], keyed=now) for number in numbers)
        rows.change_later(known[::3], now, None)
        rows.change_later(known[1::3], now, 1_260)
        rows.change_later(known[2::3], now, 4_200)


def _damage(rows: Rows) -> None:
    """A few entries of no possible length, and in the last month some that cannot be read.

    In earlier months these would end the base build's report of a payer whose rules look back.
    """
    long = rows.ids(MONTHS[3], LAST, every=1_000)
    rows.damage(long[::2], "seconds", -60)
    rows.damage(long[1::2], "seconds", 400_000)
    unreadable = rows.ids(MONTHS[-1], LAST, every=400)
    for place, (column, value) in enumerate(
        (("activity", "ph?ne"), ("role", ""), ("service_date", "2025-02-31"), ("participants", "1;2"))
    ):
        rows.damage(unreadable[place::4], column, value)


def _maybe(chance: Random, share: float, value: Any, otherwise: Any = None) -> Any:
    return value if chance.random() < share else otherwise


def _some_day(chance: Random, first: date = FIRST, last: date = LAST) -> date:
    return first + timedelta(days=chance.randrange((last - first).days + 1))


def _member(number: int) -> dict[str, Any]:
    named = {_BILLER: ("biller", BILLER), _SUPERVISOR: ("supervisor", "Sue Visor")}
    role = (
        "care_manager"
        if number in _MANAGERS
        else "consultant"
        if number in _CONSULTANTS
        else "treating_provider"
    )
    role, name = named.get(number, (role, f"Member {number}"))
    return {
        "member_id": number,
        "slack_user_id": f"U{number:04}",
        "display_name": name,
        "name_key": name.casefold(),
        "roles": role,
        "credential": "",
        "department": ("North", "South", "")[number % 3],
        "active": 1,
    }


def _patient(chance: Random, number: int) -> dict[str, Any]:
    return {
        "patient_id": number,
        "handle": f"P-{number:05}",
        "on_roster": chance.random() < 0.9,
        "referring_npi": _maybe(chance, 0.92, _NPI, chance.choice(("", "1234567890"))),
    }


def _identity(chance: Random, number: int) -> dict[str, Any]:
    return {
        "patient_id": number,
        "identity": f"{number:05}",
        "mrn": f"MRN{number:05}",
        "first_name": _maybe(chance, 0.9, f"First{number}", ""),
        "last_name": f"Last{number}",
        "problems": _maybe(chance, 0.6, "Depression", ""),
    }


def _episodes(chance: Random, number: int) -> Iterator[dict[str, Any]]:
    """None to three stretches of care, in order, some of them with gaps and some that overlap."""
    begins = _some_day(chance, date(2024, 1, 1), LAST)
    if chance.random() < 0.5:
        begins = _some_day(chance, date(2025, 4, 1), date(2025, 8, 1))
    for _ in range(chance.choice((0, 1, 1, 1, 1, 1, 1, 1, 2, 2, 3))):
        ends = begins + timedelta(days=chance.randrange(5, 400))
        yield _episode(chance, number, begins, _maybe(chance, 0.35, ends))
        begins = ends + timedelta(days=chance.randrange(-10, 300))


def _episode(chance: Random, number: int, begins: date, ends: date | None) -> dict[str, Any]:
    def about(share: float) -> str | None:
        return day(_maybe(chance, share, begins + timedelta(days=chance.choice((0, 0, 0, 3, 20, 45)))))

    consent = about(0.9)
    return {
        "patient_id": number,
        "program": _maybe(chance, 0.9, "CoCM", "BHI"),
        "enrolled_on": about(0.95),
        "initial_assessment_on": about(0.88),
        "discharged_on": day(ends),
        "discharge_reason": "",
        "payer": _payer_name(chance),
        "care_manager": _maybe(chance, 0.95, chance.choice(_MANAGERS)),
        "consent_given_on": consent,
        "consent_kind": consent and chance.choice(("verbal", "written", "written", None)),
        "consent_recorded_by": consent and chance.choice((1, None)),
        "consent_cost_sharing": consent and chance.choice((1, 1, 0, None)),
        "consent_revoked_on": consent and _maybe(chance, 0.1, day(_some_day(chance))),
        "earlier_consents": _earlier_consents(chance, begins) if consent else "[]",
        "referred_on": _maybe(chance, 0.2, day(begins - timedelta(days=chance.randrange(60)))),
        "initiating_visit_on": _maybe(chance, 0.7, day(begins - timedelta(days=chance.randrange(20)))),
        "initiating_visit_needed": chance.choice((1, 0, None)),
        "diagnosis_codes": chance.choice(("F33.1", "F41.1 F33.1", "", "")),
        "billing_npi": chance.choice(("", _NPI)),
        "place_of_service": chance.choice(("11", "02", "")),
        "outside_therapist": chance.random() < 0.15,
        "apcm": chance.random() < 0.1,
        "part2_record": chance.random() < 0.1,
    }


def _payer_name(chance: Random) -> str:
    """Mostly one of the practice's; else one that is known, unknown, or none."""
    if chance.random() < 0.75:
        return f"Payer {chance.randrange(PAYERS)}"
    return chance.choice(
        ("", "Nobody Knows It", "Medicare", "BCBS ND", "NC Medicaid", "Michigan Medicaid", "BCBSM")
    )


def _earlier_consents(chance: Random, begins: date) -> str:
    if chance.random() < 0.92:
        return "[]"
    until = day(begins + timedelta(days=chance.randrange(1, 90)))
    return json.dumps([[day(begins), chance.choice(("verbal", "written", None)), None, True, until]])


def _score(chance: Random, number: int) -> dict[str, Any]:
    return {
        "patient_id": number,
        "scale": chance.choice(_SCALES),
        "value": chance.randrange(6),
        "measured_on": day(_some_day(chance, date(2024, 10, 1))),
        "recorded_by": _maybe(chance, 0.8, chance.choice(_MANAGERS)),
        **_withdrawn(chance),
    }


def _withdrawn(chance: Random) -> dict[str, Any]:
    gone = chance.random() < 0.05
    return {
        "withdrawn_by": _SUPERVISOR if gone else None,
        "withdrawn_at": instant(datetime(2026, 1, 5, 15, tzinfo=UTC)) if gone else None,
    }


def _review(chance: Random, number: int) -> dict[str, Any]:
    on = _some_day(chance, date(2025, 1, 1))
    return {
        "patient_id": number,
        "reviewed_on": day(on),
        "consultant": chance.choice(_CONSULTANTS),
        "recorded_by": chance.choice(_MANAGERS),
        "recorded_at": instant(datetime(on.year, on.month, on.day, 20, tzinfo=UTC)),
        "sent_on": _maybe(chance, 0.7, day(on)),
        **_withdrawn(chance),
    }


def _statement(chance: Random, number: int) -> dict[str, Any]:
    on = _some_day(chance, date(2024, 9, 1))
    return {
        "patient_id": number,
        "kind": chance.choice(_STATED),
        "made_on": day(on),
        "made_by": chance.choice(_MANAGERS),
        "valid_until": _maybe(chance, 0.4, day(on + timedelta(days=chance.randrange(120)))),
        **_withdrawn(chance),
    }


def _admission(chance: Random, number: int) -> dict[str, Any]:
    on = _some_day(chance, date(2025, 5, 1))
    return {
        "patient_id": number,
        "admitted_on": day(on),
        "left_on": _maybe(chance, 0.9, day(on + timedelta(days=chance.choice((0, 1, 3, 10, 40))))),
        **_withdrawn(chance),
    }


def _attestation(chance: Random, number: int) -> dict[str, Any]:
    return {
        "patient_id": number,
        "month": day(chance.choice(MONTHS)),
        "kind": chance.choice(_ATTESTED),
        "attested_by": chance.choice((_BILLER, _SUPERVISOR)),
        "attested_at": instant(datetime(2026, 1, 6, 15, tzinfo=UTC)),
    }


def _entries(chance: Random, number: int) -> Iterator[MadeEntry]:
    """Entries of a patient in most of the months, and in a few before and after."""
    steady = chance.choice((0.95, 0.95, 0.95, 0.95, 1.0, 1.0, 0.5))
    for month in (date(2025, 2, 1), date(2025, 5, 1), *MONTHS):
        if chance.random() < (steady if month in MONTHS else 0.2):
            for _ in range(chance.choice((1, 2, 3, 3, 4, 5, 6))):
                yield _entry(chance, number, month)


def _entry(chance: Random, number: int, month: date, keyed: datetime | None = None) -> MadeEntry:
    on = _day_of_work(chance, month)
    minutes = chance.choice((5, 10, 15, 20, 25, 30, 30, 31, 35, 36, 40, 45, 60, 70, chance.randrange(1, 150)))
    seconds = 60 * minutes + chance.choice((0, 0, 0, chance.randrange(60)))
    start = datetime(
        on.year, on.month, on.day, chance.randrange(14, 20), 10 * chance.randrange(6), tzinfo=UTC
    )
    if keyed is None:
        keyed = start + timedelta(seconds=seconds + chance.randrange(3_000))
        keyed += timedelta(days=_maybe(chance, 0.2, chance.randrange(1, 40), 0))
    clocked = chance.random() < 0.4
    corrected, voided = chance.random() < 0.06, chance.random() < 0.02
    role, person = _worker(chance)
    others = [one for one in (*_MANAGERS[:5], *_CONSULTANTS) if one != person]
    return MadeEntry(
        patient_id=number,
        seconds=seconds,
        service_date=on,
        recorded_at=keyed,
        recorded_on=_maybe(chance, 0.9, keyed.date()),
        performed_by=person,
        recorded_by=_maybe(chance, 0.8, person, chance.choice(_MANAGERS)),
        role=role,
        activity=chance.choice(_ACTIVITIES),
        activity_source=chance.choice(("inferred", "stated", "confirmed")),
        started_at=start if clocked else None,
        ended_at=start + timedelta(seconds=seconds) if clocked else None,
        participants=tuple(sorted(chance.sample(others, chance.choice((1, 1, 2)))))
        if chance.random() < 0.1
        else (),
        note=_note(chance),
        first_seconds=max(60, seconds - 60 * chance.randrange(-30, 40)) if corrected else None,
        corrected_at=keyed + timedelta(hours=1) if corrected else None,
        voided_at=keyed + timedelta(hours=2) if voided else None,
    )


def _day_of_work(chance: Random, month: date) -> date:
    """Any day of the month, its last more often than others."""
    last = (month.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    return last if chance.random() < 0.08 else month + timedelta(days=chance.randrange(last.day))


def _worker(chance: Random) -> tuple[str, int]:
    draw = chance.random()
    if draw < 0.8:
        return "care_manager", chance.choice(_MANAGERS)
    if draw < 0.94:
        return "consultant", chance.choice(_CONSULTANTS)
    return "treating_provider", chance.choice(_PROVIDERS)


def _note(chance: Random) -> str:
    draw = chance.random()
    if draw < 0.1:
        return ""
    return "phone check-in" if draw < 0.13 else f"call {chance.randrange(10**9)}"


def main() -> None:
    """Make months as the command line says."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("file", type=Path)
    parser.add_argument("seed", type=int)
    parser.add_argument("patients", type=int)
    parser.add_argument("--after-close", action="store_true")
    options = parser.parse_args()
    (add_after_close if options.after_close else fill)(options.file, options.seed, options.patients)


if __name__ == "__main__":
    main()
