r"""How a delivery goes from owed to sent: the transitions, pure.

    new -> sending -> sent
             |  \-> new (asked to wait, or not wanted just now)      failed (refused; tried again when its wait is over)
             \-> ambiguous -> sent (found)   ambiguous -> new (not found, twice, after the settle time)
    new, failed, ambiguous -> lapsed (of no use any more)        sending -> silent (nothing to say)

Every transition gives the delivery its next version and says how long nobody is to touch it. That time is
counted by whoever waits, from when they first saw the version, so that no node need believe another's clock.
Why nothing comes twice: a second attempt needs a first one that ended without an answer, or whose lease ran
out; a call is cut off well before its lease ends; and then Slack gets `DEADLINE + SETTLE` seconds to show what
it took, and is asked again, before anything is sent. What Slack shows only after that is the one residual.
"""

from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from math import ceil
from random import Random
from typing import Final

from services.messages.deliveries import Delivery, Limited, Sent, State

#: Seconds in which what is to be told must be put together.
COMPOSE_DEADLINE: Final = 20
#: Seconds after which a call to Slack is cut off.
DEADLINE: Final = 15
#: Seconds for which a step belongs to the node that began it: both deadlines, and some air.
LEASE: Final = 45
#: Seconds before the first look: most of what Slack accepted can be seen by then.
LOOK_SOON: Final = 2
#: Seconds within which Slack shows all that it accepted, after the call was cut off.
SETTLE: Final = 15
#: Seconds between the last two looks.
LOOK_AGAIN: Final = 5
#: Looks in vain before a second attempt: soon, after the settle time, and once more.
LOOKS: Final = 3
#: Seconds after which something refused is tried again, in case it was fixed.
REFUSED_RETRY: Final = 600
#: Back-off after attempts that came to nothing, in seconds: the first, and the longest.
_FIRST_BACKOFF = 2
_LONGEST_BACKOFF = 300
#: Seconds until Slack is asked again, at least, when it could not be asked whether it has something.
_BLIND = 30


class Step(StrEnum):
    """What is to be done next with a delivery whose wait is over."""

    SEND = "send"
    LOOK = "look"
    TAKE_OVER = "take_over"
    LAPSE = "lapse"


def next_step(delivery: Delivery, now: datetime) -> Step:
    """What to do with a delivery that is not final, once its wait is over.

    Args:
        delivery: as stored.
        now: aware instant; decides only whether it is still of use.
    """
    if delivery.state is State.SENDING:
        return Step.TAKE_OVER
    if delivery.state is State.AMBIGUOUS:
        return Step.LOOK
    return Step.SEND if now < delivery.useful_until else Step.LAPSE


def claimed(delivery: Delivery, now: datetime) -> Delivery:
    """Taken by a node that is about to send it."""
    return replace(_moved(delivery, now, State.SENDING, LEASE), attempts=delivery.attempts + 1, looks=0)


def file_started(delivery: Delivery, now: datetime, file_id: str) -> Delivery:
    """A place for the file's bytes is known; stored before they are sent."""
    return replace(_moved(delivery, now, State.SENDING, LEASE), file_id=file_id)


def file_uploaded(delivery: Delivery, now: datetime) -> Delivery:
    """The file's bytes arrived; stored before Slack is asked to share them."""
    return replace(_moved(delivery, now, State.SENDING, LEASE), uploaded=True)


def sent(delivery: Delivery, now: datetime, answer: Sent) -> Delivery:
    """Slack said that it has it, or it was found there."""
    return replace(_moved(delivery, now, State.SENT), channel=answer.channel, ts=answer.ts, code=None)


def held_back(delivery: Delivery, now: datetime, seconds: int) -> Delivery:
    """It is not wanted just now; nothing was tried."""
    held = _moved(delivery, now, State.NEW, seconds)
    return replace(held, attempts=max(0, delivery.attempts - 1))


def silent(delivery: Delivery, now: datetime) -> Delivery:
    """There was nothing to say."""
    return replace(_moved(delivery, now, State.SILENT), code=None)


def lapsed(delivery: Delivery, now: datetime) -> Delivery:
    """It is of no use any more; `code` keeps the reason, where there was one."""
    return _moved(delivery, now, State.LAPSED)


def limited(delivery: Delivery, now: datetime, answer: Limited, chance: Random) -> Delivery:
    """Slack asked for a pause; whatever was begun goes on from where it stood."""
    wait = _whole(answer.seconds + chance.uniform(0, _FIRST_BACKOFF))
    state = State.AMBIGUOUS if delivery.state is State.AMBIGUOUS else State.NEW
    return _moved(delivery, now, state, wait)


def refused(delivery: Delivery, now: datetime, code: str, chance: Random) -> Delivery:
    """Slack did not take it, and somebody has to fix something first. A file begins again."""
    wait = _whole(REFUSED_RETRY * chance.uniform(1, 1.2))
    return replace(_moved(delivery, now, State.FAILED, wait), code=code, file_id=None, uploaded=False)


def unsure(delivery: Delivery, now: datetime, chance: Random) -> Delivery:
    """A step of sending ended without an answer, or with its node."""
    if delivery.is_file and not delivery.uploaded:
        # Slack was not asked to share anything yet: the file begins again.
        return replace(_moved(delivery, now, State.NEW, _backoff(delivery, chance)), file_id=None)
    return _moved(delivery, now, State.AMBIGUOUS, LOOK_SOON)


def looking(delivery: Delivery, now: datetime) -> Delivery:
    """Taken by a node that is about to look for it."""
    return _moved(delivery, now, State.AMBIGUOUS, LEASE)


def missed(delivery: Delivery, now: datetime, chance: Random) -> Delivery:
    """Slack does not have it, or does not show it yet."""
    looks = delivery.looks + 1
    if looks < LOOKS:
        wait = DEADLINE + SETTLE if looks == 1 else LOOK_AGAIN
        return replace(_moved(delivery, now, State.AMBIGUOUS, wait), looks=looks, code=None)
    if now >= delivery.useful_until:
        return lapsed(delivery, now)
    return replace(_moved(delivery, now, State.NEW, _backoff(delivery, chance)), looks=0, code=None)


def unseen(delivery: Delivery, now: datetime, chance: Random, code: str | None = None) -> Delivery:
    """A look ended without an answer, or was refused (`code`): still nobody knows whether Slack has it."""
    if now >= delivery.useful_until:
        return replace(lapsed(delivery, now), code=code)
    wait = _whole(_BLIND * chance.uniform(1, 2))
    return replace(_moved(delivery, now, State.AMBIGUOUS, wait), code=code)


def _backoff(delivery: Delivery, chance: Random) -> int:
    longest = min(
        _LONGEST_BACKOFF, _FIRST_BACKOFF * 2 ** min(delivery.attempts, _LONGEST_BACKOFF.bit_length())
    )
    return _whole(longest * chance.uniform(0.5, 1))


def _whole(seconds: float) -> int:
    """Whole seconds, never fewer than asked for."""
    return ceil(max(0.0, seconds))


def _moved(delivery: Delivery, now: datetime, state: State, wait: int = 0) -> Delivery:
    return replace(delivery, state=state, version=delivery.version + 1, changed_at=now, wait_seconds=wait)
