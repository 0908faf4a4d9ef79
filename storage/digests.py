"""Reads the digests of notes in the audit chain: what a text has to match that somebody holds outside of the database.

A note that was removed under the practice's retention leaves its digest in the event that wrote it.
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import bindparam, select, type_coerce
from sqlalchemy.types import NullType

from storage.audit import HASHES
from storage.audit_keys import NO_KEYS, AuditKeys
from storage.chain import Chain, Walked, hashes_in, instant_of
from storage.expressions import among
from storage.hashes import ENTRY_TEXTS, HASHED, REVIEW_TEXTS
from storage.seals import Seals
from storage.statements import PreparedStatement, Wire
from storage.tables import (
    AuditEventRow,
    CaseReviewRow,
    CaseReviewTextRow,
    EntryTextRow,
    EntryVersionRow,
    table_of,
)

_EVENT = table_of(AuditEventRow)
_TEXT = table_of(EntryTextRow)
_VERSION = table_of(EntryVersionRow)
_ADVICE = table_of(CaseReviewTextRow)
_REVIEW = table_of(CaseReviewRow)
#: The action of the event by which a migration vouched for what it found.
BASELINE = "audit.baseline"

_NOTES = (
    select(
        _TEXT.c.entry_id,
        _TEXT.c.n,
        _VERSION.c.patient_id,
        _VERSION.c.service_date,
        _TEXT.c.reason,
        _TEXT.c.removed_by,
    )
    .join_from(_VERSION, _TEXT, (_TEXT.c.entry_id == _VERSION.c.entry_id) & (_TEXT.c.n == _VERSION.c.n))
    .where(_VERSION.c.tenant_id == bindparam("tenant_id"))
    .order_by(_TEXT.c.entry_id, _TEXT.c.n)
)
_NOTES_OF_ENTRY = PreparedStatement(_NOTES.where(_VERSION.c.entry_id == bindparam("entry_id")))
_NOTES_OF_DAY = PreparedStatement(
    _NOTES.where(
        _VERSION.c.service_date == bindparam("day", type_=_VERSION.c.service_date.type),
        among(_VERSION.c.patient_id, "patients"),
    )
)
_ADVICE_OF_DAY = PreparedStatement(
    select(_ADVICE.c.review_id, _REVIEW.c.patient_id, _REVIEW.c.reviewed_on, _ADVICE.c.removed_by)
    .join_from(_REVIEW, _ADVICE, _ADVICE.c.review_id == _REVIEW.c.review_id)
    .where(
        _REVIEW.c.tenant_id == bindparam("tenant_id"),
        _REVIEW.c.reviewed_on == bindparam("day", type_=_REVIEW.c.reviewed_on.type),
        among(_REVIEW.c.patient_id, "patients"),
    )
    .order_by(_ADVICE.c.review_id)
)
_WHEN = PreparedStatement(
    select(type_coerce(_EVENT.c.at, NullType()), _EVENT.c.action).where(
        _EVENT.c.tenant_id == bindparam("tenant_id"), _EVENT.c.seq == bindparam("seq")
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NotePlace:
    """A place where a note stands, or stood: a version of an entry, or a review's advice."""

    #: None for advice.
    entry_id: int | None
    #: The version of the entry, or the number of the review.
    n: int
    patient_id: int
    #: Day of the work, or of the review.
    day: date
    #: Whether a reason for the version stands, or stood, beside the note; the digest is of both.
    has_reason: bool
    #: The removal by which the words went; None where they stand.
    removed_by: int | None

    @property
    def kind(self) -> str:
        """The kind of row that the words lie in."""
        return REVIEW_TEXTS.kind if self.entry_id is None else ENTRY_TEXTS.kind

    @property
    def key(self) -> str:
        """Its key in the audit chain."""
        return f"{self.n}" if self.entry_id is None else f"{self.entry_id}/{self.n}"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteDigest:
    """What an event says of a note."""

    digest: str
    seq: int
    #: Aware, UTC; None when it is not an instant any more.
    at: datetime | None
    #: `entry.log`, `notes.removed` ...
    action: str

    @property
    def key_id(self) -> str:
        """The id of the audit key that it was made under; empty for a plain SHA-256."""
        return self.digest.partition(".")[0] if "." in self.digest else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteTrail:
    """The whole chain, walked, and what it says of some notes: each place's digests, the first first."""

    walked: Walked
    digests: dict[NotePlace, tuple[NoteDigest, ...]]


class NoteDigests:
    """The digests of one tenant's notes."""

    def __init__(self, wire: Wire, tenant_id: int, keys: AuditKeys = NO_KEYS) -> None:
        self._wire = wire
        self._tenant_id = tenant_id
        self._keys = keys

    def of_entry(self, entry_id: int) -> tuple[NotePlace, ...]:
        """The versions of an entry that have, or had, words."""
        rows = self._wire.rows(_NOTES_OF_ENTRY, tenant_id=self._tenant_id, entry_id=entry_id)
        return tuple(_note(*row) for row in rows)

    def of_day(self, patients: Collection[int], day: date) -> tuple[NotePlace, ...]:
        """Notes and advice of some patients on a day."""
        asked = {"tenant_id": self._tenant_id, "patients": patients, "day": day}
        notes = [_note(*row) for row in self._wire.rows(_NOTES_OF_DAY, **asked)]
        advice = [
            NotePlace(
                entry_id=None,
                n=review_id,
                patient_id=patient_id,
                day=reviewed_on,
                has_reason=False,
                removed_by=removed_by,
            )
            for review_id, patient_id, reviewed_on, removed_by in self._wire.rows(_ADVICE_OF_DAY, **asked)
        ]
        return (*notes, *advice)

    def trail(self, places: Iterable[NotePlace]) -> NoteTrail:
        """Walk the whole chain, and collect what it says of some notes."""
        by_key = {(place.kind, place.key): place for place in places}
        found: dict[NotePlace, list[NoteDigest]] = {place: [] for place in by_key.values()}
        # Reading every event's hashes takes ten times as long as the walk.
        named = re.compile("|".join(re.escape(f'"{key}":') for _, key in by_key) or r"(?!)")
        walk = Chain(
            self._wire, self._tenant_id, self._keys, Seals(self._wire, self._tenant_id, self._keys)
        ).walk()
        with self._wire.leniently():
            said = [
                (place, own, seq)
                for seq, details in walk
                if named.search(details)
                for kind, hashes in hashes_in(details, HASHES).items()
                for key, own in hashes.items()
                if (place := by_key.get((kind, key))) is not None and own
            ]
        for place, own, seq in said:
            stored_at, action = self._wire.one(_WHEN, tenant_id=self._tenant_id, seq=seq)
            found[place].append(
                NoteDigest(digest=str(own), seq=seq, at=instant_of(stored_at), action=str(action))
            )
        return NoteTrail(walked=walk.result(), digests={place: tuple(own) for place, own in found.items()})

    def matches(self, place: NotePlace, digest: NoteDigest, text: str, reason: str) -> bool | None:
        """Whether a digest is that of a text, and of the reason beside it; None when its key is not at hand."""
        row: dict[str, object] = {"tenant_id": self._tenant_id, "removed_by": None}
        if place.entry_id is None:
            row |= {"review_id": place.n, "recommendation": text}
        else:
            row |= {"entry_id": place.entry_id, "n": place.n, "note": text, "reason": reason}
        return HASHED[place.kind].matches(digest.digest, (row,), self._keys)


def _note(
    entry_id: int, n: int, patient_id: int, day: date, reason: str, removed_by: int | None
) -> NotePlace:
    return NotePlace(
        entry_id=entry_id,
        n=n,
        patient_id=patient_id,
        day=day,
        has_reason=bool(reason),
        removed_by=removed_by,
    )
