"""Medicare's national rates, as US dollars for one unit. All are estimates.

A rate is the Physician Fee Schedule's relative value units of a code, times the conversion factor of the date of
service. No facility units are on file yet: no public text that we could read states them. Nor are those of 2027.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from billing.money import CENT, FeeSchedule, Rate
from billing.places import Site
from billing.rules import ConversionFactor


@dataclass(frozen=True, slots=True)
class _Factor:
    """US dollars for one relative value unit between two local dates, both included."""

    first_day: date
    last_day: date
    usd: Decimal
    #: None where one factor holds for every practice.
    conversion: ConversionFactor | None = None

    @property
    def words(self) -> str:
        return f"CF {self.usd}{_NAMES[self.conversion]}"


_NAMES = {None: "", ConversionFactor.OTHER: " (non-QP)", ConversionFactor.QUALIFYING_APM: " (QP)"}

#: CMS CY 2024 PFS final rule and the Consolidated Appropriations Act, 2024 (from March 9); CY 2025 and CY 2026 PFS
#: final rules. From 2026 on there are two.
_FACTORS = (
    _Factor(date(2024, 1, 1), date(2024, 3, 8), Decimal("32.7442")),
    _Factor(date(2024, 3, 9), date(2024, 12, 31), Decimal("33.2875")),
    _Factor(date(2025, 1, 1), date(2025, 12, 31), Decimal("32.3465")),
    _Factor(date(2026, 1, 1), date(2026, 12, 31), Decimal("33.4009"), ConversionFactor.OTHER),
    _Factor(date(2026, 1, 1), date(2026, 12, 31), Decimal("33.5675"), ConversionFactor.QUALIFYING_APM),
)

#: Year, code, kind of place, total relative value units, how sure.
_UNITS = (
    (2024, "99492", Site.NONFACILITY, "4.60", "high"),
    (2024, "99493", Site.NONFACILITY, "4.20", "high"),
    (2024, "99494", Site.NONFACILITY, "1.78", "high"),
    (2024, "G2214", Site.NONFACILITY, "1.72", "high"),
    (2024, "99484", Site.NONFACILITY, "1.65", "high"),
    (2025, "99492", Site.NONFACILITY, "4.49", "high"),
    (2025, "99493", Site.NONFACILITY, "4.13", "high"),
    (2025, "99494", Site.NONFACILITY, "1.73", "high"),
    (2025, "G2214", Site.NONFACILITY, "1.68", "high"),
    (2025, "99484", Site.NONFACILITY, "1.64", "high"),
    (2026, "99492", Site.NONFACILITY, "4.80", "medium"),
    (2026, "99493", Site.NONFACILITY, "4.34", "medium"),
    (2026, "99494", Site.NONFACILITY, "1.84", "medium"),
    (2026, "G2214", Site.NONFACILITY, "1.82", "medium"),
    # Reckoned back from an amount that others published.
    (2026, "99484", Site.NONFACILITY, "1.72", "low"),
)


def _rates() -> Iterator[Rate]:
    for factor in _FACTORS:
        for year, code, site, units, confidence in _UNITS:
            if year == factor.first_day.year:
                yield Rate(
                    code=code,
                    first_day=factor.first_day,
                    last_day=factor.last_day,
                    amount=(Decimal(units) * factor.usd).quantize(CENT, ROUND_HALF_UP),
                    basis=f"{units} RVU x {factor.words}",
                    confidence=confidence,
                    site=site,
                    conversion=factor.conversion,
                )


MEDICARE = FeeSchedule(
    name="Medicare", source="CMS Physician Fee Schedule, national amounts", rates=tuple(_rates())
)
