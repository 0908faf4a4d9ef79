"""The demo's clock: ahead of the machine's, never behind what was stored by it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from cocm.demo_clock import DemoClock, SandboxClock
from cocm.tick import StandingClock

SATURDAY = datetime(2026, 11, 28, 15, tzinfo=UTC)
MONDAY = datetime(2026, 11, 30, 13, 30, tzinfo=UTC)


def test_it_goes_ahead_and_remembers(tmp_path: Path) -> None:
    """The next demo in the folder begins as far ahead; the local Slack shows the same."""
    file = tmp_path / "clock"
    clock = DemoClock(file, StandingClock(SATURDAY))
    assert clock.now() == SATURDAY
    clock.move_to(MONDAY)
    assert clock.now() == MONDAY
    later = DemoClock(file, StandingClock(SATURDAY + timedelta(hours=1)))
    assert later.now() == MONDAY + timedelta(hours=1)
    assert SandboxClock(clock).now() == MONDAY.timestamp()


def test_it_never_goes_back(tmp_path: Path) -> None:
    """What was logged would lie in the future."""
    clock = DemoClock(tmp_path / "clock", StandingClock(SATURDAY))
    clock.move_to(MONDAY)
    clock.move_to(SATURDAY)
    assert clock.now() == MONDAY


def test_a_file_cut_off_in_the_middle_begins_at_the_present(tmp_path: Path) -> None:
    """A demo killed while writing starts all the same."""
    file = tmp_path / "clock"
    file.write_text("", encoding="utf-8")
    assert DemoClock(file, StandingClock(SATURDAY)).now() == SATURDAY
