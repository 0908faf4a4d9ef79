"""Files of every kind, whole, damaged and hostile: refused with a sentence, or stored as they say; never in part."""

import csv
import io
import random
from typing import Any

from hypothesis import strategies as st

from benchmarks.soak.places import sqlite
from benchmarks.soak.rounds import rounds
from benchmarks.soak.tally import KeptTally
from services.errors import Refusal
from services.imports.load import KINDS, LOADERS
from services.imports.request import ImportRequest
from services.imports.running import run_import
from services.imports.storing import plan_only
from services.imports.undo import take_back
from storage import Database
from tests.support.any_files import HOSTILE, File, files
from tests.support.any_practices import Reopened, everything, founded

#: Of so many examples one is a whole file that is stored, taken back, and held against what stood before.
_STORED_EVERY = 12
#: Of each text or workbook so many more with a few bytes changed.
_OFFSPRING = 5
_CELLS = st.one_of(
    st.sampled_from(sorted({cell for cells in HOSTILE.values() for cell in cells})),
    st.sampled_from(
        ["4471", "MRN4472", "2026-11-03", "11/3/2026", "15", "0:25", "1.5", "Ana Flores", "phone", "yes"]
    ),
    st.text(max_size=8),
    st.integers(-10, 10**9).map(str),
)


@st.composite
def _tables(draw: st.DrawFn) -> tuple[str, bytes]:
    """A table with some of a kind's columns, some of none, and cells of anything."""
    kind = draw(st.sampled_from(sorted(KINDS)))
    known = sorted(KINDS[kind].columns)
    head = draw(st.lists(st.sampled_from(known) | st.text(max_size=6), min_size=1, max_size=8))
    rows = draw(st.lists(st.lists(_CELLS, min_size=0, max_size=9), max_size=6))
    out = io.StringIO()
    writer = csv.writer(out, delimiter=draw(st.sampled_from([",", ";", "\t", "|"])))
    writer.writerows([head, *[[cell.replace("\x00", "") for cell in row] for row in rows]])
    encoding = draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252", "latin-1"]))
    return kind, out.getvalue().encode(encoding, "replace")


_ANY = st.one_of(
    _tables(),
    _tables(),
    st.tuples(st.sampled_from(sorted(KINDS)), st.binary(max_size=300)),
    files().map(lambda file: (file.kind.name, file)),
)


def soak(tally: KeptTally, seed: int, budget: int) -> None:
    """Read so many files against one practice; some of them are stored and taken back."""
    with sqlite() as url:
        founded(url)
        shelf = _Shelf(url, tally, seed)
        rounds(tally, seed, budget, _ANY, shelf.trial, each=_OFFSPRING + 1)
        shelf.database.close()


class _Shelf:
    """A practice into which files are read."""

    def __init__(self, url: str, tally: KeptTally, seed: int) -> None:
        self.database, self._url = Database.open(url), url
        self._practice = Reopened(self.database)
        self._tally, self._chance = tally, random.Random(seed)
        self._count = 0

    def trial(self, one: tuple[str, Any]) -> None:
        """A file, and others near it."""
        kind, found = one
        request = found.request if isinstance(found, File) else ImportRequest(data=found, kind=kind)
        self._count += 1
        with self._tally.trying(f"{kind} {request.data[:200]!r}"):
            self._read(kind, request)
            if self._count % _STORED_EVERY == 0:
                self._stored(kind, request)
        for _ in range(_OFFSPRING):
            bitten = self._bitten(request.data)
            with self._tally.trying(f"{kind} {bitten[:300]!r}"):
                self._read(kind, ImportRequest(data=bitten, kind=kind))

    def _read(self, kind: str, request: ImportRequest) -> None:
        """A dry run: every row is read, or named."""
        try:
            outcome = self._practice.see(plan_only, LOADERS[kind], request)
        except Refusal:
            self._tally.met["refused"] += 1
            return
        for problem in outcome.problems:
            assert problem.message.strip()
            assert problem.line >= 0
        if not outcome.problems:
            counted = outcome.added + outcome.changed + outcome.unchanged
            assert not outcome.rows or counted or outcome.remarks, (
                f"{outcome.rows} rows, and nothing said of them"
            )
        self._tally.met["problems named" if outcome.problems else "read"] += 1

    def _stored(self, kind: str, request: ImportRequest) -> None:
        """All of it or nothing; taken back, what stood before stands."""
        before = everything(self._url)
        try:
            outcome = run_import(self._practice.practice, LOADERS[kind], request, _unseen)
        except Refusal:
            outcome = None
        if outcome is None or not outcome.stored:
            if everything(self._url) != before:
                self._tally.wrong("faults", f"refused, and changed something: {kind} {request.data[:300]!r}")
            return
        self._tally.met["stored"] += 1
        if outcome.problems:
            self._tally.wrong("lost", f"stored, with problems named: {kind} {request.data[:300]!r}")
        if outcome.number is not None:
            self._practice.do(take_back, outcome.number)
            self._tally.met["taken back"] += 1

    def _bitten(self, data: bytes) -> bytes:
        made = bytearray(data)
        for _ in range(self._chance.randint(1, 5)):
            at = self._chance.randrange(len(made) + 1)
            made[at : at + self._chance.randint(0, 3)] = self._chance.choice(
                [
                    b"",
                    b'"',
                    b",",
                    b";",
                    b"\n",
                    b"\r",
                    b"\x00",
                    b"\xff",
                    b"9",
                    b"-",
                    b"=",
                    b"\xe2\x80\x93",
                    b"PK",
                ]
            )
        return bytes(made)


def _unseen(_done: int, _of: int) -> None:
    """Nobody watches."""
