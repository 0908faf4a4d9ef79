"""Every act, undone and put back in any order, beside merges, closes and memberships, against a simple model."""

import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import hypothesis
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from benchmarks.soak.acts_beside import Beside
from benchmarks.soak.places import on_server, server, sqlite
from benchmarks.soak.rounds import MOST_FAULTS
from benchmarks.soak.tally import KeptTally
from billing.people import Member
from services.acts import undo
from services.acts.ways import WAYS
from services.acts.went import MoreToUndo, TakenBack
from services.checks import verify
from services.context import Context
from services.errors import Refusal, StorageError
from storage import ActKind, Database
from tests.services.test_acts_matrix import ACTS, NOVEMBER, OCTOBER, founded, stands
from tests.support.practice import TryPractice

#: Steps of one practice.
_STEPS = 25
#: Every so many steps the whole database is verified.
_VERIFIED_EVERY = 10
_NAMES = sorted(ACTS)
_TURNED = frozenset({ActKind.UNDO, ActKind.PUT_BACK})

Dump = dict[str, Any]
#: Seconds that stand, by patient and month.
Sums = Counter[tuple[int, str]]
Copy = Callable[[], tuple[str, Callable[[], None]]]


@dataclass(kw_only=True)
class Step:
    """An act that somebody did, and what stood before and after it."""

    act_id: int
    kind: ActKind
    by: int
    before: Dump = field(repr=False)
    after: Dump = field(repr=False)

    @property
    def touched(self) -> frozenset[int]:
        """The entries that it changed."""
        old, new = _entries(self.before), _entries(self.after)
        return frozenset(key for key in old.keys() | new.keys() if old.get(key) != new.get(key))

    @property
    def moved(self) -> Sums:
        """By how much it changed each sum."""
        moved = Counter(sums_of(self.after))
        moved.subtract(sums_of(self.before))
        return moved


def _entries(dump: Dump) -> dict[int, Any]:
    return {one.entry_id: one for found in dump["entries"].values() for one in found}


def sums_of(dump: Dump) -> Sums:
    """Added up from the entries themselves, and not by the program."""
    found: Sums = Counter()
    for one in _entries(dump).values():
        found[one.patient_id, f"{one.service_date:%Y-%m}"] += one.seconds
    return found


class Watched(TryPractice):
    """A practice that looks at what each use case left, and keeps each act as a step."""

    def begin(self) -> None:
        """From now on."""
        self.steps: list[Step] = []
        self.dump, self.last = self.see(stands), self.see(_last_act)

    def do(self, use_case: Any, *args: Any, **kwargs: Any) -> Any:
        """Run a use case: what is refused changes nothing."""
        if not hasattr(self, "steps"):
            return super().do(use_case, *args, **kwargs)
        before = self.dump
        try:
            done = super().do(use_case, *args, **kwargs)
        except (Refusal, StorageError):
            assert self.see(stands) == before, "something was refused, and changed what stands"
            raise
        self.dump = self.see(stands)
        for act_id, kind, by in self.see(_acts_after, self.last):
            self.steps.append(Step(act_id=act_id, kind=kind, by=by, before=before, after=self.dump))
            self.last = act_id
        return done


class ActsMachine(RuleBasedStateMachine):
    """Does any act, takes any back, puts any back, and holds what stands against what stood."""

    tally: KeptTally
    copy: Copy

    def __init__(self) -> None:
        super().__init__()
        url, self._drop = type(self).copy()
        self._database = Database.open(url)
        self.practice = Watched(self._database)
        self.scene = founded(self.practice)
        self.practice.begin()
        self.beside = Beside(self.practice, self.scene, type(self).tally)
        #: Of each undo, what it took back, and what stood before it.
        self.undone: list[tuple[TakenBack, int, Step, Dump]] = []
        self.gone: set[int] = set()
        #: Steps that were looked at.
        self._seen = 0
        self.done: list[str] = []

    @rule(place=st.integers(0, 10**6), minutes=st.integers(1, 40))
    def act(self, place: int, minutes: int) -> None:
        """Whatever is refused changes nothing; whatever is stored is an act, and its sums are its entries'."""
        name = self._luck(place).choice(_NAMES)
        self.practice.clock.pass_(minutes=minutes)
        self._note(name)
        try:
            ACTS[name][1](self.scene)
        except (Refusal, StorageError, AssertionError, AttributeError) as refusal:
            # An act of the scene takes its own first step for granted, which a practice that has lived may refuse.
            if isinstance(refusal, AssertionError) and "stands" in str(refusal):
                raise
            type(self).tally.met["refused"] += 1
        else:
            type(self).tally.met[f"did {ACTS[name][0].value}"] += 1
        self._agrees()

    @rule(place=st.integers(0, 10**6), minutes=st.integers(1, 40))
    def do_beside(self, place: int, minutes: int) -> None:
        """Somebody is merged, taken apart, a month closed, opened, written to late, a membership changed."""
        self.practice.clock.pass_(minutes=minutes)
        self._note(f"beside {place}")
        self.done[-1] = self.beside.do(self._luck(place))
        self._agrees()

    def _luck(self, place: int) -> Random:
        """A number's own, at this step: Hypothesis takes the first of a list, and 0, more often than all others."""
        return Random(place * 1_009 + len(self.done))

    @property
    def people(self) -> dict[int, Member]:
        """Who acts, as they are now."""
        return self.beside.model.people

    @rule(who=st.integers(0, 5), minutes=st.integers(0, 5))
    def take_back(self, who: int, minutes: int) -> None:
        """The last act of that person goes, and nothing of anybody else's; what stood before it stands again."""
        # Whoever has done something, the last one mostly.
        acted = list(dict.fromkeys(one.by for one in reversed(self._standing()))) or list(self.people)
        actor = self.people[acted[who if who < len(acted) else 0]]
        self.practice.clock.pass_(minutes=minutes)
        self._note(f"undo by {actor.display_name}")
        before = self.practice.dump
        try:
            done = self.practice.do(undo.undo_last, actor)
            if isinstance(done, MoreToUndo):
                done = self.practice.do(undo.undo_act, actor, done.act_id)
        except Refusal:
            type(self).tally.met["undo refused"] += 1
            self._agrees()
            return
        assert isinstance(done, TakenBack)
        step = next((one for one in reversed(self._standing()) if one.by == actor.member_id), None)
        if step is None:
            # What the scene prepared.
            return
        assert not WAYS[step.kind].refusal, f"undo took back {step.kind.value}, or reached past it"
        self.gone.add(step.act_id)
        self.undone.append((done, actor.member_id, step, before))
        self._returned(step, before, step.before, step.after, "undo")
        type(self).tally.met["undone"] += 1

    @rule(minutes=st.integers(0, 5), other=st.booleans())
    def put_back(self, minutes: int, other: bool) -> None:  # noqa: FBT001 - drawn by Hypothesis
        """What was undone last is back, by whoever undid it and nobody else."""
        if not self.undone:
            return
        done, by, step, stood = self.undone[-1]
        self.practice.clock.pass_(minutes=minutes)
        self._note(f"put back{' by another' if other else ''}")
        before = self.practice.dump
        actor = next(one for key, one in self.people.items() if (key != by) is other)
        try:
            self.practice.do(undo.put_back, actor, done.act_id)
        except Refusal:
            type(self).tally.met["put back refused"] += 1
            return
        assert not other, "somebody put back what another had undone"
        self.undone.pop()
        self.gone.discard(step.act_id)
        self._returned(
            step, before, stood, before, "put back", is_adjacent=self._is_last_turn(before, stood, step)
        )
        type(self).tally.met["put back"] += 1

    def _is_last_turn(self, before: Dump, stood: Dump, step: Step) -> bool:
        return before == step.before and stood == step.after

    def _returned(
        self, step: Step, before: Dump, wanted: Dump, then: Dump, how: str, *, is_adjacent: bool | None = None
    ) -> None:
        """Hold what stands now against what stood."""
        now = self.practice.dump
        if (before == then) if is_adjacent is None else is_adjacent:
            differ = [name for name in now if now[name] != wanted[name]]
            assert not differ, (
                f"{how} of {step.kind.value}: {differ} are not as before: {_shown(now, wanted, differ)}"
            )
            type(self).tally.met["compared whole"] += 1
        self._agrees()

    def _standing(self) -> list[Step]:
        return [one for one in self.practice.steps if one.kind not in _TURNED and one.act_id not in self.gone]

    def _agrees(self) -> None:
        """Sums of the program are those of the entries that stand; nobody acts whose membership has ended."""
        self.beside.agrees()
        left = {key for key, one in self.people.items() if not one.active}
        assert not (found := [one for one in self.practice.steps[self._seen :] if one.by in left]), (
            f"{[one.kind.value for one in found]} by somebody whose membership has ended"
        )
        self._seen = len(self.practice.steps)
        sums = sums_of(self.practice.dump)
        for month in (OCTOBER, NOVEMBER):
            told = self.practice.see(_totals, month.first_day, month.last_day)
            mine = {
                who: found
                for (who, name), found in sums.items()
                if name == f"{month.first_day:%Y-%m}" and found
            }
            assert {who: found for who, found in told.items() if found} == mine, (
                f"sums of {month}: {told}, {mine}"
            )
        type(self).tally.keep()

    def _note(self, what: str) -> None:
        type(self).tally.tried += 1
        self.done.append(what)
        if len(self.done) % _VERIFIED_EVERY == 0:
            self._verify()

    def _verify(self) -> None:
        found = self.practice.see(verify)
        assert (found.changed, found.totals) == ((), ()), f"verify: {found.changed} {found.totals}"

    def teardown(self) -> None:
        """At the end the database is sound."""
        try:
            self._verify()
        finally:
            self._database.close()
            self._drop()


def _last_act(context: Context) -> int:
    return max((one[0] for one in _acts_after(context, 0)), default=0)


def _acts_after(context: Context, last: int) -> list[tuple[int, ActKind, int]]:
    found = {
        one.act_id: (one.act_id, one.kind, one.actor)
        for kind in ActKind
        for one in context.uow.acts.of_kind(kind)
    }
    return [found[key] for key in sorted(found) if key > last]


def _totals(context: Context, first: date, last: date) -> dict[int, int]:
    return dict(context.uow.ledger.totals(first, last))


def _shown(now: Dump, wanted: Dump, differ: list[str]) -> str:
    return "; ".join(f"{name}: {now[name]!r} for {wanted[name]!r}"[:400] for name in differ)


@contextmanager
def _copies(on_postgres: bool, tally: KeptTally) -> Iterator[Copy | None]:  # noqa: FBT001 - which of the two
    if on_postgres:
        with server() as found:
            if found is None:
                tally.left_out.append("acts: no PostgreSQL here, so that it was not tried there")
                yield None
                return
            template = on_server(found).rpartition("/")[2].partition("?")[0]

            def made() -> tuple[str, Callable[[], None]]:
                name = found.create_database(template=template)
                return found.url_of(name), lambda: found.drop_database(name)

            yield made
        return
    with sqlite() as url, tempfile.TemporaryDirectory(prefix="cocm-soak-") as folder:
        template_file, copy = Path(url.removeprefix("sqlite:///")), Path(folder) / "cocm.db"

        def copied() -> tuple[str, Callable[[], None]]:
            shutil.copyfile(template_file, copy)
            return f"sqlite:///{copy}", lambda: [one.unlink() for one in Path(folder).iterdir()] and None

        yield copied


def soak(tally: KeptTally, seed: int, budget: int) -> None:
    """Take so many steps: one share on SQLite, the other on PostgreSQL."""
    with _copies(bool(seed % 2), tally) as copy:
        if copy is None:
            return
        round_ = 0
        while tally.tried < budget and tally.faults <= MOST_FAULTS:
            machine = type("Acts", (ActsMachine,), {"tally": tally, "copy": staticmethod(copy)})
            _one_practice(machine, seed * 100_003 + round_, tally)
            round_ += 1
            tally.keep()


def _one_practice(machine: type[ActsMachine], seed: int, tally: KeptTally) -> None:
    last: list[ActsMachine] = []

    class Known(machine):  # type: ignore[misc, valid-type]
        """Remembered, to say what was done when something is wrong."""

        def __init__(self) -> None:
            super().__init__()
            last[:] = [self]

    quietly = settings(
        max_examples=4,
        stateful_step_count=_STEPS,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
        print_blob=False,
    )
    try:
        run_state_machine_as_test(hypothesis.seed(seed)(Known), settings=quietly)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is what was looked for
        done = last[0].done if last else []
        tally.wrong("faults", f"{type(error).__name__}: {error} after {done[-12:]} (seed {seed})")
