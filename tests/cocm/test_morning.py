"""Everybody's morning at once, against a Slack that grants little: the whole way from outbox to direct message."""

from collections import Counter
from datetime import timedelta

import pytest

from billing.people import Member
from cocm.delivering import Outgoing
from cocm.wiring import open_program
from sandbox.config import InstalledApp, RateLimit, SandboxConfig, Team, User
from services.messages import addresses
from services.messages.deliveries import DueDelivery, Recipient, deliveries_for, random_id
from storage import Database
from tests.support.bot import MANIFEST, settings_for
from tests.support.caseloads import in_care
from tests.support.practice import NOW, TryPractice
from tests.support.slack import WAIT_SECONDS, LocalSlack, running_slack

PEOPLE = [f"U{number:03}" for number in range(12)]
#: Little enough that a slow machine asks for more as well.
LITTLE = RateLimit(calls=6, seconds=5.0)
#: Whoever comes too early waits a second at least, for Slack names whole ones.
WAIT = 1.0
#: So many messages at most are under way at once, each with one call.
AT_ONCE = 8


def crowd(limited: str) -> SandboxConfig:
    """A workspace of many people that grants little of one method."""
    users = tuple(User(id=each, name=each.lower(), real_name=each) for each in PEOPLE)
    return SandboxConfig(
        app=InstalledApp(manifest=MANIFEST),
        team=Team(id="T0CLINIC"),
        users=users,
        pace=True,
        limits={limited: LITTLE},
    )


def owed(member: Member) -> DueDelivery:
    """A member's digest of today."""
    return DueDelivery(
        kind="digest",
        period=f"digest:{NOW.date()}",
        recipient=Recipient(member.member_id),
        due_at=NOW,
        useful_until=NOW + timedelta(hours=9),
    )


async def sent_to_all(slack: LocalSlack, database: Database, *, known: bool) -> None:
    """Send everybody a digest of one patient, whose consent is missing; `known` is whether they were met before."""
    practice = TryPractice(database)
    program = await open_program(settings_for(slack), database, clock=practice.clock)
    members = [practice.member(each, slack=each) for each in PEOPLE]
    for member in members:
        in_care(practice, member, f"1{member.member_id}", consent=None)
        address = practice.see(addresses.address_of, member.member_id)
        if known and address is not None:
            practice.do(addresses.keep_channel, address, slack.person(address.slack_user_id).dm)
    outgoing = Outgoing(program)
    parts = (part for member in members for part in deliveries_for(owed(member), NOW, random_id))
    await outgoing.deliveries.add(tuple(parts))
    assert await outgoing.sender.drain(WAIT_SECONDS) == ()


@pytest.mark.parametrize("limited", ["conversations.open", "chat.postMessage"])
async def test_a_morning_keeps_within_what_slack_grants(database: Database, limited: str) -> None:
    """Each digest arrives once, though Slack refuses some calls; then the whole node waits as long as it was told."""
    async with running_slack(crowd(limited)) as slack:
        await sent_to_all(slack, database, known=limited == "chat.postMessage")

        assert [len(slack.person(each).messages()) for each in PEOPLE] == [1] * len(PEOPLE)
        assert slack.world.violations == []
        calls = slack.world.calls
        assert Counter(call.method for call in calls if call.ok)["chat.postMessage"] == len(PEOPLE)
        refused = [call for call in calls if call.error == "ratelimited"]
        assert refused
        assert {call.method for call in refused} == {limited}
        for refusal in refused:
            # What was on its way when Slack refused could not be held back any more.
            meanwhile = [call for call in calls if refusal.at < call.at < refusal.at + WAIT]
            assert len(meanwhile) < AT_ONCE
