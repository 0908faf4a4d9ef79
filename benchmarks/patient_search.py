"""Measures the menu of patients over signed HTTP while people type, on a practice of 50,000 patients.

    python -m benchmarks.patient_search [--postgresql]

Each request is one that Slack makes as somebody opens the menu or types a letter; what is printed is the time from its
first byte to the answer's last, by what was typed, and how many bytes were sent back.
"""

import argparse
import asyncio
import contextlib
import json
import statistics
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from time import perf_counter
from urllib.parse import urlencode

import httpx
from slack_sdk.signature import Clock

from benchmarks import caseloads
from benchmarks.load import SECRET
from benchmarks.servers import program
from storage import Database
from tests.support.postgres import running_server
from tests.support.slack import sign

REQUESTS = 400
#: People who type at the same time.
TOGETHER = 4
_LETTERS = "23456789ABCDEFGH"
#: What is typed, by what it is.
_KINDS: dict[str, Callable[[Random], str]] = {
    "nothing yet": lambda _: "",
    "one figure": lambda chance: str(chance.randint(0, 4)),
    "a beginning": lambda chance: f"{chance.randint(0, 499):04}",
    "an MRN": lambda chance: f"MRN{chance.randint(0, 49_999):06}",
    "the middle of one": lambda chance: f"{chance.randint(100, 999)}",
    "a handle's beginning": lambda chance: f"P-{chance.choice(_LETTERS)}{chance.choice(_LETTERS)}",
    "nobody's MRN": lambda chance: f"{chance.randint(700_000, 999_999)}",
}


async def main(url: str) -> None:
    """Print the times by what was typed, one at a time and several together."""
    database = Database.open(url)
    caseloads.found(database)
    database.close()
    async with program(url) as running, httpx.AsyncClient(timeout=30) as client:
        await _ask(client, running.port, [""] * 20, 1)
        for together in (1, TOGETHER):
            everything: list[float] = []
            for name, typed in _KINDS.items():
                chance = Random(7)
                took, size = await _ask(
                    client, running.port, [typed(chance) for _ in range(REQUESTS)], together
                )
                everything += took
                print(f"{together} at a time, {name:22} {_figures(took)}   {size / 1e3:.1f} kB")
            print(f"{together} at a time, {'all':22} {_figures(everything)}   (p99 at most 300 ms)")


async def _ask(
    client: httpx.AsyncClient, port: int, texts: list[str], together: int
) -> tuple[list[float], float]:
    """Seconds of each request, and the mean length of an answer."""
    waiting, took, sizes = list(enumerate(texts)), [], []

    async def type_on() -> None:
        while waiting:
            number, typed = waiting.pop()
            body = _body(number, typed)
            headers = {"content-type": "application/x-www-form-urlencoded", **_signed(body)}
            began = perf_counter()
            answer = await client.post(f"http://127.0.0.1:{port}/slack/events", content=body, headers=headers)
            took.append(perf_counter() - began)
            assert answer.status_code == httpx.codes.OK
            assert "option" in answer.text
            sizes.append(len(answer.content))

    await asyncio.gather(*(type_on() for _ in range(together)))
    return took, statistics.mean(sizes)


def _body(number: int, typed: str) -> str:
    user = f"U{number % 20:04}"
    return urlencode(
        {
            "payload": json.dumps(
                {
                    "type": "block_suggestion",
                    "team": {"id": "T0CLINIC", "domain": "clinic"},
                    "user": {"id": user, "name": user.lower(), "team_id": "T0CLINIC"},
                    "container": {"type": "view", "view_id": f"V{number}"},
                    "action_id": "patient",
                    "block_id": "patient",
                    "value": typed,
                }
            )
        }
    )


def _signed(body: str) -> dict[str, str]:
    # Of all programs here, this one may not read the clock but through what Slack's own library reads it with.
    return sign(body, SECRET, Clock().now())


def _figures(took: list[float]) -> str:
    ranked = sorted(took)
    p99 = ranked[min(len(ranked) - 1, round(0.99 * len(ranked)))]
    return f"p50 {statistics.median(ranked) * 1e3:6.1f} ms   p99 {p99 * 1e3:6.1f} ms   most {ranked[-1] * 1e3:6.1f} ms"


@contextlib.contextmanager
def _new_database(*, on_postgresql: bool) -> Iterator[str]:
    """The URL of an empty database that goes afterwards."""
    if on_postgresql:
        with running_server() as server:
            yield server.url_of(server.create_database())
            server.drop_all()
        return
    with tempfile.TemporaryDirectory() as folder:
        yield f"sqlite:///{Path(folder) / 'search.db'}"


if __name__ == "__main__":
    options = argparse.ArgumentParser()
    options.add_argument("--postgresql", action="store_true")
    with _new_database(on_postgresql=options.parse_args().postgresql) as new:
        asyncio.run(main(new))
