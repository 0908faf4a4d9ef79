"""The head of the audit chain, as it is noted outside of the database and compared with later."""

import re
from dataclasses import dataclass

from services.context import Context
from storage import Head

#: Digits of the short form: 48 bits, which nobody makes another chain to by chance.
SHORT = 12
_FULL = 64
_HEAD = re.compile(rf"[0-9a-f]{{{SHORT},{_FULL}}}")
#: The head of a chain without events.
_NONE = "0" * _FULL


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """A head that was noted, found in the chain."""

    head: Head
    #: Events that came after it.
    since: int


def head_of(context: Context) -> Head:
    """The end of the chain as it stands."""
    head = context.uow.chain.head()
    return head if head.hash else Head(seq=0, hash=_NONE, at=None)


def noted_head(context: Context) -> Head | None:
    """The end of the chain, to be noted outside of the database; None before there is one."""
    head = context.uow.chain.head()
    return head if head.seq else None


def anchored(context: Context, expected: str) -> Anchor | None:
    """A head that was noted earlier; None when this chain never had it."""
    wanted = _plain(expected)
    last = context.uow.chain.head()
    if set(wanted) == {"0"}:
        return Anchor(head=Head(seq=0, hash=_NONE, at=None), since=last.seq)
    found = context.uow.chain.place_of(wanted)
    return None if found is None else Anchor(head=found, since=last.seq - found.seq)


def is_head(text: str) -> bool:
    """Whether a text can be a head, whole or its first digits."""
    return _HEAD.fullmatch(_plain(text)) is not None


def short_head(own_hash: str) -> str:
    """A head in a form that people can compare, `a1b2-c3d4-e5f6`."""
    digits = own_hash[:SHORT]
    return "-".join(digits[start : start + 4] for start in range(0, len(digits), 4))


def _plain(text: str) -> str:
    """A head as it was noted, with or without its event's number, blanks or dashes: the digits alone."""
    return re.sub(r"[\s-]", "", text.rpartition(":")[2]).lower()
