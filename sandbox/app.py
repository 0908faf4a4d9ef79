"""The sandbox as a web application."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from sandbox.clock import Clock
from sandbox.config import SandboxConfig
from sandbox.http_api import HttpApi
from sandbox.page import Page
from sandbox.sandbox import Sandbox

_STATIC = Path(__file__).parent / "static"


def create_app(config: SandboxConfig, clock: Clock | None = None) -> Starlette:
    """A sandbox to be served, in memory; what lies behind it is `app.state.sandbox`."""
    return serve(Sandbox(config, clock))


def serve(sandbox: Sandbox) -> Starlette:
    """The web application of a sandbox that stands already."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        del app
        yield
        await sandbox.close()

    app = Starlette(
        routes=[
            Route("/", _index),
            *HttpApi(sandbox).routes(),
            *Page(sandbox).routes(),
            Mount("/static", StaticFiles(directory=_STATIC, check_dir=False)),
        ],
        lifespan=lifespan,
    )
    app.state.sandbox = sandbox
    return app


async def _index(request: Request) -> Response:
    del request
    # Read whole, so that an edit under way cannot make length and content differ.
    page = (_STATIC / "index.html").read_bytes()
    return HTMLResponse(page, headers={"Cache-Control": "no-cache"})
