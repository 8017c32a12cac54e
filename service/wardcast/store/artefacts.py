"""Files too large for a database row: panels, forecasts, what a plan is handed out as, and uploads in progress."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from wardcast.store.identifiers import new_id

ArtefactKind = Literal["datasets", "forecasts", "plans"]

_UPLOADS = "uploads"


class Artefacts:
    """One folder of files, by kind and id. Their writers see to it that a file is there whole or not at all."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        self.folder.mkdir(parents=True, exist_ok=True)

    def path(self, kind: ArtefactKind, identifier: str, suffix: str) -> Path:
        """Return where a thing's file is kept, whether or not it exists.

        Args:
            kind: What it belongs to.
            identifier: Id of that thing.
            suffix: Rest of the file's name, for example `.npz` or `/report.html`.

        Returns:
            The path.
        """
        return self.folder / kind / f"{identifier}{suffix}"

    def new_upload(self) -> Path:
        """Make an empty folder for files that a client sends.

        Returns:
            The folder.
        """
        folder = self.folder / _UPLOADS / new_id("up")
        folder.mkdir(parents=True)
        return folder

    def uploads(self) -> tuple[Path, ...]:
        """Return every folder of uploaded files that still exists."""
        return tuple(sorted((self.folder / _UPLOADS).glob("up-*")))

    def last_written(self, folder: Path) -> datetime:
        """Return when anything was last written to a folder of uploaded files.

        Args:
            folder: As `new_upload` returned it.

        Returns:
            The time, UTC.
        """
        times = (path.stat().st_mtime for path in (folder, *folder.rglob("*")))
        return datetime.fromtimestamp(max(times), UTC)

    def discard_upload(self, folder: Path) -> None:
        """Delete a folder of uploaded files; any other folder is left alone.

        Args:
            folder: As `new_upload` returned it.
        """
        if folder in self.uploads():
            shutil.rmtree(folder, ignore_errors=True)
