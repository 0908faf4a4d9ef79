"""Undo among several people, across months, by reference; and what it leaves in a closed month."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest

from billing.clinical import Scale
from billing.episodes import ConsentKind
from billing.months import BillingMonth
from billing.people import Member, MemberRole
from services.acts import fact_history, undo
from services.acts.inverses import ChangedSince
from services.acts.references import FactReference
from services.acts.went import EntryWent, FactWent, TakenBack, TurnedRound
from services.care import carry_out
from services.care.receipts import CareReceipt, Reviewed
from services.care.requests import Assess, Discharge, GiveConsent, Measured, Review
from services.checks import verify
from services.context import Context
from services.entries import amend, history, log, overviews
from services.entries.changes import EntryEdit
from services.entries.receipts import Receipt
from services.errors import (
    AlreadyUndone,
    CannotCorrect,
    CannotTakeBack,
    NotAllowed,
    NothingToUndo,
    TooLateToUndo,
)
from services.months.addenda import addenda_of, held
from services.months.close import freeze_month
from services.months.judge import judge_month
from services.people.patient_ref import PatientRef
from storage import ActKind, Database
from tests.support.practice import TryPractice, asked, draft
from tests.support.tampering import tamper

TODAY = date(2026, 11, 18)
OCTOBER = BillingMonth(year=2026, month=10)
NOVEMBER = BillingMonth(year=2026, month=11)
REF = PatientRef(text="MRN123", identity="123")


@pytest.fixture
def practice(database: Database) -> TryPractice:
    """A practice with one patient in care."""
    practice = TryPractice(database)
    practice.patient("123")
    return practice


@pytest.fixture
def ana(practice: TryPractice) -> Member:
    return practice.member("Ana Flores", slack="U0ANA")


@pytest.fixture
def ben(practice: TryPractice) -> Member:
    return practice.member("Ben Okoro", slack="U0BEN")


@pytest.fixture
def bea(practice: TryPractice) -> Member:
    return practice.member("Bea Boss", MemberRole.SUPERVISOR, MemberRole.BILLER, slack="U0BEA")


def logged(practice: TryPractice, who: Member, **more: object) -> Receipt:
    made = practice.do(log.log, who, draft(asked(**more)))  # type: ignore[arg-type]
    assert isinstance(made, Receipt)
    return made


def discharged(practice: TryPractice, who: Member) -> CareReceipt:
    made = practice.do(carry_out.carry_out, who, Discharge(patient=REF, on=TODAY, reason="moved away"))
    assert isinstance(made, CareReceipt)
    return made


def episode(context: Context) -> object:
    patient = context.uow.patients.by_identity("123")
    assert patient is not None
    (found,) = context.uow.episodes.of_patient(patient.patient_id)
    return found


def test_each_takes_back_their_own(practice: TryPractice, ana: Member, ben: Member) -> None:
    """Two people in a row: the undo of one leaves what the other did, whoever was last."""
    before = practice.see(episode)
    discharged(practice, ana)
    practice.do(log.log, ben, draft(asked(minutes=20)))
    undone = practice.do(undo.undo_last, ana)
    assert isinstance(undone, TakenBack)
    assert [type(one) for one in undone.went] == [FactWent]
    assert practice.see(episode) == before
    assert practice.see(overviews.today, ben).total_seconds == 20 * 60
    with pytest.raises(NothingToUndo):
        practice.do(undo.undo_last, practice.member("Cid Nobody", slack="U0CID"))


def test_what_others_changed_beside_it_stays(
    practice: TryPractice, ana: Member, ben: Member, bea: Member
) -> None:
    """A discharge is taken back, and the care manager whom a supervisor set since stays."""
    discharged(practice, ana)
    practice.clock.pass_(minutes=1)

    def assign(context: Context) -> None:
        context.uow.acts.begin(ActKind.ASSIGN, by=bea.member_id, at=context.now)
        patient = context.uow.patients.by_identity("123")
        assert patient is not None
        (one,) = context.uow.episodes.of_patient(patient.patient_id)
        context.uow.episodes.update(replace(one, care_manager=ben.member_id))
        context.uow.commit()

    practice.do(assign)
    practice.do(undo.undo_last, ana)
    found = practice.see(episode)
    assert (found.discharged_on, found.care_manager) == (None, ben.member_id)  # type: ignore[attr-defined]


def test_what_somebody_changed_since_is_not_taken_back(
    practice: TryPractice, ana: Member, bea: Member
) -> None:
    """The refusal says who changed it and when, and nothing is changed."""
    entry = logged(practice, ana).entries[0].entry
    practice.clock.pass_(minutes=5)
    practice.do(amend.edit, bea, EntryEdit(entry_id=entry.entry_id, seconds=600, reason="called twice"))
    with pytest.raises(ChangedSince, match=r"Bea Boss changed `e-\w+` on Wed Nov 18, 10:05 am"):
        practice.do(undo.undo_last, ana)
    with pytest.raises(ChangedSince, match="Bea Boss"):
        practice.do(
            undo.undo_receipt, ana, practice.see(lambda context: context.uow.ledger.versions(1)[0].receipt_id)
        )
    assert practice.see(overviews.today, ana).total_seconds == 600


def test_a_change_is_taken_back_before_the_log(practice: TryPractice, ana: Member) -> None:
    """Undo after undo goes back step by step: the correction, then the entry."""
    entry = logged(practice, ana).entries[0].entry
    practice.clock.pass_(minutes=5)
    practice.do(amend.edit, ana, EntryEdit(entry_id=entry.entry_id, seconds=600))
    first = practice.do(undo.undo_last, ana)
    assert isinstance(first, TakenBack)
    (went,) = first.went
    assert isinstance(went, EntryWent)
    assert went.before is not None
    assert went.after is not None
    assert (went.before.entry.seconds, went.after.entry.seconds) == (600, 900)
    # As if it had never been corrected.
    assert went.after.entry.corrected_at is None
    practice.clock.pass_(minutes=2)
    practice.do(undo.undo_last, ana)
    assert practice.see(overviews.today, ana).total_seconds == 0
    told = practice.see(history.history, ana, entry.entry_id)
    assert [one.version.kind.value for one in told.versions] == ["first", "correction", "correction", "void"]
    assert [one.version.reason for one in told.versions][2:] == ["undone by its author"] * 2


def test_the_button_of_a_receipt_takes_its_corrections_with_it(practice: TryPractice, ana: Member) -> None:
    """Pressed after the entry was corrected, it voids the entry, and the correction is not left to be undone."""
    made = logged(practice, ana)
    practice.do(amend.edit, ana, EntryEdit(entry_id=made.entries[0].entry.entry_id, seconds=600))
    undone = practice.do(undo.undo_receipt, ana, made.receipt_id)
    assert set(undone.names) == {"the time logged", "the correction"}
    practice.clock.pass_(minutes=2)
    with pytest.raises(NothingToUndo):
        practice.do(undo.undo_last, ana)
    practice.do(undo.put_back, ana, undone.act_id)
    assert practice.see(overviews.today, ana).total_seconds == 600
    practice.do(undo.undo_receipt, ana, made.receipt_id)
    assert practice.see(overviews.today, ana).total_seconds == 0


def test_the_button_of_a_review_takes_word_of_sending_with_it(practice: TryPractice, ana: Member) -> None:
    """The review goes with its time and with what its author said of it since; not with what another said of it."""
    doc = practice.member("Doc Cho", MemberRole.CONSULTANT, slack="U0DOC")
    request = Review(patients=(REF,), on=TODAY, recommendation="sertraline 50", entries=(asked("123", 20),))
    made = practice.do(carry_out.carry_out, doc, request)
    assert isinstance(made, CareReceipt)
    assert isinstance(made.outcome, Reviewed)
    assert made.outcome.time is not None
    practice.clock.pass_(minutes=1)
    sent = Review(patients=(REF,), on=TODAY, sent_on=TODAY)
    practice.do(carry_out.carry_out, doc, sent)
    receipt_id = made.outcome.time.receipt_id
    undone = practice.do(undo.undo_receipt, doc, receipt_id)
    assert undone.names == ("the word that the recommendation was sent", "the case review")
    practice.do(undo.put_back, doc, undone.act_id)
    practice.clock.pass_(hours=15)
    practice.do(carry_out.carry_out, ana, replace(sent, sent_on=date(2026, 11, 19)))
    with pytest.raises(ChangedSince, match="Ana Flores changed"):
        practice.do(undo.undo_receipt, doc, receipt_id)


def test_buttons_work_once_for_their_author_within_a_day(
    practice: TryPractice, ana: Member, ben: Member
) -> None:
    """Undo and put back are for the person who did it, once, within 24 hours."""
    act_id = discharged(practice, ana).act_id
    assert act_id is not None
    with pytest.raises(NotAllowed):
        practice.do(undo.undo_act, ben, act_id)
    undone = practice.do(undo.undo_act, ana, act_id)
    with pytest.raises(AlreadyUndone):
        practice.do(undo.undo_act, ana, act_id)
    with pytest.raises(NotAllowed):
        practice.do(undo.put_back, ben, undone.act_id)
    practice.do(undo.put_back, ana, undone.act_id)
    with pytest.raises(AlreadyUndone, match="back already"):
        practice.do(undo.put_back, ana, undone.act_id)
    practice.clock.pass_(hours=25)
    with pytest.raises(TooLateToUndo):
        practice.do(undo.put_back, ana, undone.act_id)
    with pytest.raises(TooLateToUndo):
        practice.do(undo.undo_act, ana, act_id)
    with pytest.raises(AlreadyUndone):
        practice.do(undo.undo_act, ana, 99_999)


def test_what_changed_nothing_is_no_act(practice: TryPractice, ana: Member) -> None:
    """A consent that is on file already is not what undo takes back: the time logged before it is."""
    logged(practice, ana)
    on_file = GiveConsent(patient=REF, on=date(2026, 10, 5), kind=ConsentKind.VERBAL)
    assert practice.do(carry_out.carry_out, ana, on_file).act_id is None  # type: ignore[union-attr]
    practice.do(undo.undo_last, ana)
    assert practice.see(overviews.today, ana).total_seconds == 0


def log_without_act(context: Context, who: Member) -> int:
    """Half an hour as a version of the program stored it that kept no acts; the receipt's number."""
    entry = log._new_entry(context, asked(minutes=30), who)
    stored = context.uow.ledger.append([entry], by=who.member_id, at=context.now, source="chat")
    context.uow.commit()
    return stored.receipt_id


def test_receipts_of_a_version_without_acts_can_be_undone(practice: TryPractice, ana: Member) -> None:
    """Right after an upgrade, the word and the button reach what was logged before it."""

    practice.do(log_without_act, ana)
    undone = practice.do(undo.undo_last, ana)
    assert isinstance(undone, TakenBack)
    assert practice.see(overviews.today, ana).total_seconds == 0
    practice.do(undo.put_back, ana, undone.act_id)
    assert practice.see(overviews.today, ana).total_seconds == 30 * 60
    receipt_id = practice.do(log_without_act, ana)
    practice.do(undo.undo_receipt, ana, receipt_id)
    assert practice.see(overviews.today, ana).total_seconds == 30 * 60


def test_a_second_undo_at_once_leaves_what_no_act_names(practice: TryPractice, ana: Member) -> None:
    """Right after something was taken back, a receipt without an act is named, and stays."""
    practice.do(log_without_act, ana)
    logged(practice, ana)
    practice.do(undo.undo_last, ana)
    with pytest.raises(CannotTakeBack, match=r"less than a minute ago.*`e-"):
        practice.do(undo.undo_last, ana)
    assert practice.see(overviews.today, ana).total_seconds == 30 * 60


# -- months ----------------------------------------------------------------------------------------------


def test_a_closed_month_says_that_an_undo_touches_it(practice: TryPractice, ana: Member, bea: Member) -> None:
    """As a correction there is: the figures stand, and the answer says so. Undone again, nothing differs."""
    practice.clock.at -= timedelta(days=20)
    entry = logged(practice, ana, minutes=30, service_date=date(2026, 10, 27)).entries[0].entry
    practice.clock.pass_(days=20)

    def close(context: Context) -> None:
        freeze_month(context, bea, OCTOBER)
        context.uow.commit()

    practice.do(close)
    practice.do(amend.edit, ana, EntryEdit(entry_id=entry.entry_id, seconds=600, reason="was less"))
    undone = practice.do(undo.undo_last, ana)
    assert isinstance(undone, TakenBack)
    assert any("October 2026 is closed" in remark for remark in undone.remarks)
    patient = undone.standings[0].patient
    assert undone.standings[0].result.findings == practice.see(
        lambda context: judge_month(context, patient, OCTOBER).result.findings
    )
    now = practice.see(
        lambda context: addenda_of(
            context,
            OCTOBER,
            held([entry]),
            context.uow.ledger.patient_month(patient.patient_id, OCTOBER.first_day, OCTOBER.last_day),
        )
    )
    assert now == ()


def test_a_wrong_discharge_leaves_no_trace_in_billing(
    practice: TryPractice, ana: Member, bea: Member
) -> None:
    """Taken back by its reference days later, the month is judged as if it had never been written."""
    logged(practice, ana, minutes=70)
    patient = practice.see(lambda context: context.uow.patients.by_identity("123"))
    assert patient is not None
    before = practice.see(lambda context: judge_month(context, patient, NOVEMBER).result)
    practice.do(carry_out.carry_out, ana, Discharge(patient=REF, on=date(2026, 11, 2), reason="goals met"))
    assert practice.see(lambda context: judge_month(context, patient, NOVEMBER).result) != before
    practice.clock.pass_(days=5)
    told = practice.see(fact_history.of_patient, ana, REF)
    wrong = FactReference.of(told.versions[0].reference)
    assert wrong is not None
    with pytest.raises(NotAllowed):
        practice.do(fact_history.void_fact, practice.member("Cid", slack="U0CID"), wrong, "not mine")
    with pytest.raises(CannotCorrect, match="reason"):
        practice.do(fact_history.void_fact, bea, wrong, " ")
    made = practice.do(fact_history.void_fact, bea, wrong, "MRN124 was meant")
    assert made.how is TurnedRound.VOIDED
    assert practice.see(lambda context: judge_month(context, patient, NOVEMBER).result) == before
    newest = practice.see(fact_history.of_fact, ana, wrong).versions[0]
    assert (newest.act, newest.author, newest.reason) == ("void", bea, "MRN124 was meant")
    with pytest.raises(ChangedSince, match="You changed"):
        practice.do(fact_history.void_fact, bea, wrong, "again")
    with pytest.raises(ChangedSince, match="Bea Boss changed"):
        practice.do(fact_history.void_fact, ana, wrong, "again")


# -- references ------------------------------------------------------------------------------------------


def test_a_score_goes_whole_by_its_reference(practice: TryPractice, ana: Member) -> None:
    """Its author takes it back with a reason, once; an enrollment asks which of its versions is wrong."""
    scores = (Measured(scale=Scale.PHQ9, value=14),)
    practice.do(carry_out.carry_out, ana, Assess(patient=REF, on=TODAY, scores=scores))
    practice.clock.pass_(days=3)
    told = practice.see(fact_history.of_patient, ana, REF)
    (score,) = [one for one in told.versions if one.kind == "score"]
    reference = FactReference.of(score.reference.partition(".")[0])
    assert reference is not None
    practice.do(fact_history.void_fact, ana, reference, "another patient's")
    with pytest.raises(CannotCorrect, match="already"):
        practice.do(fact_history.void_fact, ana, reference, "another patient's")
    discharged(practice, ana)
    enrollment = FactReference(kind="episode", fact_id=1)
    with pytest.raises(CannotCorrect, match=r"2 versions.*\.1` is the enrollment itself"):
        practice.do(fact_history.void_fact, ana, enrollment, "wrong")
    with pytest.raises(fact_history.UnknownFact):
        practice.do(fact_history.void_fact, ana, replace(enrollment, n=9), "wrong")
    with pytest.raises(fact_history.UnknownFact):
        practice.see(fact_history.of_fact, ana, FactReference(kind="score", fact_id=999))


@pytest.mark.parametrize(
    "kind", ["episode", "case_review", "score", "statement", "admission", "attestation", "patient"]
)
@pytest.mark.parametrize("fact_id", [1, 7, 28, 29, 1000, 123_456_789])
@pytest.mark.parametrize("n", [None, 1, 12])
def test_references_name_one_fact(kind: str, fact_id: int, n: int | None) -> None:
    """What is shown is read back, in either case; one wrong character names nothing."""
    reference = FactReference(kind=kind, fact_id=fact_id, n=n)
    assert FactReference.of(str(reference)) == reference
    assert FactReference.of(str(reference).upper()) == reference
    whole, dot, rest = str(reference).partition(".")
    wrong = whole[:-1] + ("2" if whole[-1] != "2" else "3")
    assert FactReference.of(f"{wrong}{dot}{rest}") != reference


@pytest.mark.parametrize("text", ["", "c-", "e-36", "c-9j.", "c-9j.x", "c-9j.0", "c-9k", "9j.2"])
def test_what_is_no_reference_names_nothing(text: str) -> None:
    """Neither an entry's reference nor a part of one is taken for a fact's."""
    assert FactReference.of(text) is None


# -- at once ---------------------------------------------------------------------------------------------


@pytest.fixture
def on_postgres(postgres_url: str) -> Iterator[TryPractice]:
    """The same practice on a server, where use cases run at the same time."""
    opened = Database.open(postgres_url)
    practice = TryPractice(opened)
    practice.patient("123")
    yield practice
    opened.close()


@pytest.mark.postgres
def test_undos_at_once_take_back_one_act(on_postgres: TryPractice) -> None:
    """Of eight at the same moment one takes back the last act; the others ask, and nothing more goes."""
    practice = on_postgres
    ana = practice.member("Ana Flores", slack="U0ANA")
    for minutes in (10, 11, 12):
        logged(practice, ana, minutes=minutes)

    def work() -> list[object]:
        futures = [
            practice.database.write(
                lambda uow, key=f"event:{number % 2}": undo.undo_last(  # type: ignore[misc]
                    practice._context(uow), ana, request_key=key
                ),
                tenant_id=practice.tenant_id,
            )
            for number in range(8)
        ]
        return [future.result() for future in futures]

    outcomes = work()
    done = [one for one in outcomes if isinstance(one, TakenBack) and not one.repeated]
    assert len(done) == 1
    assert practice.see(overviews.today, ana).total_seconds == 21 * 60


@pytest.mark.postgres
def test_a_button_pressed_many_times_at_once_works_once(on_postgres: TryPractice) -> None:
    """Of eight clicks on Undo one takes back, the others say that it is done already."""
    practice = on_postgres
    ana = practice.member("Ana Flores", slack="U0ANA")
    act_id = discharged(practice, ana).act_id
    assert act_id is not None
    futures = [
        practice.database.write(
            lambda uow: undo.undo_act(practice._context(uow), ana, act_id), tenant_id=practice.tenant_id
        )
        for _ in range(8)
    ]
    errors = [error for future in futures if (error := future.exception()) is not None]
    assert len(errors) == 7
    assert {type(error) for error in errors} == {AlreadyUndone}


@pytest.mark.postgres
def test_an_undo_and_a_correction_at_once_leave_one_of_them(on_postgres: TryPractice) -> None:
    """Whoever is second is told: an entry is either undone, or corrected and standing."""
    practice = on_postgres
    ana = practice.member("Ana Flores", slack="U0ANA")
    bea = practice.member("Bea Boss", MemberRole.SUPERVISOR, slack="U0BEA")
    for round_ in range(6):
        made = logged(practice, ana, minutes=10 + round_)
        entry_id = made.entries[0].entry.entry_id
        wanted = EntryEdit(entry_id=entry_id, seconds=300, reason="was less")
        edit = practice.database.write(
            lambda uow, wanted=wanted: amend.edit(practice._context(uow), bea, wanted),  # type: ignore[misc]
            tenant_id=practice.tenant_id,
        )
        back = practice.database.write(
            lambda uow, made=made: undo.undo_receipt(practice._context(uow), ana, made.receipt_id),  # type: ignore[misc]
            tenant_id=practice.tenant_id,
        )
        failed = [one.exception() for one in (edit, back) if one.exception() is not None]
        standing = practice.see(lambda context, entry_id=entry_id: context.uow.ledger.entry(entry_id))  # type: ignore[misc]
        assert len(failed) == 1, failed
        assert (standing is None) == (edit.exception() is not None)
    assert practice.see(lambda context: context.uow.ledger.projection_differences()) == ()
    assert practice.see(lambda context: context.uow.evidence.changed_rows()) == ()


# -- evidence --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("UPDATE fact_version SET content = '{}' WHERE n = 2", "Care: episode 1, version 2 of patient"),
        ("DELETE FROM fact_version WHERE n = 1", "Care: episode 1, version 1"),
        ("UPDATE act SET changes = '[]' WHERE act_id = 1", "Acts: act 1 is not as it was written"),
        ("DELETE FROM undone_act WHERE act_id = 1", "Acts: the undoing of act 1 is missing"),
    ],
)
def test_versions_and_acts_are_evidence(practice: TryPractice, ana: Member, sql: str, said: str) -> None:
    """What is changed behind the program's back is named: a version of a fact, an act, that it was undone."""
    discharged(practice, ana)
    practice.do(undo.undo_last, ana)
    assert practice.see(verify).changed == ()
    tamper(practice.database, sql, practice.tenant_id)
    (found,) = practice.see(verify).changed
    assert found.startswith(said)
