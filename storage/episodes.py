"""Stores patients' episodes."""

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import fields, replace
from datetime import date
from typing import Any

from sqlalchemy import bindparam, func, select, update

from billing.episodes import Consent, ConsentKind, Episode, Program
from storage import damage
from storage.audit import Audit
from storage.compiled import Parameters, Values
from storage.errors import NotFound
from storage.expressions import among
from storage.facts import EPISODE_FACTS, Facts
from storage.hashes import EPISODES
from storage.many_values import MANY, values_of
from storage.month_locks import MonthLocks, share_of
from storage.patient_facts import by_patient
from storage.statements import PreparedStatement, Wire, inserting
from storage.tables import EpisodeRow, TenantRow, table_of

_EPISODE = table_of(EpisodeRow)
_TENANT = table_of(TenantRow)
_NOT_SAID = ("tenant_id", "withdrawn_by", "withdrawn_at")
_COLUMNS = tuple(column for column in _EPISODE.columns if column.name not in _NOT_SAID)
_NAMES = tuple(column.name for column in _COLUMNS)
#: Columns that hold a field of the value as it is.
_PLAIN = tuple(
    name
    for name in _NAMES
    if name not in {"episode_id", "program", "earlier_consents"} and not name.startswith("consent_")
)
#: Fields of a consent, and the columns that hold them; its day says whether there is one.
_CONSENT = (
    ("kind", "consent_kind"),
    ("recorded_by", "consent_recorded_by"),
    ("cost_sharing_disclosed", "consent_cost_sharing"),
    ("revoked_on", "consent_revoked_on"),
    ("recorded_on", "consent_recorded_on"),
)
_FIELDS = tuple(field.name for field in fields(Episode))
_PROGRAMS = {program.value: program for program in Program}
_KINDS = {kind.value: kind for kind in ConsentKind}
_IN_TENANT = select(*_COLUMNS).where(
    _EPISODE.c.tenant_id == bindparam("tenant_id"), _EPISODE.c.withdrawn_at.is_(None)
)
_IN_ORDER = (_EPISODE.c.patient_id, _EPISODE.c.enrolled_on.nulls_first(), _EPISODE.c.episode_id)
_OF_PATIENT = PreparedStatement(
    _IN_TENANT.where(_EPISODE.c.patient_id == bindparam("patient_id")).order_by(*_IN_ORDER)
)
_OF_PATIENTS = PreparedStatement(_IN_TENANT.where(among(_EPISODE.c.patient_id, "ids")).order_by(*_IN_ORDER))
_OF_CARE_MANAGER = PreparedStatement(
    _IN_TENANT.where(_EPISODE.c.care_manager == bindparam("care_manager")).order_by(*_IN_ORDER)
)
_PAYERS = PreparedStatement(
    select(_EPISODE.c.payer)
    .where(
        _EPISODE.c.tenant_id == bindparam("tenant_id"),
        _EPISODE.c.withdrawn_at.is_(None),
        _EPISODE.c.payer != "",
    )
    .distinct()
    .order_by(_EPISODE.c.payer)
)
_NEW = inserting(EpisodeRow, without=("episode_id", "withdrawn_by", "withdrawn_at"))
_ADD = PreparedStatement(_NEW.returning(*EPISODES.raw()))
_ADD_MANY = PreparedStatement(_NEW)
_LAST = PreparedStatement(
    select(func.coalesce(func.max(_EPISODE.c.episode_id), 0)).where(
        _EPISODE.c.tenant_id == bindparam("tenant_id")
    )
)
_AFTER = PreparedStatement(
    select(*EPISODES.raw()).where(
        _EPISODE.c.tenant_id == bindparam("tenant_id"), _EPISODE.c.episode_id > bindparam("last")
    )
)
#: The tenant's row stands for the care of all its patients; foreign keys to it need not wait.
_HOLD = PreparedStatement(
    select(_TENANT.c.tenant_id, share_of("care"))
    .where(_TENANT.c.tenant_id == bindparam("tenant_id"))
    .with_for_update(key_share=True)
)
_UPDATE = PreparedStatement(
    update(_EPISODE)
    .where(
        _EPISODE.c.tenant_id == bindparam("tenant"),
        _EPISODE.c.episode_id == bindparam("episode"),
        _EPISODE.c.withdrawn_at.is_(None),
    )
    .values({column.name: bindparam(column.name, type_=column.type) for column in _COLUMNS[1:]})
    .returning(*EPISODES.raw())
)


class Episodes:
    """The episodes of one tenant's patients."""

    def __init__(self, wire: Wire, tenant_id: int, audit: Audit, facts: Facts, months: MonthLocks) -> None:
        self._wire = wire
        self._tenant_id = tenant_id
        self._audit = audit
        self._facts = facts
        self._months = months

    def hold(self) -> None:
        """Keep others of this tenant from changing care until this unit of work ends; wait for whoever does so now.

        To be asked for before anything is read that decides what is written: an update stores an episode whole.

        Raises:
            MonthFreezing: while a month is being frozen; the unit of work is to begin again.
        """
        if self._wire.is_sqlite:
            return
        key = self._months.care_key
        for _, got in self._wire.rows(_HOLD, tenant_id=self._tenant_id, care=key):
            self._months.took(key, got=got)

    def of_patient(self, patient_id: int) -> tuple[Episode, ...]:
        """A patient's episodes, oldest enrollment first."""
        rows = self._wire.rows(_OF_PATIENT, tenant_id=self._tenant_id, patient_id=patient_id)
        return tuple(damage.each(_episode, rows, "episode"))

    def of_patients(self, ids: Collection[int]) -> dict[int, tuple[Episode, ...]]:
        """The episodes of each of those patients who has any, by patient."""
        rows = self._wire.rows(_OF_PATIENTS, tenant_id=self._tenant_id, ids=ids)
        return by_patient([(episode.patient_id, episode) for episode in _episodes(rows)])

    def of_care_manager(self, member_id: int) -> tuple[Episode, ...]:
        """The episodes that a member looks after or looked after, patient by patient."""
        rows = self._wire.rows(_OF_CARE_MANAGER, tenant_id=self._tenant_id, care_manager=member_id)
        return tuple(damage.each(_episode, rows, "episode"))

    def payers(self) -> tuple[str, ...]:
        """The names of payers that episodes have, as written, each once."""
        return tuple(name for (name,) in self._wire.rows(_PAYERS, tenant_id=self._tenant_id))

    def add(self, episode: Episode) -> Episode:
        """Add an episode; returns it under the number it was given (the one it came with says nothing)."""
        row = self._hashed(self._wire.one(_ADD, tenant_id=self._tenant_id, **_parameters(episode)))
        self._facts.added(EPISODE_FACTS, row)
        return replace(episode, episode_id=row["episode_id"])

    def add_many(self, episodes: Iterable[Episode]) -> None:
        """Add thousands of episodes, each under a new number."""
        key = {"tenant_id": self._tenant_id}
        (last,) = self._wire.one(_LAST, **key)
        self._wire.load(_ADD_MANY, ({**key, **_parameters(episode)} for episode in episodes))
        added = [self._hashed(row) for row in self._wire.stream(_AFTER, **key, last=last)]
        self._facts.added_many(EPISODE_FACTS, added)

    def update(self, episode: Episode) -> None:
        """Store an episode's facts as given.

        Raises:
            NotFound: when this tenant has no such episode, or it was taken back.
        """
        key = {"tenant": self._tenant_id, "episode": episode.episode_id}
        row = self._wire.row(_UPDATE, **key, **_parameters(episode))
        if row is None:
            raise NotFound
        self._facts.changed(EPISODE_FACTS, self._hashed(row))

    def _hashed(self, stored: Values) -> dict[str, Any]:
        """A stored row by column, its hash on the way to the audit chain."""
        row = EPISODES.named(stored)
        self._audit.keep_hash(EPISODES, row)
        return row


def _parameters(episode: Episode) -> Parameters:
    consent = episode.consent
    plain = {name: getattr(episode, name) for name in _PLAIN}
    return plain | {
        "program": episode.program.value,
        "consent_given_on": consent and consent.given_on,
        "consent_kind": consent and consent.kind and consent.kind.value,
        "consent_recorded_by": consent and consent.recorded_by,
        "consent_cost_sharing": consent and consent.cost_sharing_disclosed,
        "consent_revoked_on": consent and consent.revoked_on,
        "consent_recorded_on": consent and consent.recorded_on,
        "earlier_consents": json.dumps([_consent_to_json(earlier) for earlier in episode.earlier_consents]),
    }


def _episode(row: Values) -> Episode:
    """A row as the value; a morning reads tens of thousands, so what is seldom there costs nothing."""
    named = dict(zip(_NAMES, row, strict=True))
    given_on = named.pop("consent_given_on")
    consent = _consent(given_on, *(named.pop(column) for _, column in _CONSENT))
    return Episode(
        program=_PROGRAMS[named.pop("program")],
        consent=consent,
        earlier_consents=_earlier(named.pop("earlier_consents")),
        **named,
    )


def _episodes(rows: Sequence[Values]) -> list[Episode]:
    """The same of many rows."""
    if len(rows) < MANY:
        return damage.each(_episode, rows, "episode")
    try:
        return _many_episodes(rows)
    except damage.UNREADABLE:
        return damage.each(_episode, rows, "episode")


def _many_episodes(rows: Sequence[Values]) -> list[Episode]:
    named: dict[str, Iterable[Any]] = dict(zip(_NAMES, zip(*rows, strict=True), strict=True))
    named["program"] = map(_PROGRAMS.__getitem__, named["program"])
    given_on = named["consent_given_on"]
    named["consent"] = map(_consent, given_on, *(named[column] for _, column in _CONSENT))
    named["earlier_consents"] = map(_earlier, named["earlier_consents"])
    return values_of(Episode, [named[name] for name in _FIELDS])


def _consent(
    given_on: date | None,
    kind: str | None,
    recorded_by: int | None,
    cost_sharing_disclosed: bool | None,  # noqa: FBT001 - in the order of the columns
    revoked_on: date | None,
    recorded_on: date | None,
) -> Consent | None:
    if given_on is None:
        return None
    return Consent(
        given_on=given_on,
        kind=_kind(kind),
        recorded_by=recorded_by,
        cost_sharing_disclosed=cost_sharing_disclosed,
        revoked_on=revoked_on,
        recorded_on=recorded_on,
    )


def _earlier(stored: str) -> tuple[Consent, ...]:
    return () if stored == "[]" else tuple(map(_consent_from_json, json.loads(stored)))


def _consent_to_json(consent: Consent) -> list[Any]:
    return [
        consent.given_on.isoformat(),
        consent.kind,
        consent.recorded_by,
        consent.cost_sharing_disclosed,
        consent.revoked_on and consent.revoked_on.isoformat(),
        consent.recorded_on and consent.recorded_on.isoformat(),
    ]


def _consent_from_json(stored: list[Any]) -> Consent:
    # One kept before the day of writing was asked for has no sixth item.
    given_on, kind, recorded_by, cost_sharing, revoked_on, *more = stored
    recorded_on = more[0] if more else None
    return Consent(
        given_on=date.fromisoformat(given_on),
        kind=_kind(kind),
        recorded_by=recorded_by,
        cost_sharing_disclosed=cost_sharing,
        revoked_on=revoked_on and date.fromisoformat(revoked_on),
        recorded_on=recorded_on and date.fromisoformat(recorded_on),
    )


def _kind(stored: str | None) -> ConsentKind | None:
    return None if stored is None else _KINDS[stored]
