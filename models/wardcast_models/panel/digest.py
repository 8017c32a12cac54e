"""The panel's fingerprint: equal content, equal digest, whatever the files' names and order."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wardcast_models.panel.panel import Panel
from wardcast_models.panel.tables.tables import COLUMNS

FORMAT = "wardcast-panel-3"
"""Named in the digest and the archive; changes when either's layout does."""


def frame_record(frame: pd.DataFrame) -> dict[str, Any]:
    """Return a frame of the panel as plain JSON values, exact to the last digit.

    Args:
        frame: One of the panel's frames.

    Returns:
        Column name to list of values; times as ISO dates.
    """
    return {
        str(name): (
            column.dt.strftime("%Y-%m-%d").tolist()
            if pd.api.types.is_datetime64_any_dtype(column.dtype)
            else column.tolist()
        )
        for name, column in frame.items()
    }


def panel_record(panel: Panel) -> dict[str, Any]:
    """Return everything of a panel but its counts, findings and digest as plain JSON values.

    Args:
        panel: The panel.

    Returns:
        The record; its JSON text is the same for equal panels. The counts of the releases are not in it, nor the names
        of their files.
    """
    return {
        "format": FORMAT,
        "area": {
            "code": panel.area.code,
            "name": panel.area.name,
            "ward_codes": list(panel.area.ward_codes),
        },
        "vintage": panel.vintage,
        "categories": list(panel.categories),
        "months": list(panel.months.strftime("%Y-%m")),
        "synthetic": panel.synthetic,
        "polygons": panel.polygons,
        "frames": {name: frame_record(getattr(panel, name)) for name in COLUMNS},
        "releases": [
            {
                "published": f"{release.published:%Y-%m-%d}",
                "published_known": release.published_known,
                "first_month": f"{release.first_month:%Y-%m}",
                "last_month": f"{release.last_month:%Y-%m}",
            }
            for release in panel.releases
        ],
    }


def panel_digest(panel: Panel) -> str:
    """Return the SHA-256 of a panel's content, leaving out its findings.

    Args:
        panel: The panel; its own `digest` plays no part.

    Returns:
        64 hexadecimal digits.
    """
    record = json.dumps(panel_record(panel), sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    digest = hashlib.sha256(record.encode())
    digest.update(_plain_bytes(panel.counts, "<f8"))
    for release in panel.releases:
        digest.update(_plain_bytes(release.counts, "<f4"))
    return digest.hexdigest()


def _plain_bytes(counts: NDArray[Any], kind: str) -> bytes:
    """Return counts with one bit pattern for every unobserved cell, and in one byte order."""
    plain = np.where(np.isnan(counts), np.nan, counts).astype(kind)
    return np.ascontiguousarray(plain).tobytes()
