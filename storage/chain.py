"""Walks a tenant's audit chain: every event's hash, place and MAC, and every seal; says what does not hold.

One pass, with as much in memory as one event takes, however long the chain is.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy import bindparam, func, select, type_coerce
from sqlalchemy.types import NullType

from storage.audit import AuditEvent
from storage.audit_keys import AuditKeys, Checked, Purpose
from storage.compiled import Values
from storage.damage import legible
from storage.seals import SEALED, Seal, Seals
from storage.statements import PreparedStatement, Wire
from storage.tables import AuditEventRow, AuditHeadRow, table_of
from storage.types import instant_text
from storage.values import AuditFinding

_EVENT = table_of(AuditEventRow)
_HEAD = table_of(AuditHeadRow)
_OWN = _EVENT.c.tenant_id == bindparam("tenant_id")
_EVENTS = PreparedStatement(
    # As the driver gives them: an event that was tampered with need not convert.
    select(*(type_coerce(column, NullType()) for column in _EVENT.columns if column.name != "tenant_id"))
    .where(_OWN, _EVENT.c.seq > bindparam("after"))
    .order_by(_EVENT.c.seq)
)
_READ_HEAD = PreparedStatement(
    select(_HEAD.c.seq, _HEAD.c.hash).where(_HEAD.c.tenant_id == bindparam("tenant_id"))
)
_LAST = PreparedStatement(
    select(_EVENT.c.seq, _EVENT.c.hash, type_coerce(_EVENT.c.at, NullType()))
    .where(_OWN)
    .order_by(_EVENT.c.seq.desc())
    .limit(1)
)
_BY_HASH = PreparedStatement(
    select(_EVENT.c.seq, _EVENT.c.hash, type_coerce(_EVENT.c.at, NullType()))
    .where(_OWN, _EVENT.c.hash >= bindparam("first"), _EVENT.c.hash <= bindparam("last"))
    .order_by(_EVENT.c.seq)
    .limit(1)
)
_TWICE = PreparedStatement(
    select(func.min(_EVENT.c.seq), func.max(_EVENT.c.seq))
    .where(_OWN, _EVENT.c.mac.is_not(None))
    .group_by(_EVENT.c.mac)
    .having(func.count() > 1)
    .limit(bindparam("most"))
)
#: So many places of one kind are named, and the others counted.
_NAMED = 50
_NO_TIME = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The end of a chain, or another place in it."""

    seq: int
    #: SHA-256 in hexadecimal; empty before the first event.
    hash: str
    #: Aware; None before the first event.
    at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Walked:
    """What a walk along the chain found."""

    findings: tuple[AuditFinding, ...]
    #: The end that the walk came to.
    head: Head
    #: The first event with a MAC, and its instant.
    keyed: Head | None
    #: The last seal that holds.
    seal: Seal | None
    #: Events after it, where events are sealed at all, and the instant of the first of them.
    unsealed: int
    unsealed_since: datetime | None
    #: Events whose MAC is by a key that is not at hand.
    unchecked: int


#: Of a chain that nobody has looked at.
NOT_WALKED = Walked(
    findings=(),
    head=Head(seq=0, hash="", at=None),
    keyed=None,
    seal=None,
    unsealed=0,
    unsealed_since=None,
    unchecked=0,
)


@dataclass(slots=True)
class _Findings:
    """Findings, of each kind so many."""

    found: list[AuditFinding] = field(default_factory=list)
    _counts: dict[str, int] = field(default_factory=dict)
    _last: dict[str, int] = field(default_factory=dict)

    def add(self, kind: str, seq: int, message: str) -> None:
        count = self._counts[kind] = self._counts.get(kind, 0) + 1
        self._last[kind] = seq
        if count <= _NAMED:
            self.found.append(AuditFinding(seq=seq, message=message))

    def all(self) -> tuple[AuditFinding, ...]:
        more = [
            AuditFinding(
                seq=self._last[kind],
                message=f"{count - _NAMED:,} more are like that, the last at event {self._last[kind]:,} ({kind})",
            )
            for kind, count in self._counts.items()
            if count > _NAMED
        ]
        return (*sorted(self.found, key=lambda one: one.seq), *more)


class Chain:
    """One tenant's audit chain, to be looked at."""

    def __init__(self, wire: Wire, tenant_id: int, keys: AuditKeys, seals: Seals) -> None:
        self._wire = wire
        self._tenant_id = tenant_id
        self._keys = keys
        self._seals = seals

    def head(self) -> Head:
        """The end of the chain: its last event."""
        found = self._wire.row(_LAST, tenant_id=self._tenant_id)
        return Head(seq=0, hash="", at=None) if found is None else _head(found)

    def place_of(self, beginning: str) -> Head | None:
        """The event whose hash begins so; None when the chain has no such event."""
        found = self._wire.row(_BY_HASH, tenant_id=self._tenant_id, first=beginning, last=beginning + "g")
        return None if found is None else _head(found)

    def findings(self) -> tuple[AuditFinding, ...]:
        """Every place where the chain does not hold; nothing found is a whole chain."""
        walk = self.walk()
        for _ in walk:
            pass
        return walk.result().findings

    def walk(self, after: Head | None = None) -> "Walk":
        """Begin a walk, at the first event or behind one that is known to hold."""
        return Walk(self._wire, self._tenant_id, self._keys, self._seals, after)


class Walk:
    """A walk along the chain: iterate over it for each event's number, instant and details; then ask what was found."""

    def __init__(self, wire: Wire, tenant_id: int, keys: AuditKeys, seals: Seals, after: Head | None) -> None:
        self._wire = wire
        self._tenant_id = tenant_id
        self._keys = keys
        self._seals = seals
        self._at = after or Head(seq=0, hash="", at=None)
        self._is_whole = after is None
        self._findings = _Findings()
        self._keyed: Head | None = None
        self._unchecked: list[int] = []
        self._unchecked_count = 0
        self._seal: Seal | None = None
        self._unsealed_since: datetime | None = None
        self._keyed_now = after is not None and seals.last() is not None

    def __iter__(self) -> Iterator[tuple[int, str]]:
        seals = self._whole_seals() if self._is_whole else iter(())
        coming = next(seals, None)
        for seq, stored_at, actor, action, subject, details, prev_hash, own_hash, mac in self._wire.stream(
            _EVENTS, tenant_id=self._tenant_id, after=self._at.seq
        ):
            at = instant_of(stored_at)
            # An instant that is none has been changed, whatever stands in its place.
            event = AuditEvent(
                at=at or _NO_TIME, actor=actor, action=action, subject=subject, details=details, mac=mac
            )
            self._look_at(event, at, seq, prev_hash, own_hash)
            is_sealed = False
            while coming is not None and coming.seq <= seq:
                self._look_at_seal(coming, seq, own_hash)
                is_sealed |= coming.seq == seq
                coming = next(seals, None)
            if action == SEALED and self._is_whole and not is_sealed:
                self._findings.add(
                    "gone", seq, f"the {_seal_of(subject)} that event {seq:,} names is missing{_on(at)}"
                )
            if self._unsealed_since is None and (self._seal is None or seq > self._seal.seq):
                self._unsealed_since = at
            yield seq, str(details)
        while coming is not None:
            self._findings.add(
                "seal",
                coming.seq,
                f"seal {coming.n:,} is of event {coming.seq:,}, which the chain has no more",
            )
            coming = next(seals, None)

    def _look_at(
        self, event: AuditEvent, at: datetime | None, seq: int, prev_hash: str, own_hash: str
    ) -> None:
        before = self._at
        if seq != before.seq + 1:
            missing = _through(before.seq + 1, seq - 1)
            self._findings.add("missing", before.seq + 1, f"{missing} missing{_between(before.at, at)}")
        elif prev_hash != before.hash:
            self._findings.add(
                "order",
                seq,
                f"event {seq:,} does not follow the one before it{_between(before.at, at)}",
            )
        if not _is_hash(event, prev_hash, self._tenant_id, seq, own_hash):
            self._findings.add("hash", seq, f"event {seq:,} is not as it was written{_on(at)}")
        elif self._keys or self._is_whole:
            self._look_at_mac(event, seq, own_hash)
        self._at = Head(seq=seq, hash=str(own_hash), at=at)

    def _look_at_mac(self, event: AuditEvent, seq: int, own_hash: str) -> None:
        if event.mac is None:
            if self._keyed_now:
                self._findings.add(
                    "no MAC",
                    seq,
                    f"event {seq:,} has no MAC, as all have since the chain has a key{_on(event.at)}",
                )
            return
        if not self._keyed_now:
            self._keyed_now = True
            self._keyed = Head(seq=seq, hash=own_hash, at=event.at)
        match event.checked(self._keys, self._tenant_id):
            case Checked.WRONG:
                self._findings.add(
                    "MAC",
                    seq,
                    f"event {seq:,} was not written by this program: its MAC is wrong{_on(event.at)}",
                )
            case Checked.UNKNOWN:
                self._unchecked_count += 1
                self._unchecked = [self._unchecked[0] if self._unchecked else seq, seq]
            case Checked.RIGHT:
                pass

    # -- seals -------------------------------------------------------------------------------------------

    def _whole_seals(self) -> Iterator[Seal]:
        """Every seal, each looked at beside the one before."""
        before: Seal | None = None
        for seal in self._seals.all():
            expected = 1 if before is None else before.n + 1
            if seal.n != expected:
                said = (
                    f"seal {expected:,} is"
                    if seal.n == expected + 1
                    else f"seals {expected:,} to {seal.n - 1:,} are"
                )
                self._findings.add(
                    "seals", seal.seq, f"{said} missing{_between(before.at if before else None, seal.at)}"
                )
            elif seal.previous != (before.mac if before else ""):
                self._findings.add(
                    "seals", seal.seq, f"seal {seal.n:,} does not follow the one before it{_on(seal.at)}"
                )
            elif before is not None and seal.seq < before.seq:
                self._findings.add("seals", seal.seq, f"seal {seal.n:,} goes back in the chain{_on(seal.at)}")
            before = seal
            yield seal

    def _look_at_seal(self, seal: Seal, seq: int, own_hash: str) -> None:
        checked = self._keys.check(Purpose.SEAL, seal.mac, seal.vouched(self._tenant_id))
        if checked is Checked.WRONG:
            self._findings.add(
                "seal", seal.seq, f"seal {seal.n:,} was not written by this program{_on(seal.at)}"
            )
        elif seal.seq != seq or seal.hash != own_hash:
            self._findings.add(
                "seal",
                seal.seq,
                f"the chain up to event {seal.seq:,} is not the one that was sealed{_on(seal.at)}: events were "
                "changed, taken out, put in, or put in another order before that",
            )
        elif checked is Checked.RIGHT or not self._keys:
            self._seal, self._unsealed_since = seal, None

    # -- the end -----------------------------------------------------------------------------------------

    def result(self) -> Walked:
        """What was found; only after the walk has ended."""
        self._look_at_end()
        sealed = self._seal.seq if self._seal else 0
        return Walked(
            findings=self._findings.all(),
            head=self._at,
            keyed=self._keyed,
            seal=self._seal,
            unsealed=self._at.seq - sealed if self._keyed_now or self._seal else 0,
            unsealed_since=self._unsealed_since,
            unchecked=self._unchecked_count,
        )

    def _look_at_end(self) -> None:
        head = self._wire.row(_READ_HEAD, tenant_id=self._tenant_id)
        if head is None and self._at.seq:
            self._findings.add("end", self._at.seq, f"where the chain ends is not on file{_on(self._at.at)}")
        elif head is not None and head != (self._at.seq, self._at.hash):
            self._findings.add(
                "end",
                self._at.seq,
                f"the chain ends at event {self._at.seq:,}, not at {head[0]:,}{_on(self._at.at)}",
            )
        if not self._is_whole:
            return
        for first, second in self._wire.rows(_TWICE, tenant_id=self._tenant_id, most=_NAMED):
            self._findings.add("twice", second, f"event {second:,} is event {first:,} once more")
        sealed = self._seal.seq if self._seal else 0
        if self._keys and self._unchecked and self._unchecked[1] > sealed:
            self._findings.add(
                "key",
                self._unchecked[1],
                f"the key of {_through(*self._unchecked).rsplit(' ', 1)[0]} is not at hand, and no seal by one that is "
                "holds them",
            )
        if self._keys and not self._keyed_now and self._seal is None and self._at.seq:
            self._findings.add(
                "key",
                self._at.seq,
                "COCM_AUDIT_KEY is set, and nothing in the chain was written under it. If you have just set it, run "
                "`cocm audit seal` once; if not, the chain was made again by somebody without the key",
            )


def hashes_in(details: str, name: str) -> dict[str, dict[str, str]]:
    """The hashes in an event's details. Details that were tampered with have none; the chain itself tells."""
    try:
        found = json.loads(details).get(name, {})
    except (AttributeError, ValueError):
        return {}
    return (
        {kind: own for kind, own in found.items() if isinstance(own, dict)} if isinstance(found, dict) else {}
    )


def instant_of(stored: object) -> datetime | None:
    """An instant as the driver gives it; None for what is none."""
    if isinstance(stored, datetime):
        return stored.astimezone(UTC)
    try:
        read = datetime.fromisoformat(f"{stored}+00:00")
    except ValueError:
        return None
    # Python reads more than SQLite is given, such as an instant with something behind it.
    return read if instant_text(read) == stored else None


def _head(row: Values) -> Head:
    seq, own_hash, at = row
    return Head(seq=seq, hash=own_hash, at=instant_of(at))


def _is_hash(event: AuditEvent, prev_hash: str, tenant_id: int, seq: int, own_hash: str) -> bool:
    try:
        return event.hash_after(prev_hash, tenant_id, seq) == own_hash
    except (TypeError, ValueError):
        # Bytes where there is text, or that are none.
        return False


def _seal_of(subject: str) -> str:
    return legible(str(subject).replace(":", " "))


def _through(first: int, last: int) -> str:
    return f"event {first:,} is" if first == last else f"events {first:,} to {last:,} are"


def _between(first: datetime | None, last: datetime | None) -> str:
    if first is None or last is None or first == last:
        return _on(first or last)
    return f" (between {_when(first)} and {_when(last)})"


def _on(at: datetime | None) -> str:
    return "" if at is None else f" ({_when(at)})"


def _when(at: datetime) -> str:
    return f"{at:%b} {at.day}, {at:%Y %H:%M:%S} UTC"
