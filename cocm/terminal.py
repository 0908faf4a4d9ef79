"""Writes to the terminal of whoever works at the command line: sentences, tables, how far a thing is."""

from collections.abc import Callable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from contextlib import contextmanager

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table
from rich.text import Text

out = Console(soft_wrap=True, highlight=False)
err = Console(stderr=True, soft_wrap=True, highlight=False)

#: In place of a file's name: what comes in through a pipe.
STANDARD_INPUT = "-"
#: Wide enough that no line of a table breaks.
UNBOUND = 1_000


def draw(
    columns: Sequence[str], rows: Sequence[Sequence[str]], figures: AbstractSet[str] = frozenset()
) -> None:
    """Print a table: as wide as a terminal, or unbroken into a pipe."""
    console = out if out.is_terminal else Console(width=UNBOUND, highlight=False)
    console.print(drawn(columns, rows, figures))


def drawn(columns: Sequence[str], rows: Sequence[Sequence[str]], figures: AbstractSet[str]) -> Table:
    """A table; the columns of figures to the right."""
    table = Table(box=SIMPLE, pad_edge=False)
    for name in columns:
        table.add_column(name, justify="right" if name in figures else "left", overflow="fold")
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    return table


@contextmanager
def bar(title: str) -> Iterator[Callable[[int, int], None]]:
    """A progress bar on standard error, from the first word of progress on."""
    from rich.progress import (  # noqa: PLC0415 - only imports and moves are long
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as progress:
        task = progress.add_task(title, total=None)

        def tell(done: int, total: int) -> None:
            progress.update(task, completed=done, total=total)

        yield tell
