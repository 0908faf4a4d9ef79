"""Reads roles as staff lists write them: `Care Manager`, `care_manager biller`, `Psychiatrist; Supervisor`."""

import re
from collections.abc import Iterable, Iterator

from billing.people import MemberRole, Role

_BETWEEN = re.compile(r"[,;/|&+\n]|\band\b", re.IGNORECASE)
_WITHIN = re.compile(r"[\s_-]+")
#: What else a role is called; whatever may be two roles, or a profession, is left out.
_CALLED = {
    MemberRole.CARE_MANAGER: ("behavioral health care manager", "bh care manager", "bhcm", "cm"),
    MemberRole.CONSULTANT: ("psychiatric consultant", "psychiatrist", "consulting psychiatrist"),
    MemberRole.TREATING_PROVIDER: (
        *("treating practitioner", "treating physician", "primary care provider"),
        *("primary care physician", "pcp"),
    ),
    MemberRole.BILLER: ("billing", "billing staff"),
    MemberRole.SUPERVISOR: (),
    MemberRole.ADMIN: ("administrator",),
}
_ROLES = {
    tuple(_WITHIN.split(name)): role for role, called in _CALLED.items() for name in (role.value, *called)
}
_LONGEST = max(map(len, _ROLES))


def read_roles(text: str) -> frozenset[MemberRole]:
    """The roles of a cell, with anything plain between them.

    Raises:
        ValueError: when one of them is not known.
    """
    found = frozenset(role for phrase in _BETWEEN.split(text) for role in _of_phrase(phrase.strip()))
    if not found:
        raise ValueError(_unknown(text, MemberRole))
    return found


def read_working_role(text: str) -> Role:
    """The one role in which work was done.

    Raises:
        ValueError: when it is none in which anybody works.
    """
    try:
        found = read_roles(text)
    except ValueError:
        found = frozenset()
    working = [role for role in Role if role.value in found]
    if len(found) != 1 or not working:
        raise ValueError(_unknown(text, Role))
    return working[0]


def _unknown(text: str, choices: Iterable[str]) -> str:
    return f"{text!r} is not known. Write one of: {', '.join(choices)}."


def _of_phrase(phrase: str) -> Iterator[MemberRole]:
    words = tuple(filter(None, _WITHIN.split(phrase.casefold())))
    while words:
        size = next((size for size in range(_LONGEST, 0, -1) if words[:size] in _ROLES), 0)
        if not size:
            raise ValueError(_unknown(phrase, MemberRole))
        yield _ROLES[words[:size]]
        words = words[size:]
