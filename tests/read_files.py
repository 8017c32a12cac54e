"""Reading one small file as a user's folder would have it read: by the first reader that recognises it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

import pytest

from tests import ward_files as wf
from wardcast_models.errors import WardcastError
from wardcast_models.panel.parts import Part, WardIncidents
from wardcast_models.panel.readers import READERS
from wardcast_models.panel.sources.opening import open_sources

_P = TypeVar("_P", bound=Part)


def read_rows(path: Path, rows: Sequence[Sequence[object]]) -> list[Part]:
    """Write rows as CSV and read the file; fails where nothing recognises it."""
    (source,) = open_sources(wf.write(path, rows))
    reader = next(reader for reader in READERS if reader.recognises(source))
    read = reader.read(source)
    return read if isinstance(read, list) else [read]


def read_one(kind: type[_P], path: Path, rows: Sequence[Sequence[object]]) -> _P:
    """Write rows as CSV and read the one part, of the kind given, that they hold."""
    (part,) = read_rows(path, rows)
    assert isinstance(part, kind), part
    return part


def problems_of(path: Path, rows: Sequence[Sequence[object]]) -> str:
    """Write rows as CSV, read the file, and return what it is refused for, a problem a line."""
    with pytest.raises(WardcastError) as refused:
        read_rows(path, rows)
    return "\n".join(map(str, refused.value.problems))


def counts_by_ward_month(part: WardIncidents) -> dict[tuple[str, str], int]:
    """Counts by ward code and month as YYYY-MM."""
    return {
        (code, f"{month:%Y-%m}"): int(count)
        for code, month, count in part.frame[["ward_code", "month", "count"]].itertuples(index=False)
    }


def told(part: Part) -> str:
    """Everything that was found, a line each, led by its kind."""
    return "\n".join(f"{finding.kind}: {finding.message}" for finding in part.findings)
