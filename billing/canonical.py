"""Values as JSON bytes that come out the same every time, and read back as the same values.

Fields at their defaults are left out, so that a value frozen before a field existed keeps its bytes.
"""

import json
from collections.abc import Set as AbstractSet
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from types import UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

_Value = TypeVar("_Value")


def to_bytes(value: object) -> bytes:
    """Serialize a dataclass of plain values: sorted keys, no spaces, UTF-8, instants in UTC.

    Raises:
        TypeError: for a kind of value that no frozen month holds.
    """
    return json.dumps(
        value, default=_plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False
    ).encode()


def from_bytes(kind: type[_Value], data: bytes) -> _Value:
    """Read what `to_bytes` wrote of a dataclass of that type.

    Raises:
        ValueError: when the bytes are not such a value.
    """
    try:
        found = _typed(kind, json.loads(data))
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise ValueError(f"These bytes are not a {kind.__name__}.") from error
    assert isinstance(found, kind)
    return found


def _plain(value: object) -> Any:
    """What JSON itself cannot hold."""
    if is_dataclass(value) and not isinstance(value, type):
        return {
            field.name: found
            for field in fields(value)
            if (found := getattr(value, field.name)) != _default(field)
        }
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, AbstractSet):
        return sorted(value)
    raise TypeError(f"{type(value).__name__} has no canonical form")


def _default(field: Field[Any]) -> object:
    return field.default_factory() if field.default_factory is not MISSING else field.default


@lru_cache(maxsize=128)
def _types(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _typed(kind: Any, plain: Any) -> Any:
    """Read plain JSON as a value of that type."""
    if get_origin(kind) is not None:
        return _composed(kind, plain)
    if is_dataclass(kind):
        assert isinstance(kind, type)
        types = _types(kind)
        return kind(**{name: _typed(types[name], item) for name, item in plain.items()})
    if kind in (date, datetime):
        return kind.fromisoformat(plain)
    return kind(plain)


def _composed(kind: Any, plain: Any) -> Any:
    """Read an optional value, a tuple or a frozen set."""
    kinds = get_args(kind)
    if get_origin(kind) is UnionType:
        return None if plain is None else _typed(kinds[0], plain)
    if get_origin(kind) is frozenset:
        return frozenset(_typed(kinds[0], item) for item in plain)
    if kinds[-1] is Ellipsis:
        return tuple(_typed(kinds[0], item) for item in plain)
    return tuple(_typed(each, item) for each, item in zip(kinds, plain, strict=True))
