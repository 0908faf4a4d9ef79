"""Ends every import: stores all of it or nothing."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from services.context import Context
from services.imports.outcome import ImportOutcome, Progress, RowProblem


def by_line(problem: RowProblem) -> tuple[int, str]:
    """The order in which a person fixes a file."""
    return problem.line, problem.column


def carry_out(
    context: Context,
    kind: str,
    outcome: ImportOutcome,
    steps: Sequence[Callable[[], object]],
    progress: Progress,
) -> ImportOutcome:
    """Store what was planned, leave its link in the audit chain, and commit; with problems do nothing.

    Args:
        context: Where the import works.
        kind: What is imported, for the audit chain.
        outcome: What the file holds.
        steps: Each stores a part.
        progress: Told how many steps are done, of how many.
    """
    if outcome.problems:
        return outcome
    context.uow.facts.come_from("import", context.now)
    for done, step in enumerate(steps, start=1):
        step()
        progress(done, len(steps))
    context.uow.audit.record(
        at=context.now,
        actor=None,
        action=f"import.{kind}",
        subject=kind,
        details={"added": outcome.added, "changed": outcome.changed, "unchanged": outcome.unchanged},
    )
    context.uow.commit()
    return replace(outcome, stored=True)
