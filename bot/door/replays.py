"""Remembers requests that were verified, so that the same again is refused while its age would still pass."""

from collections import OrderedDict

from bot.door.signatures import SIGNATURE_LIFE_SECONDS


class SeenSignatures:
    """Signatures of the last minutes, of this program."""

    def __init__(self) -> None:
        self._at: OrderedDict[str, int] = OrderedDict()

    def take(self, signature: str, timestamp: int) -> bool:
        """Remember a verified request's signature; False when it was seen before."""
        while self._at and next(iter(self._at.values())) < timestamp - 2 * SIGNATURE_LIFE_SECONDS:
            self._at.popitem(last=False)
        if signature in self._at:
            return False
        self._at[signature] = timestamp
        return True
