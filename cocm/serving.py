"""Runs the bot until it is stopped: Socket Mode or HTTP, and the pages for operators."""

import asyncio
import contextlib
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from types import FrameType

import structlog
import uvicorn
from aiohttp import ClientError
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.door.pages import build_pages
from bot.door.sockets import SocketDoor
from bot.door.web import build_web
from bot.grammar import warm_up
from cocm import measures
from cocm.collector import keep_what_is_loaded
from cocm.databases import open_database
from cocm.delivering import Outgoing
from cocm.door_server import DoorServer, listening_socket, operators_pages
from cocm.ending import End
from cocm.errors import EnvironmentFault
from cocm.figures import Figures
from cocm.keeper import Keeper
from cocm.newer_tables import stop_when_outdated
from cocm.readiness import Readiness
from cocm.settings import Settings
from cocm.wiring import WITHOUT_SECRET, Application, open_program
from scheduler.alarm import Alarm
from services.clock import Clock
from services.people.members import welcome_admins

log = structlog.get_logger(__name__)


async def serve(
    settings: Settings,
    *,
    over_http: bool,
    host: str,
    port: int,
    with_scheduler: bool,
    clock: Clock | None = None,
) -> None:
    """Serve until SIGINT or SIGTERM, then finish what was acknowledged.

    Args:
        settings: of the practice.
        over_http: Slack calls us, rather than Socket Mode.
        host: address to listen on.
        port: port to listen on; 0 takes any.
        with_scheduler: send what is due, too.
        clock: tells the program what time it is; the machine's when left out.

    Raises:
        EnvironmentFault: when the database, Slack or the port stands in the way.
    """
    secret = settings.slack_signing_secret.get_secret_value() if settings.slack_signing_secret else ""
    if over_http and not secret:
        raise EnvironmentFault(WITHOUT_SECRET)
    database = open_database(settings.database_url, settings.audit_keys(), settings.data_keys())
    try:
        program = await open_program(settings, database, clock)
        async with contextlib.AsyncExitStack() as stack:
            readiness = await stack.enter_async_context(running(program, with_scheduler=with_scheduler))
            if not over_http:
                await stack.enter_async_context(socket_mode(program))
            pages = build_pages(readiness.faults, Figures(program.practice).text)
            await stack.enter_async_context(operators_pages(pages, settings, port))
            web = build_web(program.app, secret, events=over_http)
            keep_what_is_loaded()
            await serve_until_stopped(
                DoorServer(web, host, port),
                ready="HTTP" if over_http else "Socket Mode",
                when_up=lambda: make_ready(program),
            )
    finally:
        database.close()


@contextlib.asynccontextmanager
async def running(program: Application, *, with_scheduler: bool) -> AsyncIterator[Readiness]:
    """Keep the alarm clock and the sender going; at the end, finish what was acknowledged and what is being sent."""
    outgoing = Outgoing(program) if with_scheduler else None
    alarm = Alarm(outgoing.tick) if outgoing is not None else None
    if outgoing is not None and alarm is not None:
        await program.practice.write(welcome_admins)
        outgoing.start()
        alarm.start()
    keeper = Keeper(program.practice)
    keeper.start()
    readiness, watched = Readiness(program, alarm), measures.watch(program.vitals)
    readiness.start()
    watching = asyncio.create_task(stop_when_outdated(program.database))
    try:
        yield readiness
    finally:
        await readiness.stop()
        measures.unwatch(watched)
        watching.cancel()
        if outgoing is not None and alarm is not None:
            alarm.stop()
            await outgoing.stop()
        await program.bot.background.close()
        await keeper.stop()


async def make_ready(program: Application) -> None:
    """Load what is loaded on first use, once the program is there for people; they need not wait for it."""
    await asyncio.to_thread(warm_up, program.bot.reading(program.practice.settings.zone))


@contextlib.asynccontextmanager
async def socket_mode(program: Application) -> AsyncIterator[None]:
    """Keep a Socket Mode connection to Slack.

    Raises:
        EnvironmentFault: without an app token, or when Slack refuses it.
    """
    token = program.settings.slack_app_token
    if token is None:
        raise EnvironmentFault(
            "SLACK_APP_TOKEN is not set, and Socket Mode needs it. Make an app-level token (xapp-...) with the scope "
            "connections:write, or use cocm serve --http."
        )
    # Opening a connection has no side effect that a retry could double, so the SDK's own retries stay.
    client = AsyncWebClient(base_url=program.bot.client.base_url)
    client.retry_handlers.insert(0, program.vitals.overheard)
    handler = SocketDoor(program.app, token.get_secret_value(), web_client=client)
    try:
        await handler.connect_async()  # type: ignore[no-untyped-call]
    except SlackApiError as error:
        raise EnvironmentFault(
            f"Slack refuses the app token ({error.response.get('error')}). Check SLACK_APP_TOKEN, and that Socket Mode "
            "is switched on for the app."
        ) from error
    except (TimeoutError, OSError, ClientError) as error:
        raise EnvironmentFault("Slack's Socket Mode cannot be reached. Check the network.") from error
    program.vitals.is_connected = handler.client.is_connected
    try:
        yield
    finally:
        program.vitals.is_connected = None
        await handler.close_async()  # type: ignore[no-untyped-call]


async def serve_until_stopped(
    server: uvicorn.Server, *, ready: str, when_up: Callable[[], Awaitable[None]] | None = None
) -> None:
    """Serve until a signal ends it.

    Args:
        server: what serves; port 0 takes any.
        ready: what to call it in the log.
        when_up: done once connections are accepted; its failure ends the serving.

    Raises:
        EnvironmentFault: when the port is taken.
    """
    host, port = server.config.host, server.config.port
    try:
        sock = listening_socket(host, port)
    except OSError as error:
        raise EnvironmentFault(
            f"Port {port} on {host} cannot be used ({error.strerror}). Stop what uses it, or choose another: "
            f"--port {port + 1}."
        ) from None
    log.info("serving", how=ready, host=host, port=sock.getsockname()[1])
    with _outliving_signals(server):
        serving = asyncio.create_task(server.serve(sockets=[sock]))
        try:
            if when_up is not None:
                # The socket listens already, so connections queue until the server takes them.
                await when_up()
        except BaseException:
            server.should_exit = True
            await serving
            raise
        await serving


@contextlib.contextmanager
def _outliving_signals(server: uvicorn.Server) -> Iterator[None]:
    """Let a signal end the server, and not the program at once.

    uvicorn raises the signal again that ended it, and whoever then has not said what it means dies of it: in the
    midst of what is being sent, and of answers that were promised.
    """

    def stop(_number: int, _frame: FrameType | None) -> None:
        if isinstance(server, DoorServer):
            End.within_seconds()
        server.should_exit = True

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
