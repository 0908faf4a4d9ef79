"""Which entry is meant, and why it is changed: asked before anything is stored."""

from datetime import date

import pytest

from billing.activities import Activity, ActivitySource
from billing.people import Member
from services.context import Context
from services.entries import amend, amending, log, other_patient, void
from services.entries.amending import EntryAct, WhichEntry, WhyAsked
from services.entries.changes import LAST_ENTRY, EntryEdit
from services.entries.other_patient import WhichPatient
from services.entries.receipts import Receipt
from services.errors import CannotCorrect, QuestionExpired, ReasonNeeded, UnknownEntry
from services.people.patient_ref import PatientRef
from storage import Database, StaleVersion
from tests.support.practice import TryPractice, asked, draft


@pytest.fixture
def practice(database: Database) -> TryPractice:
    found = TryPractice(database)
    found.patient("123")
    found.patient("124")
    return found


@pytest.fixture
def ana(practice: TryPractice) -> Member:
    return practice.member("Ana Flores")


def logged(practice: TryPractice, member: Member, *minutes: int, **more: object) -> list[int]:
    """Entries of one message."""
    made = practice.do(log.log, member, draft(*(asked(minutes=each, **more) for each in minutes)))
    assert isinstance(made, Receipt)
    return [view.entry.entry_id for view in made.entries]


def last(edit: EntryEdit | None = None, command: str = "edit") -> EntryAct:
    return EntryAct(command=command, entry_id=LAST_ENTRY, edit=edit, reason="duplicate")


def seconds(practice: TryPractice, entry_id: int) -> int:
    def read(context: Context) -> int:
        entry = context.uow.ledger.entry(entry_id)
        assert entry is not None
        return entry.seconds

    return practice.see(read)


def test_the_last_entry_is_the_one_written_last_that_stands(practice: TryPractice, ana: Member) -> None:
    """Voiding it makes the one before it the last; another person's is never meant."""
    (first,) = logged(practice, ana, 15)
    practice.clock.pass_(minutes=1)
    (second,) = logged(practice, ana, 20)
    logged(practice, practice.member("Ben Okoro"), 25)
    found = practice.do(amending.which, ana, last())
    assert isinstance(found, EntryAct)
    assert found.entry_id == second
    practice.do(void.void, ana, second, "duplicate")
    found = practice.do(amending.which, ana, last())
    assert isinstance(found, EntryAct)
    assert found.entry_id == first


def test_of_several_written_together_one_is_picked(practice: TryPractice, ana: Member) -> None:
    """Nothing is changed until the person says which; the answer carries what was asked."""
    first, second = logged(practice, ana, 15, 20)
    wanted = EntryEdit(entry_id=LAST_ENTRY, added_seconds=-300)
    found = practice.do(amending.which, ana, last(wanted))
    assert isinstance(found, WhichEntry)
    assert {view.entry.entry_id for view in found.entries} == {first, second}
    act = practice.do(amending.picked, ana, found.pending_id, first)
    assert act.edit == EntryEdit(entry_id=first, added_seconds=-300)
    with pytest.raises(QuestionExpired):
        practice.do(amending.picked, ana, found.pending_id, first)


def test_who_corrected_an_older_entry_since_is_asked(practice: TryPractice, ana: Member) -> None:
    """They may mean the one that they touched last."""
    (first,) = logged(practice, ana, 15)
    practice.clock.pass_(minutes=1)
    logged(practice, ana, 20)
    practice.clock.pass_(minutes=1)
    practice.do(amend.edit, ana, EntryEdit(entry_id=first, seconds=600))
    assert isinstance(practice.do(amending.which, ana, last()), WhichEntry)


def test_an_entry_of_days_ago_is_asked_about_and_an_older_one_is_to_be_named(
    practice: TryPractice, ana: Member
) -> None:
    """What was written last long ago is hardly what is meant."""
    (entry_id,) = logged(practice, ana, 15)
    practice.clock.pass_(hours=25)
    found = practice.do(amending.which, ana, last())
    assert isinstance(found, WhichEntry)
    assert [view.entry.entry_id for view in found.entries] == [entry_id]
    practice.clock.pass_(days=7)
    with pytest.raises(UnknownEntry, match="last 7 days"):
        practice.do(amending.which, ana, last())


def test_more_is_added_to_what_the_entry_holds_once_there_is_a_reason(
    practice: TryPractice, ana: Member
) -> None:
    """15 min and 10 more are 25; without a reason the question shows both and nothing is changed."""
    (entry_id,) = logged(practice, ana, 15)
    wanted = EntryEdit(entry_id=entry_id, added_seconds=600)
    why = practice.do(amending.edit, ana, wanted)
    assert isinstance(why, WhyAsked)
    assert (why.before.entry.seconds, why.after.entry.seconds) == (900, 1500)
    assert seconds(practice, entry_id) == 900
    made = practice.do(amending.for_reason, ana, why.pending_id, "the call ran over")
    assert made.entries[0].entry.seconds == 1500
    with pytest.raises(QuestionExpired):
        practice.do(amending.for_reason, ana, why.pending_id, "the call ran over")


def test_a_reason_comes_too_late_for_an_entry_changed_meanwhile(practice: TryPractice, ana: Member) -> None:
    """What the person saw is what they give a reason for."""
    (entry_id,) = logged(practice, ana, 15)
    why = practice.do(amending.edit, ana, EntryEdit(entry_id=entry_id, added_seconds=600))
    assert isinstance(why, WhyAsked)
    practice.do(amend.edit, ana, EntryEdit(entry_id=entry_id, seconds=600))
    with pytest.raises(StaleVersion):
        practice.do(amending.for_reason, ana, why.pending_id, "the call ran over")


def test_less_needs_no_reason_and_leaves_something(practice: TryPractice, ana: Member) -> None:
    """Taking off all of it is what void is for."""
    (entry_id,) = logged(practice, ana, 15)
    made = practice.do(amending.edit, ana, EntryEdit(entry_id=entry_id, added_seconds=-300))
    assert isinstance(made, Receipt)
    assert made.entries[0].entry.seconds == 600
    with pytest.raises(CannotCorrect, match="use void"):
        practice.do(amending.edit, ana, EntryEdit(entry_id=entry_id, added_seconds=-600))


def test_no_entry_grows_beyond_what_one_may_hold(practice: TryPractice, ana: Member) -> None:
    """The limit on an entry holds for what is added to it."""
    (entry_id,) = logged(practice, ana, 15)
    wanted = EntryEdit(entry_id=entry_id, added_seconds=8 * 3600, reason="long")
    with pytest.raises(CannotCorrect, match="at most 8 h"):
        practice.do(amending.edit, ana, wanted)


def test_an_edit_that_says_what_was_there_changes_nothing_else(practice: TryPractice, ana: Member) -> None:
    """`from 10 to 25m` means another entry than one of 15 min."""
    (entry_id,) = logged(practice, ana, 15)
    wanted = EntryEdit(entry_id=entry_id, seconds=1500, stated_seconds=600, reason="typed 10")
    with pytest.raises(CannotCorrect, match="holds 15 min, not 10 min"):
        practice.do(amending.edit, ana, wanted)


@pytest.mark.parametrize(
    ("edit", "outcome"),
    [
        ({"activity": Activity.PHONE}, WhyAsked),
        ({"activity": Activity.PSYCHOTHERAPY}, Receipt),
        ({"seconds": 600}, Receipt),
        ({"seconds": 960}, WhyAsked),
        ({"service_date": date(2026, 11, 17)}, Receipt),
    ],
)
def test_whatever_makes_uncounted_time_count_needs_a_reason(
    practice: TryPractice, ana: Member, edit: dict[str, object], outcome: type
) -> None:
    """Another kind of work does when it counts and the one before did not."""
    (entry_id,) = logged(practice, ana, 15, activity=Activity.ADMIN, activity_source=ActivitySource.STATED)
    wanted = EntryEdit(entry_id=entry_id, **edit)  # type: ignore[arg-type]
    assert isinstance(practice.do(amending.edit, ana, wanted), outcome)


def test_moving_counted_time_to_another_patient_needs_a_reason(practice: TryPractice, ana: Member) -> None:
    """It adds minutes to somebody's month."""
    (entry_id,) = logged(practice, ana, 15)
    moved = EntryEdit(entry_id=entry_id, patient=PatientRef(text="MRN124", identity="124"))
    why = practice.do(amending.edit, ana, moved)
    assert isinstance(why, WhyAsked)
    assert (why.before.patient.identity, why.after.patient.identity) == ("123", "124")
    made = practice.do(amending.for_reason, ana, why.pending_id, "wrong chart")
    assert made.entries[0].patient.identity == "124"


def test_the_menu_asks_why_as_an_edit_does(practice: TryPractice, ana: Member) -> None:
    """Held time is settled by a tap; time that was settled not to count is counted for a reason."""
    (held,) = logged(practice, ana, 15, activity=Activity.CRISIS)
    assert isinstance(practice.do(amending.set_activity, ana, held, Activity.PHONE), Receipt)
    assert isinstance(practice.do(amending.set_activity, ana, held, Activity.ADMIN), Receipt)
    with pytest.raises(ReasonNeeded):
        practice.do(amend.set_activity, ana, held, Activity.PHONE)
    assert isinstance(practice.do(amending.set_activity, ana, held, Activity.PHONE), WhyAsked)


def test_the_patient_is_asked_first_and_then_why(practice: TryPractice, ana: Member) -> None:
    """An MRN that is nobody's is settled before the reason; neither question changes anything by itself."""
    (entry_id,) = logged(practice, ana, 15)
    moved = EntryEdit(entry_id=entry_id, patient=PatientRef(text="MRN0124", identity="0124"))
    who = practice.do(other_patient.change, ana, moved)
    assert isinstance(who, WhichPatient)
    why = practice.do(other_patient.answer, ana, who.pending_id, who.choices.index("MRN124"))
    assert isinstance(why, WhyAsked)
    assert why.after.patient.identity == "124"
    made = practice.do(amending.for_reason, ana, why.pending_id, "wrong chart")
    assert made.entries[0].patient.identity == "124"
