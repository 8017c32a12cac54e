"""What stands out by itself, in a sentence."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from wardcast_models.profile.excess import TIMES_EXPECTED
from wardcast_models.profile.measures import ALL_CRIME
from wardcast_models.profile.views.evidence import Evidence
from wardcast_models.words import listed

_NAMED = 3
_UNITS = ("ward", "lsoa")


def outstanding_sentence(evidence: Evidence, spots: pd.DataFrame) -> str:
    """Say which places stand out by themselves: wards before small areas, of all crime before anything else.

    Args:
        evidence: The year of the area.
        spots: Hotspots, columns `TABLE_COLUMNS["hotspots"]`.

    Returns:
        A sentence; "" where nothing stands out.
    """
    found = spots[spots["stands_out"].astype(bool)]
    of_crime = found[found["measure"] == ALL_CRIME]
    for unit in _UNITS:
        for rows in (of_crime, found):
            chosen = rows[rows["unit"] == unit]
            if len(chosen):
                return _sentence(evidence, chosen.sort_values("own_ratio", ascending=False))
    return ""


def places_that_stand_out(evidence: Evidence, rows: pd.DataFrame) -> str:
    """Name places of one measure with their ratios, the highest first; "" for no rows.

    Args:
        evidence: The year of the area.
        rows: Of the hotspots that stand out, one measure and one unit.
    """
    ordered = rows.sort_values("own_ratio", ascending=False)
    named = [_named(evidence, row) for row in ordered.head(_NAMED).to_dict("records")]
    return listed([*named, f"{len(ordered) - _NAMED} more"] if len(ordered) > _NAMED else named)


def expected_words(evidence: Evidence, *, places: int = 1) -> str:
    """Return what one place, or several, are compared with, for after a number of times."""
    if not evidence.residents.known:
        return "an even share"
    return f"what {'its' if places <= 1 else 'their'} residents would have"


def _sentence(evidence: Evidence, found: pd.DataFrame) -> str:
    """Tell the highest of the places found, and count the others."""
    first = found.iloc[0]
    crime = first["measure"] == ALL_CRIME
    what = "" if crime else f" for {evidence.label(str(first['measure'])).lower()}"
    if crime and evidence.residents.known:
        against = "times the crime that its residents would have"
    else:
        against = f"times {expected_words(evidence)}"
    busy = evidence.wards.loc[evidence.wards["many_visitors"].astype(bool), "ward_code"]
    visited = "; many people visit it" if first["ward_code"] in set(busy) else ""
    others = found[found["code"] != first["code"]]["code"].nunique()
    more = f"; {others} more {'does' if others == 1 else 'do'} too" if others else ""
    return (
        f"{_place(evidence, first['unit'], first['code'], first['label'])} stands out{what}: {first['own_ratio']:.1f} "
        f"{against} ({first['own_low']:.1f} to {first['own_high']:.1f}){visited}{more}."
    )


def _named(evidence: Evidence, row: Mapping[Hashable, Any]) -> str:
    times = f"{row['own_ratio']:.1f} times, {row['own_low']:.1f} to {row['own_high']:.1f}"
    return f"{_place(evidence, row['unit'], row['code'], row['label'])} ({times})"


def _place(evidence: Evidence, unit: object, code: object, label: object) -> str:
    return evidence.ward_name(str(code)) if unit == "ward" else f"small area {label}"


NOTE = (
    f"A place stands out by itself where it clearly has more than {TIMES_EXPECTED:g} times what is expected of it, "
    "all measures and places of a map judged together; how much counts vary is learned from the wards’ months."
)
