"""To which episodes a day belongs."""

from datetime import date

from billing.episodes import Episode, holding_on, in_order

MARCH, MAY, JULY = date(2026, 3, 2), date(2026, 5, 4), date(2026, 7, 6)


def episode(number: int, began: date, ended: date | None = None) -> Episode:
    return Episode(episode_id=number, patient_id=1, enrolled_on=began, discharged_on=ended)


def numbers(day: date, *episodes: Episode) -> list[int]:
    return [one.episode_id for one in holding_on(day, in_order(episodes))]


def test_a_day_belongs_to_the_newest_episode_begun() -> None:
    """Before the first, to the first; after a discharge, still to the one that ended, until the next begins."""
    all_of_them = episode(3, JULY), episode(1, MARCH, date(2026, 4, 1)), episode(2, MAY)
    assert numbers(date(2026, 1, 1), *all_of_them) == [1]
    assert numbers(MARCH, *all_of_them) == [1]
    assert numbers(date(2026, 5, 3), *all_of_them) == [1]
    assert numbers(MAY, *all_of_them) == [2]
    assert numbers(date(2026, 8, 1), *all_of_them) == [3]


def test_the_day_of_a_change_belongs_to_both() -> None:
    """Where the one before ends on that day or was to last longer; not where it ended, or was left open."""
    newer, later = episode(2, MAY), episode(3, JULY)
    assert numbers(MAY, episode(1, MARCH, MAY), newer, later) == [1, 2]
    assert numbers(MAY, episode(1, MARCH, JULY), newer) == [1, 2]
    assert numbers(MAY, episode(1, MARCH, date(2026, 5, 3)), newer) == [2]
    assert numbers(MAY, episode(1, MARCH), newer) == [2]
    assert numbers(date(2026, 5, 5), episode(1, MARCH, JULY), newer) == [2]
    assert numbers(MARCH, episode(1, MARCH, MARCH)) == [1]


def test_episodes_of_one_day_stand_in_the_order_of_their_numbers() -> None:
    """Two begun on one day: the second is the newer."""
    both = episode(8, MAY), episode(7, MAY, JULY)
    assert [one.episode_id for one in in_order(both)] == [7, 8]
    assert numbers(MAY, *both) == [7, 8]
