"""Numbers the imports of files, and keeps what each of them added and changed."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, func, select

from storage.audit import Audit
from storage.compiled import Parameters, Values
from storage.errors import AlreadyExists, StaleVersion
from storage.hashes import FILE_IMPORTS, IMPORT_CHANGE_TEXTS, IMPORT_CHANGES, UNDONE_IMPORTS
from storage.import_contents import CONTENTS, Content, Stood, decoded, encoded
from storage.statements import PreparedStatement, Wire, inserting
from storage.tables import (
    FileImportRow,
    ImportChangeRow,
    ImportChangeTextRow,
    UndoneImportRow,
    table_of,
)

_IMPORT = table_of(FileImportRow)
_CHANGE = table_of(ImportChangeRow)
_TEXT = table_of(ImportChangeTextRow)
_UNDONE = table_of(UndoneImportRow)
_NAMES = ("number", "kind", "at", "sha256", "size", "rows", "added", "changed", "unchanged")
_READ = (
    select(*(_IMPORT.c[name] for name in _NAMES), _UNDONE.c.at.label("undone_at"), _UNDONE.c.by)
    .outerjoin_from(
        _IMPORT,
        _UNDONE,
        (_UNDONE.c.tenant_id == _IMPORT.c.tenant_id) & (_UNDONE.c.number == _IMPORT.c.number),
    )
    .where(_IMPORT.c.tenant_id == bindparam("tenant_id"))
)
_ALL = PreparedStatement(_READ.order_by(_IMPORT.c.number))
_BY_NUMBER = PreparedStatement(_READ.where(_IMPORT.c.number == bindparam("number")))
_OF_FILE = PreparedStatement(
    _READ.where(_IMPORT.c.sha256 == bindparam("sha256"), _IMPORT.c.kind == bindparam("kind")).order_by(
        _IMPORT.c.number.desc()
    )
)
_LAST = PreparedStatement(
    select(func.coalesce(func.max(_IMPORT.c.number), 0)).where(_IMPORT.c.tenant_id == bindparam("tenant_id"))
)
_CHANGES = PreparedStatement(
    select(_CHANGE.c.place, _CHANGE.c.kind, _CHANGE.c.key, _CHANGE.c.before, _CHANGE.c.after)
    .where(_CHANGE.c.tenant_id == bindparam("tenant_id"), _CHANGE.c.number == bindparam("number"))
    .order_by(_CHANGE.c.place)
)
_TEXTS = PreparedStatement(
    select(_TEXT.c.place, _TEXT.c.stood, _TEXT.c.left).where(
        _TEXT.c.tenant_id == bindparam("tenant_id"), _TEXT.c.number == bindparam("number")
    )
)
_LATER = _CHANGE.alias("later")
#: Later imports that changed what one added or changed, and stand.
_BUILT_ON = PreparedStatement(
    select(_LATER.c.number)
    .join_from(
        _CHANGE,
        _LATER,
        (_LATER.c.tenant_id == _CHANGE.c.tenant_id)
        & (_LATER.c.kind == _CHANGE.c.kind)
        & (_LATER.c.key == _CHANGE.c.key)
        & (_LATER.c.number > _CHANGE.c.number),
    )
    .outerjoin(_UNDONE, (_UNDONE.c.tenant_id == _LATER.c.tenant_id) & (_UNDONE.c.number == _LATER.c.number))
    .where(
        _CHANGE.c.tenant_id == bindparam("tenant_id"),
        _CHANGE.c.number == bindparam("number"),
        _UNDONE.c.number.is_(None),
    )
    .distinct()
    .order_by(_LATER.c.number)
)
#: The kind of change that is entries, written as one receipt.
RECEIPT: Final = "receipt"
_LATER_CHANGES = PreparedStatement(
    select(_CHANGE.c.kind, _CHANGE.c.key, _CHANGE.c.number)
    .outerjoin_from(
        _CHANGE,
        _UNDONE,
        (_UNDONE.c.tenant_id == _CHANGE.c.tenant_id) & (_UNDONE.c.number == _CHANGE.c.number),
    )
    .where(
        _CHANGE.c.tenant_id == bindparam("tenant_id"),
        _CHANGE.c.number > bindparam("number"),
        _UNDONE.c.number.is_(None),
    )
    .order_by(_CHANGE.c.number)
)
_ADD = PreparedStatement(inserting(FileImportRow))
_ADD_CHANGE = PreparedStatement(inserting(ImportChangeRow))
_ADD_TEXT = PreparedStatement(inserting(ImportChangeTextRow))
_ADD_UNDONE = PreparedStatement(inserting(UndoneImportRow))


@dataclass(frozen=True, slots=True, kw_only=True)
class FileImport:
    """A file that was imported."""

    number: int
    #: What it held: `patients`, `entries`.
    kind: str
    #: Aware, UTC.
    at: datetime
    #: Of its bytes: their SHA-256 in hexadecimal, and how many there are.
    sha256: str
    size: int
    #: Rows read, and how many of them added or changed something, or said what was on file.
    rows: int
    added: int
    changed: int
    unchanged: int
    #: When it was taken back (aware, UTC), and by which member; None while it stands.
    undone_at: datetime | None = None
    undone_by: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportChange:
    """One thing that an import added or changed."""

    #: A kind of fact with versions; a kind of content; `receipt`.
    kind: str
    #: Its number as text; of content, its key as JSON.
    key: str
    #: Of a fact, its version before (None where it was new) and after; of a receipt, the last entry.
    before: int | None
    after: int | None
    #: Of content, what stood there (None where there was nothing), and what the import left (None: not kept).
    stood: Stood | None = field(default=None, repr=False)
    left: Stood | None = field(default=None, repr=False)

    @property
    def number(self) -> int:
        """The number that its key is, or begins with."""
        first = json.loads(self.key)
        return int(first[0] if isinstance(first, list) else first)


@dataclass(slots=True, kw_only=True)
class _Running:
    """The import that a unit of work is, and what it has written so far."""

    at: datetime
    #: By kind and number: the first version before, and the last after.
    facts: dict[tuple[str, int], tuple[int | None, int]] = field(default_factory=dict)
    receipts: list[tuple[int, int]] = field(default_factory=list)
    #: By kind and key, what stood there before; None where there was nothing.
    contents: dict[tuple[str, str], Stood | None] = field(default_factory=dict)


class ImportLog:
    """The imports of one tenant, and what the one in progress writes."""

    def __init__(self, wire: Wire, tenant_id: int, audit: Audit) -> None:
        self._wire = wire
        self._tenant_id = tenant_id
        self._audit = audit
        self._running: _Running | None = None

    # -- the import in progress --------------------------------------------------------------------------

    def begin(self, at: datetime) -> None:
        """Say that this unit of work is an import, before it writes anything."""
        self._running = _Running(at=at)

    def wrote_fact(self, kind: str, fact_id: int, before: int | None, after: int) -> None:
        """Note that a version of a fact was written; None before is a fact that is new."""
        if self._running is not None:
            first = self._running.facts.get((kind, fact_id), (before, 0))[0]
            self._running.facts[kind, fact_id] = (first, after)

    def wrote_entries(self, receipt_id: int, last: int) -> None:
        """Note that entries were written as one receipt, the first of which it is numbered by."""
        if self._running is not None:
            self._running.receipts.append((receipt_id, last))

    def touches(self, content: Content, *key: object) -> None:
        """Keep how something stands, before it is written; how it then stands is in the audit chain."""
        self.vouch(content, *key)
        if self._running is None:
            return
        spelled = content.spelled_key(*key)
        if (content.kind, spelled) not in self._running.contents:
            stood = content.of(self._wire, self._tenant_id, (spelled,)).get(spelled)
            self._running.contents[content.kind, spelled] = stood

    def vouch(self, content: Content, *key: object) -> None:
        """Have the hash of something, as it stands in the end, in the audit chain."""
        for table in content.held:
            self._audit.touched(table, *key)

    def added(self, content: Content, keys: Iterable[object]) -> None:
        """Note that things are there which there were not."""
        for key in keys:
            self.vouch(content, key)
            if self._running is not None:
                self._running.contents.setdefault((content.kind, content.spelled_key(key)), None)

    def finish(self, kind: str, *, sha256: str, size: int, counts: tuple[int, int, int, int]) -> int | None:
        """Keep what the import wrote, under a number of its own; None where it wrote nothing.

        Args:
            kind: What the file held.
            sha256: Of its bytes, in hexadecimal.
            size: Of its bytes.
            counts: Rows read, added, changed, and as they were.
        """
        running = self._running
        assert running is not None, "an import begins before it ends"
        self._running = None
        changes = [*self._fact_changes(running), *self._content_changes(running)]
        if not changes:
            return None
        number = int(self._wire.one(_LAST, tenant_id=self._tenant_id)[0]) + 1
        key = {"tenant_id": self._tenant_id, "number": number}
        rows, added, changed, unchanged = counts
        row = {
            **key,
            "kind": kind,
            "at": running.at,
            "sha256": sha256,
            "size": size,
            "rows": rows,
            "added": added,
            "changed": changed,
            "unchanged": unchanged,
        }
        self._wire.run(_ADD, **row)
        self._audit.keep_hash(FILE_IMPORTS, row)
        placed = list(enumerate(changes, start=1))
        written = [_row(key, place, one) for place, one in placed]
        texts: list[Parameters] = [
            {**key, "place": place, "stood": encoded(one.stood), "left": encoded(one.left)}
            for place, one in placed
            if one.stood is not None or one.left is not None
        ]
        self._wire.load(_ADD_CHANGE, written)
        self._wire.load(_ADD_TEXT, texts)
        self._audit.keep_group(IMPORT_CHANGES, written)
        self._audit.keep_group(IMPORT_CHANGE_TEXTS, texts)
        return number

    def _fact_changes(self, running: _Running) -> Iterable[ImportChange]:
        for (kind, fact_id), (before, after) in running.facts.items():
            yield ImportChange(kind=kind, key=str(fact_id), before=before, after=after)
        for receipt_id, last in running.receipts:
            yield ImportChange(kind=RECEIPT, key=str(receipt_id), before=None, after=last)

    def _content_changes(self, running: _Running) -> Iterable[ImportChange]:
        for content in CONTENTS.values():
            stood = {key: rows for (kind, key), rows in running.contents.items() if kind == content.kind}
            now = content.of(self._wire, self._tenant_id, stood)
            for key, rows in stood.items():
                left = now.get(key)
                if rows != left:
                    # Of patients by the thousand who are new, nothing more need be kept than that they are.
                    is_plain = rows is None and not content.is_compared
                    yield ImportChange(
                        kind=content.kind,
                        key=key,
                        before=None,
                        after=None,
                        stood=rows,
                        left=None if is_plain else left,
                    )

    # -- what was imported -------------------------------------------------------------------------------

    def all(self) -> tuple[FileImport, ...]:
        """Every import, the first first, those taken back too."""
        return tuple(map(_file_import, self._wire.rows(_ALL, tenant_id=self._tenant_id)))

    def by_number(self, number: int) -> FileImport | None:
        """The import of that number."""
        row = self._wire.row(_BY_NUMBER, tenant_id=self._tenant_id, number=number)
        return None if row is None else _file_import(row)

    def of_file(self, kind: str, sha256: str) -> tuple[FileImport, ...]:
        """The imports of a file with those bytes, the newest first."""
        rows = self._wire.rows(_OF_FILE, tenant_id=self._tenant_id, kind=kind, sha256=sha256)
        return tuple(map(_file_import, rows))

    def changes_of(self, number: int) -> tuple[ImportChange, ...]:
        """What an import added and changed, in the order of writing."""
        key = {"tenant_id": self._tenant_id, "number": number}
        texts = {place: (stood, left) for place, stood, left in self._wire.rows(_TEXTS, **key)}
        return tuple(
            ImportChange(
                kind=kind,
                key=own,
                before=before,
                after=after,
                stood=decoded(texts.get(place, ("", ""))[0]),
                left=decoded(texts.get(place, ("", ""))[1]),
            )
            for place, kind, own, before, after in self._wire.rows(_CHANGES, **key)
        )

    def built_on(self, number: int) -> tuple[int, ...]:
        """The numbers of later imports that stand and changed what this one added or changed."""
        rows = self._wire.rows(_BUILT_ON, tenant_id=self._tenant_id, number=number)
        return tuple(later for (later,) in rows)

    def written_later(self, number: int) -> dict[tuple[str, str], int]:
        """By kind and key, what later imports that stand wrote, each with the last import that did."""
        rows = self._wire.rows(_LATER_CHANGES, tenant_id=self._tenant_id, number=number)
        return {(kind, key): later for kind, key, later in rows}

    # -- taking one back ---------------------------------------------------------------------------------

    def hold(self, changes: Sequence[ImportChange]) -> None:
        """Wait for whoever is writing about people whom an import added or changed, and let nobody else begin.

        Who began in the meantime is beaten on PostgreSQL, and begins again (see `storage.triggers`).
        """
        for content in CONTENTS.values():
            content.hold(
                self._wire, self._tenant_id, [one.key for one in changes if one.kind == content.kind]
            )

    def clashes(self, change: ImportChange) -> bool:
        """Whether something without versions has been changed again since an import changed or added it."""
        if change.left is None:
            return False
        content = CONTENTS[change.kind]
        now = content.one(self._wire, self._tenant_id, change.key)
        return content.clashes(now, change.stood, change.left)

    def put_content_back(self, number: int, change: ImportChange, *, by: int, at: datetime) -> None:
        """Make something without versions be what it was before an import."""
        content = CONTENTS[change.kind]
        if change.stood is None:
            content.take_back(self._wire, self._tenant_id, change.key, number=number, by=by, at=at)
        else:
            assert change.left is not None, "of what stood before, it is kept what it became"
            content.put_back(self._wire, self._tenant_id, change.key, stood=change.stood, left=change.left)
        content.keep_hash(self._wire, self._tenant_id, change.key, self._audit)
        for table in content.held:
            self._audit.touched(table, *content.values_of(change.key))

    def undone(self, number: int, *, by: int, at: datetime) -> None:
        """Keep that an import was taken back.

        Raises:
            StaleVersion: when somebody else did so in the meantime.
        """
        row = {"tenant_id": self._tenant_id, "number": number, "at": at, "by": by}
        try:
            self._wire.run(_ADD_UNDONE, **row)
        except AlreadyExists as error:
            raise StaleVersion from error
        self._audit.keep_hash(UNDONE_IMPORTS, row)


def _row(key: Parameters, place: int, change: ImportChange) -> Parameters:
    return {
        **key,
        "place": place,
        "kind": change.kind,
        "key": change.key,
        "before": change.before,
        "after": change.after,
    }


def _file_import(row: Values) -> FileImport:
    *own, undone_at, undone_by = row
    number, kind, at, sha256, size, rows, added, changed, unchanged = own
    return FileImport(
        number=number,
        kind=kind,
        at=at,
        sha256=sha256,
        size=size,
        rows=rows,
        added=added,
        changed=changed,
        unchanged=unchanged,
        undone_at=undone_at,
        undone_by=undone_by,
    )
