"""The one way out: HTTPS with verified certificates, a proxy where there is one, no cookies, never in a hurry."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.cookiejar import CookieJar, DefaultCookiePolicy
from importlib.metadata import version
from types import TracebackType
from typing import Any, Self

import httpx

from wardcast.fetch.broken import BROKEN, reason
from wardcast.fetch.clock import Clock, SystemClock
from wardcast.fetch.failure import LATER, FetchError, TooLargeError
from wardcast.fetch.politeness import Politeness, RateLimit, retry_after_seconds
from wardcast_models.errors import Problem, invalid_input

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
"""Hosts that may be asked without TLS: this machine."""

_PASSING = frozenset({429, 500, 502, 503, 504})
"""Statuses that another attempt may cure."""

_ANSWERED = frozenset({200, 206, 304, 412, 416})
"""Statuses that a caller deals with."""


class Connection:
    """Asks servers for things, one request at a time.

    Use it as a context manager; it closes its sockets at the end.
    """

    def __init__(
        self, *, politeness: Politeness | None = None, clock: Clock | None = None, proxy: str | None = None
    ) -> None:
        self.politeness = politeness or Politeness()
        self.clock: Clock = clock or SystemClock()
        self._unreachable: dict[str, str] = {}
        self._rate = RateLimit(seconds_between_requests=self.politeness.seconds_between_requests, clock=self.clock)
        timeout = httpx.Timeout(self.politeness.read_timeout_seconds, connect=self.politeness.connect_timeout_seconds)
        self._client = httpx.Client(
            # Without --proxy, HTTPS_PROXY, HTTP_PROXY and NO_PROXY are heeded, as is SSL_CERT_FILE.
            proxy=_checked_proxy(proxy),
            trust_env=True,
            timeout=timeout,
            follow_redirects=False,
            cookies=CookieJar(policy=DefaultCookiePolicy(allowed_domains=[])),
            headers={
                "User-Agent": f"wardcast/{version('wardcast')} (open data for a community safety partnership)",
                # Ranges and published checksums are of the file itself.
                "Accept-Encoding": "identity",
            },
        )

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
        if host in self._unreachable:
            raise _unreachable(address, f"{self._unreachable[host]}; not asked again, as it did not answer before")
        for attempt in range(1, self.politeness.attempts + 1):
            asked: float | None = None
            try:
                response = self._followed(address, headers)
            except httpx.TransportError as error:
                found = self._unreachable[host] = reason(error)
                if "CERTIFICATE_VERIFY_FAILED" in found:
                    raise _untrusted(address, found) from error
            else:
                self._unreachable.pop(host, None)
                if response.status_code in _ANSWERED:
                    return response
                found = f"status {response.status_code} ({response.reason_phrase})"
                asked = retry_after_seconds(response.headers.get("Retry-After"), self.clock.utc())
                response.close()
                if response.status_code not in _PASSING:
                    raise FetchError(expected="the file", found=found, address=address)
                if asked is not None and asked > self.politeness.longest_wait_seconds:
                    found = f"{found} with the wish to be asked again in {asked:,.0f} seconds"
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


def _checked_proxy(proxy: str | None) -> str | None:
    if proxy is None:
        return None
    try:
        url = httpx.URL(proxy)
    except httpx.InvalidURL:
        url = httpx.URL("")
    if url.scheme in {"http", "https"} and url.host:
        return proxy
    raise invalid_input(
        "The proxy's address cannot be used.",
        Problem(
            where="--proxy",
            expected="an address such as http://proxy.example.org:8080",
            # Never the whole of it: it may hold a password.
            found=f"an address that starts with {url.scheme or 'no scheme'}",
            mend="Correct it, or leave it out for the one of HTTPS_PROXY.",
        ),
    )


def _unreachable(address: str, found: str) -> FetchError:
    return FetchError(
        expected="an answer",
        found=found,
        mend=f"Check the network and the proxy (HTTPS_PROXY or --proxy). {LATER}",
        address=address,
    )


def _untrusted(address: str, found: str) -> FetchError:
    return FetchError(
        expected="a certificate that can be verified",
        found=found,
        mend="Where your network checks traffic with a certificate of its own, name it in SSL_CERT_FILE.",
        address=address,
    )


def _beginning(body: bytes) -> str:
    return repr(body[:60].decode("utf-8", errors="replace"))
