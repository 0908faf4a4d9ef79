"""Fees by `cocm import fees`: one rate for each code, place and day, and a word about those that nothing asks for."""

import pytest

from storage import Database
from tests.support.files import load, loaded
from tests.support.practice import TryPractice

HEADER = "schedule,code,from,to,usd,place,qualifying_apm\n"


@pytest.fixture
def practice(database: Database) -> TryPractice:
    return TryPractice(database)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (
            "Oak,99493,2026-01-01,,100,,\noak,99493,2026-01-01,,120,,\n",
            (3, "99493 is on line 2 already, from the same day. Keep one of the two."),
        ),
        (
            "Oak,99493,2026-06-30,,120,,\nOak,99493,2026-01-01,2026-06-30,100,,\n",
            (
                2,
                "99493 is on line 3 up to 2026-06-30. Begin this row the day after, or end that one before.",
            ),
        ),
    ],
)
def test_two_rates_for_one_day_are_refused(practice: TryPractice, rows: str, said: tuple[int, str]) -> None:
    """Which of them came first would have decided the estimate in silence."""
    told = load(practice, "fees", (HEADER + rows).encode())
    assert [(one.line, one.column, one.message) for one in told.problems] == [(said[0], "from", said[1])]
    assert practice.see(lambda context: context.uow.fee_schedules.all()) == ()


def test_a_newer_rate_another_place_and_another_factor_are_rates_of_their_own(practice: TryPractice) -> None:
    """An open one ends where the next begins; a schedule is one under each spelling."""
    rows = (
        "Oak,99493,2026-01-01,,100,,\nOAK,99493,2026-07-01,,110,,\nOak,99493,2026-01-01,,80,facility,\n"
        "Oak,99493,2026-01-01,2026-03-31,81,facility,yes\nOak,99493,2026-04-01,,82,facility,yes\n"
    )
    told = loaded(practice, "fees", (HEADER + rows).encode())
    assert (told.added, told.remarks) == (1, ())
    (schedule,) = practice.see(lambda context: context.uow.fee_schedules.all())
    assert (schedule.name, len(schedule.rates)) == ("Oak", 5)


def test_rates_that_nothing_asks_for_are_named(practice: TryPractice) -> None:
    """A slip in a code would leave its lines without an amount."""
    rows = "Oak,99439,2026-01-01,,100,,\nOak,G0512,2026-01-01,,100,,\nOak,G0569,2026-01-01,,100,,\n"
    told = loaded(practice, "fees", (HEADER + rows).encode())
    assert told.remarks == ("Nothing is billed here as 99439, so these rates stay unused.",)


def test_a_file_replaces_a_schedule_and_names_the_rates_that_go(practice: TryPractice) -> None:
    """The rates for facilities imported after the others would take those away in silence."""
    head = "schedule,code,from,usd,place\n"
    first = loaded(practice, "fees", f"{head}Oak,99492,2026-01-01,158.20,Non-Facility\n".encode())
    assert first.news == ("New fee schedules (1): Oak (1 rate).",)
    told = load(practice, "fees", f"{head}oak,99492,2026-01-01,112.40,Facility\n".encode())
    said = "A file replaces a whole schedule. On file and not in this file, so no longer in force"
    assert told.news == (f"{said}: oak: 99492 nonfacility from 2026-01-01.",)
    both = f"{head}Oak,99492,2026-01-01,159,nonfacility\nOak,99492,2026-01-01,112.40,facility\n"
    assert load(practice, "fees", both.encode()).news == ()
