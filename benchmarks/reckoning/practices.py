"""Practices at random, as plain data: every kind of payer, care and entry that the rules tell apart.

A practice is a dict of what JSON can hold, so that whoever reckons it needs nothing of the program. Days are ISO
dates, instants ISO with offset in UTC, lengths whole seconds. What a key holds is said where it is made. The same seed
makes the same practice.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

MANAGERS = tuple(range(1, 9))
CONSULTANTS = (11, 12)
PROVIDERS = (21, 22)
SUPERVISOR, BILLER = 31, 32
NPI = "1234567893"
PAYERS = 24
#: Named by patients beside the practice's own payers; the first are those whose rules ship with the program.
KNOWN = (
    *("Medicare", "Medicare", "Medicare", "BCBS ND", "NC Medicaid", "Michigan Medicaid", "BCBSM"),
    *("Texas Medicaid", "Virginia DMAS", "medicare part b"),
)
UNKNOWN = ("", "Nobody Knows It")
_ACTIVITIES = (
    *("phone", "phone", "phone", "phone", "in_person", "telehealth", "chart_review", "care_coordination"),
    *("case_review", "case_review", "assessment", "treatment_planning", "medication", "counseling"),
    *("outreach", "other", "admin", "psychotherapy", "crisis", "billed_separately"),
)
_CODES = ("99484", "99492", "99493", "99494", "G2214")
_SERVICES = ("96127", "98966", "99213", "99490", "90837", "99492", "99484", "G0568", "G0556", "G0323")
_SCALES = ("PHQ-9", "GAD-7", "PHQ-2", "PCL-5")
_ATTESTED = ("consultant_time", "late_time", "late_record", "coverage", "other_claim", "apcm")
_STATED = ("non_duplication", "necessity", "prior_authorization")
_LENGTHS = (5, 10, 15, 20, 25, 30, 30, 31, 35, 36, 40, 45, 60, 70)


def practice(seed: int, patients: int, months: tuple[date, ...]) -> dict[str, Any]:
    """A practice.

    Args:
        seed: Chooses which.
        patients: How many.
        months: First days of the months that are reported, in order, without a gap.
    """
    chance = Random(f"practice {seed}")
    return {
        "zone": "America/New_York",
        "settings": _settings(chance),
        #: First days of the months to be judged.
        "months": [day.isoformat() for day in months],
        "members": {
            "care_manager": list(MANAGERS),
            "consultant": list(CONSULTANTS),
            "treating_provider": list(PROVIDERS),
            "supervisor": [SUPERVISOR],
            "biller": [BILLER],
        },
        #: Rows of `cocm import payers`: text fields; an empty one keeps what is usual.
        "payers": [_payer(chance, number) for number in range(PAYERS)],
        "patients": [_Patient(chance, number, months).made() for number in range(1, patients + 1)],
    }


def _maybe(chance: Random, share: float, value: Any, otherwise: Any = None) -> Any:
    return value if chance.random() < share else otherwise


def _settings(chance: Random) -> dict[str, str]:
    """Settings that are not as they come; names and values as `cocm settings` takes them."""
    return {
        "time_rule": chance.choice(("strict", "midpoint")),
        "consultant_minutes": chance.choice(("count", "count", "exclude")),
        "initial_policy": chance.choice(("assessment_month", "assessment_month", "first_month_reached")),
        "review_required": chance.choice(("yes", "yes", "no")),
        "diagnosis_required": chance.choice(("no", "no", "yes")),
        "inpatient_counts": chance.choice(("no", "no", "yes")),
        "episode_gap_months": chance.choice(("6", "6", "3")),
    }


def _payer(chance: Random, number: int) -> dict[str, str]:
    """A payer with some rules of its own, any of them."""
    usual = " ".join(_CODES[:4])
    covered = usual if chance.random() < 0.5 else " ".join(chance.sample(_CODES, chance.randrange(1, 6)))
    return {
        "name": f"Payer {number}",
        "time_rule": chance.choice(("", "strict", "midpoint")),
        "covered_codes": covered,
        "g2214_min": chance.choice(("", "", "", "20")),
        "max_99494": chance.choice(("", "", "0", "1", "2", "4")),
        "initial_policy": chance.choice(("", "", "assessment_month", "first_month_reached")),
        "episode_gap_months": chance.choice(("", "", "", "1", "3", "12")),
        "limit_99492": chance.choice(("per episode", "per episode", "per calendar year")),
        "consultant_minutes": chance.choice(("", "", "count", "exclude")),
        "inpatient_counts": chance.choice(("", "", "yes", "no")),
        "review_required": chance.choice(("", "", "yes", "no")),
        "diagnosis_required": chance.choice(("", "", "yes", "no")),
        "psychotherapy": chance.choice(("blocks", "blocks", "allowed")),
        "prior_auth_after_months": chance.choice(("", "", "", "1", "3", "6")),
        "verified_on": _maybe(chance, 0.7, "2025-05-01", ""),
    }


class _Patient:
    """One patient, while the facts about them are thrown."""

    def __init__(self, chance: Random, number: int, months: tuple[date, ...]) -> None:
        self._chance = chance
        self._number = number
        self._months = months
        self._first = months[0]
        self._last = _month_end(months[-1])

    def made(self) -> dict[str, Any]:
        """The patient: who they are, their care, and the time worked for them."""
        chance = self._chance
        episodes = list(self._episodes())
        return {
            "mrn": f"MRN{self._number:05}",
            "referring_npi": _maybe(chance, 0.92, NPI, chance.choice(("", "1234567890"))),
            "problems_recorded": chance.random() < 0.6,
            "episodes": episodes,
            #: What of the claim changed: kind, value, first day. An episode's own facts come into force on the day on
            #: which care under it begins, the patient's NPI has held from the start; what came last into force holds.
            "claim_changes": list(self._claim_changes()) if episodes else [],
            "scores": [self._score() for _ in range(chance.choice((0, 1, 1, 2, 4)))],
            "reviews": [self._review() for _ in range(chance.randrange(3, 12))],
            "statements": [self._statement() for _ in range(chance.choice((0, 0, 1, 2)))],
            #: The day of admission, and the day of leaving (None: still there).
            "stays": [self._stay() for _ in range(chance.choice((0, 0, 0, 1, 2)))],
            "services": list(self._services()),
            "attestations": [self._attestation() for _ in range(chance.choice((0, 0, 1, 3)))],
            "entries": [entry for month in self._months for entry in self._entries(month)],
        }

    def _some_day(self, before: int = 0) -> date:
        first = self._first - timedelta(days=before)
        return first + timedelta(days=self._chance.randrange((self._last - first).days + 1))

    def _episodes(self) -> Iterator[dict[str, Any]]:
        """None to three stretches of care, in order; some end and begin in one month."""
        chance = self._chance
        begins = self._some_day(before=_maybe(chance, 0.5, 120, 600))
        earlier: str | None = None
        for _ in range(chance.choice((0, 1, 1, 1, 1, 1, 1, 1, 2, 2, 3))):
            ends = begins + timedelta(days=chance.randrange(5, 300))
            episode = self._episode(begins, _maybe(chance, 0.4, ends))
            # Nobody is referred for a stretch of care before an earlier one began.
            if episode["referred_on"] is not None and earlier is not None:
                episode["referred_on"] = max(episode["referred_on"], earlier)
            earlier = (begins + timedelta(days=1)).isoformat()
            yield episode
            begins = ends + timedelta(days=chance.choice((1, 2, 10, 30, chance.randrange(1, 300))))

    def _episode(self, begins: date, ends: date | None) -> dict[str, Any]:
        chance = self._chance

        def about(share: float) -> str | None:
            later = begins + timedelta(days=chance.choice((0, 0, 0, 3, 20, 45)))
            return later.isoformat() if chance.random() < share and (ends is None or later <= ends) else None

        assessed = about(0.88)
        return {
            "program": _maybe(chance, 0.85, "CoCM", "BHI"),
            "enrolled_on": begins.isoformat(),
            "initial_assessment_on": assessed,
            #: The local day on which the assessment was written down; None where that is not known.
            "assessment_recorded_on": assessed and self._recorded(date.fromisoformat(assessed)),
            "discharged_on": ends and ends.isoformat(),
            "payer": self._payer(),
            "care_manager": chance.choice(MANAGERS),
            #: The latest consent first.
            "consents": self._consents(begins, ends) if chance.random() < 0.9 else [],
            "referred_on": _maybe(chance, 0.2, (begins - timedelta(days=chance.randrange(60))).isoformat()),
            "initiating_visit_on": _maybe(
                chance, 0.7, (begins - timedelta(days=chance.randrange(20))).isoformat()
            ),
            "initiating_visit_needed": chance.choice((True, False, None)),
            "diagnosis_codes": chance.choice(("F33.1", "F41.1 F33.1", "", "")),
            "billing_npi": chance.choice(("", NPI)),
            "place_of_service": chance.choice(("11", "11", "02", "", "50", "72")),
            "outside_therapist": chance.random() < 0.15,
            "apcm": chance.random() < 0.06,
            "part2_record": chance.random() < 0.1,
        }

    def _payer(self) -> str:
        """Half of them the practice's own; else one that is known, unknown, or none."""
        draw = self._chance.random()
        if draw < 0.5:
            return f"Payer {self._chance.randrange(PAYERS)}"
        return self._chance.choice(KNOWN if draw < 0.93 else UNKNOWN)

    def _consents(self, begins: date, ends: date | None) -> list[dict[str, Any]]:
        """One consent, mostly; sometimes revoked, sometimes given again."""
        chance = self._chance
        given = begins + timedelta(days=chance.choice((0, 0, 0, 2, 10)))
        if ends is not None and given > ends:
            given = begins
        revoked = given + timedelta(days=chance.randrange(1, 90)) if chance.random() < 0.12 else None
        one = self._consent(given, revoked)
        if revoked is None or chance.random() < 0.5:
            return [one]
        return [self._consent(revoked + timedelta(days=chance.randrange(1, 30)), None), one]

    def _consent(self, given: date, revoked: date | None) -> dict[str, Any]:
        chance = self._chance
        return {
            "given_on": given.isoformat(),
            "revoked_on": revoked and revoked.isoformat(),
            "kind": chance.choice(("verbal", "written", "written", None)),
            "cost_sharing_disclosed": chance.choice((True, True, False, None)),
            "recorded_on": self._recorded(given),
        }

    def _recorded(self, day: date) -> str | None:
        """The local day on which something of a day was written down; None where that is not known."""
        later = self._chance.choice((0, 0, 0, 0, 0, 1, 3, 12))
        return _maybe(self._chance, 0.8, (day + timedelta(days=later)).isoformat())

    def _claim_changes(self) -> Iterator[dict[str, str]]:
        chance = self._chance
        if chance.random() < 0.2:
            yield {"kind": "payer", "value": self._payer() or "Payer 1", "from": self._some_day().isoformat()}
        if chance.random() < 0.05:
            yield {"kind": "payer", "value": self._payer() or "Payer 2", "from": self._some_day().isoformat()}
        if chance.random() < 0.08:
            value = chance.choice((NPI, "1234567890", "1245319599"))
            yield {"kind": "referring_npi", "value": value, "from": self._some_day().isoformat()}
        if chance.random() < 0.08:
            yield {"kind": "diagnosis_codes", "value": "F32.1", "from": self._some_day().isoformat()}
        if chance.random() < 0.05:
            value = chance.choice(("11", "50", "72"))
            yield {"kind": "place_of_service", "value": value, "from": self._some_day().isoformat()}
        if chance.random() < 0.05:
            yield {"kind": "billing_npi", "value": "1245319599", "from": self._some_day().isoformat()}

    def _score(self) -> dict[str, Any]:
        on = self._some_day(before=90)
        return {
            "scale": self._chance.choice(_SCALES),
            "value": self._chance.randrange(6),
            "on": on.isoformat(),
            "recorded_on": self._recorded(on),
        }

    def _review(self) -> dict[str, Any]:
        on = self._some_day(before=60)
        return {
            "on": on.isoformat(),
            "consultant": self._chance.choice(CONSULTANTS),
            "recorded_on": self._recorded(on) or on.isoformat(),
        }

    def _statement(self) -> dict[str, Any]:
        on = self._some_day(before=300)
        until = on + timedelta(days=self._chance.randrange(120))
        return {
            "kind": self._chance.choice(_STATED),
            "on": on.isoformat(),
            "until": _maybe(self._chance, 0.4, until.isoformat()),
        }

    def _stay(self) -> dict[str, Any]:
        on = self._some_day(before=30)
        left = on + timedelta(days=self._chance.choice((0, 1, 3, 10, 40)))
        return {"from": on.isoformat(), "to": _maybe(self._chance, 0.9, left.isoformat())}

    def _services(self) -> Iterator[dict[str, Any]]:
        """Services on other claims, with who gave them: a member, somebody else (0), or nobody knows (None)."""
        if self._chance.random() > 0.35:
            return
        for code in self._chance.sample(_SERVICES, self._chance.choice((1, 1, 2))):
            by = self._chance.choice((None, 0, *MANAGERS[:3])) if code == "90837" else None
            yield {"code": code, "on": self._some_day().isoformat(), "by": by}

    def _attestation(self) -> dict[str, str]:
        return {
            "month": self._chance.choice(self._months).isoformat(),
            "kind": self._chance.choice(_ATTESTED),
        }

    def _entries(self, month: date) -> Iterator[dict[str, Any]]:
        if self._chance.random() < 0.9:
            for _ in range(self._chance.choice((1, 2, 3, 4, 5, 6, 7))):
                yield self._entry(month)

    def _entry(self, month: date) -> dict[str, Any]:
        chance = self._chance
        last = _month_end(month)
        on = last if chance.random() < 0.08 else month + timedelta(days=chance.randrange(last.day))
        seconds = 60 * chance.choice((*_LENGTHS, chance.randrange(1, 150)))
        seconds += chance.choice((0, 0, 0, chance.randrange(60)))
        start = datetime(
            on.year, on.month, on.day, chance.randrange(14, 20), 10 * chance.randrange(6), tzinfo=UTC
        )
        keyed = start + timedelta(seconds=seconds + chance.randrange(3_000))
        keyed += timedelta(days=_maybe(chance, 0.15, chance.randrange(1, 20), 0))
        role, person = self._worker()
        others = [one for one in (*MANAGERS[:3], *CONSULTANTS) if one != person]
        activity = chance.choice(_ACTIVITIES)
        return {
            "on": on.isoformat(),
            #: As it stands now, and as first written where a correction changed it.
            "seconds": seconds,
            "first_seconds": max(60, seconds - 60 * chance.randrange(-30, 40))
            if chance.random() < 0.05
            else None,
            "role": role,
            "by": person,
            "activity": activity,
            "source": chance.choice(("inferred", "stated", "confirmed")),
            "start": _maybe(chance, 0.4, start.isoformat()),
            #: Others who took part at the same time.
            "with": sorted(chance.sample(others, chance.choice((1, 1, 2)))) if chance.random() < 0.08 else [],
            "recorded_at": keyed.isoformat(),
            "recorded_on": keyed.date().isoformat(),
            "note": "" if chance.random() < 0.1 else f"call {chance.randrange(10**9)}",
        }

    def _worker(self) -> tuple[str, int]:
        draw = self._chance.random()
        if draw < 0.78:
            return "care_manager", self._chance.choice(MANAGERS)
        if draw < 0.94:
            return "consultant", self._chance.choice(CONSULTANTS)
        return "treating_provider", self._chance.choice(PROVIDERS)


def _month_end(month: date) -> date:
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
