"""Tells whom a note means that names who was at a case review, without a mention: `with Dr. Cho`, `w/ ana`."""

import re
from collections.abc import Iterable, Sequence

from billing.people import Member, MemberRole, Role

_TITLE = re.compile(
    r"^@?(?:(?:the )?(?:psychiatrist|psychiatric consultant|consultant)[,:]? )?(?P<doctor>(?:dr\b\.?|doctor) ?)?",
    re.IGNORECASE,
)


def meant(name: str, performer: Member, everyone: Iterable[Member]) -> Member | None:
    """The one member whom a name means: for a care manager a consultant, for a consultant a care manager.

    Args:
        name: As typed, with words that may follow it: `Dr. Cho increase sertraline`.
        performer: Whose work it was.
        everyone: The members of the practice.

    Returns:
        None where the name is nobody's, more than one person's, or of somebody in another role.
    """
    spoken = " ".join(name.split())
    title = _TITLE.match(spoken)
    assert title is not None, "every part of the pattern may be missing"
    words = [word.strip(".,;:") for word in spoken[title.end() :].split()]
    team = [one for one in everyone if one.active and one.working_role is not None and one != performer]
    if title["doctor"]:
        team = [one for one in team if one.working_role is not Role.CARE_MANAGER]
    found = _named(words, team)
    if len(found) != 1:
        return None
    member = found[0]
    return member if _is_other_side(performer, member) else None


def _is_other_side(performer: Member, member: Member) -> bool:
    if performer.working_role is Role.CONSULTANT:
        return member.working_role is Role.CARE_MANAGER
    return MemberRole.CONSULTANT in member.roles


def _named(words: Sequence[str], team: Sequence[Member]) -> list[Member]:
    """Whose full name the words begin with; without any, whose last or first name."""
    parts = {one.member_id: _parts(one) for one in team}
    for length in (3, 2):
        full = [one for one in team if len(words) >= length and parts[one.member_id] == _key(words[:length])]
        if full:
            return full
    if not words:
        return []
    last = [one for one in team if parts[one.member_id][-1:] == _key(words[:1])]
    if last or _goes_on(words):
        return last
    return [one for one in team if parts[one.member_id][:1] == _key(words[:1])]


def _goes_on(words: Sequence[str]) -> bool:
    """Whether a first name is followed by what looks like another person's last name: `Grace Miller`."""
    return len(words) > 1 and words[1][:1].isupper()


def _parts(member: Member) -> list[str]:
    """A display name without title and credentials: `Dr. Grace Cho, MD` as grace, cho."""
    plain = member.display_name.partition(",")[0]
    title = _TITLE.match(plain)
    return _key((plain[title.end() :] if title else plain).split())


def _key(words: Iterable[str]) -> list[str]:
    return [word.strip(".,;:").casefold().removesuffix("'s") for word in words]
