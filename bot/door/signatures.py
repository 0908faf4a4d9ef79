"""Tells Slack's requests from everybody else's, by the bytes that came and nothing read from them."""

import hashlib
import hmac
from collections.abc import Iterable

from slack_sdk.signature import Clock

#: Signatures older than this are refused for their age, so none need be remembered longer.
SIGNATURE_LIFE_SECONDS = 5 * 60
#: Digits of a Unix timestamp, with centuries to spare.
_LONGEST_TIMESTAMP = 12
_SIGNATURE_LENGTH = len("v0=") + 64
_VERSION = b"v0"

Headers = Iterable[tuple[bytes, bytes]]


class NotSlacksError(Exception):
    """A request is not Slack's; says why, in words that repeat nothing of it."""


class Signatures:
    """Slack's signatures, made with the app's signing secret."""

    def __init__(self, secret: str) -> None:
        """Keep the secret.

        Raises:
            ValueError: for an empty one, with which anybody could sign.
        """
        if not secret.strip():
            raise ValueError("the signing secret is empty")
        self._secret = secret.encode()

    def claimed(self, headers: Headers) -> "Claim":
        """What a request says of itself in its headers, where that can be true now.

        Raises:
            NotSlacksError: when it cannot, whatever the body is.
        """
        given = list(headers)
        timestamp = _only(given, b"x-slack-request-timestamp", "no timestamp")
        if not (timestamp.isdigit() and len(timestamp) <= _LONGEST_TIMESTAMP):
            raise NotSlacksError("no timestamp")
        signature = _only(given, b"x-slack-signature", "no signature")
        if len(signature) != _SIGNATURE_LENGTH:
            raise NotSlacksError("bad signature")
        if abs(Clock().now() - int(timestamp)) > SIGNATURE_LIFE_SECONDS:
            raise NotSlacksError("too old, or from the future")
        return Claim(timestamp, signature, self._secret)


class Claim:
    """A request's word for being Slack's, to be held against its body."""

    def __init__(self, timestamp: bytes, signature: bytes, secret: bytes) -> None:
        self._timestamp = timestamp
        self._signature = signature
        self._secret = secret

    def check(self, body: bytes) -> None:
        """Hold it against the body, in a time that tells nothing.

        Raises:
            NotSlacksError: when Slack did not sign these bytes.
        """
        signed = b":".join((_VERSION, self._timestamp, body))
        expected = b"v0=" + hmac.new(self._secret, signed, hashlib.sha256).hexdigest().encode("ascii")
        if not hmac.compare_digest(expected, self._signature):
            raise NotSlacksError("bad signature")


def _only(headers: list[tuple[bytes, bytes]], name: bytes, missing: str) -> bytes:
    """The value of a header that is there once; one that stands twice could be read in two ways."""
    values = [value for given, value in headers if given == name]
    if len(values) > 1:
        raise NotSlacksError("a header twice")
    if not values or not values[0]:
        raise NotSlacksError(missing)
    return values[0]
