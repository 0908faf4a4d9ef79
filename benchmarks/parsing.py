"""Measures how long reading a person's words takes."""

import statistics
from datetime import UTC, datetime
from time import perf_counter
from zoneinfo import ZoneInfo

from bot.grammar import ParseContext, parse

PHRASES = (
    "log 15m MRN123 phone check-in",
    "20 min mrn 0042 chart review yesterday",
    "2-2:25pm MRN123 video visit, PHQ-9 from 10/21",
    "MRN123 1h30 care coordination on 11/3",
)


def main() -> None:
    """Print the first parse of the process and the median of a common phrase."""
    context = ParseContext(now=datetime(2026, 11, 18, 15, tzinfo=UTC), zone=ZoneInfo("America/New_York"))
    began = perf_counter()
    parse(PHRASES[0], context)
    print(f"first parse {(perf_counter() - began) * 1e3:.2f} ms (at most 5)")
    for phrase in PHRASES:
        took = []
        for _ in range(2000):
            began = perf_counter()
            parse(phrase, context)
            took.append(perf_counter() - began)
        print(f"{statistics.median(took) * 1e6:6.1f} us (at most 30)  {phrase}")
