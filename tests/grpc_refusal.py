"""A refused gRPC call, taken apart."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import grpc
import pytest
from google.rpc import error_details_pb2
from grpc_status import rpc_status


def refused(call: Callable[[], Any]) -> tuple[grpc.StatusCode, dict[str, Any]]:
    """Make a call that must fail; return its code and its details by name."""
    with pytest.raises(grpc.RpcError) as raised:
        call()
    status = rpc_status.from_call(raised.value)
    details = {}
    for detail in status.details:
        for kind in (error_details_pb2.BadRequest, error_details_pb2.PreconditionFailure, error_details_pb2.ErrorInfo):
            if detail.Is(kind.DESCRIPTOR):
                details[kind.DESCRIPTOR.name] = kind.FromString(detail.value)
    return raised.value.code(), details
