"""The counts that an assessment publishes by ward, as cells, with every sum that a reader knows of them."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from wardcast_models.disclosure.cells import Cells, Sum
from wardcast_models.profile.assessment import Assessment

SLOTS = ("count", "previous_count")
"""The columns of counts: this year and the year before."""

WHOLE_AREA = ""

_TOLERANCE = 1e-6
_NAMES = ["measure", "ward_code", "slot"]


@dataclass
class _Table:
    """Cells and sums as they are collected."""

    names: list[tuple[str, str, str]] = field(default_factory=list)
    counts: list[float] = field(default_factory=list)
    unpublished: list[bool] = field(default_factory=list)
    sums: list[Sum] = field(default_factory=list)

    def add(self, name: tuple[str, str, str], count: float, *, unpublished: bool = False) -> int:
        """Add a cell and return its position."""
        self.names.append(name)
        self.counts.append(count)
        self.unpublished.append(unpublished)
        return len(self.counts) - 1

    def tie(self, total: int, parts: tuple[int, ...]) -> None:
        """Add a sum.

        Where total and parts are not of the same months they differ: then all a reader knows is that what one has
        beside the other is 0 or more.
        """
        name = self.names[total]
        apart = self.counts[total] - sum(self.counts[part] for part in parts)
        if abs(apart) < _TOLERANCE:
            self.sums.append(Sum(total=total, members=parts))
            return
        rest = self.add(name, abs(apart), unpublished=True)
        if apart > 0:
            self.sums.append(Sum(total=total, members=(*parts, rest)))
            return
        both = self.add(name, self.counts[total] - apart, unpublished=True)
        self.sums += [Sum(total=both, members=parts), Sum(total=both, members=(total, rest))]


def area_cells(assessment: Assessment, sensitive: tuple[str, ...]) -> Cells:
    """Return every published count of the wards and of the area, for both years, with the sums that tie them.

    A measure's wards add up to the area; the categories that a measure adds up (`measures.categories`) add up to it in
    every ward, and so in the area too.

    Args:
        assessment: The internal form.
        sensitive: Categories whose small ward counts have to be hidden; a measure of one such category is it too.

    Returns:
        The cells, named by `measure, ward_code, slot`; `ward_code` is "" for the area.
    """
    members = {str(row.measure): tuple(str(row.categories).split()) for row in assessment.measures.itertuples()}
    table = _Table()
    for slot in SLOTS:
        held = assessment.wards.dropna(subset=[slot])
        position = {
            (str(row.measure), str(row.ward_code)): table.add((str(row.measure), str(row.ward_code), slot), count)
            for row, count in zip(held.itertuples(), held[slot].astype(float), strict=True)
        }
        for measure, rows in held.groupby("measure", sort=False):
            name, wards = str(measure), [str(code) for code in rows["ward_code"]]
            of_wards = tuple(position[name, ward] for ward in wards)
            total = table.add((name, WHOLE_AREA, slot), sum(table.counts[cell] for cell in of_wards))
            table.sums.append(Sum(total=total, members=of_wards))
            inside = [category for category in members.get(name, ()) if category != name]
            for ward in wards:
                parts = tuple(position[part, ward] for part in inside if (part, ward) in position)
                if parts:
                    table.tie(position[name, ward], parts)
    names = pd.DataFrame(table.names, columns=_NAMES)
    one_by_one = {measure for measure, parts in members.items() if len(parts) == 1 and parts[0] in sensitive}
    unpublished = np.array(table.unpublished, dtype=np.bool_)
    guarded = names["measure"].isin([*sensitive, *one_by_one]) & (names["ward_code"] != WHOLE_AREA)
    return Cells(
        names=names,
        counts=np.array(table.counts, dtype=np.float64),
        sensitive=guarded.to_numpy() & ~unpublished,
        unpublished=unpublished,
        sums=tuple(table.sums),
    )
