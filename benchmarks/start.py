"""Measures the time from the command to the first page served, and the memory the program then holds."""

import asyncio
from time import perf_counter

from benchmarks.servers import program


async def main() -> None:
    """Print the seconds from start to port open."""
    began = perf_counter()
    async with program():
        print(
            f"start to serving {perf_counter() - began:.2f} s (at most 1.5; with a database made on the way)"
        )
        await asyncio.sleep(0)
