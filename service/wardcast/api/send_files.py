"""Sending a folder of official files in chunks, seen from the client."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from wardcast.api.limits import CHUNK_BYTES
from wardcast.v1.dataset_service_pb2 import ImportDatasetRequest
from wardcast_models.errors import Problem, invalid_input


def import_requests(data_dir: Path, *, area: str, wards: str | None) -> Iterator[ImportDatasetRequest]:
    """Return the messages of an import; files are read as they are sent.

    Args:
        data_dir: Folder, searched recursively.
        area: GSS code, borough name, or `London`.
        wards: Ward vintage; None takes the newest.

    Returns:
        The messages.

    Raises:
        WardcastError: The folder is not there or holds no file.
    """
    files = sorted(path for path in data_dir.rglob("*") if path.is_file())
    if not files:
        raise invalid_input(
            "There are no files to send.",
            Problem(
                where=data_dir.name or str(data_dir),
                expected="a folder of official files",
                found="an empty folder" if data_dir.is_dir() else "no such folder",
                mend="Check the path.",
            ),
        )
    config = ImportDatasetRequest.Config(area=area, wards=wards or "")
    return _messages(config, data_dir, files)


def _messages(config: ImportDatasetRequest.Config, data_dir: Path, files: list[Path]) -> Iterator[ImportDatasetRequest]:
    yield ImportDatasetRequest(config=config)
    for path in files:
        name = path.relative_to(data_dir).as_posix()
        yield ImportDatasetRequest(file=ImportDatasetRequest.File(name=name, size_bytes=path.stat().st_size))
        with path.open("rb") as file:
            while chunk := file.read(CHUNK_BYTES):
                yield ImportDatasetRequest(chunk=chunk)
