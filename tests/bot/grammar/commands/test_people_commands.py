"""Commands about members and roles: what they mean, and that every word means something."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from billing.people import MemberRole
from bot.grammar import ParseContext, Parsed, parse
from bot.grammar.commands.members import MembersArguments
from bot.grammar.commands.roles import RolesArguments
from services.people.requests import RoleEdit

CONTEXT = ParseContext(
    now=datetime(2026, 11, 18, 20, 30, tzinfo=UTC),
    zone=ZoneInfo("America/New_York"),
    roster=frozenset({"123"}),
)
CM, DR, TP = MemberRole.CARE_MANAGER, MemberRole.CONSULTANT, MemberRole.TREATING_PROVIDER
BILLER, SUPERVISOR, ADMIN = MemberRole.BILLER, MemberRole.SUPERVISOR, MemberRole.ADMIN


def read(text: str) -> Parsed:
    return parse(text, CONTEXT)


@pytest.mark.parametrize(
    ("text", "name", "roles", "how"),
    [
        ("roles", None, (), RoleEdit.SET),
        ("role", None, (), RoleEdit.SET),
        ("my roles please", None, (), None),
        ("roles @ana", "ana", (), RoleEdit.SET),
        ("roles <@U0ANA|ana> care_manager biller", "U0ANA", (CM, BILLER), RoleEdit.SET),
        (
            "roles @Ana Flores care manager, biller and supervisor",
            "Ana Flores",
            (CM, BILLER, SUPERVISOR),
            RoleEdit.SET,
        ),
        ("Roles @ana Add Admin", "ana", (ADMIN,), RoleEdit.ADD),
        ("roles remove billers from <@U0ANA>", "U0ANA", (BILLER,), RoleEdit.REMOVE),
        ("roles me care-manager administrator", "me", (CM, ADMIN), RoleEdit.SET),
        ("roles Dr. Cho is a psychiatric consultant", "Dr. Cho", (DR,), RoleEdit.SET),
        ("roles <@U0CHO|cho> treating provider", "U0CHO", (TP,), RoleEdit.SET),
        ("roles @ana give supervisor role", "ana", (SUPERVISOR,), RoleEdit.ADD),
    ],
)
def test_what_is_said_of_roles(
    text: str, name: str | None, roles: tuple[MemberRole, ...], how: RoleEdit | None
) -> None:
    """Roles in any spelling and order, beside one person."""
    parsed = read(text)
    if how is None:
        assert not isinstance(parsed.arguments, RolesArguments)
        return
    assert parsed.arguments == RolesArguments(name=name, roles=frozenset(roles), how=how)


@pytest.mark.parametrize(
    ("text", "name", "ends"),
    [
        ("members", None, False),
        ("member", None, False),
        ("members <@U0ANA|ana> ends", "U0ANA", True),
        ("member @Ana Flores left", "Ana Flores", True),
        ("members @ana returns", "ana", False),
        ("members @ana is back", "ana", False),
    ],
)
def test_what_is_said_of_memberships(text: str, name: str | None, *, ends: bool) -> None:
    """The end and the return of one person's membership."""
    assert read(text).arguments == MembersArguments(name=name, ends=ends)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("roles care_manager", "whose_roles"),
        ("roles <@U0ANA|ana> supervisr", "extra_words"),
        ("roles <@U0ANA|ana> <@U0BEN|ben> biller", "two_members"),
        ("roles @ana add biller remove supervisor", "two_changes"),
        ("roles @ana biller\nroles @ben biller", "extra_words"),
        ("members @ana", "no_change"),
        ("members <@U0ANA|ana> ends tomorrow", "extra_words"),
        ("members ends", "whose_membership"),
        ("members @ana ends and returns", "ends_and_returns"),
    ],
)
def test_what_is_not_understood_changes_nothing(text: str, code: str) -> None:
    """Each refusal names its reason and a line that is understood."""
    parsed = read(text)
    assert parsed.problems
    assert parsed.problems[0].code == code
    assert read(parsed.problems[0].example or "").ok


def test_names_of_people_who_are_there_are_kept_in_what_is_offered() -> None:
    """The line that is offered holds the person's own words, never somebody else."""
    (problem, *_) = read("members @ana").problems
    assert problem.example == "members @ana ends"


@pytest.mark.parametrize(
    "text",
    [
        "role play of a hard conversation 15m MRN123",
        "roles in the family discussed 15m MRN123",
        "members of the family called 15m MRN123",
        "member services called 15m MRN123",
        "rights of patients explained 15m MRN123",
    ],
)
def test_a_line_of_time_may_begin_with_such_a_word(text: str) -> None:
    """Time and patient make it a log, and the word stays in the note."""
    parsed = read(text)
    assert parsed.draft is not None
    (request,) = parsed.draft.requests
    assert request.seconds == 900
    assert request.note.startswith(text.split(maxsplit=1)[0])
