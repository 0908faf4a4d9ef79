"""The roles in which people take part in Collaborative Care."""

from dataclasses import dataclass, field
from datetime import date, time
from enum import StrEnum


class Role(StrEnum):
    """The role in which a stretch of time was worked; decides whether it counts (R-201)."""

    CARE_MANAGER = "care_manager"
    CONSULTANT = "consultant"
    TREATING_PROVIDER = "treating_provider"


class MemberRole(StrEnum):
    """What a member of the practice may do; one member may have several."""

    CARE_MANAGER = "care_manager"
    CONSULTANT = "consultant"
    TREATING_PROVIDER = "treating_provider"
    BILLER = "biller"
    SUPERVISOR = "supervisor"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A person of the practice, whether in Slack or not (a consultant may not be)."""

    member_id: int
    display_name: str
    roles: frozenset[MemberRole]
    #: IANA name; None means the practice's zone.
    time_zone: str | None = None
    slack_user_id: str | None = None
    #: Local time of the morning digest, `08:30`; None means the practice's default.
    digest_at: time | None = None
    credential: str = ""
    department: str = ""
    active: bool = True
    #: In lower case; nobody else's.
    email: str | None = None

    @property
    def working_role(self) -> Role | None:
        """The role in which this member's own time is worked; None for one who has no time of their own."""
        for member_role, role in _WORKING_ROLES:
            if member_role in self.roles:
                return role
        return None


#: First match wins: who manages care logs as a care manager, whatever else they are.
_WORKING_ROLES = (
    (MemberRole.CARE_MANAGER, Role.CARE_MANAGER),
    (MemberRole.CONSULTANT, Role.CONSULTANT),
    (MemberRole.TREATING_PROVIDER, Role.TREATING_PROVIDER),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Patient:
    """A person in care, as the practice's roster or a first mention in chat made them known."""

    patient_id: int
    #: Random name `P-7F3K` for where an MRN may not appear.
    handle: str
    #: The roster's own spelling of the MRN, for display to those who may see it.
    mrn: str = field(repr=False)
    #: What tells patients apart: casefolded text after the `MRN` prefix.
    identity: str = field(repr=False)
    #: False for a patient known only because somebody logged time for an unknown MRN.
    on_roster: bool = True
    first_name: str = field(default="", repr=False)
    last_name: str = field(default="", repr=False)
    referring_npi: str = ""
    problems: str = field(default="", repr=False)
    birth_date: date | None = field(default=None, repr=False)
