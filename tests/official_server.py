"""A loopback server that serves documents as public servers do, with faults that can be switched on."""

from __future__ import annotations

import gzip
import hashlib
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from enum import Enum, auto
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit


class Fault(Enum):
    """What a server may do wrong."""

    NOT_FOUND = auto()
    FORBIDDEN = auto()
    TO_NOBODY = auto()
    TOO_MANY = auto()
    """429 with Retry-After."""
    BROKEN = auto()
    CUT = auto()
    """Half of the bytes that Content-Length promises."""
    NO_RANGES = auto()
    NEW_EDITION = auto()
    """Another content and tag from now on."""
    OTHER_TAG = auto()
    """A part whose tag is not that of the file it is a part of."""
    OTHER_DATE = auto()
    """A part whose date is not that of the file it is a part of."""
    OTHER_SIZE = auto()
    """A part of a file of another size."""
    PACKED_PART = auto()
    """A part of the packed file."""
    SHORT_PART = auto()
    """Half of the part that was asked for, rightly told."""
    WHOLE_AS_PART = auto()
    """The whole file, told to be a part of it."""
    UNTOLD_CUT = auto()
    """Half of a body whose length is not told."""
    PAGE = auto()
    """A web page with status 200."""
    PAGE_AS_CSV = auto()
    """The same, called text/csv."""
    TO_HTTP = auto()
    """A redirect to another host without TLS."""
    LOOP = auto()
    """A redirect to itself."""
    ENDLESS = auto()
    """A body without length that does not end while anybody listens."""
    GZIP = auto()
    """Content-Encoding gzip, though nobody asked for it."""
    GZIP_CUT = auto()
    """The same, and half of it."""
    COOKIE = auto()


@dataclass(frozen=True)
class Document:
    """Something served."""

    content: bytes
    kind: str = "text/csv"

    @property
    def tag(self) -> str:
        return f'"{hashlib.sha256(self.content).hexdigest()[:12]}"'

    @property
    def md5(self) -> str:
        return hashlib.md5(self.content, usedforsecurity=False).hexdigest()


@dataclass(frozen=True)
class Asked:
    """One request and its answer."""

    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    status: int
    bytes_sent: int


Answer = Callable[[Mapping[str, str]], Document]


@dataclass
class OfficialServer:
    """What is served, the faults switched on, and who asked for what."""

    base: str = ""
    documents: dict[str, Document] = field(default_factory=dict)
    answers: dict[str, Answer] = field(default_factory=dict)
    faults: dict[str, list[Fault]] = field(default_factory=dict)
    retry_after: str = "7"
    tagged: bool = True
    log: list[Asked] = field(default_factory=list)

    def fail(self, path: str, *faults: Fault) -> None:
        """Make the next requests for a path go wrong, one fault each."""
        self.faults.setdefault(path, []).extend(faults)

    def asked(self, path: str) -> list[Asked]:
        """Every request for a path."""
        return [asked for asked in self.log if asked.path == path]

    def document(self, path: str, query: Mapping[str, str]) -> Document | None:
        if path in self.answers:
            return self.answers[path](query)
        return self.documents.get(path)


class _Quiet(ThreadingHTTPServer):
    """A server that a client may leave in the middle of an answer."""

    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


@contextmanager
def official_server() -> Iterator[OfficialServer]:
    """Run a server for as long as the context lasts."""
    site = OfficialServer()
    with running(_handler(site)) as site.base:
        yield site


@contextmanager
def running(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    """Run a server and give its address."""
    server = _Quiet(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _handler(site: OfficialServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: object) -> None:
            pass

        def do_GET(self) -> None:
            split = urlsplit(self.path)
            path, query = unquote(split.path), dict(parse_qsl(split.query))
            queue = site.faults.get(path, [])
            # A loop never ends; any other fault happens once.
            fault = (queue[0] if queue[0] is Fault.LOOP else queue.pop(0)) if queue else None
            _Reply(self, site, path, query, fault).give()

    return Handler


class _Reply:
    """One answer."""

    def __init__(
        self,
        handler: BaseHTTPRequestHandler,
        site: OfficialServer,
        path: str,
        query: Mapping[str, str],
        fault: Fault | None,
    ) -> None:
        self.handler, self.site, self.path, self.query, self.fault = handler, site, path, query, fault
        self.extra = {"Set-Cookie": "session=1"} if fault is Fault.COOKIE else {}

    def give(self) -> None:
        if self.fault in _ANSWERS:
            status, body, headers = _ANSWERS[self.fault]
            self.send(status, body, headers)
            return
        match self.fault:
            case Fault.TOO_MANY:
                self.send(429, b"", {"Retry-After": self.site.retry_after})
            case Fault.LOOP:
                self.send(302, b"", {"Location": self.handler.path})
            case Fault.ENDLESS:
                self.endless()
            case Fault.UNTOLD_CUT:
                self.untold_cut()
            case _:
                self.document()

    def document(self) -> None:
        if self.fault is Fault.NEW_EDITION:
            old = self.site.documents[self.path]
            self.site.documents[self.path] = Document(old.content.replace(b"\n", b"\r\n"), old.kind)
        document = self.site.document(self.path, self.query)
        if document is None:
            self.send(404, b"gone")
            return
        headers = {"Content-Type": document.kind}
        if self.site.tagged:
            headers |= {"ETag": document.tag, "Last-Modified": "Tue, 01 Apr 2025 00:00:00 GMT"}
        given = self.handler.headers
        if self.site.tagged and given.get("If-None-Match") == document.tag:
            self.send(304, b"", headers)
            return
        span = given.get("Range", "")
        current = given.get("If-Range", document.tag) == document.tag
        if span and current and self.fault is not Fault.NO_RANGES:
            self.part(document, span, headers)
        elif self.fault in {Fault.GZIP, Fault.GZIP_CUT}:
            self.send(200, gzip.compress(document.content), {**headers, "Content-Encoding": "gzip"})
        else:
            self.send(200, document.content, headers)

    def part(self, document: Document, span: str, headers: dict[str, str]) -> None:
        size = len(document.content)
        first_text, last_text = span.removeprefix("bytes=").split("-")
        first = int(first_text) if first_text else max(0, size - int(last_text))
        last = int(last_text) if first_text and last_text else size - 1
        if first >= size:
            self.send(416, b"", {"Content-Range": f"bytes */{size}"})
            return
        last = min(last, size - 1)
        if self.fault is Fault.SHORT_PART:
            last = first + (last - first) // 2
        if self.fault is Fault.WHOLE_AS_PART:
            first = 0
        if self.fault is Fault.OTHER_SIZE:
            size += 1
        headers["Content-Range"] = f"bytes {first}-{last}/{size}"
        if self.fault is Fault.OTHER_TAG:
            headers["ETag"] = '"another"'
        if self.fault is Fault.OTHER_DATE:
            headers["Last-Modified"] = "Wed, 02 Apr 2025 00:00:00 GMT"
        if self.fault is Fault.PACKED_PART:
            headers["Content-Encoding"] = "gzip"
        self.send(206, document.content[first : last + 1], headers)

    def send(self, status: int, body: bytes, headers: Mapping[str, str] | None = None) -> None:
        cut = self.fault in {Fault.CUT, Fault.GZIP_CUT}
        sent = body[: len(body) // 2] if cut else body
        self.note(status, len(sent))
        self.handler.send_response(status)
        for name, value in {**self.extra, **(headers or {})}.items():
            self.handler.send_header(name, value)
        if status != 304:
            self.handler.send_header("Content-Length", str(len(body)))
        self.handler.end_headers()
        with suppress(ConnectionError):
            self.handler.wfile.write(sent)
        if cut:
            self.handler.close_connection = True

    def endless(self) -> None:
        self.note(200, 0)
        self.handler.close_connection = True
        self.handler.send_response(200)
        self.handler.send_header("Content-Type", "text/csv")
        self.handler.end_headers()
        with suppress(ConnectionError):
            while True:
                self.handler.wfile.write(b"0,1,2,3,4,5,6,7,8,9\n" * 4096)

    def untold_cut(self) -> None:
        content = self.site.documents[self.path].content
        self.note(200, len(content) // 2)
        self.handler.close_connection = True
        self.handler.send_response(200)
        self.handler.send_header("Content-Type", "text/csv")
        self.handler.end_headers()
        self.handler.wfile.write(content[: content[: len(content) // 2].rindex(b",")])

    def note(self, status: int, sent: int) -> None:
        """Log the request, before the answer goes out: whoever has the answer finds it there."""
        headers = dict(self.handler.headers.items())
        self.site.log.append(Asked(self.path, self.query, headers, status, sent))


_PAGE = b"<!DOCTYPE html><html><head><title>Service unavailable</title></head><body>Sorry</body></html>"

_ANSWERS: Mapping[Fault | None, tuple[int, bytes, Mapping[str, str]]] = {
    Fault.NOT_FOUND: (404, b"gone", {}),
    Fault.FORBIDDEN: (403, b"", {}),
    Fault.BROKEN: (500, b"", {}),
    Fault.PAGE: (200, _PAGE, {"Content-Type": "text/html; charset=utf-8"}),
    Fault.PAGE_AS_CSV: (200, _PAGE, {"Content-Type": "text/csv"}),
    Fault.TO_HTTP: (302, b"", {"Location": "http://elsewhere.invalid/file.csv"}),
    Fault.TO_NOBODY: (302, b"", {"Location": "http://localhost:1/file.csv"}),
}
"""Faults whose answer is always the same."""
