"""Whether a downloaded file is what it should be, asked of the readers that will read it."""

from __future__ import annotations

import re
from pathlib import Path

from wardcast.fetch.addresses import Address
from wardcast.fetch.failure import LATER, MOVED, FetchError
from wardcast_models.errors import WardcastError
from wardcast_models.panel.readers import READERS
from wardcast_models.panel.sources.opening import open_sources
from wardcast_models.panel.sources.source import SourceFile

_PAGE = re.compile(rb"\s*(<!doctype html|<html|<head|<\?xml[^>]*>\s*<!doctype html)", re.IGNORECASE)
_HEAD_BYTES = 2048
_LONGEST_ROW = 1 << 16


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
    _refuse_cut(path)
    try:
        return _recognised(path, address)
    except WardcastError as error:
        found = error.problems[0].found if error.problems else error.message
        raise FetchError(expected="a file that can be opened", found=found) from error


def _refuse_cut(path: Path) -> None:
    """Refuse a CSV file that ends in the middle of a row: not every server says how long its answer is."""
    if path.suffix.lower() != ".csv":
        return
    with path.open("rb") as file:
        first = file.readline(_LONGEST_ROW)
        file.seek(max(0, path.stat().st_size - _LONGEST_ROW))
        tail = file.read()
    last = tail.rpartition(b"\n")[2]
    # Quotes may hide commas and line breaks: such a row is left to the readers.
    if b'"' not in first + last and 0 < len(last) < len(tail) and last.count(b",") < first.count(b","):
        raise FetchError(
            expected=f"a last row of {first.count(b',') + 1} cells",
            found=f"{last.count(b',') + 1}, and no line break after it: the answer was cut off",
            mend=LATER,
        )


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
