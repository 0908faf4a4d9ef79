"""Whose a request is, told by the bytes that came."""

import pytest
from slack_sdk.signature import Clock

from bot.door.signatures import NotSlacksError, Signatures
from tests.support.slack import sign

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
BODY = b"command=%2Fcocm&text=15m+MRN123+call"


def headers(body: bytes = BODY, secret: str = SECRET, ahead: float = 0.0) -> list[tuple[bytes, bytes]]:
    """As uvicorn gives them."""
    made = sign(body, secret, Clock().now() + ahead)
    return [(name.lower().encode(), value.encode()) for name, value in made.items()]


def test_what_slack_signed_is_slacks() -> None:
    """Byte for byte, and nothing else."""
    Signatures(SECRET).claimed(headers()).check(BODY)
    for other in (BODY + b" ", BODY.replace(b"15m", b"95m"), b"", b"\xff\xfe"):
        with pytest.raises(NotSlacksError, match="bad signature"):
            Signatures(SECRET).claimed(headers()).check(other)
    with pytest.raises(NotSlacksError, match="bad signature"):
        Signatures("another").claimed(headers()).check(BODY)


@pytest.mark.parametrize("body", [b"\xff\xfe\x00", b"", b"{" * 9_000])
def test_a_body_need_not_be_text_to_be_verified(body: bytes) -> None:
    """Nothing is read from it before."""
    Signatures(SECRET).claimed(headers(body)).check(body)


@pytest.mark.parametrize(
    ("name", "values", "why"),
    [
        (b"x-slack-signature", [], "no signature"),
        (b"x-slack-signature", [b""], "no signature"),
        (b"x-slack-signature", ["v0=é".encode()], "bad signature"),
        (b"x-slack-signature", [b"v0=" + b"\xe9" * 64], "bad signature"),
        (b"x-slack-signature", [b"v1=" + b"0" * 64], "bad signature"),
        (b"x-slack-signature", [b"v0=" + b"0" * 64] * 2, "a header twice"),
        (b"x-slack-request-timestamp", [], "no timestamp"),
        (b"x-slack-request-timestamp", [b"soon"], "no timestamp"),
        (b"x-slack-request-timestamp", ["\u0661\u0662".encode()], "no timestamp"),
        (b"x-slack-request-timestamp", [b"1e9"], "no timestamp"),
        (b"x-slack-request-timestamp", [b"-5"], "no timestamp"),
        (b"x-slack-request-timestamp", [b"9" * 5_000], "no timestamp"),
        (b"x-slack-request-timestamp", [b"0"], "too old"),
    ],
)
def test_strange_headers_are_refused_calmly(name: bytes, values: list[bytes], why: str) -> None:
    """With a reason that repeats nothing of them."""
    given = [header for header in headers() if header[0] != name] + [(name, value) for value in values]
    with pytest.raises(NotSlacksError, match=why):
        Signatures(SECRET).claimed(given).check(BODY)


@pytest.mark.parametrize("ahead", [-400.0, 400.0])
def test_an_old_or_early_signature_is_refused_before_the_body_is_read(ahead: float) -> None:
    """Five minutes are Slack's own limit."""
    with pytest.raises(NotSlacksError, match="too old"):
        Signatures(SECRET).claimed(headers(ahead=ahead))


@pytest.mark.parametrize("secret", ["", "  ", "\n"])
def test_an_empty_secret_is_none(secret: str) -> None:
    """Anybody could sign with it."""
    with pytest.raises(ValueError, match="empty"):
        Signatures(secret)
