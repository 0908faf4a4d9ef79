"""Serves the app over HTTP: the Web API, response URLs, uploads, files, and the socket."""

import json
from email.utils import formatdate
from json import JSONDecodeError
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from sandbox.faults import ConnectionDropped
from sandbox.model import JSON
from sandbox.sandbox import Sandbox

ABORT = "sandbox.abort"  #: where a request's scope holds the way to cut its connection


class BadBody(Exception):  # noqa: N818 - the request's body cannot be read
    """The body is not what its content type says; the text is Slack's error code."""


class Hangup(Response):
    """A connection that ends without a word, as after a crash or on a broken line."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Cut the connection. Needs the sandbox's own server."""
        del send
        scope[ABORT]()
        while (await receive())["type"] != "http.disconnect":
            pass  # what is left of the request


class SocketConnection:
    """A Socket Mode connection over a real web socket."""

    def __init__(self, socket: WebSocket) -> None:
        self._socket = socket

    async def send(self, message: JSON) -> None:
        """Send one message."""
        await self._socket.send_text(json.dumps(message))

    async def close(self) -> None:
        """Close the socket, if the other side has not."""
        if WebSocketState.DISCONNECTED not in (self._socket.client_state, self._socket.application_state):
            await self._socket.close()


class HttpApi:
    """The endpoints that the app uses."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox

    def routes(self) -> list[BaseRoute]:
        """Where they are."""
        return [
            Route("/api/{method}", self.web_api, methods=["GET", "POST"]),
            Route("/response/{token}", self.response_url, methods=["POST"]),
            Route("/upload/{file_id}", self.upload, methods=["POST"]),
            Route("/files/{file_id}/{name}", self.file),
            WebSocketRoute("/socket/{ticket}", self.socket),
        ]

    async def web_api(self, request: Request) -> Response:
        """A Web API method, its arguments in the query, a form or JSON."""
        try:
            args = await _arguments(request)
        except BadBody as refusal:
            return JSONResponse({"ok": False, "error": str(refusal)})
        self._sandbox.world.app_base_url = str(request.base_url)
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        sent = args.pop("token", None)
        try:
            reply = await self._sandbox.api.request(
                request.path_params["method"],
                token.strip() if scheme.lower() == "bearer" else sent,
                args,
                base_url=str(request.base_url),
            )
        except ConnectionDropped:
            return Hangup()
        return JSONResponse(reply.body, reply.status, {"Date": self._date(), **reply.headers})

    def _date(self) -> str:
        """What time it is here, as HTTP says it."""
        world = self._sandbox.world
        return formatdate(world.clock.now() + world.faults.clock_offset(), usegmt=True)

    async def response_url(self, request: Request) -> Response:
        """An answer to an interaction. Meets the faults set for the method `response_url`."""
        try:
            body = json.loads(await request.body())
        except JSONDecodeError:
            return JSONResponse({"ok": False, "error": "invalid_payload"}, 400)
        try:
            reply = await self._sandbox.api.respond(request.path_params["token"], body)
        except ConnectionDropped:
            return Hangup()
        if reply.body["ok"]:
            return PlainTextResponse("ok")
        return JSONResponse(reply.body, reply.status, reply.headers)

    async def upload(self, request: Request) -> Response:
        """The bytes of a file asked for with files.getUploadURLExternal, plain or as a form."""
        content = await request.body()
        if request.headers.get("content-type", "").startswith("multipart/form-data"):
            form = await request.form()
            parts = [value for value in form.values() if not isinstance(value, str)]
            content = await parts[0].read() if parts else b""
        try:
            reply = await self._sandbox.api.upload(request.path_params["file_id"], content)
        except ConnectionDropped:
            return Hangup()
        if reply.body["ok"]:
            return PlainTextResponse(f"OK - {len(content)}")
        return JSONResponse(reply.body, reply.status, reply.headers)

    async def file(self, request: Request) -> Response:
        """A file's bytes."""
        file = self._sandbox.world.files.get(request.path_params["file_id"])
        if file is None or file.content is None:
            return PlainTextResponse("There is no such file.", 404)
        disposition = f'attachment; filename="{file.name}"'
        return Response(file.content, media_type=file.mimetype, headers={"Content-Disposition": disposition})

    async def socket(self, socket: WebSocket) -> None:
        """A Socket Mode connection, for as long as it lasts."""
        if not self._sandbox.sockets.takes(socket.path_params["ticket"]):
            await socket.close()
            return
        await socket.accept()
        leave = await self._sandbox.sockets.join(SocketConnection(socket))
        try:
            while True:
                said = json.loads(await socket.receive_text())
                self._sandbox.sockets.acknowledge(said)
        except (WebSocketDisconnect, JSONDecodeError):
            pass  # the app went away, or talks something else: either way this connection is over
        finally:
            leave()


async def _arguments(request: Request) -> dict[str, Any]:
    args: dict[str, Any] = dict(request.query_params)
    if request.method == "GET":
        return args
    kind = request.headers.get("content-type", "").partition(";")[0].strip()
    body = await request.body()
    if kind == "application/json":
        try:
            sent = json.loads(body) if body else {}
        except JSONDecodeError:
            raise BadBody("invalid_json") from None
        if not isinstance(sent, dict):
            raise BadBody("json_not_object")
        return args | sent
    if kind in {"application/x-www-form-urlencoded", "multipart/form-data"}:
        form = await request.form()
        return args | {name: value for name, value in form.items() if isinstance(value, str)}
    if body:
        raise BadBody("invalid_post_type" if kind else "missing_post_type")
    return args
