"""Who employs a team, as people read it."""

from __future__ import annotations

from wardcast_models.allocation.request.resource import Agency

AGENCY_LABELS: dict[Agency, str] = {"police": "Police", "council": "Council", "partner": "Partner"}
"""Names by agency, in the order of every table and legend."""


def agency_place(agency: Agency) -> int:
    """Return where an agency stands in every table and legend, from 0."""
    return list(AGENCY_LABELS).index(agency)
