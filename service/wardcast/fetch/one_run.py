"""One run at a time in a data folder: two would write the same files and the same manifest."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from wardcast.fetch.manifest import STATE_FOLDER
from wardcast_models.errors import ErrorKind, Problem, WardcastError, invalid_input

_LOCK = "running"


@contextmanager
def one_run(folder: Path) -> Iterator[None]:
    """Make the data folder and hold it for one run; a run that is cut off holds it no longer.

    Args:
        folder: The data folder.

    Yields:
        Nothing.

    Raises:
        WardcastError: Another run holds the folder, or it cannot be made or written in.
    """
    state = folder / STATE_FOLDER
    try:
        state.mkdir(parents=True, exist_ok=True)
        lock = FileLock(state / _LOCK)
        lock.acquire(blocking=False)
    except Timeout as error:
        raise _held(folder) from error
    except FileExistsError as error:
        raise _unusable(folder, "a file where the folder has to be") from error
    except OSError as error:
        found = "a file where a folder has to be" if isinstance(error, NotADirectoryError) else _refusal(error)
        raise _unusable(folder, found) from error
    try:
        yield
    finally:
        lock.release()


def _refusal(error: OSError) -> str:
    return f"the system's refusal ({error.strerror or error})"


def _held(folder: Path) -> WardcastError:
    return WardcastError(
        ErrorKind.CONFLICT,
        f"Another wardcast fetch is at work in the folder {folder.name}.",
        [
            Problem(
                where="--out",
                expected="a folder that no other run is filling",
                found="one that another run holds",
                mend="Wait until it is done, or stop it; a run that was cut off holds nothing.",
            )
        ],
    )


def _unusable(folder: Path, found: str) -> WardcastError:
    return invalid_input(
        f"The folder {folder} cannot be used.",
        Problem(
            where="--out",
            expected="a folder where you may write, or a place where one can be made",
            found=found,
            mend="Name another folder.",
        ),
    )
