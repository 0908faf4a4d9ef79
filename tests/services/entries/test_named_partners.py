"""Whom a name in a note means."""

import pytest

from billing.people import Member, MemberRole
from services.entries.named_partners import meant


def member(member_id: int, name: str, *roles: MemberRole, active: bool = True) -> Member:
    return Member(member_id=member_id, display_name=name, roles=frozenset(roles), active=active)


ANA = member(1, "Ana Flores", MemberRole.CARE_MANAGER)
CHO = member(2, "Dr. Grace Cho, MD", MemberRole.CONSULTANT)
PAT = member(3, "Pat Lindgren", MemberRole.TREATING_PROVIDER)
TEAM = (ANA, CHO, PAT)


@pytest.mark.parametrize(
    "name",
    [
        "Dr. Cho",
        "dr cho",
        "Dr.Cho",
        "Doctor Cho",
        "Cho",
        "cho",
        "@cho",
        "Cho's",
        "Grace Cho",
        "Dr. Grace Cho",
        "grace",
        "cho increase sertraline",
        "Dr Cho, increase",
        "grace increase",
        "the psychiatrist Dr. Cho",
        "the consultant, Grace Cho",
    ],
)
def test_the_consultant_by_any_of_her_names(name: str) -> None:
    """Title, full, last or first name, in any case, with words behind it."""
    assert meant(name, ANA, TEAM) == CHO


@pytest.mark.parametrize(
    "name",
    ["Dr. Bello", "patient", "Grace Miller", "Grace Ana", "Ana", "Pat", "Dr. Lindgren", "Dr.", "", "Chow"],
)
def test_nobody_else(name: str) -> None:
    """Strangers, oneself, other roles and bare titles are nobody who was there."""
    assert meant(name, ANA, TEAM) is None


def test_a_consultant_names_the_care_manager() -> None:
    """And no other consultant, nor a provider."""
    lee = member(4, "Kim Lee", MemberRole.CONSULTANT)
    assert meant("Ana", CHO, (*TEAM, lee)) == ANA
    assert meant("ana flores", CHO, TEAM) == ANA
    assert meant("Dr. Flores", CHO, TEAM) is None
    assert meant("Lee", CHO, (*TEAM, lee)) is None
    assert meant("Pat", CHO, TEAM) is None


def test_a_name_of_two_is_nobodys_unless_the_title_or_the_full_name_tells() -> None:
    """Another Cho: the title leaves doctors alone, and the full name tells; who has left is out of it."""
    li = member(5, "Li Cho", MemberRole.CARE_MANAGER)
    assert meant("cho", ANA, (*TEAM, li)) is None
    assert meant("Dr. Cho", ANA, (*TEAM, li)) == CHO
    assert meant("Grace Cho", ANA, (*TEAM, li)) == CHO
    gone = member(6, "Li Cho", MemberRole.CONSULTANT, active=False)
    assert meant("Dr. Cho", ANA, (*TEAM, gone)) == CHO
    both = member(7, "Mia Cho", MemberRole.CONSULTANT)
    assert meant("Dr. Cho", ANA, (*TEAM, both)) is None
    twin = member(8, "Grace Cho", MemberRole.CONSULTANT)
    assert meant("Grace Cho", ANA, (*TEAM, twin)) is None


def test_who_has_no_minutes_is_not_there() -> None:
    """A biller of that name was at no review."""
    assert meant("Sam", ANA, (*TEAM, member(9, "Sam Whitfield", MemberRole.BILLER))) is None
