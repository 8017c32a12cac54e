"""What share of each category visible presence can touch; of violence with injury, the part outside domestic abuse."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from wardcast_models.panel.panel import Panel
from wardcast_models.reference.taxonomy import taxonomy

VIOLENCE = "violence_with_injury"
"""The category whose share is taken from the data where they hold it."""

DOMESTIC_SERIES = "domestic_abuse_violence_with_injury"
"""Borough series of the MPS Monthly Crime Dashboard with its domestic-abuse part."""

MONTHS_OF_SHARE = 24

PACKAGED_AREA = "E09000002"
"""The area that the packaged share of violence with injury was measured in."""

PACKAGED_AREA_NAME = "Barking and Dagenham"


@dataclass(frozen=True, kw_only=True)
class PreventableShare:
    """A share of one category's crime.

    Attributes:
        value: 0 to 1.
        source: A citation, or `assumed` and why.
    """

    value: float
    source: str


def preventable_shares(panel: Panel) -> dict[str, PreventableShare]:
    """Return the share of every category that visible presence can touch.

    Args:
        panel: The panel, cut at the last month of data used.

    Returns:
        The packaged central share by category; of violence with injury, the share outside domestic abuse in the
        area where the MPS Monthly Crime Dashboard gives one.
    """
    packaged = {
        name: PreventableShare(value=category.preventable[1], source=category.preventable_source)
        for name, category in taxonomy().items()
    }
    return {**packaged, VIOLENCE: _outside_domestic_abuse(panel) or _of_another_area(panel, packaged[VIOLENCE])}


def _of_another_area(panel: Panel, packaged: PreventableShare) -> PreventableShare:
    """Return the packaged share, marked as assumed outside the area that it was measured in."""
    if panel.area.code == PACKAGED_AREA:
        return packaged
    source = f"{PACKAGED_AREA_NAME}'s share, assumed for {panel.area.name}"
    return PreventableShare(value=packaged.value, source=source)


def _outside_domestic_abuse(panel: Panel) -> PreventableShare | None:
    """Measure the share over the last months in which both counts are known; None where there is no such month."""
    if VIOLENCE not in panel.categories:
        return None
    domestic = _domestic_offences(panel).reindex(panel.months).to_numpy(dtype=np.float64)
    violence = panel.counts[panel.area_rows, panel.categories.index(VIOLENCE)].sum(axis=0)
    both = np.isfinite(domestic) & np.isfinite(violence)
    both[:-MONTHS_OF_SHARE] = False
    if not violence[both].sum() > 0:
        return None
    months = panel.months[both]
    return PreventableShare(
        value=float(np.clip(1 - domestic[both].sum() / violence[both].sum(), 0.0, 1.0)),
        source=f"MPS Monthly Crime Dashboard, {months[0]:%Y-%m} to {months[-1]:%Y-%m}, {panel.area.name}",
    )


def _domestic_offences(panel: Panel) -> pd.Series:
    """Return the area's domestic-abuse offences by month, only months that every borough of the area has."""
    boroughs = panel.wards["area_code"].iloc[panel.area_rows].unique()
    series = panel.borough_series
    ours = series[(series["series"] == DOMESTIC_SERIES) & series["area_code"].isin(boroughs)]
    return ours.groupby("month")["count"].sum(min_count=len(boroughs))
