"""What the pack is made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from wardcast.pack.forecast_view import ForecastView
from wardcast.pack.trends import Trend
from wardcast_models.allocation.plan import Plan, Provenance


@dataclass(frozen=True, kw_only=True)
class ReportInputs:
    """A plan with what the report shows beside it.

    Attributes:
        plan: The plan.
        provenance: Ids and times of the run that made it.
        polygons: GeoJSON geometry by ward code (WGS84 longitude, latitude), with a member `approximate` that is true
            where its file says so; empty where none were given.
        trends: Observed and forecast months (see `area_trends`); empty leaves the trends out.
        forecast: What is shown of the forecast itself; None leaves it out.
    """

    plan: Plan
    provenance: Provenance
    polygons: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    trends: tuple[Trend, ...] = ()
    forecast: ForecastView | None = None
