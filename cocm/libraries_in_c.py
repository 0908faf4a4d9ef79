"""The event loop and the reader of HTTP written in C, where they are installed, and Python's own where not."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from cocm.connections import Connections


def run(main: Coroutine[Any, Any, None]) -> None:
    """Run what serves, on uvloop where there is one."""
    with asyncio.Runner(loop_factory=_loop_factory()) as runner:
        runner.run(main)


def guarded_http(connections: Connections) -> type[asyncio.Protocol]:
    """The protocol of a server with these connections, read by httptools where there is one."""
    return type("GuardedHTTP", (_reader(),), {"bounds": connections})


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop]:
    try:
        import uvloop  # noqa: PLC0415 - not to be had everywhere
    except ImportError:
        return asyncio.new_event_loop
    return uvloop.new_event_loop


def _reader() -> type[asyncio.Protocol]:
    try:
        from cocm.http_in_c import GuardedHttptools  # noqa: PLC0415 - httptools is not to be had everywhere
    except ImportError:
        from cocm.http_in_python import GuardedH11  # noqa: PLC0415 - unneeded beside the other

        return GuardedH11
    return GuardedHttptools
