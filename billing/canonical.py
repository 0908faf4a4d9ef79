"""Values as JSON bytes that come out the same every time, and read back as the same values.

A field is written also where it stands at its default: what a rule was must not depend on what its default becomes.
Only a field that holds nothing, and whose default is just that nothing (None, no text, no items), is left out. A
field that the bytes do not have takes its default, as one does that did not exist yet.
"""

import json
from collections.abc import Set as AbstractSet
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from types import UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

_Value = TypeVar("_Value")

_NOTHING: tuple[object, ...] = (None, "", (), frozenset())
#: Differs from whatever a field holds.
_ALWAYS = object()


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
        held = ((name, getattr(value, name), nothing) for name, nothing in _fields(type(value)))
        return {name: item for name, item, nothing in held if item != nothing}
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, AbstractSet):
        return sorted(value)
    raise TypeError(f"{type(value).__name__} has no canonical form")


@lru_cache(maxsize=128)
def _fields(kind: type) -> tuple[tuple[str, object], ...]:
    """Names of fields, each with the nothing that it is left out for."""
    return tuple((field.name, _nothing(field)) for field in fields(kind))


def _nothing(field: Field[Any]) -> object:
    """A field's default where that is nothing; else what no field holds."""
    default = field.default_factory() if field.default_factory is not MISSING else field.default
    return default if any(default == empty for empty in _NOTHING) else _ALWAYS


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
