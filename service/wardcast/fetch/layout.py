"""Whether a downloaded file is what it should be, asked of the readers that will read it."""

from __future__ import annotations

import re
from pathlib import Path

from wardcast.fetch.addresses import Address
from wardcast.fetch.failure import MOVED, FetchError
from wardcast_models.errors import WardcastError
from wardcast_models.panel.readers import READERS
from wardcast_models.panel.sources.opening import open_sources
from wardcast_models.panel.sources.source import SourceFile

_PAGE = re.compile(rb"\s*(<!doctype html|<html|<head|<\?xml[^>]*>\s*<!doctype html)", re.IGNORECASE)
_HEAD_BYTES = 2048


def check_layout(path: Path, address: Address) -> str:
    """Check that a file is of the layout that its row of the address table promises.

    Args:
        path: The file.
        address: The row.

    Returns:
        What it was recognised as, in the reader's words.

    Raises:
        FetchError: It is a web page, damaged, or of another layout.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    if _PAGE.match(head):
        raise FetchError(expected="data", found="a web page (HTML)")
    try:
        return _recognised(path, address)
    except WardcastError as error:
        found = error.problems[0].found if error.problems else error.message
        raise FetchError(expected="a file that can be opened", found=found) from error


def _recognised(path: Path, address: Address) -> str:
    """Return the layout of the first table that is of the promised one."""
    others: list[str] = []
    for source in open_sources(path):
        what = _layout(source)
        if what is not None and re.search(address.layout, what, re.IGNORECASE):
            return what
        others.append(what or source.seems_to_be()[0])
    raise FetchError(
        expected=f"{address.title}, in a layout that wardcast reads",
        found="; ".join(dict.fromkeys(others)) or "an empty file",
        mend=f"The publisher may have changed the layout. {MOVED}",
    )


def _layout(source: SourceFile) -> str | None:
    return next((reader.what for reader in READERS if reader.recognises(source)), None)
