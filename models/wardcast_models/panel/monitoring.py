"""Everything an area's files tell beyond its panel: what the strategic assessment is drawn from."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from wardcast_models.panel.panel import Panel

MONITORING_COLUMNS: dict[str, tuple[str, ...]] = {
    "small_areas": ("lsoa_code", "ward_code", "category", "month", "count", "source"),
    "points": ("longitude", "latitude", "ward_code", "category", "month", "count"),
    "small_area_residents": ("lsoa_code", "ward_code", "persons", "reference_date"),
    "ages": ("ward_code", "age_band", "persons", "reference_date"),
    "ward_series": ("ward_code", "series", "month", "count"),
    "repeats": ("ward_code", "month", "subject", "category", "persons", "repeat_persons"),
    "surveys": ("area_code", "measure", "label", "last_month", "period_months", "share", "base", "source"),
    "premises": ("ward_code", "month", "premises", "source"),
}
"""Columns of the frames of `Monitoring`."""


def _empty(name: str) -> pd.DataFrame:
    return pd.DataFrame(columns=list(MONITORING_COLUMNS[name]))


@dataclass(frozen=True, kw_only=True)
class Monitoring:
    """An area's panel and what else its files tell. Every frame may be empty; wards are the panel's.

    Attributes:
        panel: Counts by ward, category and month of all wards in the files, with the area named.
        small_areas: Counts by small area (LSOA) of the area: `lsoa_code, ward_code, category, month, count, source`;
            `source` is `mps` (recorded crime) or `policeuk` (police.uk's own categories, ASB among them). Non-zero rows
            only.
        points: Police.uk incidents at their published map points, in the area: `longitude, latitude, ward_code,
            category, month, count`. Points are snapped to nearby map points by the publisher.
        small_area_residents: `lsoa_code, ward_code, persons, reference_date`, newest known, area only.
        ages: Residents by age band and ward: `ward_code, age_band, persons, reference_date`; `age_band` such as
            `10-14`.
        ward_series: MPS dashboard offences by ward: `ward_code, series, month, count` (domestic abuse, hate, knife,
            gun).
        repeats: `ward_code, month, subject, category, persons, repeat_persons` (see `parts.Repeats`).
        surveys: `area_code, measure, label, last_month, period_months, share, base, source` (see `parts.Survey`).
        premises: Licensed premises: `ward_code, month, premises, source`.
        small_area_months: First and last month that each source of `small_areas` covers, by source.
        small_area_polygons: GeoJSON geometry by LSOA code, area only.
    """

    panel: Panel
    small_areas: pd.DataFrame = field(default_factory=lambda: _empty("small_areas"))
    points: pd.DataFrame = field(default_factory=lambda: _empty("points"))
    small_area_residents: pd.DataFrame = field(default_factory=lambda: _empty("small_area_residents"))
    ages: pd.DataFrame = field(default_factory=lambda: _empty("ages"))
    ward_series: pd.DataFrame = field(default_factory=lambda: _empty("ward_series"))
    repeats: pd.DataFrame = field(default_factory=lambda: _empty("repeats"))
    surveys: pd.DataFrame = field(default_factory=lambda: _empty("surveys"))
    premises: pd.DataFrame = field(default_factory=lambda: _empty("premises"))
    small_area_months: dict[str, tuple[pd.Timestamp, pd.Timestamp]] = field(default_factory=dict)
    small_area_polygons: dict[str, dict[str, Any]] = field(default_factory=dict)
