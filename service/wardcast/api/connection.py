"""What every call of a client goes through: one channel, errors rebuilt, pages followed, long work awaited."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import grpc
from google.longrunning import operations_pb2, operations_pb2_grpc

from wardcast.api.call_errors import from_call_error, service_left
from wardcast.api.errors import from_status
from wardcast.api.limits import MAX_RESPONSE_BYTES
from wardcast.v1.operation_pb2 import OperationMetadata
from wardcast_models.progress import Progress

CALL_SECONDS = 60.0
"""Deadline of an ordinary call."""

_LOOK_SECONDS = 0.5
_ANSWER_SECONDS = 10.0
_AWAY = (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED)
_PATIENCE_SECONDS = 30.0
"""Time a service may be away, as when it restarts, while its work is awaited."""

Result = TypeVar("Result")


class Connection:
    """One channel to a service.

    Attributes:
        channel: The channel, for stubs.
    """

    def __init__(self, target: str) -> None:
        self._target = target
        options = [
            ("grpc.max_receive_message_length", MAX_RESPONSE_BYTES),
            ("grpc.max_reconnect_backoff_ms", 1000),  # a service that restarts is found again at once
        ]
        self.channel = grpc.insecure_channel(target, options=options)
        self._operations = operations_pb2_grpc.OperationsStub(self.channel)

    @contextmanager
    def errors(self) -> Iterator[None]:
        """Raise failed calls within the context as `WardcastError`."""
        try:
            yield
        except grpc.RpcError as error:
            raise from_call_error(error, self._target) from error

    def pages(self, method: Callable[..., Any], request: Any) -> Iterator[Any]:
        """Yield a list's responses, one a page.

        Args:
            method: Lists a page.
            request: Asks for the first page.
        """
        while True:
            with self.errors():
                response = method(request, timeout=CALL_SECONDS)
            yield response
            if not response.next_page_token:
                return
            request.page_token = response.next_page_token

    def wait_for(
        self,
        operation: operations_pb2.Operation,
        result_type: type[Any],
        convert: Callable[[Any], Result],
        progress: Progress,
    ) -> Result:
        """Wait until long work has ended; ctrl-C meanwhile cancels it.

        Args:
            operation: The work.
            result_type: Type of its response.
            convert: Applied to the response.
            progress: Told the work's name and how far it is.

        Returns:
            The converted response.

        Raises:
            WardcastError: The work failed, or the service went away and did not come back in time.
        """
        try:
            _tell(operation, progress)
            while not operation.done:
                operation = self._look(operation, progress)
                _tell(operation, progress)
        except KeyboardInterrupt:
            self._cancel(operation.name)
            raise
        if operation.HasField("error"):
            raise from_status(operation.error)
        message = result_type()
        operation.response.Unpack(message)
        return convert(message)

    def _look(self, operation: operations_pb2.Operation, progress: Progress) -> operations_pb2.Operation:
        request = operations_pb2.WaitOperationRequest(name=operation.name)
        request.timeout.FromMilliseconds(int(1000 * _LOOK_SECONDS))
        give_up_at = time.monotonic() + _PATIENCE_SECONDS
        while True:
            try:
                return self._operations.WaitOperation(request, timeout=_ANSWER_SECONDS)
            except grpc.RpcError as error:
                if error.code() not in _AWAY:
                    raise from_call_error(error, self._target) from error
                if time.monotonic() > give_up_at:
                    raise service_left(operation.name, self._target) from error
            _tell(operation, progress, f"waiting for {self._target} to answer again")
            time.sleep(_LOOK_SECONDS)

    def _cancel(self, name: str) -> None:
        try:
            self._operations.CancelOperation(operations_pb2.CancelOperationRequest(name=name), timeout=_ANSWER_SECONDS)
        except grpc.RpcError as error:
            if error.code() in _AWAY:
                raise service_left(name, self._target) from error
            raise from_call_error(error, self._target) from error


def _tell(operation: operations_pb2.Operation, progress: Progress, phrase: str = "") -> None:
    metadata = OperationMetadata()
    operation.metadata.Unpack(metadata)
    progress(metadata.progress, f"{operation.name}: {phrase or metadata.phrase or 'waiting for its turn'}")
