"""One reader a layout; a file goes to the first that recognises its header or content."""

from __future__ import annotations

from wardcast_models.panel.readers import (
    dashboard,
    lookups,
    marked_events,
    mps_ward,
    others,
    plans,
    policeuk,
    polygons,
    populations,
)
from wardcast_models.panel.readers.reader import Reader

READERS: tuple[Reader, ...] = (
    mps_ward.READER,
    populations.CENSUS,
    populations.PROJECTION,
    populations.ESTIMATES,
    plans.PIPELINE,
    plans.VISITORS,
    plans.BASELINE,
    plans.GROUPS,
    marked_events.READER,
    policeuk.STREET,
    policeuk.WARD_MONTHS,
    dashboard.READER,
    lookups.WARD_LOOKUP,
    lookups.LSOA_LOOKUP,
    others.SAMPLE,
    polygons.READER,
    *others.UNUSED,
)
"""Every known layout, in the order tried."""
