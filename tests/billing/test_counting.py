"""Whose minutes count, and why others do not: every second has its reason."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from billing.activities import Activity, ActivitySource
from billing.clinical import Admission
from billing.counting import Excluded, Exclusion, Tally, tally
from billing.entries import TimeEntry
from billing.episodes import Consent
from billing.facts import MonthFacts
from billing.month_kinds import MonthKind
from billing.overlaps import find_overlaps
from billing.payers import rules_for
from billing.people import Role
from billing.rules import ConsultantMinutes, PracticeRules
from tests.support.months import ANA, BEN, DR_CHO, NOVEMBER, a_month, an_entry, an_episode

DAY = date(2026, 11, 3)


def count(facts: MonthFacts, kind: MonthKind = MonthKind.SUBSEQUENT, **practice: Any) -> Tally:
    return tally(facts, rules_for(NOVEMBER, PracticeRules(**practice)), kind)


def reasons(found: Tally) -> dict[str, int]:
    return {reason.value: seconds for reason, seconds in found.excluded}


def entries(*made: TimeEntry, **changes: Any) -> MonthFacts:
    return a_month(entries=made, **changes)


def at(hour: int, minute: int = 0, day: int = 3) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


def timed(entry_id: int, start: datetime, minutes: float, **changes: Any) -> TimeEntry:
    return an_entry(entry_id, minutes, start.date(), started_at=start, **changes)


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


def test_joint_time_counts_once() -> None:
    """Ana and Ben together from 10:00 to 10:10, each with an entry: ten minutes, kept by the first written."""
    ana, ben = timed(1, at(10), 10), timed(2, at(10), 10, performed_by=BEN)
    found = count(entries(ben, ana))
    assert (found.read, found.counted, reasons(found)) == (1200, 600, {"joint": 600})
    assert found.verdicts[0].excluded == (Excluded(Exclusion.JOINT, 600, kept_by=1),)
    assert found.verdicts[1].excluded == ()


def test_only_the_shared_minutes_are_joint() -> None:
    """10:00-10:30 and 10:20-10:40: ten minutes of the second are joint time."""
    found = count(entries(timed(1, at(10), 30), timed(2, at(10, 20), 20, performed_by=BEN)))
    assert (found.counted, reasons(found)) == (40 * 60, {"joint": 600})


def test_times_that_only_touch_share_nothing() -> None:
    """10:00-10:30 and 10:30-10:40 are apart, also when the later was keyed first."""
    found = count(entries(timed(2, at(10), 30), timed(1, at(10, 30), 10, performed_by=BEN)))
    assert (found.counted, found.excluded) == (2400, ())


def test_a_short_time_inside_a_long_one_leaves_both_ends() -> None:
    """Keyed second, 10:00-11:00 yields the 10:20-10:30 of another and keeps fifty minutes."""
    found = count(entries(timed(1, at(10, 20), 10, performed_by=BEN), timed(2, at(10), 60)))
    assert (found.counted, reasons(found)) == (3600, {"joint": 600})


def test_a_second_is_cut_once_however_many_hold_it() -> None:
    """Three people in one ten-minute talk: ten minutes count, twenty are joint."""
    three = (
        timed(1, at(10), 10),
        timed(2, at(10), 10, performed_by=BEN),
        timed(3, at(10), 10, performed_by=9),
    )
    found = count(entries(*three))
    assert (found.counted, reasons(found)) == (600, {"joint": 1200})


def test_the_consultant_yields_to_the_care_manager() -> None:
    """Joint time is kept by the care manager even when the consultant keyed first."""
    cho = timed(1, at(10), 10, performed_by=DR_CHO, role=Role.CONSULTANT)
    found = count(entries(cho, timed(2, at(10), 10)))
    assert (found.care_manager, found.consultant) == (600, 0)


def test_time_that_does_not_count_takes_none_from_a_colleague() -> None:
    """An excluded consultant's entry at the same time leaves the care manager's whole."""
    cho = timed(1, at(10), 10, performed_by=DR_CHO, role=Role.CONSULTANT)
    ben = timed(3, at(10), 10, performed_by=BEN, activity=Activity.ADMIN)
    found = count(entries(cho, timed(2, at(10), 10), ben), consultant_minutes=ConsultantMinutes.EXCLUDE)
    assert (found.counted, reasons(found)) == (600, {"admin": 600, "consultant": 600})


def test_one_person_cannot_be_in_two_places() -> None:
    """A call inside one's own psychotherapy session is not counted, whichever was keyed first."""
    therapy = timed(2, at(10), 50, activity=Activity.PSYCHOTHERAPY)
    found = count(entries(timed(1, at(10, 30), 30), therapy))
    assert (found.counted, reasons(found)) == (600, {"psychotherapy": 3000, "overlap": 1200})
    twice = count(entries(timed(1, at(10), 20), timed(2, at(10, 10), 20)))
    assert (twice.counted, reasons(twice)) == (1800, {"overlap": 600})


def test_damaged_entries_hold_no_clock_time() -> None:
    """An impossible length does not take time from anyone."""
    broken = timed(1, at(9), 0, seconds=90_000)
    assert reasons(count(entries(broken, timed(2, at(10), 10)))) == {"corrupt": 90_000}


def test_joint_time_written_down_twice_without_clock_times() -> None:
    """Ana and Ben each name the other on the same day: the shorter length counts once."""
    ana = an_entry(1, 10, DAY, participants=(BEN,))
    ben = an_entry(2, 12, DAY, performed_by=BEN, participants=(ANA,))
    found = count(entries(ben, ana))
    assert (found.counted, reasons(found)) == (720, {"joint": 600})
    assert found.verdicts[0].excluded == (Excluded(Exclusion.JOINT, 600, kept_by=1),)


@pytest.mark.parametrize(
    "changes",
    [
        {"participants": ()},
        {"participants": (DR_CHO,)},
        {"service_date": date(2026, 11, 4)},
        {"activity": Activity.ADMIN},
    ],
)
def test_joint_time_is_not_guessed(changes: dict[str, Any]) -> None:
    """Unless each names the other, on one day, for time that counts, both entries stand."""
    ana = an_entry(1, 10, DAY, **{"participants": (BEN,), **changes})
    ben = an_entry(2, 10, DAY, performed_by=BEN, participants=(ANA,))
    assert "joint" not in reasons(count(entries(ana, ben)))


def test_one_sided_joint_time_is_not_guessed() -> None:
    """Ben names Ana, she does not name him: both entries stand."""
    ben = an_entry(1, 10, DAY, performed_by=BEN, participants=(ANA,))
    assert count(entries(ben, an_entry(2, 10, DAY, participants=(DR_CHO,)))).excluded == ()


def test_the_care_managers_joint_time_written_by_both_counts_once() -> None:
    """Ana writes twenty minutes with Ben, and Ben writes the same of her: the first written keeps them."""
    ana = an_entry(1, 20, DAY, participants=(BEN,))
    ben = an_entry(2, 20, DAY, participants=(BEN,), recorded_by=BEN)
    found = count(entries(ana, ben))
    assert (found.counted, reasons(found)) == (1200, {"joint": 1200})
    assert found.verdicts[1].excluded == (Excluded(Exclusion.JOINT, 1200, kept_by=1),)


@pytest.mark.parametrize("changes", [{"recorded_by": ANA}, {"seconds": 600}, {"participants": (BEN, DR_CHO)}])
def test_two_talks_of_the_same_pair_both_count(changes: dict[str, Any]) -> None:
    """Written by one person, of another length, or with somebody more, it is another talk."""
    ana = an_entry(1, 20, DAY, participants=(BEN,))
    other = an_entry(2, 20, DAY, **{"participants": (BEN,), "recorded_by": BEN, **changes})
    assert count(entries(ana, other)).excluded == ()


def test_each_joint_entry_pairs_once() -> None:
    """Two joint talks a day, written down by both: two pairs, twenty minutes counted."""
    ana = [an_entry(number, 10, DAY, participants=(BEN,)) for number in (1, 2)]
    ben = [an_entry(number, 10, DAY, performed_by=BEN, participants=(ANA,)) for number in (3, 4)]
    found = count(entries(*ana, *ben))
    assert (found.counted, reasons(found)) == (1200, {"joint": 1200})
    assert [verdict.excluded[0].kept_by for verdict in found.verdicts[2:]] == [1, 2]


def test_a_clock_time_and_a_joint_name_do_not_pair() -> None:
    """An entry with clock times and one without are not taken for the same talk."""
    ana = timed(1, at(10), 10, participants=(BEN,))
    ben = an_entry(2, 10, DAY, performed_by=BEN, participants=(ANA,))
    assert count(entries(ana, ben)).excluded == ()


# One person, two patients.


def elsewhere(entry_id: int, start: datetime, minutes: float, **changes: Any) -> TimeEntry:
    return timed(entry_id, start, minutes, **{"patient_id": 2, **changes})


def test_one_persons_time_for_two_patients_counts_for_the_entry_first_keyed() -> None:
    """2:00-2:30 for one patient, then 2:20-2:50 for another: ten minutes of the latter are lost."""
    first, second = elsewhere(1, at(14), 30), timed(2, at(14, 20), 30)
    found = find_overlaps([second, first])
    assert [(each.entry_id, each.kept_by, each.kept_for) for each in found] == [(2, 1, 2)]
    assert (found[0].started_at, found[0].ended_at) == (at(14, 20), at(14, 30))
    counted = count(entries(second, overlaps=found))
    assert (counted.counted, reasons(counted)) == (1200, {"overlap": 600})
    assert counted.verdicts[0].excluded == (Excluded(Exclusion.OVERLAP, 600, kept_by=1),)


def test_the_entry_first_keyed_keeps_its_time_though_it_began_later() -> None:
    """Keyed first, the later call keeps all of its time; the longer entry yields."""
    first, second = timed(1, at(14, 20), 10), elsewhere(2, at(14), 60)
    found = find_overlaps([first, second])
    assert [(each.entry_id, each.started_at, each.ended_at) for each in found] == [
        (2, at(14, 20), at(14, 30))
    ]


def test_entries_keyed_at_one_instant_go_by_their_start_then_their_number() -> None:
    """An import keys all at once: the earlier start keeps the time, then the lower number."""
    same = {"recorded_at": at(20)}
    late, early = timed(1, at(14, 10), 20, **same), elsewhere(2, at(14), 20, **same)
    assert [each.entry_id for each in find_overlaps([late, early])] == [1]
    twin = elsewhere(2, at(14, 10), 20, **same)
    assert [each.entry_id for each in find_overlaps([twin, late])] == [2]


def test_overlaps_need_one_person_two_patients_and_shared_time() -> None:
    """Other people, the same patient, touching times and entries without a start are no overlap."""
    mine = timed(1, at(14), 30)
    others = [
        elsewhere(2, at(14), 30, performed_by=BEN),
        timed(3, at(14, 10), 5),
        elsewhere(4, at(14, 30), 30),
        elsewhere(5, at(13, 30), 30),
        an_entry(6, 30, DAY, patient_id=2),
        elsewhere(7, at(14), 0),
    ]
    assert find_overlaps([mine, *others]) == ()


def test_taking_part_is_being_there() -> None:
    """Ana took part in Ben's talk at 14:00, so her own call for another patient then does not count."""
    joint = elsewhere(1, at(14), 30, performed_by=BEN, participants=(ANA,))
    assert [each.entry_id for each in find_overlaps([joint, timed(2, at(14, 10), 10)])] == [2]
    # Keyed later, Ben's entry keeps its time: he himself was nowhere else.
    later = elsewhere(3, at(14), 30, performed_by=BEN, participants=(ANA,))
    assert find_overlaps([later, timed(2, at(14, 10), 10)]) == ()


def test_a_second_is_lost_once_to_several_overlaps() -> None:
    """Two other patients' calls over the same minutes take each second once."""
    mine = timed(9, at(14), 30)
    found = find_overlaps([mine, elsewhere(1, at(14), 10), elsewhere(2, at(14, 5), 10, patient_id=3)])
    mine_lost = [each for each in found if each.entry_id == 9]
    assert len(mine_lost) == 2
    assert reasons(count(entries(mine, overlaps=found))) == {"overlap": 900}


def test_overlaps_and_joint_time_of_one_entry_add_up() -> None:
    """Ten minutes joint, ten overlapping elsewhere, five of them the same: fifteen are lost."""
    mine = timed(9, at(14), 30)
    joint = timed(1, at(14), 10, performed_by=BEN)
    other = elsewhere(2, at(14, 5), 10)
    found = count(entries(joint, mine, overlaps=find_overlaps([mine, other])))
    assert reasons(found) == {"joint": 600, "overlap": 300}
    assert found.read == found.counted + 900


def test_a_corrected_length_shortens_the_clock_time() -> None:
    """Corrected from 30 to 10 minutes, an entry holds the clock for its first ten minutes only."""
    first = elsewhere(1, at(14), 10, ended_at=at(14, 30))
    assert find_overlaps([first, timed(2, at(14, 10), 10)]) == ()


def test_a_summer_time_change_does_not_stretch_the_clock() -> None:
    """Times are instants: two calls an hour apart by the clock of a changed night share nothing."""
    night = datetime(2026, 11, 1, 5, 30, tzinfo=UTC)
    first, second = elsewhere(1, night, 60), timed(2, night + timedelta(hours=1), 60)
    assert find_overlaps([first, second]) == ()


def test_cuts_add_up_over_several_gaps() -> None:
    """10:00-11:00 keyed last yields 10:20-10:30, then 10:10-10:50 around it, then 10:55-11:05."""
    mine = timed(9, at(10), 60)
    first = timed(1, at(10, 20), 10, performed_by=BEN)
    around = timed(2, at(10, 10), 40, performed_by=DR_CHO)
    end = timed(3, at(10, 55), 10, performed_by=8)
    found = count(entries(mine, end, around, first))
    assert [part.seconds for part in found.verdicts[0].excluded] == [600, 1800, 300]
    assert (found.verdicts[0].counted, found.counted) == (900, 65 * 60)


def test_an_uncounted_entry_does_not_stop_the_search_for_joint_time() -> None:
    """An administrative entry keyed first leaves the joint pair after it a pair."""
    admin = timed(1, at(9), 5, activity=Activity.ADMIN)
    found = count(entries(admin, timed(2, at(10), 10), timed(3, at(10), 10, performed_by=BEN)))
    assert reasons(found) == {"admin": 300, "joint": 600}


@pytest.mark.parametrize("seconds", [1, 86_400])
def test_the_shortest_and_the_longest_entry_hold_the_clock(seconds: int) -> None:
    """One second and a whole day overlap like any other time."""
    first = elsewhere(1, at(14), 1, seconds=seconds)
    assert [each.entry_id for each in find_overlaps([first, timed(2, at(14), 10)])] == [2]


def test_each_day_has_its_own_joint_time() -> None:
    """Joint talks on two days are cut on both."""
    pairs = [
        timed(n, at(10, day=day), 10, performed_by=who)
        for n, day, who in ((1, 3, ANA), (2, 3, BEN), (3, 4, ANA), (4, 4, BEN))
    ]
    assert reasons(count(entries(*pairs))) == {"joint": 1200}


def test_reasons_stand_in_one_order() -> None:
    """Whatever comes first in the month, reasons are listed alike."""
    start = an_entry(1, 5, activity=Activity.CRISIS)
    made = (start, an_entry(2, 5, activity=Activity.ADMIN), an_entry(3, 0), an_entry(4, 5, date(2026, 12, 1)))
    listed = [reason for reason, _ in count(entries(*made)).excluded]
    assert listed == [Exclusion.CORRUPT, Exclusion.OTHER_MONTH, Exclusion.ADMIN, Exclusion.CRISIS]
