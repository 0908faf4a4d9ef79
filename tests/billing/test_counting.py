"""Whose minutes count, and why others do not: every second has its reason."""

from datetime import date

import pytest

from billing.activities import HELD_SOURCES, Activity, ActivitySource
from billing.clinical import Admission
from billing.counting import Excluded, Exclusion, Tally
from billing.entries import TimeEntry
from billing.episodes import Consent
from billing.month_kinds import MonthKind
from billing.people import Role
from billing.rules import ConsultantMinutes
from tests.support.counting import count, entries, reasons
from tests.support.months import BEN, DR_CHO, an_entry, an_episode


def test_care_managers_consultants_and_treating_providers_count() -> None:
    """All three roles count by default, each shown apart."""
    found = count(
        entries(
            an_entry(1, 10),
            an_entry(2, 20, role=Role.CONSULTANT, performed_by=DR_CHO),
            an_entry(3, 5, role=Role.TREATING_PROVIDER, performed_by=BEN),
        )
    )
    assert (found.care_manager, found.consultant, found.treating_provider) == (600, 1200, 300)
    assert (found.read, found.counted, found.staff, found.excluded) == (2100, 2100, 900, ())


def test_consultant_minutes_can_be_excluded_by_setting() -> None:
    """With `exclude` the consultant's minutes are shown, not counted."""
    facts = entries(an_entry(1, 10), an_entry(2, 20, role=Role.CONSULTANT))
    found = count(facts, consultant_minutes=ConsultantMinutes.EXCLUDE)
    assert (found.read, found.counted, reasons(found)) == (1800, 600, {"consultant": 1200})


def test_consultant_minutes_never_count_towards_99484() -> None:
    """In a General BHI month only staff time counts."""
    facts = entries(an_entry(1, 10), an_entry(2, 20, role=Role.CONSULTANT))
    assert reasons(count(facts, MonthKind.GENERAL_BHI)) == {"consultant": 1200}


@pytest.mark.parametrize("activity", list(Activity))
def test_work_that_is_billed_separately_or_clerical_does_not_count(activity: Activity) -> None:
    """Administrative work, psychotherapy, crisis care and other billed services never count."""
    found = count(entries(an_entry(1, 10, activity=activity)))
    if activity.billable:
        assert (found.counted, reasons(found)) == (600, {})
    else:
        assert (found.counted, reasons(found)) == (0, {activity.value: 600})


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        (ActivitySource.INFERRED, "held"),
        (ActivitySource.STATED, "psychotherapy"),
        (ActivitySource.CONFIRMED, "psychotherapy"),
    ],
)
def test_unbillable_work_only_inferred_is_held(source: ActivitySource, reason: str) -> None:
    """Words alone never uncount: an inferred psychotherapy waits for an answer."""
    entry = an_entry(1, 10, activity=Activity.PSYCHOTHERAPY, activity_source=source)
    assert reasons(count(entries(entry))) == {reason: 600}


@pytest.mark.parametrize("activity", [Activity.PHONE, Activity.PSYCHOTHERAPY])
@pytest.mark.parametrize(
    "stays", [(), (Admission(admission_id=1, patient_id=1, admitted_on=date(2026, 11, 20)),)]
)
def test_an_entry_like_another_is_held_whatever_its_activity(
    activity: Activity, stays: tuple[Admission, ...]
) -> None:
    """R-216, R-217: until somebody tells the two apart, or confirms it; it makes no other entry count less."""
    for source in HELD_SOURCES:
        held = an_entry(2, 10, activity=activity, activity_source=source)
        facts = entries(an_entry(1, 10), held, admissions=stays)
        assert held.is_held
        assert reasons(count(facts)) == {source.value: 600}
        assert count(facts).counted == 600


@pytest.mark.parametrize("seconds", [0, -60, 86_401])
def test_an_impossible_length_is_named_and_not_counted(seconds: int) -> None:
    """Zero, negative and more than a day are damage; they never change the other entries."""
    found = count(entries(an_entry(1, 10), an_entry(2, seconds=seconds)))
    assert (found.counted, found.read) == (600, 600 + max(seconds, 0))
    assert found.verdicts[1].excluded == (Excluded(Exclusion.CORRUPT, max(seconds, 0)),)


@pytest.mark.parametrize("seconds", [1, 86_400])
def test_every_possible_length_counts(seconds: int) -> None:
    """One second and a whole day are possible."""
    assert count(entries(an_entry(1, seconds=seconds))).counted == seconds


def test_another_months_entry_does_not_count() -> None:
    """An entry dated in another month is named, not counted."""
    found = count(entries(an_entry(1, 10, date(2026, 12, 1)), an_entry(2, 10, date(2026, 10, 31))))
    assert (found.counted, reasons(found)) == (0, {"other_month": 1200})


def consent(given: int, revoked: int | None = None) -> Consent:
    gone = date(2026, 11, revoked) if revoked else None
    return Consent(given_on=date(2026, 11, given), revoked_on=gone)


def days(*numbers: int) -> tuple[TimeEntry, ...]:
    return tuple(an_entry(number, 1, date(2026, 11, number)) for number in numbers)


def counted_days(found: Tally) -> list[int]:
    return [verdict.entry_id for verdict in found.verdicts if verdict.counted]


def test_time_before_consent_does_not_count() -> None:
    """The day of consent counts, the day before does not."""
    found = count(entries(*days(9, 10, 11), episodes=(an_episode(consent=consent(10)),)))
    assert (counted_days(found), reasons(found)) == ([10, 11], {"before_consent": 60})


def test_time_after_revocation_does_not_count() -> None:
    """The day of revocation counts, the day after does not."""
    found = count(entries(*days(9, 19, 20, 21), episodes=(an_episode(consent=consent(10, 20)),)))
    assert counted_days(found) == [19, 20]
    assert reasons(found) == {"before_consent": 60, "consent_revoked": 60}


def test_a_consent_given_again_counts_again() -> None:
    """Revoked on the 10th, given again on the 20th: what lies between does not count."""
    again = an_episode(consent=consent(20), earlier_consents=(consent(1, 10),))
    found = count(entries(*days(5, 10, 15, 20, 25), episodes=(again,)))
    assert (counted_days(found), reasons(found)) == ([5, 10, 20, 25], {"consent_revoked": 60})


def test_without_any_consent_minutes_count() -> None:
    """No consent on file: the minutes count, and a finding blocks the line."""
    assert count(entries(*days(2), episodes=(an_episode(consent=None),))).counted == 60


def test_time_after_discharge_does_not_count() -> None:
    """The day of discharge counts, the day after does not."""
    left = an_episode(discharged_on=date(2026, 11, 10))
    found = count(entries(*days(9, 10, 11), episodes=(left,)))
    assert (counted_days(found), reasons(found)) == ([9, 10], {"after_discharge": 60})


def test_a_discharge_on_the_last_day_loses_nothing() -> None:
    """Discharged on the month's last day: every day of it counts."""
    left = an_episode(discharged_on=date(2026, 11, 30))
    assert counted_days(count(entries(*days(1, 30), episodes=(left,)))) == [1, 30]


def test_between_two_episodes_nothing_counts() -> None:
    """Discharged on the 5th, enrolled again on the 20th: the days between are after discharge."""
    old = an_episode(discharged_on=date(2026, 11, 5))
    new = an_episode(
        episode_id=2, enrolled_on=date(2026, 11, 20), initial_assessment_on=None, consent=consent(20)
    )
    found = count(entries(*days(4, 12, 20, 21), episodes=(new, old)))
    assert (counted_days(found), reasons(found)) == ([4, 20, 21], {"after_discharge": 60})


def test_time_before_an_episode_goes_by_the_first_one() -> None:
    """Time before the first episode began counts when a consent covers it."""
    first = an_episode(enrolled_on=date(2026, 11, 10), initial_assessment_on=None, consent=consent(5))
    second = an_episode(episode_id=2, enrolled_on=date(2026, 11, 20), consent=None)
    late = an_episode(episode_id=2, enrolled_on=date(2026, 11, 20), initial_assessment_on=None, consent=None)
    assert second.starts_on == date(2026, 10, 5)
    found = count(entries(*days(4, 6), episodes=(late, first)))
    assert (counted_days(found), reasons(found)) == ([6], {"before_consent": 60})


def test_inpatient_days_do_not_count() -> None:
    """From the day of admission to the day before leaving; the day of leaving counts again."""
    stay = Admission(admission_id=1, patient_id=1, admitted_on=date(2026, 11, 5), left_on=date(2026, 11, 8))
    facts = entries(*days(4, 5, 7, 8), admissions=(stay,))
    assert (counted_days(count(facts)), reasons(count(facts))) == ([4, 8], {"inpatient": 120})
    assert count(facts, inpatient_counts=True).excluded == ()


def test_a_stay_that_lasts_or_ends_the_same_day() -> None:
    """An open stay takes every day from admission on; a stay of one day takes that day."""
    lasting = Admission(admission_id=1, patient_id=1, admitted_on=date(2026, 11, 5))
    assert counted_days(count(entries(*days(4, 5, 30), admissions=(lasting,)))) == [4]
    one = Admission(admission_id=1, patient_id=1, admitted_on=date(2026, 11, 5), left_on=date(2026, 11, 5))
    assert counted_days(count(entries(*days(4, 5, 6), admissions=(one,)))) == [4, 6]


def test_reasons_stand_in_one_order() -> None:
    """Whatever comes first in the month, reasons are listed alike."""
    start = an_entry(1, 5, activity=Activity.CRISIS)
    made = (start, an_entry(2, 5, activity=Activity.ADMIN), an_entry(3, 0), an_entry(4, 5, date(2026, 12, 1)))
    listed = [reason for reason, _ in count(entries(*made)).excluded]
    assert listed == [Exclusion.CORRUPT, Exclusion.OTHER_MONTH, Exclusion.ADMIN, Exclusion.CRISIS]


def test_an_entry_may_be_as_long_as_a_day_and_as_short_as_a_second() -> None:
    """A second more or less is no length that anybody worked."""
    for seconds, counted in ((0, 0), (1, 1), (86_400, 86_400), (86_401, 0)):
        assert count(entries(an_entry(1, seconds=seconds))).counted == counted
