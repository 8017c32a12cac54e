"""The sample's ward polygons: a tidy tile map of equal hexagons, recognisably no boundaries."""

from __future__ import annotations

import json
import math
from typing import Any

from wardcast_models.sample.place import AREA_CODE, AREA_NAME, SampleWard, sample_wards

TILE_HECTARES = 190.0
"""About a nineteenth of the borough."""

TILE_RADIUS_METRES = math.sqrt(2.0 * TILE_HECTARES * 10_000.0 / (3.0 * math.sqrt(3.0)))
"""Centre to corner of a regular hexagon of that area."""

CENTRE_LONGITUDE, CENTRE_LATITUDE = 0.130, 51.545
_CENTRE_COLUMN, _CENTRE_ROW = 2.75, 2.5
_METRES_PER_DEGREE = 111_320.0
_METHOD = "SYNTHETIC tile map, not boundaries"


def polygons_text() -> str:
    """Return the tile map as GeoJSON.

    Returns:
        A feature collection, one feature a ward.
    """
    features = [json.dumps(_feature(ward)) for ward in sample_wards()]
    head = json.dumps({"type": "FeatureCollection", "name": "wards_lbbd_2022_SYNTHETIC_tiles", "note": _METHOD})
    return head[:-1] + ', "features": [\n' + ",\n".join(features) + "\n]}\n"


def tile_centre(ward: SampleWard) -> tuple[float, float]:
    """Return a tile's centre.

    Args:
        ward: The ward.

    Returns:
        Metres east and north of the map's centre.
    """
    column = ward.tile_column + (0.5 if ward.tile_row % 2 else 0.0)
    east = (column - _CENTRE_COLUMN) * math.sqrt(3.0) * TILE_RADIUS_METRES
    north = (_CENTRE_ROW - ward.tile_row) * 1.5 * TILE_RADIUS_METRES
    return east, north


def to_degrees(east: float, north: float) -> tuple[float, float]:
    """Turn metres from the map's centre into degrees.

    Args:
        east: Metres east.
        north: Metres north.

    Returns:
        Longitude and latitude (WGS84).
    """
    latitude = CENTRE_LATITUDE + north / _METRES_PER_DEGREE
    longitude = CENTRE_LONGITUDE + east / (_METRES_PER_DEGREE * math.cos(math.radians(CENTRE_LATITUDE)))
    return longitude, latitude


def _feature(ward: SampleWard) -> dict[str, Any]:
    east, north = tile_centre(ward)
    # Counter-clockwise from the eastern upper corner, closed, as GeoJSON wants an outer ring.
    corners = []
    for corner in range(7):
        angle = math.radians(30.0 + 60.0 * (corner % 6))
        point = to_degrees(east + TILE_RADIUS_METRES * math.cos(angle), north + TILE_RADIUS_METRES * math.sin(angle))
        corners.append([round(coordinate, 6) for coordinate in point])
    return {
        "type": "Feature",
        "properties": {
            "ward_code": ward.code,
            "ward_name": ward.name,
            "borough": AREA_NAME,
            "lad_code": AREA_CODE,
            "method": _METHOD,
        },
        "geometry": {"type": "Polygon", "coordinates": [corners]},
    }
