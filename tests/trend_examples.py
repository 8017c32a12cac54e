"""Made-up months, forecasts and ward boundaries to show beside a plan."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from tests.plan_example_wards import ALL_CRIMES_A_MONTH, DEMAND
from wardcast.pack.trends import RECORDED_CRIME, Trend
from wardcast_models.allocation.plan import Plan
from wardcast_models.forecasting.forecast import precision_of
from wardcast_models.reference.taxonomy import families


def square_tiles(wards: Sequence[tuple[str, str]], *, columns: int = 5) -> dict[str, dict[str, Any]]:
    """Return a polygon a ward: squares side by side, near Barking."""
    side = 0.01
    tiles = {}
    for i, (code, _) in enumerate(wards):
        west, south = 0.07 + (i % columns) * side, 51.56 - (i // columns) * side
        ring = [
            [west, south],
            [west + side, south],
            [west + side, south + side],
            [west, south + side],
            [west, south],
        ]
        tiles[code] = {"type": "Polygon", "coordinates": [ring]}
    return tiles


def trends_example(plan: Plan) -> tuple[Trend, ...]:
    """Return trends of the area, three families and every ward of the plan."""
    shown = [("violence", 520.0), ("burglary", 110.0), ("robbery", 3.0)]
    total = sum(DEMAND)
    return (
        _trend("area", plan.area_code, RECORDED_CRIME, ALL_CRIMES_A_MONTH, plan.months),
        *(_trend("family", key, families()[key], level, plan.months) for key, level in shown),
        *(
            _trend("ward", w.ward_code, w.ward_name, DEMAND[i % 19] / total * ALL_CRIMES_A_MONTH, plan.months)
            for i, w in enumerate(plan.wards)
        ),
    )


def _trend(scope: Any, key: str, label: str, level: float, months: tuple[str, ...]) -> Trend:
    observed_months = tuple(f"{year}-{month:02d}" for year in (2023, 2024, 2025) for month in range(1, 13))[3:27]
    observed = tuple(round(level * (1 + 0.12 * math.sin(i * 0.9) + 0.05 * math.sin(i * 2.3))) for i in range(24))
    spread = 1.9 * math.sqrt(level)
    n = len(months)
    return Trend(
        scope=scope,
        key=key,
        label=label,
        observed_months=observed_months,
        observed=tuple(float(value) for value in observed),
        forecast_months=months,
        q05=tuple(max(0.0, round(level - spread)) for _ in range(n)),
        q25=tuple(max(0.0, round(level - spread * 0.4)) for _ in range(n)),
        q50=tuple(float(round(level)) for _ in range(n)),
        q75=tuple(float(round(level + spread * 0.4)) for _ in range(n)),
        q95=tuple(float(round(level + spread)) for _ in range(n)),
        precision=precision_of(level),
    )
