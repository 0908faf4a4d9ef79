"""Memberships by file and by command: roles, ends and returns, and never without an administrator."""

from dataclasses import replace

import pytest

from billing.people import Member, MemberRole
from services.context import Context
from services.entries import log, overviews
from services.errors import AwaitingApproval, NotAllowed, Refusal, UnknownMember, UnknownPerson
from services.messages import joining
from services.messages.deliveries import Recipient
from services.messages.newcomers import decision
from services.people import members, memberships
from services.people.memberships import NothingToChange, Standing
from services.people.requests import RoleEdit
from storage import Database
from tests.support.files import load, loaded
from tests.support.practice import TryPractice, asked, draft

CM, BILLER, SUPERVISOR, ADMIN = (
    MemberRole.CARE_MANAGER,
    MemberRole.BILLER,
    MemberRole.SUPERVISOR,
    MemberRole.ADMIN,
)
HEAD = b"slack_user_id,display_name,roles,active\n"


@pytest.fixture
def practice(database: Database) -> TryPractice:
    tried = TryPractice(database)
    tried.set(unknown_member="ask")
    return tried


def known(practice: TryPractice, slack_user_id: str) -> Member:
    found = practice.see(lambda context: context.uow.members.by_slack_id(slack_user_id))
    assert found is not None
    return found


def owed(practice: TryPractice) -> list[str]:
    """Recipients of what is in the outbox."""

    def recipients(context: Context) -> list[str]:
        return sorted(each.recipient for each in context.uow.deliveries.open())

    return practice.see(recipients)


def test_a_file_ends_and_renews_memberships(practice: TryPractice) -> None:
    """`no` ends one, `yes` renews it; what they did stays."""
    loaded(practice, "members", HEAD + b"U0ANA1,Ana Flores,care_manager,\n")
    practice.patient()
    practice.do(log.log, known(practice, "U0ANA1"), draft(asked()))
    ended = loaded(practice, "members", HEAD + b"U0ANA1,Ana Flores,care_manager,no\n")
    assert ended.changed == 1
    ana = known(practice, "U0ANA1")
    assert not ana.active
    with pytest.raises(Refusal, match="membership of this practice was ended"):
        practice.see(members.find, "U0ANA1")
    with pytest.raises(Refusal, match="was ended"):
        practice.see(overviews.today, ana)
    loaded(practice, "members", HEAD + b"U0ANA1,Ana Flores,care_manager,yes\n")
    assert practice.see(overviews.today, known(practice, "U0ANA1")).total_seconds == 900


def test_a_file_that_does_not_say_leaves_an_ended_membership_as_it_is(practice: TryPractice) -> None:
    """An old file imported again lets nobody back in, and says so."""
    row = b"U0ANA1,Ana Flores,care_manager,"
    loaded(practice, "members", HEAD + row + b"no\n")
    again = loaded(practice, "members", b"slack_user_id,display_name,roles\nU0ANA1,Ana Flores,care_manager\n")
    assert not known(practice, "U0ANA1").active
    assert any("stays so: Ana Flores" in remark for remark in again.remarks)


def test_a_file_cannot_take_the_last_administrator_away(practice: TryPractice) -> None:
    """Neither by the roles nor by the end of the membership; naming another in the same file is fine."""
    loaded(practice, "members", HEAD + b"U0SAM1,Sam Whitfield,admin,\n")
    for row, column in (
        (b"U0SAM1,Sam Whitfield,biller,\n", "roles"),
        (b"U0SAM1,Sam Whitfield,admin,no\n", "active"),
    ):
        outcome = load(practice, "members", HEAD + row)
        assert [problem.column for problem in outcome.problems] == [column]
    loaded(practice, "members", HEAD + b"U0SAM1,Sam Whitfield,biller,\nU0EVE1,Eve Moss,admin,\n")
    assert known(practice, "U0SAM1").roles == {BILLER}


def test_nobody_but_an_administrator_changes_memberships(practice: TryPractice) -> None:
    """Not even of themselves."""
    ana = practice.member("Ana Flores", CM, SUPERVISOR, BILLER, slack="U0ANA1")
    calls = (
        lambda: practice.do(joining.give_roles, ana, "me", frozenset({ADMIN}), RoleEdit.ADD),
        lambda: practice.do(memberships.end, ana, "me"),
        lambda: practice.do(memberships.renew, ana, "me"),
        lambda: practice.do(joining.approve, ana, 1),
        lambda: practice.do(joining.refuse, ana, 1),
    )
    for call in calls:
        with pytest.raises(NotAllowed, match="Only administrators can"):
            call()


def test_roles_are_set_added_and_removed(practice: TryPractice) -> None:
    """And none is left only by ending the membership."""
    sam = practice.member("Sam Whitfield", ADMIN, slack="U0SAM1")
    practice.member("Ana Flores", CM, slack="U0ANA1")

    def give(how: RoleEdit, *roles: MemberRole) -> frozenset[MemberRole]:
        return practice.do(joining.give_roles, sam, "Ana Flores", frozenset(roles), how).member.roles

    assert give(RoleEdit.ADD, SUPERVISOR) == {CM, SUPERVISOR}
    assert give(RoleEdit.SET, BILLER) == {BILLER}
    assert give(RoleEdit.ADD, CM) == {BILLER, CM}
    assert give(RoleEdit.REMOVE, BILLER) == {CM}
    with pytest.raises(NothingToChange, match="no role left"):
        give(RoleEdit.REMOVE, CM)
    with pytest.raises(NothingToChange, match="has these roles already"):
        give(RoleEdit.SET, CM)
    with pytest.raises(UnknownPerson, match="No member goes by Nobody"):
        practice.do(joining.give_roles, sam, "Nobody", frozenset({CM}), RoleEdit.SET)


def test_whom_the_settings_name_stays_an_administrator(practice: TryPractice) -> None:
    """A command cannot end what the operator's setting says."""
    practice.set(admins=frozenset({"U0OPS1"}))
    ops = practice.member("Olu Ops", CM, slack="U0OPS1")
    with pytest.raises(NotAllowed, match="COCM_ADMINS names Olu Ops"):
        practice.do(memberships.end, ops, "me")


def test_the_end_of_a_membership_counts_the_patients_left_behind(practice: TryPractice) -> None:
    """So that somebody takes them on."""
    sam = practice.member("Sam Whitfield", ADMIN, slack="U0SAM1")
    ana = practice.member("Ana Flores", CM, slack="U0ANA1")
    patient = practice.patient()

    def give(context: Context) -> None:
        (episode,) = context.uow.episodes.of_patient(patient.patient_id)
        context.uow.episodes.update(replace(episode, care_manager=ana.member_id))
        context.uow.commit()

    practice.do(give)
    assert practice.do(memberships.end, sam, "U0ANA1").left.patients == 1


def test_somebody_unknown_is_asked_about_once(practice: TryPractice) -> None:
    """Each administrator who is in Slack gets one message, whatever the person goes on to type."""
    practice.member("Sam Whitfield", ADMIN, slack="U0SAM1")
    practice.member("Olu Ops", ADMIN, slack="U0OPS1")
    met = practice.do(joining.meet, "U0NEW1", "Newt", speaks=True)
    assert isinstance(met, AwaitingApproval)
    for _ in range(3):
        with pytest.raises(AwaitingApproval):
            practice.do(joining.meet, "U0NEW1", "Newt", speaks=True)
    assert len(owed(practice)) == 2


def test_a_file_that_names_somebody_who_asked_lets_them_in(practice: TryPractice) -> None:
    """They are sent word of it, and administrators have nothing left to decide."""
    sam = practice.member("Sam Whitfield", ADMIN, slack="U0SAM1")
    practice.do(joining.meet, "U0NEW1", "Newt", speaks=True)
    loaded(practice, "members", HEAD + b"U0NEW1,Newt Moss,biller,\n")
    assert str(Recipient(newcomer=1)) in owed(practice)
    told = practice.see(decision, 1)
    assert told is not None
    assert told.roles == {BILLER}
    with pytest.raises(NothingToChange, match="is a biller already"):
        practice.do(joining.approve, sam, 1)


def test_the_list_shows_who_waits_to_administrators_alone(practice: TryPractice) -> None:
    """Others see the members."""
    sam = practice.member("Sam Whitfield", ADMIN, slack="U0SAM1")
    ana = practice.member("Ana Flores", CM, slack="U0ANA1")
    practice.do(joining.meet, "U0NEW1", "Newt", speaks=True)
    assert [one.name for one in practice.see(memberships.everyone, ana)] == ["Ana Flores", "Sam Whitfield"]
    waiting = [one for one in practice.see(memberships.everyone, sam) if one.standing is Standing.WAITING]
    assert [one.name for one in waiting] == ["Newt"]


@pytest.mark.parametrize(
    ("setting", "kind"), [("refuse", UnknownMember), ("ask", AwaitingApproval), ("welcome", Member)]
)
def test_what_the_setting_says(practice: TryPractice, setting: str, kind: type) -> None:
    """Nobody is asked under `refuse`, and whoever comes is a care manager under `welcome`."""
    practice.set(unknown_member=setting)
    practice.member("Sam Whitfield", ADMIN, slack="U0SAM1")
    met = practice.do(joining.meet, "U0NEW1", "Newt", speaks=True)
    assert type(met) is kind
    assert bool(owed(practice)) == (setting == "ask")


def test_recipients_are_read_as_they_were_written() -> None:
    """A newcomer is known by the number of their request."""
    for one in (Recipient(), Recipient(7), Recipient(newcomer=3)):
        assert Recipient.parse(str(one)) == one
    for text in ("newcomer:", "newcomer:x", "member:-1", "guest:1"):
        with pytest.raises(ValueError, match="is not a recipient"):
            Recipient.parse(text)


def test_who_left_makes_nobody_s_name_doubtful(practice: TryPractice) -> None:
    """`for @Ana Flores` means the one who is here."""
    sam = practice.member("Sam Whitfield", ADMIN, slack="U0SAM1")
    practice.member("Ana Flores", CM, slack="U0ANA1")
    practice.do(memberships.end, sam, "U0ANA1")
    here = practice.member("Ana Flores", CM, slack="U0ANA2")
    assert practice.see(members.named, "@ana flores") == here
