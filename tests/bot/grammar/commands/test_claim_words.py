"""What is said of a claim beside an enrollment, where the table of examples cannot show it."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bot.grammar import ParseContext, parse
from bot.grammar.call.line import CareArguments
from services.care.requests import Enroll

CONTEXT = ParseContext(now=datetime.fromisoformat("2026-11-18T20:30:00Z"), zone=ZoneInfo("America/New_York"))


@pytest.mark.parametrize(
    ("words", "apcm"),
    [("apcm yes", True), ("apcm no", False), ("in APCM: yes", True), ("apcm = n", False), ("pos 11", None)],
)
def test_apcm_is_yes_no_or_not_said(words: str, *, apcm: bool | None) -> None:
    """A patient who left APCM is not one of whom nothing is known."""
    found = parse(f"enroll MRN123 {words}", CONTEXT).arguments
    assert isinstance(found, CareArguments)
    assert isinstance(found.request, Enroll)
    assert found.request.apcm is apcm
