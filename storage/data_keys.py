"""The keys under which notes, names and other words are encrypted at rest; they never reach the database.

Each value is encrypted by itself with Fernet (AES-128 in CBC mode, HMAC-SHA256) and is kept as `cocm1.KEY.TOKEN`: the
id of its key, which is made from the key and tells nothing of it, says by which one it opens and which values are still
under an older one. Words that begin like that and are not encrypted are kept with an empty id. Nothing is kept as
nothing, so that it shows where nobody wrote anything.

Without keys, words are kept as they are.
"""

import hashlib
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Self

from storage.errors import NotOpened

if TYPE_CHECKING:
    from cryptography.fernet import Fernet

#: What every encrypted value begins with.
MARK = "cocm1."
_MARK_BYTES = MARK.encode()
_PLAIN = f"{MARK}."
_PLAIN_BYTES = _PLAIN.encode()
_ID_LENGTH = 8
#: What stands in the place of words that no key opens.
UNOPENED = "[these words cannot be read: none of the data keys at hand opens them]"


class Shut(str):
    """Stands for words that no key at hand opens; which are not the same as words that say that."""

    __slots__ = ("key_id",)
    key_id: str

    @classmethod
    def under(cls, key_id: str) -> Self:
        """For words under a key, by its id."""
        made = cls(UNOPENED)
        made.key_id = key_id
        return made


class UnopenedError(ValueError):
    """A value that none of the keys at hand opens."""


class UnfitKeyError(ValueError):
    """A text that is no Fernet key."""


class DataKeys:
    """The keys at hand: the first encrypts, and all open.

    Args:
        texts: As the settings give them, the current one first.

    Raises:
        UnfitKeyError: when one is no Fernet key: 32 bytes in URL-safe base64.
    """

    def __init__(self, texts: Iterable[str] = ()) -> None:
        made: list[tuple[str, Fernet]] = [(key_id(text), _fernet(text)) for text in texts]
        self._by_id: Mapping[str, Fernet] = dict(made)
        self._first = made[0][1] if made else None
        #: The id of the key that encrypts; empty where there is none.
        self.current_id = made[0][0] if made else ""
        #: Those of all, in their order.
        self.ids = tuple(self._by_id)
        self._start = f"{MARK}{self.current_id}."

    def __bool__(self) -> bool:
        return self._first is not None

    def encrypt(self, value: Any, *, passes: bool = False) -> Any:
        """A value as it is to be kept, text or bytes.

        Args:
            value: None and nothing stay what they are.
            passes: True for what is gone within days, which may hold the sentence that stands for lost words.

        Raises:
            NotOpened: when that sentence was about to be kept in the place of the words that it stands for.
        """
        if not value:
            return value
        if value.__class__ is bytes:
            return self._encrypt_bytes(value)
        if not passes and UNOPENED in value:
            raise NotOpened
        if self._first is None:
            return _PLAIN + value if value.startswith(MARK) else value
        return self._start + self._first.encrypt(value.encode("utf-8", "surrogatepass")).decode()

    def _encrypt_bytes(self, value: bytes) -> bytes:
        if self._first is None:
            return _PLAIN_BYTES + value if value.startswith(_MARK_BYTES) else value
        return self._start.encode() + self._first.encrypt(value)

    def decrypt(self, value: Any) -> Any:
        """What was kept, as it was given to `encrypt`; whatever else a damaged row holds stays as it is.

        Raises:
            UnopenedError: when none of the keys opens it.
        """
        if value.__class__ is str:
            if not value.startswith(MARK):
                return value
            if value.startswith(_PLAIN):
                return value[len(_PLAIN) :]
            return self._decrypted(value).decode("utf-8", "surrogatepass")
        if value.__class__ is bytes and value.startswith(_MARK_BYTES):
            if value.startswith(_PLAIN_BYTES):
                return value[len(_PLAIN_BYTES) :]
            return self._decrypted(value.decode("ascii", "replace"))
        return value

    def decrypted_if_can(self, value: Any) -> Any:
        """As `decrypt`; for what no key opens, a word that says under which it is."""
        try:
            return self.decrypt(value)
        except UnopenedError:
            return Shut.under(key_of(value))

    def _decrypted(self, value: str) -> bytes:
        from cryptography.fernet import InvalidToken  # noqa: PLC0415 - only where there are keys, or were

        own_id, _, token = value[len(MARK) :].partition(".")
        key = self._by_id.get(own_id)
        if key is None:
            raise UnopenedError
        try:
            return key.decrypt(token)
        except (InvalidToken, ValueError, TypeError):
            raise UnopenedError from None


def looks_encrypted(value: Any) -> bool:
    """Whether a value is not as somebody wrote it."""
    if value.__class__ is str:
        return bool(value.startswith(MARK))
    return value.__class__ is bytes and bool(value.startswith(_MARK_BYTES))


def is_encrypted(value: Any) -> bool:
    """Whether a value is kept under a key, at hand or not."""
    start: Any = _MARK_BYTES if value.__class__ is bytes else MARK
    plain: Any = _PLAIN_BYTES if value.__class__ is bytes else _PLAIN
    return value.__class__ in {str, bytes} and bool(value.startswith(start)) and not value.startswith(plain)


def key_of(value: Any) -> str:
    """The id of the key that an encrypted value is kept under."""
    text = value.decode("ascii", "replace") if isinstance(value, bytes) else value
    return str(text[len(MARK) :].partition(".")[0])


def key_id(text: str) -> str:
    """The id of a key: of its digest, from which nobody gets the key."""
    return hashlib.sha256(f"cocm data key {text.strip()}".encode()).hexdigest()[:_ID_LENGTH]


def new_key() -> str:
    """A new key, by the system's own random numbers."""
    from cryptography.fernet import Fernet  # noqa: PLC0415 - as above

    return Fernet.generate_key().decode()


def _fernet(text: str) -> "Fernet":
    from cryptography.fernet import Fernet  # noqa: PLC0415 - as above

    try:
        return Fernet(text.strip())
    except ValueError as error:
        raise UnfitKeyError from error


#: Where the settings give none.
NO_DATA_KEYS = DataKeys()
