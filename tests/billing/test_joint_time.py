"""Time that several people share counts once, kept by the entry that was first keyed."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from billing.activities import Activity
from billing.counting import Excluded, Exclusion
from billing.entries import TimeEntry
from billing.overlaps import find_overlaps
from billing.people import Role
from billing.rules import ConsultantMinutes
from billing.sharing import _subtract
from tests.support.counting import DAY, at, count, entries, reasons, timed
from tests.support.months import ANA, BEN, DR_CHO, an_entry


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
    assert found.verdicts[0].excluded == (Excluded(Exclusion.OVERLAP, 1200, kept_by=2),)
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


def test_a_clock_time_and_a_joint_name_pair() -> None:
    """Each names the other, and only Ana gave the time of day: it is one talk, and the longer of the two counts."""
    ana = timed(1, at(10), 10, participants=(BEN,))
    ben = an_entry(2, 15, DAY, performed_by=BEN, participants=(ANA,))
    found = count(entries(ana, ben))
    assert (found.counted, reasons(found)) == (900, {"joint": 600})
    assert found.verdicts[1].excluded == (Excluded(Exclusion.JOINT, 600, kept_by=1),)


def test_two_clock_times_speak_for_themselves() -> None:
    """Each names the other, at ten and at two: two talks."""
    ana = timed(1, at(10), 10, participants=(BEN,))
    ben = timed(2, at(14), 10, performed_by=BEN, participants=(ANA,))
    assert count(entries(ana, ben)).excluded == ()


def test_joint_time_never_counts_zero_times() -> None:
    """Ana's half hour of B is A's, where she wrote it first: the consultant's own half hour counts for B."""
    mine = {"patient_id": 2}
    cho = timed(1, at(10), 30, performed_by=DR_CHO, role=Role.CONSULTANT, **mine)
    of_a, of_b = timed(2, at(10), 30), timed(3, at(10), 30, **mine)
    found = count(entries(cho, of_b, overlaps=find_overlaps([cho, of_a, of_b])))
    assert (found.care_manager, found.consultant, reasons(found)) == (0, 1800, {"overlap": 1800})


def test_the_consultant_keeps_what_the_care_manager_lost_elsewhere() -> None:
    """Ana was with another patient from 10:00 to 10:10: of the half hour with Dr. Cho each counts a part."""
    elsewhere, ana = timed(1, at(10), 10, patient_id=2), timed(2, at(10), 30)
    cho = timed(3, at(10), 30, performed_by=DR_CHO, role=Role.CONSULTANT)
    found = count(entries(ana, cho, overlaps=find_overlaps([elsewhere, ana, cho])))
    assert (found.care_manager, found.consultant) == (1200, 600)
    assert reasons(found) == {"joint": 1200, "overlap": 600}


def test_an_entry_that_yields_takes_no_time_from_a_third() -> None:
    """Ana's call lies in her own session, which does not count: Ben, who was there too, keeps his ten minutes."""
    session = timed(1, at(10), 10, activity=Activity.PSYCHOTHERAPY)
    ana, ben = timed(2, at(10), 10), timed(3, at(10), 10, performed_by=BEN)
    found = count(entries(session, ana, ben))
    assert (found.counted, reasons(found)) == (600, {"psychotherapy": 600, "overlap": 600})
    assert found.verdicts[2].counted == 600


def test_somebody_elses_session_takes_no_time() -> None:
    """Ben's session beside Ana's call leaves her call whole."""
    session = timed(1, at(10), 30, performed_by=BEN, activity=Activity.PSYCHOTHERAPY)
    assert count(entries(session, timed(2, at(10), 10))).counted == 600


def test_joint_time_across_midnight_counts_once() -> None:
    """It is Wednesday for one and still Tuesday for the other: the same ten minutes count once."""
    ana = timed(1, at(5, day=4), 10)
    ben = timed(2, at(5, day=4), 10, performed_by=BEN)
    found = count(entries(ana, replace(ben, service_date=DAY)))
    assert (found.counted, reasons(found)) == (600, {"joint": 600})


def test_times_linked_by_a_third_are_looked_at_together() -> None:
    """10:00-10:40, 10:30-11:00 and 10:50-11:10 are seventy minutes, whoever wrote first."""
    links = (
        timed(3, at(10), 40),
        timed(2, at(10, 30), 30, performed_by=BEN),
        timed(1, at(10, 50), 20, performed_by=9),
    )
    found = count(entries(*links))
    assert (found.counted, reasons(found)) == (70 * 60, {"joint": 1200})


def test_a_long_time_holds_on_to_those_inside_it() -> None:
    """10:00-12:00 reaches over 10:10-10:20 to 11:00-11:10: both short ones are joint time."""
    short = [
        timed(n, at(hour, minute), 10, performed_by=BEN) for n, hour, minute in ((2, 10, 10), (3, 11, 0))
    ]
    found = count(entries(timed(1, at(10), 120), *short))
    assert (found.counted, reasons(found)) == (7200, {"joint": 1200})


def three(*minutes: float) -> list[TimeEntry]:
    """One talk of three people, each of whom names the two others, with the lengths that they wrote down."""
    team = (ANA, BEN, 9)
    return [
        an_entry(n, length, DAY, performed_by=who, participants=tuple(one for one in team if one != who))
        for n, length, who in zip((1, 2, 3), minutes, team, strict=True)
    ]


@pytest.mark.parametrize("minutes", [(30, 10, 30), (10, 30, 30), (30, 30, 10), (10, 20, 30), (30, 30, 30)])
def test_of_a_talk_of_three_the_longest_time_counts(minutes: tuple[float, ...]) -> None:
    """Without clock times the longest counts once, in whichever order they were written."""
    found = count(entries(*three(*minutes)))
    assert found.counted == 1800
    kept_by = {part.kept_by for verdict in found.verdicts for part in verdict.excluded}
    assert kept_by == {1}


def test_the_same_talk_is_not_written_twice_at_two_times_of_day() -> None:
    """Ana's twenty minutes with Ben at ten, and at two by Ben's own writing: both count."""
    ana = timed(1, at(10), 20, participants=(BEN,))
    ben = timed(2, at(14), 20, participants=(BEN,), recorded_by=BEN)
    assert count(entries(ana, ben)).excluded == ()


def test_who_names_one_of_a_talk_belongs_to_it() -> None:
    """Ana names both others, and each of them names her alone: one talk."""
    ana = an_entry(1, 20, DAY, participants=(BEN, 9))
    others = [an_entry(n, 20, DAY, performed_by=who, participants=(ANA,)) for n, who in ((2, BEN), (3, 9))]
    assert count(entries(ana, *others)).counted == 1200


def test_talks_of_one_pair_are_told_apart_by_their_length() -> None:
    """Ana writes ten and thirty minutes with Ben, he thirty and ten: forty minutes."""
    ana = [an_entry(n, length, DAY, participants=(BEN,)) for n, length in ((1, 10), (2, 30))]
    ben = [
        an_entry(n, length, DAY, performed_by=BEN, participants=(ANA,)) for n, length in ((3, 30), (4, 10))
    ]
    found = count(entries(*ana, *ben))
    assert (found.counted, reasons(found)) == (2400, {"joint": 2400})


def test_a_name_takes_no_time_that_was_lost_elsewhere() -> None:
    """Ana's half hour is another patient's: Dr. Cho, who names her and is named, keeps hers."""
    elsewhere, ana = timed(1, at(10), 30, patient_id=2), timed(2, at(10), 30, participants=(DR_CHO,))
    cho = an_entry(3, 30, DAY, performed_by=DR_CHO, role=Role.CONSULTANT, participants=(ANA,))
    found = count(entries(ana, cho, overlaps=find_overlaps([elsewhere, ana])))
    assert (found.care_manager, found.consultant) == (0, 1800)


def test_a_talk_by_clock_and_by_name_counts_once() -> None:
    """Ana and Ben by the clock, Dr. Cho by naming Ben alone: thirty minutes."""
    ana, ben = timed(1, at(10), 30), timed(2, at(10), 30, performed_by=BEN, participants=(DR_CHO,))
    cho = an_entry(3, 30, DAY, performed_by=DR_CHO, role=Role.CONSULTANT, participants=(BEN,))
    found = count(entries(ana, ben, cho))
    assert (found.counted, reasons(found)) == (1800, {"joint": 3600})


def test_what_is_joint_by_the_clock_already_yields_no_more_by_name() -> None:
    """Twenty of Dr. Cho's thirty minutes are joint with Ben by the clock, and all of them by name with Ana."""
    ben = timed(1, at(10), 20, performed_by=BEN)
    ana = an_entry(2, 30, DAY, participants=(DR_CHO,))
    cho = timed(3, at(10), 30, performed_by=DR_CHO, role=Role.CONSULTANT, participants=(ANA,))
    found = count(entries(ben, ana, cho))
    assert found.verdicts[2].counted == 0
    assert [part.seconds for part in found.verdicts[2].excluded] == [1200, 600]


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


def test_each_day_has_its_own_joint_time() -> None:
    """Joint talks on two days are cut on both."""
    pairs = [
        timed(n, at(10, day=day), 10, performed_by=who)
        for n, day, who in ((1, 3, ANA), (2, 3, BEN), (3, 4, ANA), (4, 4, BEN))
    ]
    assert reasons(count(entries(*pairs))) == {"joint": 1200}


def test_one_span_is_taken_out_of_several() -> None:
    """What it only touches stays whole, what it covers goes; the seconds that went are added up."""
    free = [(at(9), at(10)), (at(11), at(12)), (at(13), at(14)), (at(15), at(16))]
    left, gone = _subtract(free, (at(9, 30), at(13, 20)))
    assert left == [(at(9), at(9, 30)), (at(13, 20), at(14)), (at(15), at(16))]
    assert gone == (30 + 60 + 20) * 60
    assert _subtract(free[:1], (at(10), at(11))) == (free[:1], 0)
