"""Where answers may be posted."""

import pytest
from slack_bolt.async_app import AsyncBoltRequest

from bot.answer_urls import AnswerUrls

SLACK, OWN = AnswerUrls("https://slack.com/api/"), AnswerUrls("http://127.0.0.1:4000/api/")


@pytest.mark.parametrize(
    "url",
    [
        "https://hooks.slack.com/commands/T1/1/x",
        "https://HOOKS.slack.com:443/actions/T1/1/x",
        "https://hooks.slack-gov.com/commands/T1/1/x",
    ],
)
def test_slacks_hosts_are_answered(url: str) -> None:
    """Of both clouds, whatever base the Web API has."""
    assert SLACK.are_slacks(url)
    assert OWN.are_slacks(url)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "hooks.slack.com",
        "//hooks.slack.com/x",
        "http://hooks.slack.com/commands/x",
        "https://hooks.slack.com:8443/x",
        "https://hooks.slack.com.example.org/x",
        "https://hooks.slack.com@example.org/x",
        "https://a:b@hooks.slack.com/x",
        "https://example.org/?hooks.slack.com",
        "https://example.org#hooks.slack.com",
        "https://hooks.slack.com\\@example.org/x",
        "https://xhooks.slack.com/x",
        "https://169.254.169.254/latest/meta-data",
        "http://127.0.0.1:4001/response/x",
        "http://localhost:4000/response/x",
        "file:///etc/passwd",
        "https://[::1",
        "https://hooks.slack.com:99999/x",
    ],
)
def test_any_other_address_is_not(url: str) -> None:
    """However much it looks like one."""
    assert not SLACK.are_slacks(url)
    assert not OWN.are_slacks(url)


def test_the_configured_base_is_answered_too() -> None:
    """A sandbox's, or another cloud's, and only that very server."""
    assert OWN.are_slacks("http://127.0.0.1:4000/response/x")
    assert not SLACK.are_slacks("http://127.0.0.1:4000/response/x")


@pytest.mark.parametrize("url", ["https://example.org/x", 7, ["https://hooks.slack.com/x"]])
async def test_a_request_keeps_no_address_that_is_not_slacks(url: object) -> None:
    """Nobody can answer there by mistake."""
    request = AsyncBoltRequest(
        body={"type": "block_actions", "response_url": url, "user": {"id": "U1"}}, mode="socket_mode"
    )
    SLACK.keep_slacks(request)
    assert "response_url" not in request.body
    assert request.context.response_url is None


async def test_nothing_is_posted_to_any_other_address() -> None:
    """It is refused before anything is asked of it."""
    assert not await SLACK.post("https://example.org/x", {"text": "never"})
