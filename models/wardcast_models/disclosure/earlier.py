"""What earlier publications of the same counts have already told."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from wardcast_models.disclosure.cells import Cells, Earlier
from wardcast_models.errors import Problem, WardcastError, invalid_input
from wardcast_models.profile.assessment import Assessment

DOCUMENT, PROOF = "assessment-public.json", "suppression-proof.csv"
"""Files of an edition that are read."""

_OPTION = "--published"
_STATUS = {"count": "shown", "previous_count": "previous_shown"}
_Key = tuple[str, str, str]


@dataclass(frozen=True, kw_only=True)
class Edition:
    """One earlier publication.

    Attributes:
        folder: Its folder's name.
        area: GSS code of its area.
        vintage: Ward vintage.
        counts: What it shows, by measure, ward ("" for the area) and year such as `2022/23`.
        ranges: What can be worked out from it of each count that it hides, least and largest.
    """

    folder: str
    area: str
    vintage: str
    counts: dict[_Key, float]
    ranges: dict[_Key, tuple[float, float]]


def read_edition(folder: Path) -> Edition:
    """Read an earlier publication from the folder that it was written to.

    Args:
        folder: Holds `assessment-public.json` and `suppression-proof.csv`, as written.

    Returns:
        What it tells.

    Raises:
        WardcastError: A file is absent or no such file, or the edition rounds counts.
    """
    try:
        document = json.loads((folder / DOCUMENT).read_text(encoding="utf-8"))
        with (folder / PROOF).open(encoding="utf-8", newline="") as file:
            proof = list(csv.DictReader(file))
        return _edition(folder.name, document, proof)
    except OSError as error:
        raise _refused(folder, f"no readable {Path(error.filename or DOCUMENT).name}") from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise _refused(folder, "files that hold something else") from None


def known_before(editions: Iterable[Edition], assessment: Assessment, cells: Cells) -> Earlier:
    """Put together what earlier publications tell of the counts to be published.

    A count that was shown and is the same today cannot be hidden any more. One that was hidden stays so, within the
    range that was given for it; a range that does not hold today's count is of a count revised since and tells nothing.

    Args:
        editions: The earlier publications.
        assessment: What is to be published.
        cells: Its counts.

    Returns:
        What is known of each cell.

    Raises:
        WardcastError: An edition is of another area or of other wards.
    """
    names, counts = cells.names, cells.counts
    low, high = np.zeros(len(counts)), np.full(len(counts), np.inf)
    hidden = np.zeros(len(counts), dtype=np.bool_)
    years = names["slot"].map({"count": assessment.year, "previous_count": _year_before(assessment.year)})
    keys = list(zip(names["measure"], names["ward_code"], years, strict=True))
    for edition in editions:
        _same_places(edition, assessment)
        for cell in np.flatnonzero(~cells.unpublished):
            key, count = keys[cell], float(counts[cell])
            if edition.counts.get(key) == count:
                low[cell] = high[cell] = count
            elif key in edition.ranges:
                hidden[cell] = True
                least, most = edition.ranges[key]
                if least <= count <= most:
                    low[cell], high[cell] = max(low[cell], least), min(high[cell], most)
    return Earlier(low=low, high=high, hidden=hidden)


def _edition(folder: str, document: Mapping[str, Any], proof: list[dict[str, str]]) -> Edition:
    years = {"count": str(document["year"]), "previous_count": _year_before(str(document["year"]))}
    counts: dict[_Key, float] = {}
    hidden: set[_Key] = set()
    for row in (*document["tables"]["wards"], *document["tables"]["area"]):
        for slot, status in _STATUS.items():
            key = (row["measure"], row.get("ward_code", ""), years[slot])
            if row[status] == "rounded":
                raise _refused(Path(folder), "an edition with rounded counts")
            if row[status]:
                hidden.add(key)
            elif row[slot] is not None:
                counts[key] = float(row[slot])
    ranges = {
        (row["measure"], row["ward_code"], years[row["slot"]]): (float(row["low"]), float(row["high"])) for row in proof
    }
    if set(ranges) != hidden:
        raise _refused(Path(folder), f"a {PROOF} of another edition than {DOCUMENT}")
    return Edition(folder=folder, area=document["area"], vintage=document["vintage"], counts=counts, ranges=ranges)


def _same_places(edition: Edition, assessment: Assessment) -> None:
    here = (assessment.area_code, assessment.vintage)
    if (edition.area, edition.vintage) != here:
        raise invalid_input(
            "Only earlier publications of the same area and the same wards can be taken into account.",
            Problem(
                where=f"{_OPTION} {edition.folder}",
                expected=f"{here[0]} on {here[1]} wards",
                found=f"{edition.area} on {edition.vintage} wards",
                mend="Leave it out, and judge by hand what the two tell together.",
            ),
        )


def _year_before(year: str) -> str:
    first = int(year[:4]) - 1
    return f"{first}/{(first + 1) % 100:02d}"


def _refused(folder: Path, found: str) -> WardcastError:
    return invalid_input(
        "An earlier publication cannot be taken into account.",
        Problem(
            where=f"{_OPTION} {folder.name}",
            expected=f"the folder of an edition that hides small counts, with {DOCUMENT} and {PROOF} as written",
            found=found,
            mend="Name the folder that `wardcast profile --public --out` wrote.",
        ),
    )
