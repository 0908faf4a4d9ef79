"""From which day on facts of claims hold, as they are stored."""

from datetime import UTC, date, datetime

import pytest

from billing.claim_facts import ClaimFact, ClaimFactKind
from services.checks import verify
from services.context import Context
from storage import Database, StoredClaimFact, UnitOfWork
from tests.support.practice import TryPractice
from tests.support.tampering import tamper

NOW = datetime(2026, 11, 18, 15, tzinfo=UTC)
START, CHANGE = date(2026, 10, 5), date(2026, 11, 3)


@pytest.fixture
def practice(database: Database) -> TryPractice:
    return TryPractice(database)


def a_fact(
    patient_id: int, value: str, from_day: date, kind: ClaimFactKind = ClaimFactKind.PAYER
) -> StoredClaimFact:
    return StoredClaimFact(fact_id=0, patient_id=patient_id, kind=kind, value=value, from_day=from_day)


def two(practice: TryPractice, *, many: bool = False) -> int:
    """A patient whose payer changed; the number of the patient."""
    patient_id = practice.patient("123").patient_id
    facts = [a_fact(patient_id, "Cedar Health", START), a_fact(patient_id, "Medicare", CHANGE)]

    def add(context: Context) -> None:
        context.uow.facts.come_from("import", context.now)
        if many:
            context.uow.claim_facts.add_many(facts)
        else:
            for fact in facts:
                context.uow.claim_facts.add(fact)
        context.uow.commit()

    practice.do(add)
    return patient_id


def seen(practice: TryPractice, patient_id: int) -> list[tuple[str, date]]:
    def read(context: Context) -> list[tuple[str, date]]:
        return [(one.value, one.from_day) for one in context.uow.claim_facts.of_patient(patient_id)]

    return practice.see(read)


@pytest.mark.parametrize("many", [False, True])
def test_facts_are_kept_by_the_day_from_which_they_hold(practice: TryPractice, *, many: bool) -> None:
    """One by one or by the thousand, each in its first version; of others nothing is found."""
    patient_id = two(practice, many=many)
    other = practice.patient("98765").patient_id
    assert seen(practice, patient_id) == [("Cedar Health", START), ("Medicare", CHANGE)]

    def read(context: Context) -> tuple[object, ...]:
        uow = context.uow
        found = uow.claim_facts.of_many((patient_id, other))
        versions = [one.n for one in uow.facts.of_patient(patient_id) if one.kind == "claim_fact"]
        return found, versions

    assert practice.see(read) == (
        {
            patient_id: (
                ClaimFact(kind=ClaimFactKind.PAYER, value="Cedar Health", from_day=START),
                ClaimFact(kind=ClaimFactKind.PAYER, value="Medicare", from_day=CHANGE),
            )
        },
        [1, 1],
    )
    assert not practice.see(verify).changed


def test_who_changes_from_a_day_on_is_found_by_kind(practice: TryPractice) -> None:
    """The day itself counts, another kind does not."""
    patient_id = two(practice)

    def since(context: Context, kind: ClaimFactKind, day: date) -> frozenset[int]:
        return context.uow.claim_facts.changed_since((patient_id,), kind, day)

    assert practice.see(since, ClaimFactKind.PAYER, CHANGE) == {patient_id}
    assert practice.see(since, ClaimFactKind.PAYER, date(2026, 11, 4)) == frozenset()
    assert practice.see(since, ClaimFactKind.APCM, CHANGE) == frozenset()


def test_what_is_withdrawn_holds_no_more_and_stays(practice: TryPractice) -> None:
    """By somebody, or by nobody in particular who imports a file."""
    patient_id = two(practice)

    def withdraw(context: Context) -> None:
        uow: UnitOfWork = context.uow
        uow.claim_facts.withdraw_all(uow.claim_facts.of_patient(patient_id)[1:], by=None, at=NOW)
        uow.commit()

    practice.do(withdraw)
    assert seen(practice, patient_id) == [("Cedar Health", START)]

    def versions(context: Context) -> list[bool]:
        found = context.uow.facts.of_patient(patient_id)
        return [one.void for one in found if one.kind == "claim_fact"]

    assert practice.see(versions) == [False, False, True]
    assert not practice.see(verify).changed


def test_a_fact_changed_behind_the_program_s_back_is_found(practice: TryPractice) -> None:
    """Its hash stands in the audit chain."""
    two(practice)
    tamper(
        practice.database,
        "UPDATE claim_fact SET value = 'Aetna' WHERE value = 'Medicare'",
        practice.tenant_id,
    )
    assert practice.see(verify).changed
