"""Ward releases as the readers make them, and panels put together from them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tests.panels import make_panel
from wardcast_models.panel.counts.combine import combine
from wardcast_models.panel.panel import Area, Panel
from wardcast_models.panel.parts import WardRelease

WARDS = ["E05014053", "E05014054", "E05014056"]
CATEGORIES = ["violence_without_injury", "robbery_personal", "burglary_residential", "other_theft"]
"""In taxonomy order."""

MONTHS = pd.date_range("2020-01-01", periods=60, freq="MS")


def ward_release(
    first: str,
    number: int,
    *,
    level: int = 50,
    wards: Sequence[str] = WARDS,
    counts: NDArray[np.int64] | None = None,
    published: str | None = None,
    file: str | None = None,
) -> WardRelease:
    """A release whose every cell is `level`, or holds the counts given."""
    months = pd.date_range(f"{first}-01", periods=number, freq="MS")
    cells = np.full((len(wards), len(CATEGORIES), number), level, dtype=np.int64) if counts is None else counts
    content = f"{wards}{first}{number}".encode() + np.ascontiguousarray(cells).tobytes()
    return WardRelease(
        file=f"{first} {number} {level}.csv" if file is None else file,
        content_digest=hashlib.sha256(content).hexdigest(),
        vintages=frozenset({"WD22"}),
        ward_codes=tuple(wards),
        ward_names=tuple(f"Ward {code}" for code in wards),
        categories=tuple(CATEGORIES),
        months=months,
        counts=cells,
        published=None if published is None else pd.Timestamp(published),
    )


def without(release: WardRelease, category: str) -> WardRelease:
    """The release without the rows of a category."""
    kept = [place for place, name in enumerate(release.categories) if name != category]
    return replace(
        release,
        categories=tuple(release.categories[place] for place in kept),
        counts=release.counts[:, kept],
        content_digest=release.content_digest + category,
    )


def released_panel(*releases: WardRelease) -> Panel:
    """The panel of some releases, with their history; the area is all its wards."""
    combined = combine(releases)
    wards = pd.DataFrame(
        {
            "ward_code": combined.ward_codes,
            "ward_name": combined.ward_names,
            "area_code": "E09000002",
            "area_name": "Barking and Dagenham",
        }
    )
    return replace(
        make_panel(),
        area=Area(code="E09000002", name="Barking and Dagenham", ward_codes=combined.ward_codes),
        wards=wards,
        categories=combined.categories,
        months=combined.months,
        counts=combined.counts,
        releases=combined.releases,
    )
