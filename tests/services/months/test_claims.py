"""Lines marked as submitted, taken back, and what is owed back when one turns out to bill less."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from billing.claims import ClaimEventKind
from billing.people import Member, MemberRole, Patient
from services.acts.undo import undo_last
from services.acts.ways import WAYS
from services.checks import verify
from services.context import Context
from services.errors import CannotChangeMonth, CannotTakeBack, NotAllowed, UnknownPatient
from services.messages.month_end import month_revision, month_summary
from services.messages.revisions import close_month
from services.months.claims import Submitted, claims_of, submit, take_back
from services.months.close import reopen_month
from services.months.line_changes import coming_changes
from services.months.overpaid import Overpaid, overpaid, overpaid_lines, record
from services.months.overpaid_words import overpaid_words
from services.months.review import review
from services.people.mrns import identity_of_mrn
from services.people.patient_ref import PatientRef
from storage import ActKind, Database
from tests.support.files import loaded
from tests.support.reporting import NOVEMBER, OCTOBER, ReportedPractice

TODAY = date(2026, 11, 18)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def practice(request: pytest.FixtureRequest) -> Iterator[ReportedPractice]:
    """The same practice on each of the two databases."""
    database = Database.open(request.getfixturevalue(f"{request.param}_url"))
    yield ReportedPractice(database)
    database.close()


@pytest.fixture
def on_sqlite(database: Database) -> ReportedPractice:
    return ReportedPractice(database)


def ref(mrn: str) -> PatientRef:
    return PatientRef(text=mrn, identity=identity_of_mrn(mrn))


def mrns(done: Submitted) -> list[str]:
    return [patient.mrn for patient in done.patients]


def sent(practice: ReportedPractice, *refs: str) -> Submitted:
    return practice.do(submit, practice.sam, OCTOBER, tuple(map(ref, refs)))


def void(practice: ReportedPractice, *entry_ids: int) -> None:
    def carry_out(context: Context) -> None:
        context.uow.ledger.void(
            entry_ids, by=practice.ana.member_id, at=context.now, reason="another patient's"
        )
        context.uow.commit()

    practice.do(carry_out)


def ninety(practice: ReportedPractice, identity: str = "123", payer: str = "Lakeside") -> tuple[Patient, int]:
    """A billable line of 99493 and 99494; with the entry whose loss takes 99494 away."""
    patient = practice.enrolled(identity, payer=payer)
    practice.works(patient, 60, date(2026, 10, 5))
    later = practice.works(patient, 32, date(2026, 10, 6))
    practice.reviews(patient, date(2026, 10, 7))
    return patient, later.entry_id


def listed(practice: ReportedPractice) -> tuple[Overpaid, ...]:
    return practice.see(overpaid, practice.sam)


def recorded(
    practice: ReportedPractice, what: ClaimEventKind, day: date = TODAY, mrn: str = "123"
) -> Overpaid:
    return practice.do(record, practice.sam, ref(mrn), OCTOBER, what, day)


def test_a_month_is_submitted_line_by_line(practice: ReportedPractice) -> None:
    """All billable lines at once, or some first; a line below the threshold has nothing to submit."""
    practice.billable("1")
    practice.billable("2")
    below = practice.enrolled("3")
    practice.works(below, 5, date(2026, 10, 5))
    practice.do(close_month, practice.sam, OCTOBER)
    some = sent(practice, "MRN2", "2")
    assert (mrns(some), some.submitted, some.billable, some.revision) == (["MRN2"], 1, 2, 1)
    rest = sent(practice)
    assert (mrns(rest), rest.submitted, rest.taken_back) == (["MRN1"], 2, False)
    claims = practice.see(claims_of, OCTOBER)
    assert below.patient_id not in claims
    assert {claim.submitted_on for claim in claims.values()} == {TODAY}
    assert practice.see(verify).changed == ()


def test_what_cannot_be_submitted_is_said_kindly(on_sqlite: ReportedPractice) -> None:
    """Never closed, nothing billable, said before, an unknown patient, one whose line bills nothing."""
    with pytest.raises(
        CannotChangeMonth, match=r"October 2026 was never closed.*Close it first: /cocm close 2026-10"
    ):
        sent(on_sqlite)
    below = on_sqlite.enrolled("3")
    on_sqlite.works(below, 5, date(2026, 10, 5))
    on_sqlite.do(close_month, on_sqlite.sam, OCTOBER)
    with pytest.raises(CannotChangeMonth, match="No line of October 2026 can be billed"):
        sent(on_sqlite)
    with pytest.raises(CannotChangeMonth, match=r"^MRN3: revision 1 of October 2026 bills nothing"):
        sent(on_sqlite, "MRN3")
    with pytest.raises(UnknownPatient):
        sent(on_sqlite, "MRN999888")


def test_the_same_line_is_not_submitted_twice(on_sqlite: ReportedPractice) -> None:
    """One, several, a named one: each is told since when, and how to take it back."""
    on_sqlite.billable("1")
    on_sqlite.do(close_month, on_sqlite.sam, OCTOBER)
    sent(on_sqlite)
    again = "The billable line of October 2026 is marked as submitted already since Nov 18, 2026"
    with pytest.raises(CannotChangeMonth, match=again):
        sent(on_sqlite)
    with pytest.raises(CannotChangeMonth, match=r"^MRN1: October 2026 is .*unsubmitted 2026-10"):
        sent(on_sqlite, "MRN1")
    on_sqlite.clock.pass_(hours=1)
    on_sqlite.do(reopen_month, on_sqlite.sam, OCTOBER, "one was missing")
    on_sqlite.billable("2")
    on_sqlite.clock.pass_(hours=1)
    on_sqlite.do(close_month, on_sqlite.sam, OCTOBER)
    # A line that is as it was submitted needs no second claim.
    assert mrns(sent(on_sqlite)) == ["MRN2"]
    with pytest.raises(CannotChangeMonth, match=r"^All 2 billable lines of October 2026 are marked"):
        sent(on_sqlite)


def test_a_mistaken_submission_is_taken_back_and_stays_visible(practice: ReportedPractice) -> None:
    """Some, then all; the words stay in the table and the audit chain, and it can be said again."""
    practice.billable("1")
    practice.billable("2")
    practice.do(close_month, practice.sam, OCTOBER)
    with pytest.raises(CannotChangeMonth, match="No line of October 2026 is marked"):
        practice.do(take_back, practice.sam, OCTOBER)
    sent(practice)
    one = practice.do(take_back, practice.sam, OCTOBER, (ref("MRN1"),))
    assert (mrns(one), one.submitted, one.billable, one.taken_back) == (["MRN1"], 1, 2, True)
    with pytest.raises(CannotChangeMonth, match=r"^MRN1: October 2026 is not marked as submitted"):
        practice.do(take_back, practice.sam, OCTOBER, (ref("MRN1"),))
    assert mrns(practice.do(take_back, practice.sam, OCTOBER)) == ["MRN2"]
    kinds = [event.kind for event in practice.see(lambda context: context.uow.claim_events.of(OCTOBER))]
    assert kinds == [ClaimEventKind.SUBMITTED, ClaimEventKind.TAKEN_BACK] * 2
    assert sent(practice).submitted == 2
    assert practice.see(verify).changed == ()


def test_only_billers_and_administrators_say_so(on_sqlite: ReportedPractice) -> None:
    """A supervisor sees overpayments; a care manager does not even that."""
    chloe = on_sqlite.member("Chloe", MemberRole.SUPERVISOR)
    on_sqlite.billable("1")
    on_sqlite.do(close_month, on_sqlite.sam, OCTOBER)

    def tried(actor: Member) -> None:
        with pytest.raises(NotAllowed):
            on_sqlite.do(submit, actor, OCTOBER)
        with pytest.raises(NotAllowed):
            on_sqlite.do(take_back, actor, OCTOBER)
        with pytest.raises(NotAllowed):
            on_sqlite.do(record, actor, ref("MRN1"), OCTOBER, ClaimEventKind.IDENTIFIED, TODAY)

    tried(chloe)
    tried(on_sqlite.ana)
    assert on_sqlite.see(overpaid, chloe) == ()
    with pytest.raises(NotAllowed):
        on_sqlite.see(overpaid, on_sqlite.ana)


def test_an_entry_voided_after_submission_shows_at_once(practice: ReportedPractice) -> None:
    """An addendum that lowers a submitted line is listed before anybody reopens the month; put back, it is gone."""
    patient, later = ninety(practice, payer="NC Medicaid")
    practice.do(close_month, practice.sam, OCTOBER)
    sent(practice)
    assert listed(practice) == ()
    void(practice, later)
    (found,) = listed(practice)
    assert (found.patient.patient_id, found.claim.owes, found.return_by) == (patient.patient_id, False, None)
    assert "submitted 1×99493, 1×99494, bills 1×99493 now" in overpaid_words(found)
    assert "not identified yet" in overpaid_words(found)
    (seen,) = practice.see(review, practice.sam, OCTOBER).overpaid
    assert seen == found
    assert practice.see(overpaid, practice.sam, NOVEMBER) == ()
    identified = recorded(practice, ClaimEventKind.IDENTIFIED)
    assert identified.return_by == date(2027, 1, 17)
    assert "NC Medicaid · identified on Nov 18, 2026 · return by Jan 17, 2027" in overpaid_words(identified)
    summary = practice.see(month_summary, OCTOBER)
    assert summary is not None
    assert (summary.overpaid_lines, summary.return_by) == (1, date(2027, 1, 17))


def test_other_payers_are_repaid_by_contract(on_sqlite: ReportedPractice) -> None:
    """No federal day is shown; an investigation and its end are."""
    _, later = ninety(on_sqlite)
    on_sqlite.do(close_month, on_sqlite.sam, OCTOBER)
    sent(on_sqlite)
    void(on_sqlite, later)
    recorded(on_sqlite, ClaimEventKind.IDENTIFIED)
    assert "investigation from Nov 18, 2026 · return by contract" in overpaid_words(
        recorded(on_sqlite, ClaimEventKind.INVESTIGATING)
    )
    done = recorded(on_sqlite, ClaimEventKind.INVESTIGATED)
    assert "investigation from Nov 18, 2026 to Nov 18, 2026 · return by contract" in overpaid_words(done)
    assert "about $61.46 by the rates on file" in overpaid_words(done)
    settled = recorded(on_sqlite, ClaimEventKind.RETURNED)
    assert (settled.claim.owes, settled.claim.returned_on) == (False, TODAY)
    assert "settled on Nov 18, 2026" in overpaid_words(settled)
    assert listed(on_sqlite) == ()
    back = recorded(on_sqlite, ClaimEventKind.IDENTIFIED)
    assert [one.claim for one in listed(on_sqlite)] == [back.claim]
    recorded(on_sqlite, ClaimEventKind.DISMISSED)
    assert listed(on_sqlite) == ()


@pytest.mark.parametrize("what", ["line blocked", "patient's entries all gone"])
def test_whatever_makes_a_submitted_line_smaller_is_listed(on_sqlite: ReportedPractice, what: str) -> None:
    """A consent taken away blocks the line; with every entry void there is no line at all."""
    patient, later = ninety(on_sqlite)
    on_sqlite.do(close_month, on_sqlite.sam, OCTOBER)
    sent(on_sqlite)

    def worsen(context: Context) -> None:
        if what == "line blocked":
            context.uow.patients.update(replace(patient, referring_npi=""))
        else:
            context.uow.ledger.void(
                [later - 1, later], by=on_sqlite.ana.member_id, at=context.now, reason="no"
            )
        context.uow.commit()

    on_sqlite.do(worsen)
    (found,) = listed(on_sqlite)
    assert found.now == ()


def test_a_new_close_identifies_what_it_lowers(practice: ReportedPractice) -> None:
    """On the day of the close, once; returned, nothing is open, and a further decrease opens a new note."""
    patient, later = ninety(practice)
    practice.do(close_month, practice.sam, OCTOBER)
    sent(practice)
    void(practice, later)
    practice.clock.pass_(hours=1)
    practice.do(reopen_month, practice.sam, OCTOBER, "another patient's entry")
    assert [change.overpaid for change in practice.see(coming_changes, OCTOBER)] == [True]
    practice.clock.pass_(hours=1)
    again = practice.do(close_month, practice.sam, OCTOBER)
    assert [one.patient_id for one in again.overpaid] == [patient.patient_id]
    (found,) = listed(practice)
    assert (found.claim.identified_on, found.claim.revision) == (TODAY, 1)
    assert practice.see(month_revision, OCTOBER, 2).overpaid_lines == 1
    # A corrected claim returns nothing by itself.
    assert mrns(sent(practice)) == ["MRN123"]
    (still,) = listed(practice)
    assert still.claim.identified_on == TODAY
    recorded(practice, ClaimEventKind.RETURNED)
    assert listed(practice) == ()
    void(practice, later - 1)
    (further,) = listed(practice)
    assert further.now == ()
    assert "submitted 1×99493, bills nothing now · about $144.96" in overpaid_words(further)
    assert overpaid_words(further).endswith("not identified yet")
    # What was returned before is not owed once more.
    recorded(practice, ClaimEventKind.IDENTIFIED)
    (owed,) = listed(practice)
    assert "submitted 1×99493, bills nothing now · about $144.96" in overpaid_words(owed)
    assert practice.see(verify).changed == ()


def test_a_claim_of_which_money_is_owed_is_not_forgotten(on_sqlite: ReportedPractice) -> None:
    """That it was never submitted is said after nothing is owed, of one line and of a whole month."""
    _, later = ninety(on_sqlite)
    on_sqlite.do(close_month, on_sqlite.sam, OCTOBER)
    sent(on_sqlite)
    void(on_sqlite, later)
    recorded(on_sqlite, ClaimEventKind.IDENTIFIED)
    with pytest.raises(
        CannotChangeMonth, match="say first that nothing is owed: overpaid MRN123 2026-10 none"
    ):
        on_sqlite.do(take_back, on_sqlite.sam, OCTOBER)
    assert len(listed(on_sqlite)) == 1
    recorded(on_sqlite, ClaimEventKind.DISMISSED)
    assert mrns(on_sqlite.do(take_back, on_sqlite.sam, OCTOBER)) == ["MRN123"]


def test_a_removed_line_is_owed_whole(on_sqlite: ReportedPractice) -> None:
    """No line of the patient in the new revision: everything submitted goes back."""
    _, later = ninety(on_sqlite)
    on_sqlite.do(close_month, on_sqlite.sam, OCTOBER)
    sent(on_sqlite)
    void(on_sqlite, later - 1, later)
    on_sqlite.clock.pass_(hours=1)
    on_sqlite.do(reopen_month, on_sqlite.sam, OCTOBER, "nothing was done")
    on_sqlite.clock.pass_(hours=1)
    assert on_sqlite.do(close_month, on_sqlite.sam, OCTOBER).lines == 0
    (found,) = listed(on_sqlite)
    assert (found.now, found.claim.identified_on) == ((), TODAY)
    assert str(found.estimated_usd) == "206.42"


def test_months_marked_as_a_whole_by_earlier_versions_stay_submitted(
    database: Database,
) -> None:
    """Their billable lines are submitted since that day: owed when lowered, and taken back one by one."""
    practice = ReportedPractice(database)
    _, later = ninety(practice)
    practice.billable("2")
    practice.do(close_month, practice.sam, OCTOBER)

    def mark(context: Context) -> None:
        context.uow.closes.submit(OCTOBER, 1, by=practice.sam.member_id, at=context.now)
        context.uow.commit()

    practice.do(mark)
    assert {claim.submitted_on for claim in practice.see(claims_of, OCTOBER).values()} == {TODAY}
    with pytest.raises(CannotChangeMonth, match="All 2 billable lines"):
        sent(practice)
    void(practice, later)
    assert [one.patient.mrn for one in listed(practice)] == ["MRN123"]
    practice.do(take_back, practice.sam, OCTOBER, (ref("MRN123"),))
    assert listed(practice) == ()
    assert practice.see(review, practice.sam, OCTOBER).submitted_lines == 1


@pytest.mark.parametrize(
    ("words", "what", "day"),
    [
        ("say first on which day", ClaimEventKind.INVESTIGATING, TODAY),
        ("it bills what was submitted", ClaimEventKind.RETURNED, TODAY),
        ("it bills what was submitted", ClaimEventKind.DISMISSED, TODAY),
        (
            "the claim was submitted on Nov 18, 2026, which is later",
            ClaimEventKind.IDENTIFIED,
            date(2026, 11, 17),
        ),
    ],
)
def test_what_does_not_fit_is_refused(
    on_sqlite: ReportedPractice, words: str, what: ClaimEventKind, day: date
) -> None:
    """Each says what is on file, and nothing is changed."""
    ninety(on_sqlite)
    on_sqlite.do(close_month, on_sqlite.sam, OCTOBER)
    with pytest.raises(CannotChangeMonth, match=r"^MRN123, October 2026: no claim is marked as submitted"):
        recorded(on_sqlite, ClaimEventKind.IDENTIFIED)
    sent(on_sqlite)
    with pytest.raises(CannotChangeMonth, match=words):
        recorded(on_sqlite, what, day)


def test_days_out_of_order_are_refused(on_sqlite: ReportedPractice) -> None:
    """No return before the identification; no end of an investigation before its beginning."""
    _, later = ninety(on_sqlite)
    on_sqlite.do(close_month, on_sqlite.sam, OCTOBER)
    sent(on_sqlite)
    void(on_sqlite, later)
    on_sqlite.clock.pass_(days=10)
    recorded(on_sqlite, ClaimEventKind.IDENTIFIED, date(2026, 11, 26))
    with pytest.raises(CannotChangeMonth, match="identified on Nov 26, 2026, which is later"):
        recorded(on_sqlite, ClaimEventKind.RETURNED, date(2026, 11, 25))
    with pytest.raises(CannotChangeMonth, match="no investigation is on file"):
        recorded(on_sqlite, ClaimEventKind.INVESTIGATED, date(2026, 11, 27))
    recorded(on_sqlite, ClaimEventKind.INVESTIGATING, date(2026, 11, 27))
    with pytest.raises(CannotChangeMonth, match="no investigation is on file"):
        recorded(on_sqlite, ClaimEventKind.INVESTIGATED, date(2026, 11, 26))


def test_the_most_urgent_is_listed_first(on_sqlite: ReportedPractice) -> None:
    """A federal day, then those without one, by MRN."""
    lost = [
        ninety(on_sqlite, "1")[1],
        ninety(on_sqlite, "2", payer="Texas Medicaid")[1],
        ninety(on_sqlite, "0")[1],
    ]
    on_sqlite.do(close_month, on_sqlite.sam, OCTOBER)
    sent(on_sqlite)
    void(on_sqlite, *lost)
    recorded(on_sqlite, ClaimEventKind.IDENTIFIED, mrn="2")
    assert [one.patient.mrn for one in on_sqlite.see(overpaid_lines)] == ["MRN2", "MRN0", "MRN1"]


def test_what_only_another_program_judges_otherwise_is_no_overpayment(
    database: Database,
) -> None:
    """A frozen result that today's program would not give, with the facts as they were: news, nothing owed."""
    practice = ReportedPractice(database)
    ninety(practice)
    loaded(practice, "payers", b"name,max_99494,verified_on\nLakeside,4,2026-01-02\n")
    practice.do(close_month, practice.sam, OCTOBER)
    sent(practice)
    loaded(practice, "payers", b"name,covered_codes,verified_on\nLakeside,99493,2026-01-02\n")
    assert listed(practice) == ()


def test_none_of_it_is_undone(on_sqlite: ReportedPractice) -> None:
    """Undo says what does it instead, and nothing changes."""
    _, later = ninety(on_sqlite)
    on_sqlite.do(close_month, on_sqlite.sam, OCTOBER)

    def refused(kind: ActKind) -> None:
        on_sqlite.clock.pass_(minutes=5)
        before = on_sqlite.see(claims_of, OCTOBER)
        with pytest.raises(CannotTakeBack) as told:
            on_sqlite.do(undo_last, on_sqlite.sam)
        assert str(told.value) == WAYS[kind].refusal
        assert on_sqlite.see(claims_of, OCTOBER) == before

    sent(on_sqlite)
    refused(ActKind.SUBMIT)
    on_sqlite.do(take_back, on_sqlite.sam, OCTOBER)
    refused(ActKind.UNSUBMIT)
    sent(on_sqlite)
    void(on_sqlite, later)
    recorded(on_sqlite, ClaimEventKind.IDENTIFIED)
    refused(ActKind.OVERPAID)
