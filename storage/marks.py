"""Tells what has changed since a file was read and checked: whether a plan made then still holds."""

from dataclasses import dataclass, field

from sqlalchemy import bindparam, func, select

from storage.compiled import Values
from storage.statements import PreparedStatement, Wire
from storage.tables import AuditEventRow, AuditHeadRow, MemberRow, PatientRow, table_of

_EVENT = table_of(AuditEventRow)
_HEAD = table_of(AuditHeadRow)
_MEMBER = table_of(MemberRow)
_PATIENT = table_of(PatientRow)
_SEQ = PreparedStatement(select(_HEAD.c.seq).where(_HEAD.c.tenant_id == bindparam("tenant_id")))
_MEMBERS = PreparedStatement(
    select(_MEMBER).where(_MEMBER.c.tenant_id == bindparam("tenant_id")).order_by(_MEMBER.c.member_id)
)
_PATIENTS = PreparedStatement(
    select(func.count()).select_from(_PATIENT).where(_PATIENT.c.tenant_id == bindparam("tenant_id"))
)
_SINCE = PreparedStatement(
    select(_EVENT.c.action, _EVENT.c.subject)
    .where(_EVENT.c.tenant_id == bindparam("tenant_id"), _EVENT.c.seq > bindparam("seq"))
    .order_by(_EVENT.c.seq)
)
#: Of the audit trail's event of a log: its receipt.
_RECEIPT = "receipt:"
LOGGED = "entries.logged"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """How far a practice had come when something was read."""

    #: The end of the audit chain.
    seq: int
    #: Members change without an event: their zone is learned from Slack.
    members: tuple[Values, ...] = field(repr=False)
    patients: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Since:
    """What has happened since a mark."""

    #: The audit trail's words for it.
    actions: frozenset[str]
    #: Receipts of the entries that people logged.
    receipts: tuple[int, ...]
    has_other_members: bool
    has_new_patients: bool


class Marks:
    """Marks of one tenant."""

    def __init__(self, wire: Wire, tenant_id: int) -> None:
        self._wire = wire
        self._tenant_id = tenant_id

    def now(self) -> Mark:
        """How far the practice has come, as this unit of work sees it."""
        (seq,) = self._wire.one(_SEQ, tenant_id=self._tenant_id)
        (patients,) = self._wire.one(_PATIENTS, tenant_id=self._tenant_id)
        members = self._wire.rows(_MEMBERS, tenant_id=self._tenant_id)
        return Mark(seq=seq, members=tuple(members), patients=patients)

    def since(self, mark: Mark) -> Since:
        """What has happened since then."""
        events = self._wire.rows(_SINCE, tenant_id=self._tenant_id, seq=mark.seq)
        now = self.now()
        return Since(
            actions=frozenset(action for action, _ in events),
            receipts=tuple(
                int(subject.removeprefix(_RECEIPT)) for action, subject in events if action == LOGGED
            ),
            has_other_members=now.members != mark.members,
            has_new_patients=now.patients != mark.patients,
        )
