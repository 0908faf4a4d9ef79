"""Reviews, scores, statements, stays, attestations and other services are kept, on both databases."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from billing.clinical import (
    SOMEBODY_ELSE,
    Admission,
    Attestation,
    AttestationKind,
    CaseReview,
    OtherService,
    Scale,
    Score,
    Statement,
    StatementKind,
)
from billing.months import BillingMonth
from billing.people import Patient
from storage import Database, NotFound, StorageError, UnitOfWork
from storage.facts import SCORE_FACTS
from tests.support.keeping import kept, read
from tests.support.storing import NOW, TODAY, SmallPractice

NOVEMBER = (date(2026, 11, 1), date(2026, 11, 30))
LATER = datetime(2026, 11, 19, 9, 30, tzinfo=UTC)


def facts_of(practice: SmallPractice) -> dict[str, Any]:
    """One fact of each kind about the practice's patient, in which every field says something."""
    patient_id, ana = practice.patient.patient_id, practice.ana.member_id
    return {
        "reviews": CaseReview(
            review_id=0,
            patient_id=patient_id,
            reviewed_on=date(2026, 11, 10),
            consultant=ana,
            recorded_by=ana,
            recorded_at=NOW,
            entry_id=17,
            sent_on=date(2026, 11, 12),
            recorded_on=date(2026, 11, 11),
        ),
        "scores": Score(
            score_id=0,
            patient_id=patient_id,
            scale=Scale.GAD7,
            value=14,
            measured_on=date(2026, 11, 10),
            recorded_by=ana,
            recorded_on=date(2026, 11, 11),
        ),
        "statements": Statement(
            statement_id=0,
            patient_id=patient_id,
            kind=StatementKind.NON_DUPLICATION,
            made_on=date(2026, 11, 10),
            made_by=ana,
            valid_until=date(2026, 11, 20),
        ),
        "admissions": Admission(
            admission_id=0, patient_id=patient_id, admitted_on=date(2026, 11, 10), left_on=date(2026, 11, 20)
        ),
    }


KINDS = ("reviews", "scores", "statements", "admissions")


def second_patient(database: Database, practice: SmallPractice) -> Patient:
    """Another patient of the same practice."""
    return kept(
        database,
        lambda uow: uow.patients.add(mrn="MRN0043", identity="0043", on_roster=True),
        practice.tenant_id,
    )


@pytest.mark.parametrize("kind", KINDS)
def test_a_fact_is_kept_with_every_field(database: Database, practice: SmallPractice, kind: str) -> None:
    """A fact comes back as it went in, under a number of its own; with what is optional left out as well."""
    full = facts_of(practice)[kind]
    optional = {"reviews": ("entry_id", "sent_on"), "scores": ("recorded_by",)}
    bare = replace(
        full, **dict.fromkeys(optional.get(kind, ({"statements": "valid_until"}.get(kind, "left_on"),)))
    )

    def add_both(uow: UnitOfWork) -> list[Any]:
        return [getattr(uow, kind).add(fact) for fact in (full, bare)]

    added = kept(database, add_both, practice.tenant_id)

    key = next(iter(type(full).__dataclass_fields__))
    numbers = [getattr(fact, key) for fact in added]
    assert len(set(numbers)) == 2
    assert added == [replace(full, **{key: numbers[0]}), replace(bare, **{key: numbers[1]})]
    found = read(
        database,
        lambda uow: getattr(uow, kind).of_patients([practice.patient.patient_id], *NOVEMBER),
        practice.tenant_id,
    )
    assert found == {practice.patient.patient_id: tuple(added)}
    one = read(database, lambda uow: getattr(uow, kind).by_id(numbers[0]), practice.tenant_id)
    assert one == added[0]


@pytest.mark.parametrize("kind", KINDS)
def test_facts_of_many_patients_come_apart(database: Database, practice: SmallPractice, kind: str) -> None:
    """Facts come by patient, oldest first; patients without any, and those not asked about, are left out."""
    other = second_patient(database, practice)
    fact = facts_of(practice)[kind]
    day = {"reviews": "reviewed_on", "scores": "measured_on", "statements": "made_on"}.get(
        kind, "admitted_on"
    )
    earlier = replace(fact, **{day: date(2026, 11, 9)})

    def add_all(uow: UnitOfWork) -> list[Any]:
        facts = (fact, earlier, replace(fact, patient_id=other.patient_id))
        return [getattr(uow, kind).add(one) for one in facts]

    late, early, others = kept(database, add_all, practice.tenant_id)

    def of(*ids: int) -> dict[int, tuple[Any, ...]]:
        return read(database, lambda uow: getattr(uow, kind).of_patients(ids, *NOVEMBER), practice.tenant_id)

    mine = practice.patient.patient_id
    assert of(mine, other.patient_id, 999) == {mine: (early, late), other.patient_id: (others,)}
    assert of(mine) == {mine: (early, late)}
    assert of() == {}
    assert of(*range(mine, mine + 70_000)).keys() == {mine, other.patient_id}


def test_facts_are_found_by_the_days_on_which_they_hold(database: Database, practice: SmallPractice) -> None:
    """Reviews and scores are of one day; statements and stays hold from their first day to their last."""
    facts = facts_of(practice)

    def add_all(uow: UnitOfWork) -> None:
        for kind, fact in facts.items():
            getattr(uow, kind).add(fact)

    kept(database, add_all, practice.tenant_id)

    def found(first_day: date, last_day: date) -> set[str]:
        ids = [practice.patient.patient_id]
        return read(
            database,
            lambda uow: {kind for kind in KINDS if getattr(uow, kind).of_patients(ids, first_day, last_day)},
            practice.tenant_id,
        )

    first, tenth, last = date(2026, 11, 1), date(2026, 11, 10), date(2026, 11, 30)
    assert found(first, date(2026, 11, 9)) == set()
    assert found(first, tenth) == set(KINDS)
    assert found(tenth, tenth) == set(KINDS)
    assert found(date(2026, 11, 11), last) == {"statements", "admissions"}
    assert found(date(2026, 11, 20), last) == {"statements", "admissions"}
    assert found(date(2026, 11, 21), last) == set()
    assert found(date.min, date.max) == set(KINDS)


@pytest.mark.parametrize("kind", ["statements", "admissions"])
def test_what_has_no_end_goes_on(database: Database, practice: SmallPractice, kind: str) -> None:
    """A statement without last day, and a stay that lasts, hold in every later month."""
    open_field = {"statements": "valid_until", "admissions": "left_on"}[kind]
    fact = replace(facts_of(practice)[kind], **{open_field: None})
    ids = [practice.patient.patient_id]

    kept(database, lambda uow: getattr(uow, kind).add(fact), practice.tenant_id)

    years_later = (date(2031, 1, 1), date(2031, 1, 31))
    found = read(database, lambda uow: getattr(uow, kind).of_patients(ids, *years_later), practice.tenant_id)
    assert found.keys() == set(ids)


@pytest.mark.parametrize("kind", KINDS)
def test_a_fact_withdrawn_counts_no_more(database: Database, practice: SmallPractice, kind: str) -> None:
    """What was recorded by mistake is found no more, and is withdrawn once; its row stays, with who and when."""
    fact = facts_of(practice)[kind]
    key = next(iter(type(fact).__dataclass_fields__))
    added = kept(database, lambda uow: getattr(uow, kind).add(fact), practice.tenant_id)
    number = getattr(added, key)

    def withdraw(uow: UnitOfWork) -> None:
        getattr(uow, kind).withdraw(number, by=practice.ana.member_id, at=LATER)

    with pytest.raises(NotFound):
        database.write(withdraw, tenant_id=practice.tenant_id + 1).result()
    kept(database, withdraw, practice.tenant_id)

    def found(uow: UnitOfWork) -> list[Any]:
        facts = getattr(uow, kind)
        return [facts.by_id(number), facts.of_patients([practice.patient.patient_id], *NOVEMBER)]

    assert read(database, found, practice.tenant_id) == [None, {}]
    with pytest.raises(NotFound):
        kept(database, withdraw, practice.tenant_id)


@pytest.mark.parametrize("kind", KINDS)
def test_facts_are_each_tenants_own(database: Database, practice: SmallPractice, kind: str) -> None:
    """Another practice neither finds a fact nor may keep one about a patient of this one."""
    fact = facts_of(practice)[kind]
    added = kept(database, lambda uow: getattr(uow, kind).add(fact), practice.tenant_id)
    number = getattr(added, next(iter(type(fact).__dataclass_fields__)))
    elsewhere = practice.tenant_id + 1

    def found(uow: UnitOfWork) -> list[Any]:
        facts = getattr(uow, kind)
        return [facts.by_id(number), facts.of_patients([practice.patient.patient_id], *NOVEMBER)]

    assert read(database, found, elsewhere) == [None, {}]
    with pytest.raises(StorageError):
        kept(database, lambda uow: getattr(uow, kind).add(fact), elsewhere)


def test_a_reviews_words_lie_apart(database: Database, practice: SmallPractice) -> None:
    """The consultant's advice is asked for by itself; the review says nothing of it, and may have none."""
    review = facts_of(practice)["reviews"]

    def add_both(uow: UnitOfWork) -> list[CaseReview]:
        return [uow.reviews.add(review, "Start sertraline 50 mg"), uow.reviews.add(review)]

    advised, silent = kept(database, add_both, practice.tenant_id)

    def words(uow: UnitOfWork) -> dict[int, str]:
        return uow.reviews.recommendations([advised.review_id, silent.review_id, 999])

    assert read(database, words, practice.tenant_id) == {advised.review_id: "Start sertraline 50 mg"}
    assert read(database, words, practice.tenant_id + 1) == {}
    assert "sertraline" not in repr(advised)


def test_advice_is_sent_later(database: Database, practice: SmallPractice) -> None:
    """The day on which advice went out is added when it did, and can be taken back."""
    review = replace(facts_of(practice)["reviews"], sent_on=None)
    added = kept(database, lambda uow: uow.reviews.add(review), practice.tenant_id)

    for day in (TODAY, None):
        kept(database, lambda uow: uow.reviews.sent(added.review_id, day), practice.tenant_id)  # noqa: B023 - run at once
        found = read(database, lambda uow: uow.reviews.by_id(added.review_id), practice.tenant_id)
        assert found == replace(added, sent_on=day)
    with pytest.raises(NotFound):
        kept(database, lambda uow: uow.reviews.sent(added.review_id + 1, TODAY), practice.tenant_id)


def test_reviews_are_found_by_their_time(database: Database, practice: SmallPractice) -> None:
    """Whoever makes an entry void finds the reviews whose time it held."""
    review = facts_of(practice)["reviews"]
    added = kept(
        database,
        lambda uow: [uow.reviews.add(replace(review, entry_id=number)) for number in (17, 18, None)],
        practice.tenant_id,
    )

    found = read(database, lambda uow: uow.reviews.of_entries([17, 18, 19]), practice.tenant_id)
    assert found == tuple(added[:2])
    assert read(database, lambda uow: uow.reviews.of_entries([17]), practice.tenant_id + 1) == ()


def test_a_stay_ends_later(database: Database, practice: SmallPractice) -> None:
    """The day of leaving is added when the patient left."""
    stay = replace(facts_of(practice)["admissions"], left_on=None)
    added = kept(database, lambda uow: uow.admissions.add(stay), practice.tenant_id)

    kept(database, lambda uow: uow.admissions.left(added.admission_id, TODAY), practice.tenant_id)

    found = read(database, lambda uow: uow.admissions.by_id(added.admission_id), practice.tenant_id)
    assert found == replace(added, left_on=TODAY)
    with pytest.raises(NotFound):
        kept(database, lambda uow: uow.admissions.left(added.admission_id + 1, TODAY), practice.tenant_id)


def test_attestations_are_of_one_patient_and_month(database: Database, practice: SmallPractice) -> None:
    """Somebody's word holds for the month it was given for, and no other patient; each word is kept."""
    other = second_patient(database, practice)
    mine, month = practice.patient.patient_id, BillingMonth(2026, 11)
    late = Attestation(kind=AttestationKind.LATE_TIME, attested_by=practice.ana.member_id, attested_at=NOW)
    again = replace(late, attested_at=LATER)
    consultant = replace(late, kind=AttestationKind.CONSULTANT_TIME)

    def attest(uow: UnitOfWork) -> None:
        uow.attestations.add(mine, month, late)
        uow.attestations.add(mine, month, consultant)
        uow.attestations.add(mine, month, again)
        uow.attestations.add(other.patient_id, month, again)

    kept(database, attest, practice.tenant_id)

    def found(asked: BillingMonth, *ids: int) -> Any:
        return lambda uow: uow.attestations.of_patients(ids, asked)

    both = read(database, found(month, mine, other.patient_id, 999), practice.tenant_id)
    assert both == {mine: (late, consultant, again), other.patient_id: (again,)}
    assert read(database, found(month, mine), practice.tenant_id).keys() == {mine}
    assert read(database, found(month.plus(1), mine), practice.tenant_id) == {}
    assert read(database, found(month, mine), practice.tenant_id + 1) == {}


def test_other_services_are_kept_once(database: Database, practice: SmallPractice) -> None:
    """A claim told twice is one service; services come by day, of the days asked about."""
    mine = practice.patient.patient_id
    screening = OtherService(code="96127", service_on=date(2026, 11, 20))
    phone = OtherService(code="98966", service_on=date(2026, 11, 3))
    earlier = replace(screening, service_on=date(2026, 10, 31))

    def add_all(uow: UnitOfWork) -> None:
        for service in (screening, phone, earlier, screening):
            uow.other_services.add(mine, service)

    kept(database, add_all, practice.tenant_id)
    kept(database, add_all, practice.tenant_id)

    found = read(
        database, lambda uow: uow.other_services.of_patients([mine, 999], *NOVEMBER), practice.tenant_id
    )
    assert found == {mine: (phone, screening)}
    assert (
        read(database, lambda uow: uow.other_services.of_patients([mine], *NOVEMBER), practice.tenant_id + 1)
        == {}
    )


def test_who_gave_a_service_is_kept_once_somebody_says(database: Database, practice: SmallPractice) -> None:
    """Said later, it is filled in; the same claim without a name takes nothing back; the chain agrees throughout."""
    mine, ana = practice.patient.patient_id, practice.ana.member_id
    unsaid = OtherService(code="90837", service_on=date(2026, 11, 3))
    by_ana, by_other = replace(unsaid, performed_by=ana), replace(unsaid, performed_by=SOMEBODY_ELSE)
    for service, expected in ((unsaid, unsaid), (by_ana, by_ana), (unsaid, by_ana), (by_other, by_other)):

        def add(uow: UnitOfWork, service: OtherService = service) -> None:
            uow.other_services.add(mine, service)

        kept(database, add, practice.tenant_id)
        found = read(
            database, lambda uow: uow.other_services.of_patients([mine], *NOVEMBER), practice.tenant_id
        )
        assert found == {mine: (expected,)}
        assert read(database, lambda uow: uow.chain.findings(), practice.tenant_id) == ()


def test_a_version_older_than_a_column_says_nothing_of_it() -> None:
    """What was kept before the day of writing was asked for still reads, and an older row becomes a version."""
    older = '{"measured_on":"2026-11-10","patient_id":1,"recorded_by":null,"scale":"PHQ-9","value":14}'
    values = SCORE_FACTS.values(older, None)
    assert (values["measured_on"], values["recorded_on"]) == (date(2026, 11, 10), None)
    row = {"measured_on": "2026-11-10", "patient_id": 1, "recorded_by": None, "scale": "PHQ-9", "value": 14}
    assert '"recorded_on":null' in SCORE_FACTS.contents(row)[0]
