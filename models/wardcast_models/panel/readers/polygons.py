"""Ward polygons."""

from __future__ import annotations

import re
from typing import Any

import shapely
from shapely.geometry import mapping, shape

from wardcast_models.panel.cells import parse_gss_code
from wardcast_models.panel.csv_rows import FileProblems
from wardcast_models.panel.findings import Finding, FindingKind
from wardcast_models.panel.parts import APPROXIMATE, Polygons
from wardcast_models.panel.readers.reader import Reader
from wardcast_models.panel.source import SourceFile

SIMPLIFY_DEGREES = 0.0001
"""Polygons are simplified by about 10 metres, invisible on a report's map and a tenth of the size."""

_DECIMALS_DEGREES = 1e-6
_WARD_PROPERTY = re.compile(r"ward_code|gss_code|wd\d{2}cd", re.IGNORECASE)
_POLYGONAL = frozenset({"Polygon", "MultiPolygon"})
_LONDON_BOX = (-2.0, 50.0, 2.0, 53.0)


def recognises_polygons(source: SourceFile) -> bool:
    """Tell whether a file is a GeoJSON collection of wards; a cut one still is recognised, and then refused."""
    if not source.looks_like_json:
        return False
    if source.json is None:
        head = source.text[:2000]
        return "FeatureCollection" in head and _WARD_PROPERTY.search(head) is not None
    features = source.json.get("features") if isinstance(source.json, dict) else None
    if not isinstance(features, list) or not features or not isinstance(features[0], dict):
        return False
    return _ward_property(features[0]) is not None


def read_polygons(source: SourceFile) -> Polygons:
    """Read ward polygons and simplify them for the size of a report.

    Args:
        source: A GeoJSON feature collection in WGS84 with a ward code on each feature.

    Returns:
        One geometry a ward.

    Raises:
        WardcastError: The JSON is cut, a feature has no valid ward code or geometry, or the coordinates are not
            longitude and latitude near London.
    """
    problems = FileProblems(file=source.name)
    if source.json is None:
        problems.add(expected="whole GeoJSON", found="JSON that does not end properly", mend="Fetch the file again.")
        raise problems.error()
    geometries: dict[str, dict[str, Any]] = {}
    vertices: dict[str, int] = {}
    approximate = 0
    for number, feature in enumerate(source.json["features"], start=1):
        read_feature = _feature(feature, number, problems)
        if read_feature is None:
            continue
        code, geometry = read_feature
        if code in geometries:
            problems.add(
                expected="each ward once", found=f"{code} again", mend="Remove the repeated feature.", row=number
            )
        vertices[code] = int(shapely.get_num_coordinates(geometry))
        geometries[code] = _plain(mapping(_simplified(geometry)))
        if _is_approximate(feature):
            approximate += 1
            geometries[code][APPROXIMATE] = True
    problems.raise_if_any()
    message = f"Polygons of {len(geometries)} wards, simplified by about 10 metres for the map."
    findings = [Finding(kind=FindingKind.READ, file=source.name, message=message, rows=len(geometries))]
    if approximate:
        message = (
            f"The boundaries of {approximate} of {len(geometries)} wards are approximate, by the file's own words "
            "(method): the map shows roughly where a ward lies, not its legal boundary."
        )
        findings.append(Finding(kind=FindingKind.CAVEAT, file=source.name, message=message, rows=approximate))
    return Polygons(file=source.name, geometries=geometries, vertices=vertices, findings=tuple(findings))


def _is_approximate(feature: Any) -> bool:
    """Tell whether a feature says of itself how it was made, and that this is approximate."""
    return "approximate" in str(feature["properties"].get("method", "")).casefold()


def _ward_property(feature: Any) -> str | None:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    if not isinstance(properties, dict):
        return None
    return next((name for name in properties if _WARD_PROPERTY.fullmatch(name)), None)


def _feature(
    feature: Any, number: int, problems: FileProblems
) -> tuple[str, shapely.geometry.base.BaseGeometry] | None:
    name = _ward_property(feature)
    code = str(feature["properties"][name]) if name is not None else ""
    try:
        code = parse_gss_code(code)
        geometry = shape(feature["geometry"])
    except (ValueError, KeyError, TypeError, AttributeError, shapely.errors.ShapelyError):
        problems.add(
            expected="a feature with a ward code and a polygon",
            found=f"feature {number} with {'code ' + repr(code) if code else 'no code'}",
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
    if not (west >= _LONDON_BOX[0] and south >= _LONDON_BOX[1] and east <= _LONDON_BOX[2] and north <= _LONDON_BOX[3]):
        problems.add(
            expected="longitude and latitude (WGS84) near London",
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
