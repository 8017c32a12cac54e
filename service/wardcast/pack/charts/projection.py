"""From longitude and latitude to the page: equirectangular, shrunk east-west by the cosine of the latitude."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

Point = tuple[float, float]
Ring = tuple[Point, ...]


@dataclass(frozen=True, kw_only=True)
class Projected:
    """Polygons in user units of a drawing.

    Attributes:
        rings: By key, every ring of every part; inner rings are holes under the even-odd rule.
        width: Width taken, user units.
        height: Height taken, user units.
    """

    rings: dict[str, tuple[Ring, ...]]
    width: float
    height: float


def project(polygons: Mapping[str, Mapping[str, Any]], *, width: float, max_height: float) -> Projected:
    """Fit polygons into a box, north up, equal scale both ways at the middle latitude.

    Points are put on a grid of 0.5 units and repeated points dropped: neighbours keep their common border, and
    detail that no printer shows leaves the file.

    Args:
        polygons: GeoJSON `Polygon` or `MultiPolygon` by key, WGS84 longitude and latitude. Other geometries are
            left out.
        width: Width of the box.
        max_height: Greatest height of the box.

    Returns:
        The polygons, the larger of the two limits filled; empty where nothing can be drawn.
    """
    raw = {key: list(_rings(geometry)) for key, geometry in polygons.items()}
    points = [point for rings in raw.values() for ring in rings for point in ring]
    if not points:
        return Projected(rings={}, width=width, height=0.0)
    west, east = min(lon for lon, _ in points), max(lon for lon, _ in points)
    south, north = min(lat for _, lat in points), max(lat for _, lat in points)
    squeeze = math.cos(math.radians((south + north) / 2))
    span_x, span_y = max((east - west) * squeeze, 1e-9), max(north - south, 1e-9)
    scale = min(width / span_x, max_height / span_y)
    offset = (width - span_x * scale) / 2

    def place(point: Point) -> Point:
        x = offset + (point[0] - west) * squeeze * scale
        y = (north - point[1]) * scale
        return round(x * 2) / 2, round(y * 2) / 2

    rings = {key: tuple(_without_repeats(place(p) for p in ring) for ring in parts) for key, parts in raw.items()}
    drawn = {key: tuple(ring for ring in parts if len(ring) >= 3) for key, parts in rings.items()}
    return Projected(rings={key: parts for key, parts in drawn.items() if parts}, width=width, height=span_y * scale)


def _rings(geometry: Mapping[str, Any]) -> Iterable[Ring]:
    kind = geometry.get("type")
    parts = {"Polygon": [geometry.get("coordinates")], "MultiPolygon": geometry.get("coordinates")}.get(str(kind))
    for part in parts or []:
        for ring in part or []:
            yield tuple((float(point[0]), float(point[1])) for point in ring)


def _without_repeats(points: Iterable[Point]) -> Ring:
    kept: list[Point] = []
    for point in points:
        if not kept or point != kept[-1]:
            kept.append(point)
    if len(kept) > 1 and kept[0] == kept[-1]:
        kept.pop()
    return tuple(kept)


def path_data(rings: Iterable[Ring]) -> str:
    """Write rings as the `d` of an SVG path, in steps from point to point.

    Args:
        rings: Rings in user units, on a grid of 0.5.

    Returns:
        Path data; draw it with the even-odd fill rule.
    """
    written = []
    for ring in rings:
        x, y = ring[0]
        steps = [f"M{x:g} {y:g}l"]
        for next_x, next_y in ring[1:]:
            steps.append(f"{next_x - x:g} {next_y - y:g}")
            x, y = next_x, next_y
        written.append(f"{steps[0]}{' '.join(steps[1:])}z")
    return "".join(written)
