"""Keeps what a use case answered as bytes, so that its redelivery is answered the same.

The bytes are read by the program that wrote them and by no other version, within a day. They are a pickle of which
nothing is taken but values: dataclasses, enumerations and refusals of this program, and a few plain types.
"""

import copyreg
import io
import pickle
from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from enum import Enum
from importlib import import_module
from operator import attrgetter, methodcaller
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

import structlog

from services.errors import Refusal, StorageError
from services.program import judged_by

log = structlog.get_logger(__name__)

#: Larger outcomes are not kept: their redelivery is answered with word that it was done.
MOST_BYTES = 128 * 1024
_PROTOCOL = 5
_OURS = frozenset({"billing", "services", "storage", "bot"})
_PLAIN: dict[str, Callable[..., Any]] = {
    f"{kind.__module__}.{kind.__qualname__}": kind
    for kind in (
        *(date, datetime, time, timedelta, timezone, Decimal),
        *(Counter, OrderedDict, defaultdict, deque),
        *(set, frozenset, list, dict, tuple, int, str),
    )
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a use case gave or refused, and what it and its listener had read before, by step."""

    value: Any
    read: dict[str, Any]

    def result(self) -> Any:
        """What it gave.

        Raises:
            Exception: what it refused with.
        """
        if isinstance(self.value, Raised):
            raise self.value.error()
        return self.value


@dataclass(frozen=True, slots=True)
class Raised:
    """A refusal, as what it was made of: its class may want other arguments than it keeps."""

    kind: type[Exception]
    args: tuple[Any, ...]
    facts: dict[str, Any]

    @classmethod
    def of(cls, error: Exception) -> "Raised":
        """A refusal as a value."""
        return cls(type(error), error.args, {k: v for k, v in vars(error).items() if k[:1] != "_"})

    def error(self) -> Exception:
        """The refusal again."""
        made = self.kind.__new__(self.kind, *self.args)
        made.args = self.args
        vars(made).update(self.facts)
        return made


class NotKept(Exception):  # noqa: N818 - says what happened
    """It cannot be kept: too large, or no value."""


class _Bounded(io.BytesIO):
    """Takes so many bytes and no more."""

    def write(self, data: Any, /) -> int:
        if self.tell() + len(data) > MOST_BYTES:
            raise NotKept
        return super().write(data)


def _zone(key: str) -> ZoneInfo:
    return ZoneInfo(key)


def _fixed(facts: dict[Any, Any]) -> Mapping[Any, Any]:
    return MappingProxyType(facts)


#: Rows of tables of the program, which hold functions: each by the name of its table, and its own.
_TABLES: dict[str, Mapping[str, Any]] = {}


def _row_of(table: str, name: str) -> Any:
    return _TABLES[table][name]


def by_name(table: str, rows: Mapping[str, Any], name: Callable[[Any], str]) -> None:
    """Have the rows of a table of the program be kept by their names: they hold functions, which are no values."""
    _TABLES[table] = rows
    for kind in {type(row) for row in rows.values()}:
        _AS_MADE[kind] = lambda row: (_row_of, (table, name(row)))


def harmless(*functions: Callable[..., Any]) -> None:
    """Have functions be kept that rows of the program's tables hold: by their names, as they change nothing."""
    for function in functions:
        _PLAIN[f"{function.__module__}.{function.__qualname__}"] = function


class _Made(dict[Any, Callable[[Any], Any]]):
    """How values are made again, by type.

    A dataclass with slots looks its fields up by name each time it is kept, which takes longer than all the rest of
    it. Here it does so once for each class; what is kept of it is the same.
    """

    def __missing__(self, kind: type) -> Callable[[Any], Any]:
        if issubclass(kind, type):
            # A class goes by its name.
            raise KeyError(kind)
        if not is_dataclass(kind) or getattr(kind, "__getstate__", None) is not _SLOTTED:
            self[kind] = _BY_ITSELF
            return _BY_ITSELF
        names = [field.name for field in fields(kind)]
        state_of = attrgetter(*names) if len(names) > 1 else None

        def made(value: Any) -> Any:
            state = state_of(value) if state_of else [getattr(value, name) for name in names]
            return _newobj, (kind,), state

        self[kind] = made
        return made


@dataclass(frozen=True, slots=True)
class _WithSlots:
    """Any dataclass with slots."""

    value: int = 0


_SLOTTED = getattr(_WithSlots, "__getstate__", None)
_BY_ITSELF: Callable[[Any], Any] = methodcaller("__reduce_ex__", _PROTOCOL)
_newobj: Any = vars(copyreg)["__newobj__"]
_MADE = {"_zone": _zone, "_fixed": _fixed, "_row_of": _row_of}
_AS_MADE = _Made(
    copyreg.dispatch_table
    | {
        ZoneInfo: lambda zone: (_zone, (zone.key,)),
        MappingProxyType: lambda facts: (_fixed, (dict(facts),)),
    }
)


def encoded(outcome: Outcome) -> bytes:
    """An outcome as it is kept; empty where it cannot be."""
    out = _Bounded()
    try:
        out.write(f"{judged_by().program}\n".encode())
        pickler = pickle.Pickler(out, protocol=_PROTOCOL)
        pickler.dispatch_table = _AS_MADE
        pickler.dump((outcome.value, outcome.read))
    except (NotKept, pickle.PicklingError, TypeError, AttributeError) as error:
        log.warning("outcome not kept", of=type(outcome.value).__name__, error=type(error).__name__)
        return b""
    return out.getvalue()


def decoded(kept: bytes) -> Outcome | None:
    """The outcome again; None where it was not kept, or another version of the program kept it."""
    version, _, data = kept.partition(b"\n")
    if version != judged_by().program.encode():
        return None
    try:
        value, read = _Values(io.BytesIO(data)).load()
    except Exception:  # noqa: BLE001 - whatever these bytes are, they are no outcome of this program
        return None
    return Outcome(value, read)


class _Values(pickle.Unpickler):
    """Reads values, and calls nothing but what makes them."""

    def find_class(self, module: str, name: str) -> Any:
        plain = _PLAIN.get(f"{module}.{name}")
        if plain is not None:
            return plain
        if module == __name__ and name in _MADE:
            return _MADE[name]
        if module.partition(".")[0] in _OURS and name.isidentifier():
            found = getattr(import_module(module), name, None)
            if isinstance(found, type) and _is_value(found):
                return found
        log.warning("outcome holds what is no value", of=f"{module}.{name}")
        raise pickle.UnpicklingError


def _is_value(kind: type) -> bool:
    return is_dataclass(kind) or issubclass(kind, Enum | Refusal | StorageError) or hasattr(kind, "_fields")
