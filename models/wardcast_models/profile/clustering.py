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
_POINT = "point"


def clustering(maps: list[CountMap], points: pd.DataFrame) -> pd.DataFrame:
    """Test every measure on every map, and every category of the points; each unit is one family of tests.

    Maps are compared by rates where residents are known, for counts follow where people live. The rates are adjusted
    for how few residents some places have, but not for visitors to a town centre.

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


def told_again(table: pd.DataFrame) -> pd.DataFrame:
    """Adjust the tests for each other, a unit a family, and say what each found.

    Args:
        table: Columns `unit, statistic, p_value` at least; those of a table with fewer rows are told anew.

    Returns:
        The table with `q_value`, `significant` and `words` of the rows that it has.
    """
    q = table.groupby("unit")["p_value"].transform(lambda p_values: q_values(p_values.to_numpy(dtype=np.float64)))
    clear = significant(q.to_numpy(dtype=np.float64))
    words = [
        _words(str(unit), float(statistic), clear=bool(yes))
        for unit, statistic, yes in zip(table["unit"], table["statistic"], clear, strict=True)
    ]
    return table.assign(q_value=q, significant=clear, words=words)[_COLUMNS]


def _words(unit: str, statistic: float, *, clear: bool) -> str:
    if unit == _POINT:
        near = f"within {DISTANCE_METRES:.0f} m of each other"
        if clear:
            return (
                f"{statistic:.1f} times as many pairs {near} as if the category were spread over all incidents' points."
            )
        return f"No clear sign of more pairs {near} than all incidents have."
    places = _PLACES[unit]
    if clear:
        return f"High {places} lie beside high {places} more than chance would have it."
    return f"No clear sign that high {places} lie beside high {places}."


def _of_map(made: CountMap) -> pd.DataFrame:
    kept = can_be_tested(made.counts)
    found, expected, z, p_values = global_clustering(made.compared(kept), made.touching)
    return told_again(
        pd.DataFrame(
            {
                "measure": [measure for measure, keep in zip(made.measures, kept, strict=True) if keep],
                "unit": made.unit,
                "test": "Moran's I" if made.residents is None else "Moran's I of rates (empirical Bayes)",
                "statistic": found,
                "expected": expected,
                "z": z,
                "p_value": p_values,
            }
        )
    )


def _of_points(points: pd.DataFrame) -> pd.DataFrame:
    made = point_clustering(points).rename(columns={"category": "measure"})
    return told_again(made.assign(unit=_POINT, test="near pairs against relabelling"))
