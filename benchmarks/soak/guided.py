"""Inputs that are led by what they reach: the parser, the bodies of Slack's requests, and tables, by atheris."""

import importlib.util
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.soak.tally import KeptTally

_ROOT = Path(__file__).parents[2]
_SEEDS = _ROOT / "tests" / "data" / "fuzz"
#: The share of each in the inputs: a line takes as long as two hundred bodies.
_SHARES = {"parser": 0.006, "bodies": 0.7, "tables": 0.294}
#: No input may take longer; a machine that is busy takes its time.
_SECONDS = 60
_RUNS = re.compile(r"(?:stat::number_of_executed_units:\s*|Done )(\d+)")


def soak(tally: KeptTally, seed: int, budget: int) -> None:
    """Run each target for its share of the budget."""
    if importlib.util.find_spec("atheris") is None:
        tally.left_out.append(
            "guided: atheris is not installed (make .venv/.soak), so that nothing was led by what it reaches"
        )
        return
    for name, share in _SHARES.items():
        runs = max(1, round(budget * share))
        with tempfile.TemporaryDirectory(prefix="cocm-soak-") as folder:
            _run(tally, name, runs, seed, Path(folder))
        tally.keep()


def _run(tally: KeptTally, name: str, runs: int, seed: int, folder: Path) -> None:
    found = folder / "corpus"
    found.mkdir()
    words = [
        f"-runs={runs}",
        f"-seed={seed % 2**31 + 1}",
        f"-timeout={_SECONDS}",
        "-max_len=400",
        "-print_final_stats=1",
        f"-artifact_prefix={folder}/",
        str(found),
        str(_SEEDS / name),
    ]
    command = [sys.executable, "-m", "benchmarks.soak.guided_target", name, *words]
    ran = subprocess.run(command, cwd=_ROOT, capture_output=True, text=True, errors="replace", check=False)
    counted = [int(number) for number in _RUNS.findall(ran.stderr)]
    tally.tried += max(counted, default=0)
    tally.met[f"{name}: inputs that reached something new"] += sum(1 for _ in found.iterdir())
    if ran.returncode:
        inputs = [one.read_bytes() for one in folder.iterdir() if one.is_file()]
        said = (ran.stdout + ran.stderr).partition("Uncaught Python exception")[2] or ran.stderr[-400:]
        tally.wrong("faults", f"{name} of {inputs[:1]!r}: {said[:600]}")
