"""Held entries: one tap settles each, and nothing but a person's word does."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from billing.activities import Activity, ActivitySource
from billing.entries import TimeEntry
from billing.people import Member, MemberRole
from services.entries import amend, finding, held, log
from services.entries.amending import WhyAsked
from services.entries.changes import EntryEdit, HeldAnswer
from services.entries.receipts import EntryView, Receipt
from services.entries.searches import EntrySearch
from services.errors import CannotCorrect, NotAllowed, UnknownEntry
from storage import Database
from tests.support.practice import TryPractice, asked, draft


@pytest.fixture
def practice(database: Database) -> Iterator[TryPractice]:
    return TryPractice(database)


@pytest.fixture
def ana(practice: TryPractice) -> Member:
    return practice.member("Ana Flores")


def logged(practice: TryPractice, ana: Member, note: str, activity: Activity, **more: object) -> EntryView:
    made = practice.do(log.log, ana, draft(asked(note=note, activity=activity, **more)))
    assert isinstance(made, Receipt)
    return made.entries[0]


def settled(practice: TryPractice, ana: Member, entry_id: int, answer: HeldAnswer) -> TimeEntry:
    made = practice.do(held.settle, ana, entry_id, answer)
    assert isinstance(made, Receipt)
    return made.entries[0].entry


@pytest.mark.parametrize(
    ("note", "activity", "answer", "kind"),
    [
        ("phone, session 90837", Activity.PSYCHOTHERAPY, HeldAnswer.CARE_MANAGEMENT, Activity.PHONE),
        ("90837", Activity.PSYCHOTHERAPY, HeldAnswer.CARE_MANAGEMENT, Activity.OTHER),
        ("faxed ROI", Activity.ADMIN, HeldAnswer.CARE_MANAGEMENT, Activity.CARE_COORDINATION),
        ("90837", Activity.PSYCHOTHERAPY, HeldAnswer.BILLED_SEPARATELY, Activity.PSYCHOTHERAPY),
        ("crisis call", Activity.CRISIS, HeldAnswer.BILLED_SEPARATELY, Activity.CRISIS),
        ("ccm call", Activity.BILLED_SEPARATELY, HeldAnswer.BILLED_SEPARATELY, Activity.BILLED_SEPARATELY),
        ("faxed ROI", Activity.ADMIN, HeldAnswer.BILLED_SEPARATELY, Activity.BILLED_SEPARATELY),
        ("ccm call", Activity.BILLED_SEPARATELY, HeldAnswer.CLERICAL, Activity.ADMIN),
    ],
)
def test_an_answer_settles_what_it_was(
    practice: TryPractice, ana: Member, note: str, activity: Activity, answer: HeldAnswer, kind: Activity
) -> None:
    """Care management is what the rest of the note speaks of; billed separately keeps the kind that was read."""
    view = logged(practice, ana, note, activity)
    assert held.answers(view.entry) == held.KINDS
    entry = settled(practice, ana, view.entry.entry_id, answer)
    assert (entry.activity, entry.activity_source) == (kind, ActivitySource.CONFIRMED)
    assert held.answers(entry) == ()
    assert held.held_because(replace(view, entry=entry)) == ""


def test_of_two_alike_either_is_another_contact_or_void(practice: TryPractice, ana: Member) -> None:
    """A double has answers of its own; told apart it counts, as the same it is void."""
    views = [
        logged(practice, ana, f"call {number}", Activity.PHONE, activity_source=ActivitySource.REPEATED)
        for number in (1, 2)
    ]
    assert held.answers(views[0].entry) == held.TWINS
    assert held.held_because(views[0]) == "it looks like another entry of the same person, patient and day"
    entry = settled(practice, ana, views[0].entry.entry_id, HeldAnswer.ANOTHER_CONTACT)
    assert (entry.activity, entry.is_held) == (Activity.PHONE, False)
    settled(practice, ana, views[1].entry.entry_id, HeldAnswer.THE_SAME)
    with pytest.raises(UnknownEntry):
        practice.see(amend.view, ana, views[1].entry.entry_id)


def test_a_double_of_therapy_still_waits_for_its_kind(practice: TryPractice, ana: Member) -> None:
    """That it is another contact says nothing of what it was."""
    view = logged(practice, ana, "90837", Activity.PSYCHOTHERAPY, activity_source=ActivitySource.REPEATED)
    entry = settled(practice, ana, view.entry.entry_id, HeldAnswer.ANOTHER_CONTACT)
    assert entry.activity_source is ActivitySource.INFERRED
    assert held.answers(entry) == held.KINDS


def test_an_answer_to_another_question_changes_nothing(practice: TryPractice, ana: Member) -> None:
    """Neither an entry that is settled, nor one that waits for something else."""
    therapy = logged(practice, ana, "90837", Activity.PSYCHOTHERAPY)
    with pytest.raises(CannotCorrect, match="confirm e-24 care management or confirm e-24 billed separately"):
        practice.do(held.settle, ana, therapy.entry.entry_id, HeldAnswer.THE_SAME)
    settled(practice, ana, therapy.entry.entry_id, HeldAnswer.BILLED_SEPARATELY)
    with pytest.raises(CannotCorrect, match="it is psychotherapy already"):
        practice.do(held.settle, ana, therapy.entry.entry_id, HeldAnswer.CARE_MANAGEMENT)


def test_whose_entry_it_is_answers_or_a_supervisor_with_a_reason(practice: TryPractice, ana: Member) -> None:
    """A colleague's word is not enough."""
    ben = practice.member("Ben Okoro")
    chloe = practice.member("Chloe Lindqvist", MemberRole.SUPERVISOR)
    view = logged(practice, ana, "90837", Activity.PSYCHOTHERAPY)
    with pytest.raises(NotAllowed):
        practice.do(held.settle, ben, view.entry.entry_id, HeldAnswer.CLERICAL)
    made = practice.do(held.settle, chloe, view.entry.entry_id, HeldAnswer.CLERICAL)
    assert isinstance(made, WhyAsked)


@pytest.mark.parametrize(
    ("before", "note", "activity", "source"),
    [
        ("phone check-in", "therapy session 90837", Activity.PSYCHOTHERAPY, ActivitySource.INFERRED),
        ("phone check-in", "phone check-in, faxed ROI", Activity.ADMIN, ActivitySource.INFERRED),
        ("phone check-in", "phone check-in, goals", Activity.PHONE, ActivitySource.INFERRED),
    ],
)
def test_new_words_that_name_such_work_hold_the_entry(
    practice: TryPractice,
    ana: Member,
    before: str,
    note: str,
    activity: Activity,
    source: ActivitySource,
) -> None:
    """A note is never an easier way to count such time than a log is."""
    view = logged(practice, ana, before, Activity.PHONE)
    made = practice.do(amend.edit, ana, EntryEdit(entry_id=view.entry.entry_id, note=note))
    assert (made.entries[0].entry.activity, made.entries[0].entry.activity_source) == (activity, source)


def test_new_words_unsettle_nothing_that_was_answered(practice: TryPractice, ana: Member) -> None:
    """A kind that was chosen stands beside names, also in a corrected note; a code that was there was answered too."""
    view = logged(practice, ana, "session 90837", Activity.PSYCHOTHERAPY)
    settled(practice, ana, view.entry.entry_id, HeldAnswer.CARE_MANAGEMENT)
    edit = EntryEdit(entry_id=view.entry.entry_id, note="session 90837, sleep")
    assert not practice.do(amend.edit, ana, edit).entries[0].entry.is_held
    edit = EntryEdit(entry_id=view.entry.entry_id, note="therapy session")
    assert not practice.do(amend.edit, ana, edit).entries[0].entry.is_held
    edit = EntryEdit(entry_id=view.entry.entry_id, note="99490 call")
    assert practice.do(amend.edit, ana, edit).entries[0].entry.is_held


def test_held_entries_are_listed_however_old_and_a_supervisor_sees_everybodys(
    practice: TryPractice, ana: Member
) -> None:
    """What counts nowhere is not forgotten; whoever may correct any entry finds those of others too."""
    chloe = practice.member("Chloe Lindqvist", MemberRole.SUPERVISOR)
    ben = practice.member("Ben Okoro")
    old = logged(practice, ana, "90837", Activity.PSYCHOTHERAPY, service_date=date(2026, 1, 5))
    new = logged(practice, ana, "ccm call", Activity.BILLED_SEPARATELY)
    logged(practice, ana, "phone check-in", Activity.PHONE)
    search = EntrySearch(held=True)

    def listed(member: Member) -> set[int]:
        return {view.entry.entry_id for view in practice.see(finding.find, member, search).entries}

    assert listed(ana) == {old.entry.entry_id, new.entry.entry_id}
    assert listed(chloe) == {new.entry.entry_id}
    assert listed(ben) == set()
