"""The soak itself does not rot: its parts can be run, repeat by their seed, and fail when they are not done in time."""

import importlib
from dataclasses import replace

import pytest

from benchmarks.soak.__main__ import as_json, markdown
from benchmarks.soak.parts import BY_NAME, MINUTES, PARTS
from benchmarks.soak.running import run
from benchmarks.soak.tally import Tally


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.name)
def test_each_part_is_a_module_with_a_budget(part: object) -> None:
    """None takes more than its minutes, and a quick run is a small one."""
    found = BY_NAME[part.name]  # type: ignore[attr-defined]
    assert callable(importlib.import_module(f"benchmarks.soak.{found.name}").soak)
    assert found.minutes <= MINUTES
    assert 0 < found.quick < found.whole
    assert sum(found.budget(quick=False, share=share) for share in range(found.shares)) == found.whole


def test_a_whole_run_tries_a_million_inputs() -> None:
    """All parts together."""
    assert sum(part.whole for part in PARTS) >= 1_000_000


def test_a_small_run_counts_what_it_tried() -> None:
    """In processes of its own; nothing is wrong, and the table and the file say so."""
    ran = run(replace(BY_NAME["parser"], quick=40), 7, quick=True)
    assert ran.tally.is_clean, ran.tally.said
    assert ran.tally.tried == 40
    assert '"tried": 40' in as_json([ran], 7, quick=True)
    assert (
        markdown(as_json([ran], 7, quick=True)).splitlines()[2].startswith("| parser | 40 | 0 | 0 | 0 | 0 |")
    )


def test_a_part_past_its_deadline_is_a_fault() -> None:
    """It is ended, with whatever it has started."""
    ran = run(replace(BY_NAME["nodes"], minutes=0.0), 7, quick=True)
    assert not ran.tally.is_clean
    assert all("deadline" in said for said in ran.tally.said)


def test_what_raises_is_a_fault_and_is_counted() -> None:
    """With the input that made it."""
    tally = Tally()
    with tally.trying("15m MRN1"):
        raise ValueError("no")
    assert (tally.tried, tally.faults, tally.is_clean) == (1, 1, False)
    assert "15m MRN1" in tally.said[0]
