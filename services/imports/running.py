"""Runs an import in two parts: a file is read and checked while others write, and stored in a write that is short.

What a file was checked against may change in between. Then it is read and checked again; after a few times in vain it
is done in the write itself, so that it ends.
"""

from dataclasses import dataclass

from services.context import Practice
from services.imports.outcome import ImportOutcome, Progress
from services.imports.request import ImportRequest
from services.imports.storing import Loader, PlannedImport, carry_out, planned, take_in
from storage import LOGGED, AlreadyExists, Mark, PlanOutdated, Since, UnitOfWork

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

    Args:
        practice: Whose file it is.
        loader: Of the file's kind.
        request: The file, and how it is to be read.
        progress: Told how many steps of storing are done, of how many.

    Raises:
        StorageError: when the database stands in the way; nothing is stored.
    """
    for _ in range(_PLANS):
        attempt = _Attempt(practice, loader, request, progress)
        try:
            stored = practice.database.write_ahead(
                attempt.plan, attempt.store, tenant_id=practice.tenant_id
            ).result()
        except (PlanOutdated, AlreadyExists):
            continue
        return stored or attempt.outcome
    return practice.database.write(
        lambda uow: take_in(practice.context(uow), loader, request, progress), tenant_id=practice.tenant_id
    ).result()


class _Attempt:
    """One reading of a file, and its storing."""

    def __init__(
        self, practice: Practice, loader: Loader, request: ImportRequest, progress: Progress
    ) -> None:
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
        return carry_out(context, ahead.plan, self._request, self._progress)


def _is_apart(since: Since) -> bool:
    """Whether nothing was done that any file is checked against."""
    return since.actions <= _APART and not since.has_other_members
