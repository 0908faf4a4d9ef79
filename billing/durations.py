"""Converts whole seconds from and to minutes, and words them."""

from decimal import ROUND_HALF_EVEN, Decimal
from functools import lru_cache

MINUTE = 60
HOUR = 3600
_CENT = Decimal("0.01")


def seconds_from_minutes(minutes: Decimal) -> int:
    """Minutes (may be fractional) to whole seconds, rounded half-even once, when they come in.

    Example: 131.26 minutes are 7,876 seconds. Nothing else in the program rounds time (R-101).

    Raises:
        ValueError: when the figure is not finite.
    """
    if not minutes.is_finite():
        raise ValueError(f"{minutes} is not a number of minutes")
    return whole_seconds(minutes * MINUTE)


def whole_seconds(seconds: Decimal) -> int:
    """Seconds as a file counts them, which may be fractional, rounded half-even once, when they come in."""
    return int(seconds.to_integral_value(rounding=ROUND_HALF_EVEN))


@lru_cache(maxsize=4096)
def minutes_of(seconds: int) -> Decimal:
    """Whole seconds as minutes with at most two decimals, for columns of figures (7,876 s is 131.27)."""
    return (Decimal(seconds) / MINUTE).quantize(_CENT, rounding=ROUND_HALF_EVEN)


def whole_minutes(seconds: int) -> int:
    """Complete minutes in a sum. Floors, so that a sum never looks like a threshold it has not reached."""
    return seconds // MINUTE


def minutes_up(seconds: int) -> int:
    """Minutes still needed for that many seconds. Rounds up, so that logging them is enough."""
    return -(-seconds // MINUTE)


def spoken(seconds: int) -> str:
    """A duration as people read it: `15 min`, `1 h 5 min`, `45 s`, `2 min 30 s`; a damaged one may read `-15 min`."""
    if seconds < 0:
        return f"-{spoken(-seconds)}"
    hours, rest = divmod(seconds, HOUR)
    minutes, left = divmod(rest, MINUTE)
    parts = [f"{hours} h"] if hours else []
    parts += [f"{minutes} min"] if minutes else []
    parts += [f"{left} s"] if left or not parts else []
    return " ".join(parts)


def split_evenly(seconds: int, parts: int) -> tuple[int, ...]:
    """Share seconds out so that they add up: 30 minutes over three are ten each, odd seconds go first."""
    each, odd = divmod(seconds, parts)
    return (each + 1,) * odd + (each,) * (parts - odd)
