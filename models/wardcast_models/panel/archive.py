"""A panel in one file: a zip of `panel.json` and `counts.npy`; nothing in it is executed when it is read."""

from __future__ import annotations

import json
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from wardcast_models.errors import Problem, WardcastError, invalid_input
from wardcast_models.files import write_atomically
from wardcast_models.panel.digest import FORMAT, panel_digest, panel_record
from wardcast_models.panel.findings import Finding, FindingKind
from wardcast_models.panel.panel import Area, Panel
from wardcast_models.panel.tables import COLUMNS, shaped

_RECORD, _COUNTS = "panel.json", "counts.npy"
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
    counts = BytesIO()
    np.save(counts, panel.counts, allow_pickle=False)

    def write(temporary: Path) -> None:
        with zipfile.ZipFile(temporary, "w") as archive:
            for name, content in (
                (_RECORD, json.dumps(record, ensure_ascii=False).encode()),
                (_COUNTS, counts.getvalue()),
            ):
                entry = zipfile.ZipInfo(name, date_time=_ZIP_TIME)
                archive.writestr(entry, content, compress_type=zipfile.ZIP_DEFLATED, compresslevel=3)

    write_atomically(path, write)


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
            counts = np.load(BytesIO(archive.read(_COUNTS)), allow_pickle=False)
    except (OSError, zipfile.BadZipFile, KeyError, ValueError) as error:
        raise _unreadable(path, found=str(error)) from error
    if record.get("format") != FORMAT:
        raise _unreadable(path, found=f"format {record.get('format')!r}")
    panel = _panel(record, counts)
    if panel_digest(panel) != panel.digest:
        raise _unreadable(path, found="content that does not match its digest")
    return panel


def _panel(record: dict[str, Any], counts: np.ndarray[Any, np.dtype[np.float64]]) -> Panel:
    frames = {name: shaped(name, pd.DataFrame(record["frames"].get(name, {}))) for name in COLUMNS}
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
