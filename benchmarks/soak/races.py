"""A month is closed while two nodes write to it: what is frozen is what was attested, and everybody is told right."""

from collections.abc import Iterator
from contextlib import contextmanager

from benchmarks.soak.places import on_server, server
from benchmarks.soak.rounds import MOST_FAULTS
from benchmarks.soak.tally import KeptTally
from storage import Database
from tests.support.closing_race import Race, Verdict
from tests.support.postgres import PostgresServer

_WRITES, _PATIENTS, _MANY = 2_000, 400, 4_000
#: What whoever comes second to the same entry is told.
_TOLD = {"StaleVersion", "UnknownEntry", "CannotCorrect"}


def soak(tally: KeptTally, seed: int, budget: int) -> None:
    """So many writes, 2,000 beside each close; the first of a whole run is on 4,000 patients."""
    with server() as found:
        if found is None:
            tally.left_out.append("races: no PostgreSQL here, and SQLite has one writer")
            return
        number = 0
        while tally.tried < budget and tally.faults <= MOST_FAULTS:
            writes = min(_WRITES, budget - tally.tried)
            is_large = number == 0 and seed % 2 == 0 and writes == _WRITES
            patients = _MANY if is_large else min(_PATIENTS, max(20, writes // 5))
            with (
                _race(found, patients, seed * 101 + number) as race,
                tally.trying(f"race {seed * 101 + number}"),
            ):
                verdict = race.run(writes, as_seen=number % 4 == 1)
                _count(tally, verdict)
            tally.tried += writes - 1
            number += 1
            tally.keep()


@contextmanager
def _race(found: PostgresServer, patients: int, seed: int) -> Iterator[Race]:
    url = on_server(found)
    first, second = Database.open(url), Database.open(url)
    try:
        yield Race(first, second, patients=patients, seed=seed)
    finally:
        first.close()
        second.close()
        found.drop_database(url.rpartition("/")[2].partition("?")[0])


def _count(tally: KeptTally, verdict: Verdict) -> None:
    for unseen in verdict.unseen:
        tally.wrong("lost", unseen)
    if not verdict.figures_hold:
        tally.wrong("faults", "the figures attested are not those of the frozen lines")
    refused = {kind.partition(": ")[2] for kind in verdict.writes if ":" in kind}
    if refused - _TOLD:
        tally.wrong("faults", f"refused with {refused - _TOLD}")
    tally.met.update(verdict.writes)
    tally.met["before the close"] += verdict.before
    tally.met["after the close"] += verdict.after
    tally.met["longest wait, ms"] = max(tally.met["longest wait, ms"], round(verdict.longest_wait * 1e3))
    tally.met["longest freeze, ms"] = max(
        tally.met["longest freeze, ms"], round(verdict.freeze_seconds * 1e3)
    )
