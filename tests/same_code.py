"""Comparing what two processes do: they must have read the same code."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

import wardcast
import wardcast_models


def _digest() -> str:
    digest = hashlib.sha256()
    for package in (wardcast, wardcast_models):
        for path in sorted(Path(next(iter(package.__path__))).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                digest.update(path.as_posix().encode() + path.read_bytes())
    return digest.hexdigest()


_AT_IMPORT = _digest()


@contextmanager
def same_code() -> Iterator[None]:
    """Let a comparison with another process count only where the code is what it was when the tests were collected.

    A worker process imports the code when it starts: edited since this process imported its own, the two differ for no
    fault of either. A failure is then a skip that says so; with the code untouched it stays a failure.
    """
    try:
        yield
    except AssertionError:
        if _digest() != _AT_IMPORT:
            pytest.skip("the code was edited while this ran: this process and the service's workers run different code")
        raise
