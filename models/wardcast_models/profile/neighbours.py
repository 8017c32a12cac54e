"""Which places lie beside each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

_TOUCHING_DEGREES = 0.0003
"""About 25 m: simplified borders of neighbours need not meet exactly."""


def neighbours(polygons: Mapping[str, Mapping[str, Any]], codes: Sequence[str]) -> NDArray[np.bool_] | None:
    """Return which polygons touch; one that touches none counts the nearest as its neighbour.

    Args:
        polygons: GeoJSON geometry by code (WGS84 longitude, latitude).
        codes: Places, in order; length N.

    Returns:
        Symmetric, False on the diagonal, shape (N, N); None where a polygon is missing or there are fewer than 3.
    """
    if len(codes) < 3 or any(code not in polygons for code in codes):
        return None
    import shapely  # noqa: PLC0415 - shapely takes a while to load and is needed only where polygons are held
    from shapely.geometry import shape  # noqa: PLC0415

    shapes = np.array([shape(dict(polygons[code])) for code in codes], dtype=object)
    tree = shapely.STRtree(shapes)
    first, second = tree.query(shapes, predicate="dwithin", distance=_TOUCHING_DEGREES)
    touching = np.zeros((len(codes), len(codes)), dtype=bool)
    touching[first, second] = True
    np.fill_diagonal(touching, False)
    centres = np.column_stack([shapely.get_x(shapely.centroid(shapes)), shapely.get_y(shapely.centroid(shapes))])
    for alone in np.flatnonzero(~touching.any(axis=1)):
        distance = np.hypot(*(centres - centres[alone]).T)
        distance[alone] = np.inf
        touching[alone, int(distance.argmin())] = True
    return touching | touching.T
