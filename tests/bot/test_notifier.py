"""The notifier before a local Slack that drops, limits, refuses and hangs: what it answers, and what is shown."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.notifier import SlackNotifier
from bot.replies import Reply
from sandbox.config import ChannelSpec
from services.context import Practice
from services.messages.deliveries import (
    BILLING,
    Ambiguous,
    Delivery,
    DueDelivery,
    FileStarted,
    Limited,
    Missing,
    Recipient,
    Refused,
    Sent,
    Uploaded,
    deliveries_for,
)
from services.messages.files import FileContent
from storage import Database
from tests.support.bot import ANA, SAM, clinic_with_bot
from tests.support.practice import NOW, TryPractice
from tests.support.slack import HastyClient, LocalSlack, running_slack
from tests.support.virtual_time import put_forward

BOT = "U0COCMBOT"
CSV = FileContent(name="cocm-2026-11.csv", data=b"MRN,Minutes\nMRN123,61\n")
HELLO = Reply(text="Your morning digest", blocks=({"type": "divider"},))
FAULTS = {
    "drop_before": (Ambiguous(), 0),
    "drop_after": (Ambiguous(), 1),
    "http_503": (Ambiguous(), 0),
    "http_500": (Ambiguous(), 0),
    "rate_limit": (Limited(seconds=7), 0),
}


@dataclass
class Post:
    """A notifier, its Slack, and the person it writes to."""

    slack: LocalSlack
    notifier: SlackNotifier
    practice: TryPractice
    ana: int

    def digest(self, delivery_id: str = "digest-1", member_id: int | None = None) -> Delivery:
        """Ana's digest, or another's."""
        (delivery,) = deliveries_for(
            owed("digest:2026-11-18", Recipient(member_id or self.ana)), NOW, lambda: delivery_id
        )
        return delivery

    async def month_end(self) -> tuple[Sent, Delivery]:
        """Where the month end's summary was posted, and its CSV, still to be sent."""
        summary, _, csv = month_end()
        sent = await self.notifier.send(summary, HELLO)
        assert isinstance(sent, Sent)
        return sent, csv

    async def uploaded(self) -> tuple[Sent, Delivery]:
        """The month end's CSV, its bytes with Slack, and the thread that it goes into."""
        thread, csv = await self.month_end()
        started = await self.notifier.start_file(CSV)
        assert isinstance(started, FileStarted)
        assert await self.notifier.upload_file(CSV, started.upload_url) == Uploaded()
        return thread, replace(csv, file_id=started.file_id, uploaded=True)

    def fail(self, method: str, fault: str) -> None:
        """Let the next call of a method go wrong."""
        self.slack.fail_next(method, fault, seconds=7 if fault == "rate_limit" else 0)

    def shown(self, channel: str) -> list[Any]:
        """The messages in a channel."""
        return list(self.slack.world.channels[channel].messages.values())

    def calls(self, method: str) -> int:
        """How often a method was called."""
        return sum(call.method == method for call in self.slack.world.calls)


def owed(period: str, recipient: Recipient) -> DueDelivery:
    return DueDelivery(
        kind=period.partition(":")[0],
        period=period,
        recipient=recipient,
        due_at=NOW,
        useful_until=NOW + timedelta(days=1),
    )


def month_end() -> tuple[Delivery, ...]:
    ids = iter(("summary-1", "xlsx-1", "csv-1"))
    return deliveries_for(owed("month_end:2026-11", BILLING), NOW, lambda: next(ids))


@pytest.fixture
async def post(database: Database) -> AsyncIterator[Post]:
    """A notifier on a sandbox with the manifest's own scopes."""
    practice = TryPractice(database)
    ana = practice.member("Ana Flores", slack=ANA)
    async with running_slack(clinic_with_bot()) as slack:
        notifier = notifier_on(slack, practice, "C0BILLING")
        yield Post(slack=slack, notifier=notifier, practice=practice, ana=ana.member_id)
        assert slack.world.violations == []


def notifier_on(slack: LocalSlack, practice: TryPractice, channel: str | None) -> SlackNotifier:
    return notifier_with(slack.client(), practice, channel)


def notifier_with(client: AsyncWebClient, practice: TryPractice, channel: str | None) -> SlackNotifier:
    return SlackNotifier(
        Practice(practice.database, practice.clock, practice.settings, practice.tenant_id),
        client,
        billing_channel=channel,
    )


async def test_a_person_is_written_to_directly(post: Post) -> None:
    """The direct message is opened once, its id kept, and the message carries nothing but its opaque id."""
    first = await post.notifier.send(post.digest(), HELLO)
    second = await post.notifier.send(post.digest("digest-2"), HELLO)

    assert isinstance(first, Sent)
    assert isinstance(second, Sent)
    assert first.channel == second.channel == post.slack.person(ANA).dm
    assert first.channel.startswith("D")
    assert post.calls("conversations.open") == 1
    (message, _) = post.shown(first.channel)
    assert (message.ts, message.text) == (first.ts, HELLO.text)
    assert message.metadata == {"event_type": "cocm_delivery", "event_payload": {"delivery_id": "digest-1"}}


async def test_a_message_is_found_by_its_delivery(post: Post) -> None:
    """What was posted is found where it is, also behind many later messages; what was not is missing."""
    sent = await post.notifier.send(post.digest(), HELLO)
    for number in range(230):
        await post.slack.person(ANA).say(f"note to self {number}")

    assert await post.notifier.find(post.digest(), None) == sent
    assert await post.notifier.find(post.digest("digest-2"), None) == Missing()
    assert post.calls("conversations.history") == 4


@pytest.mark.parametrize("fault", FAULTS)
async def test_what_goes_wrong_with_a_post_is_told(post: Post, fault: str) -> None:
    """Silence and server errors say nothing of what was done, a limit that nothing was; and looking tells."""
    told, shown = FAULTS[fault]
    await post.notifier.send(post.digest("before"), HELLO)
    post.fail("chat.postMessage", fault)

    assert await post.notifier.send(post.digest(), HELLO) == told
    assert len(post.shown(post.slack.person(ANA).dm)) == 1 + shown
    found = await post.notifier.find(post.digest(), None)
    assert isinstance(found, Sent if shown else Missing)


async def test_a_slow_answer_is_ambiguous(post: Post) -> None:
    """A post that is answered after the time-out may have come; it is looked for, not repeated."""
    await post.notifier.send(post.digest("before"), HELLO)
    hasty = notifier_with(HastyClient(post.slack), post.practice, "C0BILLING")
    post.slack.fail_next("chat.postMessage", "drop_after", seconds=0.5)
    assert await hasty.send(post.digest(), HELLO) == Ambiguous()
    assert post.calls("chat.postMessage") == 2
    assert isinstance(await post.notifier.find(post.digest(), None), Sent)


@pytest.mark.parametrize("fault", FAULTS)
async def test_what_goes_wrong_before_a_post_is_told(post: Post, fault: str) -> None:
    """Where the direct message cannot be opened, nothing is posted."""
    post.fail("conversations.open", fault)
    assert await post.notifier.send(post.digest(), HELLO) == FAULTS[fault][0]
    assert post.calls("chat.postMessage") == 0


async def test_while_slack_wants_to_be_left_alone_nothing_is_sent(post: Post) -> None:
    """Whatever else was begun is told to wait, without a call; not for longer than Slack said."""
    hour = 3600
    post.slack.fail_next("chat.postMessage", "rate_limit", seconds=hour)
    assert await post.notifier.send(post.digest(), HELLO) == Limited(seconds=hour)
    before = len(post.slack.world.calls)
    answer = await post.notifier.send(post.digest("digest-2"), HELLO)
    assert isinstance(answer, Limited)
    assert 0 < answer.seconds <= hour
    assert len(post.slack.world.calls) == before

    put_forward(hour)
    assert isinstance(await post.notifier.send(post.digest(), HELLO), Sent)
    assert len(post.slack.world.calls) == before + 1


@pytest.mark.parametrize("fault", ["http_503", "rate_limit"])
async def test_what_goes_wrong_with_looking_is_told(post: Post, fault: str) -> None:
    """A look without an answer is neither found nor missing."""
    await post.notifier.send(post.digest(), HELLO)
    post.fail("conversations.history", fault)
    assert await post.notifier.find(post.digest(), None) == FAULTS[fault][0]


async def test_who_is_not_in_slack_is_refused(post: Post) -> None:
    """Nobody is asked of Slack for a member who has no Slack user or has left."""
    assert await post.notifier.send(post.digest(member_id=999), HELLO) == Refused(code="not_in_slack")
    assert post.slack.world.calls == []


async def test_a_direct_message_that_is_gone_is_opened_anew(post: Post) -> None:
    """Where Slack does not know a kept D-id any more, it is asked for again, and the message comes at once."""
    sent = await post.notifier.send(post.digest(), HELLO)
    assert isinstance(sent, Sent)
    post.practice.do(_misplace, post.ana)

    assert isinstance(await post.notifier.send(post.digest("digest-2"), HELLO), Sent)
    assert len(post.slack.person(ANA).messages()) == 2


async def test_a_look_finds_the_way_to_a_direct_message_that_is_gone(post: Post) -> None:
    """It was sent before the kept D-id went stale: the look after next finds it."""
    await post.notifier.send(post.digest(), HELLO)
    post.practice.do(_misplace, post.ana)

    assert await post.notifier.find(post.digest(), None) == Refused(code="channel_not_found")
    assert isinstance(await post.notifier.find(post.digest(), None), Sent)


def _misplace(context: Any, member_id: int) -> None:
    context.uow.direct_messages.keep(member_id, ANA, "D0GONE")
    context.uow.commit()


@pytest.mark.parametrize(
    ("channel", "code"),
    [
        (ChannelSpec(id="C0B", name="b", members=(SAM, BOT)), "channel_not_private"),
        (
            ChannelSpec(id="C0B", name="b", is_private=True, is_shared=True, members=(SAM, BOT)),
            "channel_shared",
        ),
        (ChannelSpec(id="C0B", name="b", is_private=True, members=(SAM,)), "channel_not_found"),
        (
            ChannelSpec(id="C0B", name="b", is_private=True, is_archived=True, members=(SAM, BOT)),
            "is_archived",
        ),
        (None, "channel_not_found"),
    ],
)
async def test_billing_goes_nowhere_but_into_a_private_channel(
    database: Database, channel: ChannelSpec | None, code: str
) -> None:
    """A public, shared, archived or unknown channel, or one without the bot, gets nothing, and the reason is told."""
    practice = TryPractice(database)
    config = clinic_with_bot()
    if channel is not None:
        config = replace(config, channels=(*config.channels, channel))
    async with running_slack(config) as slack:
        notifier = notifier_on(slack, practice, "C0B")
        assert await notifier.send(month_end()[0], HELLO) == Refused(code=code)
        if channel is not None:
            assert slack.world.channels["C0B"].messages == {}


async def test_without_a_billing_channel_nothing_is_posted(post: Post) -> None:
    """The setting is the allow-list: without it, billing is refused before Slack is asked."""
    notifier = notifier_on(post.slack, post.practice, None)
    assert await notifier.send(month_end()[0], HELLO) == Refused(code="no_billing_channel")
    assert post.slack.world.calls == []


async def test_a_token_that_is_refused_is_told(post: Post) -> None:
    """Slack's own word comes through, for administrators to act on."""
    notifier = notifier_with(_with_token(post.slack, "xoxb-revoked"), post.practice, "C0BILLING")
    assert await notifier.send(month_end()[0], HELLO) == Refused(code="invalid_auth")


def _with_token(slack: LocalSlack, token: str) -> AsyncWebClient:
    client = slack.client()
    client.token = token
    client.headers = {}
    return client


async def test_a_file_goes_into_its_thread_in_three_steps(post: Post) -> None:
    """Nobody sees a file before it is completed; then it stands once in the summary's thread."""
    thread, csv = await post.month_end()
    started = await post.notifier.start_file(CSV)
    assert isinstance(started, FileStarted)
    csv = replace(csv, file_id=started.file_id)
    assert await post.notifier.find(csv, thread) == Missing()
    assert await post.notifier.upload_file(CSV, started.upload_url) == Uploaded()
    assert await post.notifier.find(csv, thread) == Missing()
    assert len(post.shown("C0BILLING")) == 1

    sent = await post.notifier.complete_file(csv, thread)

    assert isinstance(sent, Sent)
    (_, message) = post.shown("C0BILLING")
    assert (message.ts, message.thread_ts) == (sent.ts, thread.ts)
    (file,) = message.files
    assert (file.name, file.content) == (CSV.name, CSV.data)
    assert await post.notifier.find(csv, thread) == sent


@pytest.mark.parametrize("fault", FAULTS)
async def test_what_goes_wrong_with_sharing_a_file_is_told(post: Post, fault: str) -> None:
    """After silence, the file's shares say whether it is there."""
    told, shown = FAULTS[fault]
    thread, csv = await post.uploaded()
    post.fail("files.completeUploadExternal", fault)

    assert await post.notifier.complete_file(csv, thread) == told
    assert len(post.shown("C0BILLING")) == 1 + shown
    found = await post.notifier.find(csv, thread)
    assert isinstance(found, Sent if shown else Missing)
    if not shown:
        assert isinstance(await post.notifier.complete_file(csv, thread), Sent)
        assert len(post.shown("C0BILLING")) == 2


@pytest.mark.parametrize("fault", ["drop_before", "http_503", "rate_limit"])
@pytest.mark.parametrize("method", ["files.getUploadURLExternal", "upload"])
async def test_bytes_that_did_not_arrive_are_told(post: Post, method: str, fault: str) -> None:
    """The steps that nobody sees fail as plainly as the others."""
    await post.month_end()
    post.fail(method, fault)
    started = await post.notifier.start_file(CSV)
    told = started
    if method == "upload":
        assert isinstance(started, FileStarted)
        told = await post.notifier.upload_file(CSV, started.upload_url)  # type: ignore[assignment]
    # Where bytes are uploaded, nobody says for how long to pause.
    limit = Limited(seconds=1 if method == "upload" else 7)
    assert told == (limit if fault == "rate_limit" else Ambiguous())


async def test_a_file_is_not_shared_where_billing_may_not_be(post: Post) -> None:
    """A channel that became shared, or is not the practice's any more, gets no file either."""
    thread, csv = await post.uploaded()
    post.slack.world.channels["C0BILLING"].is_shared = True
    assert await post.notifier.complete_file(csv, thread) == Refused(code="channel_shared")
    post.slack.world.channels["C0BILLING"].is_shared = False

    other = Sent(channel="C0GENERAL", ts="1.0")
    assert await post.notifier.complete_file(csv, other) == Refused(code="thread_in_another_channel")


async def test_slack_hears_nothing_of_whom_a_delivery_is_about(post: Post) -> None:
    """Ids, metadata and file names say nothing: what identifies goes into the file's bytes alone."""
    await post.uploaded()
    said = json.dumps([call.args for call in post.slack.world.calls], default=str)
    assert "MRN" not in said
