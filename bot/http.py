"""Serves Slack's requests over HTTP, and the pages for operators."""

import json
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from urllib.parse import parse_qs, parse_qsl

import structlog
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from slack_bolt.adapter.starlette.async_handler import to_async_bolt_request, to_starlette_response
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

log = structlog.get_logger(__name__)

#: Slack's largest payloads (modals with their state) stay far below this.
LARGEST_BODY = 1_000_000
#: Digits of a Unix timestamp, with centuries to spare.
LONGEST_TIMESTAMP = 12
#: Signatures older than this are refused for their age, so none need be remembered longer.
SIGNATURE_LIFE_SECONDS = 5 * 60

Readiness = Callable[[], Awaitable[dict[str, str]]]
Figures = Callable[[], Awaitable[bytes]]

#: Tells listeners by which way a request came.
_OVER_HTTP = {"over_http": True}


class SeenSignatures:
    """Signatures of the last minutes, so that a replayed request is refused while its age would still pass."""

    def __init__(self) -> None:
        self._at: OrderedDict[str, int] = OrderedDict()

    def take(self, signature: str, timestamp: int) -> bool:
        """Remember a signature; False when it was seen before."""
        while self._at and next(iter(self._at.values())) < timestamp - 2 * SIGNATURE_LIFE_SECONDS:
            self._at.popitem(last=False)
        if signature in self._at:
            return False
        self._at[signature] = timestamp
        return True

    def forget(self, signature: str) -> None:
        """Take a signature back that turned out not to be Slack's."""
        self._at.pop(signature, None)


def build_web(app: AsyncApp, readiness: Readiness, figures: Figures, *, events: bool) -> Starlette:
    """The program's HTTP face.

    Args:
        app: answers Slack.
        readiness: what stands in the way of working, by name; empty when ready.
        figures: what operators watch besides the process itself, in Prometheus' form.
        events: False in Socket Mode, where nothing from Slack comes in over HTTP.
    """
    pages = [
        Route("/healthz", _healthz),
        Route("/readyz", _readyz(readiness)),
        Route("/metrics", _metrics(figures)),
    ]
    slack = [Route("/slack/events", _slack_endpoint(app), methods=["POST"])] if events else []
    return Starlette(routes=[*slack, *pages])


def _slack_endpoint(app: AsyncApp) -> Callable[[Request], Awaitable[Response]]:
    seen = SeenSignatures()

    async def from_slack(request: Request) -> Response:
        refusal = await _unfit(request)
        if refusal is not None:
            return _refused(refusal)
        signature = request.headers["x-slack-signature"]
        if not seen.take(signature, int(request.headers["x-slack-request-timestamp"])):
            return _refused("replayed")
        response = to_starlette_response(await app.async_dispatch(await _for_bolt(request)))
        if response.status_code == HTTPStatus.UNAUTHORIZED:
            seen.forget(signature)
            log.warning("request refused", reason="bad signature or too old")
        return response

    return from_slack


async def _for_bolt(request: Request) -> AsyncBoltRequest:
    """A request as Bolt takes it.

    Bolt reads any form in which the word "payload" stands as one that holds an interaction, and a command with
    that word in its note as empty. Escaped, the word reads as what it is; the signature is over what came.
    """
    body = await request.body()
    if (
        b"payload" not in body
        or body.startswith(b"{")
        or b"payload" in parse_qs(body, keep_blank_values=True)
    ):
        return to_async_bolt_request(request, body, _OVER_HTTP)
    taken = to_async_bolt_request(request, body.replace(b"payload", b"%70ayload"), _OVER_HTTP)
    taken.raw_body = body.decode("utf-8")
    return taken


def _readyz(readiness: Readiness) -> Callable[[Request], Awaitable[Response]]:
    async def readyz(_: Request) -> Response:
        wrong = await readiness()
        status = HTTPStatus.SERVICE_UNAVAILABLE if wrong else HTTPStatus.OK
        return JSONResponse({"ready": not wrong, "wrong": wrong}, status_code=status)

    return readyz


async def _healthz(_: Request) -> Response:
    return JSONResponse({"alive": True})


def _metrics(figures: Figures) -> Callable[[Request], Awaitable[Response]]:
    async def metrics(_: Request) -> Response:
        return Response(generate_latest() + await figures(), media_type=CONTENT_TYPE_LATEST)

    return metrics


async def _unfit(request: Request) -> str | None:
    """Why a request cannot be Slack's by its form alone; None when it may be."""
    timestamp = request.headers.get("x-slack-request-timestamp", "")
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= LONGEST_TIMESTAMP):
        return "no timestamp"
    if not request.headers.get("x-slack-signature"):
        return "no signature"
    length = request.headers.get("content-length", "")
    if not (length.isascii() and length.isdigit() and int(length) <= LARGEST_BODY):
        return "no length, or too large"
    return None if _is_slacks_form(await request.body()) else "not a form of Slack's"


def _is_slacks_form(body: bytes) -> bool:
    """Whether Bolt can read a body: a JSON object, a form that holds one as `payload`, or a command's form."""
    try:
        text = body.decode("utf-8")
        if text.startswith("{"):
            return isinstance(json.loads(text), dict)
        fields = dict(parse_qsl(text, keep_blank_values=True))
        return (
            isinstance(json.loads(fields["payload"]), dict)
            if "payload" in fields
            else bool(fields.keys() & {"command", "ssl_check"})
        )
    except ValueError:
        return False


def _refused(reason: str) -> Response:
    """Say no, and nothing of what was sent."""
    log.warning("request refused", reason=reason)
    return JSONResponse({"error": "invalid request"}, status_code=HTTPStatus.UNAUTHORIZED)
