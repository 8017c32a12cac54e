"""Whether a forecast points at the right wards: hotspot measures of the wards it ranks highest.

A hotspot is a set of wards that makes up a given share of the wards, or of the area's surface.

Sources: PAI is Chainey, Tompson and Uhlig (2008), "The utility of hotspot mapping for predicting spatial patterns of
crime", Security Journal 21. PEI* is as in Hunt (2016), "Do crime hot spots move?", and White, Hunt and Green (2023), "A
discussion of current crime forecasting indices", Security Journal: the crime that the hotspots held over the most that
hotspots of the same size could have held, which for equal sizes is PAI over the PAI of hindsight.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wardcast_models.reference.taxonomy import harm_weights, taxonomy

SHARES: tuple[float, ...] = (0.1, 0.2)
"""Shares of the wards, or of the surface, that the hotspots make up."""

ALL = "all"
"""Every category, each crime and incident counted as one."""

HARM = "harm"
"""Every category with a weight in the Cambridge Crime Harm Index, in its days."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class _Ground:
    """What a share is a share of: W wards of given sizes."""

    unit: str
    sizes: Floats
    limits: dict[float, float]


def hotspot_ranking(cells: pd.DataFrame, *, areas_km2: Mapping[str, float] | None = None) -> pd.DataFrame:
    """Return how much crime and harm the wards ranked highest held over the horizon, at every origin.

    Wards are ranked by the forecast mean of the horizon's total: by ward, the largest totals; by surface, the
    densest wards, the last one taken in part so that every hotspot has exactly its share of the surface.

    Args:
        cells: Cells of a backtest (see `score_cells`).
        areas_km2: Area by ward code; without it only the share of wards is measured.

    Returns:
        One row per model, origin, target, unit and share: `model, origin, target, unit, share, wards, captured,
        captured_best, pai, pei_star`. `target` is `all`, `harm` (Cambridge days) or a family of categories; `unit` is
        `wards` or `surface`; `wards` how many wards are taken, wholly or in part; `captured` the share of the target
        inside the hotspots and `captured_best` what the best hotspots in hindsight held; `pai` is `captured` over the
        hotspots' share of the wards or the surface. A target that did not occur has no row.
    """
    totals = (
        cells.groupby(["model", "origin", "ward_code", "category"], sort=False, observed=True)[["mean", "actual"]]
        .sum()
        .reset_index()
    )
    rows: list[dict[str, object]] = []
    for (model, origin), part in totals.groupby(["model", "origin"], sort=False, observed=True):
        tables = {
            name: part.pivot_table(index="ward_code", columns="category", values=name, observed=True, fill_value=0.0)
            for name in ("mean", "actual")
        }
        codes, categories = tables["mean"].index, tables["mean"].columns
        grounds = _grounds(list(codes), areas_km2)
        for target, weights in _targets(list(categories)).items():
            said, recorded = (tables[name].to_numpy(dtype=np.float64) @ weights for name in ("mean", "actual"))
            if recorded.sum() > 0.0:
                key = {"model": model, "origin": origin, "target": target}
                rows += [{**key, **row} for ground in grounds for row in _measures(said, recorded, ground)]
    return pd.DataFrame(rows)


def pooled_ranking(ranking: pd.DataFrame) -> pd.DataFrame:
    """Return the mean over the origins of the hotspot measures.

    Args:
        ranking: Rows of `hotspot_ranking`.

    Returns:
        One row per model, target, unit and share: `captured, captured_best, pai, pei_star`.
    """
    keys = ["model", "target", "unit", "share"]
    return ranking.groupby(keys, sort=False)[["captured", "captured_best", "pai", "pei_star"]].mean().reset_index()


def _targets(categories: list[str]) -> dict[str, Floats]:
    """Return what is to be found, by name: the weight of each category."""
    known, harm = taxonomy(), harm_weights("cambridge")

    def is_crime(category: str) -> bool:
        return category not in known or known[category].crime

    families = [known[category].major if category in known else "" for category in categories]
    targets = {
        ALL: np.array([1.0 if is_crime(category) else 0.0 for category in categories]),
        HARM: np.array([harm.get(category, 0.0) for category in categories]),
    }
    for family in dict.fromkeys(families):
        if family and any(is_crime(one) for one, of in zip(categories, families, strict=True) if of == family):
            targets[family] = np.array([1.0 if one == family else 0.0 for one in families])
    return targets


def _grounds(codes: list[str], areas_km2: Mapping[str, float] | None) -> list[_Ground]:
    """Return the wards as equal units and, where their areas are known, as surface."""
    n_wards = len(codes)
    whole = {share: float(max(round(share * n_wards), 1)) for share in SHARES}
    grounds = [_Ground(unit="wards", sizes=np.ones(n_wards), limits=whole)]
    if areas_km2 and all(code in areas_km2 for code in codes):
        sizes = np.array([areas_km2[code] for code in codes])
        limits = {share: share * float(sizes.sum()) for share in SHARES}
        grounds.append(_Ground(unit="surface", sizes=sizes, limits=limits))
    return grounds


def _measures(said: Floats, recorded: Floats, ground: _Ground) -> list[dict[str, object]]:
    """Return the measures of one target, one row a share."""
    rows: list[dict[str, object]] = []
    for share, limit in ground.limits.items():
        taken = _taken(said, ground.sizes, limit)
        captured, best = (
            float(part @ recorded / recorded.sum()) for part in (taken, _taken(recorded, ground.sizes, limit))
        )
        rows.append(
            {
                "unit": ground.unit,
                "share": share,
                "wards": int((taken > 0.0).sum()),
                "captured": captured,
                "captured_best": best,
                "pai": captured / (limit / float(ground.sizes.sum())),
                "pei_star": captured / best,
            }
        )
    return rows


def _taken(total: Floats, sizes: Floats, limit: float) -> Floats:
    """Return how much of each ward is taken, densest first, until the sizes taken reach the limit; shape (W,)."""
    order = np.argsort(-total / sizes, kind="stable")
    before = np.cumsum(sizes[order]) - sizes[order]
    taken = np.empty(len(total))
    taken[order] = np.clip((limit - before) / sizes[order], 0.0, 1.0)
    return taken
