"""Measures a log over signed HTTP, stored durably and answered, beside the same server only acknowledging."""

import sqlite3
import statistics
import tempfile
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter

from benchmarks.load import LoadFigures, requests, run
from benchmarks.servers import acknowledging, program

REQUESTS = 3000


async def main() -> None:
    """Print throughput at 32 connections, and the median at one."""
    texts = [f"log {1 + n % 9}m MRN{1000 + 37 * (n % 400)} phone check-in {n}" for n in range(2 * REQUESTS)]
    async with acknowledging() as floor, program() as running:
        one_floor, many_floor = await _both(floor.port, texts)
        one, many = await _both(running.port, texts)
    insert = durable_insert()
    print(f"acknowledge only, 32 connections {many_floor}")
    print(f"log,              32 connections {many}")
    print(f"   throughput ratio {many.rate / many_floor.rate:.2f} (reach 0.5, then 0.7)")
    print(f"acknowledge only,  1 connection  {one_floor}")
    print(f"log,               1 connection  {one}   durable insert {insert * 1e3:.2f} ms")
    print(f"   p50 ratio {one.p50 / (one_floor.p50 + insert):.2f} (at most 2.0, then 1.3)")


async def _both(port: int, texts: Sequence[str]) -> tuple[LoadFigures, LoadFigures]:
    made = requests(texts, port)
    await run(port, made[:200], 8)
    one = await run(port, made[200:1200], 1)
    return one, await run(port, made[1200:], 32)


def durable_insert() -> float:
    """Median seconds of one durable SQLite insert on this disk."""
    with tempfile.TemporaryDirectory() as folder:
        connection = sqlite3.connect(Path(folder) / "floor.db", isolation_level=None)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT)")
        took: list[float] = []
        for number in range(300):
            began = perf_counter()
            connection.execute("INSERT INTO t (b) VALUES (?)", (f"note {number}",))
            took.append(perf_counter() - began)
        connection.close()
    return statistics.median(took)
