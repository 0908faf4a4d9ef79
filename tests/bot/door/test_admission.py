"""Turns at the door: in the order of coming, for so many at once as end in time, and a word for the rest."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from bot.door import admission
from bot.door.admission import Admission


async def held(turns: Admission, until: asyncio.Event, patience: float = 60.0) -> bool:
    """One who keeps their turn until told otherwise; whether they had one."""
    async with turns.turn(patience) as may_begin:
        if may_begin:
            await until.wait()
    return may_begin


async def until(condition: Callable[[], bool]) -> None:
    while not condition():  # noqa: ASYNC110 - a count, which nobody announces
        await asyncio.sleep(0)


async def all_of(work: list[Awaitable[bool]]) -> list[bool]:
    return list(await asyncio.gather(*work))


async def test_no_more_than_the_limit_are_under_way_and_all_have_their_turn() -> None:
    """Whoever ends gives the turn to the next."""
    turns, most = Admission(), 0

    async def one() -> bool:
        nonlocal most
        async with turns.turn(60.0) as may_begin:
            most = max(most, turns.under_way)
            await asyncio.sleep(0)
        return may_begin

    assert await all_of([one() for _ in range(500)]) == [True] * 500
    assert most <= admission.MOST
    assert turns.under_way == 0


async def test_whoever_waits_in_vain_is_told_and_begins_nothing() -> None:
    """Those who have a turn keep it, and the next one after them has one again."""
    turns, free = Admission(), asyncio.Event()
    holders = [asyncio.ensure_future(held(turns, free)) for _ in range(int(admission.FIRST))]
    await until(lambda: turns.under_way == admission.FIRST)
    assert await all_of([held(turns, free, 0.01) for _ in range(50)]) == [False] * 50
    free.set()
    assert await all_of([*holders, held(turns, free)]) == [True] * (len(holders) + 1)
    assert turns.under_way == 0


async def test_those_who_gave_up_are_in_nobodys_way() -> None:
    """Even where nothing is under way whose end would call the next."""
    turns, free = Admission(), asyncio.Event()
    free.set()
    turns.limit = 0.0
    assert await all_of([held(turns, free, 0.01) for _ in range(20)]) == [False] * 20
    turns.limit = admission.FIRST
    assert await held(turns, free)


async def test_turns_are_taken_in_the_order_of_coming() -> None:
    """Nobody who comes later goes first."""
    turns, free = Admission(), asyncio.Event()
    holders = [asyncio.ensure_future(held(turns, free)) for _ in range(int(admission.FIRST))]
    await until(lambda: turns.under_way == admission.FIRST)
    came: list[int] = []

    async def comes(number: int) -> None:
        async with turns.turn(60.0):
            came.append(number)

    waiting = [asyncio.ensure_future(comes(number)) for number in range(40)]
    await asyncio.sleep(0)
    free.set()
    await asyncio.gather(*holders, *waiting)
    assert came == list(range(40))


async def test_a_turn_given_up_by_whoever_hangs_up_is_not_lost() -> None:
    """The limit is as it was."""
    turns, free = Admission(), asyncio.Event()
    holders = [asyncio.ensure_future(held(turns, free)) for _ in range(int(admission.FIRST))]
    await until(lambda: turns.under_way == admission.FIRST)
    gone = [asyncio.ensure_future(held(turns, free)) for _ in range(30)]
    await asyncio.sleep(0)
    for one in gone[:15]:
        one.cancel()
    free.set()
    for one in gone[15:20]:
        one.cancel()
    await asyncio.gather(*holders, *gone, return_exceptions=True)
    assert turns.under_way == 0
    assert await held(turns, free)


async def test_slow_work_lowers_the_limit_and_quick_work_raises_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that what has begun ends in time, by the clock of the event loop."""
    turns, clock = Admission(), [0.0]
    monkeypatch.setattr(asyncio.get_running_loop(), "time", lambda: clock[0])

    async def takes(seconds: float) -> None:
        async with turns.turn(1e9) as may_begin:
            assert may_begin
            clock[0] += seconds

    for _ in range(300):
        await takes(2.0)
    assert turns.limit == admission.LEAST
    for _ in range(300):
        await takes(0.0)
    assert turns.limit == admission.LEAST  # nobody waits, so nothing is to be gained


async def test_with_too_much_going_on_behind_answers_nothing_is_begun() -> None:
    """What hangs does not gather without end."""
    crowded = True
    turns, free = Admission(lambda: crowded), asyncio.Event()
    free.set()
    assert not await held(turns, free, 0.0)
    crowded = False
    assert await held(turns, free)
