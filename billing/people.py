"""The roles in which people take part in Collaborative Care."""

from enum import StrEnum


class Role(StrEnum):
    """The role in which a stretch of time was worked; decides whether it counts."""

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
