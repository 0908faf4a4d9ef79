"""Serves Slack's requests over HTTP: verified first, read then, and answered calmly whatever they are."""

from http import HTTPStatus

from slack_bolt.adapter.starlette.async_handler import to_starlette_response
from slack_bolt.async_app import AsyncBoltRequest
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.door import bodies
from bot.door.answering import AnsweringApp
from bot.door.reading import BodyNotTakenError, Readings
from bot.door.replays import SIGNATURE
from bot.door.signatures import NotSlacksError, Signatures
from bot.tally import Tally

#: Tells listeners by which way a request came.
_OVER_HTTP = {"over_http": True}
#: Slack asks now and then whether the address answers, and need not sign it. It is answered, and nothing is kept.
_SSL_CHECK = b"ssl_check=1"
_LONGEST_SSL_CHECK = 1_024
_EVENTS, _METHOD = "/slack/events", "POST"


def build_web(app: AnsweringApp, signing_secret: str, *, events: bool) -> ASGIApp:
    """What others than operators may reach: Slack's requests, and whether the program is alive.

    Args:
        app: answers Slack.
        signing_secret: Slack's, for this app.
        events: False in Socket Mode, where nothing from Slack comes in over HTTP.

    Raises:
        ValueError: when events are to come in, and the secret is empty.
    """
    pages = [Route("/healthz", healthz)]
    if not events:
        return Starlette(routes=pages)
    door = SlackDoor(app, signing_secret)
    others = Starlette(routes=[Route(_EVENTS, door, methods=[_METHOD]), *pages])

    async def web(scope: Scope, receive: Receive, send: Send) -> None:
        # What Slack sends takes the short way: past capacity there is more of it than can be done.
        is_slacks = scope["path"] == _EVENTS and scope["method"] == _METHOD
        await (door if is_slacks else others)(scope, receive, send)

    return web


async def healthz(_: Request) -> Response:
    """The program is alive."""
    return JSONResponse({"alive": True})


class SlackDoor:
    """Takes what Slack posts."""

    def __init__(self, app: AnsweringApp, signing_secret: str) -> None:
        self._app = app
        self._signatures = Signatures(signing_secret)
        self._readings = Readings()
        self._refused = Tally("requests refused")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; what is no request of Slack's is a 4xx, and the connection ends with it."""
        response = await self._answer(Request(scope, receive))
        if response is not None:
            await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response | None:
        try:
            return await self._verified(request)
        except NotSlacksError as why:
            return self._refuse(HTTPStatus.UNAUTHORIZED, str(why))
        except BodyNotTakenError as why:
            return self._refuse(why.status, str(why))
        except bodies.NotAFormError as why:
            return self._refuse(HTTPStatus.BAD_REQUEST, str(why))
        except ClientDisconnect:
            return None

    async def _verified(self, request: Request) -> Response:
        """Know that it is Slack's, then read it, then do what it asks for."""
        if _is_unsigned(request):
            return await self._unsigned(request)
        claim = self._signatures.claimed(request.scope["headers"])
        body = await self._readings.body(request)
        claim.check(body)
        form = bodies.read(body, request.headers.get("content-type", ""))
        if "ssl_check" in form:
            return Response()
        return await self._dispatched(form, request)

    async def _unsigned(self, request: Request) -> Response:
        try:
            body = await self._readings.body(request, _LONGEST_SSL_CHECK)
        except BodyNotTakenError:
            raise NotSlacksError("no signature") from None
        if body == _SSL_CHECK or body.startswith(_SSL_CHECK + b"&"):
            return Response()
        raise NotSlacksError("no signature")

    async def _dispatched(self, form: bodies.Body, request: Request) -> Response:
        def taken() -> AsyncBoltRequest:
            # Verified and read already: Bolt takes it as it takes what comes over a socket, and reads nothing again.
            return AsyncBoltRequest(
                body=form, headers=dict(request.headers), mode="socket_mode", context=dict(_OVER_HTTP)
            )

        return to_starlette_response(await self._app.answer(form, taken, request.headers[SIGNATURE]))

    def _refuse(self, status: HTTPStatus, why: str) -> Response:
        """Say no, and nothing of what was sent; there is nothing more to hear on this connection."""
        self._refused.note(why)
        return JSONResponse({"error": "invalid request"}, status_code=status, headers={"connection": "close"})


def _is_unsigned(request: Request) -> bool:
    return not set(request.headers.keys()) & {"x-slack-signature", "x-slack-request-timestamp"}
