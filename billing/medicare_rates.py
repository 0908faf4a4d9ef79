"""Medicare's national non-facility rates, as US dollars for one unit. All are estimates.

Source: the Physician Fee Schedule's relative value units times the year's conversion factor.
"""

from datetime import date
from decimal import Decimal

from billing.money import FeeSchedule, Rate

#: code, first day, last day, US dollars, basis, confidence
_ROWS = (
    ("99492", date(2024, 1, 1), date(2024, 3, 8), "150.62", "4.60 RVU x CF 32.7442", "high"),
    ("99493", date(2024, 1, 1), date(2024, 3, 8), "137.53", "4.20 RVU x CF 32.7442", "high"),
    ("99494", date(2024, 1, 1), date(2024, 3, 8), "58.28", "1.78 RVU x CF 32.7442", "high"),
    ("G2214", date(2024, 1, 1), date(2024, 3, 8), "56.32", "1.72 RVU x CF 32.7442", "high"),
    ("99484", date(2024, 1, 1), date(2024, 3, 8), "54.03", "1.65 RVU x CF 32.7442", "high"),
    ("99492", date(2024, 3, 9), date(2024, 12, 31), "153.12", "4.60 RVU x CF 33.2875", "high"),
    ("99493", date(2024, 3, 9), date(2024, 12, 31), "139.81", "4.20 RVU x CF 33.2875", "high"),
    ("99494", date(2024, 3, 9), date(2024, 12, 31), "59.25", "1.78 RVU x CF 33.2875", "high"),
    ("G2214", date(2024, 3, 9), date(2024, 12, 31), "57.25", "1.72 RVU x CF 33.2875", "high"),
    ("99484", date(2024, 3, 9), date(2024, 12, 31), "54.92", "1.65 RVU x CF 33.2875", "high"),
    ("99492", date(2025, 1, 1), date(2025, 12, 31), "145.24", "4.49 RVU x CF 32.3465", "high"),
    ("99493", date(2025, 1, 1), date(2025, 12, 31), "133.59", "4.13 RVU x CF 32.3465", "high"),
    ("99494", date(2025, 1, 1), date(2025, 12, 31), "55.96", "1.73 RVU x CF 32.3465", "high"),
    ("G2214", date(2025, 1, 1), date(2025, 12, 31), "54.34", "1.68 RVU x CF 32.3465", "high"),
    ("99484", date(2025, 1, 1), date(2025, 12, 31), "53.05", "1.64 RVU x CF 32.3465", "high"),
    ("99492", date(2026, 1, 1), date(2026, 12, 31), "160.32", "4.80 RVU x CF 33.4009 (non-QP)", "medium"),
    ("99493", date(2026, 1, 1), date(2026, 12, 31), "144.96", "4.34 RVU x CF 33.4009 (non-QP)", "medium"),
    ("99494", date(2026, 1, 1), date(2026, 12, 31), "61.46", "1.84 RVU x CF 33.4009 (non-QP)", "medium"),
    ("G2214", date(2026, 1, 1), date(2026, 12, 31), "60.79", "1.82 RVU x CF 33.4009 (non-QP)", "medium"),
    (
        "99484",
        date(2026, 1, 1),
        date(2026, 12, 31),
        "57.45",
        "1.72 RVU x CF 33.4009 (non-QP; back-solved)",
        "low",
    ),
)

MEDICARE = FeeSchedule(
    name="Medicare",
    source="CMS Physician Fee Schedule, national non-facility amounts",
    rates=tuple(
        Rate(
            code=code,
            first_day=first_day,
            last_day=last_day,
            amount=Decimal(usd),
            basis=basis,
            confidence=confidence,
        )
        for code, first_day, last_day, usd, basis, confidence in _ROWS
    ),
)
