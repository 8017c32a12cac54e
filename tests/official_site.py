"""The publishers' servers in small: the sample's files, in the places and answers where the official ones are found."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from typing import Any

from tests.official_server import Document, OfficialServer, official_server
from wardcast.fetch.remote_file import TAIL_BYTES

LBBD = "E09000002"
EXY3M, E1ZP8, EM8XY, PAS = (f"/api/v3/dataset/{name}" for name in ("exy3m", "e1zp8", "em8xy", "236kk"))
CATALOGUE = "/api/v3/datasets/export.json"
HISTORICAL = "/download/exy3m/a1/MPS Ward Level Crime (Historical).csv"
BOROUGH = "/download/exy3m/b7/MPS Borough Level Crime.csv"
RECENT = "/download/exy3m/b2/MPS Ward Level Crime (most recent 24 months).csv"
LOOKUP, WARDS, LSOAS = (f"/arcgis/{name}/FeatureServer/0/query" for name in ("lookup", "wards", "lsoas"))
NOMIS, AGES = "/nomis/NM_2021_1.data.csv", "/nomis/census2021-ts007a.zip"
DATES = "/api/crimes-street-dates"
ARCHIVE = "/data/archive/2025-03.zip"

SERVED = (
    *("ons-lsoa21-ward22", "ons-wards-2022", "nomis-census-ward", "mps-ward-historical", "mps-ward-recent"),
    "mps-borough",
    *("gla-ward-projection", "lfb-incidents", "mopac-pas", "policeuk-street"),
)
"""Rows of the address table that the site serves and the panel is made of."""

STREET_HEADER = (
    "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,"
    "Crime type,Last outcome category,Context\n"
)
ELSEWHERE = (
    "id,{month},Metropolitan Police Service,Metropolitan Police Service,-0.4543,51.4700,On or near Airport,"
    "E01002444,Hillingdon 031A,Vehicle crime,Under investigation,\n"
)
NOWHERE = "id,{month},Metropolitan Police Service,Metropolitan Police Service,,,No location,,,Drugs,Unknown,\n"

_PAGE_ROWS = 30


@dataclass(frozen=True)
class Site:
    """The servers, and the address table that leads to them."""

    server: OfficialServer
    table: Path


@contextmanager
def official_site(sample: Path, folder: Path) -> Iterator[Site]:
    """Serve the sample's files as the publishers would."""
    with official_server() as server:
        _datastore(server, sample)
        _geography(server, sample)
        _census(server, sample)
        server.documents[DATES] = _json([{"date": "2025-03"}, {"date": "2025-02"}])
        server.documents[ARCHIVE] = Document(street_archive(sample), "application/zip")
        yield Site(server=server, table=_table(server, folder))


def street_archive(sample: Path, *, without: str = "") -> bytes:
    """The nationwide archive: other forces, other places, rows without one, and members that would climb out.

    Its last member is larger than what is read with the directory, so every other one has to be asked for.
    """
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("../../climbing-street.csv", STREET_HEADER)
        archive.writestr("2025-03/../../2025-03-metropolitan-street.csv", STREET_HEADER)
        for path in sorted(sample.glob("policeuk/*/*.csv")):
            month = path.parent.name
            text = path.read_text(encoding="utf-8") + (ELSEWHERE + NOWHERE).format(month=month)
            if month != without:
                archive.writestr(f"{month}/{month}-metropolitan-street.csv", text)
            archive.writestr(f"{month}/{month}-metropolitan-outcomes.csv", "Crime ID,Month\n")
            archive.writestr(f"{month}/{month}-kent-street.csv", STREET_HEADER)
        large = zipfile.ZipInfo("2025-03/2025-03-west-midlands-outcomes.csv")
        archive.writestr(large, bytes(TAIL_BYTES + 500_000), compress_type=zipfile.ZIP_STORED)
    return packed.getvalue()


def one(sample: Path, pattern: str) -> bytes:
    """The one sample file that fits."""
    (path,) = sample.rglob(pattern)
    return path.read_bytes()


def listing(server: OfficialServer, *files: tuple[str, bytes], put_there: str = "") -> Document:
    """A data set's listing whose files are served too; it may tell when they were put there."""
    resources = {}
    for number, (path, content) in enumerate(files):
        server.documents[path] = Document(content)
        resources[f"r{number}"] = {
            "title": path.rpartition("/")[2],
            "url": f"{server.base}{path}".replace(" ", "%20"),
            "format": "csv",
            "hash": server.documents[path].md5,
            "timeframe": {"from": "2010-04", "to": "2025-03"},
            **({"timestamp": put_there} if put_there else {}),
        }
    return _json({"id": "x", "title": "A data set", "resources": resources})


def _datastore(server: OfficialServer, sample: Path) -> None:
    server.documents[EXY3M] = listing(
        server,
        (HISTORICAL, one(sample, "MPS Ward*Historical*")),
        (RECENT, one(sample, "MPS Ward*24 months*")),
        (BOROUGH, one(sample, "MPS Borough*")),
    )
    projection = one(sample, "population_gla*")
    server.documents[E1ZP8] = listing(server, ("/download/e1zp8/c3/housing-density-ward.csv", projection))
    fires = one(sample, "lfb_incidents*")
    server.documents[EM8XY] = listing(server, ("/download/em8xy/58m/LFB Incident data from 2024 onwards.csv", fires))
    survey = one(sample, "public_attitude_survey*")
    server.documents[PAS] = listing(server, ("/download/236kk/d4/PAS_T&Cdashboard_to Q4 24-25.csv", survey))


def _geography(server: OfficialServer, sample: Path) -> None:
    lookup = list(csv.DictReader(io.StringIO(one(sample, "lsoa21_to_ward22*").decode())))
    area = {"LAD22CD": LBBD, "LAD22NM": "Barking and Dagenham"}
    rows = [
        {"LSOA21CD": row["lsoa21cd"], "LSOA21NM": f"Synthetic {number}", "WD22CD": row["ward22cd"]}
        | {"WD22NM": row["ward22nm"]}
        | area
        for number, row in enumerate(lookup)
    ]
    polygons = json.loads(one(sample, "wards_*.geojson"))["features"]
    wards = [
        {
            "type": "Feature",
            "properties": {"WD22CD": item["properties"]["ward_code"], "WD22NM": item["properties"]["ward_name"]}
            | area
            | {"FID": number},
            "geometry": item["geometry"],
        }
        for number, item in enumerate(polygons)
    ]
    other = {**rows[0], "LSOA21CD": "E01000001", "LAD22CD": "E09000001"}
    server.answers[LOOKUP] = lambda query: _features([{"attributes": row} for row in [*rows, other]], query)
    server.answers[WARDS] = lambda query: _features(wards, query)
    small = [
        {
            "type": "Feature",
            "properties": {"LSOA21CD": row["LSOA21CD"], "LSOA21NM": row["LSOA21NM"]},
            "geometry": square,
        }
        for row, square in zip([*rows, other], cycle([item["geometry"] for item in polygons]), strict=False)
    ]
    server.answers[LSOAS] = lambda query: _features(small, query)


def _features(features: list[dict[str, Any]], query: Mapping[str, str]) -> Document:
    """Answer as an ArcGIS feature service: the rows that fit, a page at a time."""
    field, codes = query["where"].partition("=")[0].split()[0], re.findall(r"'(\w+)'", query["where"])
    fitting = [item for item in features if (item.get("attributes") or item["properties"])[field] in codes]
    first = int(query["resultOffset"])
    page = fitting[first : first + _PAGE_ROWS]
    more = first + len(page) < len(fitting)
    body: dict[str, Any]
    if query["f"] == "geojson":
        body = {
            "type": "FeatureCollection",
            "properties": {"exceededTransferLimit": more},
            "features": page,
        }
    else:
        body = {"features": page, "exceededTransferLimit": more}
    return _json(body)


def _census(server: OfficialServer, sample: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(one(sample, "population_census2021_ward22*").decode())))
    text = "GEOGRAPHY_CODE,GEOGRAPHY_NAME,C2021_RESTYPE_3,C2021_RESTYPE_3_NAME,OBS_VALUE\n"
    for row in rows:
        text += f'"{row["ward_code"]}","{row["ward_name"]}",{row["restype_code"]},"{row["restype"]}",{row["count"]}\n'
    text += '"W05000981","Aethwy",1,"Lives in a household",6000\n'
    server.documents[NOMIS] = Document(text.encode())
    packed = io.BytesIO()
    lookup = csv.DictReader(io.StringIO(one(sample, "lsoa21_to_ward22*").decode()))
    ages = "date,geography,geography code,Age: Total,Age: Aged 4 years and under\n2021,Elsewhere,E01000001,1500,100\n"
    ages += "".join(f"2021,Somewhere,{row['lsoa21cd']},1800,140\n" for row in lookup)
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("census2021-ts007a-lsoa.csv", ages)
        archive.writestr("census2021-ts007a-oa.csv", "date\n")
    server.documents[AGES] = Document(packed.getvalue(), "application/zip")


def _table(server: OfficialServer, folder: Path) -> Path:
    """An address file that leads every served row here."""
    places = {
        "ons-lsoa21-ward22": LOOKUP,
        "ons-wards-2022": WARDS,
        "nomis-census-ward": NOMIS,
        "nomis-census-lsoa-age": AGES,
        "mps-ward-historical": EXY3M,
        "mps-ward-recent": EXY3M,
        "mps-borough": EXY3M,
        "ons-lsoa-2021": LSOAS,
        "gla-ward-projection": E1ZP8,
        "lfb-incidents": EM8XY,
        "mopac-pas": PAS,
        "datastore-catalogue": CATALOGUE,
        "policeuk-dates": DATES,
        "policeuk-street": "/data/archive/{month}.zip",
    }
    path = folder / "addresses.csv"
    rows = "".join(f"{identifier},{server.base}{place}\n" for identifier, place in places.items())
    path.write_text(f"id,address\n{rows}", encoding="utf-8")
    return path


def _json(value: Any) -> Document:
    return Document(json.dumps(value).encode(), "application/json")
