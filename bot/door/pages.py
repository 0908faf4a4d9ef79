"""The pages of operators, on a port of their own that only this machine reaches unless the settings say otherwise."""

from collections.abc import Awaitable, Callable
from http import HTTPStatus

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.door.web import healthz

Readiness = Callable[[], Awaitable[dict[str, str]]]
Figures = Callable[[], Awaitable[bytes]]


def build_pages(readiness: Readiness, figures: Figures) -> Starlette:
    """What operators watch.

    Args:
        readiness: what stands in the way of working, by name; empty when ready.
        figures: what they watch besides the process itself, in Prometheus' form.
    """
    return Starlette(
        routes=[
            Route("/healthz", healthz),
            Route("/readyz", _readyz(readiness)),
            Route("/metrics", _metrics(figures)),
        ]
    )


def _readyz(readiness: Readiness) -> Callable[[Request], Awaitable[Response]]:
    async def readyz(_: Request) -> Response:
        wrong = await readiness()
        status = HTTPStatus.SERVICE_UNAVAILABLE if wrong else HTTPStatus.OK
        return JSONResponse({"ready": not wrong, "wrong": wrong}, status_code=status)

    return readyz


def _metrics(figures: Figures) -> Callable[[Request], Awaitable[Response]]:
    async def metrics(_: Request) -> Response:
        return Response(generate_latest() + await figures(), media_type=CONTENT_TYPE_LATEST)

    return metrics
