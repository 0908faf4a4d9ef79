"""Roles of the practice's people."""

import pytest

from billing.activities import Activity
from billing.people import Member, MemberRole, Role
from tests.support.months import ANA


def member(*roles: MemberRole) -> Member:
    return Member(member_id=ANA, display_name="Ana", roles=frozenset(roles))


@pytest.mark.parametrize(
    ("roles", "role"),
    [
        ((MemberRole.CONSULTANT, MemberRole.CARE_MANAGER), Role.CARE_MANAGER),
        ((MemberRole.CONSULTANT, MemberRole.TREATING_PROVIDER), Role.CONSULTANT),
        ((MemberRole.TREATING_PROVIDER, MemberRole.BILLER), Role.TREATING_PROVIDER),
        ((MemberRole.BILLER,), None),
        ((MemberRole.SUPERVISOR, MemberRole.ADMIN), None),
        ((), None),
    ],
)
def test_the_role_in_which_a_member_works(roles: tuple[MemberRole, ...], role: Role | None) -> None:
    """Who manages care logs as a care manager, whatever else they are; a biller has no time of their own."""
    assert member(*roles).working_role is role


def test_an_activity_reads_as_words() -> None:
    """`chart_review` is shown as chart review."""
    assert Activity.CHART_REVIEW.label == "chart review"
