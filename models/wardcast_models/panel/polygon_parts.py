"""What the readers of boundaries make of one file: polygons of wards and of small areas."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from wardcast_models.panel.parts import Part


@dataclass(frozen=True, kw_only=True)
class Polygons(Part):
    """Ward polygons.

    Attributes:
        geometries: GeoJSON geometry by ward code, simplified; with the member `panel.APPROXIMATE` where it is so.
        vertices: Vertices before simplifying, by ward code: the more detailed file wins.
    """

    geometries: dict[str, dict[str, Any]]
    vertices: dict[str, int]


@dataclass(frozen=True, kw_only=True)
class SmallAreaPolygons(Part):
    """Polygons of small areas: GeoJSON geometry by LSOA code, simplified."""

    geometries: dict[str, dict[str, Any]]
