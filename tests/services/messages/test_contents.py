"""The content of scheduled messages: whom a morning names, what a week and a month add up to, and when to send
nothing.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from billing.activities import Activity, ActivitySource
from billing.clinical import CaseReview, Scale, Score
from billing.episodes import Consent, ConsentKind, Program
from billing.findings import long_entries
from billing.findings.finding import Finding
from billing.months import BillingMonth
from billing.people import Member, MemberRole, Patient, Role
from services.entries.overviews import status
from services.messages.deliveries import Delivery, DueDelivery, Recipient, State, deliveries_for, random_id
from services.messages.morning import Morning, Patients, Place, morning
from services.messages.patient_month import PatientMonth
from services.messages.reminders import missing_entries, week_audit, week_audit_summary
from services.messages.store import put_in
from services.months.caseload import caseload
from services.people.patient_ref import PatientRef
from storage import Database
from tests.support.caseloads import in_care, worked
from tests.support.payers import a_payer
from tests.support.practice import NOW, TryPractice

TODAY = date(2026, 11, 18)
MONDAY = date(2026, 11, 9)
NOVEMBER = BillingMonth(2026, 11)
OCTOBER = BillingMonth(2026, 10)
#: Nothing of it is left out.
CONSENT = Consent(given_on=date(2026, 9, 1), kind=ConsentKind.VERBAL, cost_sharing_disclosed=True)


@pytest.fixture
def practice(database: Database) -> TryPractice:
    """A practice on Wednesday 18 November, 10:00."""
    return TryPractice(database)


@pytest.fixture
def ana(practice: TryPractice) -> Member:
    """A care manager."""
    return practice.member("Ana Flores")


def told(practice: TryPractice, who: Member, day: date = TODAY) -> Morning:
    """The message of a morning on which there is something to say."""
    found = practice.see(morning, who, day)
    assert found is not None
    return found


def told_of(practice: TryPractice, who: Member, day: date = TODAY) -> Patients:
    """Its patients; none where no message comes."""
    found = practice.see(morning, who, day)
    return Patients() if found is None else found.patients


def mrns(found: Any) -> list[str]:
    """Whom a list names."""
    return [one.patient.mrn for one in found]


def codes(told: Iterable[Finding]) -> tuple[str, ...]:
    """Findings by their codes."""
    return tuple(one.code for one in told)


def said(months: Iterable[PatientMonth]) -> list[tuple[str, tuple[str, ...]]]:
    """Whom a list names, and what it says of them."""
    return [(one.patient.mrn, codes(one.told)) for one in months]


def keep(practice: TryPractice, kind: str, fact: Any) -> None:
    """Put a fact on file."""

    def add(context: Any) -> None:
        getattr(context.uow, kind).add(fact)
        context.uow.commit()

    practice.do(add)


def reviewed(practice: TryPractice, who: Member, patient: Patient, on: date) -> None:
    """A case review on file."""
    review = CaseReview(
        review_id=0,
        patient_id=patient.patient_id,
        reviewed_on=on,
        consultant=who.member_id,
        recorded_by=who.member_id,
        recorded_at=NOW,
    )
    keep(practice, "reviews", review)


def scored(practice: TryPractice, patient: Patient, value: int, on: date) -> None:
    """A PHQ-9 on file."""
    score = Score(score_id=0, patient_id=patient.patient_id, scale=Scale.PHQ9, value=value, measured_on=on)
    keep(practice, "scores", score)


def test_the_nearest_come_first(practice: TryPractice, ana: Member) -> None:
    """Within 15 minutes of the next code, nearest first, with the last contact and the working days left."""
    for identity, minutes in (("1", 50), ("2", 58), ("3", 44), ("4", 45), ("5", 75)):
        patient = in_care(practice, ana, identity)
        reviewed(practice, ana, patient, date(2026, 11, 2))
        worked(practice, ana, patient, minutes, date(2026, 11, 10))

    found = told(practice, ana)
    near = found.patients.near
    assert mrns(near) == ["MRN2", "MRN1", "MRN4", "MRN5"]
    assert [one.threshold.remaining_seconds // 60 for one in near] == [2, 10, 15, 15]
    assert {one.last_contact_on for one in near} == {date(2026, 11, 10)}
    # 18-20, 23-25, 27 and 30 November; Thanksgiving is the 26th.
    assert found.working_days_left == 8
    assert found.patients == Patients(near=near)


def test_who_is_due_comes_first_and_is_near_as_well(practice: TryPractice, ana: Member) -> None:
    """A score up by what its instrument calls change, then what is longest overdue; near is said beside it."""
    planned, kept, old_review, worse, better, little = (in_care(practice, ana, name) for name in "123456")
    for one in (planned, kept, worse, better, little):
        reviewed(practice, ana, one, date(2026, 11, 2))
    worked(practice, ana, planned, 51, date(2026, 11, 3), next_contact=date(2026, 11, 17))
    worked(practice, ana, kept, 5, date(2026, 11, 3), next_contact=date(2026, 11, 10))
    worked(practice, ana, kept, 5, date(2026, 11, 11))
    worked(practice, ana, old_review, 5, date(2026, 11, 3))
    reviewed(practice, ana, old_review, date(2026, 10, 20))
    for patient, last in ((worse, 19), (better, 9), (little, 18)):
        worked(practice, ana, patient, 5, date(2026, 11, 3))
        scored(practice, patient, 14, date(2026, 10, 1))
        scored(practice, patient, last, date(2026, 11, 12))

    found = told(practice, ana).patients
    assert mrns(found.first) == ["MRN4", "MRN3", "MRN1"]
    assert found.first[0].worse is not None
    assert found.first[0].worse.points == 5
    assert found.first[1].review_due_since == date(2026, 10, 20)
    assert found.first[2].contact_due_on == date(2026, 11, 17)
    assert mrns(found.near) == ["MRN1"]


@pytest.mark.parametrize(("enrolled", "named"), [(date(2026, 11, 11), True), (date(2026, 11, 12), False)])
def test_who_was_never_reviewed_comes_first_after_a_week(
    practice: TryPractice, ana: Member, enrolled: date, *, named: bool
) -> None:
    """Caseloads are reviewed weekly; a review of an earlier enrollment is none of this one."""
    patient = in_care(practice, ana, "1", enrolled_on=enrolled, initial_assessment_on=enrolled)
    reviewed(practice, ana, patient, date(2026, 9, 2))
    first = told_of(practice, ana).first
    assert [one.unreviewed_since for one in first] == ([enrolled] if named else [])


def test_general_behavioral_health_needs_no_review(practice: TryPractice, ana: Member) -> None:
    """No psychiatric consultant reviews such patients, so none is overdue."""
    in_care(practice, ana, "1", program=Program.BHI)
    assert told_of(practice, ana).first == ()


def test_a_consultant_s_own_entry_is_a_review(practice: TryPractice, ana: Member) -> None:
    """What the month's report takes for a review is one in the morning, too."""
    patient = in_care(practice, ana, "1")
    reviewed(practice, ana, patient, date(2026, 10, 14))
    assert mrns(told(practice, ana).patients.first) == ["MRN1"]
    worked(
        practice, practice.member("Dr. Cho"), patient, 10, date(2026, 11, 12), activity=Activity.CASE_REVIEW,
        role=Role.CONSULTANT,
    )  # fmt: skip
    assert told_of(practice, ana).first == ()


def test_what_is_missing_is_said_once_it_matters(practice: TryPractice, ana: Member) -> None:
    """Consent and assessment at once; review, NPI and what the consent leaves out once the minutes are near a code."""
    for identity, lacks in (("1", {"consent": None}), ("2", {"initial_assessment_on": None})):
        reviewed(practice, ana, in_care(practice, ana, identity, **lacks), date(2026, 11, 2))
    for identity, minutes in (("3", 61), ("4", 10)):
        patient = in_care(practice, ana, identity)
        reviewed(practice, ana, patient, date(2026, 10, 30))
        worked(practice, ana, patient, minutes, date(2026, 11, 10))

    found = told(practice, ana).patients
    assert said(found.missing) == [
        ("MRN1", ("consent_missing",)),
        ("MRN2", ("assessment_missing",)),
        ("MRN3", ("review_missing", "npi_missing", "consent_incomplete")),
    ]


def test_held_entries_are_missing_until_somebody_says_what_they_were(
    practice: TryPractice, ana: Member
) -> None:
    """They count nowhere, and the care manager can still put that right."""
    patient = in_care(practice, ana, "1", consent=CONSENT)
    reviewed(practice, ana, patient, date(2026, 11, 2))
    held = {"activity": Activity.ADMIN, "activity_source": ActivitySource.INFERRED}
    worked(practice, ana, patient, 10, date(2026, 11, 10), **held)
    assert [(one.patient.mrn, one.held) for one in told(practice, ana).patients.missing] == [("MRN1", 1)]


def test_an_authorization_is_missed_before_any_code_is_near(practice: TryPractice, ana: Member) -> None:
    """A payer that authorizes care beforehand: the patient is looked at though nothing was logged this month."""
    payer = a_payer("Oak Plan", prior_auth_after_months=1, verified_on=date(2026, 1, 2))

    def keep_payer(context: Any) -> None:
        context.uow.payers.put(payer)
        context.uow.commit()

    practice.do(keep_payer)
    for identity, name in (("1", "Oak Plan"), ("2", "Elm Plan")):
        reviewed(practice, ana, in_care(practice, ana, identity, payer=name), date(2026, 11, 2))
    assert said(told(practice, ana).patients.missing) == [("MRN1", ("prior_authorization",))]


@pytest.mark.parametrize(("minutes", "expected"), [(40, ()), (50, ("npi_missing",)), (61, ("npi_missing",))])
def test_receipt_near_caseload_and_morning_tell_the_same(
    practice: TryPractice, ana: Member, minutes: int, expected: tuple[str, ...]
) -> None:
    """An NPI that blocks the line is told wherever the care manager looks, once the code is near or reached."""
    patient = in_care(practice, ana, "1", consent=CONSENT)
    reviewed(practice, ana, patient, date(2026, 11, 2))
    worked(practice, ana, patient, minutes, date(2026, 11, 10))

    load = practice.see(caseload, ana)
    (line,) = load.lines
    assert codes(line.standing.told) == expected
    assert codes(practice.see(status, ana, PatientRef(text="MRN1", identity="1")).standing.told) == expected
    listed = [*load.near, *load.held_up]
    assert [codes(one.standing.told) for one in listed] == ([expected] if expected else [])
    found = told_of(practice, ana)
    assert [codes(one.told) for one in (*found.near, *found.missing)] == ([expected] if expected else [])


def test_untouched_patients_are_named_after_the_first_week(practice: TryPractice, ana: Member) -> None:
    """Nothing logged this month is no news in its first days; the longest unseen stand first."""
    seen, never = in_care(practice, ana, "1"), in_care(practice, ana, "2")
    for one in (seen, never):
        reviewed(practice, ana, one, date(2026, 11, 2))
    worked(practice, ana, seen, 20, date(2026, 10, 5))

    found = told(practice, ana)
    assert mrns(found.under(Place.MISSING)) == mrns(found.patients.untouched) == ["MRN2", "MRN1"]
    assert found.patients.untouched[1].last_contact_on == date(2026, 10, 5)
    assert practice.see(morning, ana, date(2026, 11, 6)) is None


def test_a_patient_set_aside_is_named_no_more(practice: TryPractice, ana: Member) -> None:
    """Not clinically indicated this month: neither near nor untouched, but still due when due."""
    near, idle = in_care(practice, ana, "1"), in_care(practice, ana, "2")
    for one in (near, idle):
        reviewed(practice, ana, one, date(2026, 11, 2))
    worked(practice, ana, near, 50, date(2026, 11, 10))
    other = in_care(practice, ana, "3")
    reviewed(practice, ana, other, date(2026, 10, 14))

    def aside(context: Any) -> None:
        for patient in (near, idle):
            context.uow.set_aside.put(NOVEMBER, patient.patient_id, by=ana.member_id, at=NOW)
        context.uow.commit()

    practice.do(aside)
    found = told(practice, ana).patients
    assert (mrns(found.first), found.near, found.missing, mrns(found.untouched)) == (["MRN3"], (), (), [])
    assert found.set_aside == 1


def test_nothing_to_say_is_no_message(practice: TryPractice, ana: Member) -> None:
    """Nobody in care, or all well on their way: silence."""
    assert practice.see(morning, ana, TODAY) is None
    patient = in_care(practice, ana, "1")
    reviewed(practice, ana, patient, date(2026, 11, 2))
    worked(practice, ana, patient, 10, date(2026, 11, 10))
    assert practice.see(morning, ana, TODAY) is None


def test_a_morning_is_about_ones_own_patients_in_care(practice: TryPractice, ana: Member) -> None:
    """Another's patients, discharged ones and those to come are not named."""
    ben = practice.member("Ben Okoro")
    in_care(practice, ben, "1", consent=None)
    in_care(practice, ana, "2", consent=None, discharged_on=date(2026, 11, 10))
    in_care(practice, ana, "3", consent=None, enrolled_on=date(2026, 12, 1), initial_assessment_on=None)
    assert practice.see(morning, ana, TODAY) is None
    assert mrns(told(practice, ben).patients.first) == ["MRN1"]


def test_near_are_also_those_whom_one_only_worked_for(practice: TryPractice, ana: Member) -> None:
    """As `near` lists them: a colleague's patient, and one who was discharged this month; nothing else is said."""
    ben = practice.member("Ben Okoro")
    others, gone = in_care(practice, ben, "1"), in_care(practice, ana, "2", discharged_on=date(2026, 11, 12))
    for one in (others, gone):
        worked(practice, ana, one, 52, date(2026, 11, 10))
    found = told(practice, ana).patients
    near = practice.see(caseload, ana).near
    assert mrns(found.near) == sorted(line.standing.patient.mrn for line in near) == ["MRN1", "MRN2"]
    assert [one.discharged_on for one in found.near] == [None, date(2026, 11, 12)]
    assert (found.first, found.missing, found.untouched) == ((), (), ())


@pytest.mark.parametrize("minutes", [14, 15, 29, 44, 45, 59, 60, 74, 75, 89, 90])
@pytest.mark.parametrize("payer", ["", "Medicare"])
def test_the_quick_look_leaves_out_nobody_who_is_near(
    practice: TryPractice, ana: Member, minutes: int, payer: str
) -> None:
    """A morning says of a patient what the exact evaluation says, on either side of each edge."""
    patient = in_care(practice, ana, "1", payer=payer)
    reviewed(practice, ana, patient, date(2026, 11, 2))
    worked(practice, ana, patient, minutes, date(2026, 11, 10))
    exact = practice.see(caseload, ana)
    near = told_of(practice, ana).near
    assert [one.threshold for one in near] == [line.standing.result.threshold for line in exact.near]


# -- before a month ends


def test_a_months_last_days_add_the_working_days_without_an_entry(practice: TryPractice, ana: Member) -> None:
    """On its last three working days; on the day before them they are not named."""
    patient = in_care(practice, ana, "1")
    reviewed(practice, ana, patient, date(2026, 11, 2))
    for day in (2, 3, 4, 5, 6, 9, 10, 12, 13, 16, 17, 18, 19, 20, 23):
        worked(practice, ana, patient, 1, date(2026, 11, day))
    scored(practice, patient, 1, date(2026, 10, 1))
    scored(practice, patient, 20, date(2026, 11, 20))
    assert told(practice, ana, date(2026, 11, 24)).month_end is None
    found = told(practice, ana, date(2026, 11, 25)).month_end
    assert found is not None
    assert found.empty_days == (date(2026, 11, 24),)


def test_who_left_out_their_patients_still_trues_up(practice: TryPractice, ana: Member) -> None:
    """Stored choices carry over: no digest, and on the last days what is held and codes that lack something."""
    held_patient, other, early = (in_care(practice, ana, name) for name in "123")
    held = {"activity": Activity.ADMIN, "activity_source": ActivitySource.INFERRED}
    worked(practice, ana, held_patient, 10, date(2026, 11, 2), **held)
    worked(practice, ana, other, 65, date(2026, 11, 3))
    worked(practice, ana, early, 5, date(2026, 11, 3))
    choose(practice, ana, "digest")
    assert practice.see(morning, ana, date(2026, 11, 24)) is None
    found = told(practice, ana, date(2026, 11, 25))
    assert mrns(found.patients.missing) == ["MRN1", "MRN2"]
    assert (found.patients.first, found.patients.near) == ((), ())
    choose(practice, ana, "true_up")
    assert practice.see(morning, ana, date(2026, 11, 25)) is None


def test_who_looks_after_nobody_has_nothing_to_true_up(practice: TryPractice, ana: Member) -> None:
    """No list for somebody without patients."""
    assert practice.see(morning, ana, date(2026, 11, 30)) is None


# -- who is told what


def test_the_week_is_looked_at_in_its_first_message(practice: TryPractice, ana: Member) -> None:
    """On Monday; on a later day only where no message of the week was sent before; never where it is left out."""
    odd_week(practice, ana)
    monday, tuesday = date(2026, 11, 16), date(2026, 11, 17)
    found = told(practice, ana, monday)
    assert found.week is not None
    assert found.week.first == MONDAY
    assert told(practice, ana, tuesday).week is not None

    def sent(context: Any) -> None:
        put_in(context, [replace(part, state=State.SENT) for part in parts_of(ana, monday)])
        context.uow.commit()

    practice.do(sent)
    assert practice.see(morning, ana, tuesday) is None
    choose(practice, ana, "audit")
    assert practice.see(morning, ana, monday) is None


def test_supervisors_have_the_weeks_figures_in_theirs(practice: TryPractice, ana: Member) -> None:
    """On the week's first working day, and no patient is named."""
    odd_week(practice, ana)
    boss = practice.member("Bea Boss", MemberRole.SUPERVISOR)
    found = told(practice, boss, date(2026, 11, 16))
    assert found.team_week is not None
    assert found.week is None
    assert not found.patients.are_named


def test_one_person_of_two_roles_has_one_message(practice: TryPractice) -> None:
    """Each role adds its headings."""
    both = practice.member("Bo Both", MemberRole.CARE_MANAGER, MemberRole.SUPERVISOR)
    odd_week(practice, both)
    found = told(practice, both, date(2026, 11, 16))
    assert (found.week is not None, found.team_week is not None) == (True, True)


def test_consultants_are_told_who_waits_for_their_review(practice: TryPractice, ana: Member) -> None:
    """Never reviewed by anybody, overdue since their own last review; not those of another consultant."""
    mine = practice.member("Dr. Cho", MemberRole.CONSULTANT)
    other = practice.member("Dr. Day", MemberRole.CONSULTANT)
    overdue, fresh, theirs, never = (in_care(practice, ana, name) for name in "1234")
    reviewed(practice, mine, overdue, date(2026, 10, 1))
    reviewed(practice, mine, fresh, date(2026, 11, 10))
    reviewed(practice, other, theirs, date(2026, 10, 1))
    found = told(practice, mine)
    assert mrns(found.reviews) == [never.mrn, overdue.mrn]
    assert not found.patients.are_named


def test_administrators_are_told_who_asks_to_take_part(practice: TryPractice) -> None:
    """Until somebody has decided."""
    admin = practice.member("Sam", MemberRole.ADMIN)
    assert practice.see(morning, admin, TODAY) is None

    def ask(context: Any) -> None:
        context.uow.membership_requests.add("U0NEW", "Nia New", NOW)
        context.uow.commit()

    practice.do(ask)
    office = told(practice, admin).office
    assert office is not None
    assert office.newcomers == ("Nia New",)


def odd_week(practice: TryPractice, who: Member) -> None:
    """A long entry in last week, for a patient of somebody else."""
    ben = practice.member("Ben Okoro")
    patient = in_care(practice, ben, "77")
    reviewed(practice, ben, patient, date(2026, 11, 2))
    worked(practice, who, patient, 185, date(2026, 11, 10))


def parts_of(who: Member, day: date) -> tuple[Delivery, ...]:
    """Their message of a day, in the outbox."""
    owed = DueDelivery(
        kind="digest",
        period=f"digest:{day}",
        recipient=Recipient(who.member_id),
        due_at=NOW,
        useful_until=NOW + timedelta(hours=9),
    )
    return deliveries_for(owed, NOW, random_id)


def choose(practice: TryPractice, who: Member, name: str) -> None:
    """Leave a part of the morning message out, as earlier versions stored it."""

    def store(context: Any) -> None:
        before = context.uow.reminder_choices.of(who.member_id)
        context.uow.reminder_choices.put(who.member_id, replace(before, off=before.off | {name}))
        context.uow.commit()

    practice.do(store)


# -- reminders


def test_an_afternoon_without_entries_is_told(practice: TryPractice, ana: Member) -> None:
    """Nothing keyed since local noon is said, with what the day has so far; after an entry, nothing is."""
    patient = in_care(practice, ana, "1")
    assert practice.see(missing_entries, ana, TODAY) is None
    worked(practice, ana, patient, 20, TODAY, at=datetime(2026, 11, 18, 15, tzinfo=UTC))
    found = practice.see(missing_entries, ana, TODAY)
    assert found is not None
    assert (found.seconds, found.last_at.hour) == (1200, 15)

    worked(practice, ana, patient, 20, TODAY, at=datetime(2026, 11, 18, 17, tzinfo=UTC), note="later")
    assert practice.see(missing_entries, ana, TODAY) is None


def test_who_stopped_logging_is_not_reminded(practice: TryPractice, ana: Member) -> None:
    """Two weeks without an entry: leave, or another job."""
    worked(practice, ana, in_care(practice, ana, "1"), 20, date(2026, 11, 3))
    assert practice.see(missing_entries, ana, date(2026, 11, 17)) is not None
    assert practice.see(missing_entries, ana, TODAY) is None


def test_last_weeks_odd_entries_are_told_to_their_author(practice: TryPractice, ana: Member) -> None:
    """Late, long, unconfirmed, overlapping and empty-handed entries of that week, and no others."""
    patient, other = in_care(practice, ana, "1"), in_care(practice, ana, "2")
    worked(practice, ana, patient, 20, MONDAY)
    worked(practice, ana, patient, 20, date(2026, 11, 10), at=datetime(2026, 11, 17, 15, tzinfo=UTC))
    worked(practice, ana, patient, 200, date(2026, 11, 12), note="")
    held = {"activity": Activity.ADMIN, "activity_source": ActivitySource.INFERRED}
    worked(practice, ana, patient, 5, date(2026, 11, 13), **held)
    for one in (patient, other):
        start = datetime(2026, 11, 13, 15, tzinfo=UTC)
        worked(
            practice,
            ana,
            one,
            30,
            date(2026, 11, 13),
            started_at=start,
            ended_at=start + timedelta(minutes=30),
        )
    worked(practice, ana, patient, 200, date(2026, 11, 16))

    found = practice.see(week_audit, ana, MONDAY)
    assert found is not None
    assert found.entries == 6
    assert [tuple(row.code for row in one.oddities) for one in found.odd] == [
        ("late_entries",),
        ("long_entries", "undocumented"),
        ("held_activity",),
        ("overlapping_time",),
    ]
    assert practice.see(week_audit, ana, date(2026, 10, 26)) is None


def test_supervisors_get_the_week_in_figures(practice: TryPractice, ana: Member) -> None:
    """Who has how many odd entries, the most first; whoever has none is not named."""
    ben, cho = practice.member("Ben Okoro"), practice.member("Dana Cho")
    patient = in_care(practice, ana, "1")
    for who, odd in ((ana, 1), (ben, 2), (cho, 0)):
        worked(practice, who, patient, 20, MONDAY)
        for day in range(odd):
            worked(practice, who, patient, 200, date(2026, 11, 10 + day))

    found = practice.see(week_audit_summary, MONDAY)
    assert found is not None
    assert [(one.member.display_name, one.odd, one.counts) for one in found.members] == [
        ("Ben Okoro", 2, {long_entries.ROW: 2}),
        ("Ana Flores", 1, {long_entries.ROW: 1}),
    ]
    assert (found.entries, found.odd) == (6, 3)
    assert practice.see(week_audit_summary, date(2026, 10, 26)) is None


# -- month end
