"""How far off counts are that are carried between ward sets, measured where both sets were published.

    python experiments/study_carry.py --data FOLDER --area E09000002 [--write]

The MPS published the same crimes on the wards of 2018 and, counted back, on those of 2022. Carrying the one by
residents must give the other; what it misses is the error of carrying. `--write` puts the packaged table
`carry_share_error.csv` in its place, from which a panel takes the uncertainty of its carried counts
(`wardcast_models.panel.counts.carry`).
"""

from __future__ import annotations

import argparse
import csv
import io
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wardcast_models import reference
from wardcast_models.errors import WardcastError
from wardcast_models.panel.counts.carry import carry_counts
from wardcast_models.panel.counts.combine import WardCounts, combine
from wardcast_models.panel.gather import gather
from wardcast_models.panel.parts import LsoaLookup, Part, WardLookup, WardRelease
from wardcast_models.panel.places.gazetteer import gazetteer
from wardcast_models.panel.places.shares import shares_between
from wardcast_models.panel.tables.tables import of_kind
from wardcast_models.panel.tables.ward_tables import residents_of
from wardcast_models.progress import silent

TABLE = Path(str(reference.__file__)).with_name("carry_share_error.csv")
COLUMNS = ("category", "monthly_count_below", "share_error", "source")
SIZES = (0.5, 2.0, 8.0, np.inf)
"""Bands of mean monthly count of a ward, for categories that are not measured on their own."""
LEAST_CRIMES = 24
"""Crimes of a category in all, one a month, from which its error, where beyond chance, is told on its own."""
LEAST_MONTHLY = 1.0
"""Crimes a month of a category from which a ward's carried months are judged."""


@dataclass(frozen=True, kw_only=True)
class Direction:
    """What carrying one way gave, beside what was published. N wards, C categories, T months.

    Attributes:
        name: For example `WD18 to WD22`.
        categories: Analysis category ids; length C.
        carried: Carried counts, shape (N, C, T).
        published: Published counts, shape (N, C, T).
        relative_sd: Standard deviation told for a carried month, over its count, shape (N, C).
        monthly: Mean monthly count of the wards carried from, shape (C,).
        share_error: Measured share error, shape (C,); see `share_errors`.
    """

    name: str
    categories: tuple[str, ...]
    carried: NDArray[np.float64]
    published: NDArray[np.float64]
    relative_sd: NDArray[np.float64]
    monthly: NDArray[np.float64]
    share_error: NDArray[np.float64]

    def off(self) -> float:
        """Return the sum of the wards' absolute errors, all crimes of all months, over all crimes."""
        return float(np.abs(self._total(self.carried) - self._total(self.published)).sum() / self.published.sum())

    @staticmethod
    def _total(counts: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray(counts.sum(axis=(1, 2)))

    def typical_sd(self) -> float:
        """Return the median of the told standard deviations where a ward has a crime a month or more."""
        common = (self.carried.mean(axis=2) >= LEAST_MONTHLY) & (self.relative_sd > 0)
        return float(np.median(self.relative_sd[common]))

    def within(self, deviations: float) -> float:
        """Return the share of such ward-months that lie within some standard deviations of what was published."""
        common = (self.carried.mean(axis=2) >= LEAST_MONTHLY) & (self.relative_sd > 0)
        sd = self.relative_sd * self.carried.mean(axis=2)
        off = np.abs(self.carried - self.published) <= deviations * sd[:, :, None] + 0.5
        return float(off[common].mean())


def measured(parts: Sequence[Part], area: str) -> tuple[tuple[Direction, ...], pd.DatetimeIndex]:
    """Carry both ways between the two ward sets that both were published on.

    Args:
        parts: Everything that was read from a folder.
        area: GSS code of a borough.

    Returns:
        A direction each way, and the months compared.

    Raises:
        ValueError: The files do not hold the borough on two ward sets with a lookup between them.
    """
    lookups, releases = of_kind(parts, WardLookup), of_kind(parts, WardRelease)
    places = gazetteer(of_kind(parts, LsoaLookup))
    for lookup in lookups:
        pair = (lookup.old_vintage, lookup.new_vintage)
        mine = [[one for one in releases if vintage in one.vintages] for vintage in pair]
        if not all(mine):
            continue
        old, new = (combine(one) for one in mine)
        months = old.months.intersection(new.months)
        found = []
        for (start, origin), (end, target) in (((old, pair[0]), (new, pair[1])), ((new, pair[1]), (old, pair[0]))):
            shares = shares_between(lookups, origin, target, places=places, residents=residents_of(parts))
            shares = shares[[places.area_code(code) == area for code in shares["from_code"]]]
            if shares.empty or months.empty:
                break
            found.append(_direction(f"{origin} to {target}", start, end, shares, months))
        if len(found) == 2:
            return tuple(found), months
    raise ValueError(f"The files do not hold {area} on two ward sets with a lookup between them.")


def _direction(
    name: str, start: WardCounts, end: WardCounts, shares: pd.DataFrame, months: pd.DatetimeIndex
) -> Direction:
    categories = tuple(one for one in start.categories if one in end.categories)
    codes = sorted(set(shares["from_code"]))
    given = _cells(start, codes, categories, months)
    carried = carry_counts(codes, categories, given, shares)
    published = _cells(end, carried.ward_codes, categories, months)
    table = shares.pivot_table(index="from_code", columns="to_code", values="share", fill_value=0.0)
    divided = table.reindex(index=codes, columns=list(carried.ward_codes)).to_numpy(dtype=np.float64)
    return Direction(
        name=name,
        categories=categories,
        carried=carried.counts,
        published=published,
        relative_sd=carried.relative_sd,
        monthly=given.mean(axis=(0, 2)),
        share_error=share_errors(given.sum(axis=2), published.sum(axis=2), divided),
    )


def _cells(
    counts: WardCounts, codes: Sequence[str], categories: Sequence[str], months: pd.DatetimeIndex
) -> NDArray[np.float64]:
    """Return counts of some wards, categories and months; a category that is not observed there is 0."""
    rows = pd.Index(counts.ward_codes).get_indexer(pd.Index(codes))
    kinds = pd.Index(counts.categories).get_indexer(pd.Index(categories))
    return np.nan_to_num(counts.counts[np.ix_(rows, kinds, counts.months.get_indexer(months))])


def share_errors(
    start: NDArray[np.float64], end: NDArray[np.float64], shares: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return how far shares of residents are off the shares of each category, over sqrt(s (1 - s)).

    A ward with n crimes sends each of them to a new ward with probability s: the new ward's count varies by
    n s (1 - s). What its squared error has beyond that, over n^2 s (1 - s), is the square of the share's own error e.
    Both are summed over the new wards. Totals that differ between the two releases are scaled away first.

    Args:
        start: Crimes of the whole time on the wards carried from, shape (N, C).
        end: The same on the wards carried to, shape (M, C).
        shares: Shares of each ward's residents, shape (N, M).

    Returns:
        The errors, shape (C,); 0 where there is no more than chance, or no crime.
    """
    shares = shares / shares.sum(axis=1, keepdims=True)
    crimes = start * (end.sum(axis=0) / np.maximum(start.sum(axis=0), 1.0))
    binomial = (shares * (1.0 - shares)).sum(axis=1)  # (N,)
    squared_error = ((end - shares.T @ crimes) ** 2).sum(axis=0)
    by_chance, scale = binomial @ crimes, binomial @ crimes**2
    beyond = np.maximum(squared_error - by_chance, 0.0)
    return np.asarray(np.sqrt(beyond / np.where(scale > 0, scale, np.inf)))


def rows_of(directions: Sequence[Direction], source: str) -> list[dict[str, str]]:
    """Return the rows of the packaged table: each category with enough crimes, then bands of size for others.

    Args:
        directions: Both directions; their squared errors are averaged.
        source: What was measured.

    Returns:
        The rows, in the columns of `COLUMNS`.

    Raises:
        ValueError: No category is of the size of a band.
    """
    first, second = directions
    errors = np.sqrt((first.share_error**2 + second.share_error**2) / 2.0)
    monthly = (first.monthly + second.monthly) / 2.0
    crimes = first.published.sum(axis=(0, 2))
    rows = [
        _row(category, np.inf, error, source)
        for category, error, number in zip(first.categories, errors, crimes, strict=True)
        if number >= LEAST_CRIMES and error > 0
    ]
    for least, below in pairwise((0.0, *SIZES)):
        band = errors[(monthly >= least) & (monthly < below)]
        if not len(band):
            raise ValueError(
                f"No category has from {least:g} to {below:g} crimes a month in a ward: too few to measure."
            )
        mean = float(np.sqrt((band**2).mean()))
        rows.append(_row("", below, mean, f"{source}; root mean square of {len(band)} categories of this size"))
    return rows


def _row(category: str, below: float, error: float, source: str) -> dict[str, str]:
    return dict(zip(COLUMNS, (category, f"{below:g}", f"{error:.2f}", source), strict=True))


def source_of(area: str, months: pd.DatetimeIndex) -> str:
    """Return what was measured, for the table."""
    return (
        f"measured by experiments/study_carry.py: MPS ward releases on both ward sets, {area}, {months[0]:%Y-%m} to "
        f"{months[-1]:%Y-%m}, carried both ways by residents"
    )


def as_csv(rows: Sequence[dict[str, str]]) -> str:
    """Return rows as the text of the packaged table."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def main() -> int:
    """Measure, print, and write where asked to."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder of official files on two ward sets")
    parser.add_argument("--area", default="E09000002", help="GSS code of a borough")
    parser.add_argument("--write", action="store_true", help="write the packaged table carry_share_error.csv")
    options = parser.parse_args()
    try:
        directions, months = measured(gather(options.data, silent).parts, options.area)
        rows = rows_of(directions, source_of(options.area, months))
    except (WardcastError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{options.area}, {months[0]:%Y-%m} to {months[-1]:%Y-%m}, both ward sets as published\n")
    print(f"{'carried':<14} {'totals of wards off by':>23} {'sd of a ward-month':>19} {'within 1':>9} {'1.96 sd':>8}")
    for each in directions:
        print(
            f"{each.name:<14} {each.off():>23.1%} {each.typical_sd():>19.0%} {each.within(1.0):>9.0%} "
            f"{each.within(1.96):>8.0%}"
        )
    print("(the last three: where a ward has a crime a month or more of a category)\n")
    for row in rows:
        kind = row["category"] or f"any other, below {row['monthly_count_below']} a month"
        print(f"{kind:<32} {row['share_error']:>6}")
    text = as_csv(rows)
    is_same = text == TABLE.read_text(encoding="utf-8")
    print(f"\nThe packaged table is {'the same' if is_same else 'another'}.")
    if options.write and not is_same:
        TABLE.write_text(text, encoding="utf-8")
        print(f"Wrote {TABLE.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
