"""Says what is encrypted under which key, and brings all of it under the first, a batch at a time."""

from collections.abc import Mapping
from dataclasses import dataclass

from services.context import Context
from services.errors import Refusal
from storage import FIRST_PLACE, Place, Reencrypted

#: Rows that are brought under another key in one unit of work: others write in between.
BATCH = 200


class NoDataKey(Refusal):
    """There is no key to encrypt under."""

    code = "no_data_key"


class UnknownDataKey(Refusal):
    """No words of this database are encrypted under that key."""

    code = "unknown_data_key"


class DataKeyAtHand(Refusal):
    """That key is at hand, so nothing under it is lost."""

    code = "data_key_at_hand"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyCount:
    """A key, and how much is under it."""

    #: Of the id; empty for what is under none.
    key_id: str
    values: int
    #: Its place among the keys at hand, from 1; 0 for one that is not.
    place: int
    is_lost: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """What stands after everything was brought under the first key."""

    counts: tuple[KeyCount, ...]
    #: Keys under which nothing is any more: they may be taken out of the settings.
    free: tuple[str, ...]


def counted(context: Context) -> tuple[KeyCount, ...]:
    """How many values are under each key, those at hand first, in their order; at the end, what is plain."""
    return _counted(context, context.uow.encryption.counts())


def _counted(context: Context, counts: Mapping[str, int]) -> tuple[KeyCount, ...]:
    encryption = context.uow.encryption
    at_hand, lost = encryption.ids, set(encryption.lost_keys())
    others = sorted({*encryption.registered(), *counts} - {*at_hand, ""})
    found = [
        KeyCount(
            key_id=one,
            values=counts.get(one, 0),
            place=at_hand.index(one) + 1 if one in at_hand else 0,
            is_lost=one in lost,
        )
        for one in (*at_hand, *others)
    ]
    return (*found, KeyCount(key_id="", values=counts.get("", 0), place=0, is_lost=False))


def encrypt_batch(context: Context, after: Place = FIRST_PLACE) -> Reencrypted:
    """Bring a batch of rows under the first key; nothing but what it is encrypted under changes.

    Raises:
        NoDataKey: when there is none.
    """
    if not context.uow.encryption.current_id:
        raise NoDataKey(
            "There is no key to encrypt under. Make one with `cocm keys new`, and name it in COCM_DATA_KEYS, or in a "
            "file outside of the database's folder that COCM_DATA_KEYS_FILE names."
        )
    done = context.uow.encryption.reencrypt(after, BATCH)
    if done.values:
        context.uow.commit()
    return done


def end_rotation(context: Context, values: int, unopened: int) -> Ended:
    """Count what is under which key now, forget those under which nothing is, and keep that it was done."""
    counts = context.uow.encryption.counts()
    free = context.uow.encryption.forget_unused(counts)
    context.uow.audit.record(
        at=context.now,
        actor=None,
        action="data_keys.rotated",
        subject=f"data_key:{context.uow.encryption.current_id}",
        details={"values": values, "unopened": unopened, "free": list(free)},
    )
    context.uow.commit()
    return Ended(counts=_counted(context, counts), free=free)


def lose_key(context: Context, key_id: str) -> int:
    """Let the program go on without a key that is lost; returns how many values stay unreadable.

    Raises:
        DataKeyAtHand: when it is at hand.
        UnknownDataKey: when nothing was ever encrypted under it.
    """
    encryption = context.uow.encryption
    if key_id in encryption.ids:
        raise DataKeyAtHand(f"Key {key_id} is at hand, so nothing under it is lost. Nothing changed.")
    if not encryption.lose(key_id, context.now):
        raise UnknownDataKey(
            f"Nothing in this database is encrypted under a key {key_id!r}. `cocm keys check` lists them."
        )
    values = encryption.counts()[key_id]
    context.uow.audit.record(
        at=context.now,
        actor=None,
        action="data_key.lost",
        subject=f"data_key:{key_id}",
        details={"values": values},
    )
    context.uow.commit()
    return values
