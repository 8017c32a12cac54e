"""P values from permutations, smooth enough for many tests."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import stats

PERMUTATIONS = 999
SEED = 20_220_505

_LEAST_SKEW = 1e-3
_FEWEST_REACHED = 10


def upper_p_values(found: NDArray[np.float64], drawn: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how likely a value as high would be under permutation.

    It is the share of permutations that reach the value. Where fewer than ten do, that share is too coarse for many
    tests at once, and the tail is that of the Pearson type III law with the permutations' mean, spread and skewness
    (Mielke 1984).

    Args:
        found: Values, shape (N,).
        drawn: The same under permutation, shape (R, N).

    Returns:
        One-sided p values, shape (N,); NaN where permuting changes nothing.
    """
    mean, deviation = drawn.mean(axis=0), drawn.std(axis=0, ddof=1)
    varied = deviation > 1e-12 * np.maximum(1.0, np.abs(mean))
    safe = np.where(varied, deviation, 1.0)
    skew = np.nan_to_num(((drawn - mean) ** 3).mean(axis=0) / safe**3)
    skew = np.where(np.abs(skew) < _LEAST_SKEW, _LEAST_SKEW, skew)
    tail = stats.pearson3.sf((found - mean) / safe, skew)
    reached = (drawn >= found).sum(axis=0)
    share = (reached + 1) / (len(drawn) + 1)
    return np.asarray(np.where(varied, np.where(reached < _FEWEST_REACHED, tail, share), np.nan), dtype=np.float64)
