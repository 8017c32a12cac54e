"""Where an area's counts come from, which decides what may be said of them."""

from __future__ import annotations

from wardcast_models.panel.panel import Panel
from wardcast_models.panel.places.wards import LONDON

WARD_RELEASE = "MPS ward releases"
STREET_FILES = "data.police.uk street files"
_BOROUGH = "E09"
_ONLY_POLICE_UK = "policeuk_"


def in_london(area_code: str) -> bool:
    """Return whether an area is London or one of its boroughs: the Metropolitan Police's files are about it."""
    return area_code == LONDON.code or area_code.startswith(_BOROUGH)


def crime_source(panel: Panel) -> str:
    """Return where the counts of recorded crime come from, for people."""
    by_police_uk = any(category.startswith(_ONLY_POLICE_UK) for category in panel.categories)
    return STREET_FILES if by_police_uk or not in_london(panel.area.code) else WARD_RELEASE
