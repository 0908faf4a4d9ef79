"""The Web API as the real client meets it."""

import json
from collections.abc import AsyncIterator, Awaitable
from dataclasses import replace
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.config import ChannelSpec, small_clinic
from tests.support.slack import LocalSlack, ManualClock, clinic, running_slack


@pytest.fixture
async def slack() -> AsyncIterator[LocalSlack]:
    config = clinic()
    channels = (
        *config.channels,
        ChannelSpec(id="C0LOUNGE", name="lounge", members=("U0ANA",)),
        ChannelSpec(id="C0SECRET", name="secret", is_private=True, members=("U0ANA",)),
        ChannelSpec(id="C0OLD", name="old", is_archived=True, members=("U0ANA", "U0COCMBOT")),
        ChannelSpec(id="C0SHARED", name="partners", is_private=True, is_shared=True, members=("U0COCMBOT",)),
    )
    async with running_slack(replace(config, channels=channels)) as slack:
        yield slack


@pytest.fixture
def client(slack: LocalSlack) -> AsyncWebClient:
    return slack.client()


async def refusal(call: Awaitable[Any]) -> str:
    with pytest.raises(SlackApiError) as raised:
        await call
    return raised.value.response["error"]


SECTION = {"type": "section", "text": {"type": "mrkdwn", "text": "*52* of 60 minutes"}}
LONG = {"type": "mrkdwn", "text": "y" * 3000}


async def test_auth_test_names_team_and_bot(client: AsyncWebClient) -> None:
    """auth.test says whose token it is."""
    answer = await client.auth_test()
    assert (answer["team_id"], answer["user_id"], answer["bot_id"]) == ("T0CLINIC", "U0COCMBOT", "B0COCM")


@pytest.mark.parametrize(
    ("token", "error"),
    [(None, "not_authed"), ("xoxb-other", "invalid_auth"), ("xapp-sandbox", "not_allowed_token_type")],
)
async def test_wrong_tokens_are_refused(slack: LocalSlack, token: str | None, error: str) -> None:
    """No token, an unknown one and the app-level one each get Slack's own refusal."""
    assert await refusal(AsyncWebClient(token, base_url=slack.api_url).auth_test()) == error


async def test_sockets_are_opened_with_the_app_token_only(client: AsyncWebClient) -> None:
    """apps.connections.open refuses the bot token."""
    assert await refusal(client.apps_connections_open(app_token="xoxb-sandbox")) == "not_allowed_token_type"
    assert (await client.apps_connections_open(app_token="xapp-sandbox"))["url"].startswith("ws://127.0.0.1")


async def test_methods_that_are_not_there_are_unknown(client: AsyncWebClient) -> None:
    """A method the sandbox does not play is refused, never half played."""
    assert await refusal(client.api_call("chat.meMessage")) == "unknown_method"


async def test_missing_scopes_are_named() -> None:
    """A method whose scope the manifest does not grant says which one it needs."""
    manifest = dict(small_clinic().app.manifest) | {"oauth_config": {"scopes": {"bot": ["chat:write"]}}}
    async with running_slack(clinic(manifest=manifest)) as slack:
        client = slack.client()
        with pytest.raises(SlackApiError) as raised:
            await client.conversations_info(channel="C0BILLING")
        assert raised.value.response["error"] == "missing_scope"
        assert raised.value.response["needed"] == "groups:read"
        assert await refusal(client.users_info(user="U0ANA")) == "missing_scope"
        assert (await client.chat_postMessage(channel="C0BILLING", text="hi"))["ok"]


async def test_arguments_come_as_form_query_or_json(slack: LocalSlack) -> None:
    """The same call works in each of Slack's three encodings, with the token in the header or as argument."""
    url = f"{slack.api_url}chat.postMessage"
    fields = {"channel": "C0GENERAL", "text": "hi", "blocks": json.dumps([SECTION])}
    bearer = {"Authorization": "Bearer xoxb-sandbox"}
    async with aiohttp.ClientSession() as session:
        for arguments in (
            {"data": {**fields, "token": "xoxb-sandbox"}},
            {"json": {**fields, "blocks": [SECTION]}, "headers": bearer},
            {"params": fields, "headers": bearer},
        ):
            async with session.post(url, **arguments) as response:
                assert (await response.json())["ok"]
        for body, kind, error in (
            (b"{", "application/json", "invalid_json"),
            (b"[]", "application/json", "json_not_object"),
            (b"x", "image/png", "invalid_post_type"),
        ):
            headers = {**bearer, "Content-Type": kind}
            async with session.post(url, data=body, headers=headers) as response:
                assert (await response.json())["error"] == error
    assert len(slack.world.channels["C0GENERAL"].timeline) == 3


async def test_missing_arguments_are_named(client: AsyncWebClient) -> None:
    """A required argument left out is named in the response's messages."""
    with pytest.raises(SlackApiError) as raised:
        await client.api_call("conversations.history")
    assert raised.value.response["error"] == "invalid_arguments"
    assert "channel" in raised.value.response["response_metadata"]["messages"][0]


@pytest.mark.parametrize(
    ("channel", "error"),
    [
        ("C0NOWHERE", "channel_not_found"),
        ("U0NOBODY", "channel_not_found"),
        ("C0LOUNGE", "not_in_channel"),
        ("C0SECRET", "channel_not_found"),
        ("C0OLD", "is_archived"),
    ],
)
async def test_posting_needs_membership(client: AsyncWebClient, channel: str, error: str) -> None:
    """The bot posts only where it is a member, and learns nothing about private channels where it is not."""
    assert await refusal(client.chat_postMessage(channel=channel, text="hi")) == error


async def test_a_user_id_means_the_direct_message(client: AsyncWebClient) -> None:
    """A message to a user id lands in the D-channel, whose history the D-id alone opens."""
    posted = await client.chat_postMessage(channel="U0ANA", text="hi")
    assert posted["channel"].startswith("D")
    assert (await client.conversations_open(users="U0ANA"))["channel"]["id"] == posted["channel"]
    assert await refusal(client.conversations_history(channel="U0ANA")) == "channel_not_found"
    assert (await client.conversations_history(channel=posted["channel"]))["messages"][0]["text"] == "hi"


async def test_a_channel_may_be_named(client: AsyncWebClient) -> None:
    """chat.postMessage takes `#name`."""
    assert (await client.chat_postMessage(channel="#general", text="hi"))["channel"] == "C0GENERAL"


@pytest.mark.parametrize(
    ("message", "error", "recorded"),
    [
        ({}, "no_text", 0),
        ({"text": "x" * 40_001}, "msg_too_long", 1),
        ({"text": "x", "blocks": [{"type": "section"}]}, "invalid_blocks", 1),
        ({"text": "x", "blocks": {"type": "section"}}, "invalid_blocks_format", 0),
        ({"text": "x", "blocks": "[{"}, "invalid_blocks_format", 0),
        ({"text": "x", "blocks": [SECTION | {"text": LONG}] * 5}, "msg_blocks_too_long", 1),
        ({"text": "x", "metadata": {"event_type": "delivery"}}, "invalid_metadata_schema", 0),
        ({"text": "x", "metadata": "{"}, "invalid_metadata_format", 0),
        ({"text": "x", "thread_ts": "1.000001"}, "cannot_reply_to_message", 0),
    ],
)
@pytest.mark.filterwarnings("ignore:The top-level `text` argument is missing:UserWarning")
async def test_what_slack_would_not_post_is_refused(
    slack: LocalSlack, client: AsyncWebClient, message: dict[str, Any], error: str, recorded: int
) -> None:
    """Bad content gets Slack's code and nothing appears; what a person would have missed stays on file."""
    assert await refusal(client.chat_postMessage(channel="C0GENERAL", **message)) == error
    assert slack.world.channels["C0GENERAL"].messages == {}
    assert len(slack.world.violations) == recorded


async def test_history_pages_newest_first_and_keeps_metadata_back(client: AsyncWebClient) -> None:
    """History pages backwards with cursors, honors its bounds, and shows metadata only when asked."""
    posted = [
        await client.chat_postMessage(
            channel="C0GENERAL", text=str(n), metadata={"event_type": "delivery", "event_payload": {"id": n}}
        )
        for n in range(7)
    ]
    stamps = [answer["ts"] for answer in posted]
    pages = await client.conversations_history(channel="C0GENERAL", limit=3)
    texts = [[message["text"] for message in page["messages"]] async for page in pages]
    assert texts == [["6", "5", "4"], ["3", "2", "1"], ["0"]]
    between = await client.conversations_history(channel="C0GENERAL", oldest=stamps[2], latest=stamps[4])
    assert [message["text"] for message in between["messages"]] == ["3"]
    inclusive = await client.conversations_history(
        channel="C0GENERAL", oldest=stamps[2], latest=stamps[4], inclusive=True, include_all_metadata=True
    )
    assert [message["metadata"]["event_payload"]["id"] for message in inclusive["messages"]] == [4, 3, 2]
    assert "metadata" not in between["messages"][0]
    for bad, error in (
        ({"cursor": "what"}, "invalid_cursor"),
        ({"oldest": "yesterday"}, "invalid_ts_oldest"),
        ({"limit": "many"}, "invalid_limit"),
    ):
        assert await refusal(client.conversations_history(channel="C0GENERAL", **bad)) == error


async def test_history_needs_membership(client: AsyncWebClient) -> None:
    """A public channel can be looked up by anyone, read by members only."""
    assert (await client.conversations_info(channel="C0LOUNGE"))["channel"]["is_member"] is False
    assert await refusal(client.conversations_history(channel="C0LOUNGE")) == "not_in_channel"
    assert await refusal(client.conversations_info(channel="C0SECRET")) == "channel_not_found"


async def test_a_channel_says_whether_it_is_private_and_shared(client: AsyncWebClient) -> None:
    """What the billing channel's check relies on."""
    billing = (await client.conversations_info(channel="C0BILLING", include_num_members=True))["channel"]
    assert (billing["is_private"], billing["is_shared"], billing["is_ext_shared"]) == (True, False, False)
    assert billing["num_members"] == 2
    partners = (await client.conversations_info(channel="C0SHARED"))["channel"]
    assert (partners["is_shared"], partners["is_ext_shared"]) == (True, True)


async def test_replies_stay_in_their_thread(client: AsyncWebClient) -> None:
    """A reply is not in the channel's history; a reply to a reply joins the same thread; a broadcast is in both."""
    parent = await client.chat_postMessage(channel="C0GENERAL", text="October")
    reply = await client.chat_postMessage(channel="C0GENERAL", text="file", thread_ts=parent["ts"])
    await client.chat_postMessage(channel="C0GENERAL", text="more", thread_ts=reply["ts"])
    await client.chat_postMessage(
        channel="C0GENERAL", text="loud", thread_ts=parent["ts"], reply_broadcast=True
    )
    thread = await client.conversations_replies(channel="C0GENERAL", ts=parent["ts"])
    assert [message["text"] for message in thread["messages"]] == ["October", "file", "more", "loud"]
    assert thread["messages"][0]["reply_count"] == 3
    history = await client.conversations_history(channel="C0GENERAL")
    assert [message["text"] for message in history["messages"]] == ["loud", "October"]
    paged = await client.conversations_replies(channel="C0GENERAL", ts=parent["ts"], limit=2)
    assert (paged["has_more"], len(paged["messages"])) == (True, 3)
    assert await refusal(client.conversations_replies(channel="C0GENERAL", ts="1.0")) == "thread_not_found"


async def test_update_with_text_alone_removes_the_blocks(client: AsyncWebClient) -> None:
    """Text without blocks removes them; metadata stays unless an empty object is sent; others' are left alone."""
    posted = await client.chat_postMessage(
        channel="C0GENERAL", text="a", blocks=[SECTION], metadata={"event_type": "d", "event_payload": {}}
    )
    changed = await client.chat_update(channel="C0GENERAL", ts=posted["ts"], text="b")
    assert "blocks" not in changed["message"]
    assert changed["message"]["edited"]["user"] == "U0COCMBOT"
    read = await client.conversations_history(channel="C0GENERAL", include_all_metadata=True)
    assert read["messages"][0]["metadata"]["event_type"] == "d"
    await client.chat_update(channel="C0GENERAL", ts=posted["ts"], text="b", metadata={})
    read = await client.conversations_history(channel="C0GENERAL", include_all_metadata=True)
    assert "metadata" not in read["messages"][0]
    assert await refusal(client.chat_update(channel="C0GENERAL", ts="1.0", text="b")) == "message_not_found"


async def test_only_its_own_messages_can_be_changed(slack: LocalSlack, client: AsyncWebClient) -> None:
    """People's messages can be neither changed nor deleted by the app."""
    said = await slack.person("U0ANA").say("mine", "C0GENERAL")
    assert (
        await refusal(client.chat_update(channel="C0GENERAL", ts=said.ts, text="b")) == "cant_update_message"
    )
    assert await refusal(client.chat_delete(channel="C0GENERAL", ts=said.ts)) == "cant_delete_message"


async def test_deleting_leaves_a_tombstone_only_where_replies_hang(client: AsyncWebClient) -> None:
    """A message without replies is gone; one with replies keeps its place."""
    lone = await client.chat_postMessage(channel="C0GENERAL", text="lone")
    parent = await client.chat_postMessage(channel="C0GENERAL", text="parent")
    await client.chat_postMessage(channel="C0GENERAL", text="reply", thread_ts=parent["ts"])
    for posted in (lone, parent):
        await client.chat_delete(channel="C0GENERAL", ts=posted["ts"])
    read = await client.conversations_history(channel="C0GENERAL")
    assert [message.get("subtype") for message in read["messages"]] == ["tombstone"]
    assert await refusal(client.chat_delete(channel="C0GENERAL", ts=lone["ts"])) == "message_not_found"


async def test_ephemerals_reach_one_member_and_no_history(slack: LocalSlack, client: AsyncWebClient) -> None:
    """An ephemeral message is seen by its addressee alone, who must be in the channel."""
    await client.chat_postEphemeral(channel="C0GENERAL", user="U0ANA", text="for you")
    assert [message.text for message in slack.person("U0ANA").messages("C0GENERAL")] == ["for you"]
    assert slack.person("U0BEN").messages("C0GENERAL") == []
    assert (await client.conversations_history(channel="C0GENERAL"))["messages"] == []
    assert (
        await refusal(client.chat_postEphemeral(channel="C0BILLING", user="U0ANA", text="x"))
        == "user_not_in_channel"
    )


async def test_conversations_are_listed_by_kind(client: AsyncWebClient) -> None:
    """Only public channels unless asked; private ones only where the bot is."""
    public = await client.conversations_list()
    assert {channel["name"] for channel in public["channels"]} == {"general", "lounge", "old"}
    private = await client.conversations_list(types="private_channel", exclude_archived=True)
    assert {channel["name"] for channel in private["channels"]} == {"billing", "partners"}
    assert await refusal(client.conversations_list(types="secret")) == "invalid_types"
    first = await client.conversations_list(limit=2)
    rest = await client.conversations_list(limit=2, cursor=first["response_metadata"]["next_cursor"])
    assert len({channel["id"] for channel in (*first["channels"], *rest["channels"])}) == 3
    members = await client.conversations_members(channel="C0BILLING")
    assert members["members"] == ["U0COCMBOT", "U0DRLEE"]


async def test_direct_messages_are_opened_once(client: AsyncWebClient) -> None:
    """Opening again says so; nobody, too many and unknown people are refused."""
    assert "already_open" not in (await client.conversations_open(users="U0BEN"))
    again = await client.conversations_open(users="U0BEN", return_im=True)
    assert (again["already_open"], again["channel"]["user"]) == (True, "U0BEN")
    group = await client.conversations_open(users="U0ANA,U0BEN")
    assert (await client.conversations_info(channel=group["channel"]["id"]))["channel"]["is_mpim"]
    assert await refusal(client.conversations_open(users="")) == "users_list_not_supplied"
    assert await refusal(client.conversations_open(users="U0X")) == "user_not_found"
    assert (
        await refusal(client.conversations_open(users=",".join(f"U{n}" for n in range(9))))
        == "too_many_users"
    )
    assert await refusal(client.conversations_open(channel="C0GENERAL")) == "channel_not_found"


async def test_people_have_zones_and_addresses(client: AsyncWebClient) -> None:
    """users.info carries the zone; users.lookupByEmail finds by address; the list has everybody."""
    ben = (await client.users_info(user="U0BEN"))["user"]
    assert (ben["tz"], ben["profile"]["email"]) == ("America/Chicago", "ben@clinic.example")
    assert (await client.users_lookupByEmail(email="Ben@clinic.example"))["user"]["id"] == "U0BEN"
    assert await refusal(client.users_info(user="U0X")) == "user_not_found"
    assert await refusal(client.users_lookupByEmail(email="x@y.example")) == "users_not_found"
    everybody = (await client.users_list())["members"]
    assert {"U0ANA", "U0COCMBOT", "USLACKBOT"} <= {user["id"] for user in everybody}


async def upload(client: AsyncWebClient, name: str, content: bytes) -> str:
    asked = await client.files_getUploadURLExternal(filename=name, length=len(content))
    async with (
        aiohttp.ClientSession() as session,
        session.post(asked["upload_url"], data=content) as response,
    ):
        assert response.status == 200
    return asked["file_id"]


async def test_a_file_goes_through_three_steps_and_shows_its_shares(client: AsyncWebClient) -> None:
    """A file is asked for, uploaded and completed into a thread; files.info then says where it is."""
    parent = await client.chat_postMessage(channel="C0BILLING", text="October")
    file_id = await upload(client, "cocm-2026-10.csv", b"Date,MRN\n")
    assert await refusal(client.files_info(file=file_id)) == "file_not_found"
    await client.files_completeUploadExternal(
        files=[{"id": file_id, "title": "October"}], channel_id="C0BILLING", thread_ts=parent["ts"]
    )
    file = (await client.files_info(file=file_id))["file"]
    [share] = file["shares"]["private"]["C0BILLING"]
    assert (share["thread_ts"], file["groups"], file["mimetype"]) == (parent["ts"], ["C0BILLING"], "text/csv")
    thread = await client.conversations_replies(channel="C0BILLING", ts=parent["ts"])
    assert thread["messages"][1]["files"][0]["title"] == "October"
    async with aiohttp.ClientSession() as session, session.get(file["url_private"]) as response:
        assert await response.read() == b"Date,MRN\n"


async def test_the_clients_own_upload_works(slack: LocalSlack, client: AsyncWebClient) -> None:
    """files_upload_v2 of the real client goes all the way."""
    answer = await client.files_upload_v2(channel="C0GENERAL", filename="a.txt", content="hello", title="A")
    assert answer["file"]["id"] in slack.world.files
    assert slack.world.channels["C0GENERAL"].timeline


async def test_files_are_refused_before_their_time(client: AsyncWebClient) -> None:
    """No completing without bytes, no bytes of another length, no sharing where the bot is not."""
    asked = await client.files_getUploadURLExternal(filename="a.csv", length=3)
    files = [{"id": asked["file_id"]}]
    assert await refusal(client.files_completeUploadExternal(files=files)) == "file_not_found"
    async with aiohttp.ClientSession() as session, session.post(asked["upload_url"], data=b"12") as response:
        assert response.status == 400
    file_id = await upload(client, "b.csv", b"123")
    files = [{"id": file_id}]
    for channel, error in (("C0LOUNGE", "not_in_channel"), ("U0ANA", "channel_not_found")):
        assert await refusal(client.files_completeUploadExternal(files=files, channel_id=channel)) == error


async def test_completing_twice_shares_twice(client: AsyncWebClient) -> None:
    """Slack keeps no guard: an app that does not look first shares its file again."""
    file_id = await upload(client, "a.csv", b"1")
    for _ in range(2):
        await client.files_completeUploadExternal(files=[{"id": file_id}], channel_id="C0GENERAL")
    shares = (await client.files_info(file=file_id))["file"]["shares"]["public"]["C0GENERAL"]
    assert len(shares) == 2


async def test_every_call_is_on_record(slack: LocalSlack, client: AsyncWebClient) -> None:
    """The log has each call with its outcome, refused ones too."""
    await client.auth_test()
    await refusal(client.chat_postMessage(channel="C0NOWHERE", text="x"))
    assert [(call.method, call.error) for call in slack.world.calls] == [
        ("auth.test", None),
        ("chat.postMessage", "channel_not_found"),
    ]


async def test_timestamps_rise_even_when_the_clock_stands() -> None:
    """Two messages in one instant have two timestamps, in order."""
    async with running_slack(clock=ManualClock()) as slack:
        client = slack.client()
        stamps = [(await client.chat_postMessage(channel="C0GENERAL", text="x"))["ts"] for _ in range(3)]
    assert stamps == sorted(set(stamps))
