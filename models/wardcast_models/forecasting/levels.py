"""One forecast at every level: wards, clusters and the area; categories, priorities and all crime."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise
from typing import TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wardcast_models.errors import Problem, invalid_input
from wardcast_models.forecasting.forecast import TOO_FEW_PER_MONTH, Forecast
from wardcast_models.panel.panel import Panel
from wardcast_models.reference.taxonomy import taxonomy

_Number = TypeVar("_Number", np.int32, np.float64)

ALL_CRIME = "all_crime"
"""Id of the sum of all categories of crime that are forecast; incidents of anti-social behaviour are not crimes."""

UNGROUPED = "other wards"
"""Cluster of wards that the user's file of groups leaves out."""

NOT_READABLE = "none"
"""Where even the whole area has too few crimes of any sort."""


class PlaceLevel(StrEnum):
    """How finely places are told apart, the finest first."""

    WARD = "ward"
    CLUSTER = "cluster"
    AREA = "area"


class CategoryLevel(StrEnum):
    """How finely crime is told apart, the finest first."""

    CATEGORY = "category"
    PRIORITY = "priority"
    ALL = "all"


_Level = TypeVar("_Level", PlaceLevel, CategoryLevel)


def checked_level(text: str, levels: type[_Level], *, where: str) -> _Level:
    """Return the level a person or program names.

    Args:
        text: Its name.
        levels: `PlaceLevel` or `CategoryLevel`.
        where: Name of the option or field, for the error.

    Returns:
        The level.

    Raises:
        WardcastError: There is none of that name.
    """
    if text in list(levels):
        return levels(text)
    raise invalid_input(
        f"There is no level `{text}`.",
        Problem(where=where, expected=f"one of {', '.join(levels)}", found=text, mend="Take one of these."),
    )


@dataclass(frozen=True, kw_only=True)
class _Groups:
    """Which positions of one axis make up each of the groups of a level.

    Attributes:
        keys: Code or id of each group.
        names: Name of each group, for people.
        members: Positions of each group's members.
    """

    keys: tuple[str, ...]
    names: tuple[str, ...]
    members: tuple[NDArray[np.intp], ...]

    def sums(self, values: NDArray[_Number], axis: int) -> NDArray[_Number]:
        """Add up the members of each group along an axis."""
        if len(self.keys) == values.shape[axis]:  # the finest level: paths are large, so no copy is made
            return values
        if not self.keys:
            return np.zeros_like(values, shape=(*values.shape[:axis], 0, *values.shape[axis + 1 :]))
        sums = [values.take(rows, axis=axis).sum(axis=axis, dtype=values.dtype) for rows in self.members]
        return np.stack(sums, axis=axis)


def clusters_of(panel: Panel) -> tuple[str, ...]:
    """Return the cluster of each ward of a panel's area.

    Args:
        panel: The panel.

    Returns:
        The user's groups where the panel has any of these wards (wards left out are `UNGROUPED`), else the boroughs
        where the area has several, else nothing. Length W or 0.
    """
    group = dict(zip(panel.ward_groups["ward_code"], panel.ward_groups["group"], strict=True))
    codes = panel.area.ward_codes
    if any(code in group for code in codes):
        return tuple(str(group.get(code, UNGROUPED)) for code in codes)
    borough = dict(zip(panel.wards["ward_code"], panel.wards["area_name"], strict=True))
    names = tuple(str(borough[code]) for code in codes)
    return names if len(set(names)) > 1 else ()


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
            and, where it is forecast, `asb`.

    Returns:
        The forecast at these levels. Growth of exposure is the mean over a place's wards, weighted by expected crime.

    Raises:
        WardcastError: Clusters are asked for and the wards have none, or priorities and no category serves one.
    """
    place, kind = _places(forecast, places), _kinds(forecast, categories)
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
        if not _kinds(forecast, kinds).keys:
            continue
        means = [aggregate(forecast, places=level, categories=kinds).mean for level in levels]
        finest = _kinds(forecast, kinds).sums(forecast.mean, 1)
        for level, mean in zip(levels, means, strict=True):
            worst = max(worst, float(np.abs(_places(forecast, level).sums(finest, 0) - mean).max()))
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
    asked_places, asked_kinds = _places(forecast, places), _kinds(forecast, categories)
    shape = (len(asked_places.keys), len(asked_kinds.keys))
    found = np.full(shape, NOT_READABLE, dtype=object)
    per_month = forecast.mean.mean(axis=2)
    for place_level, kind_level in _coarser(places, categories, has_clusters=bool(forecast.clusters)):
        outer_places, outer_kinds = _places(forecast, place_level), _kinds(forecast, kind_level)
        if not outer_kinds.keys:
            continue
        # The mean of summed paths is the sum of their means: no path is needed here.
        enough = outer_kinds.sums(outer_places.sums(per_month, 0), 1) >= TOO_FEW_PER_MONTH
        place, kind = _containing(asked_places, outer_places), _containing(asked_kinds, outer_kinds)
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


def _containing(inner: _Groups, outer: _Groups) -> NDArray[np.intp]:
    """Return the position of the outer group that holds each inner one, -1 where none does."""
    holder = {int(member): at for at, members in enumerate(outer.members) for member in members}
    return np.array([holder.get(int(members[0]), -1) for members in inner.members], dtype=np.intp)


def _places(forecast: Forecast, level: PlaceLevel) -> _Groups:
    wards = np.arange(len(forecast.ward_codes))
    if level is PlaceLevel.WARD:
        return _Groups(keys=forecast.ward_codes, names=forecast.ward_names, members=tuple(wards[:, None]))
    if level is PlaceLevel.AREA:
        return _Groups(keys=(forecast.area_code,), names=(forecast.area_name,), members=(wards,))
    if not forecast.clusters:
        raise invalid_input(
            "These wards have no clusters.",
            Problem(
                where="--level cluster",
                expected="a file of ward groups",
                found="none for these wards",
                mend="Add a CSV file with the columns ward_code, group to the data folder, or take ward or area.",
            ),
        )
    names = tuple(dict.fromkeys(forecast.clusters))
    return _Groups(keys=names, names=names, members=_members(forecast.clusters, names))


def _kinds(forecast: Forecast, level: CategoryLevel) -> _Groups:
    known = taxonomy()
    if level is CategoryLevel.CATEGORY:
        labels = forecast.categories
    elif level is CategoryLevel.PRIORITY:
        labels = tuple(known[category].priority for category in forecast.categories)
    else:
        labels = tuple(ALL_CRIME if known[category].crime else category for category in forecast.categories)
    names = tuple(name for name in dict.fromkeys(labels) if name)
    return _Groups(keys=names, names=names, members=_members(labels, names))


def _members(labels: Sequence[str], names: Sequence[str]) -> tuple[NDArray[np.intp], ...]:
    """Return the positions at which each name stands among the labels."""
    return tuple(np.flatnonzero([label == name for label in labels]) for name in names)
