"""Remembers MRNs that people typed into a search and that are nobody's yet, so that a form carries none."""

import secrets
from collections import OrderedDict

#: MRNs remembered; the oldest go first, and all of them when the program ends.
_MOST = 5_000
_MARK = "typed:"


class TypedMrns:
    """What was typed, by the opaque value that stands for it in a menu."""

    def __init__(self) -> None:
        self._texts: OrderedDict[str, tuple[int, str]] = OrderedDict()
        self._values: dict[tuple[int, str], str] = {}

    def value_of(self, member_id: int, text: str) -> str:
        """What stands for an MRN that a member typed."""
        known = self._values.get((member_id, text))
        if known is not None:
            self._texts.move_to_end(known)
            return known
        value = f"{_MARK}{secrets.token_urlsafe(9)}"
        self._texts[value] = member_id, text
        self._values[member_id, text] = value
        while len(self._texts) > _MOST:
            _, oldest = self._texts.popitem(last=False)
            del self._values[oldest]
        return value

    def text_of(self, member_id: int, value: str) -> str | None:
        """The MRN that a value stands for; None when it is forgotten, or another member's."""
        whose, text = self._texts.get(value, (None, ""))
        return text if whose == member_id else None

    @staticmethod
    def is_one(value: str) -> bool:
        """Whether a menu's value stands for something typed, rather than for a patient."""
        return value.startswith(_MARK)
