"""The keys under which events, seals and identified text are vouched for; they never reach the database.

A MAC is `KEY.NONCE.TAG`: the id of its key, a random word that no other event has, and HMAC-SHA256 over both and the
text. The id is made from the key, so that nobody has to name one, and tells which of several keys to check it by.
"""

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum

#: Characters that a key has at least: as text, 128 bits in hexadecimal.
SHORTEST_KEY = 32
_ID_DIGITS = 8
_NONCE_BYTES = 12


class Purpose(Enum):
    """What a MAC is of; one made of another never fits."""

    EVENT = "event"
    SEAL = "seal"
    TEXT = "text"


class Checked(Enum):
    """What a MAC says of its text."""

    RIGHT = "right"
    WRONG = "wrong"
    #: By a key that is not at hand.
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class _Key:
    key_id: str
    #: One secret for each purpose.
    secrets: dict[Purpose, bytes] = field(repr=False)

    @classmethod
    def of(cls, text: str) -> "_Key":
        master = text.encode()
        key_id = hmac.digest(master, b"cocm audit key id", "sha256").hex()[:_ID_DIGITS]
        return cls(
            key_id,
            {one: hmac.digest(master, f"cocm audit {one.value}".encode(), "sha256") for one in Purpose},
        )


class AuditKeys:
    """The keys at hand: the first signs, and all are checked by.

    Args:
        texts: As the settings give them, the current one first.
    """

    def __init__(self, texts: Iterable[str] = ()) -> None:
        made = [_Key.of(text) for text in texts]
        self._signing = made[0] if made else None
        self._by_id = {key.key_id: key for key in made}

    def __bool__(self) -> bool:
        return self._signing is not None

    @property
    def current_id(self) -> str:
        """The id of the key that signs; empty where there is none."""
        return self._signing.key_id if self._signing else ""

    def knows(self, mac: str) -> bool:
        """Whether the key of a MAC is at hand."""
        return mac.partition(".")[0] in self._by_id

    def sign(self, purpose: Purpose, text: str) -> str | None:
        """The MAC of a text, with a nonce of its own; None without a key."""
        if self._signing is None:
            return None
        nonce = secrets.token_urlsafe(_NONCE_BYTES)
        return f"{self._signing.key_id}.{nonce}.{_tag(self._signing.secrets[purpose], nonce, text)}"

    def check(self, purpose: Purpose, mac: str, text: str) -> Checked:
        """Whether a MAC is that of a text."""
        key_id, _, rest = mac.partition(".")
        nonce, _, tag = rest.partition(".")
        key = self._by_id.get(key_id)
        if key is None:
            return Checked.UNKNOWN
        right = hmac.compare_digest(tag.encode(), _tag(key.secrets[purpose], nonce, text).encode())
        return Checked.RIGHT if right else Checked.WRONG

    def digest(self, text: str) -> str:
        """A digest of identified text that nobody can guess it from: keyed, or plain SHA-256 without a key."""
        if self._signing is None:
            return hashlib.sha256(text.encode()).hexdigest()
        return f"{self._signing.key_id}.{_digest(self._signing, text)}"

    def is_digest(self, digest: str, text: str) -> bool | None:
        """Whether a digest is that of a text; None when its key is not at hand."""
        key_id, dot, own = digest.partition(".")
        if not dot:
            return digest == hashlib.sha256(text.encode()).hexdigest()
        key = self._by_id.get(key_id)
        return None if key is None else hmac.compare_digest(own.encode(), _digest(key, text).encode())


def _tag(secret: bytes, nonce: str, text: str) -> str:
    return urlsafe_b64encode(hmac.digest(secret, f"{nonce}.{text}".encode(), "sha256")).decode().rstrip("=")


def _digest(key: _Key, text: str) -> str:
    return hmac.digest(key.secrets[Purpose.TEXT], text.encode(), "sha256").hex()


#: Where the settings give none.
NO_KEYS = AuditKeys()
