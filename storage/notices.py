"""Stores what people are to be told because somebody else did it: which thing, never what it says."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import bindparam, select

from storage.statements import PreparedStatement, Wire, inserting
from storage.tables import NoticeRow, table_of
from storage.values import EntryVersion

_NOTICE = table_of(NoticeRow)
_INSTANT = _NOTICE.c.at.type
_ADD = PreparedStatement(inserting(NoticeRow, without=("notice_id",)))
_SINCE = PreparedStatement(
    select(_NOTICE.c.member_id, _NOTICE.c.at)
    .where(
        _NOTICE.c.tenant_id == bindparam("tenant_id"),
        _NOTICE.c.at >= bindparam("since", type_=_INSTANT),
    )
    .order_by(_NOTICE.c.at, _NOTICE.c.notice_id)
)
_BETWEEN = PreparedStatement(
    select(
        _NOTICE.c.member_id,
        _NOTICE.c.at,
        _NOTICE.c.by,
        _NOTICE.c.what,
        _NOTICE.c.entry_id,
        _NOTICE.c.n,
        _NOTICE.c.patient_id,
        _NOTICE.c.given_to,
    )
    .where(
        _NOTICE.c.tenant_id == bindparam("tenant_id"),
        _NOTICE.c.member_id == bindparam("member_id"),
        _NOTICE.c.at >= bindparam("since", type_=_INSTANT),
        _NOTICE.c.at < bindparam("until", type_=_INSTANT),
    )
    .order_by(_NOTICE.c.at, _NOTICE.c.notice_id)
)


class NoticeOf(StrEnum):
    """What a notice is about."""

    #: A version of an entry of theirs.
    ENTRY = "entry"
    #: Their patient was discharged.
    DISCHARGED = "discharged"
    #: Their patient was given to somebody else.
    ASSIGNED = "assigned"
    #: The import that their entries came with was taken back; `n` is its number.
    IMPORT_UNDONE = "import_undone"
    #: Patients are in other hands for some days, or come back; `n` is the number of the cover.
    COVER = "cover"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One thing that a member is to be told."""

    member_id: int
    #: Aware, UTC: when it was done.
    at: datetime
    #: Who did it; never the member.
    by: int
    what: NoticeOf
    #: The version of an entry; of an import, its number alone.
    entry_id: int | None = None
    n: int | None = None
    patient_id: int | None = None
    #: Who looks after the patient from then on.
    given_to: int | None = None


class Notices:
    """What the members of one tenant are to be told."""

    def __init__(self, wire: Wire, tenant_id: int) -> None:
        self._wire = wire
        self._tenant_id = tenant_id

    def add_of_entries(self, versions: Iterable[EntryVersion]) -> None:
        """Have whoever's work it is be told of what others write about it, whatever act it comes from."""
        self.add(
            Notice(
                member_id=one.entry.performed_by,
                at=one.at,
                by=one.by,
                what=NoticeOf.ENTRY,
                entry_id=one.entry.entry_id,
                n=one.entry.version,
            )
            for one in versions
            if one.by != one.entry.performed_by
        )

    def add(self, notices: Iterable[Notice]) -> None:
        """Keep what is to be told."""
        rows = [
            {
                "tenant_id": self._tenant_id,
                "member_id": one.member_id,
                "at": one.at,
                "by": one.by,
                "what": one.what.value,
                "entry_id": one.entry_id,
                "n": one.n,
                "patient_id": one.patient_id,
                "given_to": one.given_to,
            }
            for one in notices
        ]
        if rows:
            self._wire.run_many(_ADD, rows)

    def since(self, instant: datetime) -> tuple[tuple[int, datetime], ...]:
        """Whom something was done to from an instant on, and when; the earliest first."""
        rows = self._wire.rows(_SINCE, tenant_id=self._tenant_id, since=instant)
        return tuple((member_id, at) for member_id, at in rows)

    def of(self, member_id: int, since: datetime, until: datetime) -> tuple[Notice, ...]:
        """What a member is to be told of the time from `since` up to `until`, the earliest first."""
        rows = self._wire.rows(
            _BETWEEN, tenant_id=self._tenant_id, member_id=member_id, since=since, until=until
        )
        return tuple(
            Notice(
                member_id=member_id,
                at=at,
                by=by,
                what=NoticeOf(what),
                entry_id=entry_id,
                n=n,
                patient_id=patient_id,
                given_to=given_to,
            )
            for member_id, at, by, what, entry_id, n, patient_id, given_to in rows
        )
