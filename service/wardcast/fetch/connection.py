"""The one way out: HTTPS with verified certificates, a proxy where there is one, no cookies, never in a hurry."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import TracebackType
from typing import Any, Self

import httpx

from wardcast.fetch.broken import BROKEN, reason
from wardcast.fetch.client import http_client
from wardcast.fetch.clock import Clock, SystemClock
from wardcast.fetch.failure import LATER, FetchError, TooLargeError, mend_of_status
from wardcast.fetch.politeness import Politeness, RateLimit, retry_after_seconds

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
"""Hosts that may be asked without TLS: this machine."""

_PASSING = frozenset({429, 500, 502, 503, 504})
"""Statuses that another attempt may cure."""

_ANSWERED = frozenset({200, 206, 304, 412, 416})
"""Statuses that a caller deals with."""

_REFUSAL = re.compile(r"(4\d\d)\b")
"""How a proxy's lasting refusal begins."""

_DAY_SECONDS = 86_400


class Connection:
    """Asks servers for things, one request at a time.

    Use it as a context manager; it closes its sockets at the end.

    Attributes:
        politeness: The limits it keeps to.
        clock: The time it goes by.
        received_bytes: Bytes of all answers so far.
    """

    def __init__(
        self, *, politeness: Politeness | None = None, clock: Clock | None = None, proxy: str | None = None
    ) -> None:
        self.politeness = politeness or Politeness()
        self.clock: Clock = clock or SystemClock()
        self.received_bytes = 0
        self._left_alone: dict[str, str] = {}
        """Hosts that are not asked again in this run, and why."""
        self._rate = RateLimit(seconds_between_requests=self.politeness.seconds_between_requests, clock=self.clock)
        self._client = http_client(politeness=self.politeness, proxy=proxy)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close()

    @contextmanager
    def open(self, address: str, *, headers: Mapping[str, str] | None = None) -> Iterator[httpx.Response]:
        """Ask for an address; passing faults are tried again, redirects followed.

        Args:
            address: What to ask for.
            headers: Further request headers.

        Yields:
            The answer, its body still unread; its status is 200, 206, 304, 412 or 416.

        Raises:
            FetchError: No such answer came.
        """
        response = self._answered(address, dict(headers or {}))
        try:
            yield response
        finally:
            response.close()

    def read(self, address: str, *, max_bytes: int) -> bytes:
        """Read a small answer whole.

        Args:
            address: What to ask for.
            max_bytes: Most bytes it may have.

        Returns:
            The body.

        Raises:
            FetchError: It could not be read, or is too large.
        """
        for attempt in range(1, self.politeness.attempts + 1):
            try:
                with self.open(address) as response:
                    refuse_page(response)
                    return b"".join(self.pieces(response, max_bytes=max_bytes))
            except BROKEN as error:
                if attempt == self.politeness.attempts:
                    raise _unreachable(address, reason(error)) from error
                self.pause(attempt)
        raise AssertionError("an attempt either returns or raises")

    def read_json(self, address: str, *, max_bytes: int) -> Any:
        """Read a JSON answer.

        Args:
            address: What to ask for.
            max_bytes: Most bytes it may have.

        Returns:
            The value.

        Raises:
            FetchError: It could not be read, or is no JSON.
        """
        body = self.read(address, max_bytes=max_bytes)
        try:
            return json.loads(body)
        except (ValueError, RecursionError) as error:
            raise FetchError(expected="JSON", found=_beginning(body), address=address) from error

    def pieces(self, response: httpx.Response, *, max_bytes: int) -> Iterator[bytes]:
        """Give a body piece by piece, within its limits of size and time.

        Args:
            response: The answer.
            max_bytes: Most bytes it may still have.

        Yields:
            The pieces.

        Raises:
            FetchError: It grows too large or takes too long.
            httpx.RequestError: It broke off (one of `BROKEN`).
        """
        started, held = self.clock.now(), 0
        limit_seconds = self.politeness.longest_download_seconds
        # As they arrive: pieces of a fixed size would lose what is gathered when the answer breaks off.
        for piece in response.iter_bytes():
            held += len(piece)
            self.received_bytes += len(piece)
            if held > max_bytes:
                raise TooLargeError(max_bytes, str(response.url))
            if self.clock.now() - started > limit_seconds:
                raise FetchError(
                    expected=f"the whole answer within {limit_seconds:g} seconds",
                    found=f"{held:,} bytes in that time",
                    mend=LATER,
                    address=str(response.url),
                )
            yield piece

    def pause(self, attempt: int, asked_seconds: float | None = None) -> None:
        """Wait before another attempt.

        Args:
            attempt: The attempt that failed, from 1.
            asked_seconds: How long the server asked to wait, where it did.
        """
        own = self.politeness.backoff_seconds(attempt)
        self.clock.sleep(own if asked_seconds is None else max(own, asked_seconds))

    def _answered(self, address: str, headers: dict[str, str]) -> httpx.Response:
        found, host = "", httpx.URL(address).host
        if host in self._left_alone:
            raise _unreachable(address, f"{self._left_alone[host]}; not asked again in this run")
        for attempt in range(1, self.politeness.attempts + 1):
            asked: float | None = None
            try:
                response = self._followed(address, headers)
            except httpx.TransportError as error:
                found = self._left_alone[host] = _where(reason(error), error, host)
                _raise_lasting(error, found, address)
            else:
                self._left_alone.pop(host, None)
                if response.status_code in _ANSWERED:
                    return response
                found = f"status {response.status_code} ({response.reason_phrase})"
                asked = retry_after_seconds(response.headers.get("Retry-After"), self.clock.utc())
                response.close()
                if response.status_code not in _PASSING:
                    mend = mend_of_status(response.status_code, response.url.host)
                    raise FetchError(expected="the file", found=found, mend=mend, address=address)
                if asked is not None and asked > self.politeness.longest_wait_seconds:
                    found = self._left_alone[host] = f"{found} with the wish to be asked again in {_span(asked)}"
                    raise FetchError(expected="an answer", found=found, mend=LATER, address=address)
            if attempt < self.politeness.attempts:
                self.pause(attempt, asked)
        raise _unreachable(address, f"{found}; asked {self.politeness.attempts} times")

    def _followed(self, address: str, headers: dict[str, str]) -> httpx.Response:
        """Send one request and follow its redirects."""
        url = _checked_url(address, expected="an https address")
        local = url.host in LOOPBACK
        for _ in range(self.politeness.max_redirects + 1):
            self._rate.wait(url.netloc.decode())
            response = self._client.send(self._client.build_request("GET", url, headers=headers), stream=True)
            if not response.has_redirect_location:
                return response
            response.close()
            target = url.join(response.headers["Location"])
            url = _checked_url(str(target), expected="a redirect to an https address", local=local, asked=address)
        raise FetchError(
            expected=f"at most {self.politeness.max_redirects} redirects", found="more of them", address=address
        )


def refuse_page(response: httpx.Response) -> None:
    """Refuse a web page where data were asked for: many servers answer an error so, with status 200.

    Args:
        response: The answer.

    Raises:
        FetchError: It is a page.
    """
    if response.headers.get("Content-Type", "").lower().startswith("text/html"):
        raise FetchError(expected="data", found="a web page (HTML)", address=str(response.url))


def _checked_url(address: str, *, expected: str, local: bool | None = None, asked: str = "") -> httpx.URL:
    """Return an address that may be asked: https, or this machine where that was asked to begin with."""
    try:
        url = httpx.URL(address)
    except httpx.InvalidURL as error:
        raise FetchError(expected=expected, found=repr(address), address=asked) from error
    loopback = url.scheme == "http" and url.host in LOOPBACK and local is not False
    if (url.scheme != "https" and not loopback) or not url.host or url.userinfo:
        shown = f"{url.scheme}://{url.host}" if not url.userinfo else "one with a user name or password in it"
        raise FetchError(expected=expected, found=shown, address=asked)
    return url


def _unreachable(address: str, found: str) -> FetchError:
    return FetchError(
        expected="an answer",
        found=found,
        mend=f"Check the network and the proxy (HTTPS_PROXY or --proxy). {LATER}",
        address=address,
    )


def _raise_lasting(error: httpx.TransportError, found: str, address: str) -> None:
    """Raise what another attempt cannot cure: a certificate that is not trusted, a proxy that refuses."""
    if "CERTIFICATE_VERIFY_FAILED" in found:
        raise FetchError(
            expected="a certificate that can be verified",
            found=found,
            mend="Where your network checks traffic with a certificate of its own, name it in SSL_CERT_FILE.",
            address=address,
        ) from error
    status = _REFUSAL.match(str(error)) if isinstance(error, httpx.ProxyError) else None
    if status is not None:
        mend = mend_of_status(int(status[1]), error.request.url.host, by_proxy=True)
        raise FetchError(expected="an answer through the proxy", found=found, mend=mend, address=address) from error


def _where(found: str, error: httpx.TransportError, host: str) -> str:
    """Name the server that a redirect led to, where that one does not answer."""
    return found if error.request.url.host == host else f"{found}, at {error.request.url.host}"


def _span(seconds: float) -> str:
    return f"{seconds:,.0f} seconds" if seconds < _DAY_SECONDS else "a day or more"


def _beginning(body: bytes) -> str:
    return repr(body[:60].decode("utf-8", errors="replace"))
