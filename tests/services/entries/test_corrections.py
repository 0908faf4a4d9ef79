"""Entries corrected, voided and split: nothing that was written is gone, and reasons stay on file."""

from datetime import UTC, date, datetime, time

import pytest

from billing.activities import Activity, ActivitySource
from billing.clinical import CaseReview
from billing.months import BillingMonth
from billing.people import Member, MemberRole
from services.acts import undo
from services.context import Context
from services.entries import amend, history, log, overviews, split, void
from services.entries.changes import EntryEdit, EntrySplit, SplitPart
from services.entries.receipts import Receipt
from services.errors import CannotCorrect, DayTooLong, NotAllowed, UnknownEntry, UnknownPatient
from services.messages import revisions
from services.months import close
from services.people.patient_ref import PatientRef
from storage import Database, StaleVersion
from tests.support.practice import TryPractice, asked, draft


@pytest.fixture
def practice(database: Database) -> TryPractice:
    return TryPractice(database)


@pytest.fixture
def ana(practice: TryPractice) -> Member:
    return practice.member("Ana Flores")


@pytest.fixture
def entry_id(practice: TryPractice, ana: Member) -> int:
    """15 minutes for patient 123, logged by Ana today."""
    practice.patient("123")
    made = practice.do(log.log, ana, draft(asked(minutes=15)))
    assert isinstance(made, Receipt)
    return made.entries[0].entry.entry_id


NOVEMBER = BillingMonth(2026, 11)


def ref(identity: str) -> PatientRef:
    return PatientRef(text=f"MRN{identity}", identity=identity)


# -- edit ------------------------------------------------------------------------------------------------


def test_an_edit_makes_a_further_version_with_its_reason(
    practice: TryPractice, ana: Member, entry_id: int
) -> None:
    """The receipt shows the new time and sum; the history holds both versions and why."""
    made = practice.do(
        amend.edit, ana, EntryEdit(entry_id=entry_id, seconds=25 * 60, reason="typed 15 instead of 25")
    )
    assert made.entries[0].entry.seconds == 25 * 60
    assert made.standings[0].result.counted_seconds == 25 * 60
    told = practice.see(history.history, ana, entry_id)
    assert [view.version.entry.seconds for view in told.versions] == [15 * 60, 25 * 60]
    assert told.versions[1].version.reason == "typed 15 instead of 25"
    assert told.versions[1].author.member_id == ana.member_id


def test_what_is_not_said_stays_as_it_is(practice: TryPractice, ana: Member, entry_id: int) -> None:
    """Only the date changes: time, activity and note are those of before."""
    made = practice.do(amend.edit, ana, EntryEdit(entry_id=entry_id, service_date=date(2026, 11, 17)))
    view = made.entries[0]
    assert view.entry.service_date == date(2026, 11, 17)
    assert (view.entry.seconds, view.entry.activity, view.note) == (900, Activity.PHONE, "phone check-in")


def test_more_minutes_need_a_reason_and_fewer_do_not(
    practice: TryPractice, ana: Member, entry_id: int
) -> None:
    """Minutes are added for a reason that somebody wrote down, or not at all."""
    with pytest.raises(CannotCorrect, match="need a reason"):
        practice.do(amend.edit, ana, EntryEdit(entry_id=entry_id, seconds=16 * 60))
    made = practice.do(amend.edit, ana, EntryEdit(entry_id=entry_id, seconds=14 * 60))
    assert made.entries[0].entry.seconds == 14 * 60


def test_moving_an_entry_shows_both_patients(practice: TryPractice, ana: Member, entry_id: int) -> None:
    """The receipt says where the right patient stands, and where the wrong one does without the time."""
    practice.patient("124")
    edit = EntryEdit(entry_id=entry_id, patient=ref("124"), reason="wrong chart")
    made = practice.do(amend.edit, ana, edit)
    counted = {one.patient.identity: one.result.counted_seconds for one in made.standings}
    assert counted == {"124": 900, "123": 0}


def test_an_edit_to_an_unknown_patient_is_refused(practice: TryPractice, ana: Member, entry_id: int) -> None:
    """A slip in the MRN never makes a patient."""
    with pytest.raises(UnknownPatient):
        practice.do(amend.edit, ana, EntryEdit(entry_id=entry_id, patient=ref("999")))


def test_clock_times_are_those_of_the_person_and_the_day(
    practice: TryPractice, ana: Member, entry_id: int
) -> None:
    """2 to 2:25 pm on the entry's own date, in the zone of the person whose work it was."""
    edit = EntryEdit(
        entry_id=entry_id,
        clock=(time(14), time(14, 25)),
        service_date=date(2026, 11, 17),
        reason="by the phone log",
    )
    entry = practice.do(amend.edit, ana, edit).entries[0].entry
    assert entry.started_at == datetime(2026, 11, 17, 19, tzinfo=UTC)
    assert entry.ended_at == datetime(2026, 11, 17, 19, 25, tzinfo=UTC)
    assert entry.seconds == 25 * 60


def test_another_duration_drops_clock_times_that_no_longer_fit(
    practice: TryPractice, ana: Member, entry_id: int
) -> None:
    """Clock times that contradict the duration would be false evidence."""
    clocked = EntryEdit(entry_id=entry_id, clock=(time(14), time(14, 15)), service_date=date(2026, 11, 17))
    practice.do(amend.edit, ana, clocked)
    entry = practice.do(amend.edit, ana, EntryEdit(entry_id=entry_id, seconds=600)).entries[0].entry
    assert (entry.seconds, entry.started_at, entry.ended_at) == (600, None, None)


def test_a_new_date_keeps_the_time_of_day(practice: TryPractice, ana: Member, entry_id: int) -> None:
    """The hour on the clock stays what it was, across the change from summer time."""
    clocked = EntryEdit(entry_id=entry_id, clock=(time(14), time(14, 15)), service_date=date(2026, 11, 17))
    practice.do(amend.edit, ana, clocked)
    entry = practice.do(amend.edit, ana, EntryEdit(entry_id=entry_id, service_date=date(2026, 10, 30)))
    assert entry.entries[0].entry.started_at == datetime(2026, 10, 30, 18, tzinfo=UTC)


@pytest.mark.parametrize(
    ("clock", "day", "why"),
    [
        ((time(15), time(16)), date(2026, 11, 18), "not come yet"),
        ((time(15), time(14)), date(2026, 11, 17), "ends before"),
    ],
)
def test_a_time_that_cannot_be_is_refused(
    practice: TryPractice, ana: Member, entry_id: int, clock: tuple[time, time], day: date, why: str
) -> None:
    """The future, and ends before beginnings."""
    with pytest.raises(CannotCorrect, match=why):
        practice.do(
            amend.edit, ana, EntryEdit(entry_id=entry_id, clock=clock, service_date=day, reason="clock")
        )


def test_a_time_of_day_that_the_clocks_skipped_is_refused(practice: TryPractice, ana: Member) -> None:
    """2:30 on the night the clocks went forward never was."""
    practice.clock.at = datetime(2026, 3, 10, 15, tzinfo=UTC)
    made = practice.do(log.log, ana, draft(asked(service_date=date(2026, 3, 8))))
    assert isinstance(made, Receipt)
    edit = EntryEdit(
        entry_id=made.entries[0].entry.entry_id, clock=(time(2, 30), time(3, 30)), reason="phone log"
    )
    with pytest.raises(CannotCorrect, match="did not exist"):
        practice.do(amend.edit, ana, edit)


def test_an_edit_that_changes_nothing_writes_nothing(
    practice: TryPractice, ana: Member, entry_id: int
) -> None:
    """A history is not filled with versions in which all is the same."""
    settled = EntryEdit(entry_id=entry_id, activity=Activity.TELEHEALTH)
    practice.do(amend.edit, ana, settled)
    with pytest.raises(CannotCorrect, match="already says that"):
        practice.do(
            amend.edit,
            ana,
            EntryEdit(
                entry_id=entry_id,
                seconds=900,
                activity=Activity.TELEHEALTH,
                patient=ref("123"),
                note="phone check-in",
                service_date=date(2026, 11, 18),
            ),
        )
    assert len(practice.see(history.history, ana, entry_id).versions) == 2


def test_naming_the_activity_settles_it(practice: TryPractice, ana: Member) -> None:
    """Work only inferred not to count is held; its author's word decides."""
    held = asked(note="crisis call", activity=Activity.CRISIS)
    made = practice.do(log.log, ana, draft(held))
    assert isinstance(made, Receipt)
    assert made.entries[0].entry.is_held
    edit = EntryEdit(entry_id=made.entries[0].entry.entry_id, activity=Activity.CRISIS)
    entry = practice.do(amend.edit, ana, edit).entries[0].entry
    assert entry.activity_source is ActivitySource.CONFIRMED
    assert not entry.is_held


def test_others_entries_are_a_supervisors_to_correct_and_for_a_reason(
    practice: TryPractice, entry_id: int
) -> None:
    """A colleague cannot; a supervisor can, and says why."""
    ben = practice.member("Ben Okoro")
    chloe = practice.member("Chloe Lindqvist", MemberRole.SUPERVISOR)
    edit = EntryEdit(entry_id=entry_id, seconds=600)
    with pytest.raises(NotAllowed):
        practice.do(amend.edit, ben, edit)
    with pytest.raises(CannotCorrect, match="needs a reason"):
        practice.do(amend.edit, chloe, edit)
    practice.do(amend.edit, chloe, EntryEdit(entry_id=entry_id, seconds=600, reason="agreed with Ana"))


def test_an_edit_of_what_has_changed_meanwhile_is_refused(
    practice: TryPractice, ana: Member, entry_id: int
) -> None:
    """A form that was opened before somebody else's correction changes nothing."""
    practice.do(amend.edit, ana, EntryEdit(entry_id=entry_id, seconds=600))
    with pytest.raises(StaleVersion):
        practice.do(amend.edit, ana, EntryEdit(entry_id=entry_id, version=1, seconds=300))


def test_an_edit_cannot_overfill_a_day(practice: TryPractice, ana: Member, entry_id: int) -> None:
    """The limit on a day holds for corrections too."""
    practice.do(log.log, ana, draft(asked(minutes=480), asked(minutes=450, note="more")))
    with pytest.raises(DayTooLong):
        practice.do(amend.edit, ana, EntryEdit(entry_id=entry_id, seconds=8 * 3600, reason="long day"))


def test_the_time_of_a_case_review_stays_with_its_review(
    practice: TryPractice, ana: Member, entry_id: int
) -> None:
    """Moving or splitting it would leave the review behind; its length may change."""
    practice.patient("124")

    def record(context: Context) -> None:
        entry = context.uow.ledger.entry(entry_id)
        assert entry is not None
        context.uow.reviews.add(
            CaseReview(
                review_id=0,
                patient_id=entry.patient_id,
                reviewed_on=entry.service_date,
                consultant=ana.member_id,
                recorded_by=ana.member_id,
                recorded_at=context.now,
                entry_id=entry_id,
            )
        )
        context.uow.commit()

    practice.do(record)
    for edit in (
        EntryEdit(entry_id=entry_id, patient=ref("124"), reason="wrong chart"),
        EntryEdit(entry_id=entry_id, service_date=date(2026, 11, 17)),
    ):
        with pytest.raises(CannotCorrect, match="case review"):
            practice.do(amend.edit, ana, edit)
    with pytest.raises(CannotCorrect, match="case review"):
        practice.do(split.split, ana, EntrySplit(entry_id=entry_id, parts=parts(("123", 600), ("124", 300))))
    practice.do(amend.edit, ana, EntryEdit(entry_id=entry_id, seconds=600))


# -- void ------------------------------------------------------------------------------------------------


def test_a_void_entry_counts_nowhere_and_stays_visible(
    practice: TryPractice, ana: Member, entry_id: int
) -> None:
    """However old it is; the history names who voided it, and why."""
    practice.clock.pass_(days=20)
    made = practice.do(void.void, ana, entry_id, "logged for the wrong patient")
    assert made.standings[0].result.counted_seconds == 0
    assert practice.see(overviews.status, ana, ref("123")).entries == ()
    last = practice.see(history.history, ana, entry_id).versions[-1]
    assert (last.version.kind, last.version.reason) == ("void", "logged for the wrong patient")
    with pytest.raises(UnknownEntry):
        practice.do(void.void, ana, entry_id, "again")


def test_void_needs_a_reason_and_the_right(practice: TryPractice, ana: Member, entry_id: int) -> None:
    """Not without a word, and not by just anybody."""
    with pytest.raises(CannotCorrect):
        practice.do(void.void, ana, entry_id, "  ")
    with pytest.raises(NotAllowed):
        practice.do(void.void, practice.member("Ben Okoro"), entry_id, "not mine")
    practice.do(void.void, practice.member("Chloe", MemberRole.SUPERVISOR), entry_id, "asked by Ana")


# -- split -----------------------------------------------------------------------------------------------


def parts(*given: tuple[str, int | None]) -> tuple[SplitPart, ...]:
    return tuple(SplitPart(patient=ref(identity), seconds=seconds) for identity, seconds in given)


def test_a_split_puts_several_entries_in_the_place_of_one(
    practice: TryPractice, ana: Member, entry_id: int
) -> None:
    """Each patient gets their part, with the work, date and note of the whole; nothing is lost or gained."""
    practice.patient("124")
    made = practice.do(
        split.split, ana, EntrySplit(entry_id=entry_id, parts=parts(("123", 600), ("124", 300)))
    )
    assert [(one.patient.identity, one.entry.seconds, one.note) for one in made.entries] == [
        ("123", 600, "phone check-in"),
        ("124", 300, "phone check-in"),
    ]
    assert practice.see(overviews.today, ana).total_seconds == 900
    assert practice.see(history.history, ana, entry_id).versions[-1].version.kind == "void"


def test_patients_alone_share_evenly_to_the_second(practice: TryPractice, ana: Member, entry_id: int) -> None:
    """The parts add up to the whole."""
    practice.patient("124")
    shared = EntrySplit(entry_id=entry_id, parts=parts(("123", None), ("124", None)))
    made = practice.do(split.split, ana, shared)
    assert [one.entry.seconds for one in made.entries] == [450, 450]


def test_parts_that_do_not_add_up_are_refused(practice: TryPractice, ana: Member, entry_id: int) -> None:
    """A split makes no time and loses none."""
    practice.patient("124")
    wrong = EntrySplit(entry_id=entry_id, parts=parts(("123", 600), ("124", 600)))
    with pytest.raises(CannotCorrect, match="add up"):
        practice.do(split.split, ana, wrong)
    assert practice.see(overviews.today, ana).total_seconds == 900


def test_undo_puts_a_split_together_again(practice: TryPractice, ana: Member, entry_id: int) -> None:
    """The parts go and the whole is back, so that no time is lost."""
    practice.patient("124")
    practice.do(split.split, ana, EntrySplit(entry_id=entry_id, parts=parts(("123", None), ("124", None))))
    practice.do(undo.undo_last, ana)
    (whole,) = practice.see(overviews.today, ana).entries
    assert (whole.entry.entry_id, whole.entry.seconds) == (entry_id, 900)


# -- history ---------------------------------------------------------------------------------------------


def test_a_history_is_for_those_it_concerns(practice: TryPractice, entry_id: int) -> None:
    """Not for a colleague; for supervisors and billers."""
    with pytest.raises(NotAllowed):
        practice.see(history.history, practice.member("Ben Okoro"), entry_id)
    for role in (MemberRole.SUPERVISOR, MemberRole.BILLER, MemberRole.ADMIN):
        practice.see(history.history, practice.member(role.value, role), entry_id)
    with pytest.raises(UnknownEntry):
        practice.see(history.history, practice.member("Sam", MemberRole.BILLER), 10**9)


# -- closed months ---------------------------------------------------------------------------------------


def test_what_is_written_about_a_closed_month_is_called_an_addendum(
    practice: TryPractice, ana: Member, entry_id: int
) -> None:
    """Logs, corrections and voids say so on their receipt, until the month is reopened."""
    sam = practice.member("Sam Whitfield", MemberRole.BILLER)
    practice.clock.at = datetime(2026, 12, 2, 15, tzinfo=UTC)
    practice.do(revisions.close_month, sam, NOVEMBER)
    late = practice.do(log.log, ana, draft(asked(minutes=5, note="late")))
    assert isinstance(late, Receipt)
    edited = practice.do(amend.edit, ana, EntryEdit(entry_id=entry_id, seconds=600))
    voided = practice.do(void.void, ana, entry_id, "twice")
    for made in (late, edited, voided):
        assert any("addendum" in remark for remark in made.entries[0].remarks)
    practice.clock.pass_(minutes=1)
    practice.do(close.reopen_month, sam, NOVEMBER, "late entries")
    again = practice.do(log.log, ana, draft(asked(minutes=6, note="later")))
    assert isinstance(again, Receipt)
    assert not any("addendum" in remark for remark in again.entries[0].remarks)
