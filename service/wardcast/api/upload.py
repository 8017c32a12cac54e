"""Receiving official files that a client sends in chunks."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from wardcast.api.limits import CHUNK_BYTES
from wardcast.store.artefacts import Artefacts
from wardcast.v1.dataset_service_pb2 import ImportDatasetRequest
from wardcast_models.errors import Problem, WardcastError, invalid_input

_MOST_FILES = 5000
_MOST_PARTS = 8
_LONGEST_PART_BYTES = 200


@dataclass(frozen=True, kw_only=True)
class ReceivedFiles:
    """What was sent.

    Attributes:
        config: What is to be read.
        folder: Folder of the files; the caller discards it.
    """

    config: ImportDatasetRequest.Config
    folder: Path


async def receive_files(
    requests: AsyncIterator[ImportDatasetRequest], artefacts: Artefacts, *, max_bytes: int
) -> ReceivedFiles:
    """Write the files of an import to a new folder; where that fails, nothing of them remains.

    Args:
        requests: The client's messages.
        artefacts: Where to make the folder.
        max_bytes: Most bytes of all files together.

    Returns:
        The files.

    Raises:
        WardcastError: The messages are out of order, a name leads elsewhere, or it is too much.
    """
    config = await _first(requests)
    folder = artefacts.new_upload()
    receiver = _Receiver(folder, max_bytes)
    try:
        async for request in requests:
            await asyncio.to_thread(receiver.take, request)
        receiver.finish()
    except BaseException:
        receiver.close()
        artefacts.discard_upload(folder)
        raise
    return ReceivedFiles(config=config, folder=folder)


async def _first(requests: AsyncIterator[ImportDatasetRequest]) -> ImportDatasetRequest.Config:
    async for request in requests:
        if request.WhichOneof("part") == "config":
            return request.config
        break
    raise _out_of_order("config", "the first message to be config")


class _Receiver:
    """Writes one file after the other."""

    def __init__(self, folder: Path, max_bytes: int) -> None:
        self._folder = folder
        self._max_bytes = max_bytes
        self._total_bytes = 0
        self._names: set[str] = set()
        self._name = ""
        self._missing_bytes = 0
        self._open_file: IO[bytes] | None = None

    def take(self, request: ImportDatasetRequest) -> None:
        """Take the next message after the first."""
        part = request.WhichOneof("part")
        if part == "file":
            self._start(request.file.name, request.file.size_bytes)
        elif part == "chunk":
            self._write(request.chunk)
        else:
            raise _out_of_order(part or "part", "a file or a chunk after the first message")

    def finish(self) -> None:
        """Check that the last file is whole and that there was one."""
        self._end_file()
        if not self._names:
            raise _out_of_order("file", "at least one file")

    def close(self) -> None:
        """Close the file that is open."""
        if self._open_file is not None:
            self._open_file.close()
            self._open_file = None

    def _start(self, name: str, size_bytes: int) -> None:
        self._end_file()
        path = self._folder.joinpath(*_checked_parts(name))
        key = name.casefold()
        if key in self._names or len(self._names) >= _MOST_FILES or path.exists():
            raise _bad_name(name, f"a name of its own, at most {_MOST_FILES} of them")
        if size_bytes < 0 or self._total_bytes + size_bytes > self._max_bytes:
            raise _too_much(name, self._max_bytes)
        self._names.add(key)
        self._name = name
        self._missing_bytes = size_bytes
        self._total_bytes += size_bytes
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except (FileExistsError, NotADirectoryError) as error:
            raise _bad_name(name, "no file's name as the name of a folder") from error
        self._open_file = path.open("xb")

    def _write(self, chunk: bytes) -> None:
        if self._open_file is None:
            raise _out_of_order("chunk", "a file before its chunks")
        if len(chunk) > CHUNK_BYTES:
            raise _out_of_order("chunk", f"at most {CHUNK_BYTES} bytes a chunk")
        self._missing_bytes -= len(chunk)
        if self._missing_bytes < 0:
            raise _wrong_size(self._name, "more bytes than announced")
        self._open_file.write(chunk)

    def _end_file(self) -> None:
        self.close()
        if self._missing_bytes:
            raise _wrong_size(self._name, f"{self._missing_bytes} bytes fewer than announced")


def _checked_parts(name: str) -> list[str]:
    parts = name.split("/")
    if len(parts) > _MOST_PARTS or not all(_is_plain(part) for part in parts):
        raise _bad_name(name, "a relative path with plain names between its slashes")
    return parts


def _is_plain(part: str) -> bool:
    return (
        part not in {"", ".", ".."}
        and len(part.encode()) <= _LONGEST_PART_BYTES
        and part.isprintable()
        and not any(sign in part for sign in '\\:*?"<>|')
    )


def _bad_name(name: str, expected: str) -> WardcastError:
    return invalid_input(
        "A file's name cannot be used.",
        Problem(where="file.name", expected=expected, found=repr(name)[:100], mend="Rename the file."),
    )


def _wrong_size(name: str, found: str) -> WardcastError:
    return invalid_input(
        "A file did not arrive whole.",
        Problem(where=name, expected="size_bytes bytes in its chunks", found=found, mend="Send it again."),
    )


def _too_much(name: str, max_bytes: int) -> WardcastError:
    return invalid_input(
        "The files are too large.",
        Problem(
            where=name,
            expected=f"0 to {max_bytes} bytes in all files together",
            found="more",
            mend="Leave out files that are not needed, or have the service's limit raised (WARDCAST_MAX_UPLOAD_BYTES).",
        ),
    )


def _out_of_order(where: str, expected: str) -> WardcastError:
    return invalid_input(
        "The messages of the import are not in order.",
        Problem(
            where=where,
            expected=expected,
            found="something else",
            mend="Send one config, then for each file one file and its chunks.",
        ),
    )
