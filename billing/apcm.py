"""Tells which APCM add-on stands against a month's codes, and what Medicare pays for it."""

from dataclasses import dataclass
from datetime import date

from billing.charges import Charge
from billing.claim_days import ClaimDay
from billing.facts import MonthFacts
from billing.medicare_rates import MEDICARE
from billing.money import USUAL_TERMS, Estimate, FeeSchedule, Terms, estimate
from billing.month_kinds import MonthKind
from billing.months import BillingMonth

#: Advanced Primary Care Management itself, once a month by the practitioner responsible for all primary care.
APCM_CODES = frozenset({"G0556", "G0557", "G0558"})
#: The add-ons hold from here on (R-110); before, the CoCM codes stood beside APCM.
ADD_ONS_SINCE = BillingMonth(2026, 1)
_ADD_ONS = {
    MonthKind.INITIAL: "G0568",
    MonthKind.SUBSEQUENT: "G0569",
    MonthKind.GENERAL_BHI: "G0570",
}
ADD_ON_CODES = frozenset(_ADD_ONS.values())
#: CMS values each add-on as the code that it is made after (CY 2026 PFS, as reported; S).
_VALUED_AS = {"G0568": "99492", "G0569": "99493", "G0570": "99484"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ApcmChoice:
    """Two sets of codes, of which a month bills one, and what each may pay."""

    #: The line's own, as earned by minutes, and the add-on that stands in for all of them.
    codes: tuple[Charge, ...]
    codes_estimate: Estimate
    instead: Charge
    instead_estimate: Estimate
    #: The code by whose rate the add-on is estimated; empty where it has a rate of its own, or none.
    valued_as: str = ""


def choice(
    codes: tuple[Charge, ...],
    instead: Charge,
    day: date,
    schedule: FeeSchedule,
    terms: Terms = USUAL_TERMS,
) -> ApcmChoice:
    """What a biller chooses between, priced by date of service.

    Medicare's amount of an add-on is that of the code which CMS values it as. A schedule of a practice's own has the
    add-on's rate or has none.
    """
    priced, valued_as = estimate((instead,), day, schedule, terms), ""
    if priced.unpriced and schedule.name == MEDICARE.name:
        twin = _VALUED_AS[instead.code]
        by_twin = estimate((Charge(twin),), day, schedule, terms)
        if not by_twin.unpriced:
            priced, valued_as = by_twin, twin
    return ApcmChoice(
        codes=codes,
        codes_estimate=estimate(codes, day, schedule, terms),
        instead=instead,
        instead_estimate=priced,
        valued_as=valued_as,
    )


def add_on_instead(kind: MonthKind, month: BillingMonth) -> Charge | None:
    """The add-on that a month of that kind may bill beside APCM, in place of its own codes (R-328)."""
    code = _ADD_ONS.get(kind)
    return Charge(code) if code is not None and month >= ADD_ONS_SINCE else None


def is_enrolled(facts: MonthFacts, claim: ClaimDay) -> bool:
    """Whether the patient is enrolled in APCM: by the record on the day of the claim, or by a claim of the month."""
    return claim.apcm or bool(apcm_claims(facts))


def apcm_claims(facts: MonthFacts) -> tuple[str, ...]:
    """The APCM codes that are on file as billed in the month."""
    return tuple(
        sorted(
            {
                one.code
                for one in facts.other_services
                if one.code in APCM_CODES and one.service_on in facts.month
            }
        )
    )
