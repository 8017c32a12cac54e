"""Which version of the science this is: a digest of its own code and packaged tables."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable


@cache
def source_digest() -> str:
    """Return the SHA-256, as hex, of every Python file and table of this package.

    A fitted forecaster may be used again only by the code that fitted it; a release number does not tell that while
    the code is being worked on.
    """
    digest = hashlib.sha256()
    for name, content in sorted(_files(resources.files("wardcast_models"), "")):
        digest.update(name.encode())
        digest.update(hashlib.sha256(content).digest())
    return digest.hexdigest()


def _files(folder: Traversable, prefix: str) -> list[tuple[str, bytes]]:
    found: list[tuple[str, bytes]] = []
    for entry in folder.iterdir():
        name = f"{prefix}/{entry.name}"
        if entry.is_dir():
            found += _files(entry, name)
        elif entry.name.endswith((".py", ".csv")):
            found.append((name, entry.read_bytes()))
    return found
