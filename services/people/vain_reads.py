"""Says of somebody that they ask about many MRNs that nobody has: a list gone wrong, or somebody who tries numbers."""

from dataclasses import dataclass

from services.context import Context


@dataclass(frozen=True, slots=True, kw_only=True)
class VainReads:
    """A member who asked about too many MRNs that nobody has."""

    member_id: int
    name: str


def vain_reads(context: Context, member_id: int) -> VainReads | None:
    """What administrators are to be told; None of somebody whose membership has ended meanwhile."""
    member = context.uow.members.by_id(member_id)
    if member is None or not member.active:
        return None
    return VainReads(member_id=member_id, name=member.display_name)
