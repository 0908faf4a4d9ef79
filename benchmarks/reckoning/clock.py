"""Time that counts once: of two colleagues on one patient, and of one person on two (R-210, R-211, R-215)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import combinations

from benchmarks.reckoning.plain import PlainEntry

Span = tuple[datetime, datetime]
_RANKS = {"care_manager": 0, "treating_provider": 1, "consultant": 2}


def _without(spans: Iterable[Span], taken: Span) -> list[Span]:
    """Spans less one that is taken."""
    left: list[Span] = []
    for start, end in spans:
        if taken[1] <= start or end <= taken[0]:
            left.append((start, end))
            continue
        if start < taken[0]:
            left.append((start, taken[0]))
        if taken[1] < end:
            left.append((taken[1], end))
    return left


def _length(spans: Iterable[Span]) -> int:
    return sum(int((end - start).total_seconds()) for start, end in spans)


def _place(one: PlainEntry) -> tuple[object, ...]:
    """Who keeps joint time: the care manager, then who wrote first."""
    return (_RANKS[one.role], *one.order)


def _persons(one: PlainEntry) -> frozenset[int]:
    return one.others | {one.by}


def _own_time(
    one: PlainEntry, everybody: Mapping[int, Sequence[PlainEntry]], counting: Sequence[PlainEntry]
) -> list[Span]:
    """Clock time of an entry that its author did not spend in another one (R-211)."""
    assert one.span is not None
    spans: list[Span] = [one.span]
    for other in everybody.get(one.by, ()):
        if other.mrn != one.mrn and other.order < one.order and other.span:
            spans = _without(spans, other.span)
    for other in counting:
        if other is not one and other.by == one.by and other.order < one.order and other.span:
            spans = _without(spans, other.span)
    return spans


def counted_seconds(
    counting: Sequence[PlainEntry],
    beside: Sequence[PlainEntry],
    everybody: Mapping[int, Sequence[PlainEntry]],
) -> dict[PlainEntry, int]:
    """Seconds of each entry of one patient's month that count.

    Args:
        counting: Entries that count but for time that counts once.
        beside: Entries of the patient that do not count, for what kind of work they were.
        everybody: Entries with clock times that count, of all patients, by each person who worked or took part.
    """
    spans: dict[PlainEntry, list[Span]] = {}
    kept: list[Span] = []
    found: dict[PlainEntry, int] = {}
    for one in sorted(counting, key=_place):
        if one.span is None:
            found[one] = one.seconds
            continue
        mine = _own_time(one, everybody, counting)
        for other in beside:
            if other.by == one.by and other.span:
                mine = _without(mine, other.span)
        for taken in kept:
            mine = _without(mine, taken)
        spans[one] = mine
        kept.extend(mine)
        found[one] = _length(mine)
    _joint_without_clock(found)
    return found


def _joint_without_clock(found: dict[PlainEntry, int]) -> None:
    """Take joint time that clock times do not tell from all but the longest, and of one review or two."""
    joint = [pair for pair in combinations(sorted(found, key=_place), 2) if _is_joint(*pair)]
    for group in _groups(joint):
        longest, *others = sorted(group, key=lambda one: (-one.seconds, _place(one)))
        for other in others:
            found[other] -= min(found[other], found[longest])
    for one, other in combinations(sorted(found, key=_place), 2):
        if (one, other) not in joint and _is_one_review(one, other):
            found[other] -= min(found[other], found[one])


def _both_clocked(one: PlainEntry, other: PlainEntry) -> bool:
    return one.span is not None and other.span is not None


def _is_joint(one: PlainEntry, other: PlainEntry) -> bool:
    if one.by == other.by or one.on != other.on or _both_clocked(one, other):
        return False
    if other.by in one.others and one.by in other.others:
        return True
    return one.seconds == other.seconds and bool(one.others) and _persons(one) == _persons(other)


def _is_one_review(one: PlainEntry, other: PlainEntry) -> bool:
    roles = (one.role, other.role)
    if roles != ("care_manager", "consultant") or one.on != other.on or _both_clocked(one, other):
        return False
    reviews = (one.activity == "case_review", other.activity == "case_review")
    if all(reviews):
        return True
    return (reviews[0] and one.by in other.others) or (reviews[1] and other.by in one.others)


def _groups(pairs: Iterable[tuple[PlainEntry, PlainEntry]]) -> list[set[PlainEntry]]:
    groups: list[set[PlainEntry]] = []
    for pair in pairs:
        merged = set(pair)
        for group in [one for one in groups if one & merged]:
            merged |= group
            groups.remove(group)
        groups.append(merged)
    return groups
