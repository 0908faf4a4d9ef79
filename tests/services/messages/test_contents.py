"""The content of scheduled messages: whom a morning names, what a week and a month add up to, and when to send
nothing.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from billing.activities import Activity, ActivitySource
from billing.clinical import CaseReview, Scale, Score
from billing.episodes import Consent, ConsentKind
from billing.findings import long_entries
from billing.findings.finding import Finding
from billing.months import BillingMonth
from billing.people import Member, Patient, Role
from services.entries.overviews import home, status
from services.messages.morning import Digest, TrueUp, digest, true_up
from services.messages.nearness import PatientMonth
from services.messages.reminders import missing_entries, week_audit, week_audit_summary
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


def morning(practice: TryPractice, who: Member, day: date = TODAY) -> Digest:
    """The digest of a morning on which there is something to say."""
    found = practice.see(digest, who, day)
    assert found is not None
    return found


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

    found = morning(practice, ana)
    assert mrns(found.near) == ["MRN2", "MRN1", "MRN4", "MRN5"]
    assert [one.threshold.remaining_seconds // 60 for one in found.near] == [2, 10, 15, 15]
    assert {one.last_contact_on for one in found.near} == {date(2026, 11, 10)}
    # 18-20, 23-25, 27 and 30 November; Thanksgiving is the 26th.
    assert found.working_days_left == 8
    assert (found.due, found.missing, found.untouched) == ((), (), ())


def test_who_is_due_comes_before_who_is_near(practice: TryPractice, ana: Member) -> None:
    """A planned contact whose day came, a review four weeks ago, a score that got worse; each patient once."""
    planned, kept, old_review, worse, better = (in_care(practice, ana, name) for name in "12345")
    worked(practice, ana, planned, 50, date(2026, 11, 3), next_contact=date(2026, 11, 17))
    worked(practice, ana, kept, 5, date(2026, 11, 3), next_contact=date(2026, 11, 10))
    worked(practice, ana, kept, 5, date(2026, 11, 11))
    worked(practice, ana, old_review, 5, date(2026, 11, 3))
    reviewed(practice, ana, old_review, date(2026, 10, 20))
    for patient, last in ((worse, 17), (better, 9)):
        worked(practice, ana, patient, 5, date(2026, 11, 3))
        scored(practice, patient, 14, date(2026, 10, 1))
        scored(practice, patient, last, date(2026, 11, 12))

    found = morning(practice, ana)
    assert mrns(found.due) == ["MRN3", "MRN1", "MRN4"]
    assert found.due[1].contact_due_on == date(2026, 11, 17)
    assert found.due[0].review_due_since == date(2026, 10, 20)
    assert found.due[2].worse is not None
    assert found.due[2].worse.change == 3
    assert found.near == ()


def test_a_consultant_s_own_entry_is_a_review(practice: TryPractice, ana: Member) -> None:
    """What the month's report takes for a review is one in the morning, too."""
    patient = in_care(practice, ana, "1")
    reviewed(practice, ana, patient, date(2026, 10, 14))
    assert mrns(morning(practice, ana).due) == ["MRN1"]
    worked(
        practice, practice.member("Dr. Cho"), patient, 10, date(2026, 11, 12), activity=Activity.CASE_REVIEW,
        role=Role.CONSULTANT,
    )  # fmt: skip
    assert practice.see(digest, ana, TODAY) is None


def test_what_is_missing_is_said_once_it_matters(practice: TryPractice, ana: Member) -> None:
    """Consent and assessment at once; review, NPI and what the consent leaves out once the minutes are near a code."""
    in_care(practice, ana, "1", consent=None)
    in_care(practice, ana, "2", initial_assessment_on=None)
    for identity, minutes in (("3", 61), ("4", 10)):
        worked(practice, ana, in_care(practice, ana, identity), minutes, date(2026, 11, 10))

    found = morning(practice, ana)
    assert said(found.missing) == [
        ("MRN1", ("consent_missing",)),
        ("MRN2", ("assessment_missing",)),
        ("MRN3", ("review_missing", "npi_missing", "consent_incomplete")),
    ]


def test_an_authorization_is_missed_before_any_code_is_near(practice: TryPractice, ana: Member) -> None:
    """A payer that authorizes care beforehand: the patient is looked at though nothing was logged this month."""
    payer = a_payer("Oak Plan", prior_auth_after_months=1, verified_on=date(2026, 1, 2))

    def keep_payer(context: Any) -> None:
        context.uow.payers.put(payer)
        context.uow.commit()

    practice.do(keep_payer)
    in_care(practice, ana, "1", payer="Oak Plan")
    in_care(practice, ana, "2", payer="Elm Plan")
    assert said(morning(practice, ana).missing) == [("MRN1", ("prior_authorization",))]


@pytest.mark.parametrize(("minutes", "expected"), [(40, ()), (50, ("npi_missing",)), (61, ("npi_missing",))])
def test_receipt_near_caseload_digest_and_true_up_tell_the_same(
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
    home_lists = practice.see(home, ana)
    assert [*home_lists.near, *home_lists.held_up] == [one.standing for one in listed]
    found = practice.see(digest, ana, TODAY)
    digested = [] if found is None else [*found.near, *found.missing]
    assert [codes(one.told) for one in digested] == ([expected] if expected else [])
    left = practice.see(true_up, ana, TODAY)
    assert isinstance(left, TrueUp)
    assert [codes(one.told) for one in left.missing] == ([expected] if expected else [])


def test_untouched_patients_are_named_after_the_first_week(practice: TryPractice, ana: Member) -> None:
    """Nothing logged this month is no news in its first days; the longest unseen stand first."""
    seen = in_care(practice, ana, "1")
    in_care(practice, ana, "2")
    worked(practice, ana, seen, 20, date(2026, 10, 5))

    found = morning(practice, ana)
    assert mrns(found.untouched) == ["MRN2", "MRN1"]
    assert found.untouched[1].last_contact_on == date(2026, 10, 5)
    assert practice.see(digest, ana, date(2026, 11, 6)) is None


def test_a_patient_set_aside_is_named_no_more(practice: TryPractice, ana: Member) -> None:
    """Not clinically indicated this month: neither near nor untouched, but still due when due."""
    near, idle = in_care(practice, ana, "1"), in_care(practice, ana, "2")
    worked(practice, ana, near, 50, date(2026, 11, 10))

    def aside(context: Any) -> None:
        for patient in (near, idle):
            context.uow.set_aside.put(NOVEMBER, patient.patient_id, by=ana.member_id, at=NOW)
        context.uow.commit()

    practice.do(aside)
    assert practice.see(digest, ana, TODAY) is None
    reviewed(practice, ana, near, date(2026, 10, 14))
    assert mrns(morning(practice, ana).due) == ["MRN1"]


def test_nothing_to_say_is_no_message(practice: TryPractice, ana: Member) -> None:
    """Nobody in care, or all well on their way: silence."""
    assert practice.see(digest, ana, TODAY) is None
    worked(practice, ana, in_care(practice, ana, "1"), 10, date(2026, 11, 10))
    assert practice.see(digest, ana, TODAY) is None


def test_a_digest_is_about_ones_own_patients_in_care(practice: TryPractice, ana: Member) -> None:
    """Another's patients, discharged ones and those to come are not named."""
    ben = practice.member("Ben Okoro")
    in_care(practice, ben, "1", consent=None)
    in_care(practice, ana, "2", consent=None, discharged_on=date(2026, 11, 10))
    in_care(practice, ana, "3", consent=None, enrolled_on=date(2026, 12, 1), initial_assessment_on=None)
    assert practice.see(digest, ana, TODAY) is None
    assert mrns(morning(practice, ben).missing) == ["MRN1"]


@pytest.mark.parametrize("minutes", [14, 15, 29, 44, 45, 59, 60, 74, 75, 89, 90])
@pytest.mark.parametrize("payer", ["", "Medicare"])
def test_the_quick_look_leaves_out_nobody_who_is_near(
    practice: TryPractice, ana: Member, minutes: int, payer: str
) -> None:
    """A digest says of a patient what the exact evaluation says, on either side of each edge."""
    patient = in_care(practice, ana, "1", payer=payer)
    reviewed(practice, ana, patient, date(2026, 11, 2))
    worked(practice, ana, patient, minutes, date(2026, 11, 10))
    exact = practice.see(caseload, ana)
    found = practice.see(digest, ana, TODAY)
    near = () if found is None else found.near
    assert [one.threshold for one in near] == [line.standing.result.threshold for line in exact.near]


# -- true-up


def test_the_true_up_list_is_what_can_still_be_put_right(practice: TryPractice, ana: Member) -> None:
    """Held entries, codes that lack something, and working days without an entry."""
    patient, other = in_care(practice, ana, "1"), in_care(practice, ana, "2")
    held = {"activity": Activity.ADMIN, "activity_source": ActivitySource.INFERRED}
    worked(practice, ana, patient, 10, date(2026, 11, 2), **held)
    worked(practice, ana, other, 65, date(2026, 11, 3))

    found = practice.see(true_up, ana, date(2026, 11, 6))
    assert isinstance(found, TrueUp)
    assert [(one.patient.mrn, one.held) for one in found.held] == [("MRN1", 1)]
    assert mrns(found.missing) == ["MRN2"]
    assert found.empty_days == (date(2026, 11, 4), date(2026, 11, 5))


def test_who_looks_after_nobody_has_nothing_to_true_up(practice: TryPractice, ana: Member) -> None:
    """No list for somebody without patients."""
    assert practice.see(true_up, ana, date(2026, 11, 30)) is None


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
