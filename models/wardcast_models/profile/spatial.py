"""Spatial statistics: local (Getis-Ord Gi*) and global (Moran's I), for many measures over one map."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wardcast_models.profile.permutation import PERMUTATIONS, SEED, upper_p_values


def local_hotspots(
    values: NDArray[np.float64], touching: NDArray[np.bool_]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Compare each place and its neighbours with the map (Gi*, Ord and Getis 1995).

    Args:
        values: Shape (M, N).
        touching: Neighbours, shape (N, N).

    Returns:
        z of Gi* (binary weights, the place itself included), shape (M, N), and one-sided p values for being high
        against the map's values laid out at random, shape (M, N); NaN where all values are equal. The z is normal only
        on even maps; the p values allow for the few places that hold much of the crime.
    """
    weights = touching.astype(np.float64) + np.eye(len(touching))
    size = values.shape[1]
    total, squares = weights.sum(axis=1), (weights**2).sum(axis=1)
    mean, deviation = values.mean(axis=1, keepdims=True), values.std(axis=1, keepdims=True)
    scale = deviation * np.sqrt((size * squares - total**2) / (size - 1))
    with np.errstate(divide="ignore", invalid="ignore"):
        z = (values @ weights.T - mean * total) / scale
    z = np.where(np.isfinite(z), z, np.nan)
    return z, _arranged_p_values(values, weights)


def _arranged_p_values(values: NDArray[np.float64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Lay the map's values out at random: a neighbourhood of k places is then any k of them."""
    generator = np.random.default_rng(SEED)
    orders = np.argsort(generator.random((PERMUTATIONS, values.shape[1])), axis=1)
    found = values @ weights.T
    sizes = weights.sum(axis=1).astype(np.intp)
    p_values = np.empty(values.shape)
    for size in np.unique(sizes):
        drawn = values[:, orders[:, :size]].sum(axis=2)
        places = np.flatnonzero(sizes == size)
        for row in range(len(values)):
            everywhere = np.broadcast_to(drawn[row][:, None], (PERMUTATIONS, len(places)))
            p_values[row, places] = upper_p_values(found[row, places], everywhere)
    return p_values


def standard_rates(counts: NDArray[np.float64], persons: NDArray[np.float64]) -> NDArray[np.float64]:
    """Turn counts into rates that are equally sure everywhere (empirical Bayes, Assuncao and Reis 1999).

    A place of few residents has a high or low rate by luck more often than one of many. Each rate's distance from the
    overall rate is divided by the spread that its residents give it, so that Moran's I of them is the authors' index.

    Args:
        counts: Shape (M, N).
        persons: Residents, all above 0, shape (N,).

    Returns:
        Shape (M, N); 0 where nothing is counted at all.
    """
    overall = counts.sum(axis=1, keepdims=True) / persons.sum()
    rates = counts / persons
    spread = ((rates - overall) ** 2 * persons).sum(axis=1, keepdims=True) / persons.sum()
    by_chance = overall / persons
    variance = spread - overall / persons.mean() + by_chance
    variance = np.where(variance > 0, variance, by_chance)
    return np.asarray((rates - overall) / np.sqrt(np.where(variance > 0, variance, 1.0)))


def global_clustering(
    values: NDArray[np.float64], touching: NDArray[np.bool_]
) -> tuple[NDArray[np.float64], float, NDArray[np.float64], NDArray[np.float64]]:
    """Ask whether neighbours are alike (Moran's I, row-standardised).

    Args:
        values: Shape (M, N).
        touching: Neighbours, shape (N, N).

    Returns:
        I, shape (M,); I expected without clustering; z and the one-sided p value under permutation, shape (M,).
    """
    weights = touching / np.maximum(touching.sum(axis=1, keepdims=True), 1)
    size = values.shape[1]
    centred = values - values.mean(axis=1, keepdims=True)
    squares = np.where((centred**2).sum(axis=1) > 0, (centred**2).sum(axis=1), np.nan)
    scale = size / weights.sum() / squares
    found = scale * np.einsum("mi,ij,mj->m", centred, weights, centred, optimize=True)
    generator = np.random.default_rng(SEED)
    orders = np.argsort(generator.random((PERMUTATIONS, size)), axis=1)
    drawn = np.empty((PERMUTATIONS, len(values)))
    for row, values_of_one in enumerate(centred):
        shuffled = values_of_one[orders]
        drawn[:, row] = scale[row] * ((shuffled @ weights.T) * shuffled).sum(axis=1)
    known = ~np.isnan(found)
    p_values, z = np.full(len(found), np.nan), np.full(len(found), np.nan)
    p_values[known] = upper_p_values(found[known], drawn[:, known])
    z[known] = (found[known] - drawn[:, known].mean(axis=0)) / drawn[:, known].std(axis=0, ddof=1)
    return found, -1.0 / (size - 1), z, p_values
