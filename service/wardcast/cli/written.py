"""Files and folders that a command writes: made before any work, and told in words where that cannot be done."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from wardcast_models.errors import Problem, WardcastError, invalid_input


def made_folder(folder: Path, *, where: str) -> Path:
    """Make a folder before the work that is to fill it.

    Args:
        folder: The folder; there already, or to be made with all above it.
        where: Name of the option, for the error.

    Returns:
        The folder.

    Raises:
        WardcastError: It cannot be made, or this user may not write in it.
    """
    with writing(folder, where=where):
        folder.mkdir(parents=True, exist_ok=True)
    if not os.access(folder, os.W_OK | os.X_OK):
        raise _refused(folder, "no right to write there", where)
    return folder


def free_place(folder: Path, *, where: str) -> Path:
    """Look whether a folder could be made or filled, without making it: failed work is to leave nothing behind.

    Args:
        folder: The folder.
        where: Name of the option, for the error.

    Returns:
        The folder.

    Raises:
        WardcastError: Something else is in its place, or this user may not write there.
    """
    nearest = next(place for place in (folder, *folder.absolute().parents) if place.exists())
    if not nearest.is_dir():
        raise _refused(nearest, "a file", where)
    if not os.access(nearest, os.W_OK | os.X_OK):
        raise _refused(nearest, "no right to write there", where)
    return folder


def writable_file(path: Path, *, where: str) -> Path:
    """Make the folder of a file before the work whose result it is to hold.

    Args:
        path: The file.
        where: Name of the option, for the error.

    Returns:
        The file.

    Raises:
        WardcastError: Its folder cannot be made or written in, or a folder is in its place.
    """
    made_folder(path.parent, where=where)
    if path.is_dir():
        raise _refused(path, "a folder", where)
    return path


@contextmanager
def writing(path: Path, *, where: str) -> Iterator[None]:
    """Tell in words that something could not be written.

    Args:
        path: What is written.
        where: Name of the option, for the error.

    Raises:
        WardcastError: The body raised an `OSError`.
    """
    try:
        yield
    except OSError as error:
        raise _refused(Path(error.filename or path), error.strerror or str(error), where) from error


def _refused(path: Path, found: str, where: str) -> WardcastError:
    return invalid_input(
        f"{path} cannot be written.",
        Problem(
            where=where,
            expected="a place where this user may write, with room for it",
            found=f"{path} ({found})",
            mend="Name another place, or move away what is in the way.",
        ),
    )
