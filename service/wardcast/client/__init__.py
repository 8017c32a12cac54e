"""A typed client of a running service: domain records in and out, `WardcastError` for everything that goes wrong."""

from __future__ import annotations

from types import TracebackType

from wardcast.api.connection import Connection
from wardcast.client.dataset_calls import DatasetCalls
from wardcast.client.forecast_calls import ForecastCalls
from wardcast.client.model_calls import ModelCalls
from wardcast.client.plan_calls import PlanCalls, PlanFileName

__all__ = ["PlanFileName", "WardcastClient"]


class WardcastClient(DatasetCalls, ForecastCalls, ModelCalls, PlanCalls):
    """One connection to a service; use it as a context manager, from any number of threads.

    Every method raises `WardcastError` with the kind, message and problems that the service gave. Methods that make
    something wait until it is made and tell `progress` meanwhile; ctrl-C while waiting cancels the work.
    """

    def __init__(self, target: str) -> None:
        super().__init__(Connection(target))

    def __enter__(self) -> WardcastClient:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection."""
        self._connection.channel.close()
