"""Reports of a big practice by the base build and by this one, in turns on one machine: CPU, peak memory, ratios.

    make bench-reports                                       the whole measurement; half an hour
    make bench-reports ARGS="--patients 1000 --rounds 2"     a quick one
    make bench-reports ARGS=--plot                           only draw docs/report-cost.svg again

Every figure is that of a whole process, from its start to its end. Only ratios taken in one run count: both builds
take turns, and a ratio is the median of the ratios of each turn.
"""

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.builds import BASE, ROOT, Build, Usage, both_builds, present_commit
from benchmarks.report_plot import draw

RESULTS = ROOT / "benchmarks" / "results.json"
PLOT = ROOT / "docs" / "report-cost.svg"
MONTH = "2026-11"
FORMATS = ("csv", "json", "xlsx")
_PLOTTED_BELOW = (1_000, 5_000)
_PLOT_ROUNDS = 3
_MIB = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """At most so many times the base build's cost: what must hold, and what is aimed at."""

    cpu: float
    cpu_aim: float | None = None
    peak: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Contest:
    """One report, made by two sides in turns; a side is a build and a database."""

    name: str
    arguments: tuple[str, ...]
    target: Target | None
    left: tuple[Build, Path]
    right: tuple[Build, Path]
    #: What the two sides are called.
    sides: tuple[str, str] = ("base", "new")


@dataclass(slots=True)
class Taken:
    """What each turn of a side took."""

    cpu: list[float] = field(default_factory=list)
    peak: list[int] = field(default_factory=list)

    def add(self, usage: Usage) -> None:
        """Note one turn."""
        self.cpu.append(round(usage.cpu, 3))
        self.peak.append(usage.peak)


def measure(contest: Contest, rounds: int, folder: Path) -> dict[str, Any]:
    """Let both sides take turns; returns figures for `results.json`, and prints them."""
    sides = (Taken(), Taken())
    for _ in range(rounds):
        for (build, database), taken in zip((contest.left, contest.right), sides, strict=True):
            written = folder / "report"
            written.unlink(missing_ok=True)
            taken.add(build.cocm("report", *contest.arguments, "--output", str(written), database=database))
            if not written.stat().st_size:
                raise SystemExit(f"{build.name} wrote an empty report.")
    left, right = sides
    found: dict[str, Any] = {
        "name": contest.name,
        "command": " ".join(("cocm report", *contest.arguments)),
        "sides": {
            name: {
                "cpu_seconds": _spread(taken.cpu, 2),
                "peak_mib": _spread([each / _MIB for each in taken.peak], 0),
            }
            for name, taken in zip(contest.sides, sides, strict=True)
        },
        "cpu_ratio": _ratio(left.cpu, right.cpu),
        "peak_ratio": _ratio(left.peak, right.peak),
        "target": contest.target
        and {"cpu": contest.target.cpu, "cpu_aim": contest.target.cpu_aim, "peak": contest.target.peak},
    }
    print(told(found), flush=True)
    return found


def _spread(taken: Sequence[float], digits: int) -> dict[str, float]:
    return {
        "median": round(median(taken), digits),
        "min": round(min(taken), digits),
        "max": round(max(taken), digits),
    }


def _ratio(left: Sequence[float], right: Sequence[float]) -> float:
    return round(median(two / one for one, two in zip(left, right, strict=True)), 3)


def told(found: dict[str, Any]) -> str:
    """A contest's figures as lines to read."""
    lines = [f"{found['name']}  ({found['command']})"]
    for name, taken in found["sides"].items():
        cpu, peak = taken["cpu_seconds"], taken["peak_mib"]
        lines.append(
            f"  {name:<14} CPU {cpu['median']:6.2f} s ({cpu['min']:.2f}-{cpu['max']:.2f})"
            f"   peak {peak['median']:5.0f} MiB ({peak['min']:.0f}-{peak['max']:.0f})"
        )
    target = found["target"] or {}
    lines.append(
        f"  ratio          CPU {found['cpu_ratio']:.2f}{_against(found['cpu_ratio'], target.get('cpu'))}"
        f"{_aim(target.get('cpu_aim'))}"
        f"   peak {found['peak_ratio']:.2f}{_against(found['peak_ratio'], target.get('peak'))}"
    )
    return "\n".join(lines)


def _against(ratio: float, hold: float | None) -> str:
    return "" if hold is None else f" (at most {hold:g}: {'holds' if ratio <= hold else 'DOES NOT HOLD'})"


def _aim(aim: float | None) -> str:
    return "" if aim is None else f" (aim {aim:g})"


class Databases:
    """Databases of practices, made once each and in the form that each build asks for."""

    def __init__(self, base: Build, new: Build, folder: Path) -> None:
        self._base, self._new, self._folder = base, new, folder

    def of(self, patients: int, earlier_years: int = 0) -> tuple[Path, Path]:
        """The base build's database of a practice, and the same moved up to the new build."""
        first = self._folder / f"{patients}-{earlier_years}-base.db"
        second = first.with_name(f"{patients}-{earlier_years}-new.db")
        if not first.exists():
            print(f"making a practice of {patients} patients, {1 + earlier_years} years...", flush=True)
            self._base.cocm("migrate", database=first)
            arguments = [str(first), "--patients", str(patients), "--earlier-years", str(earlier_years)]
            # In a process of its own: this one has to stay small.
            subprocess.run(
                [sys.executable, "-m", "benchmarks.big_practice", *arguments],
                cwd=ROOT,
                check=True,
                stdout=subprocess.DEVNULL,
            )
            shutil.copyfile(first, second)
            self._new.cocm("migrate", database=second)
            # Whatever is compiled or loaded at first use is so before anything is measured.
            for build, database in ((self._base, first), (self._new, second)):
                for form in FORMATS:
                    empty = ("report", "2001-01", "--format", form, "--output", str(self._folder / "report"))
                    build.cocm(*empty, database=database)
        return first, second

    def drop(self, patients: int, earlier_years: int = 0) -> None:
        """Give back the room of two databases."""
        for database in self.of(patients, earlier_years):
            database.unlink()


_TARGETS = {
    "csv": Target(cpu=0.4, cpu_aim=0.3, peak=0.8),
    "json": Target(cpu=0.42, cpu_aim=0.35, peak=0.36),
    "xlsx": Target(cpu=0.5, cpu_aim=0.35),
}
_LONG = Target(cpu=0.5, cpu_aim=0.4)
_HISTORY = Target(cpu=1.1)


def _contests(base: Build, new: Build, databases: tuple[Path, Path]) -> list[Contest]:
    """The month in every format, and half a year: 120,000 patient-months of 20,000 patients."""
    sides = {"left": (base, databases[0]), "right": (new, databases[1])}
    made = [
        Contest(name=f"month, {form}", arguments=(MONTH, "--format", form), target=_TARGETS[form], **sides)
        for form in FORMATS
    ]
    half = ("2026-06", "--to", MONTH, "--format", "csv")
    return [*made, Contest(name="half a year, csv", arguments=half, target=_LONG, **sides)]


def _histories(base: Build, new: Build, short: tuple[Path, Path], long: tuple[Path, Path]) -> list[Contest]:
    """The same month after one year and after ten, within each build."""
    return [
        Contest(
            name=f"month after ten years, {build.name}",
            arguments=(MONTH, "--format", "csv"),
            target=_HISTORY if build is new else None,
            left=(build, short[place]),
            right=(build, long[place]),
            sides=(f"{build.name} 1 year", f"{build.name} 10 years"),
        )
        for place, build in enumerate((base, new))
    ]


def _run(base: Build, new: Build, options: argparse.Namespace, folder: Path) -> None:
    """Measure, and write what there is after each contest, so that a run that is stopped leaves its figures."""
    databases = Databases(base, new, folder)
    contests: list[dict[str, Any]] = []
    results = _about(options)
    plotted = [patients for patients in _PLOTTED_BELOW if patients < options.patients]
    points: list[dict[str, Any]] = []

    def keep(found: dict[str, Any], patients: int) -> None:
        if patients != options.patients:
            points.append(_point(patients, found))
        else:
            contests.append(found)
            points.extend([_point(patients, found)] if found["name"].startswith("month") else [])
        written = json.dumps({**results, "contests": contests, "plot": points}, indent=1)
        options.results.write_text(written + "\n", encoding="utf-8")

    for patients in (*plotted, options.patients):
        whole = patients == options.patients
        for contest in _contests(base, new, databases.of(patients)):
            if whole or contest.name.startswith("month"):
                keep(measure(contest, options.rounds if whole else _PLOT_ROUNDS, folder), patients)
        databases.drop(patients)
    if options.history_patients:
        short, long = databases.of(options.history_patients), databases.of(options.history_patients, 9)
        for contest in _histories(base, new, short, long):
            keep(measure(contest, options.rounds, folder), options.patients)


def _about(options: argparse.Namespace) -> dict[str, Any]:
    return {
        "base": BASE,
        "new": present_commit() if options.present == ROOT else str(options.present.name),
        "machine": {
            "python": platform.python_version(),
            "system": platform.system(),
            "cores": os.cpu_count(),
        },
        "patients": options.patients,
        "entries_of_the_year": options.patients * 48,
        "patients_of_the_histories": options.history_patients,
        "rounds": options.rounds,
    }


def _point(patients: int, found: dict[str, Any]) -> dict[str, Any]:
    return {
        "patients": patients,
        "format": found["name"].removeprefix("month, "),
        **{name: taken["cpu_seconds"]["median"] for name, taken in found["sides"].items()},
    }


def main(arguments: Sequence[str] = ()) -> None:
    """Measure, print, and write `benchmarks/results.json` and the plot."""
    parser = argparse.ArgumentParser(
        prog="benchmarks.reports", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--patients", type=int, default=20_000, help="of the practice; 48 entries each in its year"
    )
    parser.add_argument(
        "--history-patients", type=int, default=5_000, help="of the practice of ten years; 0: leave out"
    )
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--results", type=Path, default=RESULTS, help="file to write")
    parser.add_argument("--plot-file", type=Path, default=PLOT, help="picture to write")
    parser.add_argument("--plot", action="store_true", help="only draw the results there are")
    parser.add_argument(
        "--present", type=Path, default=ROOT, help="another tree to compare with the base build"
    )
    parser.add_argument("--folder", type=Path, help="where databases are made; needs 6 GB by default")
    options = parser.parse_args(arguments)
    if not options.plot:
        with (
            both_builds(options.present) as (base, new),
            tempfile.TemporaryDirectory(prefix="cocm-bench-", dir=options.folder) as folder,
        ):
            _run(base, new, options, Path(folder).resolve())
        print(f"written: {options.results.name}")
    results = json.loads(options.results.read_text(encoding="utf-8"))
    options.plot_file.write_text(draw(results), encoding="utf-8")
    print(f"drawn: {options.plot_file.name}")


if __name__ == "__main__":
    main(sys.argv[1:])
