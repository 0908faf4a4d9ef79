"""Stores every version of facts that lie in tables of their own: care facts, and what people chose."""

import json
from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Table, and_, bindparam, exists, select, update
from sqlalchemy.dialects.sqlite import dialect as sqlite_dialect

from storage.acts import Acts
from storage.audit import Audit
from storage.compiled import Parameters, Values
from storage.errors import NotFound
from storage.hashes import (
    ADMISSIONS,
    ATTESTATIONS,
    CLAIM_FACTS,
    EPISODES,
    FACT_TEXTS,
    FACT_VERSIONS,
    HASHED,
    PRACTICE_SETTINGS,
    REVIEWS,
    SCORES,
    STATEMENTS,
    HashedTable,
    as_stored,
)
from storage.import_log import ImportLog
from storage.statements import PreparedStatement, Wire, inserting
from storage.tables import (
    CoverRow,
    FactVersionRow,
    FactVersionTextRow,
    MemberRow,
    PatientRow,
    PracticeReminderChoiceRow,
    ReminderChoiceRow,
    TimerRow,
    table_of,
)
from storage.values import FactVersion

_SQLITE = sqlite_dialect()
_WITHDRAWN = frozenset({"withdrawn_by", "withdrawn_at"})
_TEXT_KEY = ("tenant_id", "kind", "fact_id", "n")
#: What wrote a version, where the program does not know.
UNKNOWN_SOURCE = "stored"
_ENCODE = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), check_circular=False
).encode


class FactKind:
    """A table whose rows are facts: each is kept in all its versions, and the row is the last.

    Args:
        rows: The table.
        key: The column that numbers its rows within a tenant.
        columns: Those that the fact is; all but the keys when none is named.
        words: Of those, columns that may name somebody.
        absent: The columns of a fact that is none, where a row that does not count cannot be withdrawn.
        hashed: The same table, when its rows have hashes in the audit chain.
        of_care: False for what may name a patient and is no fact of their care.
    """

    def __init__(
        self,
        rows: Table,
        key: str,
        *,
        columns: Collection[str] = (),
        words: Collection[str] = (),
        absent: Mapping[str, Any] | None = None,
        hashed: HashedTable | None = None,
        of_care: bool = True,
    ) -> None:
        # Without what SQLAlchemy knows of its quotes.
        self.kind = str(rows.name)
        self.key = key
        self.words = frozenset(words)
        self.absent = absent
        self.hashed = hashed
        others = {"tenant_id", key, *_WITHDRAWN}
        self.columns = tuple(columns) or tuple(c.name for c in rows.columns if c.name not in others)
        self._of_patient = of_care and "patient_id" in rows.columns
        kinds = {name: rows.c[name].type.dialect_impl(_SQLITE) for name in self.columns}
        self._readers = {name: kind.result_processor(_SQLITE, None) for name, kind in kinds.items()}
        #: Of rows as the driver gives them, and of Python values where there is no such row.
        self._spell: Callable[[str, Any], Any] = lambda _, value: as_stored(value)
        if absent is not None:
            binders = {name: kind.bind_processor(_SQLITE) for name, kind in kinds.items()}
            self._spell = lambda name, value: value if (bind := binders[name]) is None else bind(value)
        withdrawn = sorted(_WITHDRAWN.intersection(rows.columns.keys()))
        self.restore = PreparedStatement(
            update(rows)
            .where(rows.c.tenant_id == bindparam("the_tenant"), rows.c[key] == bindparam("the_key"))
            .values({name: bindparam(name, type_=rows.c[name].type) for name in (*self.columns, *withdrawn)})
            .returning(*(hashed.raw() if hashed else (rows.c[key],)))
        )

    def contents(self, row: Mapping[str, Any]) -> tuple[str, str]:
        """A row as canonical JSON: of what it is, and of its words (nothing where it has none)."""
        # A row of an older schema has no later column: nothing stands in it.
        said = {name: self._spell(name, row.get(name)) for name in self.columns if name not in self.words}
        words = {name: row[name] for name in sorted(self.words) if row[name]}
        return _ENCODE(said), _ENCODE(words) if words else ""

    def patient_of(self, row: Mapping[str, Any]) -> int | None:
        """The patient that a row is about."""
        return row["patient_id"] if self._of_patient else None

    def values(self, content: str, words: str | None) -> dict[str, Any]:
        """The columns of a version as Python values; words that were purged are empty."""
        stored = json.loads(content) | dict.fromkeys(self.words, "") | json.loads(words or "{}")
        return {
            name: value if reader is None or value is None else reader(value)
            for name, reader in self._readers.items()
            # A version kept before there was a column says nothing of it.
            for value in (stored.get(name),)
        }

    def is_void(self, row: Mapping[str, Any]) -> bool:
        """Whether a row counts no more."""
        if self.absent is None:
            return row["withdrawn_at"] is not None
        return all(self._spell(name, row[name]) == value for name, value in self.absent.items())


_CHOSEN = {"off": "", "times": "", "quiet_from": None, "quiet_to": None, "snoozed_until": None}
EPISODE_FACTS = FactKind(EPISODES.table, "episode_id", words=("discharge_reason",), hashed=EPISODES)
REVIEW_FACTS = FactKind(REVIEWS.table, "review_id", hashed=REVIEWS)
SCORE_FACTS = FactKind(SCORES.table, "score_id", hashed=SCORES)
STATEMENT_FACTS = FactKind(STATEMENTS.table, "statement_id", hashed=STATEMENTS)
ADMISSION_FACTS = FactKind(ADMISSIONS.table, "admission_id", hashed=ADMISSIONS)
CLAIM_FACT_FACTS = FactKind(CLAIM_FACTS.table, "fact_id", hashed=CLAIM_FACTS)
ATTESTATION_FACTS = FactKind(ATTESTATIONS.table, "attestation_id", hashed=ATTESTATIONS)
SETTING_FACTS = FactKind(PRACTICE_SETTINGS.table, "setting_id", hashed=PRACTICE_SETTINGS)
PATIENT_FACTS = FactKind(
    table_of(PatientRow),
    "patient_id",
    columns=("on_roster", "referring_npi"),
    absent={"on_roster": 0, "referring_npi": ""},
)
MEMBER_FACTS = FactKind(table_of(MemberRow), "member_id", columns=("digest_at",), absent={"digest_at": None})
CHOICE_FACTS = FactKind(table_of(ReminderChoiceRow), "member_id", columns=tuple(_CHOSEN), absent=_CHOSEN)
PRACTICE_CHOICE_FACTS = FactKind(
    table_of(PracticeReminderChoiceRow), "tenant_id", columns=tuple(_CHOSEN), absent=_CHOSEN
)
COVER_FACTS = FactKind(table_of(CoverRow), "cover_id")
TIMER_FACTS = FactKind(table_of(TimerRow), "timer_id", words=("note",), of_care=False)
#: Every kind of fact that is kept in versions, beside the ledger's entries.
FACTS = {
    table.kind: table
    for table in (
        EPISODE_FACTS,
        REVIEW_FACTS,
        SCORE_FACTS,
        STATEMENT_FACTS,
        ADMISSION_FACTS,
        CLAIM_FACT_FACTS,
        ATTESTATION_FACTS,
        PATIENT_FACTS,
        MEMBER_FACTS,
        CHOICE_FACTS,
        PRACTICE_CHOICE_FACTS,
        SETTING_FACTS,
        TIMER_FACTS,
        COVER_FACTS,
    )
}
#: Their names.
FACT_KINDS = tuple(FACTS)

_VERSION = table_of(FactVersionRow)
_TEXT = table_of(FactVersionTextRow)
_READ = (
    select(
        *(_VERSION.c[name] for name in ("kind", "fact_id", "n", "patient_id", "void", "content")),
        _TEXT.c.words,
        _VERSION.c.act,
        _VERSION.c.by,
        _VERSION.c.at,
        _TEXT.c.reason,
    )
    .outerjoin_from(
        _VERSION,
        _TEXT,
        and_(*(_TEXT.c[name] == _VERSION.c[name] for name in _TEXT_KEY)),
    )
    .where(_VERSION.c.tenant_id == bindparam("tenant_id"))
)
_OF_FACT = _READ.where(_VERSION.c.kind == bindparam("kind"), _VERSION.c.fact_id == bindparam("fact_id"))
_VERSIONS = PreparedStatement(_OF_FACT.order_by(_VERSION.c.n))
_LAST = PreparedStatement(_OF_FACT.order_by(_VERSION.c.n.desc()).limit(1))
_OTHER = _VERSION.alias()
# A fact that went to another patient in a merge, or came from one, is shown whole.
_OF_PATIENT = PreparedStatement(
    _READ.where(
        exists().where(
            _OTHER.c.tenant_id == bindparam("tenant_id"),
            _OTHER.c.patient_id == bindparam("patient_id"),
            _OTHER.c.kind == _VERSION.c.kind,
            _OTHER.c.fact_id == _VERSION.c.fact_id,
        )
    ).order_by(_VERSION.c.kind, _VERSION.c.fact_id, _VERSION.c.n)
)
_ADD = PreparedStatement(inserting(FactVersionRow))
_ADD_TEXT = PreparedStatement(inserting(FactVersionTextRow))


class Facts:
    """Every version of one tenant's facts, and the one way to put an earlier one back."""

    def __init__(self, wire: Wire, tenant_id: int, audit: Audit, acts: Acts, import_log: ImportLog) -> None:
        self._wire = wire
        self._tenant_id = tenant_id
        self._audit = audit
        self._acts = acts
        self._import_log = import_log
        self._source = ""
        self._source_at: datetime | None = None

    def come_from(self, source: str, at: datetime) -> None:
        """Say what writes from here on, where no act of a person does: `import`."""
        self._source, self._source_at = source, at

    # -- writing -----------------------------------------------------------------------------------------

    def added(self, table: FactKind, row: Mapping[str, Any]) -> None:
        """Keep the first version of a fact, as its row has it."""
        self._write(table, row, 1, before=None)

    def added_many(self, table: FactKind, rows: Collection[Mapping[str, Any]]) -> None:
        """Keep the first versions of thousands of facts."""
        versions = [self._version(table, row, 1) for row in rows]
        self._wire.load(_ADD, (self._hashed(version) for version, _ in versions))
        for version, _ in versions:
            self._import_log.wrote_fact(table.kind, version["fact_id"], None, 1)
        texts = [self._text(version, words) for version, words in versions if words]
        self._wire.load(_ADD_TEXT, texts)
        for text in texts:
            self._audit.keep_hash(FACT_TEXTS, text)

    def changed(self, table: FactKind, row: Mapping[str, Any], reason: str = "") -> None:
        """Keep a further version of a fact, as its row now has it."""
        last = self._last_n(table, row[table.key])
        self._write(table, row, (last or 0) + 1, before=last, reason=reason)

    def chosen(self, table: FactKind, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
        """Keep a further version of what a person chose, or of a patient's place on the roster.

        Only acts of people are kept. Where nobody kept versions so far, or something else than an act wrote what
        stood before, that is kept first.
        """
        if self._acts.current is None:
            return
        last = self._wire.row(_LAST, **self._key(table, after[table.key]))
        n = last[2] if last else None
        stood = table.contents(before)[0]
        if table.contents(after)[0] == stood:
            return
        if (last is None and not table.is_void(before)) or (last is not None and last[5] != stood):
            n = (n or 0) + 1
            self._insert(self._version(table, before, n, act=UNKNOWN_SOURCE)[0], None)
        self._write(table, after, (n or 0) + 1, before=n)

    def restore(
        self,
        kind: str,
        fact_id: int,
        values: Mapping[str, Any],
        *,
        void: bool,
        by: int,
        at: datetime,
        reason: str,
    ) -> None:
        """Make a fact be what is given, in its table and as a further version.

        Args:
            kind: The name of its table.
            fact_id: Its number there.
            values: Its columns as Python values; of a fact that is void, as it last stood.
            void: True when it is to count no more.
            by: The member who does that.
            at: Aware instant of now.
            reason: Why, for the history.

        Raises:
            NotFound: when this tenant has no such fact.
        """
        table = FACTS[kind]
        given = dict(values)
        if table.absent is None:
            given |= {"withdrawn_by": by if void else None, "withdrawn_at": at if void else None}
        elif void:
            given = self.absent(kind) or {}
        stored = self._wire.row(table.restore, the_tenant=self._tenant_id, the_key=fact_id, **given)
        if stored is None:
            raise NotFound
        if table.hashed is not None:
            row = table.hashed.named(stored)
            self._audit.keep_hash(table.hashed, row)
        else:
            row = {table.key: fact_id, "patient_id": fact_id, **given}
        self.changed(table, row, reason)

    # -- reading -----------------------------------------------------------------------------------------

    def absent(self, kind: str) -> dict[str, Any] | None:
        """The values of a fact of a kind that is none, such as a patient off the roster; None for care facts."""
        table = FACTS[kind]
        return None if table.absent is None else table.values(_ENCODE(dict(table.absent)), None)

    def versions(self, kind: str, fact_id: int) -> tuple[FactVersion, ...]:
        """Every version of a fact, the first first; nothing for one that there never was."""
        rows = self._wire.rows(_VERSIONS, **self._key(FACTS[kind], fact_id))
        return tuple(map(_fact_version, rows))

    def of_patient(self, patient_id: int) -> tuple[FactVersion, ...]:
        """Every version of every fact that is or was about a patient, fact by fact."""
        rows = self._wire.rows(_OF_PATIENT, tenant_id=self._tenant_id, patient_id=patient_id)
        return tuple(map(_fact_version, rows))

    # -- in between --------------------------------------------------------------------------------------

    def _write(
        self, table: FactKind, row: Mapping[str, Any], n: int, *, before: int | None, reason: str = ""
    ) -> None:
        version, words = self._version(table, row, n)
        self._insert(version, self._text(version, words, reason) if words or reason else None)
        self._vouch(table, version["fact_id"])
        self._acts.changed(table.kind, version["fact_id"], before, n)
        self._import_log.wrote_fact(table.kind, version["fact_id"], before, n)

    def _insert(self, version: Parameters, text: Parameters | None) -> None:
        self._wire.run(_ADD, **self._hashed(version))
        if text is not None:
            self._wire.run(_ADD_TEXT, **text)
            self._audit.keep_hash(FACT_TEXTS, text)

    def _version(
        self, table: FactKind, row: Mapping[str, Any], n: int, *, act: str = ""
    ) -> tuple[Parameters, str]:
        """A row as the row of a version, and its words."""
        content, words = table.contents(row)
        current = None if act else self._acts.current
        return {
            "tenant_id": self._tenant_id,
            "kind": table.kind,
            "fact_id": row[table.key],
            "n": n,
            "patient_id": table.patient_of(row),
            "void": table.is_void(row),
            "content": content,
            "act": current.kind.value if current else act or self._source or UNKNOWN_SOURCE,
            "by": current.actor if current else None,
            "at": current.at if current else self._source_at,
        }, words

    def _text(self, version: Mapping[str, Any], words: str, reason: str = "") -> Parameters:
        return {**{name: version[name] for name in _TEXT_KEY}, "words": words, "reason": reason}

    def _vouch(self, table: FactKind, fact_id: int) -> None:
        """Have the row of a fact, as it stands in the end, in the audit chain, where its writer does not see to it."""
        if table.hashed is None and table.kind in HASHED:
            self._audit.touched(HASHED[table.kind], fact_id)

    def _hashed(self, version: Parameters) -> Parameters:
        self._audit.keep_hash(FACT_VERSIONS, version)
        return version

    def _last_n(self, table: FactKind, fact_id: int) -> int | None:
        last = self._wire.row(_LAST, **self._key(table, fact_id))
        return None if last is None else last[2]

    def _key(self, table: FactKind, fact_id: int) -> Parameters:
        return {"tenant_id": self._tenant_id, "kind": table.kind, "fact_id": fact_id}


def _fact_version(row: Values) -> FactVersion:
    kind, fact_id, n, patient_id, void, content, words, act, by, at, reason = row
    return FactVersion(
        kind=kind,
        fact_id=fact_id,
        n=n,
        patient_id=patient_id,
        void=void,
        values=FACTS[kind].values(content, words),
        act=act,
        by=by,
        at=at,
        reason=reason or "",
    )
