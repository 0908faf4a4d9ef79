"""The tests that take too long for every run: whole programs that are killed or replaced, and clocks over years."""

import subprocess
import sys
import tempfile
from pathlib import Path
from xml.etree import ElementTree as ET

from benchmarks.soak.tally import KeptTally

_ROOT = Path(__file__).parents[2]
_NODES, _CLOCKS = "tests/cocm/test_nodes.py", "tests/scheduler"
_ROLLING = "test_a_rolling_restart_loses_and_repeats_nothing[postgres-4]"
_EIGHT = "test_eight_nodes_killed_two_at_a_time_for_two_minutes"
#: A run of fewer has time for the last alone.
_FEW = 3


def soak(tally: KeptTally, seed: int, budget: int) -> None:
    """Run what is this share's: one of the seeds of the eight nodes, or the clocks."""
    if seed % 2:
        files = [f"{_CLOCKS}/test_due_over_years.py", f"{_CLOCKS}/test_local_time.py"]
    else:
        files = [f"{_NODES}::{_EIGHT}[{1 + seed // 1_000 % 3}]", f"{_NODES}::{_ROLLING}"]
    if budget < _FEW - 1:
        files = [f"{_CLOCKS}/test_local_time.py"]
    with tempfile.TemporaryDirectory(prefix="cocm-soak-") as folder:
        report = Path(folder) / "report.xml"
        words = ["-m", "soak", "-q", "--timeout", "0", f"--junit-xml={report}", *files]
        code = subprocess.call([sys.executable, "-m", "pytest", *words], cwd=_ROOT)
        cases = list(ET.parse(report).iter("testcase"))
    tally.tried += len(cases)
    for case in cases:
        for fault in (*case.findall("failure"), *case.findall("error")):
            tally.wrong("faults", f"{case.get('name')}: {fault.get('message')}")
        if case.find("skipped") is not None:
            tally.left_out.append(f"programs: {case.get('name')} was skipped")
    if code and not tally.faults:
        tally.wrong("faults", f"pytest ended with {code}")
