"""Settings: what is understood, and one plain sentence for what is not."""

from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from cocm.errors import EnvironmentFault
from cocm.settings import load


@pytest.fixture(autouse=True)
def _no_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A folder without a `.env`."""
    monkeypatch.chdir(tmp_path)


def test_what_is_set_reaches_the_practice(monkeypatch: pytest.MonkeyPatch) -> None:
    """Days off, administrators and the zone are read as lists and names."""
    monkeypatch.setenv("COCM_DAYS_OFF", "2026-11-27, 2026-12-24,")
    monkeypatch.setenv("COCM_ADMINS", "U0SAM,U0BEA")
    monkeypatch.setenv("COCM_TIMEZONE", "America/Chicago")
    practice = load().practice()
    assert practice.rules.days_off == {date(2026, 11, 27), date(2026, 12, 24)}
    assert practice.admins == {"U0SAM", "U0BEA"}
    assert practice.zone == ZoneInfo("America/Chicago")


def test_a_file_beside_it_is_read(tmp_path: Path) -> None:
    """`.env` serves as well as the environment."""
    (tmp_path / ".env").write_text("COCM_DAYS_OFF=2026-11-27\n", encoding="utf-8")
    assert load().practice().rules.days_off == {date(2026, 11, 27)}


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("COCM_DAYS_OFF", "11/27", "COCM_DAYS_OFF: '11/27' is not a list of dates; write it like 2026-11-27"),
        (
            "COCM_TIMEZONE",
            "Boston",
            "COCM_TIMEZONE: 'Boston' is not a time zone; write it like America/New_York",
        ),
        ("COCM_MRN_PATTERN", "(", "COCM_MRN_PATTERN: not a regular expression"),
        ("COCM_NEAR_MINUTES", "soon", "COCM_NEAR_MINUTES: "),
    ],
)
def test_what_cannot_be_understood_is_named(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    """The setting, why, and how it is written."""
    monkeypatch.setenv(name, value)
    with pytest.raises(EnvironmentFault) as refused:
        load()
    assert said in str(refused.value)
    assert "Correct it in the environment or .env." in str(refused.value)
