"""Finds the time zone that somebody's name of one stands for."""

from functools import lru_cache
from zoneinfo import ZoneInfo

from billing.people import Member
from storage import damage


def zone_of(member: Member, otherwise: ZoneInfo) -> ZoneInfo:
    """The member's own zone, or another where they have none; a name that is no zone's is named to administrators."""
    if not member.time_zone:
        return otherwise
    found = _zone(member.time_zone)
    if found is None:
        damage.note("member", member.member_id)
        return otherwise
    return found


@lru_cache(maxsize=1024)
def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, LookupError):
        return None
