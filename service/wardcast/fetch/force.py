"""Which police force's street files an area needs."""

from __future__ import annotations

import re

from wardcast.fetch.addresses import by_id
from wardcast.fetch.extent import area_shape
from wardcast.fetch.failure import FetchError
from wardcast.fetch.visit import Visit

LOCATE_ID = "policeuk-locate"
"""Row of the address table that tells the force of a point."""

_FORCE = re.compile(r"[a-z]+(-[a-z]+)*")


def area_forces(visit: Visit) -> tuple[str, ...]:
    """Return the forces of an area, asking data.police.uk where wardcast does not know them.

    Args:
        visit: The run.

    Returns:
        Names as in the files of data.police.uk, such as `west-yorkshire`.

    Raises:
        FetchError: It does not say.
    """
    if visit.area.forces:
        return visit.area.forces
    point = area_shape(visit).representative_point()
    row = by_id(visit.table, LOCATE_ID)
    address = row.address.replace("{latitude}", f"{point.y:.6f}").replace("{longitude}", f"{point.x:.6f}")
    answer = visit.listing(address)
    force = str(answer.get("force")) if isinstance(answer, dict) else ""
    if not _FORCE.fullmatch(force):
        raise FetchError(expected="the force of a point in the area", found="other JSON", address=address)
    return (force,)
