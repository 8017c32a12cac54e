"""One forecast at every level: wards, clusters and the area; categories, priorities and all crime."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wardcast_models.errors import Problem, invalid_input
from wardcast_models.forecasting.forecast import TOO_FEW_PER_MONTH, Forecast
from wardcast_models.forecasting.grouping import CategoryLevel, PlaceLevel, containing, kind_groups, place_groups

NOT_READABLE = "none"
"""Where even the whole area has too few crimes of any sort."""


def aggregate(
    forecast: Forecast,
    *,
    places: PlaceLevel = PlaceLevel.WARD,
    categories: CategoryLevel = CategoryLevel.CATEGORY,
) -> Forecast:
    """Add up a forecast's paths, and everything that adds up with them.

    Quantiles of the result are those of the summed paths, so that shocks that wards share are not averaged away.

    Args:
        forecast: A forecast by ward and category.
        places: Level of places; `ward_codes` and `ward_names` of the result are the places' (a cluster's code is its
            name).
        categories: Level of crime; `categories` of the result are priority ids (each the whole of its categories, so
            violence with injury with its domestic part; categories without a priority play no part), or `ALL_CRIME`
            and, each by itself, what is forecast and is no crime (`asb`, `council_asb`, `fly_tipping`,
            `deliberate_fires`).

    Returns:
        The forecast at these levels. Growth of exposure is the mean over a place's wards, weighted by expected crime.

    Raises:
        WardcastError: Clusters are asked for and the wards have none, or priorities and no category serves one.
    """
    place, kind = place_groups(forecast, places), kind_groups(forecast, categories)
    if not kind.keys:
        raise invalid_input(
            "No category that is forecast serves a priority.",
            Problem(
                where="categories",
                expected="a category of a priority",
                found=", ".join(forecast.categories),
                mend="Ask for single categories or for all crime.",
            ),
        )
    weight = forecast.mean.sum(axis=1) + 1e-12
    growth = place.sums(forecast.exposure_growth * weight, 0) / place.sums(weight, 0)
    return replace(
        forecast,
        ward_codes=place.keys,
        ward_names=place.names,
        categories=kind.keys,
        paths=kind.sums(place.sums(forecast.paths, 1), 2),
        components=kind.sums(place.sums(forecast.components, 1), 2),
        demand_history=kind.sums(place.sums(forecast.demand_history, 0), 1),
        exposure_growth=growth,
        clusters=forecast.clusters if places is PlaceLevel.WARD else (),
    )


def incoherence(forecast: Forecast) -> float:
    """Return the largest difference between a level's mean and the sum of the level below, over all levels.

    Args:
        forecast: A forecast by ward and category.

    Returns:
        A count; beyond rounding errors it is 0, because every level is a sum of the same paths.
    """
    levels = [PlaceLevel.WARD, *([PlaceLevel.CLUSTER] if forecast.clusters else []), PlaceLevel.AREA]
    worst = 0.0
    for kinds in CategoryLevel:
        if not kind_groups(forecast, kinds).keys:
            continue
        means = [aggregate(forecast, places=level, categories=kinds).mean for level in levels]
        finest = kind_groups(forecast, kinds).sums(forecast.mean, 1)
        for level, mean in zip(levels, means, strict=True):
            worst = max(worst, float(np.abs(place_groups(forecast, level).sums(finest, 0) - mean).max()))
        for lower, higher in pairwise(means):
            worst = max(worst, float(np.abs(lower.sum(axis=0) - higher.sum(axis=0)).max()))
    return worst


def level_frame(
    forecast: Forecast,
    *,
    places: PlaceLevel = PlaceLevel.WARD,
    categories: CategoryLevel = CategoryLevel.CATEGORY,
) -> pd.DataFrame:
    """Return the forecast file's frame at a level, with the level to read each series at.

    Args:
        forecast: A forecast by ward and category.
        places: Level of places.
        categories: Level of crime.

    Returns:
        The columns of `Forecast.to_frame` and at last `read_at`: the series' own level (`ward/category`) where it has
        5 a month, else the finest coarser one that has (places first, as the question is about that sort of crime),
        or `NOT_READABLE`.

    Raises:
        WardcastError: Clusters are asked for and the wards have none.
    """
    return level_tables(forecast, places=places, categories=categories)[0]


def level_tables(
    forecast: Forecast,
    *,
    places: PlaceLevel = PlaceLevel.WARD,
    categories: CategoryLevel = CategoryLevel.CATEGORY,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return `level_frame` and, row by row beside it, what its means are made of (`Forecast.decomposition_frame`).

    Arguments and errors are those of `level_frame`; the paths are added up once for both.
    """
    at_level = aggregate(forecast, places=places, categories=categories)
    read_at = reading_levels(forecast, places=places, categories=categories)
    rows = at_level.to_frame().assign(read_at=np.repeat(read_at.reshape(-1), len(forecast.months)))
    return rows, at_level.decomposition_frame()


def reading_levels(
    forecast: Forecast,
    *,
    places: PlaceLevel = PlaceLevel.WARD,
    categories: CategoryLevel = CategoryLevel.CATEGORY,
) -> NDArray[np.object_]:
    """Return the level at which each series can be read.

    Args:
        forecast: A forecast by ward and category.
        places: Level of places asked about.
        categories: Level of crime asked about.

    Returns:
        One text a place and kind of crime, shape (P, K), as `level_frame` says.
    """
    asked_places, asked_kinds = place_groups(forecast, places), kind_groups(forecast, categories)
    shape = (len(asked_places.keys), len(asked_kinds.keys))
    found = np.full(shape, NOT_READABLE, dtype=object)
    per_month = forecast.mean.mean(axis=2)
    for place_level, kind_level in _coarser(places, categories, has_clusters=bool(forecast.clusters)):
        outer_places, outer_kinds = place_groups(forecast, place_level), kind_groups(forecast, kind_level)
        if not outer_kinds.keys:
            continue
        # The mean of summed paths is the sum of their means: no path is needed here.
        enough = outer_kinds.sums(outer_places.sums(per_month, 0), 1) >= TOO_FEW_PER_MONTH
        place, kind = containing(asked_places, outer_places), containing(asked_kinds, outer_kinds)
        readable = enough[np.ix_(place, kind)] & (kind >= 0)[None, :]
        found[readable & (found == NOT_READABLE)] = f"{place_level}/{kind_level}"
    return found


def _coarser(
    places: PlaceLevel, categories: CategoryLevel, *, has_clusters: bool
) -> Iterator[tuple[PlaceLevel, CategoryLevel]]:
    """Yield a level and those to turn to where it has too few: coarser places first, then coarser crime."""
    for level in list(PlaceLevel)[list(PlaceLevel).index(places) :]:
        if level is not PlaceLevel.CLUSTER or has_clusters:
            yield level, categories
    for kind in list(CategoryLevel)[list(CategoryLevel).index(categories) + 1 :]:
        yield PlaceLevel.AREA, kind
