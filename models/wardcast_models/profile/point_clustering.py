"""Whether a category's points lie closer together than all incidents do."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array

from wardcast_models.profile.permutation import SEED, upper_p_values

DISTANCE_METRES = 250.0
"""Two incidents no farther apart are near each other."""

_DRAWS = 199
_METRES_A_DEGREE = 111_320.0


def point_clustering(points: pd.DataFrame) -> pd.DataFrame:
    """Count near pairs of each category against random relabelling of all incidents.

    The publisher moves incidents to nearby map points, so many share one whatever happened; complete randomness in
    space is no sensible null. Relabelling keeps every point and asks only whether this category bunches more than
    incidents as a whole do.

    Args:
        points: `longitude, latitude, category, count`.

    Returns:
        One row a category: `category, count, statistic` (near pairs over those expected), `expected` (1), `z, p_value`.
    """
    from scipy.spatial import cKDTree  # noqa: PLC0415 - needed only where points are held

    columns = ["category", "count", "statistic", "expected", "z", "p_value"]
    table = points.pivot_table(index=["longitude", "latitude"], columns="category", values="count", aggfunc="sum")
    counts = table.fillna(0.0).to_numpy(dtype=np.float64).round().astype(np.int64)
    if len(counts) < 3:
        return pd.DataFrame(columns=columns)
    tree = cKDTree(_metres(table.index.to_frame().to_numpy(dtype=np.float64)))
    pairs = tree.query_pairs(DISTANCE_METRES, output_type="ndarray")
    size = len(counts)
    ones = np.ones(len(pairs))
    near = csr_array((ones, (pairs[:, 0], pairs[:, 1])), shape=(size, size))
    everything = counts.sum(axis=1)
    generator = np.random.default_rng(SEED)
    rows = []
    for category, of_category in zip(table.columns, counts.T, strict=True):
        number = int(of_category.sum())
        if number < 2 or number == everything.sum():
            continue
        drawn_counts = generator.multivariate_hypergeometric(everything, number, size=_DRAWS, method="marginals")
        found = _near_pairs(near, of_category[None])
        drawn = _near_pairs(near, drawn_counts)
        mean, deviation = float(drawn.mean()), float(drawn.std(ddof=1))
        p_value = float(upper_p_values(found, drawn[:, None])[0])
        z = (float(found[0]) - mean) / deviation if deviation > 0 else np.nan
        rows.append((str(category), number, float(found[0]) / mean if mean > 0 else np.nan, 1.0, z, p_value))
    return pd.DataFrame(rows, columns=columns)


def _metres(degrees: NDArray[np.float64]) -> NDArray[np.float64]:
    """Lay longitudes and latitudes flat around their middle: exact to a few metres over a borough."""
    middle = degrees.mean(axis=0)
    east = (degrees[:, 0] - middle[0]) * _METRES_A_DEGREE * np.cos(np.radians(middle[1]))
    return np.column_stack([east, (degrees[:, 1] - middle[1]) * _METRES_A_DEGREE])


def _near_pairs(near: csr_array, counts: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return pairs of incidents near each other, those at one point included, shape (R,)."""
    values = counts.astype(np.float64)
    apart = (values * np.asarray((near @ values.T).T)).sum(axis=1)
    return np.asarray(apart + (values * (values - 1.0) / 2.0).sum(axis=1))
