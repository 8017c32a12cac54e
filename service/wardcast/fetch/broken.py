"""Connections that broke, in plain words."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import httpx

BROKEN = (httpx.TransportError, httpx.DecodingError)
"""What an answer that breaks off raises while it is read."""

_FAULTS: tuple[tuple[type[BaseException], str], ...] = (
    (socket.gaierror, "no server of that name (the name could not be looked up)"),
    (ConnectionRefusedError, "a refused connection (nothing answers there)"),
    (ConnectionResetError, "a connection that was cut"),
)
"""Faults on the way, in plain words."""


def reason(error: httpx.RequestError) -> str:
    """Say in a few words what went wrong on the way.

    Args:
        error: The fault.

    Returns:
        A phrase, without any address.
    """
    if isinstance(error, httpx.TimeoutException):
        return "no answer in time"
    if isinstance(error, httpx.ProxyError):
        return f"the proxy's refusal ({error})"
    causes = list(_causes(error))
    for kind, phrase in _FAULTS:
        if any(isinstance(cause, kind) for cause in causes):
            return phrase
    return str(error) or type(error).__name__


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Give a fault and what it came from."""
    cause: BaseException | None = error
    while cause is not None:
        yield cause
        cause = cause.__cause__ or cause.__context__
