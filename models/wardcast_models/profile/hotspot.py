"""Hotspots: wards and small areas that stand high together with their neighbours, or by themselves."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wardcast_models.profile.assessment import TABLE_COLUMNS
from wardcast_models.profile.excess import excess
from wardcast_models.profile.false_discovery import q_values_by_family, significant
from wardcast_models.profile.spatial import global_clustering, local_hotspots, standard_rates

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
        noise: Variance of the counts over their mean, at least 1, shape (M, N), NaN where not known; None where nobody
            asks what stands out by itself.
    """

    unit: str
    codes: tuple[str, ...]
    labels: tuple[str, ...]
    ward_codes: tuple[str, ...]
    measures: tuple[str, ...]
    counts: NDArray[np.float64]
    touching: NDArray[np.bool_]
    persons: NDArray[np.float64] | None = None
    noise: NDArray[np.float64] | None = None

    @property
    def residents(self) -> NDArray[np.float64] | None:
        """Residents, shape (N,); None where those of any place are unknown."""
        known = self.persons is not None and bool((np.nan_to_num(self.persons) > 0).all())
        return self.persons if known else None

    @property
    def shares(self) -> NDArray[np.float64]:
        """What share of each count its residents would give a place, shape (N,): an even one where any is unknown."""
        exposure = np.ones(len(self.codes)) if self.residents is None else self.residents
        return np.asarray(exposure / exposure.sum())

    def compared(self, kept: NDArray[np.bool_]) -> NDArray[np.float64]:
        """Return what places are compared by as a whole map: rates where residents are known, or counts.

        Args:
            kept: Which measures, shape (M,).
        """
        counts = self.counts[kept]
        return counts if self.residents is None else standard_rates(counts, self.residents)


def can_be_tested(counts: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return which measures have counts enough on a map to be tested, shape (M,)."""
    return np.asarray(~np.isnan(counts).any(axis=1) & (np.nan_to_num(counts).mean(axis=1) >= FEWEST_PER_PLACE))


def hotspots(maps: list[CountMap]) -> pd.DataFrame:
    """Find hotspots on every map: more than the residents of a place and its neighbours would have, or of it alone.

    `count` and `expected` (by residents) are the place's own. What Gi* tests is what the place and its neighbours
    have beyond what is expected of them: by counts alone where residents are not known. Each measure on a map is a
    family of tests, looked into where its map clusters at all (Moran's I) or one place is high beyond doubt.
    Significant is what is high there, the place itself included. A busy place among quiet ones is no such hotspot:
    whether it stands out by itself is the other test (`excess`), all measures of a map one family.

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
        own = excess(counts, expected, np.full(counts.shape, np.nan) if made.noise is None else made.noise[kept])
        z, p_values = local_hotspots(counts - expected, made.touching)
        *_, whole = global_clustering(made.compared(kept), made.touching)
        q = q_values_by_family(p_values, whole)
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
                    "own_ratio": own.ratio.reshape(-1),
                    "own_low": own.low.reshape(-1),
                    "own_high": own.high.reshape(-1),
                    "own_p_value": own.p_values.reshape(-1),
                    "own_q_value": own.q_values.reshape(-1),
                    "stands_out": own.stands_out.reshape(-1),
                }
            )
        )
    columns = list(TABLE_COLUMNS["hotspots"])
    return pd.concat(frames, ignore_index=True)[columns] if frames else pd.DataFrame(columns=columns)


def told_once(spots: pd.DataFrame, measures: pd.DataFrame) -> pd.DataFrame:
    """Take a sum off the list at a place where one of what it adds up is on it itself: it would say that again.

    That holds for hotspots and for what stands out by itself, each by its own. All crime stays, for it is what the
    others are read beside.

    Args:
        spots: Columns `TABLE_COLUMNS["hotspots"]`.
        measures: Columns `TABLE_COLUMNS["measures"]`.

    Returns:
        The table; such a sum is not significant, or does not stand out, there.
    """
    return spots.assign(**{flag: _once(spots, measures, flag) for flag in ("significant", "stands_out")})


def _once(spots: pd.DataFrame, measures: pd.DataFrame, flag: str) -> pd.Series:
    adds_up = {str(row.measure): frozenset(str(row.categories).split()) for row in measures.itertuples()}
    sums = [str(row.measure) for row in measures.itertuples() if row.level in ("priority", "family")]
    clear = spots[flag].astype(bool)
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
    return clear & ~again
