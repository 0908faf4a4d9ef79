"""Payers and fee schedules are kept by name, on both databases."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from billing.medicare_rates import MEDICARE
from billing.money import FeeSchedule, Rate
from billing.payer import Payer
from billing.payer_fields import FIELDS
from billing.rules import ConsultantMinutes, InitialPolicy, Limit99492, Modifier, Psychotherapy, TimeRule
from storage import Database, UnitOfWork
from tests.support.keeping import kept, read
from tests.support.payers import a_payer
from tests.support.storing import SmallPractice

#: A payer with two stretches, of which one says something in every field.
PECULIAR = Payer(
    name="Sunshine Health",
    aliases=("Sunshine", "SH of Florida"),
    rules=(
        *a_payer(
            "Sunshine Health",
            source="Provider manual, page 12",
            verified_on=date(2026, 10, 1),
            first_day=date(2026, 1, 1),
            time_rule=TimeRule.MIDPOINT,
            covered_codes=frozenset({"99492", "G2214"}),
            g2214_min_seconds=960,
            g2214_clinics=False,
            g0512=True,
            g0512_first_min_seconds=4200,
            g0512_later_min_seconds=3600,
            max_99494=None,
            initial_policy=InitialPolicy.FIRST_MONTH_REACHED,
            episode_gap_months=12,
            limit_99492=Limit99492.PER_CALENDAR_YEAR,
            consultant_minutes=ConsultantMinutes.EXCLUDE,
            inpatient_counts=True,
            review_required=False,
            diagnosis_required=True,
            psychotherapy=Psychotherapy.ALLOWED,
            prior_auth_after_months=6,
            authorized_months=6,
            timely_filing_months=12,
            modifiers=(Modifier(code="E/M", modifier="25"), Modifier(code="99492", modifier="HE")),
            fee_schedule="Sunshine 2026",
        ).rules,
        *a_payer("Sunshine Health", last_day=date(2025, 12, 31), max_99494=2).rules,
    ),
)


def put(*payers: Payer) -> Callable[[UnitOfWork], None]:
    """Keep payers."""

    def work(uow: UnitOfWork) -> None:
        for payer in payers:
            uow.payers.put(payer)

    return work


def test_a_payer_is_kept_with_every_rule(database: Database, practice: SmallPractice) -> None:
    """Each rule comes back with its days and its source, in its order, and as the practice's own."""
    assert {rule.field for rule in PECULIAR.rules} == set(FIELDS), "or this test says less than it seems"

    kept(database, put(PECULIAR), practice.tenant_id)

    assert read(database, lambda uow: uow.payers.all(), practice.tenant_id) == (PECULIAR,)


def test_payers_come_back_by_name(database: Database, practice: SmallPractice) -> None:
    """Payers that say nothing of their own keep saying nothing, and are listed by name."""
    kept(database, put(a_payer("oak"), PECULIAR, a_payer("Birch")), practice.tenant_id)

    found = read(database, lambda uow: uow.payers.all(), practice.tenant_id)
    assert found == (a_payer("Birch"), a_payer("oak"), PECULIAR)


def test_a_payer_put_again_replaces_itself(database: Database, practice: SmallPractice) -> None:
    """The same name in another case and with other spaces is the same payer, as it was last spelt."""
    changed = a_payer("SUNSHINE  HEALTH", max_99494=3)

    kept(database, put(PECULIAR, changed), practice.tenant_id)

    assert read(database, lambda uow: uow.payers.all(), practice.tenant_id) == (changed,)


def test_a_payer_can_be_forgotten(database: Database, practice: SmallPractice) -> None:
    """With all its rules; others stay."""
    kept(database, put(PECULIAR, a_payer("Oak")), practice.tenant_id)
    kept(database, lambda uow: uow.payers.drop(" sunshine HEALTH"), practice.tenant_id)
    kept(database, lambda uow: uow.payers.drop("Moonlight"), practice.tenant_id)

    assert read(database, lambda uow: uow.payers.all(), practice.tenant_id) == (a_payer("Oak"),)


def test_a_fee_schedule_is_kept_to_the_cent(database: Database, practice: SmallPractice) -> None:
    """Rates come back as exact decimals in the order given, each with its days and where it came from."""
    own = FeeSchedule(
        name="Own rates",
        source="contract",
        rates=(
            Rate(code="99493", first_day=date(2026, 1, 1), last_day=None, amount=Decimal("0.10")),
            Rate(
                code="99492", first_day=date(2026, 1, 1), last_day=date(2026, 6, 30), amount=Decimal("190.00")
            ),
        ),
    )

    def put_both(uow: UnitOfWork) -> None:
        uow.fee_schedules.put(own)
        uow.fee_schedules.put(MEDICARE)

    kept(database, put_both, practice.tenant_id)

    found = read(database, lambda uow: uow.fee_schedules.by_name("OWN RATES "), practice.tenant_id)
    assert found == own
    assert [str(rate.amount) for rate in found.rates] == ["0.10", "190.00"]
    assert read(database, lambda uow: uow.fee_schedules.all(), practice.tenant_id) == (MEDICARE, own)
    assert read(database, lambda uow: uow.fee_schedules.by_name("none"), practice.tenant_id) is None


def test_a_fee_schedule_put_again_keeps_no_old_rate(database: Database, practice: SmallPractice) -> None:
    """A schedule loaded again is what the file says, and nothing of what it said before."""
    shorter = replace(MEDICARE, rates=MEDICARE.rates[:1])

    def put_twice(uow: UnitOfWork) -> None:
        uow.fee_schedules.put(MEDICARE)
        uow.fee_schedules.put(shorter)

    kept(database, put_twice, practice.tenant_id)

    assert read(database, lambda uow: uow.fee_schedules.all(), practice.tenant_id) == (shorter,)


def test_parts_of_a_cent_are_refused(database: Database, practice: SmallPractice) -> None:
    """An amount that cannot be kept exactly is refused, never rounded in silence."""
    fine = Rate(code="99493", first_day=date(2026, 1, 1), last_day=None, amount=Decimal("1.005"))
    schedule = FeeSchedule(name="Too fine", rates=(fine,))

    with pytest.raises(ValueError, match="whole cents"):
        kept(database, lambda uow: uow.fee_schedules.put(schedule), practice.tenant_id)

    assert read(database, lambda uow: uow.fee_schedules.all(), practice.tenant_id) == ()


def test_payers_are_each_tenants_own(database: Database, practice: SmallPractice) -> None:
    """Another practice sees no payer and no fee of this one."""
    kept(database, put(PECULIAR), practice.tenant_id)
    kept(database, lambda uow: uow.fee_schedules.put(MEDICARE), practice.tenant_id)
    elsewhere = practice.tenant_id + 1

    assert read(database, lambda uow: uow.payers.all(), elsewhere) == ()
    assert read(database, lambda uow: uow.fee_schedules.all(), elsewhere) == ()
    assert read(database, lambda uow: uow.fee_schedules.by_name(MEDICARE.name), elsewhere) is None
