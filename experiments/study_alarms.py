"""How often the strategic assessment raises an alarm where nothing changed, and how often it finds what did change.

Panels of the embedded sample's wards are drawn with nothing in them but level, season and noise: no month or ward is
truly out of line. The noise is an AR(1) in the log level, once for each category and once for each ward and category,
with negative binomial counts around it. Shares of crime by ward are laid out on the map at random, so no ward is a
hotspot of its neighbours' making, and the highest are cut to twice an even share: that is the most a ward may have
without standing out by itself. The assessment's own tables are then asked. In the changed panels every fourth category
grows over the last three years and has a planted hotspot of one ward and its neighbours; the ward in its middle has as
many times an even share as is planted.

`python experiments/study_alarms.py` prints two tables: the share of panels with any alarm where nothing changed, and
what is found where something did. `--data DIR --area CODE` adds how autocorrelated the months of real files are around
their trend and season, year by year.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wardcast_models.panel.ingest import read_folder
from wardcast_models.panel.panel import Panel
from wardcast_models.profile.count_maps import ward_map
from wardcast_models.profile.count_model import days_in, fit_counts, harmonics
from wardcast_models.profile.emerging import emerging
from wardcast_models.profile.excess import TIMES_EXPECTED, ward_noise
from wardcast_models.profile.hotspot import hotspots
from wardcast_models.profile.measures import Measure, measures_of
from wardcast_models.profile.monthly import monthly_counts
from wardcast_models.profile.neighbours import neighbours
from wardcast_models.profile.published_counts import published_counts
from wardcast_models.profile.residents import residents_for
from wardcast_models.profile.trend import TREND_MONTHS, trends
from wardcast_models.profile.year import CoveredYear, covered_year, observed_months
from wardcast_models.profile.year_tables import year_tables
from wardcast_models.reference.taxonomy import taxonomy
from wardcast_models.sample import write_sample

AREA = "E09000002"
YEAR = "2018/19"
MONTHS = pd.date_range("2011-04-01", "2019-03-01", freq="MS")
SHARED_SD = 0.08
WARD_SD = 0.10
SEASON = 0.15
EVERY = 4
TIMES_IN_HOTSPOT = 2.5
TIMES_ALONE = 4.0
ALONE = "stands out, wards"
REAL_YEARS = ("2012/13", "2013/14", "2014/15", "2015/16", "2016/17", "2017/18", "2018/19", "2023/24")


@dataclass(frozen=True, kw_only=True)
class Place:
    """What panels are drawn on. W wards, C categories.

    Attributes:
        panel: The sample's panel, on crimes only.
        means: Mean count a month, shape (W, C).
        touching: Neighbours, shape (W, W).
    """

    panel: Panel
    means: NDArray[np.float64]
    touching: NDArray[np.bool_]


def sample_place() -> Place:
    """Read the embedded sample: its wards, crimes and mean counts."""
    with tempfile.TemporaryDirectory() as folder:
        write_sample(Path(folder) / "sample")
        panel = read_folder(Path(folder) / "sample", area=AREA)
    crimes = [at for at, name in enumerate(panel.categories) if taxonomy()[name].crime]
    means = np.nanmean(panel.counts[panel.area_rows][:, crimes], axis=2)
    touching = neighbours(panel.polygons, panel.area.ward_codes)
    if touching is None:
        raise SystemExit("The sample has no polygons.")
    categories = tuple(panel.categories[at] for at in crimes)
    return Place(panel=replace(panel, categories=categories), means=np.maximum(means, 1e-3), touching=touching)


def wandering(random: np.random.Generator, shape: tuple[int, ...], autocorrelation: float) -> NDArray[np.float64]:
    """Draw AR(1) noise of unit spread and the given shape, whose last axis is months."""
    shocks = random.normal(size=shape)
    for month in range(1, shape[-1]):
        fresh = np.sqrt(1.0 - autocorrelation**2) * shocks[..., month]
        shocks[..., month] = autocorrelation * shocks[..., month - 1] + fresh
    return shocks


def at_most_twice(means: NDArray[np.float64]) -> NDArray[np.float64]:
    """Cut what a ward has of a category to twice an even share of what is left, shape (W, C)."""
    for _ in range(20):  # what is cut lowers the even share too
        means = np.minimum(means, TIMES_EXPECTED * means.mean(axis=0))
    return means


def drawn_panel(place: Place, random: np.random.Generator, autocorrelation: float, percent: float) -> Panel:
    """Draw a panel.

    Args:
        place: Where.
        random: Source of chance.
        autocorrelation: Of the noise from month to month.
        percent: Growth a year of every fourth category over the last three years, which then has a hotspot too; 0 for
            a panel in which nothing changed and nothing clusters.

    Returns:
        The panel.
    """
    wards, kinds = place.means.shape
    means = at_most_twice(random.permuted(place.means, axis=0))
    changed = np.arange(kinds) % EVERY == 0
    years = np.clip(np.arange(len(MONTHS)) - (len(MONTHS) - TREND_MONTHS), 0, None) / 12.0
    if percent:
        centre = int(random.integers(wards))
        hot = place.touching[centre] | (np.arange(wards) == centre)
        means = np.where(changed & hot[:, None], means.mean(axis=0) * TIMES_IN_HOTSPOT, means)
        others = np.delete(means, centre, axis=0).sum(axis=0)
        alone = others * TIMES_ALONE / (wards - TIMES_ALONE)
        means[centre] = np.where(changed, alone, means[centre])
    level = SEASON * np.cos(2.0 * np.pi * MONTHS.month.to_numpy() / 12.0)
    level = level + np.where(changed[:, None], np.log1p(percent / 100.0) * years, 0.0)
    level = level + SHARED_SD * wandering(random, (kinds, len(MONTHS)), autocorrelation)
    own = WARD_SD * wandering(random, (wards, kinds, len(MONTHS)), autocorrelation)
    expected = means[:, :, None] * np.exp(level[None] + own)
    size = 50.0
    counts = random.negative_binomial(size, size / (size + expected)).astype(np.float64)
    return replace(place.panel, months=MONTHS, counts=counts, carried=place.panel.carried.iloc[:0], releases=())


def alarms(panel: Panel) -> dict[str, pd.DataFrame]:
    """Ask every table of the assessment: tables with `measure` and `significant`, by the name of the test."""
    year = covered_year(panel, YEAR)
    measures = measures_of(panel)
    counts = monthly_counts(panel, measures, year)
    residents = residents_for(panel, panel.area.ward_codes, year.months[6])
    tables = year_tables(panel, counts, year, residents)
    trend = trends(panel, counts, year.last_month)
    newest = emerging(counts, year.last_month)
    # Residents say nothing of shares laid out at random: the map is asked for counts alone.
    nobody = replace(residents, persons=np.full(len(residents.persons), np.nan))
    wards = ward_map(panel, measures, tables.sums, nobody, ward_noise(counts, year, tables.sums))
    spots = hotspots([] if wards is None else [wards])
    return {
        "rolling trend, area": trend[trend["ward_code"] == ""],
        "rolling trend, wards": trend[trend["ward_code"] != ""],
        "year on year, area": tables.area,
        "year on year, wards": tables.wards,
        "emerging, area": newest[newest["ward_code"] == ""],
        "emerging, wards": newest[newest["ward_code"] != ""],
        "hotspots, wards": spots,
        ALONE: spots.assign(significant=spots["stands_out"]),
    }


def truly_changed(panel: Panel) -> set[str]:
    """Return the measures that have a changed category in them."""
    changed = set(panel.categories[::EVERY])
    return {measure.measure for measure in measures_of(panel) if changed & set(measure.categories)}


def study(place: Place, autocorrelation: float, percent: float, runs: int, seed: int) -> pd.DataFrame:
    """Draw panels and count alarms.

    Args:
        place: Where.
        autocorrelation: Of the noise.
        percent: Growth a year of every fourth category, or 0.
        runs: How many panels.
        seed: Seed of everything random.

    Returns:
        One row a test and panel: `test, alarms, false_alarms, found, to_find`.
    """
    random = np.random.default_rng(seed)
    true = truly_changed(place.panel) if percent else set()
    single = set(place.panel.categories[::EVERY]) if percent else set()
    rows = []
    for _ in range(runs):
        for test, table in alarms(drawn_panel(place, random, autocorrelation, percent)).items():
            raised = table[table["significant"].astype(bool)]
            to_find, found = (part[part["measure"].isin(single)] for part in (table, raised))
            if test == ALONE:  # only the ward in the middle can be found
                to_find, found = (part.drop_duplicates("measure") for part in (to_find, found))
            false = int((~raised["measure"].isin(true)).sum())
            rows.append((test, len(raised), false, len(found), len(to_find)))
    return pd.DataFrame(rows, columns=["test", "alarms", "false_alarms", "found", "to_find"])


def print_quiet(place: Place, options: argparse.Namespace) -> None:
    """Print how often anything is called clear where nothing changed."""
    print(f"Share of {options.runs} unchanged panels with any alarm, by autocorrelation of the noise")
    table = {}
    for autocorrelation in options.autocorrelation:
        made = study(place, autocorrelation, 0.0, options.runs, options.seed)
        table[f"{autocorrelation:.2f}"] = (made["alarms"] > 0).groupby(made["test"], sort=False).mean()
    print(pd.DataFrame(table).map("{:.0%}".format).to_string(), "\n")


def print_changed(place: Place, options: argparse.Namespace) -> None:
    """Print how much of what changed is found, and how many of the alarms are false."""
    print(
        f"Every {EVERY}th category grows by {options.percent:.0f} % a year and has a hotspot ({options.runs} panels): "
        "changed categories found (power), and false ones among alarms"
    )
    table = {}
    for autocorrelation in options.autocorrelation:
        made = study(place, autocorrelation, options.percent, options.runs, options.seed + 1)
        made["share"] = made["false_alarms"] / made["alarms"].clip(lower=1)
        by_test = made.groupby("test", sort=False)
        sums = by_test[["found", "to_find"]].sum()
        table[f"{autocorrelation:.2f} found"] = sums["found"] / sums["to_find"]
        table[f"{autocorrelation:.2f} false"] = by_test["share"].mean()
    print(pd.DataFrame(table).map("{:.0%}".format).to_string(), "\n")


def print_real(data: Path, area: str) -> None:
    """Print how autocorrelated the months of an area's files are around trend and season."""
    panel = published_counts(read_folder(data, area=area))
    measures = measures_of(panel)
    rows = [
        row
        for label in REAL_YEARS
        if (year := _year(panel, label)) is not None and (row := _real_row(panel, measures, year)) is not None
    ]
    print("Months of the area around trend and season (36 months up to the end of the year)")
    print(pd.DataFrame(rows).to_string(index=False) if rows else "No year with 36 months is held.")


def _year(panel: Panel, label: str) -> CoveredYear | None:
    start = pd.Timestamp(f"{label[:4]}-04-01")
    held = pd.date_range(start - pd.DateOffset(years=2), periods=TREND_MONTHS, freq="MS").isin(observed_months(panel))
    return covered_year(panel, label) if held.all() else None


def _real_row(panel: Panel, measures: tuple[Measure, ...], year: CoveredYear) -> dict[str, str] | None:
    counts = monthly_counts(panel, measures, year)
    window = counts.window(year.last_month, TREND_MONTHS)
    months = counts.months[window]
    series = counts.area[:, window]
    series = series[~np.isnan(series).any(axis=1) & (np.nan_to_num(series).sum(axis=1) >= 200)]
    if not len(series):
        return None
    design = np.column_stack([np.ones(len(months)), np.arange(len(months)) / 12.0, harmonics(months)])
    groups = np.zeros(len(series), dtype=np.intp)
    fit = fit_counts(series, design, days_in(months), groups, pool_dispersion=False)
    residuals = (series - fit.expected) / np.sqrt(fit.expected)
    seen = (residuals[:, 1:] * residuals[:, :-1]).sum(axis=1) / (residuals**2).sum(axis=1)
    return {
        "year": year.label,
        "series": str(len(series)),
        "lag 1 as seen: 10, 50, 90 %": _spread(seen),
        "taken by the tests: 10, 50, 90 %": _spread(fit.autocorrelation),
        "dispersion: 10, 50, 90 %": _spread(fit.dispersion),
    }


def _spread(values: NDArray[np.float64]) -> str:
    return "  ".join(f"{value:.2f}" for value in np.quantile(values, [0.1, 0.5, 0.9]))


def arguments(given: Sequence[str] | None = None) -> argparse.Namespace:
    """Read the command line.

    Args:
        given: Arguments; None for those of the process.

    Returns:
        What was chosen.
    """
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False
    )
    parser.add_argument("--runs", type=int, default=40, help="panels drawn of every kind")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--autocorrelation", type=float, nargs="+", default=[0.0, 0.5, 0.7, 0.85])
    parser.add_argument("--percent", type=float, default=20.0, help="growth a year of the changed categories")
    parser.add_argument("--data", type=Path, help="folder of the official files, to see how they are autocorrelated")
    parser.add_argument("--area", default=AREA)
    options = parser.parse_args(given)
    if options.runs < 1 or not all(0.0 <= value < 1.0 for value in options.autocorrelation):
        parser.error("--runs has to be 1 or more, and --autocorrelation from 0 to below 1")
    return options


def main(given: Sequence[str] | None = None) -> int:
    """Draw, ask and print.

    Args:
        given: Arguments; None for those of the process.

    Returns:
        0.
    """
    options = arguments(given)
    place = sample_place()
    print_quiet(place, options)
    print_changed(place, options)
    if options.data is not None:
        print_real(options.data, options.area)
    return 0


if __name__ == "__main__":
    sys.exit(main())
