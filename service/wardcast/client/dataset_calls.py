"""Datasets, asked of a running service."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from wardcast.api.connection import CALL_SECONDS, Connection
from wardcast.api.convert_dataset import dataset_from_message
from wardcast.api.send_files import import_requests
from wardcast.client.calls import Calls
from wardcast.store.records import DatasetRecord
from wardcast.v1 import dataset_service_pb2, dataset_service_pb2_grpc
from wardcast.v1.dataset_pb2 import Dataset
from wardcast_models.progress import Progress, silent

_UPLOAD_SECONDS = 1800.0


class DatasetCalls(Calls):
    """Import, look up and list datasets."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        self._datasets = dataset_service_pb2_grpc.DatasetServiceStub(connection.channel)

    def import_dataset(
        self, data_dir: Path, *, area: str, wards: str | None = None, progress: Progress = silent
    ) -> DatasetRecord:
        """Send official files and have them read, checked and kept.

        Args:
            data_dir: A folder, searched recursively, or a single file.
            area: GSS code, borough name, or `London`.
            wards: Ward vintage; None takes the newest.
            progress: Told how far it is.

        Returns:
            The dataset.
        """
        progress(0.0, "sending the files")
        requests = import_requests(data_dir, area=area, wards=wards)
        with self._connection.errors():
            operation = self._datasets.ImportDataset(requests, timeout=_UPLOAD_SECONDS)
        return self._connection.wait_for(operation, Dataset, dataset_from_message, progress)

    def get_dataset(self, name: str) -> DatasetRecord:
        """Return a dataset.

        Args:
            name: Its resource name.

        Returns:
            The dataset.
        """
        with self._connection.errors():
            request = dataset_service_pb2.GetDatasetRequest(name=name)
            return dataset_from_message(self._datasets.GetDataset(request, timeout=CALL_SECONDS))

    def datasets(self, area_code: str) -> Iterator[DatasetRecord]:
        """Yield an area's datasets, newest first.

        Args:
            area_code: GSS code; `-` for every area.
        """
        request = dataset_service_pb2.ListDatasetsRequest(parent=f"areas/{area_code}")
        for response in self._connection.pages(self._datasets.ListDatasets, request):
            yield from map(dataset_from_message, response.datasets)
