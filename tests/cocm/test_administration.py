"""What administrators do from lists in Slack: members and roles, settings, payers' rules, imports."""

from collections.abc import AsyncIterator

import pytest

from billing.people import MemberRole
from services.context import Context
from storage import Database
from tests.support.bot import ANA, BEN, SAM, Clinic, clinic_at_work
from tests.support.slack import words


@pytest.fixture
async def clinic(database: Database) -> AsyncIterator[Clinic]:
    async with clinic_at_work(database, unknown_member="ask") as at_work:
        await at_work.program.practice.write(people_of_the_practice)
        yield at_work


def people_of_the_practice(context: Context) -> None:
    """Ana administers the practice, Ben manages care."""
    context.uow.members.add(slack_user_id=ANA, display_name="Ana Flores", roles=frozenset({MemberRole.ADMIN}))
    context.uow.members.add(
        slack_user_id=BEN, display_name="Ben Okoro", roles=frozenset({MemberRole.CARE_MANAGER})
    )
    context.uow.commit()


async def test_roles_are_given_and_a_membership_ended_from_the_list(clinic: Clinic) -> None:
    """Each answer says what is so now, and has the button that makes it what it was; the list says who and when."""
    ana = clinic.slack.person(ANA)
    [listed] = await ana.command("/cocm members")
    [change] = await ana.click(listed, "roles:2")
    assert ana.modal is not None
    await ana.submit(ana.modal, {"roles": ["biller", "supervisor"]})
    done = await ana.sees("Ben Okoro is a supervisor and a biller now")
    await ana.click(done, "Change back")
    await ana.sees("Ben Okoro is a care manager now")
    [listed] = await ana.command("/cocm members")
    assert "Ben Okoro · a care manager · since" in words(listed)
    assert "by Ana Flores" in words(listed)
    await ana.click(listed, "ends:2")
    ended = await ana.sees("Ben Okoro takes no part any more")
    await ana.click(ended, "Renew membership")
    await ana.sees("Ben Okoro is a care manager again")
    assert change is not None


async def test_whoever_asked_is_approved_from_the_list(clinic: Clinic) -> None:
    """Also in another role than a care manager's."""
    ana, sam = clinic.slack.person(ANA), clinic.slack.person(SAM)
    await sam.command("/cocm today")
    [listed] = await ana.command("/cocm members")
    assert "waits for an administrator" in words(listed)
    await ana.click(listed, "Other role")
    assert ana.modal is not None
    await ana.submit(ana.modal, {"roles": ["biller"]})
    await ana.sees("Sam Whitfield is a biller now")


async def test_members_without_that_right_see_no_buttons(clinic: Clinic) -> None:
    """Ben sees who takes part, and what is set, and can change none of it."""
    ben = clinic.slack.person(BEN)
    for line in ("members", "settings", "payers"):
        [shown] = await ben.command(f"/cocm {line}")
        assert not any("accessory" in block for block in shown.blocks or [])
    [roles] = await ben.command("/cocm roles")
    assert "You are a care manager here" in words(roles)
    await ben.click(roles, "role_rights_0")
    await ben.sees("Care managers can:")
    [refused] = await ben.command("/cocm imports")
    assert "Only administrators can import files" in words(refused)


async def test_a_setting_is_changed_from_the_list(clinic: Clinic) -> None:
    """From the day that is chosen; undo takes it back."""
    ana = clinic.slack.person(ANA)
    [listed] = await ana.command("/cocm settings")
    await ana.click(listed, "change_setting_0")
    assert ana.modal is not None
    await ana.submit(ana.modal, {"value": "midpoint"})
    done = await ana.sees("`time_rule` is midpoint from")
    [listed] = await ana.command("/cocm settings")
    assert "set by Ana Flores" in words(listed)
    await ana.click(done, "Undo")
    await ana.sees("Undone: the setting")


async def test_a_payers_rule_is_kept_from_a_day_on_and_taken_back(clinic: Clinic) -> None:
    """What the form cannot take is said at its field; what was on file before comes back with Undo."""
    ana = clinic.slack.person(ANA)
    [listed] = await ana.command("/cocm payers")
    await ana.click(listed, "Add a payer or a rule")
    assert ana.modal is not None
    given = {"payer": "Blue Cross of Ohio", "field": "time_rule", "value": "middle"}
    refused = await ana.submit(ana.modal, given)
    assert "value" in (refused.errors or {})
    await ana.submit(ana.modal, given | {"value": "midpoint", "source": "Manual 2026"})
    done = await ana.sees("Set:")
    [shown] = await ana.command("/cocm payers Blue Cross of Ohio")
    assert "Manual 2026" in words(shown)
    [listed] = await ana.command("/cocm imports")
    assert "by Ana Flores" in words(listed)
    await ana.click(done, "Undo")
    await ana.sees("was taken back")
    [shown] = await ana.command("/cocm payers Blue Cross of Ohio")
    assert "No rules for" in words(shown)
