"""Spares the program the collector of cycles where it finds nothing: while it loads, in long work, in what stays."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

#: New objects before the collector looks at them, and how often it looks at those that were there before: Python's own
#: 700, 10 and 10 are made for less, and walk through everything that is loaded again and again while it loads.
_THRESHOLDS = (20_000, 20, 50)


def calm() -> None:
    """Have the collector look less often, from the start of a process on."""
    gc.set_threshold(*_THRESHOLDS)


def keep_what_is_loaded() -> None:
    """Have the collector leave alone what a server keeps until it ends: it would walk through it for nothing."""
    gc.freeze()


@contextmanager
def without_collector() -> Iterator[None]:
    """Work without the collector of cycles: a report or an import makes millions of values and few cycles.

    The collector would walk all that lives again and again, for a tenth of a report's time and a sixth of an import's.
    The process ends with the work, and does not look through what it has loaded a last time either.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
