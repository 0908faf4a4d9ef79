"""A month is closed while two nodes write to it: what is frozen is what was attested, and everybody is told right."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from storage import Database
from tests.support.closing_race import Race, Verdict


@contextmanager
def race(url: str, *, patients: int, seed: int) -> Iterator[Race]:
    """Two nodes on one database."""
    first, second = Database.open(url), Database.open(url)
    try:
        yield Race(first, second, patients=patients, seed=seed)
    finally:
        first.close()
        second.close()


def check(verdict: Verdict) -> None:
    """Nothing frozen unseen, nobody untold; some wrote before the close and some after it."""
    assert verdict.unseen == []
    assert verdict.figures_hold
    assert verdict.before
    # Two changed the same entry; whoever came second was told.
    refused = {kind.partition(": ")[2] for kind in verdict.writes if ":" in kind}
    assert refused <= {"StaleVersion", "UnknownEntry", "CannotCorrect"}


@pytest.mark.postgres
@pytest.mark.parametrize("as_seen", [False, True])
def test_writes_beside_a_close_are_in_its_lines_or_called_addenda(
    postgres_url: str, *, as_seen: bool
) -> None:
    """Logs, corrections, voids and moves from two nodes: each is frozen, or its receipt says that it is an addendum."""
    with race(postgres_url, patients=40, seed=1) as one:
        verdict = one.run(240, as_seen=as_seen)
    check(verdict)
    # Whoever confirms figures that writes overtake closes only once these have ended.
    assert as_seen or verdict.after


@pytest.mark.soak
@pytest.mark.postgres
@pytest.mark.timeout(900)
@pytest.mark.parametrize("seed", range(20))
def test_a_close_beside_two_thousand_writes(postgres_url: str, seed: int) -> None:
    """Twenty runs: nothing frozen unseen, nobody untold."""
    with race(postgres_url, patients=4_000 if seed == 0 else 400, seed=seed) as one:
        verdict = one.run(2_000, as_seen=seed % 4 == 1)
    print(verdict)  # noqa: T201 - the figures of the run, with -s
    check(verdict)
