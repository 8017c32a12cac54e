"""Where an area lies, by the ward boundaries that were fetched for it."""

from __future__ import annotations

import json
from dataclasses import dataclass

import shapely
from shapely.geometry import shape

from wardcast.fetch.addresses import by_id
from wardcast.fetch.failure import FetchError
from wardcast.fetch.visit import Visit

BOUNDARIES_ID = "ons-wards-2022"
"""Row of the address table whose file holds the boundaries."""

MARGIN_DEGREES = 0.005
"""Some 350 metres east-west and 550 north-south: a point just over the boundary may belong to a small area inside."""


@dataclass(frozen=True, kw_only=True)
class Box:
    """A box of longitude and latitude (WGS84)."""

    west: float
    south: float
    east: float
    north: float

    def holds(self, longitude: str, latitude: str) -> bool:
        """Tell whether a point lies in it; what is no point does not.

        Args:
            longitude: As text.
            latitude: As text.
        """
        try:
            east, north = float(longitude), float(latitude)
        except ValueError:
            return False
        return self.west <= east <= self.east and self.south <= north <= self.north


def area_extent(visit: Visit) -> Box | None:
    """Return the box around an area.

    Args:
        visit: The run.

    Returns:
        The box with a margin; None for all of London, whose forces' files are kept whole.

    Raises:
        FetchError: The boundaries are not there.
    """
    if visit.area.whole_london:
        return None
    west, south, east, north = area_shape(visit).bounds
    return Box(
        west=west - MARGIN_DEGREES,
        south=south - MARGIN_DEGREES,
        east=east + MARGIN_DEGREES,
        north=north + MARGIN_DEGREES,
    )


def area_shape(visit: Visit) -> shapely.geometry.base.BaseGeometry:
    """Return an area's shape.

    Args:
        visit: The run.

    Returns:
        Its wards, put together.

    Raises:
        FetchError: The boundaries are not there.
    """
    path = visit.folder / by_id(visit.table, BOUNDARIES_ID).file
    try:
        features = json.loads(path.read_text(encoding="utf-8"))["features"]
        return shapely.union_all([shapely.make_valid(shape(feature["geometry"])) for feature in features])
    except (OSError, ValueError, TypeError, KeyError, shapely.errors.ShapelyError) as error:
        raise FetchError(
            expected=f"the ward boundaries of {BOUNDARIES_ID}, which say where the area lies",
            found="no such file in the folder",
            mend=f"Fetch {BOUNDARIES_ID} too, or mend what it failed of.",
        ) from error
