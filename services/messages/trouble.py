"""Finds messages that cannot be delivered until somebody fixes something."""

from collections import Counter
from dataclasses import dataclass
from typing import Final

from services.context import Context

#: The name of this kind: what fails of it is no cause for another.
TROUBLE_NAME: Final = "trouble"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stuck:
    """Deliveries that one reason keeps back."""

    #: Slack's own word, or ours: `not_in_channel`.
    code: str
    #: How many of each kind, by its name.
    kinds: tuple[tuple[str, int], ...]


def stuck(context: Context) -> tuple[Stuck, ...]:
    """All that waits with a reason, by reason."""
    found = Counter(
        (each.code, each.job)
        for each in context.uow.deliveries.open()
        if each.code and each.job != TROUBLE_NAME
    )
    codes = sorted({code for code, _ in found})
    return tuple(
        Stuck(
            code=code,
            kinds=tuple((kind, number) for (one, kind), number in sorted(found.items()) if one == code),
        )
        for code in codes
    )


def trouble(context: Context, code: str) -> Stuck | None:
    """What one reason keeps back; None once it was fixed."""
    return next((one for one in stuck(context) if one.code == code), None)
