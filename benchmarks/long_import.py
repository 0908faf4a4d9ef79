"""A large import into a running bot while twenty people log: who was told what, and what the import took.

    make bench-long                                     five rounds of 100,000 entries by the base build and by this one
    make bench-long ARGS="--entries 20000 --rounds 1"   a quick one
    make bench-long ARGS="--postgresql"                 the same on a PostgreSQL server of its own
    make bench-long ARGS="--base 6703437"               beside another build

The import is `cocm import entries FILE`, a process of its own; its CPU and peak memory are the operating system's
account of that process. Only ratios taken in one run count: both builds take turns, and a ratio is the median of the
ratios of each round.
"""

import argparse
import asyncio
import csv
import json
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random
from statistics import median
from typing import Any

from benchmarks.builds import ROOT, Build, export
from benchmarks.people_logging import PEOPLE, Account, Crowd, notes_on_file
from benchmarks.servers import program
from tests.support.postgres import PostgresServer, running_server

#: The build that the targets are ratios to: the last before imports were planned ahead of the write.
BASE = "4e2f22b"
_PATIENTS = 5_000
_DAYS = 320
_MIB = 1024 * 1024
#: Seconds for which people log before the import begins, and after it has ended.
_BEFORE, _AFTER = 2.0, 2.0
_CPU_AT_MOST, _PEAK_AT_MOST = 0.7, 0.5
#: Runs a command and prints what it took. A process begins its life with the peak of the one that started it.
_MEASURED = """
import json, os, subprocess, sys, time
began = time.monotonic()
process = subprocess.Popen(sys.argv[1:], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
said = process.stdout.read().decode(errors="replace")
_, status, used = os.wait4(process.pid, 0)
taken = {"cpu": used.ru_utime + used.ru_stime, "peak": used.ru_maxrss * 1024, "wall": time.monotonic() - began}
print(json.dumps({**taken, "code": os.waitstatus_to_exitcode(status), "said": said}))
"""
_NOTES = (
    "phone check-in",
    "reviewed chart before the visit",
    "coordinated with the PCP about sertraline",
    "PHQ-9 review, score {small}",
    "left voicemail",
    "behavioral activation, plan for the week",
    "called the pharmacy about the refill",
    "problem solving, session {small}",
    "care plan update",
    "secure message about the appointment on the {small}th",
)
_ACTIVITIES = ("phone", "", "", "chart_review", "care_coordination", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """What one import took, and what became of the logs beside it."""

    cpu: float
    #: MiB.
    peak: float
    wall: float
    account: Account


@dataclass(frozen=True, slots=True, kw_only=True)
class Files:
    """What is imported: members and patients before the bot starts, entries while people log."""

    members: Path
    patients: Path
    entries: Path

    @classmethod
    def made(cls, folder: Path, entries: int) -> "Files":
        """Write the files of a practice."""
        chance = Random(7)
        made = cls(
            members=folder / "members.csv", patients=folder / "patients.csv", entries=folder / "entries.csv"
        )
        people = [(f"U{number:03}", f"U {number}", "care_manager") for number in range(PEOPLE)]
        _write(made.members, "slack_user_id,display_name,roles", people)
        mrns = [f"MRN{10_000 + number}" for number in range(_PATIENTS)]
        _write(
            made.patients,
            "mrn,first_name,last_name,program,enrolled_on",
            [(mrn, "Pat", f"Sample{number}", "CoCM", "2026-01-01") for number, mrn in enumerate(mrns)],
        )
        _write(
            made.entries,
            "entry_key,mrn,service_date,minutes,started_at,activity,performed_by,role,note",
            (_entry(chance, number, mrns) for number in range(entries)),
        )
        return made


def _write(file: Path, header: str, rows: "Sequence[tuple[str, ...]] | Iterator[tuple[str, ...]]") -> None:
    with file.open("w", newline="", encoding="utf-8") as written:
        writer = csv.writer(written)
        writer.writerow(header.split(","))
        writer.writerows(rows)


def _entry(chance: Random, number: int, mrns: Sequence[str]) -> tuple[str, ...]:
    """A row as trackers write them: half with words of their own, two in five with a clock time."""
    note = chance.choice(_NOTES).format(small=chance.randrange(4, 20))
    return (
        f"trk-{number:06}",
        chance.choice(mrns),
        (date(2026, 1, 1) + timedelta(days=chance.randrange(_DAYS))).isoformat(),
        f"{chance.randrange(2, 45)}.{chance.choice((0, 0, 5, 25))}",
        f"{chance.randrange(8, 18):02}:{chance.randrange(60):02}" if chance.random() < 0.4 else "",
        chance.choice(_ACTIVITIES),
        f"U {chance.randrange(PEOPLE)}",
        "care_manager",
        f"{note}, call {number}" if chance.random() < 0.5 else note,
    )


async def one_round(build: Build, files: Files, url: str, name: str, pause: float) -> Round:
    """Start a bot of a build, let people log, import beside them, and hold it all against the database."""
    for kind, file in (("members", files.members), ("patients", files.patients)):
        await _import(build, url, kind, file)
    async with program(url, build.root) as running:
        crowd = Crowd(port=running.port, name=name, pause=pause)
        await crowd.greet()
        logging = asyncio.create_task(crowd.run())
        await asyncio.sleep(_BEFORE)
        taken = await _import(build, url, "entries", files.entries)
        await asyncio.sleep(_AFTER)
        crowd.stop()
        await logging
    account = Account.of(crowd.logs, frozenset(notes_on_file(url)))
    return Round(cpu=taken["cpu"], peak=taken["peak"] / _MIB, wall=taken["wall"], account=account)


async def _import(build: Build, url: str, kind: str, file: Path) -> dict[str, Any]:
    environment = {
        **{
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("COCM_", "SLACK_", "PYTHON"))
        },
        "PYTHONPATH": str(build.root),
        "COCM_DATABASE_URL": url,
        "COCM_UNKNOWN_MEMBER": "welcome",
    }
    command = (sys.executable, "-m", "cocm", "import", kind, str(file))
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", _MEASURED, *command),
        cwd=file.parent,
        env=environment,
        stdout=asyncio.subprocess.PIPE,
    )
    printed, _ = await process.communicate()
    taken: dict[str, Any] = json.loads(printed)
    if taken["code"]:
        raise SystemExit(f"{build.name}: cocm import {kind} failed:\n{taken['said']}")
    return taken


@contextmanager
def _urls(server: PostgresServer | None, folder: Path) -> Iterator[str]:
    """A database for one round."""
    if server is not None:
        name = server.create_database()
        yield server.url_of(name)
        server.drop_database(name)
        return
    with tempfile.TemporaryDirectory(dir=folder) as own:
        yield f"sqlite:///{own}/practice.db"


def _tell(rounds: dict[str, list[Round]]) -> None:
    (first, base), (second, new) = rounds.items()
    for name, taken in rounds.items():
        print(
            f"{name}: CPU {_spread([one.cpu for one in taken], 's')}, peak "
            f"{_spread([one.peak for one in taken], 'MiB')}, wall {_spread([one.wall for one in taken], 's')}"
        )
    for what, most, ratio in (
        ("CPU", _CPU_AT_MOST, median(b.cpu / a.cpu for a, b in zip(base, new, strict=True))),
        ("peak", _PEAK_AT_MOST, median(b.peak / a.peak for a, b in zip(base, new, strict=True))),
    ):
        holds = "holds" if ratio <= most else "DOES NOT HOLD"
        print(f"{what} of {second} to {first}: {ratio:.2f} (at most {most}: {holds})")


def _spread(values: Sequence[float], unit: str) -> str:
    return f"{median(values):.2f} {unit} ({min(values):.2f}-{max(values):.2f})"


def _measure(options: argparse.Namespace, folder: Path, server: PostgresServer | None) -> None:
    base_root = folder / "base"
    base_root.mkdir()
    export(options.base, base_root)
    builds = (Build(name=options.base, root=base_root), Build(name="present", root=ROOT))
    for build in builds:
        build.check()
    files = Files.made(folder, options.entries)
    rounds: dict[str, list[Round]] = {build.name: [] for build in builds}
    for number in range(options.rounds):
        for build in builds:
            with _urls(server, folder) as url:
                taken = asyncio.run(one_round(build, files, url, f"{build.name}r{number}", options.pause))
            rounds[build.name].append(taken)
            print(
                f"{build.name} round {number + 1}: CPU {taken.cpu:.2f} s, peak {taken.peak:.0f} MiB, "
                f"wall {taken.wall:.1f} s\n   {taken.account}",
                flush=True,
            )
    _tell(rounds)


def main(arguments: Sequence[str] = ()) -> None:
    """Measure, and print each round, the medians and their ratios."""
    parser = argparse.ArgumentParser(
        prog="benchmarks.long_import",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--entries", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--base", default=BASE, help="commit to compare with")
    parser.add_argument("--pause", type=float, default=1.5, help="seconds between two logs of one person")
    parser.add_argument("--postgresql", action="store_true", help="on PostgreSQL instead of SQLite")
    options = parser.parse_args(arguments)
    with (
        tempfile.TemporaryDirectory(prefix="cocm-long-") as folder,
        running_server() if options.postgresql else nullcontext() as server,
    ):
        _measure(options, Path(folder).resolve(), server)


if __name__ == "__main__":
    main(sys.argv[1:])
