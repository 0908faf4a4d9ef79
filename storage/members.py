"""Stores the practice's members."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import time

from sqlalchemy import bindparam, func, select, update

from billing.people import Member, MemberRole
from storage import damage
from storage.compiled import Parameters, Values
from storage.errors import NotFound
from storage.facts import MEMBER_FACTS, Facts
from storage.import_contents import MEMBER_CONTENT
from storage.import_log import ImportLog
from storage.statements import PreparedStatement, Wire, inserting
from storage.tables import MemberRow, table_of

_MEMBER = table_of(MemberRow)
_COLUMNS = (
    _MEMBER.c.member_id,
    _MEMBER.c.display_name,
    _MEMBER.c.roles,
    _MEMBER.c.time_zone,
    _MEMBER.c.slack_user_id,
    _MEMBER.c.digest_at,
    _MEMBER.c.credential,
    _MEMBER.c.department,
    _MEMBER.c.active,
    _MEMBER.c.email,
)
_IN_TENANT = select(*_COLUMNS).where(_MEMBER.c.tenant_id == bindparam("tenant_id"))
_BY_SLACK_ID = PreparedStatement(_IN_TENANT.where(_MEMBER.c.slack_user_id == bindparam("slack_user_id")))
_IS_THERE = PreparedStatement(
    select(func.count()).where(
        _MEMBER.c.tenant_id == bindparam("tenant_id"), _MEMBER.c.slack_user_id == bindparam("slack_user_id")
    )
)
_BY_ID = PreparedStatement(_IN_TENANT.where(_MEMBER.c.member_id == bindparam("member_id")))
#: Whom an import added that was taken back is a name in the history, and nobody else.
_STANDING = _IN_TENANT.where(_MEMBER.c.taken_back.is_(None))
_BY_EMAIL = PreparedStatement(_STANDING.where(_MEMBER.c.email == bindparam("email")))
_BY_NAME = PreparedStatement(_STANDING.where(_MEMBER.c.name_key == bindparam("name_key")))
_ALL = PreparedStatement(_STANDING.order_by(_MEMBER.c.name_key, _MEMBER.c.member_id))
_LAST_NUMBER = PreparedStatement(select(func.coalesce(func.max(_MEMBER.c.member_id), 0)))
_ADD = PreparedStatement(
    inserting(MemberRow, without=("member_id", "taken_back")).returning(_MEMBER.c.member_id)
)
_UPDATE = PreparedStatement(
    update(_MEMBER)
    .where(_MEMBER.c.tenant_id == bindparam("tenant"), _MEMBER.c.member_id == bindparam("member"))
    .values(
        {
            column.name: bindparam(column.name, type_=column.type)
            for column in _MEMBER.columns
            if column.name not in {"tenant_id", "member_id", "taken_back"}
        }
    )
)


class Members:
    """The members of one tenant."""

    def __init__(self, wire: Wire, tenant_id: int, facts: Facts, import_log: ImportLog) -> None:
        self._wire = wire
        self._tenant_id = tenant_id
        self._facts = facts
        self._import_log = import_log
        # A use case asks for the same member several times over; in one unit of work it is the same member.
        self._known: dict[int, Member] = {}

    def by_slack_id(self, slack_user_id: str) -> Member | None:
        """The member behind a Slack user id."""
        row = self._wire.row(_BY_SLACK_ID, tenant_id=self._tenant_id, slack_user_id=slack_user_id)
        return None if row is None else self._meet(_member(row))

    def is_there(self, slack_user_id: str) -> bool:
        """Whether a row stands for a Slack user, be it one that cannot be read."""
        return bool(self._wire.one(_IS_THERE, tenant_id=self._tenant_id, slack_user_id=slack_user_id)[0])

    def by_email(self, email: str) -> Member | None:
        """The member of that e-mail address, whatever its case."""
        row = self._wire.row(_BY_EMAIL, tenant_id=self._tenant_id, email=email.strip().casefold())
        return None if row is None else self._meet(_member(row))

    def by_id(self, member_id: int) -> Member | None:
        """The member of that number."""
        known = self._known.get(member_id)
        if known is not None:
            return known
        row = self._wire.row(_BY_ID, tenant_id=self._tenant_id, member_id=member_id)
        return None if row is None else self._meet(_member(row))

    def by_name(self, display_name: str) -> Member | None:
        """The member of that display name, whatever its case; None when there is none, or more than one.

        Whoever has left makes nobody else's name a doubtful one.
        """
        rows = self._wire.rows(_BY_NAME, tenant_id=self._tenant_id, name_key=display_name.strip().casefold())
        found = damage.each(_member, rows, "member")
        standing = [member for member in found if member.active] or found
        return standing[0] if len(standing) == 1 else None

    def all(self) -> tuple[Member, ...]:
        """Every member, active or not, by name."""
        return tuple(damage.each(_member, self._wire.rows(_ALL, tenant_id=self._tenant_id), "member"))

    def next_number(self) -> int:
        """The number that the next member will have on SQLite, if nobody adds one before."""
        return int(self._wire.one(_LAST_NUMBER)[0]) + 1

    def add(  # noqa: PLR0913 - the facts of a member, by name
        self,
        *,
        display_name: str,
        roles: frozenset[MemberRole],
        slack_user_id: str | None = None,
        time_zone: str | None = None,
        digest_at: time | None = None,
        credential: str = "",
        department: str = "",
        active: bool = True,
        email: str | None = None,
    ) -> Member:
        """Add a member.

        Raises:
            AlreadyExists: when that Slack user is a member already, or the e-mail address a member's.
        """
        draft = Member(
            member_id=0,
            display_name=display_name,
            roles=roles,
            slack_user_id=slack_user_id,
            time_zone=time_zone,
            digest_at=digest_at,
            credential=credential,
            department=department,
            active=active,
            email=email and email.strip().casefold(),
        )
        (member_id,) = self._wire.one(_ADD, tenant_id=self._tenant_id, **_parameters(draft))
        self._import_log.vouch(MEMBER_CONTENT, member_id)
        if active or roles:
            # Who stands for imports is none of the people, and belongs to no import.
            self._import_log.added(MEMBER_CONTENT, (member_id,))
        return replace(draft, member_id=member_id)

    def update(self, member: Member) -> None:
        """Store a member's facts as given.

        Raises:
            NotFound: when this tenant has no such member.
            AlreadyExists: when its Slack user is another member already, or its e-mail address another's.
        """
        before = self.by_id(member.member_id)
        if before is None:
            raise NotFound
        self._import_log.touches(MEMBER_CONTENT, member.member_id)
        self._wire.run(_UPDATE, tenant=self._tenant_id, member=member.member_id, **_parameters(member))
        if before.digest_at != member.digest_at:
            self._facts.chosen(MEMBER_FACTS, _chosen(before), _chosen(member))
        self._meet(member)

    def forget(self, member_id: int) -> None:
        """Read a member again when next asked for."""
        self._known.pop(member_id, None)

    def forget_all(self) -> None:
        """Read every member again when next asked for."""
        self._known.clear()

    def _meet(self, member: Member) -> Member:
        self._known[member.member_id] = member
        return member


def _chosen(member: Member) -> Parameters:
    return {"member_id": member.member_id, "digest_at": member.digest_at}


def _parameters(member: Member) -> Parameters:
    return {
        "slack_user_id": member.slack_user_id,
        "display_name": member.display_name,
        "name_key": member.display_name.strip().casefold(),
        "roles": tuple(sorted(member.roles)),
        "time_zone": member.time_zone,
        "digest_at": member.digest_at,
        "credential": member.credential,
        "department": member.department,
        "active": member.active,
        "email": member.email and member.email.strip().casefold(),
    }


def _roles(member_id: int, words: Iterable[str]) -> Iterator[MemberRole]:
    """The roles that there are; a word that is none is left out, and gives nobody a right."""
    for word in words:
        try:
            yield MemberRole(word)
        except ValueError:
            damage.note("member", member_id)


def _member(row: Values) -> Member:
    (
        *(
            member_id,
            display_name,
            roles,
            time_zone,
            slack_user_id,
            digest_at,
            credential,
            department,
            active,
        ),
        email,
    ) = row
    return Member(
        member_id=member_id,
        display_name=display_name,
        roles=frozenset(_roles(member_id, roles)),
        time_zone=time_zone,
        slack_user_id=slack_user_id,
        digest_at=digest_at,
        credential=credential,
        department=department,
        active=active,
        email=email,
    )
