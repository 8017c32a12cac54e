"""Earlier releases of a file, kept beside the newest: what was known on a day of the past is told by them only."""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePosixPath

from wardcast.fetch.manifest import STATE_FOLDER, Entry, Manifest, checksums

FOLDER = "older-releases"
"""Folder beside a release that holds the earlier ones; what is in it is read as any other file is."""

_SUPERSEDED = f"{STATE_FOLDER}/superseded"
"""Where files go that must not be read beside a newer one: below a dotted folder, so never read as data."""


def set_aside(manifest: Manifest, entry: Entry, *, is_release: bool, today: str) -> str:
    """Move a downloaded file out of the way of a newer one.

    Args:
        manifest: The folder's manifest; it tells the file's new place afterwards.
        entry: The file, sound.
        is_release: Whether it is still to be read: a release is, of any other file only the newest.
        today: Day of the run, `YYYY-MM-DD`.

    Returns:
        Its new path below the data folder.
    """
    file = PurePosixPath(entry.file)
    folder = file.parent / FOLDER if is_release else PurePosixPath(_SUPERSEDED)
    told = f"published {entry.published}" if entry.published else f"fetched {entry.fetched_at[:10]}"
    place = folder / f"{file.stem} ({told}){file.suffix}"
    number = 1
    while (manifest.folder / place).exists() and checksums(manifest.folder / place)[0] != entry.sha256:
        number += 1
        place = folder / f"{file.stem} ({told}, no. {number}){file.suffix}"
    target = manifest.folder / place
    target.parent.mkdir(parents=True, exist_ok=True)
    (manifest.folder / file).replace(target)
    kept = "kept as an earlier release" if is_release else "no longer read"
    note = f"Until {today} it was {entry.file}; a newer one came then, and this is {kept}."
    manifest.move(entry, replace(entry, file=str(place), note=" ".join(part for part in (entry.note, note) if part)))
    return str(place)


def is_older_release(file: str) -> bool:
    """Tell whether a file is an earlier release.

    Args:
        file: Path below the data folder.
    """
    return PurePosixPath(file).parent.name == FOLDER
