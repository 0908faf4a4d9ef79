"""What is turned away is counted, and said once a minute."""

import asyncio

import pytest
from structlog.testing import capture_logs

from bot.tally import QUIET_SECONDS, Tally


async def test_a_flood_is_two_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first at once; the others, by reason, when the minute is over; a quiet minute says nothing."""
    due = []
    loop = asyncio.get_running_loop()
    monkeypatch.setattr(loop, "call_later", lambda seconds, say: due.append((seconds, say)))
    with capture_logs() as lines:
        tally = Tally("requests refused")
        tally.note("bad signature")
        for _ in range(5_000):
            tally._due = tally._due or object()
            tally.note("bad signature")
            tally.note("too large")
        (seconds, say) = due.pop()
        say()
        (_, say) = due.pop()
        say()
    assert seconds == QUIET_SECONDS
    assert [line["times"] for line in lines] == [1, 10_000]
    assert lines[1]["reasons"] == {"bad signature": 5_000, "too large": 5_000}
    assert due == []
