"""Frozen values by the ten thousand, from columns.

The `__init__` of a frozen dataclass sets field after field through `object.__setattr__`, which takes four times as long
as plain assignment, and a report makes more than a hundred thousand values. So many at a time are made as instances of
a twin with the same slots that is not frozen yet, and then become what they are.
"""

from collections.abc import Iterable, Sequence
from dataclasses import fields, make_dataclass
from functools import lru_cache
from typing import Any, TypeVar, cast

V = TypeVar("V")

#: For fewer rows, taking them apart costs more than it saves.
MANY = 16


def values_of(kind: type[V], columns: Sequence[Iterable[Any]]) -> list[V]:
    """Values of a frozen, slotted dataclass that checks nothing when made.

    Args:
        kind: The dataclass.
        columns: One for each of its fields, in their order, all of one length.
    """
    found: list[V] = list(map(_twin(cast("Any", kind)), *columns))
    for value in found:
        value.__class__ = kind
    return found


@lru_cache(maxsize=64)
def _twin(kind: Any) -> Any:
    return make_dataclass(kind.__name__, [(field.name, Any) for field in fields(kind)], slots=True, eq=False)
