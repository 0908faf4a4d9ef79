"""The alarm calls its work every minute, whatever the work or the machine's clock does."""

import asyncio
from datetime import timedelta

from scheduler.alarm import TICK, Alarm
from tests.support.virtual_time import run_virtually

MINUTE = 60


def test_it_rings_on_where_the_machine_s_clock_was_put_back() -> None:
    """On virtual time the machine's clock stands still, as if it had been put back; the rings come all the same."""

    async def main() -> int:
        rings = 0

        async def work() -> None:
            nonlocal rings
            rings += 1

        alarm = Alarm(work)
        alarm.start()
        await asyncio.sleep(30 * MINUTE)
        alarm.stop()
        return rings

    assert 15 <= run_virtually(main()) <= 31


def test_it_knows_when_its_work_last_came_through() -> None:
    """Not before the first time, not by work that failed, and not for ever."""

    async def main() -> list[bool]:
        fails = True

        async def work() -> None:
            if fails:
                raise ValueError("MRN0042")

        alarm = Alarm(work)
        alarm.start()
        known = [alarm.ticked_within(2 * TICK)]
        await asyncio.sleep(5 * MINUTE)
        known.append(alarm.ticked_within(2 * TICK))
        fails = False
        await asyncio.sleep(5 * MINUTE)
        known.append(alarm.ticked_within(2 * TICK))
        alarm.stop()
        await asyncio.sleep(5 * MINUTE)
        return [*known, alarm.ticked_within(2 * TICK), alarm.ticked_within(timedelta(hours=1))]

    assert run_virtually(main()) == [False, False, True, False, True]
