"""The panel's fingerprint: equal content, equal digest, whatever the files' names and order."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import numpy as np
import pandas as pd

from wardcast_models.panel.panel import Panel
from wardcast_models.panel.tables import COLUMNS

FORMAT = "wardcast-panel-2"
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
        The record; its JSON text is the same for equal panels. Events that nobody marked are left out.
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
        "frames": {
            name: frame_record(getattr(panel, name)) for name in COLUMNS if name != "events" or len(panel.events)
        },
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
    # One bit pattern for every unobserved cell, and one byte order.
    counts = np.where(np.isnan(panel.counts), np.nan, panel.counts).astype("<f8")
    digest.update(np.ascontiguousarray(counts).tobytes())
    return digest.hexdigest()
