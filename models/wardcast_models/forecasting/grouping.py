"""Places and kinds of crime from the finest level to the coarsest, and what each is made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from wardcast_models.errors import Problem, invalid_input
from wardcast_models.forecasting.forecast import Forecast
from wardcast_models.panel.panel import Panel
from wardcast_models.reference.taxonomy import taxonomy

_Number = TypeVar("_Number", np.int32, np.float64)

ALL_CRIME = "all_crime"
"""Id of the sum of all categories of crime that are forecast; no incident of anti-social behaviour, fly-tipping or fire
is in it."""

UNGROUPED = "other wards"
"""Cluster of wards that the user's file of groups leaves out."""


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
class Groups:
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
        """Add up the members of each group along an axis.

        Args:
            values: Any shape with the members along that axis.
            axis: The axis.

        Returns:
            The same shape with the groups there; the values themselves at the finest level.
        """
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


def place_groups(forecast: Forecast, level: PlaceLevel) -> Groups:
    """Return the wards that make up each place of a level.

    Args:
        forecast: A forecast by ward and category.
        level: Level of places; a cluster's key is its name.

    Returns:
        The groups, members being positions of wards.

    Raises:
        WardcastError: Clusters are asked for and the wards have none.
    """
    wards = np.arange(len(forecast.ward_codes))
    if level is PlaceLevel.WARD:
        return Groups(keys=forecast.ward_codes, names=forecast.ward_names, members=tuple(wards[:, None]))
    if level is PlaceLevel.AREA:
        return Groups(keys=(forecast.area_code,), names=(forecast.area_name,), members=(wards,))
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
    return Groups(keys=names, names=names, members=_members(forecast.clusters, names))


def kind_groups(forecast: Forecast, level: CategoryLevel) -> Groups:
    """Return the categories that make up each kind of crime of a level.

    Args:
        forecast: A forecast by ward and category.
        level: Level of crime.

    Returns:
        The groups, members being positions of categories; none where priorities are asked for and no category serves
        one. What is not crime is never added to it, nor to anything else: at the coarsest level it stays apart.
    """
    known = taxonomy()
    if level is CategoryLevel.CATEGORY:
        labels = forecast.categories
    elif level is CategoryLevel.PRIORITY:
        labels = tuple(known[category].priority for category in forecast.categories)
    else:
        labels = tuple(ALL_CRIME if known[category].crime else category for category in forecast.categories)
    names = tuple(name for name in dict.fromkeys(labels) if name)
    return Groups(keys=names, names=names, members=_members(labels, names))


def _members(labels: Sequence[str], names: Sequence[str]) -> tuple[NDArray[np.intp], ...]:
    """Return the positions at which each name stands among the labels."""
    return tuple(np.flatnonzero([label == name for label in labels]) for name in names)


def containing(inner: Groups, outer: Groups) -> NDArray[np.intp]:
    """Return the position of the outer group that holds each inner one.

    Args:
        inner: Groups of the finer level.
        outer: Groups of the coarser level, of the same members.

    Returns:
        One position an inner group, -1 where none holds it.
    """
    holder = {int(member): at for at, members in enumerate(outer.members) for member in members}
    return np.array([holder.get(int(members[0]), -1) for members in inner.members], dtype=np.intp)
