"""Ends every import: stores all of it or nothing."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from services.context import Context
from services.imports.outcome import ImportOutcome, Progress, RowProblem
from services.imports.request import ImportRequest
from storage import FILE_IMPORT, ActKind, Since

#: Stores a part of an import, in the unit of work of the context that it is given.
Step = Callable[[Context], object]
#: Whether what happened since leaves a plan as it is; other than logs and new patients is not asked about.
Check = Callable[[Context, Since], bool]


def nothing_to_make_ready(_context: Context) -> None:
    """Most files are stored as quickly as they could be made ready."""


def without_new_patients(_context: Context, since: Since) -> bool:
    """A file whose rows name patients goes by who is one; what people log is nothing to it."""
    return not since.has_new_patients


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedImport:
    """A file as it was read and checked, and what is to be stored of it."""

    #: What is imported, for the audit chain.
    kind: str
    #: What the file holds; nothing is stored yet.
    outcome: ImportOutcome
    steps: Sequence[Step] = field(default=(), repr=False)
    #: Makes ready what the steps store, before the write begins; where there is no such time, it is not called.
    make_ready: Step = field(default=nothing_to_make_ready, repr=False)
    #: Asked in the write, of a file that was read before it.
    still_holds: Check = field(default=without_new_patients, repr=False)


class Loader(Protocol):
    """Reads and checks a file of one kind; it stores nothing."""

    def __call__(self, context: Context, request: ImportRequest) -> PlannedImport:
        """Plan an import.

        Args:
            context: Where the import works; one that only reads will do.
            request: The file, and how it is to be read.
        """
        ...


def by_line(problem: RowProblem) -> tuple[int, str]:
    """The order in which a person fixes a file."""
    return problem.line, problem.column


def plan_only(context: Context, loader: Loader, request: ImportRequest) -> ImportOutcome:
    """What a file holds; nothing is stored."""
    return planned(context, loader, request).outcome


def planned(context: Context, loader: Loader, request: ImportRequest) -> PlannedImport:
    """A file as it was read and checked; that these very bytes were imported before is said."""
    plan = loader(context, replace(request, today=context.today, zone=context.settings.zone))
    known = next(
        (one for one in context.uow.import_log.of_file(plan.kind, _sha256(request)) if not one.undone_at),
        None,
    )
    if known is None:
        return plan
    day = known.at.astimezone(context.settings.zone).date()
    said = f"This very file was imported on {day} already: it is import {known.number}."
    return replace(plan, outcome=replace(plan.outcome, seen_before=said))


def take_in(context: Context, loader: Loader, request: ImportRequest, progress: Progress) -> ImportOutcome:
    """Read a file, and store all of it; with problems do nothing.

    Args:
        context: Where the import works.
        loader: Of the file's kind.
        request: The file, and how it is to be read.
        progress: Told how many steps are done, of how many.
    """
    context.uow.episodes.hold()
    return carry_out(context, planned(context, loader, request), request, progress)


def carry_out(
    context: Context, plan: PlannedImport, request: ImportRequest, progress: Progress
) -> ImportOutcome:
    """Store what was planned, under a number, with its link in the audit chain; with problems do nothing."""
    outcome = plan.outcome
    if outcome.problems:
        return outcome
    context.uow.import_log.begin(context.now)
    context.uow.facts.come_from("import", context.now)
    for done, step in enumerate(plan.steps, start=1):
        step(context)
        progress(done, len(plan.steps))
    number = context.uow.import_log.finish(
        plan.kind,
        sha256=_sha256(request),
        size=len(request.data),
        counts=(outcome.rows, outcome.added, outcome.changed, outcome.unchanged),
    )
    if request.by is not None and number is not None:
        context.uow.acts.begin(ActKind.IMPORT, by=request.by, at=context.now)
        context.uow.acts.changed(FILE_IMPORT, number, None, 1)
    context.uow.audit.record(
        at=context.now,
        actor=request.by,
        action=f"import.{plan.kind}",
        subject=plan.kind if number is None else f"import:{number}",
        details={"added": outcome.added, "changed": outcome.changed, "unchanged": outcome.unchanged},
    )
    context.uow.commit()
    return replace(outcome, stored=True, number=number)


def _sha256(request: ImportRequest) -> str:
    return hashlib.sha256(request.data).hexdigest()
