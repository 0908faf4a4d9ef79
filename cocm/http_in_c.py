"""HTTP as httptools reads it: written in C, for a fifth of what h11 costs; not to be had everywhere."""

import asyncio
from enum import Enum
from http import HTTPStatus
from typing import Any, Final

import httptools
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle

from cocm.connections import MOST_HEADERS, QUIET, Guard

#: Of each header beside its name and value.
_COLON_AND_END: Final = 4


class _Come(Enum):
    """How far the latest request on a connection has come."""

    NOTHING = "nothing"
    HEAD = "head"
    BODY = "body"
    ALL = "all"


class GuardedHttptools(Guard, HttpToolsProtocol):
    """uvicorn's HTTP by httptools, with an end to its patience."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.logger = QUIET
        self._come = _Come.NOTHING
        #: Bytes of a head that is not whole yet.
        self._head = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for a request."""
        super().connection_made(transport)
        self.opened()

    def connection_lost(self, exc: Exception | None) -> None:
        """Let go of it."""
        self.gone()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take a part of a request, and note when it is whole."""
        if not self.is_timed and self._come is _Come.NOTHING:
            self.begins()
        self._unset_keepalive_if_required()
        is_of_head = self._come in {_Come.NOTHING, _Come.HEAD}
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            # To nothing that is spoken here: the request is answered as it stands.
            pass
        except httptools.HttpParserError as error:
            self._refuse(HTTPStatus.LENGTH_REQUIRED if _says_both(error) else HTTPStatus.BAD_REQUEST)
            return
        if self._come is _Come.HEAD and is_of_head:
            self._head += len(data)
            if self._head > MOST_HEADERS:
                self._refuse(HTTPStatus.BAD_REQUEST)
                return
        if self._come is _Come.ALL:
            self.is_whole()

    def on_message_begin(self) -> None:
        """Begin to read a request."""
        super().on_message_begin()
        self._come = _Come.HEAD

    def on_headers_complete(self) -> None:
        """Take the headers, unless they are too long.

        Raises:
            ValueError: when they are; the parser makes an error of its own of it.
        """
        if len(self.url) + sum(len(n) + len(v) + _COLON_AND_END for n, v in self.headers) > MOST_HEADERS:
            raise ValueError("too many headers")
        self._come, self._head = _Come.BODY, 0
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """Note that a request is whole."""
        self._come = _Come.ALL
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """Wait for the next request, or for the other side to take the answer."""
        is_next_whole = bool(self.pipeline)
        super().on_response_complete()
        if not is_next_whole and self.cycle.response_complete and self.cycle.more_body:
            # Whatever is still to come of it, nobody listens.
            self.transport.close()
        if self.transport.is_closing():
            self.close_soon()
            return
        if is_next_whole:
            return
        self.bounds.waits(self)
        if self._come is _Come.ALL:
            self._come = _Come.NOTHING
        elif not self.is_timed:
            # The next request has begun to come already.
            self._unset_keepalive_if_required()
            self.begins()

    def timeout_keep_alive_handler(self) -> None:
        """End a connection that says nothing more."""
        super().timeout_keep_alive_handler()
        self.close_soon()

    def _refuse(self, status: HTTPStatus) -> None:
        """Answer what is not HTTP, unless a request is being answered there."""
        self.not_http()
        # uvicorn makes a cycle with the first whole head.
        cycle: RequestResponseCycle | None = self.cycle
        if cycle is not None and not cycle.response_complete:
            self.transport.abort()
            return
        self.transport.write(
            STATUS_LINE[status]
            + b"content-type: text/plain\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
        )
        self.transport.close()
        self.close_soon()


def _says_both(error: httptools.HttpParserError) -> bool:
    """Whether a request gives its length in two ways, which two servers could read as two requests."""
    return "Transfer-Encoding" in str(error) and "Content-Length" in str(error)
