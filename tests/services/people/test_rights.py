"""The table of rights: complete, checked by every use case, and what it says of minutes."""

import ast
import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

import services
from billing.clinical import AttestationKind
from billing.findings.registry import answered_by
from billing.people import Member, MemberRole, Role
from services.care.statements import RIGHTS
from services.entries import log
from services.entries.receipts import Receipt
from services.errors import InactiveMember, NotAllowed
from services.people.patient_ref import PatientRef
from services.people.rights import ACTIONS_OF, ROLE_NAMES, TABLE, WORKING, Action, check
from storage import Database
from tests.support.practice import TryPractice, asked, draft

ROOT = Path(__file__).parents[3]
#: Rooms whose programs carry out what people ask.
DOORS = ("bot", "cocm")
CM, DR, TP = MemberRole.CARE_MANAGER, MemberRole.CONSULTANT, MemberRole.TREATING_PROVIDER
BILLER, SUPERVISOR, ADMIN = MemberRole.BILLER, MemberRole.SUPERVISOR, MemberRole.ADMIN


@pytest.fixture
def practice(database: Database) -> TryPractice:
    return TryPractice(database)


def modules() -> Iterator[ModuleType]:
    """Every module of the use cases."""
    for found in pkgutil.walk_packages(services.__path__, "services."):
        yield importlib.import_module(found.name)


def use_cases() -> dict[str, str]:
    """Functions that are handed who acts, by module and name, and the name by which a door calls them."""
    found = {}
    for module in modules():
        for name, function in inspect.getmembers(module, inspect.isfunction):
            parameters = list(inspect.signature(function).parameters)
            if function.__module__ == module.__name__ and parameters[1:2] == ["actor"]:
                found[f"{module.__name__}.{name}"] = f"{module.__name__.rpartition('.')[2]}.{name}"
    return found


def called_by_doors() -> set[str]:
    """Names and dotted names that the bot and the command line use."""
    found: set[str] = set()
    for room in DOORS:
        for path in (ROOT / room).rglob("*.py"):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            renamed = {
                alias.asname or alias.name: alias.name
                for node in ast.walk(tree)
                if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("services")
                for alias in node.names
            }
            for node in ast.walk(tree):
                if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                    found.add(f"{renamed.get(node.value.id, node.value.id)}.{node.attr}")
                elif isinstance(node, ast.Name) and node.id in renamed:
                    found.add(renamed[node.id])
    return found


def test_every_use_case_has_its_action() -> None:
    """Whatever a door can call in somebody's name is in the table; a new one without an action fails here."""
    called = called_by_doors()
    reached = {
        case
        for case, dotted in use_cases().items()
        if dotted in called or dotted.rpartition(".")[2] in called
    }
    assert len(reached) > 20
    assert reached - ACTIONS_OF.keys() == set()


def test_every_action_has_its_row_and_its_use_case() -> None:
    """No row without an action, no action without a row, and nothing in the table that nobody asks about."""
    list(modules())
    assert list(TABLE) == list(Action)
    assert {action for actions in ACTIONS_OF.values() for action in actions} == set(Action)
    assert all(right.roles and right.words and right.typed for right in TABLE.values())


def test_every_role_is_a_column() -> None:
    """In the order in which people are named in sentences."""
    assert set(ROLE_NAMES) == set(MemberRole)


def test_what_the_issue_of_rights_says() -> None:
    """Care by those who care; minutes by those who work; months by those who bill; members by administrators."""
    care = {action for action in Action if TABLE[action].roles == WORKING | {SUPERVISOR}}
    assert care == {
        *(Action.ENROLL, Action.CONSENT, Action.ASSESS, Action.REVIEW_CASE, Action.DISCHARGE, Action.ASSIGN),
        *(Action.RECORD_STAY, Action.STATE, Action.SET_ASIDE, Action.MARK_SEEN),
    }
    assert TABLE[Action.LOG_OWN].roles == {CM, DR, TP}
    assert TABLE[Action.CLOSE].roles == TABLE[Action.SUBMIT].roles == {BILLER, ADMIN}
    assert TABLE[Action.MANAGE_MEMBERS].roles == {ADMIN}


@pytest.mark.parametrize("kind", AttestationKind)
def test_who_attests_is_who_the_finding_says_fixes_it(kind: AttestationKind) -> None:
    """What a screen names as the one to ask is what the table allows; administrators besides."""
    assert {*answered_by(kind).fixed_by, ADMIN} == TABLE[RIGHTS[kind]].roles


def test_somebody_whose_membership_ended_may_nothing(practice: TryPractice) -> None:
    """Whatever their roles were."""
    gone = Member(member_id=1, display_name="Ana", roles=frozenset(MemberRole), active=False)
    for action in Action:
        with pytest.raises(InactiveMember):
            practice.see(check, gone, action)


def test_a_member_without_a_role_is_told_how_to_get_one(practice: TryPractice) -> None:
    """Nobody has forgotten them; an administrator gives the role."""
    nobody = Member(member_id=1, display_name="Ana", roles=frozenset())
    with pytest.raises(NotAllowed, match=r"You have no role here.*/cocm roles @Ana care_manager"):
        practice.see(lambda context: check(context, nobody, Action.SEE_PATIENTS))


@pytest.mark.parametrize("roles", [(BILLER,), (SUPERVISOR,), (ADMIN,), (BILLER, SUPERVISOR, ADMIN)])
def test_people_without_a_working_role_have_no_minutes(
    practice: TryPractice, roles: tuple[MemberRole, ...]
) -> None:
    """The line is refused before anything is asked, says who can write it, and stores nothing."""
    practice.patient("124")
    sam = practice.member("Sam Whitfield", *roles, slack="U0SAM")
    with pytest.raises(NotAllowed, match=r"have minutes of their own\. Nothing was stored"):
        # One typo from a patient of the roster: the question must not come first.
        practice.do(log.log, sam, draft(asked("125", note="looked at the chart for billing")))
    month = practice.see(lambda context: list(context.uow.ledger.month(context.today, context.today)))
    assert month == []


def test_nobody_s_minutes_are_those_of_a_biller(practice: TryPractice) -> None:
    """A supervisor who writes for somebody without minutes is told so."""
    practice.patient()
    chloe = practice.member("Chloe Lindqvist", SUPERVISOR, slack="U0CHL")
    practice.member("Sam Whitfield", BILLER, slack="U0SAM")
    with pytest.raises(NotAllowed, match="Sam Whitfield is a biller here, and only care managers"):
        practice.do(log.log, chloe, draft(asked(performed_by="U0SAM")))


def test_a_biller_writes_for_a_consultant_and_not_for_a_care_manager(practice: TryPractice) -> None:
    """Consultants need not be in Slack; care managers write their own time, or a supervisor does."""
    practice.patient()
    sam = practice.member("Sam Whitfield", BILLER, slack="U0SAM")
    practice.member("Dr. Cho", DR, slack="U0CHO")
    practice.member("Ana Flores", CM, slack="U0ANA")
    practice.member("Dr. Both", DR, CM, slack="U0BOTH")
    done = practice.do(log.log, sam, draft(asked(performed_by="U0CHO")))
    assert isinstance(done, Receipt)
    assert done.entries[0].entry.role is Role.CONSULTANT
    for name in ("U0ANA", "U0BOTH"):
        with pytest.raises(NotAllowed, match="Only a supervisor can log time"):
            practice.do(log.log, sam, draft(asked(performed_by=name)))


def test_who_has_no_minutes_takes_no_part_in_joint_time(practice: TryPractice) -> None:
    """The words stay in the note, and the receipt says so."""
    practice.patient()
    ana = practice.member("Ana Flores", CM, slack="U0ANA")
    practice.member("Sam Whitfield", BILLER, slack="U0SAM")
    one = asked(
        partners=("U0SAM",), whole_note="call with @sam", patient=PatientRef(text="MRN123", identity="123")
    )
    done = practice.do(log.log, ana, draft(one))
    assert isinstance(done, Receipt)
    (shown,) = done.entries
    assert shown.entry.participants == ()
    assert shown.note == "call with @sam"
    assert any("without minutes" in remark for remark in shown.remarks)
