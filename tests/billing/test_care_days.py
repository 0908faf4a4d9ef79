"""Days on which time keeps an episode alive."""

from dataclasses import replace
from datetime import date

import pytest

from billing.care_days import CareDays, last_before_episodes
from billing.clinical import Admission
from billing.episodes import Consent, Episode, Program
from tests.support.months import an_episode

CONSENT = Consent(given_on=date(2026, 3, 2))
FIRST = an_episode(
    enrolled_on=date(2026, 3, 1),
    initial_assessment_on=date(2026, 3, 1),
    consent=CONSENT,
    discharged_on=date(2026, 5, 10),
)
GENERAL = an_episode(
    episode_id=2,
    program=Program.BHI,
    enrolled_on=date(2026, 5, 20),
    initial_assessment_on=None,
    consent=None,
    discharged_on=date(2026, 7, 31),
)
AGAIN = an_episode(episode_id=3, enrolled_on=date(2026, 8, 10), initial_assessment_on=None, consent=None)
ALL = (AGAIN, FIRST, GENERAL)


def stay(first: date, left: date | None) -> Admission:
    return Admission(admission_id=1, patient_id=1, admitted_on=first, left_on=left)


@pytest.mark.parametrize(
    ("day", "held"),
    [
        (date(2026, 3, 1), False),
        (date(2026, 3, 2), True),
        (date(2026, 5, 10), True),
        (date(2026, 5, 11), False),
        (date(2026, 5, 20), False),
        (date(2026, 8, 9), False),
        (date(2026, 8, 10), True),
        (date(2027, 1, 1), True),
    ],
)
def test_a_day_in_a_cocm_episode_under_consent_is_care(day: date, *, held: bool) -> None:
    """From consent to discharge, and in no General BHI; without a consent on file from the first day on."""
    assert CareDays.of(ALL).holds(day) is held


def test_nobody_without_an_episode_is_in_care() -> None:
    """Not enrolled, or in General BHI alone: no day."""
    assert not CareDays.of(()).holds(date(2026, 5, 1))
    assert not CareDays.of((GENERAL,)).holds(date(2026, 6, 1))
    assert CareDays.of(()).last_until(date(2026, 5, 1)) is None


def test_a_stay_is_no_care() -> None:
    """The day of admission is not, the day of leaving is."""
    days = CareDays.of((FIRST,), (stay(date(2026, 4, 6), date(2026, 4, 8)),))
    found = [days.holds(date(2026, 4, day)) for day in (5, 6, 7, 8)]
    assert found == [True, False, False, True]


@pytest.mark.parametrize(
    ("day", "last"),
    [
        (date(2026, 2, 28), None),
        (date(2026, 4, 1), date(2026, 4, 1)),
        (date(2026, 5, 15), date(2026, 5, 10)),
        (date(2026, 8, 9), date(2026, 5, 10)),
        (date(2026, 8, 10), date(2026, 8, 10)),
    ],
)
def test_the_last_day_in_care_up_to_a_day(day: date, last: date | None) -> None:
    """Itself, or the last one before it on which anything that is care ended."""
    assert CareDays.of(ALL).last_until(day) == last


def test_care_ends_with_consent_a_stay_or_another_program() -> None:
    """The day consent was revoked, the day before an admission, the day before another program began."""
    revoked = replace(FIRST, consent=replace(CONSENT, revoked_on=date(2026, 4, 10)))
    assert CareDays.of((revoked,)).last_until(date(2026, 4, 20)) == date(2026, 4, 10)
    earlier = replace(FIRST, consent=None, earlier_consents=(replace(CONSENT, revoked_on=date(2026, 4, 9)),))
    assert CareDays.of((earlier,)).last_until(date(2026, 4, 20)) == date(2026, 4, 9)
    in_facility = CareDays.of((FIRST,), (stay(date(2026, 4, 6), None),))
    assert in_facility.last_until(date(2026, 5, 1)) == date(2026, 4, 5)
    left_open: tuple[Episode, ...] = (replace(FIRST, discharged_on=None), GENERAL)
    assert CareDays.of(left_open).last_until(date(2026, 6, 1)) == date(2026, 5, 19)
    on_the_day = (replace(FIRST, discharged_on=date(2026, 5, 25)), GENERAL)
    assert CareDays.of(on_the_day).last_until(date(2026, 6, 1)) == date(2026, 5, 20)
    dateless = Episode(episode_id=1, patient_id=1, discharged_on=date(2026, 5, 1))
    assert CareDays.of((dateless,)).last_until(date(2026, 6, 1)) == date(2026, 5, 1)


def test_the_last_care_before_a_new_episode_is_that_of_the_month_in_which_it_begins() -> None:
    """Not that of earlier months, nor of the day itself; General BHI and a first episode ask for none."""
    days = [date(2026, 8, day) for day in (12, 9, 3, 10)]
    assert last_before_episodes(ALL, days) == (date(2026, 8, 9),)
    assert last_before_episodes(ALL, [date(2026, 8, 1)]) == (date(2026, 8, 1),)
    assert last_before_episodes(ALL, [date(2026, 7, 31), date(2026, 8, 10)]) == ()
    assert last_before_episodes((FIRST, GENERAL), [date(2026, 5, 12)]) == ()
    assert last_before_episodes((AGAIN,), days) == ()
    twice = (*ALL, replace(AGAIN, episode_id=4, enrolled_on=date(2026, 8, 20)))
    assert last_before_episodes(twice, days) == (date(2026, 8, 9), date(2026, 8, 12))
