"""A panel in one file: a zip of `panel.json`, `counts.npy` and an array for every release.

Nothing in it is executed when it is read.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wardcast_models.errors import Problem, WardcastError, invalid_input
from wardcast_models.files import write_atomically
from wardcast_models.panel.digest import FORMAT, panel_digest, panel_record
from wardcast_models.panel.findings import Finding, FindingKind
from wardcast_models.panel.panel import Area, Panel, Release
from wardcast_models.panel.tables.tables import COLUMNS, shaped

_RECORD, _COUNTS, _RELEASE = "panel.json", "counts.npy", "release-{}.npy"
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)


def save_panel(panel: Panel, path: Path) -> None:
    """Write a panel to one file, whole or not at all; equal panels give equal bytes.

    Args:
        panel: The panel as it was read, not cut short by `up_to`.
        path: The file; replaced where it exists.
    """
    record = panel_record(panel) | {
        "digest": panel.digest,
        "findings": [
            {
                "kind": finding.kind.value,
                "file": finding.file,
                "message": finding.message,
                "rows": finding.rows,
                "first_month": finding.first_month,
                "last_month": finding.last_month,
            }
            for finding in panel.findings
        ],
    }
    for written, release in zip(record["releases"], panel.releases, strict=True):
        written["file"] = release.file
    contents = {
        _RECORD: json.dumps(record, ensure_ascii=False).encode(),
        _COUNTS: _array_bytes(panel.counts),
        **{_RELEASE.format(place): _array_bytes(release.counts) for place, release in enumerate(panel.releases)},
    }

    def write(temporary: Path) -> None:
        with zipfile.ZipFile(temporary, "w") as archive:
            for name, content in contents.items():
                entry = zipfile.ZipInfo(name, date_time=_ZIP_TIME)
                archive.writestr(entry, content, compress_type=zipfile.ZIP_DEFLATED, compresslevel=3)

    write_atomically(path, write)


def _array_bytes(array: NDArray[Any]) -> bytes:
    content = BytesIO()
    np.save(content, array, allow_pickle=False)
    return content.getvalue()


def load_panel(path: Path) -> Panel:
    """Read a panel back, equal to the one that was written.

    Args:
        path: A file written by `save_panel`.

    Returns:
        The panel.

    Raises:
        WardcastError: The file is missing, no stored panel, of another format, or damaged.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            record = json.loads(archive.read(_RECORD))
            if record.get("format") != FORMAT:
                raise _unreadable(path, found=f"format {record.get('format')!r}")
            counts = _array(archive, _COUNTS)
            releases = [_array(archive, _RELEASE.format(place)) for place in range(len(record["releases"]))]
    except (OSError, zipfile.BadZipFile, KeyError, ValueError) as error:
        raise _unreadable(path, found=str(error)) from error
    panel = _panel(record, counts, releases)
    if panel_digest(panel) != panel.digest:
        raise _unreadable(path, found="content that does not match its digest")
    return panel


def _array(archive: zipfile.ZipFile, name: str) -> NDArray[Any]:
    array: NDArray[Any] = np.load(BytesIO(archive.read(name)), allow_pickle=False)
    return array


def _panel(record: dict[str, Any], counts: NDArray[np.float64], releases: Sequence[NDArray[np.float32]]) -> Panel:
    frames = {name: shaped(name, pd.DataFrame(record["frames"][name])) for name in COLUMNS}
    return Panel(
        area=Area(
            code=record["area"]["code"],
            name=record["area"]["name"],
            ward_codes=tuple(record["area"]["ward_codes"]),
        ),
        vintage=record["vintage"],
        categories=tuple(record["categories"]),
        months=pd.date_range(record["months"][0], record["months"][-1], freq="MS"),
        counts=counts,
        **frames,
        releases=tuple(
            Release(
                file=told["file"],
                published=pd.Timestamp(told["published"]),
                published_known=told["published_known"],
                first_month=pd.Timestamp(told["first_month"]),
                last_month=pd.Timestamp(told["last_month"]),
                counts=cells,
            )
            for told, cells in zip(record["releases"], releases, strict=True)
        ),
        polygons=record["polygons"],
        findings=tuple(Finding(**(finding | {"kind": FindingKind(finding["kind"])})) for finding in record["findings"]),
        synthetic=record["synthetic"],
        digest=record["digest"],
    )


def _unreadable(path: Path, *, found: str) -> WardcastError:
    return invalid_input(
        f"{path.name} is no readable stored panel.",
        Problem(
            where=path.name, expected=f"a stored panel ({FORMAT})", found=found, mend="Ingest the data folder again."
        ),
    )
