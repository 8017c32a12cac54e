"""The small areas and wards of an area, as the fetched lookup lists them."""

from __future__ import annotations

import csv
from dataclasses import dataclass

from wardcast.fetch.addresses import by_id
from wardcast.fetch.failure import FetchError
from wardcast.fetch.visit import Visit

LOOKUP_ID = "ons-lsoa21-ward22"
"""Row of the address table whose file lists an area's small areas and wards."""


@dataclass(frozen=True, kw_only=True)
class AreaCodes:
    """Codes of an area.

    Attributes:
        lsoas: Its small areas (LSOA 2021).
        wards: Its wards of 2022.
    """

    lsoas: frozenset[str]
    wards: frozenset[str]


def area_codes(visit: Visit) -> AreaCodes:
    """Read the codes from the lookup in the data folder.

    Args:
        visit: The run.

    Returns:
        The codes.

    Raises:
        FetchError: The lookup is not there.
    """
    lookup = by_id(visit.table, LOOKUP_ID)
    lsoa, _, ward, *_ = lookup.fields.split(",")
    try:
        with (visit.folder / lookup.file).open(encoding="utf-8", newline="") as file:
            rows = [(row[lsoa], row[ward]) for row in csv.DictReader(file)]
    except (OSError, KeyError) as error:
        raise FetchError(
            expected=f"the lookup of {LOOKUP_ID}, which says what belongs to the area",
            found="no such file in the folder",
            mend=f"Fetch {LOOKUP_ID} too, or mend what it failed of.",
        ) from error
    return AreaCodes(lsoas=frozenset(row[0] for row in rows), wards=frozenset(row[1] for row in rows))
