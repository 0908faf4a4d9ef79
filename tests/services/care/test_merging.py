"""Two MRNs of one person made one patient, and taken apart again: nothing is lost, and nothing is left behind."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from billing.clinical import Admission, Attestation, AttestationKind, CaseReview, OtherService, Scale, Score
from billing.entries import TimeEntry
from billing.months import BillingMonth
from billing.people import Member, MemberRole
from services.acts import fact_history, undo
from services.acts.went import TakenBack
from services.care import carry_out, merging
from services.care.merging import CannotMerge
from services.care.requests import Assess, Measured
from services.checks import verify
from services.context import Context
from services.entries import amend, history, log, void
from services.entries.changes import EntryEdit
from services.entries.receipts import Receipt
from services.errors import NotAllowed, UnknownPatient
from services.messages.revisions import close_month
from services.months.addenda import AddendumKind
from services.months.gather import gather
from services.months.report import MonthReport, month_report
from services.people import patients
from services.people.patient_ref import PatientRef
from storage import Database
from tests.support.caseloads import in_care
from tests.support.practice import TryPractice, asked, draft

NOVEMBER, OCTOBER = BillingMonth(2026, 11), BillingMonth(2026, 10)
TYPED, ROSTER = "417", "00417"


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def practice(request: pytest.FixtureRequest) -> Iterator[TryPractice]:
    """A practice on each of the two databases."""
    database = Database.open(request.getfixturevalue(f"{request.param}_url"))
    yield TryPractice(database)
    database.close()


@pytest.fixture
def ana(practice: TryPractice) -> Member:
    return practice.member("Ana Flores")


@pytest.fixture
def sue(practice: TryPractice) -> Member:
    return practice.member("Sue Park", MemberRole.SUPERVISOR)


def ref(identity: str) -> PatientRef:
    return PatientRef(text=f"MRN{identity}", identity=identity)


def logged(practice: TryPractice, who: Member, identity: str, minutes: int, **more: object) -> Receipt:
    # The MRNs are much alike; which one is meant has been answered.
    request = asked(identity, minutes, settled=("did_you_mean",), **more)
    made = practice.do(log.log, who, draft(request))
    assert isinstance(made, Receipt)
    return made


def with_facts(practice: TryPractice, who: Member, identity: str) -> None:
    """Every kind of fact that can be on file, for a patient who is known."""

    def add(context: Context) -> None:
        uow = context.uow
        patient = uow.patients.as_written(identity)
        assert patient is not None
        key = patient.patient_id
        day = date(2026, 11, 10)
        uow.reviews.add(
            CaseReview(
                review_id=0,
                patient_id=key,
                reviewed_on=day,
                consultant=who.member_id,
                recorded_by=who.member_id,
                recorded_at=context.now,
                entry_id=None,
            )
        )
        uow.scores.add(
            Score(
                score_id=0,
                patient_id=key,
                scale=Scale.PHQ9,
                value=14,
                measured_on=day,
                recorded_by=who.member_id,
            )
        )
        uow.admissions.add(Admission(admission_id=0, patient_id=key, admitted_on=day, left_on=day))
        uow.other_services.add(key, OtherService(code="99490", service_on=day))
        uow.attestations.add(
            key,
            NOVEMBER,
            Attestation(kind=next(iter(AttestationKind)), attested_by=who.member_id, attested_at=context.now),
        )
        uow.commit()

    practice.do(add)


def judged(practice: TryPractice, *identities: str) -> list[object]:
    """What November and October of some patients are judged from, without numbers of versions and patients."""

    def read(context: Context) -> list[object]:
        found = [context.uow.patients.as_written(each) for each in identities]
        chosen = [each for each in found if each is not None]
        return [
            (
                one.patient.identity,
                sorted(map(_plain, one.facts.entries), key=str),
                *(
                    getattr(one.facts, name)
                    for name in one.facts.__dataclass_fields__
                    if name not in {"entries", "patient_id"}
                ),
            )
            for one in gather(context, chosen, (OCTOBER, NOVEMBER))
        ]

    return practice.see(read)


def _plain(entry: TimeEntry) -> TimeEntry:
    return replace(entry, version=0, corrected_at=None)


def test_the_merged_mrn_goes_on_finding_the_patient(practice: TryPractice, ana: Member, sue: Member) -> None:
    """Everything is with the patient who stays; a line for the other MRN is theirs, and the receipt says so."""
    in_care(practice, ana, ROSTER)
    first = logged(practice, ana, TYPED, 15)
    with_facts(practice, ana, TYPED)
    practice.clock.pass_(minutes=5)
    made = practice.do(merging.merge, sue, ref(TYPED), ref(ROSTER), "the zeros were left out")
    assert (made.entries, made.facts) == (1, 3)
    assert made.standings[0].result.counted_seconds == 900
    kept = practice.see(patients.need, ref(TYPED))
    assert kept.identity == ROSTER
    practice.clock.pass_(minutes=5)
    again = logged(practice, ana, TYPED, 20).entries[0]
    assert again.patient.identity == ROSTER
    assert "MRN417 was merged into MRN00417." in again.remarks
    told = practice.see(history.history, ana, first.entries[0].entry.entry_id)
    assert [view.patient.identity for view in told.versions] == [TYPED, ROSTER]
    assert told.versions[1].version.reason == "merged: the zeros were left out"
    facts = next(one for one in practice.see(_november, kept.patient_id))
    assert (len(facts.reviews), len(facts.admissions), len(facts.other_services)) == (1, 1, 1)


def _november(context: Context, patient_id: int) -> list[object]:
    patient = context.uow.patients.many({patient_id})[patient_id]
    return [one.facts for one in gather(context, [patient], (NOVEMBER,))]


def test_taking_apart_restores_what_was_before(practice: TryPractice, ana: Member, sue: Member) -> None:
    """Facts, projection and alias are as they were; what was written since stays, and history is longer."""
    in_care(practice, ana, ROSTER, enrolled_on=date(2026, 11, 1), initial_assessment_on=date(2026, 11, 1))
    in_care(practice, ana, TYPED, discharged_on=date(2026, 10, 30))
    entry_id = logged(practice, ana, TYPED, 15).entries[0].entry.entry_id
    logged(practice, ana, ROSTER, 30)
    with_facts(practice, ana, TYPED)
    before = judged(practice, TYPED, ROSTER)
    practice.clock.pass_(minutes=5)
    practice.do(merging.merge, sue, ref(TYPED), ref(ROSTER))
    assert judged(practice, TYPED, ROSTER) != before
    practice.clock.pass_(minutes=5)
    made = practice.do(merging.unmerge, sue, ref(TYPED))
    assert made.is_apart
    assert judged(practice, TYPED, ROSTER) == before
    assert practice.see(patients.need, ref(TYPED)).identity == TYPED
    assert len(practice.see(history.history, ana, entry_id).versions) == 3
    assert practice.see(lambda context: context.uow.ledger.projection_differences()) == ()
    assert practice.see(lambda context: context.uow.chain.findings()) == ()
    assert practice.see(lambda context: context.uow.evidence.changed_rows()) == ()
    with pytest.raises(CannotMerge, match="was not merged"):
        practice.do(merging.unmerge, sue, ref(TYPED))


def test_the_merged_patient_is_judged_as_one_patient_with_everything(
    practice: TryPractice, ana: Member, sue: Member
) -> None:
    """The same lines and facts under one MRN from the beginning come to the same."""
    for identity in (ROSTER, "500"):
        in_care(practice, ana, identity)
    logged(practice, ana, TYPED, 15)
    logged(practice, ana, ROSTER, 30)
    with_facts(practice, ana, TYPED)
    for minutes in (15, 30):
        logged(practice, ana, "500", minutes)
    with_facts(practice, ana, "500")
    practice.do(merging.merge, sue, ref(TYPED), ref(ROSTER))
    (merged,), (whole,) = (
        practice.see(lambda context, one=each: list(_judged(context, one))) for each in (ROSTER, "500")
    )
    assert merged == whole


def _judged(context: Context, identity: str) -> Iterator[object]:
    patient = context.uow.patients.by_identity(identity)
    assert patient is not None
    for one in gather(context, [patient], (NOVEMBER,)):
        facts = one.facts
        yield (
            sorted((entry.seconds, entry.activity) for entry in facts.entries),
            [score.value for score in facts.scores],
            [review.reviewed_on for review in facts.reviews],
            facts.other_services,
            len(facts.attestations),
        )


def test_two_enrollments_at_once_are_refused(practice: TryPractice, ana: Member, sue: Member) -> None:
    """The sentence says since when and what to do; one that ended before the other began is no hindrance."""
    in_care(practice, ana, ROSTER)
    in_care(practice, ana, TYPED, enrolled_on=date(2026, 10, 12), initial_assessment_on=date(2026, 10, 12))
    with pytest.raises(CannotMerge, match=r"both enrolled on Oct 12, 2026.*merge MRN417 into MRN00417"):
        practice.do(merging.merge, sue, ref(TYPED), ref(ROSTER))


def test_who_may_and_what_cannot_be_merged(practice: TryPractice, ana: Member, sue: Member) -> None:
    """Supervisors; two patients who are known, different, and not merged before."""
    in_care(practice, ana, ROSTER)
    logged(practice, ana, TYPED, 15)
    logged(practice, ana, "9", 15)
    with pytest.raises(NotAllowed):
        practice.do(merging.merge, ana, ref(TYPED), ref(ROSTER))
    with pytest.raises(UnknownPatient):
        practice.do(merging.merge, sue, ref("55555"), ref(ROSTER))
    with pytest.raises(CannotMerge, match="same patient"):
        practice.do(merging.merge, sue, ref(ROSTER), ref(ROSTER))
    practice.do(merging.merge, sue, ref(TYPED), ref(ROSTER))
    with pytest.raises(CannotMerge, match="was merged into MRN00417 before"):
        practice.do(merging.merge, sue, ref(TYPED), ref(ROSTER))
    with pytest.raises(CannotMerge, match="was merged into MRN00417 before"):
        practice.do(merging.merge, sue, ref(TYPED), ref("9"))


def test_a_chain_of_merges_is_taken_apart_from_its_end(
    practice: TryPractice, ana: Member, sue: Member
) -> None:
    """The first MRN follows the second to the third, and comes back with it."""
    for identity, minutes in (("1", 10), ("2", 20), ("3", 30)):
        logged(practice, ana, identity, minutes)
    practice.do(merging.merge, sue, ref("1"), ref("2"))
    practice.do(merging.merge, sue, ref("2"), ref("3"))
    assert practice.see(patients.need, ref("1")).identity == "3"
    with pytest.raises(CannotMerge, match="unmerge MRN2"):
        practice.do(merging.unmerge, sue, ref("1"))
    practice.do(merging.unmerge, sue, ref("2"))
    assert practice.see(patients.need, ref("1")).identity == "2"
    practice.do(merging.unmerge, sue, ref("1"))
    counted = [sum(entry.seconds for entry in _entries(practice, each)) for each in ("1", "2", "3")]
    assert counted == [600, 1200, 1800]


def _entries(practice: TryPractice, identity: str) -> tuple[TimeEntry, ...]:
    def read(context: Context) -> tuple[TimeEntry, ...]:
        patient = context.uow.patients.as_written(identity)
        assert patient is not None
        return tuple(context.uow.ledger.patient_month(patient.patient_id, date.min, date.max))

    return practice.see(read)


def test_a_closed_month_stands_and_what_moved_is_an_addendum(
    practice: TryPractice, ana: Member, sue: Member
) -> None:
    """The frozen lines are not touched; the receipt says that the month is closed."""
    in_care(practice, ana, ROSTER)
    day = date(2026, 10, 20)
    logged(practice, ana, TYPED, 15, service_date=day)
    practice.do(close_month, practice.member("Bea", MemberRole.BILLER), OCTOBER)
    practice.clock.pass_(minutes=5)
    before = practice.see(_report)
    made = practice.do(merging.merge, sue, ref(TYPED), ref(ROSTER))
    assert any("October 2026 is closed" in remark for remark in made.remarks)
    after = practice.see(_report)
    assert after.lines == before.lines
    assert after.totals == before.totals
    (moved,) = after.addenda
    assert (moved.kind, moved.patient.identity) == (AddendumKind.CORRECTED, ROSTER)


def _report(context: Context) -> MonthReport:
    return month_report(context, OCTOBER)


def test_an_act_from_before_a_merge_is_taken_back_with_the_patient_who_stays(
    practice: TryPractice, ana: Member, sue: Member
) -> None:
    """What a person did has its way back, whatever was merged since, and nothing lands with the merged MRN."""
    in_care(practice, sue, ROSTER)
    first, second = logged(practice, ana, TYPED, 15), logged(practice, ana, TYPED, 20)
    practice.do(void.void, ana, entry_of(second), "logged twice")
    practice.do(merging.merge, sue, ref(TYPED), ref(ROSTER))
    back = practice.do(undo.undo_last, ana)
    assert isinstance(back, TakenBack)
    assert _standing(practice) == {ROSTER: 2100}
    gone = practice.do(undo.undo_receipt, ana, first.receipt_id)
    assert _standing(practice) == {ROSTER: 1200}
    practice.do(merging.unmerge, sue, ref(TYPED))
    assert _standing(practice) == {TYPED: 1200}
    practice.do(undo.put_back, ana, gone.act_id)
    assert _standing(practice) == {TYPED: 2100}
    practice.do(merging.merge, sue, ref(TYPED), ref(ROSTER))
    assert _standing(practice) == {ROSTER: 2100}
    assert practice.see(verify).changed == ()


def test_what_was_voided_while_two_were_one_goes_back_to_its_own_patient(
    practice: TryPractice, ana: Member, sue: Member
) -> None:
    """Minutes of the one who was merged never stay with the other, corrected in between or not."""
    in_care(practice, sue, ROSTER)
    made = logged(practice, ana, TYPED, 15)
    practice.do(merging.merge, sue, ref(TYPED), ref(ROSTER))
    practice.clock.pass_(minutes=1)
    practice.do(amend.edit, ana, EntryEdit(entry_id=entry_of(made), seconds=600))
    practice.do(void.void, ana, entry_of(made), "wrong")
    practice.clock.pass_(minutes=1)
    practice.do(merging.unmerge, sue, ref(TYPED))
    practice.do(undo.undo_last, ana)
    assert _standing(practice) == {TYPED: 600}
    assert practice.see(verify).changed == ()


def test_the_history_of_a_fact_goes_with_it(practice: TryPractice, ana: Member, sue: Member) -> None:
    """Both patients' histories show every version of what was moved, and where it went."""
    in_care(practice, sue, ROSTER)
    logged(practice, ana, TYPED, 15)
    practice.do(carry_out.carry_out, ana, _score())
    practice.do(merging.merge, sue, ref(TYPED), ref(ROSTER))
    merged = practice.see(fact_history.of_patient, ana, ref(TYPED))
    score = [one for one in merged.versions if one.kind == "score"]
    assert [(one.act, one.moved_to and one.moved_to.identity) for one in score] == [
        ("merge", ROSTER),
        ("assess", None),
    ]
    practice.do(undo.undo_last, ana)
    practice.do(merging.unmerge, sue, ref(TYPED))
    for identity in (TYPED, ROSTER):
        seen = practice.see(fact_history.of_patient, ana, ref(identity))
        acts = [one.act for one in seen.versions if one.kind == "score"]
        assert acts == ["unmerge", "undo", "merge", "assess"]


def _score() -> Assess:
    measured = Measured(scale=Scale.PHQ9, value=14)
    return Assess(patient=ref(TYPED), on=date(2026, 11, 18), scores=(measured,))


def _standing(practice: TryPractice) -> dict[str, int]:
    """Seconds of November, by the MRN under which they stand."""

    def read(context: Context) -> dict[str, int]:
        totals = context.uow.ledger.totals(NOVEMBER.first_day, NOVEMBER.last_day)
        known = context.uow.patients.many(totals.keys())
        return {known[key].identity: seconds for key, seconds in totals.items()}

    return practice.see(read)


def entry_of(made: Receipt) -> int:
    return made.entries[0].entry.entry_id
