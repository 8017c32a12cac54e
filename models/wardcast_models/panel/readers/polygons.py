"""Polygons of wards and of small areas (LSOA)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import shapely
from shapely.geometry import mapping, shape

from wardcast_models.panel.findings import Finding, FindingKind
from wardcast_models.panel.panel import APPROXIMATE
from wardcast_models.panel.polygon_parts import Polygons, SmallAreaPolygons
from wardcast_models.panel.readers.reader import Reader
from wardcast_models.panel.sources.source import SourceFile
from wardcast_models.panel.text.cells import parse_gss_code
from wardcast_models.panel.text.csv_rows import FileProblems

SIMPLIFY_DEGREES = 0.0001
"""Polygons are simplified by about 10 metres, invisible on a report's map and a tenth of the size."""

_DECIMALS_DEGREES = 1e-6
_WARD_PROPERTY = re.compile(r"ward_code|gss_code|wd\d{2}cd", re.IGNORECASE)
_SMALL_AREA_PROPERTY = re.compile(r"lsoa_code|lsoa\d{2}cd", re.IGNORECASE)
_POLYGONAL = frozenset({"Polygon", "MultiPolygon"})
_BOX = (-9.0, 49.0, 3.0, 61.0)
"""West, south, east and north of the United Kingdom in degrees."""


def recognises_polygons(source: SourceFile) -> bool:
    """Tell whether a file is a GeoJSON collection of wards; a cut one still is recognised, and then refused."""
    return _recognises(source, _WARD_PROPERTY)


def recognises_small_areas(source: SourceFile) -> bool:
    """Tell whether a file is a GeoJSON collection of small areas; a cut one still is recognised, and then refused."""
    return _recognises(source, _SMALL_AREA_PROPERTY)


def _recognises(source: SourceFile, code_property: re.Pattern[str]) -> bool:
    if not source.looks_like_json:
        return False
    if source.json is None:
        head = source.text[:2000]
        return "FeatureCollection" in head and code_property.search(head) is not None
    features = source.json.get("features") if isinstance(source.json, dict) else None
    if not isinstance(features, list) or not features or not isinstance(features[0], dict):
        return False
    return _property(features[0], code_property) is not None


@dataclass(frozen=True, kw_only=True)
class _Shapes:
    """Polygons as read: simplified geometry and vertices before simplifying, by code; codes that are approximate."""

    geometries: dict[str, dict[str, Any]]
    vertices: dict[str, int]
    approximate: frozenset[str]


def read_polygons(source: SourceFile) -> Polygons:
    """Read ward polygons and simplify them for the size of a report.

    Args:
        source: A GeoJSON feature collection in WGS84 with a ward code on each feature.

    Returns:
        One geometry a ward.

    Raises:
        WardcastError: The JSON is cut, a feature has no valid ward code or geometry, or the coordinates are not
            longitude and latitude in the United Kingdom.
    """
    shapes = _shapes(source, _WARD_PROPERTY, "ward")
    for code in shapes.approximate:
        shapes.geometries[code][APPROXIMATE] = True
    findings = _told(source.name, shapes, "wards", "where a ward lies, not its legal boundary")
    return Polygons(file=source.name, geometries=shapes.geometries, vertices=shapes.vertices, findings=findings)


def read_small_areas(source: SourceFile) -> SmallAreaPolygons:
    """Read polygons of small areas (LSOA) and simplify them for the size of a report.

    Args:
        source: A GeoJSON feature collection in WGS84 with an LSOA code on each feature.

    Returns:
        One geometry a small area.

    Raises:
        WardcastError: As `read_polygons`.
    """
    shapes = _shapes(source, _SMALL_AREA_PROPERTY, "small area")
    findings = _told(source.name, shapes, "small areas (LSOA)", "where a small area lies")
    return SmallAreaPolygons(file=source.name, geometries=shapes.geometries, findings=findings)


def _shapes(source: SourceFile, code_property: re.Pattern[str], noun: str) -> _Shapes:
    problems = FileProblems(file=source.name)
    if source.json is None:
        problems.add(expected="whole GeoJSON", found="JSON that does not end properly", mend="Fetch the file again.")
        raise problems.error()
    geometries: dict[str, dict[str, Any]] = {}
    vertices: dict[str, int] = {}
    approximate: set[str] = set()
    for number, feature in enumerate(source.json["features"], start=1):
        name = _property(feature, code_property)
        read_feature = _feature(feature, name, f"feature {number}", noun, problems)
        if read_feature is None:
            continue
        code, geometry = read_feature
        if code in geometries:
            problems.add(
                expected=f"each {noun} once", found=f"{code} again", mend="Remove the repeated feature.", row=number
            )
        vertices[code] = int(shapely.get_num_coordinates(geometry))
        geometries[code] = _plain(mapping(_simplified(geometry)))
        if _is_approximate(feature):
            approximate.add(code)
    problems.raise_if_any()
    return _Shapes(geometries=geometries, vertices=vertices, approximate=frozenset(approximate))


def _told(file: str, shapes: _Shapes, places: str, roughly: str) -> tuple[Finding, ...]:
    number = len(shapes.geometries)
    message = f"Polygons of {number} {places}, simplified by about 10 metres for the map."
    findings = [Finding(kind=FindingKind.READ, file=file, message=message, rows=number)]
    if rough := len(shapes.approximate):
        message = (
            f"The boundaries of {rough} of {number} {places} are approximate, by the file's own words (method): the "
            f"map shows roughly {roughly}."
        )
        findings.append(Finding(kind=FindingKind.CAVEAT, file=file, message=message, rows=rough))
    return tuple(findings)


def _is_approximate(feature: Any) -> bool:
    """Tell whether a feature says of itself how it was made, and that this is approximate."""
    return "approximate" in str(feature["properties"].get("method", "")).casefold()


def _property(feature: Any, code_property: re.Pattern[str]) -> str | None:
    """Return the name of the property that holds a feature's code."""
    properties = feature.get("properties") if isinstance(feature, dict) else None
    if not isinstance(properties, dict):
        return None
    return next((name for name in properties if code_property.fullmatch(name)), None)


def _feature(
    feature: Any, name: str | None, where: str, noun: str, problems: FileProblems
) -> tuple[str, shapely.geometry.base.BaseGeometry] | None:
    code = str(feature["properties"][name]) if name is not None else ""
    try:
        code = parse_gss_code(code)
        geometry = shape(feature["geometry"])
    except (ValueError, KeyError, TypeError, AttributeError, shapely.errors.ShapelyError):
        problems.add(
            expected=f"a feature with a {noun} code and a polygon",
            found=f"{where} with {'code ' + repr(code) if code else 'no code'}",
            mend="Correct the feature.",
        )
        return None
    if geometry.geom_type not in _POLYGONAL or geometry.is_empty:
        problems.add(
            expected=f"a polygon for {code}",
            found=f"an empty or {geometry.geom_type} geometry",
            mend="Correct the feature.",
        )
        return None
    west, south, east, north = geometry.bounds
    # Asked this way round, coordinates that are no numbers fail too.
    if not (west >= _BOX[0] and south >= _BOX[1] and east <= _BOX[2] and north <= _BOX[3]):
        problems.add(
            expected="longitude and latitude (WGS84) in the United Kingdom",
            found=f"{code} at {west:g}, {south:g}",
            mend="Convert the coordinates to WGS84 (EPSG:4326).",
        )
        return None
    return code, _repaired(geometry)


def _repaired(geometry: shapely.geometry.base.BaseGeometry) -> shapely.geometry.base.BaseGeometry:
    """Return a valid polygon; of what a repair gives, lines and points are dropped."""
    if geometry.is_valid:
        return geometry
    pieces = shapely.get_parts(shapely.make_valid(geometry))
    return shapely.union_all([piece for piece in pieces if piece.geom_type in _POLYGONAL])


def _simplified(geometry: shapely.geometry.base.BaseGeometry) -> shapely.geometry.base.BaseGeometry:
    """Return a smaller polygon, or the given one where it would vanish."""
    simple = shapely.set_precision(geometry.simplify(SIMPLIFY_DEGREES, preserve_topology=True), _DECIMALS_DEGREES)
    return simple if simple.geom_type in _POLYGONAL and not simple.is_empty else geometry


def _plain(geometry: dict[str, Any]) -> dict[str, Any]:
    """Return a geometry with lists for tuples, as JSON would give it back."""

    def listed(value: Any) -> Any:
        return [listed(item) for item in value] if isinstance(value, (list, tuple)) else round(float(value), 6)

    return {"type": geometry["type"], "coordinates": listed(geometry["coordinates"])}


READER = Reader(what="ward polygons", recognises=recognises_polygons, read=read_polygons)
SMALL_AREAS = Reader(what="polygons of small areas", recognises=recognises_small_areas, read=read_small_areas)
