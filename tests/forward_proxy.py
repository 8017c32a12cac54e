"""A proxy on loopback, such as councils put before the internet."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler

from tests.official_server import running


@contextmanager
def forward_proxy(*, sign_in: bool = False) -> Iterator[tuple[str, list[str]]]:
    """Run a proxy that answers for every host, and give its address and the addresses it was asked for."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

        def do_GET(self) -> None:
            asked.append(self.path)
            body = b'{"through": "the proxy"}'
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_CONNECT(self) -> None:
            asked.append(f"CONNECT {self.path}")
            self.send_error(407 if sign_in else 403)

    with running(Handler) as base:
        yield base, asked
