"""The chat page: messages, commands, threads, files, people."""

import asyncio
from typing import Any

import pytest
from playwright.async_api import Browser, expect
from slack_bolt.app.async_app import AsyncApp

from sandbox.config import ChannelSpec, SandboxConfig, User
from tests.support.browser import open_chat
from tests.support.slack import LocalSlack, clinic, running_slack
from tests.support.tiny_app import bolt_app, connected, section

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

GENERAL = "C0GENERAL"


def echo(slack: LocalSlack, heard: list[str] | None = None) -> AsyncApp:
    """An app whose command says back what it was given."""
    app = bolt_app(slack)

    async def command(ack: Any, command: dict[str, str]) -> None:
        if heard is not None:
            heard.append(command["text"])
        await ack(text=f"Heard: {command['text']}")

    app.command("/cocm")(command)
    return app


async def test_enter_sends_and_shift_enter_breaks_the_line(browser: Browser) -> None:
    """Enter sends what was typed; Shift+Enter only starts a new line; marks become styles."""
    async with running_slack() as slack, open_chat(browser, slack, "U0ANA", GENERAL) as chat:
        box = chat.page.get_by_role("textbox", name="Message to #general")
        await box.type("First *bold* line")
        await box.press("Shift+Enter")
        await box.type("second line")
        await box.press("Enter")

        message = chat.message("First bold line")
        await expect(message.locator("strong")).to_have_text("bold")
        await expect(message.locator(".message-author")).to_have_text("Ana Ruiz")
        await expect(box).to_have_value("")
        [stored] = slack.person("U0ANA").messages(GENERAL)
        assert stored.text == "First *bold* line\nsecond line"
        assert await message.get_attribute("data-ts") == stored.ts


async def test_a_command_of_several_lines_arrives_whole_and_its_answer_is_for_one_person(
    browser: Browser,
) -> None:
    """The lines of a command reach the app; only who typed it sees the answer, and can dismiss it for good."""
    heard: list[str] = []
    async with (
        running_slack() as slack,
        connected(slack, echo(slack, heard), "process"),
        open_chat(browser, slack, "U0ANA", GENERAL) as chat,
        open_chat(browser, slack, "U0BEN", GENERAL) as other,
    ):
        await chat.box.type("/cocm log 15m MRN1 call")
        await chat.box.press("Shift+Enter")
        await chat.box.type("20m MRN2 visit")
        await chat.box.press("Enter")

        answer = chat.message("Heard:")
        await expect(answer).to_contain_text("Only visible to you")
        await expect(answer.locator(".app-badge")).to_have_text("APP")
        assert heard == ["log 15m MRN1 call\n20m MRN2 visit"]
        await other.send("I am here too")
        await expect(chat.message("I am here too")).to_be_visible()
        await expect(other.log).not_to_contain_text("Heard:")

        await answer.get_by_role("button", name="Dismiss").click()
        await expect(chat.log).not_to_contain_text("Heard:")
        await chat.page.reload()
        await expect(chat.message("I am here too")).to_be_visible()
        await expect(chat.log).not_to_contain_text("Heard:")


async def test_a_line_shows_that_the_app_is_being_waited_for(browser: Browser) -> None:
    """Until the app acknowledges, the page says what it waits for."""
    go_on = asyncio.Event()
    async with running_slack() as slack:
        app = bolt_app(slack)

        async def command(ack: Any) -> None:
            await go_on.wait()
            await ack(text="Here it is")

        app.command("/cocm")(command)
        async with connected(slack, app, "process"), open_chat(browser, slack, "U0ANA", GENERAL) as chat:
            await chat.send("/cocm today")
            await expect(chat.log.locator(".pending")).to_contain_text("/cocm today")
            go_on.set()
            await expect(chat.message("Here it is")).to_be_visible()
            await expect(chat.log.locator(".pending")).to_have_count(0)


async def test_failures_read_as_in_slack(browser: Browser) -> None:
    """An app that is away, and a command nobody has, are told as Slack tells them."""
    async with running_slack() as slack, open_chat(browser, slack, "U0ANA", GENERAL) as chat:
        await expect(chat.page.get_by_text("CoCM Minutes is not connected, so")).to_be_visible()
        await chat.send("/cocm log 15m MRN123 call")
        await expect(chat.message('/cocm failed with the error "dispatch_failed"')).to_be_visible()
        await chat.send("/lunch")
        await expect(chat.message("/lunch is not a valid command.")).to_contain_text("Slackbot")

        async with connected(slack, echo(slack), "process"):
            await expect(chat.page.get_by_text("CoCM Minutes is connected")).to_be_visible()
            await expect(chat.page.get_by_text("is not connected, so")).to_have_count(0)
            await chat.send("/cocm now it works")
            await expect(chat.message("Heard: now it works")).to_be_visible()


async def test_words_that_could_not_be_sent_stay_in_the_box(browser: Browser) -> None:
    """A refusal is said in a sentence, and nothing that was typed is lost."""
    channels = (ChannelSpec(id="C0OLD", name="old", is_archived=True, members=("U0ANA",)),)
    async with (
        running_slack(clinic(channels=channels)) as slack,
        open_chat(browser, slack, "U0ANA", "C0OLD", forgiven=["404"]) as chat,
    ):
        await chat.send("Is anybody still here?")
        await expect(chat.page.get_by_role("alert")).to_have_text("You cannot write here.")
        await expect(chat.box).to_have_value("Is anybody still here?")


async def test_the_up_arrow_brings_back_what_was_sent(browser: Browser) -> None:
    """The Up arrow walks back through what was sent, Down forward to the empty box."""
    async with running_slack() as slack, open_chat(browser, slack, "U0ANA", GENERAL) as chat:
        for text in ("one", "two"):
            await chat.send(text)
            await expect(chat.message(text)).to_be_visible()
        for key, shown in (("ArrowUp", "two"), ("ArrowUp", "one"), ("ArrowDown", "two"), ("ArrowDown", "")):
            await chat.box.press(key)
            await expect(chat.box).to_have_value(shown)


async def test_suggestions_complete_commands_people_and_channels(browser: Browser) -> None:
    """A slash offers the app's commands, @ people, # channels; Enter takes one and does not send."""
    async with running_slack() as slack, open_chat(browser, slack, "U0DRLEE", GENERAL) as chat:
        await chat.box.type("/c")
        offered = chat.page.get_by_role("listbox", name="Suggestions").get_by_role("option")
        await expect(offered).to_have_text(
            ["/cocm log 15m MRN123 phone check-inLog Collaborative Care minutes"]
        )
        await chat.box.press("Enter")
        await expect(chat.box).to_have_value("/cocm ")
        await expect(chat.page.get_by_role("main").locator(".composer-hint")).to_have_text(
            "/cocm log 15m MRN123 phone check-in"
        )

        await chat.box.fill("")
        await chat.box.type("@be")
        await chat.box.press("Tab")
        await chat.box.type("see #bil")
        await chat.box.press("Enter")
        await expect(chat.box).to_have_value("@Ben Okafor see #billing ")
        await chat.box.press("Enter")
        await expect(chat.message("@Ben Okafor see #billing").locator(".mention")).to_have_count(2)
        assert slack.person("U0DRLEE").messages(GENERAL)[0].text.startswith("<@U0BEN> see <#C0BILLING|")


async def test_nothing_written_becomes_markup(browser: Browser) -> None:
    """Markup in names, messages, blocks and file names stays text, and a script's address is no link."""
    evil = "<img src=x onerror=alert(1)><b>bold</b>"
    users = (User(id="U0ANA", name="ana", real_name=evil), User(id="U0COCMBOT", name="cocm", is_bot=True))
    config: SandboxConfig = clinic(users=users)
    async with running_slack(config) as slack, open_chat(browser, slack, "U0ANA", GENERAL) as chat:
        await chat.send(f"{evil} javascript:alert(1)")
        await expect(chat.message("onerror")).to_contain_text(f"{evil} javascript:alert(1)")
        blocks = [
            section(f"{evil} <javascript:alert(1)|press me> <data:text/html,x|or me>"),
            {"type": "header", "text": {"type": "plain_text", "text": evil}},
            {"type": "markdown", "text": f"{evil} [press](javascript:alert(1)) **fine**"},
            {"type": "context", "elements": [{"type": "plain_text", "text": evil}]},
        ]
        await slack.client().chat_postMessage(channel=GENERAL, text="x", blocks=blocks)
        await slack.client().files_upload_v2(channel=GENERAL, content="x", filename="a.csv", title=evil)
        await expect(chat.log.locator(".file-name")).to_have_text(evil)
        posted = chat.message("press me")
        await expect(posted.locator("strong")).to_have_text("fine")
        await expect(posted.locator("a")).to_have_count(0)
        await expect(chat.log.locator("img, b, script, iframe")).to_have_count(0)


async def test_mrkdwn_looks_as_in_slack(browser: Browser) -> None:
    """Styles, code, quotes, links, mentions, emoji and dates are shown; signs inside words are not styles."""
    text = (
        "*b* _i_ ~s~ `c*d*` <https://a.example|there> <@U0BEN> <#C0GENERAL> <!here> :wave: snake_case_name 3*4*5\n"
        "&gt; quoted &amp; kept\n```\n*raw*\n```\n<!date^1795000000^{date_num}|then> <mailto:a@b.c|write>"
    )
    async with running_slack() as slack, open_chat(browser, slack, "U0ANA", GENERAL) as chat:
        await slack.client().chat_postMessage(channel=GENERAL, text=text)
        said = chat.message("snake_case_name 3*4*5")
        for tag, words in (("strong", "b"), ("em", "i"), ("s", "s"), ("code", "c*d*"), ("pre", "*raw*")):
            await expect(said.locator(f".message-content {tag}")).to_have_text(words)
        await expect(said.locator("blockquote")).to_have_text("quoted & kept")
        await expect(said.locator(".mention")).to_have_text(["@Ben Okafor", "#general", "@here"])
        await expect(said.get_by_role("img", name="wave")).to_have_text("👋")
        await expect(said.locator(".message-content time")).to_have_text("2026-11-18")
        await expect(said.get_by_role("link", name="there")).to_have_attribute("href", "https://a.example/")
        await expect(said.get_by_role("link", name="write")).to_have_attribute("href", "mailto:a@b.c")


async def test_a_thread_opens_beside_the_channel(browser: Browser) -> None:
    """Replies stand in the thread and are counted in the channel; the address keeps the thread open."""
    async with running_slack() as slack, open_chat(browser, slack, "U0ANA", GENERAL) as chat:
        await chat.send("Who is on call?")
        await chat.message("Who is on call?").hover()
        await chat.page.get_by_role("button", name="Reply in thread").click()
        reply = chat.thread.get_by_role("textbox", name="Reply in thread of #general")
        await reply.fill("I am.")
        await reply.press("Enter")
        await expect(chat.thread.get_by_role("log")).to_contain_text("I am.")
        await expect(chat.log).not_to_contain_text("I am.")
        await expect(chat.log.get_by_role("button", name="1 reply")).to_be_visible()
        await slack.person("U0BEN").say("Me too.", GENERAL, slack.person("U0ANA").messages(GENERAL)[0].ts)
        await expect(chat.log.get_by_role("button", name="2 replies")).to_be_visible()

        await chat.page.reload()
        await expect(chat.thread.get_by_role("log")).to_contain_text("Me too.")
        await reply.fill("/cocm today")
        await reply.press("Enter")
        await expect(chat.page.get_by_role("alert")).to_have_text("/cocm is not supported in threads. Sorry!")
        await chat.thread.get_by_role("button", name="Close thread").click()
        await expect(chat.thread).to_be_hidden()


async def test_files_are_cards_to_download(browser: Browser) -> None:
    """A file the app shares shows its title, kind and size, and comes down under its name."""
    async with running_slack() as slack, open_chat(browser, slack, "U0ANA", GENERAL) as chat:
        client = slack.client()
        await client.files_upload_v2(
            channel=GENERAL, content="a,b\n1,2\n", filename="november.csv", title="November"
        )
        card = chat.log.locator(".file-card")
        await expect(card).to_contain_text("NovemberCSV · 8 bytes")
        async with chat.page.expect_download() as started:
            await card.get_by_role("link", name="Download november.csv").click()
        download = await started.value
        assert download.suggested_filename == "november.csv"
        assert (await download.path()).read_text() == "a,b\n1,2\n"


async def test_acting_as_another_person_shows_what_she_sees(browser: Browser) -> None:
    """Another person has her own channels and badges; a reload keeps who and where."""
    async with running_slack() as slack, open_chat(browser, slack, "U0ANA", GENERAL) as chat:
        side = chat.page.get_by_role("navigation", name="Conversations")
        await expect(side.get_by_role("link", name="general")).to_have_attribute("aria-current", "page")
        await expect(side.get_by_role("link", name="billing")).to_have_count(0)
        await slack.client().chat_postMessage(channel="C0BILLING", text="November is ready")

        await chat.act_as("Dr. Mina Lee")
        await expect(side.get_by_role("link", name="billing, private channel, 1 unread")).to_be_visible()
        await side.get_by_role("link", name="billing").click()
        await expect(chat.message("November is ready")).to_be_visible()
        await expect(side.get_by_role("link", name="unread")).to_have_count(0)
        await chat.page.reload()
        await expect(chat.message("November is ready")).to_be_visible()
        await expect(chat.page.get_by_role("button", name="Acting as Dr. Mina Lee")).to_be_visible()

        await slack.client().chat_postMessage(channel=GENERAL, text="Hello all")
        await expect(side.get_by_role("link", name="general, 1 unread")).to_be_visible()
        await chat.act_as("Ana Ruiz")
        await expect(chat.box).to_have_attribute("aria-label", "Message to #general")
        await expect(chat.message("Hello all")).to_be_visible()


async def test_messages_change_and_vanish_in_place(browser: Browser) -> None:
    """An edited message says so, a deleted one goes, and the page follows without a reload."""
    async with running_slack() as slack, open_chat(browser, slack, "U0ANA", GENERAL) as chat:
        client = slack.client()
        posted = await client.chat_postMessage(channel=GENERAL, text="One patient")
        await expect(chat.message("One patient")).to_be_visible()
        await client.chat_update(channel=GENERAL, ts=posted["ts"], text="Two patients")
        await expect(chat.message("Two patients")).to_contain_text("(edited)")
        await expect(chat.log).not_to_contain_text("One patient")
        await client.chat_delete(channel=GENERAL, ts=posted["ts"])
        await expect(chat.log).not_to_contain_text("Two patients")


async def test_what_happened_while_the_stream_was_down_is_fetched(browser: Browser) -> None:
    """When the stream drops, the page says so, comes back by itself and shows what it missed."""
    async with (
        running_slack() as slack,
        open_chat(browser, slack, "U0ANA", GENERAL, forgiven=["ERR_FAILED", "ERR_INTERNET"]) as chat,
    ):
        await expect(chat.page.get_by_text("very beginning of the channel")).to_be_visible()
        await chat.page.context.set_offline(True)
        slack.sandbox.end_streams()
        await expect(chat.page.get_by_text("Reconnecting")).to_be_visible()
        await slack.client().chat_postMessage(channel=GENERAL, text="Said meanwhile")
        await chat.page.context.set_offline(False)
        await expect(chat.message("Said meanwhile")).to_be_visible()
        await expect(chat.page.get_by_text("Reconnecting")).to_have_count(0)
