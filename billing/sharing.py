"""Time of one patient that is in two entries: joint time of the team, or one person twice at once.

Whoever yields a second yields it to an entry in which it counts, or to what the same person did otherwise: so no second
of a patient counts twice, and none that somebody's time could count for counts nowhere.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from billing.entries import TimeEntry
from billing.mirrored_reviews import Answers, may_be_mirrored, mirrors
from billing.overlaps import Overlap, clock, keyed_order
from billing.people import Role

Span = tuple[datetime, datetime]


class Shared(StrEnum):
    """Why an entry yields time."""

    #: Two people spent it together.
    JOINT = "joint"
    #: One person stands in two places.
    OVERLAP = "overlap"
    #: It may be the same case review, and nobody has said yet whether it is.
    MIRRORED = "mirrored"


@dataclass(frozen=True, slots=True)
class Cut:
    """Seconds that one entry yields to another."""

    seconds: int
    kept_by: int
    why: Shared


def may_be_shared(entries: Sequence[TimeEntry], overlaps: Sequence[Overlap]) -> bool:
    """Whether any entry of a month can have to yield time to another."""
    return bool(overlaps) or len(_together(entries)) > 1 or may_be_mirrored(entries)


def _together(entries: Sequence[TimeEntry]) -> list[TimeEntry]:
    """Those that may be in one place with another."""
    return [entry for entry in entries if entry.started_at is not None or entry.participants]


def cut_shared_time(
    entries: Sequence[TimeEntry],
    countable: AbstractSet[int],
    overlaps: Sequence[Overlap],
    answers: Answers | None = None,
) -> dict[int, tuple[Cut, ...]]:
    """What each countable entry yields, by entry id; entries that yield nothing are absent.

    The consultant's entry yields to the care manager's, since only staff time counts for every code;
    otherwise the entry written later yields.

    Args:
        entries: One patient's entries of a month.
        countable: Ids of those for which no other reason speaks.
        overlaps: Clock time that belongs to other patients' entries.
        answers: For each day of which somebody said so, whether its case reviews are one.
    """
    sharing = _Sharing(countable)
    sharing.by_clock(entries, overlaps)
    sharing.by_name(entry for entry in entries if entry.entry_id in countable)
    sharing.by_review(entries, answers or {})
    return {entry_id: tuple(cuts) for entry_id, cuts in sharing.cuts.items() if cuts}


def _yielding_order(entry: TimeEntry) -> tuple[bool, datetime, datetime, int]:
    return (entry.role is Role.CONSULTANT, *keyed_order(entry))


@dataclass(slots=True)
class _Talk:
    """Entries of several people about the same time, and how many of its seconds count."""

    members: list[TimeEntry]
    seconds: int


@dataclass(slots=True)
class _Sharing:
    """What the entries of a month yield, while it is found out: first by the clock, then by name."""

    countable: AbstractSet[int]
    cuts: dict[int, list[Cut]] = field(default_factory=lambda: defaultdict(list))
    talks: list[_Talk] = field(default_factory=list)

    def kept(self, entry: TimeEntry) -> int:
        """Seconds that an entry has not yielded."""
        return entry.seconds - sum(cut.seconds for cut in self.cuts.get(entry.entry_id, ()))

    def covered(self, entry: TimeEntry) -> int:
        """Seconds of an entry that count for the patient, in it or in the entry of somebody who was there too."""
        lost = (cut.seconds for cut in self.cuts.get(entry.entry_id, ()) if cut.why is Shared.OVERLAP)
        return entry.seconds - sum(lost)

    def by_clock(self, entries: Iterable[TimeEntry], overlaps: Sequence[Overlap]) -> None:
        """Clock times that overlap, whichever date each person's zone gives them."""
        elsewhere: dict[int, list[Overlap]] = defaultdict(list)
        for overlap in overlaps:
            elsewhere[overlap.entry_id].append(overlap)
        for together in _at_once(entries):
            free: dict[int, list[Span]] = {}
            ordered = sorted(together, key=lambda pair: _yielding_order(pair[0]))
            for entry, span in ordered:
                if entry.entry_id not in self.countable:
                    continue
                free[entry.entry_id] = [span]
                for other, taken in ordered:
                    if other.entry_id in free and other is not entry:
                        self._yield(entry, other.entry_id, free, free[other.entry_id], _why(entry, other))
                    elif other.entry_id not in self.countable and other.performed_by == entry.performed_by:
                        # Time that does not count takes none from a colleague, but nobody is in two places.
                        self._yield(entry, other.entry_id, free, [taken], Shared.OVERLAP)
                for overlap in elsewhere.get(entry.entry_id, ()):
                    taken_for = [(overlap.started_at, overlap.ended_at)]
                    self._yield(entry, overlap.kept_by, free, taken_for, Shared.OVERLAP)

    def _yield(
        self,
        entry: TimeEntry,
        to: int,
        free: dict[int, list[Span]],
        taken: Iterable[Span],
        why: Shared,
    ) -> None:
        seconds = 0
        for span in taken:
            free[entry.entry_id], gone = _subtract(free[entry.entry_id], span)
            seconds += gone
        if seconds:
            self.cuts[entry.entry_id].append(Cut(seconds, to, why))

    def by_name(self, entries: Iterable[TimeEntry]) -> None:
        """Joint time of one day written down by several who name one another, where not all gave clock times."""
        days: dict[date, list[_Talk]] = defaultdict(list)
        named = (entry for entry in entries if entry.participants)
        for entry in sorted(named, key=_yielding_order):
            talks = days[entry.service_date]
            # Two talks of the same pair on one day are told apart by their length.
            talk = min(
                (talk for talk in talks if _belongs(entry, talk)),
                key=lambda talk: talk.seconds != entry.seconds,
                default=None,
            )
            if talk is None:
                talks.append(_Talk([entry], self.covered(entry)))
                continue
            seconds = min(self.kept(entry), talk.seconds)
            talk.seconds = max(talk.seconds, self.covered(entry))
            if seconds:
                self.cuts[entry.entry_id].append(Cut(seconds, talk.members[0].entry_id, Shared.JOINT))
            talk.members.append(entry)
        self.talks = [talk for talks in days.values() for talk in talks]

    def by_review(self, entries: Sequence[TimeEntry], answers: Answers) -> None:
        """One case review that the care manager and the consultant may both have written down."""
        linked = [{entry.entry_id for entry in talk.members} for talk in self.talks]
        found = mirrors([entry for entry in entries if entry.entry_id in self.countable], linked)
        for own, consultants in found:
            is_one = answers.get(own.service_date)
            seconds = min(self.kept(consultants), self.covered(own)) if is_one is not False else 0
            if seconds:
                why = Shared.JOINT if is_one else Shared.MIRRORED
                self.cuts[consultants.entry_id].append(Cut(seconds, own.entry_id, why))


def _why(entry: TimeEntry, other: TimeEntry) -> Shared:
    return Shared.OVERLAP if entry.performed_by == other.performed_by else Shared.JOINT


def _at_once(entries: Iterable[TimeEntry]) -> list[list[tuple[TimeEntry, Span]]]:
    """Entries with clock times, those together that are linked by overlaps."""
    clocked = [(entry, span) for entry in entries if (span := clock(entry)) is not None]
    found: list[list[tuple[TimeEntry, Span]]] = []
    until: datetime | None = None
    for entry, span in sorted(clocked, key=lambda pair: pair[1]):
        if until is None or span[0] >= until:
            found.append([])
            until = span[1]
        found[-1].append((entry, span))
        until = max(until, span[1])
    return found


def _subtract(free: list[Span], taken: Span) -> tuple[list[Span], int]:
    """Take one span out of others: what is left, and how many seconds went."""
    start, end = taken
    left: list[Span] = []
    gone = timedelta()
    for first, last in free:
        inner_start, inner_end = max(first, start), min(last, end)
        if inner_start >= inner_end:
            left.append((first, last))
            continue
        gone += inner_end - inner_start
        left += [part for part in ((first, inner_start), (inner_end, last)) if part[0] < part[1]]
    return left, int(gone.total_seconds())


def _belongs(entry: TimeEntry, talk: _Talk) -> bool:
    """Whether an entry is of a talk: of somebody who was there and has not written it down, or the same once more."""
    twice = [other for other in talk.members if other.performed_by == entry.performed_by]
    if twice:
        return any(_unclocked(entry, other) and _written_twice(entry, other) for other in twice)
    return any(_unclocked(entry, other) and _each_names_the_other(entry, other) for other in talk.members)


def _unclocked(entry: TimeEntry, other: TimeEntry) -> bool:
    """Whether the clock says nothing of two entries."""
    return entry.started_at is None or other.started_at is None


def _each_names_the_other(entry: TimeEntry, other: TimeEntry) -> bool:
    return other.performed_by in entry.participants and entry.performed_by in other.participants


def _written_twice(entry: TimeEntry, other: TimeEntry) -> bool:
    """One person's joint time, as long in both, of which each member of the pair wrote an entry."""
    team = {entry.performed_by, *entry.participants}
    return (
        entry.performed_by == other.performed_by
        and team == {other.performed_by, *other.participants}
        and entry.seconds == other.seconds
        and entry.recorded_by != other.recorded_by
        and {entry.recorded_by, other.recorded_by} <= team
    )
