"""Areas of wards, for measures of hotspots."""

from __future__ import annotations

import numpy as np
import shapely
from shapely.geometry import shape

from wardcast_models.panel.panel import Panel

_KM_A_DEGREE = 111.195
"""Length of one degree of a great circle, on a sphere of the Earth's mean radius (6,371.0 km)."""


def ward_areas_km2(panel: Panel) -> dict[str, float]:
    """Return the area of each ward of the panel's area.

    Degrees are scaled at each ward's own latitude, which is right to about 0.5 % here; the measures use shares only.

    Args:
        panel: The panel, with polygons in WGS84 longitude and latitude.

    Returns:
        Square kilometres by ward code; empty where any ward of the area has no polygon.
    """
    if any(code not in panel.polygons for code in panel.area.ward_codes):
        return {}
    polygons = {code: shape(panel.polygons[code]) for code in panel.area.ward_codes}
    return {
        code: float(shapely.area(polygon)) * _KM_A_DEGREE**2 * float(np.cos(np.radians(polygon.centroid.y)))
        for code, polygon in polygons.items()
    }
