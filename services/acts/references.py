"""How people name a care fact and its versions: `c-7fk`, `c-7fk.3`."""

from dataclasses import dataclass
from typing import Self

from billing.references import number_of, reference

_PREFIX = "c-"
#: The place of each kind of fact in its references; a place is never given to another.
_KINDS = (
    *("episode", "case_review", "score", "statement", "admission", "attestation", "patient"),
    "claim_fact",
)
_PLACES = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class FactReference:
    """A fact, or one of its versions."""

    kind: str
    fact_id: int
    #: None for the fact as it stands.
    n: int | None = None

    @classmethod
    def of(cls, text: str) -> Self | None:
        """What a reference names, in either case; None when it can name nothing."""
        whole, dot, n = text.strip().casefold().partition(".")
        number = number_of(_PREFIX, whole)
        if number is None or (dot and not (n.isdecimal() and int(n))):
            return None
        fact_id, place = divmod(number, _PLACES)
        if place >= len(_KINDS) or not fact_id:
            return None
        return cls(kind=_KINDS[place], fact_id=fact_id, n=int(n) if dot else None)

    @classmethod
    def shown(cls, kind: str, fact_id: int) -> str:
        """The reference of a fact; empty for what people chose, which has none, being theirs alone."""
        return str(cls(kind=kind, fact_id=fact_id)) if kind in _KINDS else ""

    def __str__(self) -> str:
        whole = reference(_PREFIX, self.fact_id * _PLACES + _KINDS.index(self.kind))
        return whole if self.n is None else f"{whole}.{self.n}"
