"""What a claim is made of changes from a day on; earlier days stay as they were."""

from datetime import date

import pytest

from billing.claim_days import ClaimDay, claim_on
from billing.claim_facts import ClaimFactKind
from billing.facts import MonthFacts
from billing.months import BillingMonth
from billing.people import Member, MemberRole, Patient
from services.acts import fact_history, undo
from services.acts.inverses import ChangedSince
from services.acts.references import FactReference
from services.acts.went import TakenBack
from services.care import merging
from services.care.receipts import Assigned, Discharged, Enrolled
from services.care.requests import Assign, Discharge, Enroll
from services.context import Context
from services.months.close import freeze_month
from services.months.judge import judge_month
from storage import CLAIM_FACT, Database
from tests.support.care import done, enrolled, episodes, record, ref
from tests.support.practice import TryPractice

OCTOBER, NOVEMBER = BillingMonth(2026, 10), BillingMonth(2026, 11)
START = date(2026, 10, 5)
NPI, OTHER_NPI = "1234567893", "1306849450"
TODAY = date(2026, 11, 18)


@pytest.fixture
def practice(database: Database) -> TryPractice:
    return TryPractice(database)


@pytest.fixture
def ana(practice: TryPractice) -> Member:
    return practice.member()


def facts_of(practice: TryPractice, patient: Patient, month: BillingMonth = NOVEMBER) -> MonthFacts:
    def read(context: Context) -> MonthFacts:
        return judge_month(
            context, context.uow.patients.many({patient.patient_id})[patient.patient_id], month
        ).facts

    return practice.see(read)


def on(practice: TryPractice, patient: Patient, *day: int) -> ClaimDay:
    """What the claim is made of on a day of 2026."""
    return claim_on(facts_of(practice, patient, BillingMonth(2026, day[0])), date(2026, *day))


def rows(practice: TryPractice, patient: Patient) -> list[tuple[str, str, date]]:
    def read(context: Context) -> list[tuple[str, str, date]]:
        found = context.uow.claim_facts.of_patient(patient.patient_id)
        return [(one.kind.value, one.value, one.from_day) for one in found]

    return practice.see(read)


def cedar(practice: TryPractice, ana: Member) -> Patient:
    """In care since October 5, with Cedar Health."""
    return enrolled(practice, ana, START, payer="Cedar Health", npi=NPI)


def change(practice: TryPractice, ana: Member, **said: object) -> Enrolled:
    return done(practice, ana, Enroll(patient=ref(), **said), Enrolled)  # type: ignore[arg-type]


def test_what_is_said_with_the_enrollment_needs_no_days(practice: TryPractice, ana: Member) -> None:
    """It holds on every day; the enrollment says all of it."""
    patient = enrolled(
        practice,
        ana,
        START,
        payer="Cedar Health",
        npi=NPI,
        billing_npi=OTHER_NPI,
        diagnosis_codes=("F32.1", "F41.1"),
        place_of_service="11",
        apcm=True,
    )
    assert rows(practice, patient) == []
    assert on(practice, patient, 10, 5) == ClaimDay(
        payer="Cedar Health",
        referring_npi=NPI,
        billing_npi=OTHER_NPI,
        diagnosis_codes=("F32.1", "F41.1"),
        place_of_service="11",
        apcm=True,
        care_manager=ana.member_id,
    )


def test_a_payer_named_today_holds_from_today_on(practice: TryPractice, ana: Member) -> None:
    """October, and the days of November before, keep what was on file; the latest is the enrollment's."""
    patient = cedar(practice, ana)
    (told,) = change(practice, ana, payer="Medicare").claims
    assert (told.value, told.since, told.before, told.is_new) == ("Medicare", TODAY, "Cedar Health", True)
    assert [on(practice, patient, *day).payer for day in ((10, 31), (11, 17), (11, 18))] == [
        "Cedar Health",
        "Cedar Health",
        "Medicare",
    ]
    assert episodes(practice, patient)[0].payer == "Medicare"
    assert rows(practice, patient) == [("payer", "Cedar Health", START), ("payer", "Medicare", TODAY)]


@pytest.mark.parametrize("day", [date(2026, 11, 3), date(2026, 12, 1)])
def test_a_day_may_be_given_past_or_to_come(practice: TryPractice, ana: Member, day: date) -> None:
    """From that day on, and what held before is said."""
    patient = cedar(practice, ana)
    (told,) = change(practice, ana, payer="Medicare", claim_from=day).claims
    assert (told.since, told.before) == (day, "Cedar Health")
    assert on(practice, patient, day.month, day.day).payer == "Medicare"
    assert on(practice, patient, 11, 2).payer == "Cedar Health"


def test_a_day_before_care_began_is_the_day_care_began(practice: TryPractice, ana: Member) -> None:
    """And it is said so; nothing is left of what held."""
    patient = cedar(practice, ana)
    (told,) = change(practice, ana, payer="Medicare", claim_from=date(2026, 9, 1)).claims
    assert (told.since, told.asked) == (None, date(2026, 9, 1))
    assert rows(practice, patient) == []
    assert on(practice, patient, 10, 5).payer == "Medicare"


def test_what_was_missing_is_filled_in_from_the_start(practice: TryPractice, ana: Member) -> None:
    """No payer was on file, so none is rewritten; with a day given it holds from that day."""
    patient = enrolled(practice, ana, START)
    (told,) = change(practice, ana, payer="Medicare").claims
    assert (told.since, told.fills) == (None, True)
    assert on(practice, patient, 10, 5).payer == "Medicare"
    change(practice, ana, billing_npi=NPI, claim_from=date(2026, 11, 16))
    assert [on(practice, patient, 11, day).billing_npi for day in (15, 16)] == ["", NPI]


def test_a_slip_of_the_same_day_is_put_right(practice: TryPractice, ana: Member) -> None:
    """Said again the same day, the new name takes the place of the slip; the old payer again leaves no change."""
    patient = cedar(practice, ana)
    change(practice, ana, payer="Medcare")
    change(practice, ana, payer="Medicare")
    assert rows(practice, patient) == [("payer", "Cedar Health", START), ("payer", "Medicare", TODAY)]
    change(practice, ana, payer="Cedar Health")
    assert rows(practice, patient) == []
    assert episodes(practice, patient)[0].payer == "Cedar Health"


def test_the_day_of_a_change_can_be_moved(practice: TryPractice, ana: Member) -> None:
    """Earlier or later; the same without a day is on file already."""
    patient = cedar(practice, ana)
    change(practice, ana, payer="Medicare", claim_from=date(2026, 11, 3))
    again = change(practice, ana, payer="Medicare")
    assert (again.claims[0].is_new, again.claims[0].since, again.details) == (
        False,
        date(2026, 11, 3),
        frozenset(),
    )
    change(practice, ana, payer="Medicare", claim_from=date(2026, 11, 16))
    assert [on(practice, patient, 11, day).payer for day in (15, 16)] == ["Cedar Health", "Medicare"]
    change(practice, ana, payer="Medicare", claim_from=date(2026, 10, 20))
    assert [on(practice, patient, 10, day).payer for day in (19, 20)] == ["Cedar Health", "Medicare"]
    assert len(rows(practice, patient)) == 2
    same = change(practice, ana, payer="Cedar Health", claim_from=date(2026, 10, 10))
    assert not same.claims[0].is_new


def test_another_spelling_changes_no_day(practice: TryPractice, ana: Member) -> None:
    """`cedar health` is Cedar Health: the new spelling stands from when the old one did."""
    patient = enrolled(practice, ana, START, payer="cedar  health")
    (told,) = change(practice, ana, payer="Cedar Health").claims
    assert (told.value, told.since, told.is_new) == ("Cedar Health", None, True)
    assert rows(practice, patient) == []
    change(practice, ana, payer="aetna", claim_from=date(2026, 11, 3))
    (told,) = change(practice, ana, payer="Aetna", claim_from=date(2026, 11, 9)).claims
    assert (told.value, told.since, told.before) == ("Aetna", date(2026, 11, 9), "Cedar Health")


def test_a_value_between_two_others_says_until_when(practice: TryPractice, ana: Member) -> None:
    """What begins later stays, and the latest is still the enrollment's."""
    patient = cedar(practice, ana)
    change(practice, ana, payer="Medicare", claim_from=date(2026, 11, 16))
    (told,) = change(practice, ana, payer="Aetna", claim_from=date(2026, 11, 3)).claims
    assert (told.since, told.until, told.after) == (date(2026, 11, 3), date(2026, 11, 16), "Medicare")
    assert episodes(practice, patient)[0].payer == "Medicare"


def test_a_day_after_the_enrollment_s_is_that_of_the_change(practice: TryPractice, ana: Member) -> None:
    """`payer Medicare on 11/3` for somebody in care since October."""
    patient = cedar(practice, ana)
    change(practice, ana, payer="Medicare", on=date(2026, 11, 3))
    assert [on(practice, patient, 11, day).payer for day in (2, 3)] == ["Cedar Health", "Medicare"]
    assert episodes(practice, patient)[0].enrolled_on == START


def test_a_change_that_reaches_into_a_closed_month_says_so(practice: TryPractice, ana: Member) -> None:
    """Its figures stand; one that begins after it says nothing of it, nor does what was missing."""
    patient = cedar(practice, ana)
    bea = practice.member("Bea", MemberRole.BILLER)

    def close(context: Context) -> None:
        freeze_month(context, bea, OCTOBER)
        context.uow.commit()

    practice.do(close)
    later = record(practice, ana, Enroll(patient=ref(), payer="Medicare", claim_from=date(2026, 11, 3)))
    filled = record(practice, ana, Enroll(patient=ref(), place_of_service="11"))
    assert later.remarks == filled.remarks == ()
    back = record(practice, ana, Enroll(patient=ref(), payer="Aetna", claim_from=date(2026, 10, 20)))
    assert [remark[:22] for remark in back.remarks] == ["October 2026 is closed"]
    assert on(practice, patient, 10, 20).payer == "Aetna"


def test_every_fact_can_change(practice: TryPractice, ana: Member) -> None:
    """Each from the same day here, and each with what it was before."""
    patient = enrolled(
        practice,
        ana,
        START,
        payer="Cedar Health",
        npi=NPI,
        billing_npi=OTHER_NPI,
        diagnosis_codes=("F32.1",),
        place_of_service="11",
        apcm=True,
    )
    ben = practice.member("Ben Okoro")
    day = date(2026, 11, 3)
    outcome = change(
        practice,
        ana,
        payer="Medicare",
        npi=OTHER_NPI,
        billing_npi=NPI,
        diagnosis_codes=("F33.1",),
        place_of_service="10",
        apcm=False,
        care_manager="Ben Okoro",
        claim_from=day,
    )
    assert {(one.kind.value, one.value, one.before) for one in outcome.claims} == {
        ("payer", "Medicare", "Cedar Health"),
        ("referring_npi", OTHER_NPI, NPI),
        ("billing_npi", NPI, OTHER_NPI),
        ("diagnosis_codes", "F33.1", "F32.1"),
        ("place_of_service", "10", "11"),
        ("apcm", "no", "yes"),
        ("care_manager", "Ben Okoro", "Ana Flores"),
    }
    assert on(practice, patient, 11, 2).care_manager == ana.member_id
    assert on(practice, patient, 11, 3) == ClaimDay(
        payer="Medicare",
        referring_npi=OTHER_NPI,
        billing_npi=NPI,
        diagnosis_codes=("F33.1",),
        place_of_service="10",
        apcm=False,
        care_manager=ben.member_id,
    )


def test_a_care_manager_has_days_and_the_caseload_the_latest(practice: TryPractice, ana: Member) -> None:
    """Assigned from the 16th on."""
    patient = cedar(practice, ana)
    ben = practice.member("Ben Okoro")
    told = done(
        practice,
        ana,
        Assign(patient=ref(), care_manager="Ben Okoro", claim_from=date(2026, 11, 16)),
        Assigned,
    ).change
    assert (told.value, told.before, told.since) == ("Ben Okoro", "Ana Flores", date(2026, 11, 16))
    assert [on(practice, patient, 11, day).care_manager for day in (15, 16)] == [ana.member_id, ben.member_id]
    assert episodes(practice, patient)[0].care_manager == ben.member_id
    already = done(practice, ana, Assign(patient=ref(), care_manager="Ben Okoro"), Assigned)
    assert not already.change.is_new


def test_who_is_enrolled_again_begins_with_what_was_last_on_file(practice: TryPractice, ana: Member) -> None:
    """And with what is said from the new enrollment's first day on."""
    patient = cedar(practice, ana)
    change(practice, ana, payer="Medicare", claim_from=date(2026, 10, 20))
    done(practice, ana, Discharge(patient=ref(), on=date(2026, 11, 2), reason="goals met"), Discharged)
    change(practice, ana, on=date(2026, 11, 9), payer="Aetna")
    assert [on(practice, patient, *day).payer for day in ((10, 19), (10, 20), (11, 8), (11, 9))] == [
        "Cedar Health",
        "Medicare",
        "Medicare",
        "Aetna",
    ]
    assert [one.payer for one in episodes(practice, patient)] == ["Medicare", "Aetna"]


def test_an_enrollment_of_another_payer_needs_no_days_of_its_own(practice: TryPractice, ana: Member) -> None:
    """An enrollment's payer holds from its first day on; the month in which both lie has two coverages."""
    patient = cedar(practice, ana)
    done(practice, ana, Discharge(patient=ref(), on=date(2026, 11, 2), reason="moved"), Discharged)
    change(practice, ana, on=date(2026, 11, 9), payer="Aetna")
    assert rows(practice, patient) == []

    def covered(context: Context) -> list[tuple[int, int, str]]:
        rules = judge_month(context, patient, NOVEMBER).rules
        return [(one.first_day.day, one.last_day.day, one.payer) for one in rules.by_coverage]

    assert practice.see(covered) == [(1, 8, "Cedar Health"), (9, 30, "Aetna")]


def test_an_undone_change_is_as_if_it_had_never_been(practice: TryPractice, ana: Member) -> None:
    """And it can be put back, days and all; what is told is what changed, not what had held before."""
    patient = cedar(practice, ana)
    change(practice, ana, payer="Medicare", claim_from=date(2026, 11, 3))
    practice.clock.pass_(minutes=5)
    undone = practice.do(undo.undo_last, ana)
    assert isinstance(undone, TakenBack)
    assert rows(practice, patient) == []
    assert on(practice, patient, 11, 18).payer == "Cedar Health"
    gone = [one.before for one in undone.went if getattr(one, "kind", "") == CLAIM_FACT]
    assert [one["value"] for one in gone if one] == ["Medicare"]
    practice.clock.pass_(minutes=5)
    practice.do(undo.put_back, ana, undone.act_id)
    assert [on(practice, patient, 11, day).payer for day in (2, 3)] == ["Cedar Health", "Medicare"]
    assert episodes(practice, patient)[0].payer == "Medicare"


def test_a_change_is_not_undone_from_under_a_later_one(practice: TryPractice, ana: Member) -> None:
    """The facts of one kind hold together: the first would go on for days that it was never said of."""
    patient = cedar(practice, ana)
    first = record(practice, ana, Enroll(patient=ref(), payer="Medicare", claim_from=date(2026, 11, 16)))
    practice.clock.pass_(minutes=5)
    change(practice, ana, payer="Aetna", claim_from=date(2026, 11, 3))
    practice.clock.pass_(minutes=5)
    assert first.act_id is not None
    with pytest.raises(ChangedSince, match="changed"):
        practice.do(undo.undo_act, ana, first.act_id)
    assert [on(practice, patient, 11, day).payer for day in (2, 3, 16)] == [
        "Cedar Health",
        "Aetna",
        "Medicare",
    ]


def last_reference(practice: TryPractice, kind: str) -> FactReference:
    history = practice.see(fact_history.of_patient, practice.member("Sue", MemberRole.SUPERVISOR), ref())
    found = FactReference.of(next(one.reference for one in history.versions if one.kind == kind))
    assert found is not None
    return found


@pytest.mark.parametrize("kind", [CLAIM_FACT, "episode"])
def test_a_change_taken_back_by_its_reference_goes_whole(
    practice: TryPractice, ana: Member, kind: str
) -> None:
    """Whether the enrollment's version is named or the fact with its day."""
    patient = cedar(practice, ana)
    practice.clock.pass_(minutes=5)
    change(practice, ana, payer="Medicare", claim_from=date(2026, 11, 3))
    practice.clock.pass_(days=3)
    practice.do(fact_history.void_fact, ana, last_reference(practice, kind), "wrong patient")
    assert rows(practice, patient) == []
    assert episodes(practice, patient)[0].payer == "Cedar Health"
    assert [on(practice, patient, *day).payer for day in ((10, 20), (11, 18))] == ["Cedar Health"] * 2


def test_a_referring_npi_taken_back_by_its_reference_is_the_one_before(
    practice: TryPractice, ana: Member
) -> None:
    """It lies on the patient, beside its days."""
    patient = cedar(practice, ana)
    practice.clock.pass_(minutes=5)
    change(practice, ana, npi=OTHER_NPI)
    practice.do(fact_history.void_fact, ana, last_reference(practice, CLAIM_FACT), "wrong patient")
    assert on(practice, patient, 11, 18).referring_npi == NPI


def test_two_patients_who_are_one_keep_their_days(practice: TryPractice, ana: Member) -> None:
    """Each one's claims of their own time, and back again when they are taken apart."""
    sue = practice.member("Sue", MemberRole.SUPERVISOR)
    one = cedar(practice, ana)
    change(practice, ana, payer="Medicare", claim_from=date(2026, 10, 20))
    done(practice, ana, Discharge(patient=ref(), on=date(2026, 11, 2), reason="moved"), Discharged)
    other = record(
        practice, ana, Enroll(patient=ref("98765"), on=date(2026, 11, 9), payer="Aetna", npi=NPI)
    ).patients[0]
    practice.do(merging.merge, sue, ref("98765"), ref(), "the same person")
    payers = [on(practice, one, *day).payer for day in ((10, 19), (10, 20), (11, 8), (11, 9))]
    assert payers == ["Cedar Health", "Medicare", "Medicare", "Aetna"]
    practice.do(merging.unmerge, sue, ref("98765"))
    assert on(practice, one, 11, 30).payer == "Medicare"
    assert on(practice, other, 11, 30).payer == "Aetna"


def test_facts_of_claims_have_kinds_of_their_own(practice: TryPractice, ana: Member) -> None:
    """A change of one kind leaves the others without rows."""
    patient = cedar(practice, ana)
    change(practice, ana, diagnosis_codes=("F32.1",), claim_from=date(2026, 11, 3))
    assert {kind for kind, *_ in rows(practice, patient)} == {ClaimFactKind.DIAGNOSIS_CODES.value}
    assert on(practice, patient, 11, 2).diagnosis_codes == ()
    assert facts_of(practice, patient, OCTOBER).claim_facts == facts_of(practice, patient).claim_facts[:1]
