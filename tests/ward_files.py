"""Small official-looking files for tests: MPS ward releases and the tables that go with them."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from wardcast_models.panel.findings import FindingKind
from wardcast_models.panel.ingest import read_folder
from wardcast_models.panel.panel import Panel

LBBD = "E09000002"
ABBEY, ALIBON, BEAM = "E05014053", "E05014054", "E05014056"
ABBEY_2018, ALIBON_2018 = "E05000026", "E05000027"
NAMES = {
    ABBEY: "Abbey",
    ALIBON: "Alibon",
    BEAM: "Beam",
    ABBEY_2018: "Abbey",
    ALIBON_2018: "Alibon",
    "E05013570": "Heathrow Villages",
}
BURGLARY = ("BURGLARY", "DOMESTIC BURGLARY")
ROBBERY = ("ROBBERY", "ROBBERY OF PERSONAL PROPERTY")

OLD_COLUMNS = ("MajorText", "MinorText", "WardName", "WardCode", "LookUp_BoroughName")
NEW_COLUMNS = ("Group", "SubGroup", "WardName", "WardCode", "LookUp_BoroughName")

Rows = list[list[str]]


def months(first: str, number: int) -> list[str]:
    """Month columns as MPS writes them."""
    return [f"{month:%Y%m}" for month in pd.date_range(f"{first}-01", periods=number, freq="MS")]


def ward_row(
    code: str,
    counts: Sequence[object],
    *,
    label: tuple[str, str] = BURGLARY,
    name: str | None = None,
    borough: str = "Barking and Dagenham",
) -> list[str]:
    """One row of a release."""
    return [*label, NAMES.get(code, code) if name is None else name, code, borough, *map(str, counts)]


def release(
    wards: Sequence[str] = (ABBEY, ALIBON),
    *,
    first: str = "2024-01",
    number: int = 3,
    count: int | Callable[[int], int] | None = None,
    labels: Sequence[tuple[str, str]] = (BURGLARY, ROBBERY),
    columns: Sequence[str] = OLD_COLUMNS,
) -> Rows:
    """A whole release as rows of text.

    `count` is every cell's count, or gives it from the month's position; by default 10, 11, 12 ... in the first
    ward, 20, 21, 22 ... in the second, and so on.
    """

    def cell(ward: int, month: int) -> int:
        if count is None:
            return 10 * (ward + 1) + month
        return count if isinstance(count, int) else count(month)

    header = [*columns, *months(first, number)]
    return [
        header,
        *(
            ward_row(code, [cell(ward, month) for month in range(number)], label=label)
            for ward, code in enumerate(wards)
            for label in labels
        ),
    ]


def as_csv(rows: Sequence[Sequence[object]]) -> str:
    """Rows as CSV text."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def write(path: Path, rows: Sequence[Sequence[object]]) -> Path:
    """Write rows as CSV and return the path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(as_csv(rows), encoding="utf-8")
    return path


def census(residents: dict[str, int]) -> Rows:
    """A Census ward table, each ward's residents split over two residence types."""
    rows = [["ward_code", "ward_name", "restype_code", "restype", "count"]]
    for code, persons in residents.items():
        rows.append([code, NAMES.get(code, code), "1", "Lives in a household", str(persons - 1)])
        rows.append([code, NAMES.get(code, code), "2", "Lives in a communal establishment", "1"])
    return rows


def street(month: str, asb: dict[str, int], *, other: int = 1) -> Rows:
    """A street file: ASB rows by LSOA, and `other` burglaries in each of them."""
    header = ["Crime ID", "Month", "Reported by", "Falls within", "Longitude", "Latitude", "Location"]
    header += ["LSOA code", "LSOA name", "Crime type", "Last outcome category", "Context"]
    force = "Metropolitan Police Service"

    def row(lsoa: str, kind: str) -> list[str]:
        return ["", month, force, force, "0.1", "51.5", "On or near A Street", lsoa, "Name", kind, "", ""]

    rows = [header]
    for lsoa, incidents in asb.items():
        rows += [row(lsoa, "Anti-social behaviour")] * incidents + [row(lsoa, "Burglary")] * other
    return rows


def read(folder: Path) -> Panel:
    """The panel of Barking and Dagenham from a folder of files."""
    return read_folder(folder, area=LBBD)


def counts_of(panel: Panel, code: str, category: str) -> list[float]:
    """Counts of one ward and category by month."""
    return list(panel.counts[panel.ward_codes.index(code), panel.categories.index(category)])


def observed(panel: Panel, code: str, category: str) -> list[bool]:
    """Which months of one ward and category were observed."""
    return [not np.isnan(count) for count in counts_of(panel, code, category)]


def said(panel: Panel, kind: FindingKind) -> str:
    """All findings of one kind, a line each, led by the file's name."""
    return "\n".join(f"{finding.file}: {finding.message}" for finding in panel.findings if finding.kind is kind)
