"""Closes a month while many write to it from two nodes, and tells what was frozen unseen, and who was told wrongly."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from datetime import date
from random import Random
from threading import Thread
from time import monotonic, sleep
from typing import Any

from billing.clinical import Scale
from billing.entries import TimeEntry
from billing.episodes import Consent, ConsentKind, Episode
from billing.months import BillingMonth
from billing.people import Member, MemberRole
from services.care.carry_out import carry_out
from services.care.requests import Assess, Measured
from services.context import Context
from services.entries import amend, log, void
from services.entries.changes import EntryEdit
from services.entries.receipts import Receipt
from services.entries.requests import DraftLine, LogDraft
from services.messages.revisions import close_as_seen, close_month
from services.months import review
from services.months.attested import Figures, MonthChanged
from services.months.close import Closed
from services.people.patient_ref import PatientRef
from storage import Database
from tests.support.practice import TryPractice, asked

OCTOBER = BillingMonth(2026, 10)
ADDENDUM = "this is an addendum"
_ENROLLED = date(2026, 8, 3)
_WORKERS = 8


@dataclass(kw_only=True)
class Verdict:
    """What came of one close beside many writes."""

    writes: Counter[str] = field(default_factory=Counter)
    before: int = 0
    after: int = 0
    refused_closes: int = 0
    #: Entries that were acknowledged without a word before the close, and stand otherwise in the frozen lines.
    unseen: list[str] = field(default_factory=list)
    #: Whether the figures attested are those of the frozen lines.
    figures_hold: bool = True
    longest_wait: float = 0.0
    #: Of writes to November, which no close concerns.
    longest_elsewhere: float = 0.0
    freeze_seconds: float = 0.0


@dataclass(frozen=True, kw_only=True)
class _Write:
    """One write to October: what it left of an entry, and whether its author was told that it is an addendum."""

    entry_id: int
    version: int
    #: None for an entry that is void, or went to another month.
    seconds: int | None
    told: bool


class Race:
    """A practice on two nodes, whose October has a line for each patient."""

    def __init__(self, first: Database, second: Database, *, patients: int, seed: int) -> None:
        self.nodes = [TryPractice(first), TryPractice(second)]
        self.patients = patients
        self.chance = Random(seed)
        self.verdict = Verdict()
        self._done: list[_Write] = []
        home = self.nodes[0]
        self.people = [home.member(f"Care {n}", slack=f"UCARE{n}") for n in range(_WORKERS)]
        self.sam = home.member("Sam Whitfield", MemberRole.BILLER)
        home.do(self._add_patients)
        self._old = [home.do(self._log, n, "old") for n in range(patients)]

    def run(self, writes: int, *, as_seen: bool) -> Verdict:
        """Close at some moment of so many writes: as the command line does, or as whoever confirmed what they saw."""
        marks = list(range(writes))
        self.chance.shuffle(marks)
        begin = self.chance.randrange(writes // 10, writes * 6 // 10)
        closing = Thread(target=self._close, args=[as_seen])
        waiting: list[tuple[str, float, Future[Any], list[float]]] = []
        for place, n in enumerate(marks):
            if place == begin:
                closing.start()
            kind, work = self._some_write(n)
            node = self.nodes[n % 2]
            ended: list[float] = []
            future = node.database.write(
                lambda uow, work=work, node=node: work(node._context(uow)), tenant_id=node.tenant_id
            )
            future.add_done_callback(lambda _, ended=ended: ended.append(monotonic()))
            waiting.append((kind, monotonic(), future, ended))
            if place % 16 == 0:
                # People come one after the other.
                sleep(self.chance.random() * 0.02)
        for kind, began, future, ended in waiting:
            self._take(kind, future)
            took = (ended[0] if ended else monotonic()) - began
            if kind == "elsewhere":
                self.verdict.longest_elsewhere = max(self.verdict.longest_elsewhere, took)
            else:
                self.verdict.longest_wait = max(self.verdict.longest_wait, took)
        closing.join()
        self._judge()
        return self.verdict

    # -- what people do ----------------------------------------------------------------------------------

    def _some_write(self, n: int) -> tuple[str, Callable[[Context], Any]]:
        kind = self.chance.choices(
            ("log", "edit", "void", "move", "score", "elsewhere"), (60, 12, 6, 6, 8, 8)
        )[0]
        if kind == "log":
            return kind, lambda context: self._log(context, n, "new")
        if kind == "elsewhere":
            return kind, lambda context: self._log(context, n, "new", date(2026, 11, 2 + n % 9))
        if kind == "score":
            return kind, lambda context: self._score(context, n)
        old = self._old[n % self.patients]
        return kind, lambda context: self._change(context, kind, old.entries[0].entry, n)

    def _author(self, n: int) -> Member:
        return self.people[n % _WORKERS]

    def _log(self, context: Context, n: int, word: str, day: date | None = None) -> Receipt:
        on = day or date(2026, 10, 1 + n % 28)
        request = asked(str(10_000 + n % self.patients), 1 + n % 7, f"{word} call {n}", service_date=on)
        done = log.log(context, self._author(n), LogDraft(lines=(DraftLine(requests=(request,)),)))
        assert isinstance(done, Receipt)
        return done

    def _change(self, context: Context, kind: str, entry: TimeEntry, n: int) -> Receipt:
        author = self._author(n % self.patients)
        if kind == "void":
            return void.void(context, author, entry.entry_id, "logged twice")
        changes: dict[str, Any] = {"seconds": 60 * (8 + n % 50)}
        if kind == "move":
            changes = {"service_date": date(2026, 9, 28)}
        return amend.edit(context, author, EntryEdit(entry_id=entry.entry_id, reason="a slip", **changes))

    def _score(self, context: Context, n: int) -> None:
        ref = PatientRef(text="", identity=str(10_000 + n % self.patients))
        score = Measured(scale=Scale.PHQ9, value=n % 20)
        carry_out(context, self._author(n), Assess(patient=ref, on=date(2026, 10, 5), scores=(score,)))

    def _take(self, kind: str, future: "Future[Any]") -> None:
        try:
            done = future.result(timeout=300)
        except Exception as error:  # noqa: BLE001 - whoever was refused was told, and nothing was stored
            self.verdict.writes[f"{kind}: {type(error).__name__}"] += 1
            return
        self.verdict.writes[kind] += 1
        if not isinstance(done, Receipt) or kind == "elsewhere":
            return
        told = any(ADDENDUM in remark for view in done.entries for remark in view.remarks)
        for view in done.entries:
            gone = kind in {"void", "move"}
            if kind != "move" and view.entry.service_date not in OCTOBER:
                # Moved out of the month by a write before.
                continue
            self._done.append(
                _Write(
                    entry_id=view.entry.entry_id,
                    version=view.entry.version + (kind == "void"),
                    seconds=None if gone else view.entry.seconds,
                    told=told,
                )
            )

    # -- the close ---------------------------------------------------------------------------------------

    def _close(self, as_seen: bool) -> None:  # noqa: FBT001 - a thread's argument
        node = self.nodes[self.chance.randrange(2)]
        if not as_seen:
            began = monotonic()
            node.do(close_month, self.sam, OCTOBER)
            self.verdict.freeze_seconds = monotonic() - began
            return
        seen = node.see(review.before_close, self.sam, OCTOBER).seen
        while True:
            began = monotonic()
            try:
                closed: Closed = node.do(close_as_seen, self.sam, OCTOBER, seen)
            except MonthChanged as changed:
                self.verdict.refused_closes += 1
                seen = str(changed.now)
            else:
                self.verdict.freeze_seconds = monotonic() - began
                frozen = node.see(_frozen_figures, closed.close.revision)
                self.verdict.figures_hold = str(frozen) == seen
                return

    def _judge(self) -> None:
        frozen = self.nodes[0].see(_frozen_entries)
        last: dict[int, _Write] = {}
        for one in sorted(self._done, key=lambda write: write.version):
            if not one.told:
                last[one.entry_id] = one
            self.verdict.after += one.told
            self.verdict.before += not one.told
        for entry_id, one in last.items():
            if frozen.get(entry_id) != one.seconds:
                self.verdict.unseen.append(
                    f"e{entry_id} v{one.version}: {one.seconds}, frozen {frozen.get(entry_id)}"
                )
        for one in self._done:
            if one.told and one.version == 1 and one.entry_id in frozen:
                self.verdict.unseen.append(f"e{one.entry_id} was called an addendum, and is frozen")

    def _add_patients(self, context: Context) -> None:
        for n in range(self.patients):
            identity = str(10_000 + n)
            patient = context.uow.patients.add(mrn=f"MRN{identity}", identity=identity, on_roster=True)
            context.uow.episodes.add(
                Episode(
                    episode_id=0,
                    patient_id=patient.patient_id,
                    enrolled_on=_ENROLLED,
                    initial_assessment_on=_ENROLLED,
                    consent=Consent(given_on=_ENROLLED, kind=ConsentKind.VERBAL),
                )
            )
        context.uow.commit()


def _frozen_entries(context: Context) -> dict[int, int]:
    lines = context.uow.closes.lines(OCTOBER, 1)
    return {entry.entry_id: entry.seconds for line in lines for entry in line.facts.entries}


def _frozen_figures(context: Context, revision: int) -> Figures:
    return Figures.of(replace(line.result) for line in context.uow.closes.lines(OCTOBER, revision))
