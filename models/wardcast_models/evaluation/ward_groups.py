"""Groups of wards that a forecaster must not serve worse than the one before it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wardcast_models.forecasting.residents import residents
from wardcast_models.panel.panel import Panel

GROWING_YEARS = 5
GROWING_LEAST = 0.10
"""A ward grows where its residents rose by at least this share over `GROWING_YEARS` years."""

_SIZES = ("third with least crime", "middle third", "third with most crime")
_RECENT_MONTHS = 36


def ward_groups(panel: Panel, *, until: pd.Timestamp) -> Mapping[str, tuple[str, ...]]:
    """Return the groups of the area's wards by name; a ward is in one group of each kind.

    The user's own grouping where the panel has one, else growing wards against the others; and in every case thirds by
    recorded crime. A kind that does not divide the area is left out.

    Args:
        panel: The panel.
        until: Last month looked at, so that nothing a forecast is scored with decides who is in which group.

    Returns:
        Ward codes by name of the group.
    """
    codes = np.asarray(panel.area.ward_codes, dtype=object)
    kinds = [_own(panel, codes) or _by_growth(panel, codes, until), _by_size(panel, codes, until)]
    return {name: wards for kind in kinds if len(kind) > 1 for name, wards in kind.items()}


def _own(panel: Panel, codes: NDArray[np.object_]) -> dict[str, tuple[str, ...]]:
    """Return the user's groups; wards without one are a group of their own."""
    if panel.ward_groups.empty:
        return {}
    named = panel.ward_groups.drop_duplicates("ward_code").set_index("ward_code")["group"].astype(str)
    group = named.reindex(list(codes)).fillna("no group given").to_numpy()
    return {f"group {name}": tuple(codes[group == name]) for name in sorted(set(group))}


def _by_growth(panel: Panel, codes: NDArray[np.object_], until: pd.Timestamp) -> dict[str, tuple[str, ...]]:
    """Return growing and other wards; a ward whose residents are unknown is among the others."""
    months = pd.DatetimeIndex([until - pd.DateOffset(years=GROWING_YEARS), until])
    before, now = residents(panel, months).persons[panel.area_rows].T
    # A ward without known residents compares as false.
    growing = now >= (1.0 + GROWING_LEAST) * before
    parts = {"growing wards": tuple(codes[growing]), "other wards": tuple(codes[~growing])}
    return {name: wards for name, wards in parts.items() if wards}


def _by_size(panel: Panel, codes: NDArray[np.object_], until: pd.Timestamp) -> dict[str, tuple[str, ...]]:
    """Return thirds of the wards by the crime recorded in the months up to `until`; nothing for under three wards."""
    if len(codes) < len(_SIZES):
        return {}
    recorded = np.nansum(panel.up_to(until).counts[panel.area_rows][:, :, -_RECENT_MONTHS:], axis=(1, 2))
    thirds = np.array_split(np.argsort(recorded, kind="stable"), len(_SIZES))
    return {name: tuple(codes[np.sort(rows)]) for name, rows in zip(_SIZES, thirds, strict=True)}
