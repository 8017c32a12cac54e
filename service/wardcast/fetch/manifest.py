"""What was downloaded: one JSON file beside the data, by which the next run knows what it need not fetch."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from wardcast_models.errors import Problem, invalid_input
from wardcast_models.files import write_atomically
from wardcast_models.panel.release_days import write_release_days

STATE_FOLDER = ".wardcast_fetch"
"""Folder below the data folder; its leading dot keeps it out of what is read as data."""

RELEASE_DAYS = "release-days.csv"
"""File in the data folder that tells the readers when each release was published, where its listing does."""

_FILE = "manifest.json"
_PIECE_BYTES = 1 << 20


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One downloaded file.

    Attributes:
        id: Row of the address table.
        file: Path below the data folder, with `/`.
        address: Where it came from.
        fetched_at: When, in UTC (ISO 8601).
        bytes: Its size.
        sha256: Its checksum, by which a damaged copy is known later.
        etag: The server's tag of this edition, or "".
        last_modified: The server's date of this edition, or "".
        published_md5: The publisher's checksum of what was downloaded, or "".
        published: Day on which the publisher's listing says that it was put there, `YYYY-MM-DD`, or "".
        layout: What wardcast's readers took it for.
        licence: Its licence.
        note: What was done to it on the way in, or "".
    """

    id: str
    file: str
    address: str
    fetched_at: str
    bytes: int
    sha256: str
    etag: str = ""
    last_modified: str = ""
    published_md5: str = ""
    published: str = ""
    layout: str = ""
    licence: str = ""
    note: str = ""


class Manifest:
    """The downloaded files of one folder, all of one area."""

    def __init__(self, folder: Path, area: str, entries: dict[str, Entry]) -> None:
        self.folder = folder
        self._area = area
        self._entries = entries

    @classmethod
    def open(cls, folder: Path, *, area: str) -> Manifest:
        """Read a folder's manifest.

        Args:
            folder: The data folder.
            area: GSS code of the area to fetch for.

        Returns:
            Its manifest; an empty one where there is none or it is damaged, so that everything is fetched again.

        Raises:
            WardcastError: The folder's files are of another area; cropped files of two would count incidents twice.
        """
        held = area
        try:
            document = json.loads((folder / STATE_FOLDER / _FILE).read_text(encoding="utf-8"))
            entries = [_entry(item) for item in document["files"]]
            held = str(document["area"])
        except (OSError, ValueError, TypeError, KeyError):
            entries = []
        if held != area:
            problem = Problem(
                where="--out", expected=f"a folder for {area}", found=f"files of {held}", mend="Name another folder."
            )
            raise invalid_input(f"The folder {folder.name} holds files that were fetched for {held}.", problem)
        return cls(folder, area, {entry.file: entry for entry in entries})

    def sound(self, file: str) -> Entry | None:
        """Return the entry of a file that is still as it was downloaded.

        Args:
            file: Path below the data folder.

        Returns:
            The entry; None where the file was never downloaded, is gone or is no longer the same.
        """
        entry = self._entries.get(file)
        path = self.folder / file
        if entry is None or not path.is_file() or checksums(path)[0] != entry.sha256:
            return None
        return entry

    def damaged(self, file: str) -> bool:
        """Tell whether a downloaded file is there and no longer the same.

        Args:
            file: Path below the data folder.
        """
        return file in self._entries and (self.folder / file).is_file() and self.sound(file) is None

    def keep(self, entry: Entry) -> None:
        """Write down a downloaded file.

        Args:
            entry: What is known of it.
        """
        self._entries[entry.file] = entry
        self._write()

    def move(self, before: Entry, after: Entry) -> None:
        """Write down that a file has another place now.

        Args:
            before: What was known of it.
            after: The same with its new place.
        """
        self._entries.pop(before.file, None)
        self.keep(after)

    def of_row(self, identifier: str) -> list[Entry]:
        """Return what was downloaded for one row of the address table.

        Args:
            identifier: Its id.
        """
        return [entry for entry in self._entries.values() if entry.id == identifier]

    def _write(self) -> None:
        told = [entry for _, entry in sorted(self._entries.items()) if entry.published]
        if told:
            days = [(entry.sha256, entry.published, entry.file) for entry in told]
            write_atomically(self.folder / RELEASE_DAYS, lambda path: write_release_days(path, days))
        rows = [asdict(self._entries[file]) for file in sorted(self._entries)]
        text = json.dumps({"area": self._area, "files": rows}, indent=1, ensure_ascii=False) + "\n"

        def write(path: Path) -> None:
            path.write_text(text, encoding="utf-8")

        write_atomically(self.folder / STATE_FOLDER / _FILE, write)


def checksums(path: Path) -> tuple[str, str]:
    """Return a file's checksums.

    Args:
        path: The file.

    Returns:
        SHA-256 and MD5, in hexadecimal; MD5 only because publishers give no better one.
    """
    sha256, md5 = hashlib.sha256(), hashlib.md5(usedforsecurity=False)
    with path.open("rb") as file:
        while piece := file.read(_PIECE_BYTES):
            sha256.update(piece)
            md5.update(piece)
    return sha256.hexdigest(), md5.hexdigest()


def _entry(item: dict[str, Any]) -> Entry:
    return Entry(**{field.name: item[field.name] for field in fields(Entry) if field.name in item})
