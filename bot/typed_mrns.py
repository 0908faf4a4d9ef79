"""Stands for MRNs that people typed into a search and that are nobody's yet, so that a form carries none.

What is remembered here is what this node was asked of late; the database holds it for every node, and over a restart.
"""

import secrets
from collections import OrderedDict
from typing import NamedTuple

#: MRNs remembered; the oldest go first.
_MOST = 5_000
_MARK = "typed:"


class Standing(NamedTuple):
    """The opaque value that stands for an MRN."""

    value: str
    #: Whether it was made just now, and has to be kept for other nodes.
    is_new: bool


class TypedMrns:
    """What was typed on this node, by the opaque value that stands for it in a menu."""

    def __init__(self) -> None:
        self._texts: OrderedDict[str, tuple[int, str]] = OrderedDict()
        self._values: dict[tuple[int, str], str] = {}

    def value_of(self, member_id: int, text: str) -> Standing:
        """What stands for an MRN that a member typed."""
        known = self._values.get((member_id, text))
        if known is not None:
            self._texts.move_to_end(known)
            return Standing(known, is_new=False)
        value = f"{_MARK}{secrets.token_urlsafe(9)}"
        self._texts[value] = member_id, text
        self._values[member_id, text] = value
        while len(self._texts) > _MOST:
            _, oldest = self._texts.popitem(last=False)
            del self._values[oldest]
        return Standing(value, is_new=True)

    def text_of(self, member_id: int, value: str) -> str | None:
        """The MRN that a value stands for; None when this node does not know it, or it is another member's."""
        whose, text = self._texts.get(value, (None, ""))
        return text if whose == member_id else None

    @staticmethod
    def is_one(value: str) -> bool:
        """Whether a menu's value stands for something typed, rather than for a patient."""
        return value.startswith(_MARK)
