"""The people of a practice, who know what they were told; and what goes wrong around their program."""

import json
import sqlite3
import subprocess
import sys
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.soak.tally import Tally
from billing.months import BillingMonth
from billing.people import MemberRole
from storage import Database
from tests.support.practice import TryPractice

JSON = dict[str, Any]
_ROOT = Path(__file__).parents[2]
_FIRST = BillingMonth(2026, 1)
_PEOPLE = 6
#: Seconds for which the database is held by another program.
_AWAY_SECONDS = 1.0
#: How often a delivery comes again, of all; and what goes wrong in a month, each of which costs seconds.
_AGAIN = 0.08
_KILLS, _AWAY, _FULL = 3, 1, 2
#: Rows of a file.
_ROWS = 20
_WORK = ("log",) * 76 + ("undo",) * 8 + ("edit",) * 10 + ("void",) * 6


@dataclass
class Known:
    """An entry as its author was told that it stands."""

    patient: str
    month: BillingMonth
    seconds: int


@dataclass
class Month:
    """A row of the table."""

    name: str
    counts: Counter[str] = field(default_factory=Counter)


class Life:
    """A year, month by month."""

    def __init__(self, url: str, seed: int, *, patients: int, months: int) -> None:
        self.tally = Tally()
        self.rows: list[Month] = []
        self._url, self._chance = url, Random(seed)
        self._patients = [str(1_000 + number) for number in range(patients)]
        self._months = months
        self._known: dict[int, Known] = {}
        self._own: dict[str, list[int]] = defaultdict(list)
        #: Of every note that somebody logged: whether they were told that it is stored.
        self._told: dict[str, bool] = {}
        self._imports: list[tuple[int, list[Known]]] = []
        #: What the program's files brought and still stands.
        self._brought: list[Known] = []
        self._skew = timedelta(0)
        self._keys = 0
        self._begin()
        self._process = self._start()

    def _begin(self) -> None:
        database = Database.open(self._url)
        practice = TryPractice(database)
        practice.clock.at = datetime(2026, 1, 2, 15, tzinfo=UTC)
        for number in range(_PEOPLE):
            practice.member(f"Care {number}", slack=f"U0CARE{number}")
        practice.member("Sam Whitfield", MemberRole.BILLER, slack="U0SAM")
        for identity in self._patients:
            practice.patient(identity, assessed_on=date(2025, 12, 5))
        database.close()

    def run(self) -> None:
        """Live it, then hold every note against what its author was told."""
        for number in range(self._months):
            self.rows.append(Month(name=str(_FIRST.plus(number))))
            self._month(_FIRST.plus(number))
        self._judge_notes()
        self._process.stdin.close()  # type: ignore[union-attr]
        self._process.wait()

    # -- what people do ----------------------------------------------------------------------------------

    def _month(self, month: BillingMonth) -> None:
        work = self._chance.choices(_WORK, k=4 * len(self._patients))
        # Each at a moment of its own, away from the first and the last day.
        moments = sorted(self._chance.uniform(2.0, 26.0) for _ in work)
        marks = list(range(len(work)))
        mishaps: dict[int, str] = {}
        for name, times in (("kill", _KILLS), ("away", _AWAY), ("full", _FULL), ("clock", 4), ("right", 4)):
            mishaps |= dict.fromkeys(self._chance.sample(marks, min(times, len(marks))), name)
        files = set(self._chance.sample(marks, 2))
        for place, (kind, moment) in enumerate(zip(work, moments, strict=True)):
            at = datetime(month.year, month.month, 1, 14, tzinfo=UTC) + timedelta(days=moment - 1)
            self._mishap(mishaps.get(place, ""))
            if place in files:
                self._import(at, month)
            self._person(kind, at, month, mishaps.get(place, ""))
        self._end_of(month)

    def _person(self, kind: str, at: datetime, month: BillingMonth, mishap: str) -> None:
        user = f"U0CARE{self._chance.randrange(_PEOPLE)}"
        own = [entry for entry in self._own[user][-20:] if entry in self._known]
        kind = kind if own or kind == "undo" else "log"
        request: JSON = {"kind": kind, "user": user, "seconds": 60 * self._chance.randint(2, 40)}
        if kind == "log":
            self._keys += 1
            day = (at - timedelta(days=1)).date()
            request |= {
                "patient": self._chance.choice(self._patients),
                "note": f"call number {self._keys}",
                "day": str(day if day in month else at.date()),
            }
            self._told[request["note"]] = False
        if kind in {"edit", "void"}:
            request["entry"] = self._chance.choice(own)
        self._take(user, request, self._ask(request, at, mishap))

    def _take(self, user: str, request: JSON, answer: JSON) -> None:
        """Know from now on what the answer says."""
        for entry_id, seconds in answer.get("entries", ()):
            if request["kind"] == "log":
                day = date.fromisoformat(request["day"])
                self._known[entry_id] = Known(request["patient"], BillingMonth.of(day), seconds)
                self._own[user].append(entry_id)
                self._told[request["note"]] = True
            else:
                self._known[entry_id].seconds = seconds
        self._count(request["kind"] if "entries" in answer else f"{request['kind']} not done")

    def _import(self, at: datetime, month: BillingMonth) -> None:
        """A file; one in three is taken back."""
        self._keys += 1
        rows = [
            Known(self._chance.choice(self._patients), month, 60 * self._chance.randint(2, 30))
            for _ in range(_ROWS)
        ]
        day = (at - timedelta(days=1)).date()
        lines = [
            f"f{self._keys}-{number},MRN{row.patient},{day},{row.seconds // 60},Care 0,from the file"
            for number, row in enumerate(rows)
        ]
        data = "\n".join(["entry_key,mrn,service_date,minutes,performed_by,note", *lines]) + "\n"
        answer = self._ask({"kind": "import", "data": data}, at, self._chance.choice(["", "", "kill"]))
        if not answer.get("stored"):
            self.tally.wrong("faults", f"a file was not taken: {answer}")
            return
        self._count("file")
        number = answer["number"]
        if self._chance.random() < 0.33 and number is not None:
            self._ask({"kind": "import undo", "number": number}, at, "")
            self._count("file undone")
            return
        self._brought += rows

    def _end_of(self, month: BillingMonth) -> None:
        """The month is closed on the third day after it; some work comes late, and some months are closed again."""
        at = datetime.combine(month.plus(1).first_day, datetime.min.time(), UTC) + timedelta(days=2, hours=15)
        self._agree(month, at)
        closing: JSON = {"kind": "close", "user": "U0SAM", "month": str(month.first_day)}
        answer = self._ask(closing, at, self._chance.choice(["", "kill"]))
        if "asked" not in answer:
            self.tally.wrong("faults", f"{month} was not closed: {answer}")
        self._frozen(month, at, self._sums(month))
        frozen = self._sums(month)
        for _ in range(3):
            late = {
                "patient": self._chance.choice(self._patients),
                "note": f"late {self._keys}",
                "seconds": 300,
            }
            self._keys += 1
            self._told[late["note"]] = False
            request: JSON = {"kind": "log", "user": "U0CARE1", "day": str(month.last_day), **late}
            self._take("U0CARE1", request, self._ask(request, at, ""))
        self._frozen(month, at, frozen)
        if self._chance.random() < 0.25:
            reopening: JSON = {**closing, "kind": "reopen"}
            once_more: JSON = {**closing, "reason": "two calls came late"}
            for again, minutes, mishap in ((reopening, 0, ""), (once_more, 5, "kill")):
                answer = self._ask(again, at + timedelta(minutes=minutes), mishap)
                if "asked" not in answer:
                    self.tally.wrong("faults", f"{month}: {again['kind']} was answered {answer}")
            self._frozen(month, at, self._sums(month))
            self._count("closed again")
        self._agree(month, at)

    # -- what they hold against it -----------------------------------------------------------------------

    def _sums(self, month: BillingMonth) -> dict[str, int]:
        found: Counter[str] = Counter()
        for one in (*self._known.values(), *self._brought):
            if one.month == month:
                found[one.patient] += one.seconds
        return {who: seconds for who, seconds in found.items() if seconds}

    def _agree(self, month: BillingMonth, at: datetime) -> None:
        """What is on file is what people were told, patient by patient."""
        seen = self._ask({"kind": "look", "month": str(month.first_day), "verified": True}, at, "")
        if not seen.get("sound"):
            self.tally.wrong("faults", f"{month}: verify is not clean")
        self._same(f"{month}", seen["sums"], self._sums(month))

    def _frozen(self, month: BillingMonth, at: datetime, wanted: dict[str, int]) -> None:
        seen = self._ask({"kind": "look", "month": str(month.first_day), "verified": False}, at, "")
        self._same(f"{month} as closed", {who: one for who, one in seen["frozen"].items() if one}, wanted)

    def _same(self, what: str, found: dict[str, int], wanted: dict[str, int]) -> None:
        for who in sorted(found.keys() | wanted.keys()):
            difference = found.get(who, 0) - wanted.get(who, 0)
            if difference:
                kind = "lost" if difference < 0 else "twice"
                self.tally.wrong(
                    kind, f"{what}: {who} has {found.get(who, 0)} s, told {wanted.get(who, 0)} s"
                )

    def _judge_notes(self) -> None:
        written = self._ask({"kind": "notes"}, datetime(2027, 1, 5, 15, tzinfo=UTC), "")["notes"]
        for note, is_told in self._told.items():
            times = len(written.get(note, ()))
            if times > 1:
                self.tally.wrong("twice", f"{note} is there {times} times")
            if is_told and not times:
                self.tally.wrong("lost", f"{note} was acknowledged")
            if times and not is_told:
                self.tally.wrong("faults", f"{note} is stored, and its author was told that it is not")

    # -- what goes wrong ---------------------------------------------------------------------------------

    def _mishap(self, name: str) -> None:
        if name == "clock":
            self._skew = timedelta(seconds=self._chance.choice([-7_200, -3, -1, 2, 3_600]))
            self._count("clock wrong")
        elif name == "right":
            self._skew = timedelta(0)

    def _ask(self, request: JSON, at: datetime, mishap: str) -> JSON:
        """Ask until there is an answer; now and then it comes again, and is to be answered the same."""
        self.tally.tried += 1
        asked = {**request, "at": (at + self._skew).isoformat(), "key": f"key-{self.tally.tried}"}
        if mishap == "full":
            self._fill(asked)
        if mishap == "kill":
            self._kill(asked)
        answer = self._held(asked) if mishap == "away" else self._say(asked)
        while "fault" in answer:
            self._count("told that it was not saved")
            # An operator made room, and whoever asked asks again.
            self._say({"kind": "disk", "room": None, "at": asked["at"]})
            answer = self._say(asked)
        if request["kind"] in {"log", "undo", "edit", "void"} and self._chance.random() < _AGAIN:
            self._count("redelivered")
            again = self._say(asked)
            if again != answer:
                self.tally.wrong("twice", f"{request['kind']} was answered {again}, and first {answer}")
        return answer

    def _say(self, request: JSON) -> JSON:
        self._write(request)
        line = self._process.stdout.readline()  # type: ignore[union-attr]
        if not line:
            self.tally.wrong("faults", f"the program ended at a request to {request['kind']}")
            self._process = self._start()
            return {"fault": "ended"}
        return json.loads(line)  # type: ignore[no-any-return]

    def _write(self, request: JSON) -> None:
        self._process.stdin.write(json.dumps(request) + "\n")  # type: ignore[union-attr]
        self._process.stdin.flush()  # type: ignore[union-attr]

    def _fill(self, request: JSON) -> None:
        """Next to nothing is left on the disk, until somebody reads that a write was not saved."""
        self._say({"kind": "disk", "room": self._chance.randint(0, 30_000), "at": request["at"]})
        self._count("disk full")

    def _kill(self, request: JSON) -> None:
        """It dies somewhere in the midst of a request, and nobody hears what became of it."""
        self._write(request)
        time.sleep(self._chance.random() * 0.03)
        self._process.kill()
        self._process.communicate()
        self._process = self._start()
        self._count("killed")

    def _held(self, request: JSON) -> JSON:
        """Another program holds the database for a while."""
        holding = sqlite3.connect(self._url.removeprefix("sqlite:///"), isolation_level=None, timeout=30)
        holding.execute("BEGIN IMMEDIATE")
        self._write(request)
        time.sleep(_AWAY_SECONDS)
        holding.execute("ROLLBACK")
        holding.close()
        self._count("database away")
        return json.loads(self._process.stdout.readline())  # type: ignore[no-any-return, union-attr]

    def _start(self) -> "subprocess.Popen[str]":
        command = [sys.executable, "-m", "benchmarks.year.program", self._url]
        return subprocess.Popen(command, cwd=_ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def _count(self, what: str) -> None:
        self.rows[-1].counts[what] += 1
