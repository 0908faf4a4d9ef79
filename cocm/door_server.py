"""The program's HTTP servers: the one that Slack reaches, and the one of operators on this machine."""

import asyncio
import contextlib
import resource
import socket
from collections.abc import AsyncIterator, Callable, Generator
from types import FrameType
from typing import Final

import structlog
import uvicorn
from starlette.types import ASGIApp

from cocm.asking_readiness import PORT
from cocm.connections import MOST_HEADERS, Connections
from cocm.ending import End
from cocm.errors import EnvironmentFault
from cocm.libraries_in_c import guarded_http
from cocm.settings import Settings
from cocm.taking import Taker

log = structlog.get_logger(__name__)

#: Connections that may wait to be taken.
BACKLOG: Final = 2048
#: Open connections, where the system lets the program have so many files.
MOST_CONNECTIONS: Final = 2048
_LEAST_CONNECTIONS: Final = 16
#: Files that are left for all else: the database, Slack, what is read and written.
_OTHER_FILES: Final = 192
#: Of operators' pages.
_OPS_CONNECTIONS: Final = 64
#: For answers under way when the program is told to end.
ANSWERING_SECONDS: Final = 4


def most_connections() -> int:
    """So many as the system's limit on open files leaves, which is raised as far as it lets us."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_CONNECTIONS + _OTHER_FILES
    reachable = wanted if hard == resource.RLIM_INFINITY else min(hard, wanted)
    if soft != resource.RLIM_INFINITY and soft < reachable:
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (reachable, hard))
        soft = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    if soft == resource.RLIM_INFINITY:
        return MOST_CONNECTIONS
    return max(_LEAST_CONNECTIONS, min(MOST_CONNECTIONS, soft - _OTHER_FILES))


class DoorServer(uvicorn.Server):
    """Serves within bounds, logs nothing of requests, and ends in time when it is told to."""

    def __init__(self, app: ASGIApp, host: str, port: int, most: int | None = None) -> None:
        """Take an application and its place.

        Args:
            app: what is served.
            host: address to listen on.
            port: port to listen on; 0 takes any.
            most: open connections; as many as the system leaves when left out.
        """
        self.bounds = Connections(most or most_connections())
        self._http = guarded_http(self.bounds)
        self._takers: list[Taker] = []
        super().__init__(
            uvicorn.Config(
                app,
                host=host,
                port=port,
                http=self._http,
                ws="none",
                log_config=None,
                access_log=False,
                lifespan="off",
                server_header=False,
                # Whose address it is by what a proxy says is of no use here.
                proxy_headers=False,
                h11_max_incomplete_event_size=MOST_HEADERS,
                timeout_graceful_shutdown=ANSWERING_SECONDS,
            )
        )

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to take connections."""
        # None by asyncio, which takes as many as come and writes a page of log for each that it cannot take.
        await super().startup([])
        loop = asyncio.get_running_loop()
        make: Callable[..., asyncio.Protocol] = self._http

        def protocol() -> asyncio.Protocol:
            return make(config=self.config, server_state=self.server_state, app_state={}, _loop=loop)

        self._takers = [Taker(sock, protocol, self.bounds) for sock in sockets or ()]

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Take no more, answer what has been asked, and end what has not."""
        for taker in self._takers:
            taker.stop()
        self.bounds.end_waiting()
        await super().shutdown(sockets)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """End, and within so many seconds whatever hangs."""
        End.within_seconds()
        super().handle_exit(sig, frame)


class _LocalServer(DoorServer):
    """The same without signals, which end the other one."""

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """Leave signals to the other."""
        yield


def listening_socket(host: str, port: int) -> socket.socket:
    """A socket that already takes connections.

    It says that it is TCP, which `socket.socket(family)` does not: asyncio turns Nagle's algorithm off only
    for sockets that do, and with it on each answer waits 40 ms for the other side's delayed acknowledgment.

    Raises:
        OSError: when the address is taken or not allowed.
    """
    family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    sock = socket.socket(family, kind, protocol)
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind(address)
        sock.listen(BACKLOG)
    except OSError:
        sock.close()
        raise
    return sock


@contextlib.asynccontextmanager
async def operators_pages(pages: ASGIApp, settings: Settings, port: int) -> AsyncIterator[None]:
    """Serve the pages of operators meanwhile.

    Args:
        pages: the application.
        settings: say where; without a word 9464 of this machine, or any port where that is taken.
        port: of the other server; where that takes any, so do these.

    Raises:
        EnvironmentFault: when the port that the settings name cannot be used.
    """
    sock = _ops_socket(settings, port)
    server = _LocalServer(pages, settings.ops_host, sock.getsockname()[1], _OPS_CONNECTIONS)
    log.info("operators' pages", host=settings.ops_host, ops_port=sock.getsockname()[1])
    serving = asyncio.create_task(server.serve(sockets=[sock]))
    try:
        yield
    finally:
        server.should_exit = True
        await serving


def _ops_socket(settings: Settings, port: int) -> socket.socket:
    wanted = settings.ops_port if settings.ops_port is not None else PORT if port else 0
    try:
        return listening_socket(settings.ops_host, wanted)
    except OSError as error:
        if settings.ops_port is not None or not wanted:
            raise EnvironmentFault(
                f"Port {wanted} on {settings.ops_host}, for the pages of operators, cannot be used ({error.strerror}). "
                "Stop what uses it, or set COCM_OPS_PORT to another."
            ) from None
        # Several bots on one machine need no setting for it.
        return listening_socket(settings.ops_host, 0)
