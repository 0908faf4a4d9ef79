"""One person, two patients: time at which somebody was elsewhere counts for one entry alone."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from billing.counting import Excluded, Exclusion
from billing.entries import TimeEntry
from billing.overlaps import clock, find_overlaps
from tests.support.counting import DAY, at, count, entries, reasons, timed
from tests.support.months import ANA, BEN, an_entry


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


@pytest.mark.parametrize("seconds", [1, 86_400])
def test_the_shortest_and_the_longest_entry_hold_the_clock(seconds: int) -> None:
    """One second and a whole day overlap like any other time."""
    first = elsewhere(1, at(14), 1, seconds=seconds)
    assert [each.entry_id for each in find_overlaps([first, timed(2, at(14), 10)])] == [2]


def stretches(*made: TimeEntry) -> list[tuple[int, int, datetime, datetime]]:
    """Each overlap as its entry, the one that keeps the time, and from when to when."""
    found = find_overlaps(made)
    return [(one.entry_id, one.kept_by, one.started_at, one.ended_at) for one in found]


def test_a_long_time_holds_on_to_those_inside_it_and_later_ones_are_looked_at_apart() -> None:
    """10:00-12:00 for one patient takes two short calls for another; at 14:00 the next two meet."""
    long, first, second = elsewhere(1, at(10), 120), timed(2, at(10, 10), 10), timed(3, at(11), 10)
    later = (elsewhere(4, at(14), 10), timed(5, at(14, 5), 10))
    assert stretches(*later, second, long, first) == [
        (2, 1, at(10, 10), at(10, 20)),
        (3, 1, at(11), at(11, 10)),
        (5, 4, at(14, 5), at(14, 10)),
    ]


def test_a_stretch_goes_on_as_long_as_one_entry_keeps_it() -> None:
    """Another entry of the same patient inside the one first written changes nothing."""
    first, inside = elsewhere(1, at(10), 30), elsewhere(2, at(10, 10), 10)
    assert stretches(first, inside, timed(3, at(10), 60)) == [(3, 1, at(10), at(10, 30))]


def test_each_stretch_is_kept_by_the_entry_first_written_in_it() -> None:
    """The first keeps ten minutes amid the second's hour: the third loses three stretches, the second one."""
    first, second = elsewhere(1, at(10, 10), 10, patient_id=3), elsewhere(2, at(10), 60)
    assert stretches(first, second, timed(3, at(10), 60)) == [
        (2, 1, at(10, 10), at(10, 20)),
        (3, 2, at(10), at(10, 10)),
        (3, 1, at(10, 10), at(10, 20)),
        (3, 2, at(10, 20), at(11)),
    ]


def test_a_second_entry_of_the_first_patient_keeps_its_time() -> None:
    """Ana was with the first patient in Ben's talk, then writes another and her own: the own one is no overlap."""
    joint = elsewhere(1, at(14), 30, performed_by=BEN, participants=(ANA,))
    other, own = timed(2, at(14), 30, patient_id=3), elsewhere(3, at(14), 30)
    assert stretches(joint, other, own) == [(2, 1, at(14), at(14, 30))]


def test_an_entry_without_a_length_or_a_start_is_nowhere() -> None:
    """It holds no clock time."""
    assert clock(timed(1, at(14), 0)) is None
    assert clock(an_entry(1, 10)) is None
    assert clock(timed(1, at(14), 1)) == (at(14), at(14, 1))
