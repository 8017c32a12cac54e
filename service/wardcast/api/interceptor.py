"""What is done around every call: a request id, one line of log, and errors told in full but never leaked."""

from __future__ import annotations

import asyncio
import logging
import re
import secrets
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import grpc
from grpc_status import rpc_status

from wardcast.api.errors import to_status
from wardcast_models.errors import ErrorKind, WardcastError

REQUEST_ID = "x-request-id"
"""Metadata key of the request id: taken from the caller, made up where absent, sent back."""

_log = logging.getLogger(__name__)
_OUR_METHODS = ("/wardcast.v1.", "/google.longrunning.")
_POLLS = ("/google.longrunning.Operations/GetOperation", "/google.longrunning.Operations/WaitOperation")
_SOUND_REQUEST_ID = re.compile(r"[A-Za-z0-9._:-]{1,80}")


class CallInterceptor(grpc.aio.ServerInterceptor):  # type: ignore[type-arg]  # generic in the stubs only
    """Wraps the methods of our own services."""

    async def intercept_service(
        self,
        continuation: Callable[[grpc.HandlerCallDetails], Awaitable[grpc.RpcMethodHandler[Any, Any]]],
        handler_call_details: grpc.HandlerCallDetails,
    ) -> grpc.RpcMethodHandler[Any, Any]:
        """Return the method's handler, wrapped.

        Args:
            continuation: Finds the handler.
            handler_call_details: Which method is called.

        Returns:
            The handler.
        """
        handler = await continuation(handler_call_details)
        method = handler_call_details.method
        if handler is None or not method.startswith(_OUR_METHODS):
            return handler
        make_handler = {
            (False, False): grpc.unary_unary_rpc_method_handler,
            (False, True): grpc.unary_stream_rpc_method_handler,
            (True, False): grpc.stream_unary_rpc_method_handler,
            (True, True): grpc.stream_stream_rpc_method_handler,
        }[handler.request_streaming, handler.response_streaming]
        behaviour = handler.unary_unary or handler.unary_stream or handler.stream_unary or handler.stream_stream
        wrap = _wrap_stream if handler.response_streaming else _wrap_unary
        return make_handler(
            wrap(behaviour, method),
            request_deserializer=handler.request_deserializer,
            response_serializer=handler.response_serializer,
        )


def _wrap_unary(behaviour: Any, method: str) -> Any:
    async def call(request: Any, context: grpc.aio.ServicerContext[Any, Any]) -> Any:
        async with _around(method, context):
            return await behaviour(request, context)

    return call


def _wrap_stream(behaviour: Any, method: str) -> Any:
    async def call(request: Any, context: grpc.aio.ServicerContext[Any, Any]) -> AsyncIterator[Any]:
        async with _around(method, context):
            async for response in behaviour(request, context):
                yield response

    return call


@asynccontextmanager
async def _around(method: str, context: grpc.aio.ServicerContext[Any, Any]) -> AsyncIterator[None]:
    started = time.perf_counter()
    request_id = _request_id(context)
    outcome = "OK"
    await context.send_initial_metadata(((REQUEST_ID, request_id),))
    try:
        yield
    except WardcastError as error:
        outcome = error.kind.name
        await _abort(context, error)
    except asyncio.CancelledError:
        outcome = "CANCELLED"
        raise
    except Exception:
        outcome = "INTERNAL"
        _log.exception("%s %s", request_id, method)
        sentence = f"The service failed at this; its log says why under request {request_id}."
        await _abort(context, WardcastError(ErrorKind.INTERNAL, sentence))
    finally:
        # A client that waits polls twice a second: of those only failures are worth a line.
        level = logging.DEBUG if method in _POLLS and outcome == "OK" else logging.INFO
        _log.log(level, "%s %s %s %.0f ms", request_id, method, outcome, 1000 * (time.perf_counter() - started))


async def _abort(context: grpc.aio.ServicerContext[Any, Any], error: WardcastError) -> None:
    status = rpc_status.to_status(to_status(error))
    await context.abort(status.code, status.details, status.trailing_metadata)


def _request_id(context: grpc.aio.ServicerContext[Any, Any]) -> str:
    for key, value in context.invocation_metadata() or ():
        if key == REQUEST_ID and isinstance(value, str) and _SOUND_REQUEST_ID.fullmatch(value):
            return value
    return secrets.token_hex(8)
