"""ONS Open Geography Portal: ArcGIS feature services, asked page by page for an area's rows."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import httpx

from wardcast.fetch.addresses import Address
from wardcast.fetch.area_codes import area_codes
from wardcast.fetch.failure import LATER, FetchError
from wardcast.fetch.visit import FileResult, Visit

_PAGE_ROWS = 2000
"""Rows asked for at a time; a service that gives fewer says that there are more."""

_CODES_A_REQUEST = 100
"""Keeps addresses below the 2,000 characters that every proxy lets through."""


def fetch_features(address: Address, visit: Visit) -> Iterator[FileResult]:
    """Fetch an area's rows of a feature service, as GeoJSON or CSV by the ending of the row's file.

    An edition never changes under its name, so what is here already is not asked for again.

    Args:
        address: The row; `select` is `area:FIELD` or `lsoa:FIELD`.
        visit: The run.

    Yields:
        What became of the file.

    Raises:
        FetchError: The service does not answer with such rows.
    """
    if entry := visit.held(address.file):
        yield visit.unchanged(entry)
        return
    visit.tell(f"{address.id}: {address.title}")
    names = address.fields.split(",")
    features = [
        feature for condition in _conditions(address, visit) for feature in _pages(address, condition, names, visit)
    ]
    if not features:
        raise FetchError(
            expected=f"rows of {visit.area.name} ({visit.area.code})",
            found="none",
            mend="The area's code may be older or newer than this edition; check it with ONS.",
        )
    _refuse_repeats([_attributes(feature)[names[0]] for feature in features], names[0])

    def write(path: Path) -> None:
        if path.suffix == ".geojson":
            _write_geojson(path, features, names)
        else:
            _write_csv(path, features, names)

    yield visit.make(address, file=address.file, came_from=address.address, write=write)


def _conditions(address: Address, visit: Visit) -> Iterator[str]:
    """Return the conditions that together pick the area's rows."""
    by, _, field = address.select.partition(":")
    if by == "area":
        yield visit.area.where(field)
        return
    codes = sorted(area_codes(visit).lsoas)
    for first in range(0, len(codes), _CODES_A_REQUEST):
        listed = ",".join(f"'{code}'" for code in codes[first : first + _CODES_A_REQUEST])
        yield f"{field} IN ({listed})"


def _pages(address: Address, condition: str, names: Sequence[str], visit: Visit) -> Iterator[dict[str, Any]]:
    """Give the features that fit a condition, over all pages."""
    geojson = address.file.endswith(".geojson")
    offset = 0
    while True:
        query = {
            "where": condition,
            "outFields": ",".join(names),
            "orderByFields": names[0],
            "returnGeometry": "true" if geojson else "false",
            "outSR": "4326",
            "f": "geojson" if geojson else "json",
            "resultOffset": str(offset),
            "resultRecordCount": str(_PAGE_ROWS),
        }
        url = str(httpx.URL(address.address).copy_merge_params(query))
        page = visit.connection.read_json(url, max_bytes=address.max_bytes)
        features = page.get("features") if isinstance(page, dict) else None
        if not isinstance(features, list):
            raise FetchError(expected="features", found=_refusal(page))
        for feature in features:
            if not set(names) <= set(_attributes(feature)):
                raise FetchError(
                    expected=f"features with {', '.join(names)}",
                    found=", ".join(map(str, _attributes(feature))) or "a feature without properties",
                    mend="The service may have new column names: correct fields with --addresses FILE.",
                )
            yield feature
        more = page.get("exceededTransferLimit") or (page.get("properties") or {}).get("exceededTransferLimit")
        if not more:
            return
        if not features:
            raise FetchError(expected="a further page of rows", found="an empty one", mend=LATER)
        offset += len(features)


def _attributes(feature: Any) -> dict[str, Any]:
    """Return a feature's columns, which GeoJSON calls properties and ArcGIS attributes."""
    found = (feature.get("properties") or feature.get("attributes")) if isinstance(feature, dict) else None
    return found if isinstance(found, dict) else {}


def _refusal(page: Any) -> str:
    """Say what an answer without features says: these services answer errors with status 200."""
    error = page.get("error") if isinstance(page, dict) else None
    if isinstance(error, dict):
        return f"the service's refusal {error.get('code', '')} ({str(error.get('message', ''))[:200]})"
    return "other JSON"


def _refuse_repeats(codes: Sequence[Any], name: str) -> None:
    repeated = sorted({str(code) for code in codes if codes.count(code) > 1}) if len(set(codes)) < len(codes) else []
    if repeated:
        shown = ", ".join(repeated[:5])
        raise FetchError(expected=f"each {name} once", found=f"{len(repeated)} of them again ({shown})", mend=LATER)


def _write_geojson(path: Path, features: Sequence[dict[str, Any]], names: Sequence[str]) -> None:
    kept = [
        {
            "type": "Feature",
            "properties": {name: _attributes(feature)[name] for name in names},
            "geometry": feature.get("geometry"),
        }
        for feature in features
    ]
    document = {"type": "FeatureCollection", "features": kept}
    path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")


def _write_csv(path: Path, features: Sequence[dict[str, Any]], names: Sequence[str]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(names)
        writer.writerows([_attributes(feature)[name] for name in names] for feature in features)
