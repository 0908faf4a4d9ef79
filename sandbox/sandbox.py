"""Builds one whole sandbox."""

from sandbox.clock import Clock
from sandbox.config import SandboxConfig
from sandbox.events import Events
from sandbox.model import Change
from sandbox.outbound import Outbound
from sandbox.payloads import Payloads
from sandbox.people import People
from sandbox.sockets import Sockets
from sandbox.streams import Streams
from sandbox.views import Views
from sandbox.web_api import WebApi
from sandbox.world import World


class Sandbox:
    """A workspace with its people, its app's Web API and its ways to the app. Needs no socket to be used.

    Attributes:
        world: the state: conversations, messages, files, calls seen, violations.
        views: modals and Home tabs.
        api: the Web API, in process.
        sockets: the app's Socket Mode connections.
        people: what people can do.
    """

    def __init__(self, config: SandboxConfig, clock: Clock | None = None) -> None:
        self.config = config
        self.world = World(config, clock)
        self.views = Views(self.world)
        self.sockets = Sockets(self.world)
        self.api = WebApi(self.world, self.views, self.sockets.ticket_url)
        self.streams = Streams(self.world)
        self._outbound = Outbound(self.world, self.sockets)
        payloads = Payloads(self.world)
        self._events = Events(self.world, payloads, self._outbound)
        self.people = People(self.world, self.views, payloads, self._outbound, self._events)

    @property
    def is_connected(self) -> bool:
        """Whether the app can be reached."""
        return self._outbound.is_connected

    def set_request_url(self, url: str | None) -> None:
        """Deliver to this address from now on, signed; None means Socket Mode."""
        self.world.request_url = url
        self.world.tell(Change(type="connected", audience=None, detail={"connected": self.is_connected}))

    def end_streams(self) -> None:
        """Let the page streams end, so that a server can stop."""
        self.streams.end()

    async def close(self) -> None:
        """Stop delivering and let go of every connection."""
        self.streams.end()
        await self._events.close()
        await self.sockets.cut()
        await self._outbound.close()
