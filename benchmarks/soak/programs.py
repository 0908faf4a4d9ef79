"""The tests that take too long for every run: whole programs that are killed or replaced, and clocks over years."""

import subprocess
import sys
import tempfile
from pathlib import Path
from xml.etree import ElementTree as ET

from benchmarks.soak.tally import KeptTally

_ROOT = Path(__file__).parents[2]
#: In the order of what they cost; each share takes every other one.
_FILES = (
    "tests/cocm/test_nodes.py",
    "tests/scheduler/test_due_over_years.py",
    "tests/scheduler/test_local_time.py",
)
#: A run of fewer has time for the last alone.
_FEW = 3


def soak(tally: KeptTally, seed: int, budget: int) -> None:
    """Run the files of this share."""
    is_second = seed % 2
    files = _FILES[2:] if budget < _FEW else _FILES[1:] if is_second else _FILES[:1]
    if budget < _FEW and is_second:
        return
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
