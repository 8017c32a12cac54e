"""The HTTP client: verified certificates, the proxy of the option or the environment, no cookies."""

from __future__ import annotations

import os
from http.cookiejar import CookieJar, DefaultCookiePolicy
from importlib.metadata import version
from pathlib import Path

import httpx

from wardcast.fetch.politeness import Politeness
from wardcast_models.errors import Problem, WardcastError, invalid_input

_PROXIES = ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY")
"""Variables that name a proxy, in small letters too."""

_CERTIFICATES = ("SSL_CERT_FILE", "SSL_CERT_DIR")
"""Variables that name certificates to trust."""


def http_client(*, politeness: Politeness, proxy: str | None) -> httpx.Client:
    """Return a client that asks as the network here wants it.

    Args:
        politeness: How long an answer is waited for.
        proxy: The proxy's address; None for the one of the environment, where there is one.

    Returns:
        The client; redirects are left to its user.

    Raises:
        WardcastError: The proxy or the certificates named by the option or the environment cannot be used.
    """
    timeout = httpx.Timeout(politeness.read_timeout_seconds, connect=politeness.connect_timeout_seconds)
    try:
        return httpx.Client(
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
    except OSError as error:
        raise _unusable_certificates(error) from error
    # The client's words for the others may hold the proxy's password, so they are neither shown nor chained.
    except ImportError:
        raise _unusable_proxy(_named(_PROXIES), "a SOCKS proxy") from None
    except (httpx.InvalidURL, ValueError):
        raise _unusable_proxy(_named(_PROXIES), "an address that cannot be read") from None


def _checked_proxy(proxy: str | None) -> str | None:
    if proxy is None:
        return None
    try:
        url = httpx.URL(proxy)
    except httpx.InvalidURL:
        url = httpx.URL("")
    if url.scheme in {"http", "https"} and url.host:
        return proxy
    # Never the whole of it: it may hold a password.
    raise _unusable_proxy("--proxy", f"an address that starts with {url.scheme or 'no scheme'}")


def _named(variables: tuple[str, ...]) -> str:
    """Return those of the variables that are set."""
    return ", ".join(name for name in variables if os.environ.get(name) or os.environ.get(name.lower()))


def _unusable_proxy(where: str, found: str) -> WardcastError:
    return invalid_input(
        "The proxy's address cannot be used.",
        Problem(
            where=where or "the proxy set for this machine",
            expected="an address such as http://proxy.example.org:8080",
            found=found,
            mend="Correct it; ask whoever runs your network for the address of its HTTP proxy.",
        ),
    )


def _unusable_certificates(error: OSError) -> WardcastError:
    missing = isinstance(error, FileNotFoundError)
    absent = tuple(name for name in _CERTIFICATES if not Path(os.environ.get(name, ".")).exists())
    return invalid_input(
        "The certificates to trust cannot be read.",
        Problem(
            where=_named(absent if missing else _CERTIFICATES[:1]) or "the certificates of this machine",
            expected="a file of certificates (PEM)",
            found="no such file" if missing else "a file without a certificate that can be read",
            mend="Correct the path, or unset the variable.",
        ),
    )
