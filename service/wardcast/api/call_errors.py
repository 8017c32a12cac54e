"""A failed call, seen from the client, as `WardcastError`."""

from __future__ import annotations

from typing import Any

import grpc
from grpc_status import rpc_status

from wardcast.api.errors import from_status
from wardcast_models.errors import ErrorKind, Problem, WardcastError


def from_call_error(error: Any, target: str) -> WardcastError:
    """Return the error of a failed call.

    Args:
        error: The `grpc.RpcError` of the call, which is the call too.
        target: `HOST:PORT` called.

    Returns:
        The error.
    """
    status = rpc_status.from_call(error)
    if status is not None:
        return from_status(status)
    if error.code() is grpc.StatusCode.UNAVAILABLE:
        return WardcastError(
            ErrorKind.NOT_FOUND,
            f"No service answers at {target}.",
            [
                Problem(
                    where="--server",
                    expected="HOST:PORT of a running service",
                    found=target,
                    mend="Start it with `wardcast serve`, or correct the address.",
                )
            ],
        )
    if error.code() is grpc.StatusCode.DEADLINE_EXCEEDED:
        return WardcastError(
            ErrorKind.CONFLICT,
            f"The service at {target} did not answer in time.",
            [
                Problem(
                    where="--server",
                    expected="an answer in time",
                    found="none",
                    mend="See whether the service still runs and is not overloaded, then try again.",
                )
            ],
        )
    return WardcastError(ErrorKind.INTERNAL, f"The call to {target} failed: {error.details() or error.code()}")


def service_left(operation_name: str, target: str) -> WardcastError:
    """Return the error of a service that went away while it worked, and did not come back in time.

    Args:
        operation_name: Resource name of the work.
        target: `HOST:PORT` called.

    Returns:
        The error.
    """
    return WardcastError(
        ErrorKind.CONFLICT,
        f"The service at {target} went away while it worked on {operation_name}.",
        [
            Problem(
                where=operation_name,
                expected="a service that answers until the work is done",
                found="no answer",
                mend="Nothing is lost: the work goes on when the service starts again (`wardcast serve`). Its page "
                "shows the result under /operations; the same command again asks for the work anew.",
            )
        ],
    )
