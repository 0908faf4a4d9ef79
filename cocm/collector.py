"""Spares what is long at the command line the collector of cycles."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


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
