"""Fill a database with a big practice and its year: by default 20,000 patients and 960,000 entries.

    python -m benchmarks.big_practice FILE [--patients N] [--entries N] [--earlier-years N]

FILE is an empty database that the base build has migrated. The same arguments make the same practice. The last twelve
months are the same whatever number of earlier years comes before them.
"""

import argparse
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.rows import MadeEntry, Rows, day, instant

PATIENTS, ENTRIES = 20_000, 960_000
MONTHS = 12
#: The year's last month.
LAST = date(2026, 11, 1)
SEED = 8

_PATIENTS_A_MANAGER, _MANAGERS_A_CONSULTANT = 50, 20
_NPI = "1234567893"
_MINUTES = (3, 5, 8, 10, 12, 15, 15, 20, 20, 25, 30, 45)
_ACTIVITIES = (
    *("phone",) * 9,
    *("chart_review",) * 4,
    *("care_coordination",) * 3,
    *("telehealth",) * 2,
    *("in_person", "treatment_planning", "medication", "counseling", "outreach", "other", "assessment"),
)
_PHRASES = (
    "phone check-in, PHQ-9 reviewed",
    "no answer, left a voicemail",
    "chart review before the visit",
    "labs coordinated with primary care",
    "behavioral activation plan",
    "medication side effects discussed",
)
#: Each payer's own rules; a few patients have a payer without any, and a few have no payer.
_PAYERS: tuple[dict[str, Any], ...] = (
    {"name": "Cedar Health", "verified_on": "2026-01-15"},
    {"name": "Blue Harbor", "time_rule": "midpoint", "verified_on": "2026-01-15"},
    {"name": "Northern Mutual", "max_99494": 2, "modifiers": "99492:HE E/M:25", "verified_on": "2026-01-15"},
    {"name": "Lakeview Plan", "covered_codes": "99484 99492 99493 99494 G2214", "verified_on": "2026-01-15"},
    {"name": "State Medicaid", "prior_auth_after_months": 9, "psychotherapy": "allowed", "verified_on": None},
    {"name": "Yearly Plan", "limit_99492": "per calendar year", "verified_on": "2026-01-15"},
    {"name": "Patient Plan", "initial_policy": "first_month_reached", "verified_on": "2026-01-15"},
)
#: Most patients are with the big payers; the last two look back over earlier months, and are rare.
_PAYER_NAMES = (
    *("Cedar Health",) * 30,
    *("Blue Harbor", "Northern Mutual", "Lakeview Plan", "State Medicaid") * 15,
    *("Medicare", "NC Medicaid", "", "Yearly Plan", "Patient Plan") * 2,
)
#: Months since care began: most patients stay for about a year.
_MONTHS_IN_CARE = (*range(6, 14), *range(6, 14), *range(20))
_CHANCE_CLOCKED, _CHANCE_LATE, _CHANCE_CORRECTED, _CHANCE_VOID = 0.15, 0.08, 0.02, 0.005
_CHANCE_SEPARATE, _CHANCE_CONSULTANT, _CHANCE_JOINT = 0.02, 0.04, 0.01
_CHANCE_LONG, _CHANCE_WORDLESS, _CHANCE_SAME_WORDS = 0.002, 0.03, 0.02


@dataclass(frozen=True, slots=True)
class _Practice:
    """Who is there: numbers of members and patients, from 1."""

    patients: int

    @property
    def managers(self) -> int:
        return -(-self.patients // _PATIENTS_A_MANAGER)

    @property
    def consultants(self) -> int:
        return -(-self.managers // _MANAGERS_A_CONSULTANT)

    def manager_of(self, patient_id: int) -> int:
        return 1 + (patient_id - 1) // _PATIENTS_A_MANAGER

    def consultant_of(self, patient_id: int) -> int:
        return self.managers + 1 + (self.manager_of(patient_id) - 1) // _MANAGERS_A_CONSULTANT

    def members(self) -> Iterator[dict[str, Any]]:
        """The care managers, then their consultants, then a biller."""
        last = self.managers + self.consultants + 1
        for number in range(1, last + 1):
            role = "care_manager" if number <= self.managers else "consultant" if number < last else "biller"
            name = f"Member {number}" if number < last else "Biller"
            yield {
                "member_id": number,
                "slack_user_id": f"U{number:06}",
                "display_name": name,
                "name_key": name.casefold(),
                "roles": role,
                "credential": "LCSW",
                "department": "Behavioral Health",
                "active": 1,
            }


def month_before(months: int) -> date:
    """The first day of the month so many before the last."""
    place = LAST.year * 12 + LAST.month - 1 - months
    return date(place // 12, place % 12 + 1, 1)


def fill(file: Path, *, patients: int, entries: int, earlier_years: int) -> None:
    """Fill an empty database of the base build."""
    practice = _Practice(patients)
    with Rows(file) as rows:
        rows.put("member", practice.members())
        rows.put("payer", map(_payer, _PAYERS))
        _put_patients(rows, practice)
        _put_care(rows, practice)
        share = entries / (patients * MONTHS)
        for months in reversed(range(MONTHS * (1 + earlier_years))):
            rows.entries(_month_entries(practice, month_before(months), share))
        last = rows.ids(LAST, date(2026, 11, 30), every=max(1, patients // 2))
        rows.damage(last[1:4], "activity", "ph\x00ne")
        rows.damage(last[4:6], "service_date", "2026-11-31")
        rows.damage(last[6:8], "seconds", 400_000)


def _payer(own: dict[str, Any]) -> dict[str, Any]:
    usual = {
        "time_rule": None,
        "covered_codes": "99484 99492 99493 99494",
        "max_99494": None,
        "initial_policy": None,
        "limit_99492": "per episode",
        "psychotherapy": "blocks",
        "prior_auth_after_months": None,
        "modifiers": "",
        "fee_schedule": "",
        "source": "made up",
    }
    return usual | {"name_key": own["name"].casefold()} | own


def _put_patients(rows: Rows, practice: _Practice) -> None:
    chance = Random(f"{SEED} patients")
    numbers = range(1, practice.patients + 1)
    rows.put(
        "patient",
        (
            {
                "patient_id": number,
                "handle": f"P-{number:06}",
                "on_roster": chance.random() < 0.98,
                "referring_npi": _NPI if chance.random() < 0.96 else chance.choice(("", "1234567890")),
            }
            for number in numbers
        ),
    )
    rows.put(
        "patient_identity",
        (
            {
                "patient_id": number,
                "identity": f"{number:07}",
                "mrn": f"MRN{number:07}",
                "first_name": f"First{number % 211}",
                "last_name": f"Last{number % 1009}",
                "problems": "Major depressive disorder" if chance.random() < 0.9 else "",
            }
            for number in numbers
        ),
    )


def _put_care(rows: Rows, practice: _Practice) -> None:
    chance = Random(f"{SEED} care")
    numbers = range(1, practice.patients + 1)
    rows.put("episode", (one for number in numbers for one in _episodes(chance, practice, number)))
    rows.put("score", (one for number in numbers for one in _scores(chance, practice, number)))
    rows.put("case_review", (one for number in numbers for one in _reviews(chance, practice, number)))
    rows.put("statement", (_statement(chance, practice, n) for n in numbers if chance.random() < 0.08))
    rows.put("admission", (_admission(chance, n) for n in numbers if chance.random() < 0.05))
    rows.put("other_service", (_service(chance, n) for n in numbers if chance.random() < 0.05))
    rows.put("attestation", (_attestation(chance, practice, n) for n in numbers if chance.random() < 0.02))


def _episodes(chance: Random, practice: _Practice, number: int) -> Iterator[dict[str, Any]]:
    """One stretch of care for most; a few were discharged, came back, or were never enrolled."""
    if chance.random() < 0.02:
        return
    months = chance.choice(_MONTHS_IN_CARE)
    began = month_before(months) + timedelta(days=chance.randrange(28))
    if chance.random() < 0.03:
        earlier = month_before(months + 12)
        yield _episode(chance, practice, number, earlier, earlier + timedelta(days=120))
    yield _episode(chance, practice, number, began, None)


def _episode(
    chance: Random, practice: _Practice, number: int, began: date, ended: date | None
) -> dict[str, Any]:
    if ended is None and chance.random() < 0.05:
        ended = month_before(chance.randrange(8)) + timedelta(days=chance.randrange(28))
    consented = chance.random() < 0.97
    return {
        "patient_id": number,
        "program": "CoCM" if chance.random() < 0.97 else "BHI",
        "enrolled_on": day(began),
        "initial_assessment_on": day(began) if chance.random() < 0.97 else None,
        "discharged_on": day(ended) if ended is not None and ended > began else None,
        "discharge_reason": "",
        "payer": chance.choice(_PAYER_NAMES),
        "care_manager": practice.manager_of(number),
        "consent_given_on": day(began + timedelta(days=chance.choice((0, 0, 0, 0, 0, 5))))
        if consented
        else None,
        "consent_kind": chance.choice(("verbal", "written", "verbal", None)) if consented else None,
        "consent_cost_sharing": chance.choice((1, 1, 1, 0, None)) if consented else None,
        "consent_revoked_on": "2026-11-20" if consented and chance.random() < 0.005 else None,
        "earlier_consents": "[]",
        "initiating_visit_on": day(began - timedelta(days=3)) if chance.random() < 0.9 else None,
        "diagnosis_codes": chance.choice(("F33.1", "F41.1", "F32.9 F41.1", "")),
        "billing_npi": "",
        "place_of_service": "11",
        "outside_therapist": chance.random() < 0.05,
        "apcm": chance.random() < 0.02,
        "part2_record": chance.random() < 0.02,
    }


def _scores(chance: Random, practice: _Practice, number: int) -> Iterator[dict[str, Any]]:
    """A score in most months of the year."""
    for months in range(MONTHS):
        if chance.random() < 0.7:
            yield {
                "patient_id": number,
                "scale": chance.choice(("PHQ-9", "GAD-7")),
                "value": chance.randrange(22),
                "measured_on": day(month_before(months) + timedelta(days=chance.randrange(28))),
                "recorded_by": practice.manager_of(number),
            }


def _reviews(chance: Random, practice: _Practice, number: int) -> Iterator[dict[str, Any]]:
    """The consultant's review in four months of five."""
    for months in range(MONTHS):
        if chance.random() < 0.8:
            on = month_before(months) + timedelta(days=chance.randrange(28))
            yield {
                "patient_id": number,
                "reviewed_on": day(on),
                "consultant": practice.consultant_of(number),
                "recorded_by": practice.manager_of(number),
                "recorded_at": instant(datetime(on.year, on.month, on.day, 21, tzinfo=UTC)),
                "sent_on": day(on),
            }


def _statement(chance: Random, practice: _Practice, number: int) -> dict[str, Any]:
    return {
        "patient_id": number,
        "kind": chance.choice(("non_duplication", "necessity", "prior_authorization")),
        "made_on": day(month_before(chance.randrange(MONTHS))),
        "made_by": practice.manager_of(number),
    }


def _admission(chance: Random, number: int) -> dict[str, Any]:
    on = month_before(chance.randrange(MONTHS)) + timedelta(days=chance.randrange(25))
    left = on + timedelta(days=chance.randrange(12)) if chance.random() < 0.9 else None
    return {"patient_id": number, "admitted_on": day(on), "left_on": day(left)}


def _service(chance: Random, number: int) -> dict[str, Any]:
    on = month_before(chance.randrange(MONTHS)) + timedelta(days=chance.randrange(25))
    return {"patient_id": number, "service_on": day(on), "code": chance.choice(("96127", "98966", "99213"))}


def _attestation(chance: Random, practice: _Practice, number: int) -> dict[str, Any]:
    kinds = ("consultant_time", "late_time", "corrected_time", "last_day_time")
    return {
        "patient_id": number,
        "month": day(month_before(chance.randrange(MONTHS))),
        "kind": chance.choice(kinds),
        "attested_by": practice.managers + practice.consultants + 1,
        "attested_at": instant(datetime(2026, 11, 27, 15, tzinfo=UTC)),
    }


def _month_entries(practice: _Practice, month: date, share: float) -> list[MadeEntry]:
    """A month's entries of everybody in the order in which they were keyed, `share` a patient."""
    chance = Random(f"{SEED} {month}")
    least, rest = int(share), share - int(share)
    made = [
        _entry(chance, practice, patient_id, month)
        for patient_id in range(1, practice.patients + 1)
        for _ in range(least + (chance.random() < rest))
    ]
    return sorted(made, key=lambda entry: entry.recorded_at)


def _entry(chance: Random, practice: _Practice, patient_id: int, month: date) -> MadeEntry:
    on = month + timedelta(days=chance.randrange(28))
    seconds = 60 * chance.choice(_MINUTES) if chance.random() >= _CHANCE_LONG else 9_000
    start = datetime(
        on.year, on.month, on.day, chance.randrange(13, 21), 5 * chance.randrange(12), tzinfo=UTC
    )
    keyed = start + timedelta(seconds=seconds + chance.randrange(5_000))
    if chance.random() < _CHANCE_LATE:
        keyed += timedelta(days=chance.randrange(3, 20))
    clocked = chance.random() < _CHANCE_CLOCKED
    corrected = chance.random() < _CHANCE_CORRECTED
    consults = chance.random() < _CHANCE_CONSULTANT
    manager, consultant = practice.manager_of(patient_id), practice.consultant_of(patient_id)
    separate = chance.random() < _CHANCE_SEPARATE
    return MadeEntry(
        patient_id=patient_id,
        seconds=seconds,
        service_date=on,
        recorded_at=keyed,
        recorded_on=keyed.date(),
        performed_by=consultant if consults else manager,
        recorded_by=manager,
        role="consultant" if consults else "care_manager",
        activity=_activity(chance, consults=consults, separate=separate),
        activity_source=chance.choice(("inferred", "stated", "confirmed")),
        started_at=start if clocked else None,
        ended_at=start + timedelta(seconds=seconds) if clocked else None,
        participants=(consultant,) if not consults and chance.random() < _CHANCE_JOINT else (),
        note=_note(chance, patient_id),
        first_seconds=max(60, seconds + 60 * chance.randrange(-10, 10)) if corrected else None,
        corrected_at=keyed + timedelta(hours=2) if corrected else None,
        voided_at=keyed + timedelta(hours=3) if chance.random() < _CHANCE_VOID else None,
    )


def _activity(chance: Random, *, consults: bool, separate: bool) -> str:
    if separate:
        return chance.choice(("admin", "psychotherapy", "crisis", "billed_separately"))
    return "case_review" if consults else chance.choice(_ACTIVITIES)


def _note(chance: Random, patient_id: int) -> str:
    """Words of one's own for most; a few entries have none, or everybody's."""
    draw = chance.random()
    if draw < _CHANCE_WORDLESS:
        return ""
    phrase = chance.choice(_PHRASES)
    return (
        phrase
        if draw < _CHANCE_WORDLESS + _CHANCE_SAME_WORDS
        else f"{phrase} {patient_id % 97} {chance.randrange(10**6)}"
    )


def main() -> None:
    """Make a practice as the command line says, and print what was made."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("file", type=Path)
    parser.add_argument("--patients", type=int, default=PATIENTS)
    parser.add_argument("--entries", type=int, help="of the last twelve months; 48 a patient when left out")
    parser.add_argument("--earlier-years", type=int, default=0, help="years before them, each as full")
    options = parser.parse_args()
    entries = options.entries or options.patients * ENTRIES // PATIENTS
    fill(options.file, patients=options.patients, entries=entries, earlier_years=options.earlier_years)
    print(json.dumps({"patients": options.patients, "entries": entries * (1 + options.earlier_years)}))


if __name__ == "__main__":
    main()
