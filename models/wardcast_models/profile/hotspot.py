"""Hotspots: wards and small areas that stand high together with their neighbours."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wardcast_models.profile.assessment import TABLE_COLUMNS
from wardcast_models.profile.false_discovery import q_values, significant
from wardcast_models.profile.spatial import local_hotspots

FEWEST_PER_PLACE = 3.0
"""Mean count a place below which a map says too little to be tested."""


@dataclass(frozen=True, kw_only=True)
class CountMap:
    """Counts of the year on one map. M measures, N places.

    Attributes:
        unit: `ward` or `lsoa`.
        codes: Places, length N.
        labels: Their names, length N.
        ward_codes: Ward of each place, length N.
        measures: Ids of the measures, length M.
        counts: Shape (M, N).
        touching: Neighbours, shape (N, N).
        persons: Residents, shape (N,), NaN where not known; None where they are not held.
    """

    unit: str
    codes: tuple[str, ...]
    labels: tuple[str, ...]
    ward_codes: tuple[str, ...]
    measures: tuple[str, ...]
    counts: NDArray[np.float64]
    touching: NDArray[np.bool_]
    persons: NDArray[np.float64] | None = None

    @property
    def shares(self) -> NDArray[np.float64]:
        """What share of each count its residents would give a place, shape (N,): an even one where any is unknown."""
        known = self.persons is not None and bool((np.nan_to_num(self.persons) > 0).all())
        exposure = self.persons if known and self.persons is not None else np.ones(len(self.codes))
        return np.asarray(exposure / exposure.sum())


def can_be_tested(counts: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return which measures have counts enough on a map to be tested, shape (M,)."""
    return np.asarray(~np.isnan(counts).any(axis=1) & (np.nan_to_num(counts).mean(axis=1) >= FEWEST_PER_PLACE))


def hotspots(maps: list[CountMap]) -> pd.DataFrame:
    """Find hotspots on every map: more than the residents of a place and its neighbours would have.

    Each measure on each map is a family of its own. `count` and `expected` (by residents) are the place's own. What is
    tested (Gi*) is what the place and its neighbours have beyond what is expected of them: by counts alone where
    residents are not known. Significant is what is high there, the place itself included.

    Args:
        maps: Maps of wards and of small areas.

    Returns:
        Columns `TABLE_COLUMNS["hotspots"]`.
    """
    frames = []
    for made in maps:
        kept = can_be_tested(made.counts)
        if not kept.any():
            continue
        counts = made.counts[kept]
        expected = counts.sum(axis=1, keepdims=True) * made.shares
        z, p_values = local_hotspots(counts - expected, made.touching)
        q = np.vstack([q_values(row) for row in p_values])
        together = made.touching.astype(np.float64) + np.eye(len(made.codes))
        around, around_expected = (counts @ together.T).reshape(-1), (expected @ together.T).reshape(-1)
        frames.append(
            pd.DataFrame(
                {
                    "measure": np.repeat(
                        [m for m, keep in zip(made.measures, kept, strict=True) if keep], len(made.codes)
                    ),
                    "unit": made.unit,
                    "code": list(made.codes) * len(counts),
                    "label": list(made.labels) * len(counts),
                    "ward_code": list(made.ward_codes) * len(counts),
                    "count": counts.reshape(-1),
                    "expected": expected.reshape(-1),
                    "count_around": around,
                    "expected_around": around_expected,
                    "ratio": around / around_expected,
                    "z": z.reshape(-1),
                    "p_value": p_values.reshape(-1),
                    "q_value": q.reshape(-1),
                    # A place below what is expected beside a high one is on the edge of a hotspot, not one itself.
                    "significant": significant(q.reshape(-1))
                    & (z.reshape(-1) > 0)
                    & (counts > expected).reshape(-1)
                    & (around > around_expected),
                }
            )
        )
    columns = list(TABLE_COLUMNS["hotspots"])
    return pd.concat(frames, ignore_index=True)[columns] if frames else pd.DataFrame(columns=columns)


def told_once(spots: pd.DataFrame, measures: pd.DataFrame) -> pd.DataFrame:
    """Take a sum off the list at a place where one of what it adds up is a hotspot itself: it would say that again.

    All crime stays, for it is what the others are read beside.

    Args:
        spots: Columns `TABLE_COLUMNS["hotspots"]`.
        measures: Columns `TABLE_COLUMNS["measures"]`.

    Returns:
        The table; such a sum is not significant there.
    """
    adds_up = {str(row.measure): frozenset(str(row.categories).split()) for row in measures.itertuples()}
    sums = [str(row.measure) for row in measures.itertuples() if row.level in ("priority", "family")]
    clear = spots["significant"].astype(bool)
    again = pd.Series(data=False, index=spots.index)
    for name in sums:
        within = [other for other in adds_up if other != name and adds_up[other] and adds_up[other] <= adds_up[name]]
        # of two sums of the same categories the later one, the narrower level, is told
        within = [o for o in within if adds_up[o] < adds_up[name] or list(adds_up).index(o) > list(adds_up).index(name)]
        places = set(
            zip(*(spots.loc[clear & spots["measure"].isin(within), part] for part in ("unit", "code")), strict=True)
        )
        mine = spots["measure"] == name
        again |= mine & pd.Series(
            [key in places for key in zip(spots["unit"], spots["code"], strict=True)], spots.index
        )
    return spots.assign(significant=clear & ~again)
