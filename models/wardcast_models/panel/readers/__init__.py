"""One reader a layout; a file goes to the first that recognises its header or content."""

from __future__ import annotations

from wardcast_models.panel.readers import (
    council_logs,
    dashboard,
    fires,
    housing_led,
    lookups,
    marked_events,
    mps_borough,
    mps_small_area,
    mps_ward,
    others,
    plans,
    policeuk,
    polygons,
    populations,
    premises,
    repeats,
    small_area_residents,
    surveys,
)
from wardcast_models.panel.readers.reader import Reader

LAYOUTS: dict[str, Reader] = {
    "mps_ward": mps_ward.READER,
    "mps_small_area": mps_small_area.WIDE,
    "mps_small_area_months": mps_small_area.LONG,
    "mps_borough": mps_borough.READER,
    "census": populations.CENSUS,
    "projection": populations.PROJECTION,
    "housing_led": housing_led.READER,
    "repeats": repeats.READER,  # before the estimates, which have persons by ward too
    "estimates": populations.ESTIMATES,
    "pipeline": plans.PIPELINE,
    "visitors": plans.VISITORS,
    "baseline_hours": plans.BASELINE,
    "ward_groups": plans.GROUPS,
    "marked_events": marked_events.READER,
    "street": policeuk.STREET,
    "ward_months": policeuk.WARD_MONTHS,
    "dashboard": dashboard.READER,
    "dashboard_published": dashboard.OFFICIAL,
    "small_area_estimates": small_area_residents.ESTIMATES,
    "small_area_ages": small_area_residents.CENSUS,
    "ward_lookup": lookups.WARD_LOOKUP,
    "lsoa_lookup": lookups.LSOA_LOOKUP,
    "fires": fires.READER,
    "council_log": council_logs.READER,
    "premises": premises.COUNTS,
    "premises_register": premises.REGISTER,
    "public_attitude_survey": surveys.PAS,
    "survey": surveys.PLAIN,
}
"""Tables that a column mapping may name, by the stable name it uses, in the order tried."""

READERS: tuple[Reader, ...] = (
    *LAYOUTS.values(),
    others.SAMPLE,
    polygons.READER,
    polygons.SMALL_AREAS,
    *others.UNUSED,
)
"""Every known layout, in the order tried."""
