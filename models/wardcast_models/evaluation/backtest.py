"""Rolling-origin backtests: what every forecaster would have said, against what was recorded."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from wardcast_models.errors import Problem, invalid_input
from wardcast_models.evaluation.availability import Availability, as_known, known_share
from wardcast_models.evaluation.calibration import calibration_by_band
from wardcast_models.evaluation.cells import join_cells, score_cells
from wardcast_models.evaluation.differences import differences
from wardcast_models.evaluation.ranking import hotspot_ranking
from wardcast_models.evaluation.summary import by_horizon, by_origin, by_ward_group, summarise
from wardcast_models.evaluation.ward_areas import ward_areas_km2
from wardcast_models.fan_out import FanOut
from wardcast_models.forecasting.levels import incoherence
from wardcast_models.forecasting.regimes import marked_spans
from wardcast_models.forecasting.registry import forecaster
from wardcast_models.panel.panel import Panel
from wardcast_models.progress import Progress, silent

_AS_PUBLISHED = Availability()
_THIS_MACHINE = FanOut()
_FORECASTING_SHARE = 0.95
"""Share of a backtest's time that goes into forecasting; the rest is comparing."""


@dataclass(frozen=True, kw_only=True)
class BacktestResult:
    """What the forecasters said and how right they were.

    Attributes:
        cells: One row per model, origin, ward, category and month with a known count (see `score_cells`).
        summary: One row per model: the measures of `summarise`, `incoherence` (the largest difference between a sum of
            wards and the area's own number) and `seconds` to fit and forecast an origin.
        per_horizon: One row per model and months ahead.
        per_origin: One row per model and origin; origins that a known break touches are marked (see `by_origin`).
        per_group: One row per model and group of the panel's `ward_groups`; empty where it has none.
        calibration: One row per model and band of the forecast mean (see `calibration_by_band`).
        ranking: Hotspot measures, one row per model, origin, target, unit and share (see `hotspot_ranking`).
        differences: The first forecaster against each other one, with intervals (see `differences`); empty where there
            is no other.
        notes: What has to be known to read them.
    """

    cells: pd.DataFrame
    summary: pd.DataFrame
    per_horizon: pd.DataFrame
    per_origin: pd.DataFrame
    per_group: pd.DataFrame
    calibration: pd.DataFrame
    ranking: pd.DataFrame
    differences: pd.DataFrame
    notes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class _Trial:
    """What is the same for every forecast of a backtest."""

    panel: Panel
    availability: Availability
    horizon_months: int
    n_paths: int
    seed: int


@dataclass(frozen=True, kw_only=True)
class _Scored:
    """One scored forecast."""

    cells: pd.DataFrame
    incoherence: float
    seconds: float


def backtest(
    panel: Panel,
    *,
    forecasters: Sequence[str],
    origins: Sequence[pd.Timestamp],
    horizon_months: int,
    n_paths: int = 500,
    seed: int = 0,
    availability: Availability = _AS_PUBLISHED,
    fan_out: FanOut = _THIS_MACHINE,
    progress: Progress = silent,
) -> BacktestResult:
    """Forecast from every origin with every forecaster and compare with the recorded counts.

    Args:
        panel: The panel. A forecaster is only shown what was known at the origin.
        forecasters: Names from the registry; the first is compared with each of the others.
        origins: Last months of data; each must leave `horizon_months` months in the panel.
        horizon_months: Months ahead.
        n_paths: Sample paths of each forecast.
        seed: Seed of the paths.
        availability: When counts and populations become known.
        fan_out: Where the forecasts are made, one forecaster and origin at a time.
        progress: Told after every forecast.

    Returns:
        Cells and measures.

    Raises:
        WardcastError: An unknown forecaster, or an origin that does not fit into the data.
    """
    names = tuple(dict.fromkeys(forecasters))
    _check(panel, names, origins, horizon_months)
    trial = _Trial(panel=panel, availability=availability, horizon_months=horizon_months, n_paths=n_paths, seed=seed)
    items = [(name, origin) for origin in origins for name in names]
    scored = fan_out.map(
        _score,
        items,
        shared=trial,
        progress=lambda fraction, phrase: progress(_FORECASTING_SHARE * fraction, f"forecasting: {phrase}"),
    )
    progress(_FORECASTING_SHARE, "comparing with the recorded counts")
    cells = join_cells([one.cells for one in scored])
    told = notes(panel, origins, availability)
    result = _result(panel, names, cells, _effort(items, scored), told)
    progress(1.0, "compared with the recorded counts")
    return result


def notes(panel: Panel, origins: Sequence[pd.Timestamp], availability: Availability) -> tuple[str, ...]:
    """Return what a reader of any backtest has to know.

    Args:
        panel: The panel.
        origins: Last months of data that forecasts were made from.
        availability: When counts and populations became known.

    Returns:
        Sentences.
    """
    projection = (
        "A projection is used at every origin as it stands in the files, whenever it was made."
        if availability.projection_known_from is None
        else f"Projections are used from {availability.projection_known_from:%Y-%m} on."
    )
    return (
        *_counts_notes(panel, origins, availability),
        "An origin is the last month of counts; they are published, and a forecast can be made, "
        f"{availability.count_lag_months} month(s) later.",
        f"Population estimates are used from {availability.estimate_lag_months} months after their date and Census "
        f"2021 from {availability.census_published:%Y-%m}. {projection}",
        "Closed intervals of integers hold more than their nominal share; the randomised PIT does not have this fault.",
    )


def _counts_notes(panel: Panel, origins: Sequence[pd.Timestamp], availability: Availability) -> list[str]:
    """Say how far the counts that the forecasters saw were those of the time."""
    shares = {origin: known_share(panel, origin, availability) for origin in sorted(set(origins))}
    told = {origin: share for origin, share in shares.items() if share is not None}
    if not any(share.known_cells for share in told.values()):
        return [
            "Pseudo-real-time: counts are the final back-cast, so every origin sees revised counts, on today's wards, "
            "that were not yet published then."
        ]
    by_origin = (
        f"{origin:%Y-%m} {share.share_known:.0%}" + (" (day assumed)" if share.of_assumed_day else "")
        for origin, share in told.items()
    )
    return [
        "Pseudo-real-time: an origin sees the counts of the newest release published by then, and compares with the "
        "newest counts. Where no release of that time is at hand it sees later figures, and other sources (anti-social "
        "behaviour, counts carried from other wards) as they stand. Share of the counts really known then, by origin: "
        f"{', '.join(by_origin)}; the others are later figures."
    ]


def _score(trial: _Trial, item: tuple[str, pd.Timestamp]) -> _Scored:
    """Fit a forecaster at an origin, forecast, and score the forecast."""
    name, origin = item
    past = as_known(trial.panel, origin, trial.availability)
    started = time.perf_counter()
    trained = forecaster(name).fit(past, until=origin)
    forecast = trained.forecast(horizon_months=trial.horizon_months, n_paths=trial.n_paths, seed=trial.seed)
    seconds = time.perf_counter() - started
    cells = score_cells(
        trial.panel,
        past,
        model=name,
        origin=origin,
        categories=forecast.categories,
        months=forecast.months,
        mean=forecast.mean,
        paths=forecast.paths,
        seed=trial.seed,
    )
    return _Scored(cells=cells, incoherence=incoherence(forecast), seconds=seconds)


def _effort(items: Sequence[tuple[str, pd.Timestamp]], scored: Sequence[_Scored]) -> pd.DataFrame:
    """Return the largest incoherence and the mean seconds of every model."""
    frame = pd.DataFrame(
        {
            "model": [name for name, _ in items],
            "incoherence": [one.incoherence for one in scored],
            "seconds": [one.seconds for one in scored],
        }
    )
    return frame.groupby("model").agg({"incoherence": "max", "seconds": "mean"}).reset_index()


def _result(
    panel: Panel, names: Sequence[str], cells: pd.DataFrame, effort: pd.DataFrame, told: tuple[str, ...]
) -> BacktestResult:
    """Return every measure of the cells."""
    summary = summarise(cells).merge(effort, on="model", how="left")
    groups = {str(name): list(rows["ward_code"]) for name, rows in panel.ward_groups.groupby("group")}
    return BacktestResult(
        cells=cells,
        summary=summary,
        per_horizon=by_horizon(cells),
        per_origin=by_origin(cells, marked_spans(panel)),
        per_group=by_ward_group(cells, groups),
        calibration=calibration_by_band(cells),
        ranking=hotspot_ranking(cells, areas_km2=ward_areas_km2(panel)),
        differences=differences(cells, model=names[0]),
        notes=told,
    )


def _check(panel: Panel, forecasters: Sequence[str], origins: Sequence[pd.Timestamp], horizon_months: int) -> None:
    """Refuse an empty comparison, unknown forecasters, and origins before the data or too late to compare with."""
    if not forecasters or not origins:
        raise invalid_input(
            "A backtest needs at least one forecaster and one origin.",
            Problem(
                where="forecasters" if not forecasters else "origins",
                expected="at least one",
                found="none",
                mend="Name one.",
            ),
        )
    for name in forecasters:
        forecaster(name)
    early = [origin for origin in origins if origin < panel.first_month]
    if early:
        raise invalid_input(
            f"The data begin in {panel.first_month:%Y-%m}, too late for {len(early)} of the origins.",
            *[
                Problem(
                    where="origins",
                    expected=f"a month from {panel.first_month:%Y-%m} on",
                    found=f"{origin:%Y-%m}",
                    mend="Choose a later origin, or add earlier files.",
                )
                for origin in early
            ],
        )
    last = panel.months[max(len(panel.months) - 1 - horizon_months, 0)]
    late = [origin for origin in origins if origin > last]
    if late:
        raise invalid_input(
            f"The data end in {panel.last_month:%Y-%m}, too early for {len(late)} of the origins.",
            *[
                Problem(
                    where="origins",
                    expected=f"a month up to {last:%Y-%m}",
                    found=f"{origin:%Y-%m}",
                    mend="Choose an earlier origin or a shorter horizon.",
                )
                for origin in late
            ],
        )
