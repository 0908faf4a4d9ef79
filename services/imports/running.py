"""Runs an import in two parts: a file is read and checked while others write, and stored in a write that is short.

What a file was checked against may change in between. Then it is read and checked again; after a few times in vain it
is done in the write itself, so that it ends.
"""

import contextlib
from dataclasses import dataclass
from typing import cast

from services.context import Practice
from services.errors import Refusal
from services.imports.outcome import ImportOutcome, Progress
from services.imports.request import ImportRequest
from services.imports.storing import Loader, PlannedImport, carry_out, planned, take_in
from services.once.run import current, raised
from storage import LOGGED, AlreadyExists, Mark, PlanOutdated, Since, StorageError, UnitOfWork

#: How often a file is read and checked ahead of the write.
_PLANS = 3
#: What people may do meanwhile without a question to the plan: nothing else that is stored leaves a file as it was.
_APART = frozenset({LOGGED})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ahead:
    """A plan, and how far the practice had come when it was made."""

    plan: PlannedImport
    mark: Mark


def run_import(
    practice: Practice, loader: Loader, request: ImportRequest, progress: Progress
) -> ImportOutcome:
    """Read a file, and store all of it or nothing; with problems, nothing.

    For a delivery of Slack's that was carried out before, what came of it then; nothing is done.

    Args:
        practice: Whose file it is.
        loader: Of the file's kind.
        request: The file, and how it is to be read.
        progress: Told how many steps of storing are done, of how many.

    Raises:
        StorageError: when the database stands in the way; nothing is stored.
    """
    once = _Once(practice)
    if once.was_done():
        return once.given()
    try:
        outcome = _imported(practice, loader, request, progress, once)
    except Refusal as refused:
        once.keep(raised(refused))
        raise
    if not outcome.stored:
        once.keep(outcome)
    return outcome


def _imported(
    practice: Practice, loader: Loader, request: ImportRequest, progress: Progress, once: "_Once"
) -> ImportOutcome:
    for _ in range(_PLANS):
        attempt = _Attempt(practice, loader, request, progress, once)
        try:
            stored = practice.database.write_ahead(
                attempt.plan, attempt.store, tenant_id=practice.tenant_id
            ).result()
        except (PlanOutdated, AlreadyExists):
            if once.was_done():
                return once.given()
            continue
        return stored or attempt.outcome

    def take(uow: UnitOfWork) -> ImportOutcome:
        once.begin(uow)
        return once.end(uow, take_in(practice.context(uow), loader, request, progress))

    return practice.database.write(take, tenant_id=practice.tenant_id).result()


class _Once:
    """The delivery that asked for an import, where one of Slack's did."""

    def __init__(self, practice: Practice) -> None:
        self._practice = practice
        self._run = current()
        self._step = "" if self._run is None else self._run.step(run_import)

    def was_done(self) -> bool:
        """Whether it was carried out before, or by another delivery of the same in the meantime."""
        if self._run is None:
            return False
        if not self._run.was_done(self._step):
            run, database = self._run, self._practice.database
            found = database.read(
                lambda uow: uow.requests.steps(run.key), tenant_id=self._practice.tenant_id
            ).result()
            if self._step in found:
                run.take_up({self._step: found[self._step]})
        return self._run.was_done(self._step)

    def given(self) -> ImportOutcome:
        """What came of it then."""
        assert self._run is not None, "only a delivery was carried out before"
        return cast("ImportOutcome", self._run.given_before(self._step))

    def begin(self, uow: UnitOfWork) -> None:
        """Say that a unit of work is the import."""
        if self._run is not None:
            uow.requests.carry(self._run.key, self._step, self._practice.clock.now())

    def end(self, uow: UnitOfWork, outcome: ImportOutcome) -> ImportOutcome:
        """Keep what came of it with it."""
        if self._run is not None and uow.kept:
            uow.requests.answer(self._run.done(outcome))
        return outcome

    def keep(self, outcome: object) -> None:
        """Keep what came of an import that stored nothing."""
        if self._run is None:
            return
        kept = self._run.done(outcome)

        def store(uow: UnitOfWork) -> None:
            self.begin(uow)
            uow.requests.answer(kept)
            uow.commit()

        with contextlib.suppress(StorageError):
            self._practice.database.write(store, tenant_id=self._practice.tenant_id).result()


class _Attempt:
    """One reading of a file, and its storing."""

    def __init__(
        self,
        practice: Practice,
        loader: Loader,
        request: ImportRequest,
        progress: Progress,
        once: _Once,
    ) -> None:
        self._once = once
        self._practice = practice
        self._loader = loader
        self._request = request
        self._progress = progress
        self.outcome = ImportOutcome()

    def plan(self, uow: UnitOfWork) -> _Ahead | None:
        """Read and check the file, and make ready what will be stored; None when there is nothing to store."""
        context = self._practice.context(uow)
        mark = uow.marks.now()
        plan = planned(context, self._loader, self._request)
        self.outcome = plan.outcome
        if plan.outcome.problems:
            return None
        if uow.is_ahead:
            plan.make_ready(context)
        return _Ahead(plan=plan, mark=mark)

    def store(self, uow: UnitOfWork, ahead: _Ahead) -> ImportOutcome:
        """Store what was planned.

        Raises:
            PlanOutdated: when what it was checked against has changed.
        """
        context = self._practice.context(uow)
        uow.episodes.hold()
        since = uow.marks.since(ahead.mark)
        if not _is_apart(since) or not ahead.plan.still_holds(context, since):
            raise PlanOutdated
        self._once.begin(uow)
        return self._once.end(uow, carry_out(context, ahead.plan, self._request, self._progress))


def _is_apart(since: Since) -> bool:
    """Whether nothing was done that any file is checked against."""
    return since.actions <= _APART and not since.has_other_members
