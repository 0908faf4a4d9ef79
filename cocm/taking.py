"""Takes connections as far as there is room for them; the others wait where the system keeps them."""

import asyncio
import socket
from collections.abc import Callable
from typing import Final

from bot.tally import Tally
from cocm.connections import Connections

#: In one go, so that what has been said on those that were taken is read in between.
_AT_ONCE: Final = 16
#: Until it is looked again for room, and after the system had none.
_NO_ROOM_SECONDS, _REFUSED_SECONDS = 0.02, 0.2


class Taker:
    """Takes what comes to one socket."""

    def __init__(
        self, sock: socket.socket, protocol: Callable[[], asyncio.Protocol], bounds: Connections
    ) -> None:
        self._sock = sock
        self._protocol = protocol
        self._bounds = bounds
        self._not_taken = Tally("connections not taken")
        self._loop = asyncio.get_running_loop()
        self._beginning: set[asyncio.Task[object]] = set()
        self._pause: asyncio.TimerHandle | None = None
        sock.setblocking(False)
        self._go_on()

    def stop(self) -> None:
        """Take no more."""
        self._loop.remove_reader(self._sock)
        if self._pause is not None:
            self._pause.cancel()

    def _go_on(self) -> None:
        self._pause = None
        self._loop.add_reader(self._sock, self._take)

    def _take(self) -> None:
        for _ in range(_AT_ONCE):
            # Those that are being opened are not counted as open yet.
            if len(self._beginning) >= _AT_ONCE or not self._bounds.make_room():
                self._wait(_NO_ROOM_SECONDS)
                return
            try:
                taken, _address = self._sock.accept()
            except (BlockingIOError, InterruptedError, ConnectionAbortedError):
                return
            except OSError as error:
                self._not_taken.note(error.strerror or type(error).__name__)
                self._wait(_REFUSED_SECONDS)
                return
            taken.setblocking(False)
            task = self._loop.create_task(self._begin(taken))
            self._beginning.add(task)
            task.add_done_callback(self._beginning.discard)

    async def _begin(self, taken: socket.socket) -> None:
        try:
            await self._loop.connect_accepted_socket(self._protocol, taken)
        except OSError:
            # It has hung up in the meantime.
            taken.close()

    def _wait(self, seconds: float) -> None:
        self._loop.remove_reader(self._sock)
        self._pause = self._loop.call_later(seconds, self._go_on)
