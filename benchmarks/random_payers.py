"""Payers at random, and the fees that some of them go by."""

from random import Random
from typing import Any

PAYERS = 60
_CODES = ("99484", "99492", "99493", "99494", "G2214")


def payer(chance: Random, number: int) -> dict[str, Any]:
    """A payer with some rules of its own, any of them."""
    covered = _CODES[:4] if chance.random() < 0.5 else chance.sample(_CODES, chance.randrange(1, 6))
    return {
        "name": f"Payer {number}",
        "name_key": f"payer {number}",
        "time_rule": chance.choice((None, "strict", "midpoint")),
        "covered_codes": " ".join(sorted(covered)),
        "g2214_min_seconds": 1_200 if chance.random() < 0.2 else None,
        "max_99494": chance.choice((None, None, 0, 1, 2, 4)),
        "initial_policy": chance.choice((None, None, "assessment_month", "first_month_reached")),
        "episode_gap_months": chance.choice((None, None, None, 0, 1, 3, 12)),
        "limit_99492": chance.choice(("per episode", "per episode", "per calendar year")),
        "consultant_minutes": chance.choice((None, None, "count", "exclude")),
        "inpatient_counts": chance.choice((None, None, 1, 0)),
        "review_required": chance.choice((None, None, 1, 0)),
        "diagnosis_required": chance.choice((None, None, 1, 0)),
        "psychotherapy": chance.choice(("blocks", "blocks", "allowed")),
        "prior_auth_after_months": chance.choice((None, None, None, 1, 3, 6)),
        "modifiers": chance.choice(("", "", "99492:HE E/M:25", "99493:U1 99494:U1")),
        "fee_schedule": chance.choice(("", "", "Ours")),
        "source": "made up",
        "verified_on": "2025-05-01" if chance.random() < 0.7 else None,
    }


def rate(place: int) -> dict[str, Any]:
    """A rate of the practice's own fee schedule; one ends within the months."""
    return {
        "name_key": "ours",
        "place": place,
        "code": ("99492", "99493", "99494")[place - 1],
        "first_day": "2025-01-01",
        "last_day": "2025-10-15" if place == 3 else None,
        "amount": 10_000 + place,
        "basis": "facility" if place == 1 else "non-facility",
        "confidence": "contract",
    }
