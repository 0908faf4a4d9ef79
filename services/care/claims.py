"""Changes what a patient's claims are made of, each fact from a day on; earlier days stay as they were (R-116)."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from billing.claim_days import on_file, value_of
from billing.claim_facts import ClaimFact, ClaimFactKind, in_force, with_change
from billing.episodes import Episode
from services.context import Context
from storage import StoredClaimFact, UnitOfWork

#: What a fact says where nothing is on file of it.
_NOTHING = frozenset({"", "no"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimChange:
    """What a person or a file said of a fact, and what is on file since."""

    kind: ClaimFactKind
    #: As `ClaimFact` has it.
    value: str = field(repr=False)
    #: The local date from which the value holds; None where it holds from the start of care.
    since: date | None
    #: What held until then; empty where nothing was on file.
    before: str = field(default="", repr=False)
    #: The day from which something else holds that was on file already, and what that is.
    until: date | None = None
    after: str = field(default="", repr=False)
    #: False where all of that was on file already.
    is_new: bool = True
    #: True where nothing was on file, so that what was said holds from the start.
    fills: bool = False
    #: The earlier day that was given, where care had not begun.
    asked: date | None = None


class Claims:
    """What one patient's claims are made of, while it changes.

    Args:
        stored: What is known to have changed, oldest first.
        episodes: The patient's, as they are or are about to be; at least one.
        referring_npi: The patient's.
    """

    def __init__(
        self, stored: Sequence[StoredClaimFact], episodes: Sequence[Episode], referring_npi: str
    ) -> None:
        self._stored = tuple(stored)
        self._facts = [one.fact for one in stored]
        self._episodes = tuple(sorted(episodes, key=lambda one: (one.starts_on, one.episode_id or _NEWEST)))
        self._npi = referring_npi
        self._said: dict[ClaimFactKind, tuple[ClaimFact, ...]] = {}

    @property
    def begins_on(self) -> date:
        """The local date on which care began."""
        return self._episodes[0].starts_on

    def value(self, kind: ClaimFactKind, day: date) -> str:
        """What holds on a local date."""
        found = in_force(self._known(kind), kind, day)
        return found.value if found else ""

    def days(self, kind: ClaimFactKind) -> tuple[date, ...]:
        """The local dates on which something else comes into force than before, the earliest first."""
        return tuple(fact.from_day for fact in self._known(kind))

    def holds(self, kind: ClaimFactKind, value: str, first_day: date, until: date | None) -> bool:
        """Whether a value holds on some local date from `first_day` on, and before `until` where that is given."""
        return is_same(self.value(kind, first_day), value) or any(
            is_same(fact.value, value)
            and first_day < fact.from_day
            and (until is None or fact.from_day < until)
            for fact in self._known(kind)
        )

    def holds_alone(self, kind: ClaimFactKind, value: str, first_day: date, until: date | None) -> bool:
        """Whether nothing but a value holds from `first_day` on, and before `until` where that is given."""
        return is_same(self.value(kind, first_day), value) and not any(
            not is_same(fact.value, value)
            and first_day < fact.from_day
            and (until is None or fact.from_day < until)
            for fact in self._known(kind)
        )

    def say(
        self,
        kind: ClaimFactKind,
        value: str,
        *,
        usual: date,
        asked: date | None = None,
        until: date | None = None,
    ) -> ClaimChange:
        """Let a value hold.

        Args:
            kind: What it is a fact of.
            value: As `ClaimFact` has it.
            usual: The local date from which it holds when no other is given; where nothing is on file on that day,
                it holds from the start.
            asked: The local date given.
            until: The first day on which it does not hold any more.
        """
        known = self._known(kind)
        start = self._episodes[0].starts_on
        present = in_force(known, kind, usual if asked is None else max(asked, start))
        if present is not None and is_same(present.value, value) and until is None:
            is_new = present.value != value
            if is_new:
                known = self._spelled(kind, value, known)
                present = next(fact for fact in known if fact.from_day == present.from_day)
            if asked is None or present is known[0] or present.from_day >= asked:
                return self._told(kind, present, known, is_new=is_new)
            # The same from another day on.
            known = tuple(fact for fact in known if fact is not present)
        fills = asked is None and (present is None or present.value in _NOTHING)
        day = max(usual if asked is None else asked, start)
        if fills:
            day = max(present.from_day, start) if present is not None else start
        new = ClaimFact(kind=kind, value=value, from_day=day)
        self._said[kind] = with_change(known, new, until=until)
        held = in_force(self._said[kind], kind, day)
        told = self._told(kind, held or new, self._said[kind], is_new=True)
        return replace(told, fills=fills, asked=asked if asked is not None and asked < start else None)

    def _spelled(self, kind: ClaimFactKind, value: str, known: Sequence[ClaimFact]) -> tuple[ClaimFact, ...]:
        """The same with another spelling of a value, which changes no day."""
        self._said[kind] = tuple(
            replace(fact, value=value) if is_same(fact.value, value) else fact for fact in known
        )
        return self._said[kind]

    def _told(
        self, kind: ClaimFactKind, held: ClaimFact, known: Sequence[ClaimFact], *, is_new: bool
    ) -> ClaimChange:
        place = list(known).index(held)
        later = known[place + 1] if place + 1 < len(known) else None
        return ClaimChange(
            kind=kind,
            value=held.value,
            since=held.from_day if place else None,
            before=known[place - 1].value if place else "",
            until=later.from_day if later else None,
            after=later.value if later else "",
            is_new=is_new,
        )

    def _known(self, kind: ClaimFactKind) -> tuple[ClaimFact, ...]:
        if kind in self._said:
            return self._said[kind]
        return on_file(kind, self._episodes, self._npi, self._facts)

    # -- what is stored of it ----------------------------------------------------------------------------

    def episode(self, episode: Episode) -> Episode:
        """One of the episodes with the latest values of its own days in its columns."""
        place = self._episodes.index(episode)
        later = self._episodes[place + 1] if place + 1 < len(self._episodes) else None
        values: dict[str, Any] = {
            kind.value: value_of(kind, self._last_of(kind, later))
            for kind in self._said
            if kind is not ClaimFactKind.REFERRING_NPI
        }
        return replace(episode, **values)

    def _last_of(self, kind: ClaimFactKind, later: Episode | None) -> str:
        known = self._said[kind]
        if later is None:
            return known[-1].value
        return self.value(kind, later.starts_on - timedelta(days=1))

    @property
    def referring_npi(self) -> str:
        """The patient's, the latest."""
        said = self._said.get(ClaimFactKind.REFERRING_NPI)
        return said[-1].value if said else self._npi

    def rows(self, patient_id: int) -> tuple[tuple[StoredClaimFact, ...], tuple[StoredClaimFact, ...]]:
        """The facts that count no more, and those to add."""
        gone: list[StoredClaimFact] = []
        new: list[StoredClaimFact] = []
        for kind, wanted in self._said.items():
            own = [one for one in self._stored if one.kind is kind]
            kept = () if self._is_plain(kind, wanted) else wanted
            gone += [one for one in own if one.fact not in kept]
            stored = {one.fact for one in own}
            new += [
                StoredClaimFact(
                    fact_id=0, patient_id=patient_id, kind=kind, value=fact.value, from_day=fact.from_day
                )
                for fact in kept
                if fact not in stored
            ]
        return tuple(gone), tuple(new)

    def _is_plain(self, kind: ClaimFactKind, wanted: Sequence[ClaimFact]) -> bool:
        """Whether the episodes and the patient say all of it by themselves."""
        episodes = [self.episode(one) for one in self._episodes]
        plain = on_file(kind, episodes, self.referring_npi, ())
        return [one.value for one in plain] == [one.value for one in wanted] and [
            one.from_day for one in plain[1:]
        ] == [one.from_day for one in wanted[1:]]


def is_same(one: str, other: str) -> bool:
    """Whether two texts say the same, whatever their case and spaces."""
    return one.casefold().split() == other.casefold().split()


def named(context: Context, change: ClaimChange) -> ClaimChange:
    """A change in words for a screen: members by their names."""
    if change.kind is not ClaimFactKind.CARE_MANAGER:
        return change
    names = [_name(context, value) for value in (change.value, change.before, change.after)]
    return replace(change, value=names[0], before=names[1], after=names[2])


def _name(context: Context, value: str) -> str:
    member = context.uow.members.by_id(int(value)) if value else None
    return member.display_name if member else ""


def first_day(change: ClaimChange, episode: Episode) -> date | None:
    """The first day for which a change makes a difference; None where that has always been so."""
    if change.since is not None:
        return change.since
    return None if episode.starts_on == date.min else episode.starts_on


#: Stands for the number of an episode that has none yet.
_NEWEST = 2**63


def keep(uow: UnitOfWork, claims: Claims, patient_id: int, *, by: int | None, at: datetime) -> None:
    """Store what was said of a patient's claims, beside the columns of their episodes."""
    gone, new = claims.rows(patient_id)
    uow.claim_facts.withdraw_all(gone, by=by, at=at)
    for fact in new:
        uow.claim_facts.add(fact)


def make_whole(uow: UnitOfWork, patient_id: int, kinds: Sequence[ClaimFactKind]) -> None:
    """Write down, of some kinds, what the patient's episodes say by themselves, each from its first day."""
    episodes = uow.episodes.of_patient(patient_id)
    stored = uow.claim_facts.of_patient(patient_id)
    patient = uow.patients.many({patient_id})[patient_id]
    if not episodes:
        return
    for kind in kinds:
        if any(one.kind is kind for one in stored):
            continue
        for fact in on_file(kind, episodes, patient.referring_npi, ()):
            uow.claim_facts.add(
                StoredClaimFact(
                    fact_id=0, patient_id=patient_id, kind=kind, value=fact.value, from_day=fact.from_day
                )
            )
