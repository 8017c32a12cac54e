"""Refusals of files that cannot be opened: damaged, too large, or not to be trusted."""

from __future__ import annotations

import gzip
import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

from wardcast_models.errors import Problem, WardcastError, invalid_input

_DAMAGE = (
    EOFError,
    KeyError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    gzip.BadGzipFile,
    lzma.LZMAError,
    struct.error,
    zipfile.BadZipFile,
    zlib.error,
)
"""What the standard library raises on damaged archives (ValueError: names and dates that make no sense)."""


@contextmanager
def damage_told(name: str, kind: str) -> Iterator[None]:
    """Turn what a damaged file makes its library raise into a refusal that names the file.

    Args:
        name: The file's name.
        kind: What it should be, for example `zip archive`.

    Yields:
        Nothing.

    Raises:
        WardcastError: The file is damaged or cannot be read.
    """
    try:
        yield
    except _DAMAGE as error:
        raise damaged(name, kind, str(error)) from error
    except OSError as error:
        raise invalid_input(
            f"{name} cannot be read.",
            Problem(
                where=name,
                expected="a readable file",
                found=error.strerror or str(error),
                mend="Check the file and its permissions.",
            ),
        ) from error


def damaged(name: str, kind: str, found: str) -> WardcastError:
    """Build the refusal of a damaged file.

    Args:
        name: The file's name.
        kind: What it should be, for example `zip archive`.
        found: What its library says.

    Returns:
        The error.
    """
    return invalid_input(
        f"{name} is a damaged {kind}.",
        Problem(
            where=name,
            expected=f"a whole {kind}",
            found=" ".join(found.split()) or "a damaged stream",
            mend="The file was cut or damaged on the way: fetch it again.",
        ),
    )


def holds_too_much(name: str, expected: str, found: str = "more") -> WardcastError:
    """Build the refusal of a file above a limit.

    Args:
        name: The file's name.
        expected: The limit, as a noun phrase.
        found: How much there is, as far as it was looked at.

    Returns:
        The error.
    """
    return invalid_input(
        f"{name} holds too much to be read.",
        Problem(
            where=name,
            expected=expected,
            found=found,
            mend="Check that it is an official file; if it is, save the sheet or the rows that are needed as CSV.",
        ),
    )


def not_trusted(name: str, expected: str, found: str, mend: str) -> WardcastError:
    """Build the refusal of an archive or workbook that no official source would publish.

    Args:
        name: The file's name.
        expected: What would have been right.
        found: What was there instead.
        mend: What to do about it.

    Returns:
        The error.
    """
    problem = Problem(where=name, expected=expected, found=found, mend=mend)
    return invalid_input(f"{name} is not opened.", problem)
