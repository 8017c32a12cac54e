"""Whether a measure clusters at all, on the map of wards, of small areas, and among published points."""

from __future__ import annotations

import numpy as np
import pandas as pd

from wardcast_models.profile.assessment import TABLE_COLUMNS
from wardcast_models.profile.false_discovery import q_values, significant
from wardcast_models.profile.hotspot import CountMap, can_be_tested
from wardcast_models.profile.point_clustering import DISTANCE_METRES, point_clustering
from wardcast_models.profile.spatial import global_clustering

_COLUMNS = list(TABLE_COLUMNS["clustering"])
_PLACES = {"ward": "wards", "lsoa": "small areas"}


def clustering(maps: list[CountMap], points: pd.DataFrame) -> pd.DataFrame:
    """Test every measure on every map, and every category of the points; each unit is one family of tests.

    Args:
        maps: Maps of wards and of small areas.
        points: Incidents of the year at published map points; may be empty.

    Returns:
        Columns `TABLE_COLUMNS["clustering"]`.
    """
    frames = [_of_map(made) for made in maps if can_be_tested(made.counts).any()]
    if len(points):
        frames.append(_of_points(points))
    held = [frame for frame in frames if len(frame)]
    return pd.concat(held, ignore_index=True) if held else pd.DataFrame(columns=_COLUMNS)


def _of_map(made: CountMap) -> pd.DataFrame:
    kept = can_be_tested(made.counts)
    found, expected, z, p_values = global_clustering(made.counts[kept], made.touching)
    q = q_values(p_values)
    clear = significant(q)
    places = _PLACES[made.unit]
    return pd.DataFrame(
        {
            "measure": [measure for measure, keep in zip(made.measures, kept, strict=True) if keep],
            "unit": made.unit,
            "test": "Moran's I",
            "statistic": found,
            "expected": expected,
            "z": z,
            "p_value": p_values,
            "q_value": q,
            "significant": clear,
            "words": [
                f"High {places} lie beside high {places} more than chance would have it."
                if yes
                else f"No clear sign that high {places} lie beside high {places}."
                for yes in clear
            ],
        }
    )[_COLUMNS]


def _of_points(points: pd.DataFrame) -> pd.DataFrame:
    made = point_clustering(points)
    q = q_values(made["p_value"].to_numpy(dtype=np.float64))
    clear = significant(q)
    near = f"within {DISTANCE_METRES:.0f} m of each other"
    words = [
        f"{ratio:.1f} times as many pairs {near} as if the category were spread over all incidents' points."
        if yes
        else f"No clear sign of more pairs {near} than all incidents have."
        for ratio, yes in zip(made["statistic"], clear, strict=True)
    ]
    frame = made.rename(columns={"category": "measure"}).assign(
        unit="point", test="near pairs against relabelling", q_value=q, significant=clear, words=words
    )
    return frame[_COLUMNS]
