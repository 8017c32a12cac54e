"""Sending official files in chunks, seen from the client."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from wardcast.api.limits import CHUNK_BYTES
from wardcast.v1.dataset_service_pb2 import ImportDatasetRequest
from wardcast_models.panel.gather import data_files


def import_requests(data_dir: Path, *, area: str, wards: str | None) -> Iterator[ImportDatasetRequest]:
    """Return the messages of an import; files are read as they are sent.

    Args:
        data_dir: A folder, searched recursively, or a single file; the files sent are those that would be read here.
        area: GSS code, borough name, or `London`.
        wards: Ward vintage; None takes the newest.

    Returns:
        The messages.

    Raises:
        WardcastError: The folder is not there or holds no file.
    """
    config = ImportDatasetRequest.Config(area=area, wards=wards or "")
    folder = data_dir.parent if data_dir.is_file() else data_dir
    return _messages(config, folder, data_files(data_dir))


def _messages(config: ImportDatasetRequest.Config, folder: Path, files: list[Path]) -> Iterator[ImportDatasetRequest]:
    yield ImportDatasetRequest(config=config)
    for path in files:
        name = path.relative_to(folder).as_posix()
        yield ImportDatasetRequest(file=ImportDatasetRequest.File(name=name, size_bytes=path.stat().st_size))
        with path.open("rb") as file:
            while chunk := file.read(CHUNK_BYTES):
                yield ImportDatasetRequest(chunk=chunk)
