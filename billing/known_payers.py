"""Payers whose rules were found in published texts. Those known only from secondary sources ship unverified."""

from datetime import date

from billing.payer import Payer
from billing.rules import Limit99492, Psychotherapy, TimeRule

_READ_ON = date(2026, 11, 22)

KNOWN_PAYERS: tuple[Payer, ...] = (
    Payer(
        name="Medicare",
        time_rule=TimeRule.MIDPOINT,
        max_99494=4,
        fee_schedule="Medicare",
        source="CPT midpoint and MUE of 4 as reported by secondary sources",
    ),
    Payer(
        name="BCBS ND",
        time_rule=TimeRule.MIDPOINT,
        source="BCBS ND policy NDRP-GC-017",
        verified_on=_READ_ON,
    ),
    Payer(
        name="NC Medicaid",
        max_99494=4,
        psychotherapy=Psychotherapy.ALLOWED,
        source="NC Medicaid, Psychiatric Collaborative Care Management bulletins",
        verified_on=_READ_ON,
    ),
    Payer(
        name="Michigan Medicaid",
        prior_auth_after_months=6,
        source="Michigan Medicaid policy, 2020",
        verified_on=_READ_ON,
    ),
    Payer(
        name="MICMT",
        limit_99492=Limit99492.PER_CALENDAR_YEAR,
        source="Michigan Institute for Care Management and Transformation, billing guide",
        verified_on=_READ_ON,
    ),
)
