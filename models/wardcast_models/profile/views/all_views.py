"""Every named view, in the order of telling."""

from __future__ import annotations

from wardcast_models.profile.assessment import View
from wardcast_models.profile.views.evidence import Evidence
from wardcast_models.profile.views.places import asb_licensed_premises, fire
from wardcast_models.profile.views.violence import (
    children_young_people,
    hate_crime,
    serious_violence_knife,
    vawg_public_space,
)


def all_views(evidence: Evidence) -> tuple[View, ...]:
    """Draw every named view.

    Args:
        evidence: The year of the area.

    Returns:
        The views; one without figures says what is missing.
    """
    makers = (
        vawg_public_space,
        serious_violence_knife,
        children_young_people,
        hate_crime,
        asb_licensed_premises,
        fire,
    )
    return tuple(make(evidence) for make in makers)
